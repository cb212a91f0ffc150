import CareDomain

/// Which reservations of persons an attempt to carry out a command may rely on, and which it may give back.
///
/// The same command may be at work twice: sent again to another intake while the first attempt still waits. Both find
/// the person reserved by the command. So an attempt that finds a reservation joins it with one of its own: whoever made
/// the first sees that and no longer gives it back. Who has joined gives nothing back either, since the other may rely
/// on it; what nobody gives back is settled when it has been silent for long.
struct OwnReservations: Sendable {
    /// Where those stand that this attempt made of persons who were free.
    private var made: [PersonToken: UInt64] = [:]
    private var joined: Set<PersonToken> = []
    /// Persons whom the household held already when they were reserved for it once more.
    private var held: Set<PersonToken> = []

    /// This attempt's reservation is in the person's stream.
    /// - Parameter before: how the person stood until then.
    mutating func appended(_ step: PersonStep, _ before: PersonStanding, at sequence: UInt64) {
        if case .held(let claim) = before.state, claim.household == step.claim.household { held.insert(step.token) }
        if isReserved(step, before) { joined.insert(step.token) } else { made[step.token] = sequence }
    }

    /// Whether the person is reserved by another attempt only.
    func mustJoin(_ step: PersonStep, _ standing: PersonStanding) -> Bool {
        isReserved(step, standing) && made[step.token] == nil && !joined.contains(step.token)
    }

    /// Whether the reservation is this attempt's alone.
    private func mayGiveBack(_ step: PersonStep, _ standing: PersonStanding) -> Bool {
        isReserved(step, standing) && made[step.token] == standing.lastSequence
    }

    /// What gives the reservation up: the person is free then, or held by the household as before.
    func givingBack(_ step: PersonStep, _ standing: PersonStanding) -> PersonEvent? {
        guard mayGiveBack(step, standing) else { return nil }
        if held.contains(step.token) { return .confirmed(step.claim) }
        return standing.release(step.claim, reason: Code(unchecked: "refused"))
    }

    private func isReserved(_ step: PersonStep, _ standing: PersonStanding) -> Bool {
        if case .reserved(let claim, _, _) = standing.state { claim.command == step.claim.command } else { false }
    }
}
