import CareDomain
import CareWire
import EventLog
import MessageBus
import ServiceKit
import SwiftProtobuf

/// Gathers the events around what is traced, by the queries that there are: whole streams, and stretches of the log.
///
/// The log has no index of causes, since every append would pay for it. So the way leads over streams: those asked
/// about, the other households that their events name, and the persons' reservations near their commands, as far as the
/// key may see them. What is cut off is told.
struct TraceReader {
    /// Most events of one stream.
    static let eventsPerStream = 20_000
    /// Most streams that are read because others name them.
    static let relatedStreams = 24
    /// Positions before and after an event in which the reservations of its persons are looked for.
    static let reservationWindow: UInt64 = 1_000
    /// Most such stretches.
    static let windows = 16

    private let archive: Line
    private(set) var events: [TracedEvent] = []
    private(set) var streams: Set<String> = []
    /// What was left out, for the person.
    private(set) var cuts: [UserText] = []

    init(_ archive: Line) { self.archive = archive }

    /// Reads a stream.
    /// - Returns: whether there is such a stream that this key may see.
    @discardableResult
    mutating func read(_ stream: StreamName) async throws -> Bool {
        guard streams.insert(stream.text).inserted else { return true }
        if stream.category == .household, let id = HouseholdID(stream.key) { return try await read(id, stream) }
        let before = events.count
        var count = 0
        try await archive.scan(EventFilter(categories: [stream.category.rawValue], streams: [stream.text])) { event in
            count += 1
            events.append(TracedEvent(event))
            return count < Self.eventsPerStream
        }
        if count == Self.eventsPerStream { cut(stream) }
        return events.count > before
    }

    /// A household's stream, with what is sealed left out at care-archive already.
    private mutating func read(_ id: HouseholdID, _ stream: StreamName) async throws -> Bool {
        var after: UInt64 = 0
        while after < Self.eventsPerStream {
            let query = Care_V1_HouseholdEventsQuery.with {
                $0.household = id.description
                $0.afterSequence = after
            }
            let reply: Care_V1_HouseholdEvents
            do {
                guard case .householdEvents(let found) = try await archive.ask(.householdEvents(query)) else {
                    throw Failure.badAnswer
                }
                reply = found
            } catch let failure as Failure where failure.code == Refusal(.householdNotFound).code {
                streams.remove(stream.text)
                return false
            }
            for entry in reply.entries {
                let event = try ShownEvent(
                    BusEvent(position: entry.position, record: Array(entry.record), hash: Array(entry.hash)))
                after = event.sequence
                events.append(TracedEvent(event))
            }
            if reply.isComplete || reply.entries.isEmpty { return true }
        }
        cut(stream)
        return true
    }

    private mutating func cut(_ stream: StreamName) {
        let count = Self.eventsPerStream
        cuts.append(
            UserText(zh: "\(stream) 只取了前 \(count) 条", en: "only the first \(count) events of \(stream) were read"))
    }

    /// The event at a position; nil when there is none that this key may see.
    func event(at position: UInt64) async throws -> TracedEvent? {
        guard position > 0 else { return nil }
        var found: TracedEvent?
        let start = EncodedCursor(Cursor(shard: .single, position: Position(position - 1)).bytes)
        try await archive.scan(.all, from: start, through: position) { event in
            if event.position == position { found = TracedEvent(event) }
            return false
        }
        return found
    }

    /// Walks the whole log, as far as this key may see it, for the events of a command or with an id, and those that
    /// name it as their cause.
    func search(_ id: Identifier128) async throws -> [TracedEvent] {
        var found: [TracedEvent] = []
        try await archive.scan(.all) { event in
            if event.appendID == id || event.eventID == id || event.causation == id.description {
                found.append(TracedEvent(event))
            }
            return found.count < Self.eventsPerStream
        }
        return found
    }

    /// Reads the streams that the events at hand name, one step away.
    mutating func readRelated() async throws {
        var wanted: [String] = []
        for name in events.flatMap(\.related) where !streams.contains(name) && !wanted.contains(name) {
            wanted.append(name)
        }
        for name in wanted.prefix(Self.relatedStreams) { try await read(StreamName(name)) }
        if wanted.count > Self.relatedStreams {
            let left = wanted.count - Self.relatedStreams
            cuts.append(UserText(zh: "另有 \(left) 条相关的流未读", en: "\(left) related streams were not read"))
        }
    }

    /// Looks for the reservations of persons around the commands that bring persons in or let them go.
    mutating func readReservations() async throws {
        let households = streams.filter { $0.hasPrefix("household-") }
        var stretches: [ClosedRange<UInt64>] = []
        let concerned = events.filter { households.contains($0.stream) && Self.movesPersons.contains($0.name) }
        for event in concerned.sorted(by: { $0.position < $1.position }) {
            let low = event.position - min(event.position, Self.reservationWindow)
            let high = event.position + Self.reservationWindow
            if let last = stretches.last, low <= last.upperBound {
                stretches[stretches.count - 1] = last.lowerBound...max(last.upperBound, high)
            } else {
                stretches.append(low...high)
            }
        }
        for stretch in stretches.prefix(Self.windows) {
            let start = EncodedCursor(Cursor(shard: .single, position: Position(stretch.lowerBound)).bytes)
            let filter = EventFilter(categories: [StreamCategory.person.rawValue])
            try await archive.scan(filter, from: start, through: stretch.upperBound) { event in
                let traced = TracedEvent(event)
                if traced.related.contains(where: households.contains) { events.append(traced) }
                return true
            }
        }
        if stretches.count > Self.windows {
            cuts.append(
                UserText(
                    zh: "只看了前 \(Self.windows) 处的人员占位",
                    en: "reservations of persons were looked for in \(Self.windows) places only"))
        }
    }

    private static let movesPersons: Set<String> = [
        "HouseholdRegistered", "HouseholdRegisteredInError", "HouseholdClosed", "HouseholdMerged", "HouseholdSplit",
        "PersonJoined", "PersonLeft", "PersonDetailsChanged", "PersonDied", "CommandAbandoned",
    ]
}

extension ShownEvent {
    /// The cause as it stands in the envelope, without reading what the event says.
    fileprivate var causation: String? {
        (try? EventCodec.context(metadata: metadata, command: CommandID(appendID)))?.causation
    }
}
