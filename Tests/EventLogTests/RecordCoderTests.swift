import CareTestKit
import Testing

@testable import EventLog

@Suite("记录编码")
struct RecordCoderTests {
    static func fields() throws -> RecordFields {
        RecordFields(
            stream: try StreamName("fund-a"), sequence: SequenceNumber(300),
            event: NewEvent(
                kind: 5, version: 2, occurredOn: DayNumber(-3), learnedOn: DayNumber(0), metadata: [0xaa],
                payload: [1, 2, 3]),
            recordedAt: RecordedTime(microseconds: 1),
            eventID: EventID(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10),
            appendID: AppendID(high: 0, low: 1), contentDigest: ContentDigest(high: .max, low: 0),
            previousHash: EventHash(bytes: [UInt8](0..<32)), epoch: 9)
    }

    @Test("字节与 StoredRecord 的规范形式逐字节一致")
    func knownBytes() throws {
        var expected: [UInt8] = [0x0a, 6] + Array("fund-a".utf8)
        expected += [0x10, 0xac, 0x02, 0x18, 5, 0x20, 2, 0x28, 5, 0x30, 1, 0x38, 0]
        expected += [0x42, 16] + Array(1...16)
        expected += [0x4a, 16] + [UInt8](repeating: 0, count: 15) + [1]
        expected += [0x52, 16] + [UInt8](repeating: 0xff, count: 8) + [UInt8](repeating: 0, count: 8)
        expected += [0x5a, 1, 0xaa, 0x62, 3, 1, 2, 3, 0x6a, 32] + Array(0..<32)
        expected += [0x80, 0x01, 9]
        #expect(RecordCoder.encode(try Self.fields()) == expected)
        #expect(try RecordCoder.decode(expected) == Self.fields())
    }

    @Test("默认值不写出")
    func defaultsLeftOut() throws {
        var fields = try Self.fields()
        fields.sequence = .first
        fields.event = NewEvent(kind: 0, version: 0, occurredOn: DayNumber(0), metadata: [], payload: [])
        fields.recordedAt = RecordedTime(microseconds: 0)
        fields.previousHash = nil
        fields.epoch = 0
        let bytes = RecordCoder.encode(fields)
        #expect(bytes.count == 8 + 2 + 3 * 18)
        #expect(try RecordCoder.decode(bytes) == fields)
    }

    @Test("任意内容编码后解码不变", arguments: [1, 2, 3])
    func roundTrip(seed: UInt64) throws {
        var generator = ConformanceGenerator(seed: seed)
        for _ in 0..<500 {
            var fields = try Self.fields()
            fields.sequence = SequenceNumber(generator.next() >> UInt64.random(in: 0..<60, using: &generator) | 1)
            fields.event = NewEvent(
                kind: UInt32(truncatingIfNeeded: generator.next()), version: UInt32(generator.next() % 4),
                occurredOn: DayNumber(Int32(truncatingIfNeeded: generator.next())),
                learnedOn: Bool.random(using: &generator) ? DayNumber(.min) : nil,
                metadata: (0..<generator.next() % 200).map { UInt8($0) },
                payload: (0..<generator.next() % 20_000).map { UInt8(truncatingIfNeeded: $0) })
            fields.recordedAt = RecordedTime(microseconds: Int64(bitPattern: generator.next()))
            fields.previousHash = Bool.random(using: &generator) ? nil : .zero
            fields.codec = UInt32(generator.next() % 3)
            fields.hashAlgorithm = UInt32(generator.next() % 3)
            fields.epoch = generator.next()
            #expect(try RecordCoder.decode(RecordCoder.encode(fields)) == fields)
        }
    }

    @Test("任意处截断或改动,只会报错或读出别的值,不会越界")
    func malformed() throws {
        let bytes = RecordCoder.encode(try Self.fields())
        for length in 0..<bytes.count {
            // Fields that may be absent can be cut off whole; every other cut is an error.
            let cut = Array(bytes[..<length])
            if let fields = try? RecordCoder.decode(cut) { #expect(RecordCoder.encode(fields) == cut) }
        }
        var generator = ConformanceGenerator(seed: 5)
        for _ in 0..<20_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                changed[Int.random(in: 0..<changed.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            _ = try? RecordCoder.decode(changed)
            let noise = (0..<Int.random(in: 0...90, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? RecordCoder.decode(noise)
        }
    }

    @Test("不认识的高位字段被跳过,新版本写的记录仍可读")
    func unknownFields() throws {
        let fields = try Self.fields()
        let more: [UInt8] = [0xa0, 0x01, 7, 0xaa, 0x01, 2, 1, 1, 0xb1, 0x01, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(try RecordCoder.decode(RecordCoder.encode(fields) + more) == fields)
    }
}
