import CareDomain
import CareWire
import Testing

@Suite("任意字节")
struct FuzzTests {
    /// What decodes must encode again, and come back equal.
    private func check(_ kind: UInt32, _ payload: [UInt8]) {
        _ = try? SealedFields.withheld(payload: payload)
        do throws(WireError) {
            let event = try EventCodec.decodeAny(kind: kind, version: 1, payload: payload)
            _ = EventView(event, sealed: .revealed).value.json
            guard event.sealedParts.allSatisfy({ $0.details != nil }) else { return }
            let day = CivilDay(dayNumber: 0)
            let encoded = try EventCodec.encode(event, occurredOn: day, context: Sample.plainContext)
            let again = try EventCodec.decodeAny(kind: kind, version: 1, payload: encoded.payload)
            #expect(again == event)
        } catch {
            #expect(!error.isSkippable)
        }
        _ = try? EventCodec.decodeAny(kind: kind, version: 1, payload: payload, sealed: .skip)
    }

    @Test("changed events are read or refused, never a crash", .timeLimit(.minutes(10)))
    func mutatedEvents() throws {
        var random = SeededGenerator(seed: 20_140_716)
        for event in SampleEvents.all {
            let encoded = try EventCodec.encode(
                event, occurredOn: Sample.day("2014-08-01"), context: Sample.plainContext)
            for _ in 0..<200 { check(encoded.kind, random.mutated(encoded.payload)) }
        }
    }

    @Test("random bytes are read or refused as any event", .timeLimit(.minutes(10)))
    func randomEvents() {
        var random = SeededGenerator(seed: 1)
        for kind in EventKind.allCases where kind != .unspecified {
            for _ in 0..<200 { check(UInt32(kind.rawValue), random.bytes(upTo: 60)) }
        }
    }

    @Test("changed and random commands and metadata are read or refused", .timeLimit(.minutes(10)))
    func commands() throws {
        var random = SeededGenerator(seed: 2)
        let metadata = try EventCodec.metadata(Sample.context, correction: Sample.correction)
        for command in SampleCommands.all {
            let bytes = try CommandCodec.encode(command)
            for round in 0..<100 {
                let changed = round % 4 == 0 ? random.bytes(upTo: 80) : random.mutated(bytes)
                if let received = try? CommandCodec.decode(changed) {
                    let again = try CommandCodec.decode(
                        CommandCodec.encode(received.command, legalBasis: received.legalBasis))
                    #expect(again.command == received.command)
                    #expect(again.legalBasis == received.legalBasis)
                }
                let broken = random.mutated(metadata)
                _ = try? EventCodec.context(metadata: broken, command: Sample.command)
                _ = try? EventCodec.correction(metadata: broken.span.bytes)
                _ = try? SealedFields.withheld(metadata: broken)
                _ = try? SealedFields.withheld(record: broken)
            }
        }
    }
}
