import ArchiveClient
import CareDomain
import CareWire

extension IntakeCore {
    mutating func take(
        _ command: LendingCommand, digest: Identifier128, token: RequestToken, caller: Caller, now: Moment
    ) -> [IntakeAction] {
        if let objection = objection(to: caller, isFull: lending.isFull) { return [.reply(token, objection)] }
        let run = LendingRun(
            command: command, contentDigest: digest, token: token, caller: caller, today: now.day,
            terms: LendingTerms(rules, catalog, on: command.occurredOn))
        return noted(lending.add(run, &numbers))
    }

    /// Gives an answer to the command that waits for it; nil when none does.
    mutating func lendingStep(
        _ call: CallID, _ step: (inout LendingRun, LendingRun.Asked) -> [LendingNeed]
    ) -> [IntakeAction]? {
        lending.answer(call, &numbers, step).map { noted($0) }
    }
}

extension LendingRun: CommandRun {
    /// What a call is about.
    enum Asked {
        case stream(LendingStream)
        case household(HouseholdID)
    }

    var subject: LendingStream { command.stream }

    func step(for need: LendingNeed, _ call: CallID) -> RunStep<Asked> {
        switch need {
        case .read(let stream, let after):
            .ask(.readLending(call, stream, after: after), about: .stream(stream))
        case .readHousehold(let household, let after):
            .ask(.readHousehold(call, household, after: after), about: .household(household))
        case .append(let append): .ask(.appendLending(call, append), about: .stream(append.stream))
        case .finished(let result): .end(result)
        }
    }

    mutating func goOn(after failure: FlowFailure, _ asked: Asked) -> [LendingNeed]? {
        guard case .household = asked else { return nil }
        return concealing(failure).map { [.finished(.refused($0))] }
    }
}
