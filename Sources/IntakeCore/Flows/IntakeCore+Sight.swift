import ArchiveClient
import CareDomain
import CareProjections

extension IntakeCore {
    /// What a department may see of families, for the commands whose remarks and refusals name accidents that stand in the file,
    /// which may be kept from whoever speaks: closing a file tells which claims are open, a death or an accident which accident
    /// it contradicts or repeats. Nil for all others: it would be worked out for nothing.
    func sight(of principal: Principal, for command: HouseholdCommand, today: CivilDay) -> FactSight? {
        switch command.action {
        case .closeHousehold, .reportIncident, .recordDeath, .withdraw: break
        default: return nil
        }
        return FactSight(FactRestrictions(rules.registry), department: principal.department, today: today)
    }

    /// Whoever closes a file is told of loans and aid that are not over, where a pack in force lends. Nil for all else.
    func openLoans(of command: HouseholdCommand) -> OpenLoans? {
        guard case .closeHousehold = command.action else { return nil }
        return rules.registry.inForce(on: command.occurredOn).contains { $0.pack.lending != nil } ? OpenLoans() : nil
    }

    /// A loan that cannot be read keeps no file open: nothing is decided by it. Nil for a call that is about something else, and for
    /// a failure after which a retry may help.
    mutating func loanUnread(_ call: CallID, _ failure: FlowFailure, now: Moment) -> [IntakeAction]? {
        guard !failure.isRetriable, let household = calls[call], case .command(let work)? = active[household]?.flow,
            work.flow.awaitsLoan
        else { return nil }
        return advance(call, now: now) { flow, known in flow.loanRead(nil, isWhole: true, known) }
    }
}
