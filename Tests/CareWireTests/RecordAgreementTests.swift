import CareDomain
import CareWire
import EventLog
import Foundation
import SwiftProtobuf
import Testing

@Suite("记录格式与日志一致")
struct RecordAgreementTests {
    @Test("the log's own coder and record.proto write and read the same bytes", arguments: CorpusTests.kinds)
    func sameBytes(kind: EventKind) throws {
        for record in try CorpusTests.samples(of: kind) {
            let bytes: [UInt8] = try record.serializedBytes()
            let fields = try RecordCoder.decode(bytes)
            #expect(fields.stream.text == record.stream)
            #expect(fields.sequence.rawValue == record.sequence)
            #expect(fields.event.kind == record.kind)
            #expect(fields.event.version == record.version)
            #expect(fields.event.occurredOn.rawValue == record.occurredOn)
            #expect(fields.event.learnedOn?.rawValue == (record.hasLearnedOn ? record.learnedOn : nil))
            #expect(fields.recordedAt.microseconds == record.recordedAt)
            #expect(fields.eventID.bytes == [UInt8](record.eventID))
            #expect(fields.appendID.bytes == [UInt8](record.appendID))
            #expect(fields.contentDigest.bytes == [UInt8](record.contentDigest))
            #expect(fields.event.metadata == [UInt8](record.metadata))
            #expect(fields.event.payload == [UInt8](record.payload))
            #expect((fields.previousHash == nil) == record.previousHash.isEmpty)
            #expect(fields.epoch == record.epoch)
            #expect(RecordCoder.encode(fields) == bytes)
        }
    }

    @Test("extreme numbers are written alike")
    func extremes() throws {
        for (sequence, day, time) in [
            (UInt64.max, Int32.max, Int64.max), (1, Int32.min, Int64.min), (127, -1, 0), (128, 0, -1),
        ] {
            var record = try CorpusTests.samples(of: .withdrawn)[0]
            record.sequence = sequence
            record.occurredOn = day
            record.learnedOn = day
            record.recordedAt = time
            record.codec = 1
            record.hashAlgorithm = 1
            record.epoch = .max
            let bytes: [UInt8] = try record.serializedBytes()
            let fields = try RecordCoder.decode(bytes)
            #expect(RecordCoder.encode(fields) == bytes)
        }
    }

    @Test("event ids are derived alike")
    func eventIDs() throws {
        let append = try #require(AppendID(bytes: Sample.command.value.bytes))
        for place in [0, 1, 255, 256, 70_000] {
            #expect(EventID(of: append, place: place).bytes == Derivation.event(of: Sample.command, place: place).bytes)
        }
    }
}
