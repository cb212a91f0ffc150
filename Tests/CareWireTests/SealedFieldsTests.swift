import CareDomain
import CareWire
import SwiftProtobuf
import Testing

@Suite("敏感部分")
struct SealedFieldsTests {
    private let names = ["王秀英", "李某", "赵六", "431002196503071221", "13900000000", "北湖区某路", "高血压", "陪同就医"]

    private func holdsName(_ bytes: [UInt8]) -> Bool {
        names.contains { name in
            let wanted = Array(name.utf8)
            guard bytes.count >= wanted.count else { return false }
            return (0...bytes.count - wanted.count).contains { Array(bytes[$0..<$0 + wanted.count]) == wanted }
        }
    }

    private func payload(_ event: CareEvent) throws -> [UInt8] {
        try EventCodec.encode(event, occurredOn: Sample.day("2014-08-01"), context: Sample.plainContext).payload
    }

    /// Without the word that a part was looked into for where an event of before does not say whether a contact was given.
    private static func bare(_ fields: [ViewField]) -> [ViewField] {
        fields.filter { $0.key != "contact_given" }.map { field in
            guard case .object(let inner) = field.value else { return field }
            return ViewField(field.key, .object(bare(inner)))
        }
    }

    @Test("skipping them gives the same event without them")
    func skipping() throws {
        for event in SampleEvents.all {
            let bytes = try payload(event)
            let open = try EventCodec.decodeAny(
                kind: UInt32(event.kind.rawValue), version: 1, payload: bytes, sealed: .skip)
            #expect(open.sealedParts.isEmpty)
            #expect(open.kind == event.kind)
            if event.sealedParts.isEmpty { #expect(open == event) }
            #expect(Self.bare(EventView(open).fields) == Self.bare(EventView(event).fields))
        }
    }

    @Test("withheld, an event keeps its open part and its subjects, and no name is left in the bytes")
    func withholding() throws {
        var withNames = 0
        for event in SampleEvents.all {
            let bytes = try payload(event)
            let closed = try SealedFields.withheld(payload: bytes)
            let masked = try EventCodec.decodeAny(kind: UInt32(event.kind.rawValue), version: 1, payload: closed)
            #expect(masked.sealedParts == event.sealedParts.map { SealedPart(subject: $0.subject, details: nil) })
            #expect(EventView(masked).fields == EventView(event).fields)
            withNames += holdsName(bytes) ? 1 : 0
            #expect(!holdsName(closed))
            #expect(try SealedFields.withheld(payload: closed) == closed)
        }
        #expect(withNames > 8)
    }

    @Test("the words of a correction are withheld, the rest of the metadata stays")
    func corrections() throws {
        let metadata = try EventCodec.metadata(Sample.context, correction: Sample.correction)
        let closed = try SealedFields.withheld(metadata: metadata)
        let masked = try #require(try EventCodec.correction(metadata: closed.span.bytes))
        #expect(masked.corrects == Sample.correction.corrects)
        #expect(masked.sealed == [SealedPart(subject: Sample.wife, details: nil)])
        #expect(try EventCodec.context(metadata: closed, command: Sample.command) == Sample.context)
        let plain = try EventCodec.metadata(Sample.context)
        #expect(try SealedFields.withheld(metadata: plain) == plain)
        let skipped = try EventCodec.correction(metadata: metadata.span.bytes, sealed: .skip)
        #expect(skipped?.sealed.isEmpty == true)
    }

    @Test("fields that a newer program added stay when parts are withheld")
    func unknownFields() throws {
        let event = CareEvent.household(.personJoined(.init(person: Sample.wife, role: .wife, sealed: [Sample.part])))
        // Field 200, a number, behind the sealed parts, and field 201, text, before them.
        let bytes = [0xca, 0x0c, 0x02, 0x41, 0x42] + (try payload(event)) + [0xc0, 0x0c, 0x07]
        let closed = try SealedFields.withheld(payload: bytes)
        let message = try Care_V1_PersonJoined(serializedBytes: closed)
        #expect(message.unknownFields.data == .init([0xca, 0x0c, 0x02, 0x41, 0x42, 0xc0, 0x0c, 0x07]))
        #expect(closed.suffix(3) == [0xc0, 0x0c, 0x07])
        #expect(!holdsName(closed))
    }

    @Test("a part that is encrypted or withheld is read as unreadable, without an error")
    func unreadable() throws {
        var message = Care_V1_NeedRaised()
        message.kind = "medical_escort"
        message.items = 1
        for cipher in [UInt32(1), 2, .max] {
            var part = Care_V1_SealedPart()
            part.subject = .init(Sample.wife.value.bytes)
            part.cipherID = cipher
            part.keyID = "k1"
            part.content = .init([0xff, 0xff])
            message.sealedParts = [part]
            let event = try EventCodec.decodeAny(
                kind: UInt32(EventKind.needRaised.rawValue), version: 1, payload: try message.serializedBytes())
            #expect(event.sealedParts == [SealedPart(subject: Sample.wife, details: nil)])
            #expect(EventView(event).value.json.contains(#""readable":false"#))
        }
    }

    @Test("a stored record without its sealed parts keeps everything else")
    func records() throws {
        let event = CareEvent.household(.personJoined(.init(person: Sample.wife, role: .wife, sealed: [Sample.part])))
        var record = Care_V1_StoredRecord()
        record.stream = "household-1"
        record.sequence = 4
        record.kind = 20
        record.payload = .init(try payload(event))
        record.metadata = .init(try EventCodec.metadata(Sample.context, correction: Sample.correction))
        let closed = try SealedFields.withheld(record: try record.serializedBytes())
        #expect(!holdsName(closed))
        let message = try Care_V1_StoredRecord(serializedBytes: closed)
        #expect(message.sequence == 4)
        #expect(message.stream == "household-1")
        for kind in CorpusTests.kinds {
            for record in try CorpusTests.samples(of: kind) {
                let bytes: [UInt8] = try record.serializedBytes()
                let closed = try SealedFields.withheld(record: bytes)
                #expect(!holdsName(closed))
                let hasParts = SampleEvents.events(of: kind)[Int(record.sequence) - 1].sealedParts.isEmpty == false
                #expect((closed == bytes) == (!hasParts && record.sequence > 1))
            }
        }
    }

    @Test("bytes in which sealed parts cannot be found with certainty are not passed on")
    func uncertain() {
        // Field 15 as a number, a group, a length past the end, tag 0.
        for bytes: [UInt8] in [[0x78, 0x01], [0x0b, 0x0c], [0x7a, 0x05, 0x01], [0x00, 0x00], [0x7a, 0x01, 0xff]] {
            #expect(throws: WireError.self) { try SealedFields.withheld(payload: bytes) }
        }
    }
}
