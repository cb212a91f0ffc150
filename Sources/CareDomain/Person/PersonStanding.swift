/// Whose household a person is in: the fold of one `person-<token>` stream.
///
/// One person is in one living household at a time. A household command first reserves the person here, is then
/// appended to the household's stream, and is confirmed here; whoever comes second meets the reservation.
package struct PersonStanding: Hashable, Sendable {
    /// How the person stands.
    package enum State: Hashable, Sendable {
        case free
        /// A command is under way; the moment is when the log took the reservation.
        case reserved(PersonClaim, at: Moment)
        case held(PersonClaim)
    }

    package private(set) var state: State = .free
    package private(set) var lastSequence: UInt64 = 0

    /// Nothing known: the person is free.
    package init() {}

    /// Takes the next event in; one already held is ignored.
    package mutating func evolve(_ event: PersonEvent, sequence: UInt64, recordedAt: Moment) {
        guard sequence > lastSequence else { return }
        lastSequence = sequence
        switch event {
        case .reserved(let claim):
            state = .reserved(claim, at: recordedAt)
        case .confirmed(let claim):
            state = .held(claim)
        case .released(let claim, _):
            if isClaimed(by: claim.household) { state = .free }
        }
    }

    /// Whether the household holds or has reserved the person.
    package func isClaimed(by household: HouseholdID) -> Bool {
        switch state {
        case .free: false
        case .reserved(let claim, _), .held(let claim): claim.household == household
        }
    }

    /// What a command that wants the person should do.
    package enum Answer: Hashable, Sendable {
        /// Append this and go on.
        case append(PersonEvent)
        /// The command's own reservation or claim stands already.
        case standing
        /// Another household has the person; with a reservation it may still come to nothing.
        case taken(by: PersonClaim, isReservation: Bool)
    }

    /// Answers a command that wants the person for its household.
    package func reserve(_ claim: PersonClaim) -> Answer {
        switch state {
        case .free: .append(.reserved(claim))
        case .reserved(let other, _):
            other.command == claim.command ? .standing : .taken(by: other, isReservation: true)
        case .held(let other):
            other.household == claim.household ? .standing : .taken(by: other, isReservation: false)
        }
    }

    /// Answers the command once its household holds the person.
    package func confirm(_ claim: PersonClaim) -> Answer {
        switch state {
        case .free: .append(.confirmed(claim))
        case .reserved(let other, _):
            other.command == claim.command
                ? .append(.confirmed(claim)) : .taken(by: other, isReservation: true)
        case .held(let other):
            other.household == claim.household ? .standing : .taken(by: other, isReservation: false)
        }
    }

    /// The event that gives the claim up; nil when it does not stand.
    package func release(_ claim: PersonClaim, reason: Code) -> PersonEvent? {
        isClaimed(by: claim.household) ? .released(claim, reason: reason) : nil
    }
}
