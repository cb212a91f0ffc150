import CareDomain

/// 并户、分户: persons came into a household's file from another one, on both axes of time.
package struct FileArrival: Hashable, Sendable {
    /// The file that was left.
    package var source: HouseholdID
    /// The first day in the new file.
    package var day: CivilDay
    /// When the log learned it.
    package var recordedAt: Moment
    /// When the source learned it, where it declared that.
    package var learnedOn: CivilDay?
    /// When a correction or withdrawal took it out; nil = it stands.
    package var supersededAt: Moment?
    package var supersededLearnedOn: CivilDay?

    package init(
        source: HouseholdID, day: CivilDay, recordedAt: Moment, learnedOn: CivilDay? = nil,
        supersededAt: Moment? = nil, supersededLearnedOn: CivilDay? = nil
    ) {
        self.source = source
        self.day = day
        self.recordedAt = recordedAt
        self.learnedOn = learnedOn
        self.supersededAt = supersededAt
        self.supersededLearnedOn = supersededLearnedOn
    }
}

extension KnownAt {
    /// Whether the arrival was known and not yet taken out.
    package func knows(_ arrival: FileArrival) -> Bool {
        guard knows(recordedAt: arrival.recordedAt, learnedOn: arrival.learnedOn) else { return false }
        guard let superseded = arrival.supersededAt else { return true }
        return !knows(recordedAt: superseded, learnedOn: arrival.supersededLearnedOn)
    }
}

extension HouseholdEvent {
    /// The file from which persons came into this one by the event; nil = nobody did.
    var arrivalSource: HouseholdID? {
        switch self {
        case .merged(let merged) where merged.side == .absorbing: merged.other
        case .split(let split) where split.side == .separated: split.other
        default: nil
        }
    }
}
