import CareDomain
import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Whether a reader wants the sealed parts of an event.
package enum SealedReading: Hashable, Sendable {
    /// Decode them.
    case open
    /// Step over them: faster, and names never enter the process's memory as text.
    case skip
}

/// What can be done to sealed parts in bytes, without knowing the event: they always stand in field 15.
package enum SealedFields {
    static let number: UInt64 = 15
    private static let correctionNumber: UInt64 = 10
    private static let recordMetadataNumber: UInt64 = 11
    private static let recordPayloadNumber: UInt64 = 12

    /// The payload as a reader without the right to sealed parts may see it: the subjects stay, the contents go and
    /// `cipher_id` says withheld. Works for event types and versions this program does not know.
    /// - Throws: `WireError` when the bytes are not a message; such bytes must not be passed on.
    package static func withheld(payload: [UInt8]) throws(WireError) -> [UInt8] {
        let found = try FieldWalker.occurrences(of: number, in: payload.span.bytes)
        guard !found.isEmpty else { return payload }
        var result: [UInt8] = []
        result.reserveCapacity(payload.count)
        var copied = 0
        for field in found {
            guard let content = field.content else { throw WireError(.malformed, "sealed_parts") }
            let part: Care_V1_SealedPart = try Payload.message(payload.span.bytes.extracting(content))
            let closed = try Payload.bytes(of: part.withheld)
            result += payload[copied..<field.whole.lowerBound]
            result.append(UInt8(number << 3 | 2))
            append(length: closed.count, to: &result)
            result += closed
            copied = field.whole.upperBound
        }
        return result + payload[copied...]
    }

    /// The metadata as such a reader may see it: the words of a correction's reason are withheld.
    package static func withheld(metadata: [UInt8]) throws(WireError) -> [UInt8] {
        let found = try FieldWalker.occurrences(of: correctionNumber, in: metadata.span.bytes)
        guard !found.isEmpty else { return metadata }
        var message: Care_V1_EventMetadata = try Payload.message(metadata.span.bytes)
        message.correction.sealedParts = message.correction.sealedParts.map(\.withheld)
        return try Payload.bytes(of: message)
    }

    /// A stored record as such a reader may see it. When anything was withheld, its bytes no longer agree with its hash;
    /// otherwise they are the same bytes.
    package static func withheld(record: [UInt8]) throws(WireError) -> [UInt8] {
        let span = record.span.bytes
        if try !holds(number, inField: recordPayloadNumber, of: span),
            try !holds(correctionNumber, inField: recordMetadataNumber, of: span)
        {
            return record
        }
        var message: Care_V1_StoredRecord = try Payload.message(span)
        message.payload = Data(try withheld(payload: [UInt8](message.payload)))
        message.metadata = Data(try withheld(metadata: [UInt8](message.metadata)))
        return try Payload.bytes(of: message)
    }

    /// Whether a message inside a record has a field.
    private static func holds(
        _ inner: UInt64, inField outer: UInt64, of record: RawSpan
    ) throws(WireError) -> Bool {
        for field in try FieldWalker.occurrences(of: outer, in: record) {
            guard let content = field.content else { throw WireError(.malformed) }
            if try !FieldWalker.occurrences(of: inner, in: record.extracting(content)).isEmpty { return true }
        }
        return false
    }

    /// The bytes without their sealed parts.
    static func removed(from bytes: RawSpan, _ found: [FieldWalker.Found]) -> [UInt8] {
        bytes.withUnsafeBytes { bytes in
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count)
            var copied = 0
            for field in found {
                result.append(contentsOf: bytes[copied..<field.whole.lowerBound])
                copied = field.whole.upperBound
            }
            result.append(contentsOf: bytes[copied...])
            return result
        }
    }

    private static func append(length: Int, to bytes: inout [UInt8]) {
        var rest = length
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f | 0x80))
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

extension Care_V1_SealedPart {
    /// The part with its subject only. What this program does not know of it goes too: it may be content.
    var withheld: Care_V1_SealedPart {
        var part = Care_V1_SealedPart()
        part.subject = subject
        part.cipherID = CipherID.withheld
        return part
    }
}
