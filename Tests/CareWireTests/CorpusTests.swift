import CareDomain
import CareWire
import Foundation
import SwiftProtobuf
import Testing

/// Bytes that were written once and must be read for ever.
///
/// `Fixtures/corpus-v1/<kind>-<name>.bin` holds records of one event type, each behind its length in four big-endian
/// bytes; the `.jsonl` beside it says what they mean, one line each. A new event type or version adds files: run the
/// tests once with `CARE_WRITE_CORPUS=1`, which writes what is missing and never changes what is there.
@Suite("冻结的字节")
struct CorpusTests {
    private static let written = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Fixtures/corpus-v1")
    private static let bundled = Bundle.module.resourceURL!.appending(path: "Fixtures/corpus-v1")

    /// Later forms of event types, with fields that earlier programs did not write: frozen beside the first.
    private static let laterForms: [EventKind: [String]] = [.paymentConcluded: ["persons"]]

    static let kinds = EventKind.allCases.filter { $0 != .unspecified }

    @Test("every event type has its frozen bytes, and today's program reads them as it always did", arguments: kinds)
    func replay(kind: EventKind) throws {
        let isWriting = ProcessInfo.processInfo.environment["CARE_WRITE_CORPUS"] == "1"
        if isWriting { try Self.writeIfMissing(kind) }
        let source = isWriting ? Self.written : Self.bundled
        for name in Self.names(of: kind) {
            let records = try Self.records(in: [UInt8](Data(contentsOf: Self.file(source, name, "bin"))))
            let text = try String(contentsOf: Self.file(source, name, "jsonl"), encoding: .utf8)
            let expected: [String] = text.split(separator: "\n").map { String($0) }
            let found: [String] = try records.map { record in try Self.text(of: record) }
            #expect(!records.isEmpty)
            #expect(found == expected)
        }
    }

    @Test("today's program still writes version 1 with the same bytes", arguments: kinds)
    func sameBytes(kind: EventKind) throws {
        let bytes = try Self.names(of: kind).flatMap { name in
            [UInt8](try Data(contentsOf: Self.file(Self.bundled, name, "bin")))
        }
        for record in try Self.records(in: bytes) {
            let message = try Care_V1_StoredRecord(serializedBytes: record)
            let event = try EventCodec.decodeAny(
                kind: message.kind, version: message.version, payload: [UInt8](message.payload))
            let encoded = try EventCodec.encode(event, occurredOn: Sample.day("2014-08-01"), context: Sample.context)
            if encoded.version == message.version { #expect(encoded.payload == [UInt8](message.payload)) }
        }
    }

    /// Two fields that no program of today knows: number 15,000, the word "later", and number 15,001, the number 1.
    private static let later: [UInt8] = [0xc2, 0xa9, 0x07, 0x05] + Array("later".utf8) + [0xc8, 0xa9, 0x07, 0x01]

    @Test(
        "fields that a later program adds to payload, metadata and record change nothing of what is read",
        arguments: kinds)
    func laterFields(kind: EventKind) throws {
        for name in Self.names(of: kind) {
            for record in try Self.records(in: [UInt8](Data(contentsOf: Self.file(Self.bundled, name, "bin")))) {
                var message = try Care_V1_StoredRecord(serializedBytes: record)
                message.payload.append(contentsOf: Self.later)
                message.metadata.append(contentsOf: Self.later)
                let bytes: [UInt8] = try message.serializedBytes() + Self.later
                #expect(try Self.text(of: bytes) == Self.text(of: record))
                // Whoever hands it on hands all of it on: with its bytes the hash that others keep stays right.
                let again = try Care_V1_StoredRecord(serializedBytes: bytes)
                #expect(try again.serializedBytes() as [UInt8] == bytes)
                // Also to a reader from whom sealed parts are withheld.
                let closed = try Care_V1_StoredRecord(serializedBytes: SealedFields.withheld(record: bytes))
                for field in [closed.payload, closed.metadata] {
                    #expect(field.suffix(Self.later.count) == Data(Self.later))
                }
                #expect(closed.unknownFields == again.unknownFields)
            }
        }
    }

    static func name(of kind: EventKind) -> String {
        let digits = String(kind.rawValue)
        let name = SampleEvents.events(of: kind).first?.name ?? "unknown"
        return String(repeating: "0", count: 3 - digits.count) + digits + "-" + name
    }

    /// Names of its files: the first form, then later ones.
    private static func names(of kind: EventKind) -> [String] {
        let name = name(of: kind)
        return [name] + (laterForms[kind] ?? []).map { "\(name)-\($0)" }
    }

    private static func file(_ folder: URL, _ name: String, _ ending: String) -> URL {
        folder.appending(path: "\(name).\(ending)")
    }

    /// The canonical records of the samples of one type.
    static func samples(of kind: EventKind) throws -> [Care_V1_StoredRecord] {
        try SampleEvents.events(of: kind).enumerated().map { index, event in
            let isFirst = index == 0
            let encoded = try EventCodec.encode(
                event, occurredOn: Sample.day(isFirst ? "2014-08-01" : "1949-10-01"),
                learnedOn: isFirst ? Sample.day("2014-08-20") : nil,
                context: isFirst ? Sample.context : Sample.plainContext, correction: isFirst ? Sample.correction : nil)
            var record = Care_V1_StoredRecord()
            record.stream = "household-\(Sample.household)"
            record.sequence = UInt64(index + 1)
            record.kind = encoded.kind
            record.version = encoded.version
            record.occurredOn = encoded.occurredOn
            record.recordedAt = 1_406_851_200_000_000 + Int64(index)
            if let learnedOn = encoded.learnedOn { record.learnedOn = learnedOn }
            record.eventID = Data(Derivation.event(of: Sample.command, place: index).bytes)
            record.appendID = Data(Sample.command.value.bytes)
            record.contentDigest = Data(Derivation.digest(encoded.payload).bytes)
            record.metadata = Data(encoded.metadata)
            record.payload = Data(encoded.payload)
            if !isFirst { record.previousHash = Data(Sample.hash) }
            record.epoch = 1
            return record
        }
    }

    private static func writeIfMissing(_ kind: EventKind) throws {
        let target = file(written, name(of: kind), "bin")
        guard !FileManager.default.fileExists(atPath: target.path) else { return }
        var bytes: [UInt8] = []
        var lines = ""
        for record in try samples(of: kind) {
            let record: [UInt8] = try record.serializedBytes()
            bytes += withUnsafeBytes(of: UInt32(record.count).bigEndian) { Array($0) } + record
            lines += try text(of: record) + "\n"
        }
        try Data(bytes).write(to: target)
        try Data(lines.utf8).write(to: file(written, name(of: kind), "jsonl"))
    }

    static func records(in bytes: [UInt8]) throws -> [[UInt8]] {
        var records: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            try #require(length > 0 && length <= rest.count)
            records.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return records
    }

    /// What a record means, in full: a change of any word of it is a change of what old bytes mean.
    private static func text(of record: [UInt8]) throws -> String {
        let message = try Care_V1_StoredRecord(serializedBytes: record)
        let event = try EventCodec.decodeAny(
            kind: message.kind, version: message.version, payload: [UInt8](message.payload))
        let command = CommandID(try #require(Identifier128(bytes: message.appendID)))
        let metadata = [UInt8](message.metadata)
        let context = try EventCodec.context(metadata: metadata, command: command)
        let view = EventView(
            event, correction: try EventCodec.correction(metadata: metadata.span.bytes), sealed: .revealed)
        let principal = context.principal
        let fields = [
            ViewField("occurred_on", .text(CivilDay(dayNumber: message.occurredOn).description)),
            ViewField("learned_on", .text(message.hasLearnedOn ? String(message.learnedOn) : "")),
            ViewField("peer", .text(principal.peer)), ViewField("actor", .text(principal.actor.rawValue)),
            ViewField("role", .text(principal.role.rawValue)),
            ViewField("department", .text(principal.department.rawValue)),
            ViewField("divisions", .list(principal.divisions.map { .text($0.rawValue) })),
            ViewField("grant", .text(principal.grant?.description ?? "")),
            ViewField("causation", .text(context.causation ?? "")),
            ViewField("traceparent", .text(context.traceparent ?? "")),
            ViewField("legal_basis", .text(context.legalBasis?.rawValue ?? "")), ViewField("view", view.value),
        ]
        return ViewValue.object(fields).json
    }
}
