/// Reads one JSON text into nodes, by RFC 8259 with two limits: whole numbers only, and at most 16 levels.
///
/// Written by hand because a line per command at tens of thousands of lines a second leaves no room for a general
/// decoder, and because a problem must name the place in the line.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0

    /// Deepest nesting accepted; the deepest command has five.
    static let depthLimit = 16

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The node of a whole text.
    /// - Throws: `CommandProblem` of kind `notJSON` with the byte, from 1, where it stops being JSON.
    static func parse(_ text: String) throws(CommandProblem) -> JSONNode {
        var text = text
        let result = text.withUTF8 { bytes -> Result<JSONNode, CommandProblem> in
            var parser = JSONParser(bytes)
            do throws(CommandProblem) {
                let node = try parser.value()
                parser.skipSpace()
                guard parser.index == bytes.count else { throw parser.problem() }
                return .success(node)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func problem(_ kind: CommandProblem.Kind = .notJSON) -> CommandProblem {
        CommandProblem(kind, byte: index + 1)
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private mutating func value() throws(CommandProblem) -> JSONNode {
        skipSpace()
        guard index < bytes.count else { throw problem() }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try list()
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        default: return .int(try integer())
        }
    }

    private mutating func word(_ word: StaticString) throws(CommandProblem) {
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard index + expected.count <= bytes.count else { throw problem() }
        for offset in 0..<expected.count where bytes[index + offset] != expected[offset] { throw problem() }
        index += expected.count
    }

    private mutating func enter() throws(CommandProblem) {
        depth += 1
        guard depth <= Self.depthLimit else { throw problem(.tooDeep) }
        index += 1
        skipSpace()
    }

    /// Steps over a comma (true) or the closing bracket (false).
    private mutating func goesOn(_ closing: UInt8) throws(CommandProblem) -> Bool {
        skipSpace()
        guard index < bytes.count else { throw problem() }
        if bytes[index] == UInt8(ascii: ",") {
            index += 1
            return true
        }
        guard bytes[index] == closing else { throw problem() }
        index += 1
        depth -= 1
        return false
    }

    private mutating func object() throws(CommandProblem) -> JSONNode {
        try enter()
        var members: [JSONMember] = []
        if index < bytes.count, bytes[index] == UInt8(ascii: "}") {
            index += 1
            depth -= 1
            return .object([])
        }
        members.reserveCapacity(8)
        repeat {
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw problem() }
            let key = try string()
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { throw problem() }
            index += 1
            members.append(JSONMember(key: key, value: try value()))
        } while try goesOn(UInt8(ascii: "}"))
        return .object(members)
    }

    private mutating func list() throws(CommandProblem) -> JSONNode {
        try enter()
        if index < bytes.count, bytes[index] == UInt8(ascii: "]") {
            index += 1
            depth -= 1
            return .list([])
        }
        var nodes: [JSONNode] = []
        repeat { nodes.append(try value()) } while try goesOn(UInt8(ascii: "]"))
        return .list(nodes)
    }

    private mutating func integer() throws(CommandProblem) -> Int64 {
        let start = index
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let firstDigit = index
        var number: Int64 = 0
        while index < bytes.count, (48...57).contains(bytes[index]) {
            let digit = Int64(bytes[index]) - 48
            let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
            let (next, carry) =
                isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            guard !overflow, !carry else { throw problem(.numberForm) }
            number = next
            index += 1
        }
        guard index > firstDigit else {
            index = start
            throw problem()
        }
        if bytes[firstDigit] == 48, index > firstDigit + 1 { throw problem() }
        if index < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[index]) {
            throw problem(.numberForm)
        }
        return number
    }

    private mutating func string() throws(CommandProblem) -> String {
        index += 1
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                let text = String(decoding: bytes[start..<index], as: UTF8.self)
                index += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw problem() }
            index += 1
        }
        throw problem()
    }

    /// The slower way, taken from the first escape on.
    private mutating func escapedString(from start: Int) throws(CommandProblem) -> String {
        var text = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                index += 1
                text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw problem()
            default:
                text.append(byte)
                index += 1
            }
        }
        throw problem()
    }

    private mutating func escape() throws(CommandProblem) -> Character {
        guard index < bytes.count else { throw problem() }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint()
        default:
            index -= 1
            throw problem()
        }
    }

    private mutating func codePoint() throws(CommandProblem) -> Character {
        let first = try fourHexDigits()
        if let scalar = UnicodeScalar(first) { return Character(scalar) }
        // A surrogate: the other half must follow, or the text cannot be written as UTF-8 again.
        guard (0xD800...0xDBFF).contains(first) else { throw problem() }
        try word("\\u")
        let second = try fourHexDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = UnicodeScalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw problem() }
        return Character(scalar)
    }

    private mutating func fourHexDigits() throws(CommandProblem) -> UInt32 {
        guard index + 4 <= bytes.count else { throw problem() }
        var number: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[index]
            let digit: UInt8
            switch byte {
            case 48...57: digit = byte - 48
            case 65...70: digit = byte - 55
            case 97...102: digit = byte - 87
            default: throw problem()
            }
            number = number << 4 | UInt32(digit)
            index += 1
        }
        return number
    }
}
