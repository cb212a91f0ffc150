/// Whose household a person is in: the fold of one `person-<token>` stream.
///
/// One person is in one living household at a time. A household command first reserves the person here, is then
/// appended to the household's stream, and is confirmed here; whoever comes second meets the reservation.
package struct PersonStanding: Hashable, Sendable {
    /// How the person stands.
    package enum State: Hashable, Sendable {
        case free
        /// A command is under way; the moment is when the log took the reservation. When the person is to move from
        /// another household, that one has them back if the reservation is given up.
        case reserved(PersonClaim, at: Moment, from: PersonClaim?)
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
            state = .reserved(claim, at: recordedAt, from: holder(otherThan: claim.household))
        case .confirmed(let claim):
            state = .held(claim)
        case .released(let claim, _):
            guard isClaimed(by: claim.household) else { return }
            if case .reserved(_, _, let earlier?) = state { state = .held(earlier) } else { state = .free }
        }
    }

    /// Who has the person back if a reservation is given up. One that is made a second time, by an attempt that joined
    /// the first, still stands before the same holder.
    private func holder(otherThan household: HouseholdID) -> PersonClaim? {
        let holder: PersonClaim? =
            switch state {
            case .free: nil
            case .held(let claim): claim
            case .reserved(_, _, let earlier): earlier
            }
        return holder.flatMap { $0.household == household ? nil : $0 }
    }

    /// Whether the household holds or has reserved the person.
    package func isClaimed(by household: HouseholdID) -> Bool {
        switch state {
        case .free: false
        case .reserved(let claim, _, _), .held(let claim): claim.household == household
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

    /// Answers a command that wants the person for its household, which does not have them so far.
    /// - Parameter source: the household that gives the person away in the same move; nil when none does.
    package func reserve(_ claim: PersonClaim, movingFrom source: HouseholdID? = nil) -> Answer {
        switch state {
        case .free: .append(.reserved(claim))
        case .reserved(let other, _, _):
            other.command == claim.command ? .standing : .taken(by: other, isReservation: true)
        case .held(let other) where other.command == claim.command: .standing
        // The household had the person before and was not heard when it gave them up: it may have them again.
        case .held(let other) where other.household == claim.household || other.household == source:
            .append(.reserved(claim))
        case .held(let other): .taken(by: other, isReservation: false)
        }
    }

    /// Answers the command once its household holds the person.
    package func confirm(_ claim: PersonClaim) -> Answer {
        switch state {
        case .free: .append(.confirmed(claim))
        case .reserved(let other, _, _):
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
