import ArchiveClient
import CareDomain
import CareProjections
import CareWire

extension IntakeCore {
    mutating func take(
        _ command: PaymentCommand, digest: Identifier128, token: RequestToken, caller: Caller, now: Moment
    ) -> [IntakeAction] {
        if let objection = objection(to: caller, isFull: payments.isFull) { return [.reply(token, objection)] }
        let run = PaymentRun(
            command: command, contentDigest: digest, token: token, caller: caller, today: now.day,
            policy: catalog,
            sight: FactSight(
                FactRestrictions(rules.registry), department: caller.principal.department, today: now.day),
            key: tokenKey?.key)
        return noted(payments.add(run, &numbers))
    }

    /// Gives a person's stream to the payment command that waits for it; nil when none does.
    mutating func payments(_ call: CallID, _ events: [ReadPersonEvent]) -> [IntakeAction]? {
        paymentStep(call) { run, household in household.map { run.personRead($0, events) } ?? [] }
    }

    /// Gives an answer to the payment command that waits for it; nil when none does.
    mutating func paymentStep(
        _ call: CallID, _ step: (inout PaymentRun, HouseholdID?) -> [PaymentNeed]
    ) -> [IntakeAction]? {
        payments.answer(call, &numbers, step).map { noted($0) }
    }
}

extension PaymentRun: CommandRun {
    var subject: BatchID { command.batch }

    /// A call is about a family, or about the batch's own stream: nil.
    func step(for need: PaymentNeed, _ call: CallID) -> RunStep<HouseholdID?> {
        switch need {
        case .readBatch(let after): .ask(.readBatch(call, subject, after: after), about: nil)
        case .readOtherBatch(let other, let after): .ask(.readBatch(call, other, after: after), about: nil)
        case .appendBatch(let append): .ask(.appendBatch(call, append), about: nil)
        case .readHousehold(let household, let after):
            .ask(.readHousehold(call, household, after: after), about: household)
        case .readOther(let other, let household, let after):
            .ask(.readHousehold(call, other, after: after), about: household)
        case .readPerson(let person, let household): .ask(.readPerson(call, person, after: 0), about: household)
        case .appendHousehold(let append): .ask(.appendHousehold(call, append), about: append.household)
        case .finished(let result): .end(result)
        }
    }

    /// The damage of one family's record, or of an earlier batch, must not keep the money of all others back.
    mutating func goOn(after failure: FlowFailure, _ household: HouseholdID?) -> [PaymentNeed]? {
        guard failure.isFenced else { return nil }
        return household.map { leaveOut($0) } ?? otherBatchUnread()
    }
}
