import ArchiveClient
import CareDomain

/// What is known of a unit: its state, and which commands are in its stream.
struct KnownUnit {
    /// A command in the stream.
    struct Place {
        /// Of what it said.
        let digest: Identifier128
        /// Account of whoever sent it.
        let actor: Code?
        var place: AppendPlace
    }

    private(set) var state: UnitStanding
    private var places: [CommandID: Place] = [:]
    /// What the command said that gave a grant, as of its latest reservation.
    private(set) var digests: [GrantID: Identifier128] = [:]

    init(_ division: DivisionCode) { state = UnitStanding(division: division) }

    /// Takes an event in as the log holds it.
    mutating func append(_ event: ReadUnitEvent) {
        let sequence = event.known.reference.sequence
        guard sequence > state.lastSequence else { return }
        state.evolve(event.known)
        if case .placeReserved(let reserved) = event.known.event { digests[reserved.grant] = event.contentDigest }
        let first = places[event.known.command]?.place.first ?? sequence
        places[event.known.command] = Place(
            digest: event.contentDigest, actor: event.known.actor,
            place: AppendPlace(first: first, last: sequence, recordedAt: event.known.recordedAt, cursor: []))
    }

    /// Takes events in that were appended just now, as the log stamped them.
    mutating func appended(_ append: UnitAppend, at place: AppendPlace) {
        for (index, event) in append.events.enumerated() {
            let sequence = place.first + UInt64(index)
            let known = KnownUnitEvent(
                reference: EventReference(sequence: sequence),
                recordedAt: Moment(microseconds: place.recordedAt.microseconds - Int64(place.last - sequence)),
                occurredOn: append.occurredOn, command: append.id, actor: append.context.principal.actor, event: event)
            self.append(ReadUnitEvent(known: known, contentDigest: append.contentDigest))
        }
        places[append.id]?.place.cursor = place.cursor
    }

    /// Where a command stands; nil when it is not in the stream.
    func place(of command: CommandID) -> Place? { places[command] }
}
