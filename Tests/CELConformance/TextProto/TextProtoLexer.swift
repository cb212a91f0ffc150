/// Splits protobuf text into tokens: words, strings, and marks of one character.
struct TextProtoLexer {
    enum Token: Equatable {
        /// A name or a number, without sign.
        case word(String)
        case string([UInt8])
        case mark(UInt8)
        case end
    }

    private let bytes: [UInt8]
    private var index = 0
    /// Line of the token read last, from 1.
    private(set) var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private func peek() -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    /// The next token.
    /// - Throws: `TextProtoError` for a string that does not end or has an unknown escape.
    mutating func next() throws(TextProtoError) -> Token {
        skipBlanks()
        guard index < bytes.count else { return .end }
        let byte = peek()
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return .string(try string(quote: byte)) }
        let start = index
        while Self.isWord(peek()) || isInsideNumber(from: start) { index += 1 }
        if index > start { return .word(String(decoding: bytes[start..<index], as: UTF8.self)) }
        index += 1
        return .mark(byte)
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch peek() {
            case 10:
                line += 1
                index += 1
            case 9, 11, 12, 13, 32: index += 1
            case UInt8(ascii: "#"): while index < bytes.count, peek() != 10 { index += 1 }
            default: return
            }
        }
    }

    /// Letters, digits, underscore and dot: `1.5` and `a.B` are one word.
    private static func isWord(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == 95 || byte == 46
    }

    /// A sign within a number, as in `1e-5`.
    private func isInsideNumber(from start: Int) -> Bool {
        guard index > start, peek() == UInt8(ascii: "-") || peek() == UInt8(ascii: "+") else { return false }
        let first = bytes[start]
        let isHex = index > start + 1 && bytes[start + 1] | 0x20 == UInt8(ascii: "x")
        return ((48...57).contains(first) || first == 46) && !isHex && bytes[index - 1] | 0x20 == UInt8(ascii: "e")
    }

    // MARK: Strings

    private mutating func string(quote: UInt8) throws(TextProtoError) -> [UInt8] {
        index += 1
        var content: [UInt8] = []
        while true {
            guard index < bytes.count, peek() != 10 else {
                throw TextProtoError(line: line, problem: "string without end")
            }
            let byte = peek()
            index += 1
            if byte == quote { return content }
            if byte == UInt8(ascii: "\\") { content += try escape() } else { content.append(byte) }
        }
    }

    private mutating func escape() throws(TextProtoError) -> [UInt8] {
        let simple: [UInt8: UInt8] = [
            97: 7, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9, 118: 11, 92: 92, 63: 63, 34: 34, 39: 39,
        ]
        let letter = peek()
        if let byte = simple[letter] {
            index += 1
            return [byte]
        }
        switch letter {
        case 48...55: return [UInt8(truncatingIfNeeded: try digits(1...3, radix: 8))]
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            index += 1
            return [UInt8(truncatingIfNeeded: try digits(1...2, radix: 16))]
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            index += 1
            let value = try letter == UInt8(ascii: "u") ? digits(4...4, radix: 16) : digits(8...8, radix: 16)
            guard let scalar = Unicode.Scalar(value) else { break }
            return Array(String(Character(scalar)).utf8)
        default: break
        }
        throw TextProtoError(line: line, problem: "unknown escape")
    }

    private mutating func digits(_ count: ClosedRange<Int>, radix: UInt32) throws(TextProtoError) -> UInt32 {
        var value: UInt32 = 0
        var read = 0
        while read < count.upperBound, let digit = Character(Unicode.Scalar(peek())).hexDigitValue, digit < radix {
            value = value &* radix &+ UInt32(digit)
            index += 1
            read += 1
        }
        guard read >= count.lowerBound else { throw TextProtoError(line: line, problem: "too few digits in an escape") }
        return value
    }
}
