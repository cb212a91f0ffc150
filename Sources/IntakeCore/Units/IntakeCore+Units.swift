import ArchiveClient
import CareDomain
import CareWire

extension IntakeCore {
    mutating func take(
        _ command: UnitCommand, digest: Identifier128, token: RequestToken, caller: Caller, now: Moment
    ) -> [IntakeAction] {
        if let objection = objection(to: caller, isFull: units.isFull) { return [.reply(token, objection)] }
        let context = DecisionContext(
            today: now.day, policy: catalog, rights: caller.principal.rights,
            newHousehold: HouseholdID.derived(from: command.id), actor: caller.principal.actor,
            roles: caller.principal.roles, department: caller.principal.department,
            actsFor: caller.principal.divisions)
        let run = UnitRun(
            command: command, contentDigest: digest, token: token, caller: caller, context: context)
        return noted(units.add(run, &numbers))
    }

    /// Gives an answer to the unit command that waits for it; nil when none does.
    mutating func unitStep(_ call: CallID, _ step: (inout UnitRun) -> [UnitNeed]) -> [IntakeAction]? {
        units.answer(call, &numbers) { run, _ in step(&run) }.map { noted($0) }
    }
}

extension UnitRun: CommandRun {
    var subject: DivisionCode { command.unit }

    /// A call is about a family, or about the unit's own stream: nil.
    func step(for need: UnitNeed, _ call: CallID) -> RunStep<HouseholdID?> {
        switch need {
        case .readUnit(let after): .ask(.readUnit(call, subject, after: after), about: nil)
        case .appendUnit(let append): .ask(.appendUnit(call, append), about: nil)
        case .readHousehold(let household, let after):
            .ask(.readHousehold(call, household, after: after), about: household)
        case .readOther(let other, let after): .ask(.readHousehold(call, other, after: after), about: other)
        case .appendHousehold(let append): .ask(.appendHousehold(call, append), about: append.household)
        case .finished(let result): .end(result)
        }
    }

    mutating func goOn(after failure: FlowFailure, _ household: HouseholdID?) -> [UnitNeed]? {
        guard household != nil else { return nil }
        return concealing(failure).map { [.finished(.refused($0))] }
    }
}
