import ArchiveClient
import CareDomain

/// A household as intake keeps it between commands: its history and what is needed to recognise a repeated command.
///
/// A cache fed by the log: it may be dropped at any time and is read again. A value, held by reference until one of two
/// copies changes: a folded household has some thirty parts of its own, and every answer hands it on.
package struct CachedHousehold: Sendable {
    /// Only changed by whoever holds it alone.
    private final class Held: @unchecked Sendable {
        var history: HouseholdHistory
        var cursor: [UInt8]
        var digests: [CommandID: Identifier128]

        init(_ history: HouseholdHistory, _ cursor: [UInt8] = [], _ digests: [CommandID: Identifier128] = [:]) {
            self.history = history
            self.cursor = cursor
            self.digests = digests
        }
    }

    private var held: Held

    package init(id: HouseholdID) { held = Held(HouseholdHistory(id: id)) }

    package var history: HouseholdHistory {
        _read { yield held.history }
    }

    /// Opaque cursor of the last known event; empty when it was only read.
    package var cursor: [UInt8] { held.cursor }

    private mutating func own() {
        if !isKnownUniquelyReferenced(&held) { held = Held(held.history, held.cursor, held.digests) }
    }

    /// Takes an event in; one already held is ignored.
    package mutating func append(_ event: ReadHouseholdEvent) {
        own()
        held.digests[event.known.command] = event.contentDigest
        held.history.append(event.known)
    }

    /// Digest of a command that was carried out here; nil when it was not.
    package func digest(of command: CommandID) -> Identifier128? { held.digests[command] }

    /// Where a command's events stand here; nil when there are none.
    func place(of command: CommandID, isRepeated: Bool) -> CommandResult.Recorded? {
        let events = history.events(of: command)
        guard let first = events.first, let last = events.last else { return nil }
        return CommandResult.Recorded(
            household: history.id,
            place: AppendPlace(
                first: first.reference.sequence, last: last.reference.sequence, recordedAt: last.recordedAt,
                cursor: cursor),
            isRepeated: isRepeated)
    }

    /// Takes in what was just appended, as the log stamped it.
    package mutating func appended(
        _ events: [ProposedEvent], of command: CommandID, by actor: Code? = nil, digest: Identifier128,
        at place: AppendPlace
    ) {
        for (index, event) in events.enumerated() {
            let sequence = place.first + UInt64(index)
            let stamp = place.recordedAt.microseconds - Int64(place.last - sequence)
            append(
                ReadHouseholdEvent(
                    known: KnownEvent(
                        reference: EventReference(sequence: sequence), recordedAt: Moment(microseconds: stamp),
                        command: command, actor: actor, proposed: event),
                    contentDigest: digest))
        }
        own()
        held.cursor = place.cursor
    }
}

extension HouseholdHistory {
    /// The history as it would be with these events after it; moments are those of the last event.
    func appending(_ events: [ProposedEvent], of command: CommandID) -> HouseholdHistory {
        var copy = self
        let moment = self.events.last?.recordedAt ?? Moment(microseconds: 0)
        for event in events {
            copy.append(
                KnownEvent(
                    reference: EventReference(sequence: copy.lastSequence + 1), recordedAt: moment, command: command,
                    proposed: event))
        }
        return copy
    }
}
