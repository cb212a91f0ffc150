import CareDomain
import CareWire
import Testing

@Suite("旧版本事件")
struct UpcastingTests {
    /// A made-up history: version 1 was the kind as bare text, version 2 put a length before it, version 3 is today's.
    private let upcasting = Upcasting(
        newest: [.needRaised: 3],
        steps: [
            .init(.needRaised, 1): { bytes throws(WireError) in [UInt8(bytes.count)] + bytes },
            .init(.needRaised, 2): { bytes throws(WireError) in
                guard let length = bytes.first, bytes.count == Int(length) + 1 else { throw WireError(.malformed) }
                return [0x0a, length] + bytes.dropFirst() + [0x10, 0x01]
            },
        ])
    private let expected = CareEvent.household(.needRaised(.init(kind: Code(unchecked: "escort"), items: 1)))

    private func decode(_ version: UInt32, _ payload: [UInt8]) throws(WireError) -> CareEvent {
        let kind = UInt32(EventKind.needRaised.rawValue)
        return try EventCodec.decodeAny(kind: kind, version: version, payload: payload, upcasting: upcasting)
    }

    @Test("each older version is brought to the newest, step by step")
    func olderVersions() throws {
        let text = Array("escort".utf8)
        #expect(try decode(1, text) == expected)
        #expect(try decode(2, [6] + text) == expected)
        #expect(try decode(3, [0x0a, 6] + text + [0x10, 0x01]) == expected)
    }

    @Test("a broken old payload is refused, a newer version can be stepped over")
    func limits() {
        #expect(throws: WireError(.malformed)) { try decode(2, [9, 1]) }
        #expect(throws: WireError(.unsupportedVersion, "version", limit: 4)) { try decode(4, []) }
        #expect(throws: WireError(.outOfRange, "version")) { try decode(0, []) }
    }
}
