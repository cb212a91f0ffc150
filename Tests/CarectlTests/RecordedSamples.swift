import CareDomain
import CareWire
import EventLog
import Foundation
import MessageBus

@testable import carectl

/// Records as they come over the bus, made of invented events.
struct RecordedSamples {
    /// One position after the other, as in a log.
    private var position: UInt64 = 0
    private var sequences: [String: UInt64] = [:]

    static let household = HouseholdID(Identifier128(high: 1, low: 2))
    static let other = HouseholdID(Identifier128(high: 1, low: 3))

    static func person(_ number: UInt64) -> PersonID { PersonID(Identifier128(high: 9, low: number)) }
    static func command(_ number: UInt64) -> CommandID { CommandID(Identifier128(high: 7, low: number)) }
    static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    static func principal(_ peer: String, actor: String? = nil, role: String = "cadre") -> Principal {
        Principal(
            peer: peer, actor: Code(unchecked: actor ?? peer), role: Code(unchecked: role),
            department: DepartmentID(unchecked: "org.township"), divisions: [DivisionCode("431002")!], rights: [])
    }

    static let clerk = principal("carectl", actor: "clerk-7")
    static let eligibility = principal("eligibility", role: "service")
    static let notifier = principal("notifier", role: "service")

    /// The events of one append, one behind the other.
    mutating func append(
        _ events: [CareEvent], to stream: String = "household-\(RecordedSamples.household)",
        by principal: Principal = RecordedSamples.clerk,
        command: CommandID, causation: String? = nil,
        on day: CivilDay = RecordedSamples.day("2026-03-01"), learned: CivilDay? = nil
    ) throws -> [ShownEvent] {
        let context = EventContext(principal: principal, command: command, causation: causation)
        return try events.enumerated().map { place, event in
            let encoded = try EventCodec.encode(event, occurredOn: day, learnedOn: learned, context: context)
            let new = NewEvent(
                kind: encoded.kind, version: encoded.version, occurredOn: DayNumber(encoded.occurredOn),
                learnedOn: encoded.learnedOn.map { DayNumber($0) }, metadata: encoded.metadata,
                payload: encoded.payload)
            return try record(new, in: stream, command: command, place: place)
        }
    }

    /// An event that only a newer program knows.
    mutating func unknown() throws -> ShownEvent {
        let new = NewEvent(kind: 9_999, version: 1, occurredOn: DayNumber(20_000), metadata: [], payload: [1, 2, 3])
        return try record(new, in: "household-\(Self.household)", command: Self.command(position + 1), place: 0)
    }

    private mutating func record(
        _ event: NewEvent, in stream: String, command: CommandID, place: Int
    ) throws -> ShownEvent {
        position += 1
        sequences[stream, default: 0] += 1
        let id = Derivation.event(of: command, place: place)
        let fields = RecordFields(
            stream: try StreamName(stream), sequence: SequenceNumber(sequences[stream] ?? 1), event: event,
            recordedAt: RecordedTime(microseconds: 1_772_323_200_000_000 + Int64(position) * 1_000_000),
            eventID: EventID(high: id.high, low: id.low),
            appendID: AppendID(high: command.value.high, low: command.value.low),
            contentDigest: ContentDigest(high: 0, low: 0), previousHash: nil, epoch: 1)
        return try Self.shown(RecordCoder.encode(fields), at: position)
    }

    private static func shown(_ record: [UInt8], at position: UInt64) throws -> ShownEvent {
        try ShownEvent(BusEvent(position: position, record: record, hash: [UInt8](repeating: 0, count: 32)))
    }

    /// One event.
    mutating func one(_ event: CareEvent, on day: CivilDay = RecordedSamples.day("2026-03-01")) throws -> ShownEvent {
        try append([event], command: Self.command(position + 1), on: day)[0]
    }

    /// The frozen records of every released event type.
    static func corpus() throws -> [ShownEvent] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "CareWireTests/Fixtures/corpus-v1")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".bin") }
        var events: [ShownEvent] = []
        for name in names.sorted() {
            var rest = [UInt8](try Data(contentsOf: folder.appending(path: name)))[...]
            while !rest.isEmpty {
                let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
                let record = Array(rest.dropFirst(4).prefix(length))
                rest = rest.dropFirst(4 + length)
                events.append(try shown(record, at: UInt64(events.count) + 1))
            }
        }
        return events
    }
}
