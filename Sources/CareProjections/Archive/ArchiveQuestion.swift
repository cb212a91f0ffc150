import CareDomain

/// From where a reader looks at a household: as of which day, as known at which moment, masked or not.
package struct ArchiveQuestion: Hashable, Sendable {
    package var asOf: CivilDay
    /// Nil = everything known.
    package var knownAt: Moment?
    package var basis: CareArchive.Basis
    /// Whether names and numbers are shown in full; the caller has checked the right and recorded the reason.
    package var isRevealed: Bool

    package init(
        asOf: CivilDay, knownAt: Moment? = nil, basis: CareArchive.Basis = .recorded, isRevealed: Bool = false
    ) {
        self.asOf = asOf
        self.knownAt = knownAt
        self.basis = basis
        self.isRevealed = isRevealed
    }

    /// Whether the event was known at the moment asked for.
    package func knew(_ event: KnownEvent) -> Bool {
        guard let knownAt else { return true }
        switch basis {
        case .recorded: return event.recordedAt <= knownAt
        case .learned: return (event.proposed.learnedOn ?? event.recordedAt.day) <= knownAt.day
        }
    }

    /// The state folded from what was known at the moment.
    package func household(from history: HouseholdHistory) -> Household {
        guard let knownAt else { return history.household }
        switch basis {
        case .recorded: return history.household(knownAt: knownAt)
        case .learned: return history.household(learnedBy: knownAt.day)
        }
    }
}
