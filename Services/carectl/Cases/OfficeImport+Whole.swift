import CareDomain
import CaseImport
import ServiceKit

/// A family's rows, and a form, are taken whole or sent back whole: half of them on record, under the day of a cell
/// that was refused, would say what nobody wrote.
extension OfficeImport {
    /// Tries what comes of several cells of one family or one form, and leaves those out of which something is refused.
    /// - Returns: why the work ended early; nil when it can go on.
    mutating func holdBack(through pump: CommandPump) async throws -> Failure? {
        let groups = Dictionary(grouping: plan.commands) { plan.rows[$0.id] ?? [] }
        let tried = plan.commands.filter { (groups[plan.rows[$0.id] ?? []] ?? []).count > 1 }
        guard !tried.isEmpty else { return nil }
        var trial = pump
        trial.isTrial = true
        let rehearsal = try await plan.restsOnEarlier ? rehearsal(of: tried) : nil
        let first = try await refusals(of: tried, through: trial, rehearsing: rehearsal)
        if let end = first.end { return end }
        var refused = first.refused
        if rehearsal != nil {
            // What is decided here as intake would knows nothing of the key that speaks: of that intake is asked.
            let known = Set(refused.map(\.command.id))
            let second = try await refusals(of: tried, through: trial, rehearsing: nil)
            if let end = second.end { return end }
            refused += second.refused.filter {
                Self.ofTheKey.contains($0.failure.code) && !known.contains($0.command.id)
            }
        }
        // Words that nobody is shown may be those on record: that is no refusal.
        let same = Refusal(.nothingToDo).code
        leaveOut(refused.filter { !($0.failure.code == same && plan.mayBeSame.contains($0.command.id)) })
        return nil
    }

    /// Refusals that hang on who speaks alone.
    private static let ofTheKey = Set(
        [
            Refusal.Reason.missingRight, .actOwner, .factOwner, .fileOwner, .factKept, .functionOffice,
            .clauseDepartment,
        ].map { Refusal($0).code })

    private func refusals(
        of commands: [HouseholdCommand], through trial: CommandPump, rehearsing rehearsal: CommandRehearsal?
    ) async throws -> (refused: [(command: HouseholdCommand, failure: Failure)], end: Failure?) {
        let found = Box<[(command: HouseholdCommand, failure: Failure)]>([])
        var index = 0
        let end = try await trial.run(rehearsing: rehearsal) {
            defer { index += 1 }
            return index < commands.count ? CommandDraft(command: commands[index]) : nil
        } telling: { draft, outcome in
            if case .refused(let failure) = outcome { found.value.append((draft.command, failure)) }
        }
        return (found.value, end)
    }

    /// What is needed to decide commands that rest on earlier ones of the same family, or that want what an earlier one gave another.
    func rehearsal(of commands: [HouseholdCommand]) async throws -> CommandRehearsal {
        let archive = try await desk.line(to: .careArchive)
        let several = Dictionary(grouping: commands, by: \.household)
            .filter { $0.value.count > 1 || $0.value.contains { !$0.isRegistration && $0.mayChangeClaims } }.keys
        let families = ArchiveFamilies(archive: archive, today: desk.today)
        return CommandRehearsal(
            rules: try await archive.publishedRules(), histories: try await families.histories(of: Set(several)),
            today: desk.today, caller: RehearsedCaller(try await archive.projection()))
    }
}
