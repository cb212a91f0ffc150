import ArchiveClient
import CareDomain

/// Commands about batches, units, funds and duty books: each kind has a desk.
extension IntakeCore {
    /// Why a command for a desk is not taken; nil = it is.
    func objection(to caller: Caller, isFull: Bool) -> CommandResult? {
        guard isReady else { return .failed(.starting) }
        guard caller.principal.rights.contains(.command) else {
            return .refused(Refusal(.missingRight, detail: "command"))
        }
        return isFull ? .failed(.overloaded) : nil
    }

    /// Counts what became of the commands of a desk, and forgets households that one of them writes to: what is kept of
    /// them would be behind the log.
    mutating func noted(_ actions: [IntakeAction]) -> [IntakeAction] {
        for action in actions {
            switch action {
            case .reply(_, let result): count(result)
            case .appendHousehold(_, let append): _ = cache.take(append.household)
            default: break
            }
        }
        return actions
    }

    /// Tells the command of a desk that waits for a call that no answer will come; nil when none does.
    mutating func deskFailed(_ call: CallID, _ failure: FlowFailure) -> [IntakeAction]? {
        if let actions = payments.failed(call, failure, &numbers) { return noted(actions) }
        if let actions = units.failed(call, failure, &numbers) { return noted(actions) }
        if let actions = lending.failed(call, failure, &numbers) { return noted(actions) }
        if let actions = duties.failed(call, failure, &numbers) { return noted(actions) }
        return nil
    }
}
