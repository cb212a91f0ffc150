import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Messages to bytes and back, with one error type.
enum Payload {
    /// Encodes a value and makes sure that it can be read again: what stands in the log stands there for ever.
    static func encode<Value: WireMapped>(_ value: Value) throws(WireError) -> [UInt8] where Value.Wire: Message {
        let wire = try value.wire()
        _ = try Value(wire: wire)
        return try bytes(of: wire)
    }

    static func decode<Value: WireMapped>(_ bytes: RawSpan) throws(WireError) -> Value where Value.Wire: Message {
        try Value(wire: message(bytes))
    }

    /// Reads a message of any kind.
    static func message<Wire: Message>(_ bytes: RawSpan) throws(WireError) -> Wire {
        do { return try Wire(serializedBytes: bytes) } catch { throw WireError(.malformed) }
    }

    /// The bytes of a message. Fields stand in ascending order and there are no maps, so they are always the same.
    static func bytes(of message: some Message) throws(WireError) -> [UInt8] {
        do { return try message.serializedBytes() } catch { throw WireError(.malformed) }
    }

    /// The bytes of a message inside another.
    static func data(of message: some Message) throws(WireError) -> Data {
        do { return try message.serializedBytes() } catch { throw WireError(.malformed) }
    }
}
