import ArchiveClient
import CareDomain

/// What the sender of a command is told.
package enum CommandResult: Hashable, Sendable {
    case recorded(Recorded)
    /// It was only asked: the command would be recorded as things stand. Nothing was written.
    case acceptable(household: HouseholdID, warnings: [Refusal])
    case refused(Refusal)
    case failed(FlowFailure)

    /// The command is in the log, synced.
    package struct Recorded: Hashable, Sendable {
        package var household: HouseholdID
        package var place: AppendPlace
        /// Whether the command had been carried out before.
        package var isRepeated: Bool
        package var warnings: [Refusal]

        package init(household: HouseholdID, place: AppendPlace, isRepeated: Bool, warnings: [Refusal] = []) {
            self.household = household
            self.place = place
            self.isRepeated = isRepeated
            self.warnings = warnings
        }
    }
}
