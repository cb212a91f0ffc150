import CareDomain

extension Failure {
    /// Whether another household has somebody, or the archive number.
    var isTaken: Bool {
        code == Refusal(.personElsewhere).code || code == Refusal(.archiveNumberTaken).code || isLikeness
    }

    /// Whether it is somebody of one name and birth date.
    var isLikeness: Bool { code == Refusal(.namesakeElsewhere).code }
}

extension HouseholdHistory {
    /// Whether something stands in the place of an event that could not be read here, or is kept from this key.
    var hasGaps: Bool {
        events.contains { event in
            if case .withdrawn = event.event { event.proposed.correction == nil } else { false }
        }
    }
}
