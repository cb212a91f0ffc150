import CareDomain
import CareWire
import EventLog

/// Writes an invented household's stream event by event, for tests of projections: days as text, sequences by itself.
package struct InventedStream: Sendable {
    package let id: HouseholdID
    package private(set) var events: [KnownEvent] = []

    package init(id: HouseholdID) { self.id = id }

    /// An invented household by number.
    package init(_ number: UInt64) {
        self.init(id: HouseholdID(Identifier128(high: 0x1357_9bdf_0246_8ace &* (number + 1), low: number)))
    }

    package var history: HouseholdHistory { HouseholdHistory(id: id, events: events) }

    /// Adds an event.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - day: The day it was true.
    ///   - recorded: The day on which the log learned it, at noon; nil = the same day.
    ///   - corrects: Sequence of the event it puts right.
    ///   - because: The reason of the correction in words; empty = a late document.
    ///   - together: Whether the command of the event before brought it, too.
    ///   - department: Whose word it is.
    /// - Returns: Where it stands.
    @discardableResult
    package mutating func add(
        _ event: HouseholdEvent, on day: CivilDay, recorded: CivilDay? = nil, learned: CivilDay? = nil,
        corrects: EventReference? = nil, because: [SealedPart] = [], together: Bool = false,
        by department: DepartmentID? = nil
    ) -> EventReference {
        let reference = EventReference(sequence: UInt64(events.count) + 1)
        // Noon of the day, moved on by the sequence, so that moments grow.
        let noon = Int64((recorded ?? day).dayNumber) * 86_400_000_000 + 4 * 3_600_000_000
        let moment = max(noon + Int64(events.count), (events.last?.recordedAt.microseconds ?? .min) + 1)
        let correction = corrects.map {
            Correction(
                corrects: $0, reason: Code(unchecked: because.isEmpty ? "late_document" : "other"), sealed: because)
        }
        let own = CommandID(Identifier128(high: id.value.low, low: reference.sequence))
        events.append(
            KnownEvent(
                reference: reference, recordedAt: Moment(microseconds: moment),
                command: together ? events.last?.command ?? own : own, department: department,
                proposed: ProposedEvent(
                    occurredOn: day, learnedOn: learned, correction: correction, event: event)))
        return reference
    }

    /// Adds an event with its days as text, `2014-07-16`.
    @discardableResult
    package mutating func add(
        _ event: HouseholdEvent, on day: String, recorded: String? = nil, corrects: EventReference? = nil,
        together: Bool = false
    ) -> EventReference {
        add(
            event, on: .invented(day), recorded: recorded.map(CivilDay.invented), corrects: corrects,
            together: together)
    }

    /// Requests that append the events of a range of sequences, one request for each command.
    package func requests(_ range: Range<Int>? = nil) throws -> [AppendRequest] {
        var requests: [AppendRequest] = []
        var last: CommandID?
        for event in events[range ?? events.indices] {
            let encoded = try EventCodec.encode(event.proposed, context: Self.context(event.command))
            let new = NewEvent(
                kind: encoded.kind, version: encoded.version, occurredOn: DayNumber(encoded.occurredOn),
                learnedOn: encoded.learnedOn.map { DayNumber($0) }, metadata: encoded.metadata,
                payload: encoded.payload)
            let command = event.command.value
            if event.command == last {
                requests[requests.count - 1].events.append(new)
            } else {
                requests.append(
                    AppendRequest(
                        stream: try StreamName(.household, id.description),
                        expected: .exactly(SequenceNumber(event.reference.sequence - 1)),
                        appendID: AppendID(high: command.high, low: command.low),
                        contentDigest: ContentDigest(high: command.low, low: command.high), events: [new]))
            }
            last = event.command
        }
        return requests
    }

    private static func context(_ command: CommandID) -> EventContext {
        EventContext(
            principal: Principal(
                peer: "intake", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
                department: DepartmentID(unchecked: "dept.fp"), divisions: [], rights: []), command: command)
    }
}

extension CivilDay {
    /// A day from its text; for constants of tests only.
    package static func invented(_ text: String) -> CivilDay {
        guard let day = CivilDay(parsing: text) else { preconditionFailure("no such day: \(text)") }
        return day
    }
}
