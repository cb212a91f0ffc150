/// Finds fields in the bytes of a message without decoding it.
enum FieldWalker {
    /// Where a field stands.
    struct Found {
        /// Tag, length and content.
        let whole: Range<Int>
        /// The bytes of a length-delimited field; nil for a number.
        let content: Range<Int>?
    }

    /// All occurrences of a field, in order.
    /// - Throws: `malformed` when the bytes are not a message, or hold groups, which nothing of ours writes.
    static func occurrences(of number: UInt64, in bytes: RawSpan) throws(WireError) -> [Found] {
        guard let found = bytes.withUnsafeBytes({ walk($0, number) }) else { throw WireError(.malformed) }
        return found
    }

    /// The text of the first occurrence of a field that stands before all fields with a higher number, as messages
    /// written by this program do; nil when it is not there, or is no text.
    static func text(of number: UInt64, in bytes: RawSpan) -> String? {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                guard let tag = varint(bytes, &offset), tag >> 3 <= number, tag & 7 == 2,
                    let length = varint(bytes, &offset), length <= UInt64(bytes.count - offset)
                else { return nil }
                let content = offset..<offset + Int(length)
                if tag >> 3 == number { return String(validating: bytes[content], as: UTF8.self) }
                offset = content.upperBound
            }
            return nil
        }
    }

    private static func walk(_ bytes: UnsafeRawBufferPointer, _ number: UInt64) -> [Found]? {
        var found: [Found] = []
        var offset = 0
        while offset < bytes.count {
            let start = offset
            guard let tag = varint(bytes, &offset), tag >> 3 > 0, tag <= UInt64(UInt32.max) else { return nil }
            var content: Range<Int>?
            switch tag & 7 {
            case 0: guard varint(bytes, &offset) != nil else { return nil }
            case 1: offset += 8
            case 2:
                guard let length = varint(bytes, &offset), length <= UInt64(bytes.count - offset) else { return nil }
                content = offset..<offset + Int(length)
                offset += Int(length)
            case 5: offset += 4
            default: return nil
            }
            guard offset <= bytes.count else { return nil }
            if tag >> 3 == number { found.append(Found(whole: start..<offset, content: content)) }
        }
        return found
    }

    private static func varint(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
