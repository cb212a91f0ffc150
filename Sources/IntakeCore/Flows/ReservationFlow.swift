import ArchiveClient
import CareDomain
import CareWire

/// Settles a reservation whose command went silent: confirms it when the household's stream holds the command, else
/// abandons the command there for good and gives the person free.
///
/// The household's stream is the one place that decides. After `CommandAbandoned` stands in it a slow intake that comes
/// back meets a conflict, decides again and is refused, so a person is never freed under a household that gets them.
package struct ReservationFlow: Sendable {
    /// What the flow waits for.
    package enum Need: Sendable {
        case appendHousehold(expected: UInt64, id: CommandID, event: ProposedEvent)
        case readPerson
        case appendPerson(expected: UInt64, id: CommandID, event: PersonEvent)
        /// Settled, or left for the next sweep.
        case finished(isSettled: Bool)
        /// The reservation belongs to a move between households that stopped halfway; it is to be gone on with.
        case goOn(MoveFlow)
    }

    package let token: PersonToken
    package let claim: PersonClaim
    private let today: CivilDay
    private let key: TokenKey?
    private var isCarriedOut = false
    /// Whether the household has the person, by this command or by another one.
    private var isHeld = false
    private var standing = PersonStanding()
    private var attempts = 0

    /// - Parameter key: Makes likenesses; nil = none are claimed.
    package init(token: PersonToken, claim: PersonClaim, today: CivilDay, key: TokenKey? = nil) {
        self.key = key
        self.token = token
        self.claim = claim
        self.today = today
    }

    /// Begins, or begins again after a conflict, with the household's history at hand.
    package mutating func start(_ known: CachedHousehold) -> Need {
        isHeld = heldPersons(of: known.history.household, by: key)[token] != nil
        if let digest = known.digest(of: claim.command) {
            let events = known.history.events(of: claim.command)
            if let arrival = HouseholdMove.Arrival(events), hasCome(events) {
                return .goOn(
                    MoveFlow(
                        source: arrival.source, target: claim.household, step: claim.command, contentDigest: digest,
                        key: key))
            }
            isCarriedOut = true
            return .readPerson
        }
        if known.history.household.abandonedCommands.contains(claim.command) { return .readPerson }
        return .appendHousehold(
            expected: known.history.lastSequence, id: CommandID.derived(claim.command, "abandon", 0),
            event: ProposedEvent(
                occurredOn: today, event: .commandAbandoned(CommandAbandoned(command: claim.command))))
    }

    /// Whether the move brought the person. An attempt from before they left the other household may have reserved them
    /// too; going on with the move would not settle that.
    private func hasCome(_ arrival: [KnownEvent]) -> Bool {
        let joined = arrival.compactMap { event in
            if case .personJoined(let joined) = event.event { joined } else { nil }
        }
        let events = arrival.map(\.proposed)
        let isLike = joined.contains { person in
            let step = PersonStep.likeness(
                of: person, in: events, for: claim.household, command: claim.command, by: key)
            return step?.token == token
        }
        if isLike { return true }
        let brought = joined.compactMap(\.token)
        return brought.isEmpty ? token == MoveFlow.slip(of: claim.command) : brought.contains(token)
    }

    /// Goes on after the append to the household; on conflict the caller has folded the later events before.
    package mutating func householdAnswered(
        _ answer: AppendAnswer<ReadHouseholdEvent>, _ known: CachedHousehold
    ) -> Need {
        switch answer {
        case .appended, .repeated: return .readPerson
        case .conflict:
            attempts += 1
            return attempts > CommandFlow.maximumAttempts ? .finished(isSettled: false) : start(known)
        case .idReused, .failed: return .finished(isSettled: false)
        }
    }

    /// Goes on with the person's stream, whole or the part that came later.
    package mutating func read(_ events: [ReadPersonEvent]) -> Need {
        for event in events {
            standing.evolve(event.event, sequence: event.sequence, recordedAt: event.recordedAt)
        }
        guard case .reserved(let current, _, _) = standing.state, current.command == claim.command else {
            return .finished(isSettled: true)
        }
        let event: PersonEvent =
            isHeld
            ? .confirmed(claim) : .released(claim, reason: Code(unchecked: isCarriedOut ? "left" : "abandoned"))
        let id = CommandID.derived(claim.command, isHeld ? "settle" : "free", Int(standing.lastSequence))
        return .appendPerson(expected: standing.lastSequence, id: id, event: event)
    }

    /// Goes on after the append to the person's stream.
    package mutating func personAnswered(_ answer: AppendAnswer<ReadPersonEvent>) -> Need {
        switch answer {
        case .appended, .repeated: return .finished(isSettled: true)
        case .conflict(let later):
            attempts += 1
            return attempts > CommandFlow.maximumAttempts ? .finished(isSettled: false) : read(later)
        case .idReused, .failed: return .finished(isSettled: false)
        }
    }
}
