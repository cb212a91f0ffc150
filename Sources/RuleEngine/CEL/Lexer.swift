/// Splits an expression into tokens by the lexical rules of CEL.
struct Lexer {
    private let bytes: [UInt8]
    private var index = 0

    init(_ source: String) { bytes = Array(source.utf8) }

    /// All tokens, closed by `.end`.
    /// - Throws: `ExpressionIssue` for characters and literals that CEL does not know; retrying does not help.
    static func tokens(of source: String) throws(ExpressionIssue) -> [Token] {
        guard source.utf8.count <= ExpressionLimits.sourceBytes else {
            throw ExpressionIssue(
                "expression.too_long", at: ExpressionLimits.sourceBytes,
                problem: Wording(
                    "表达式超过 \(ExpressionLimits.sourceBytes) 字节",
                    "the expression is longer than \(ExpressionLimits.sourceBytes) bytes"),
                advice: Wording("拆成几个 definitions", "split it into several definitions"))
        }
        var lexer = Lexer(source)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func peek(_ ahead: Int = 0) -> UInt8 {
        index + ahead < bytes.count ? bytes[index + ahead] : 0
    }

    private mutating func next() throws(ExpressionIssue) -> Token {
        skipBlanks()
        let start = index
        guard index < bytes.count else { return Token(kind: .end, offset: start) }
        let byte = peek()
        if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && Self.isDigit(peek(1))) {
            return Token(kind: try number(), offset: start)
        }
        if let literal = try stringLiteral() { return Token(kind: literal, offset: start) }
        if Self.isLetter(byte) { return Token(kind: word(), offset: start) }
        if byte == UInt8(ascii: "`") { return Token(kind: try quotedName(), offset: start) }
        for symbol in ["&&", "||", "==", "!=", "<=", ">="] where matches(symbol) {
            index += 2
            return Token(kind: .symbol(symbol), offset: start)
        }
        if "+-*/%<>!?:.,()[]{}".utf8.contains(byte) {
            index += 1
            return Token(kind: .symbol(String(UnicodeScalar(byte))), offset: start)
        }
        throw issue("不认识的字符", "unexpected character", at: start)
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            if [9, 10, 12, 13, 32].contains(peek()) {
                index += 1
            } else if peek() == UInt8(ascii: "/") && peek(1) == UInt8(ascii: "/") {
                while index < bytes.count && peek() != 10 { index += 1 }
            } else {
                return
            }
        }
    }

    private func matches(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return index + wanted.count <= bytes.count && Array(bytes[index..<index + wanted.count]) == wanted
    }

    private mutating func word() -> Token.Kind {
        let start = index
        while Self.isLetter(peek()) || Self.isDigit(peek()) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        return ["in", "true", "false", "null"].contains(text) ? .symbol(text) : .identifier(text)
    }

    /// A back-quoted field name: letters, digits and `_ . - /` or a space.
    private mutating func quotedName() throws(ExpressionIssue) -> Token.Kind {
        let start = index
        index += 1
        while Self.isLetter(peek()) || Self.isDigit(peek()) || " ./-".utf8.contains(peek()) { index += 1 }
        guard peek() == UInt8(ascii: "`"), index > start + 1 else {
            throw issue("反引号中的名字写法不对", "malformed name between back quotes", at: start)
        }
        index += 1
        return .quoted(String(decoding: bytes[start + 1..<index - 1], as: UTF8.self))
    }

    private mutating func number() throws(ExpressionIssue) -> Token.Kind {
        let start = index
        if peek() == UInt8(ascii: "0"), peek(1) | 0x20 == UInt8(ascii: "x") {
            index += 2
            while Self.hexValue(peek()) != nil { index += 1 }
            return try integer(String(decoding: bytes[start + 2..<index], as: UTF8.self), radix: 16, at: start)
        }
        while Self.isDigit(peek()) { index += 1 }
        var isDouble = false
        if peek() == UInt8(ascii: "."), Self.isDigit(peek(1)) {
            isDouble = true
            index += 1
            while Self.isDigit(peek()) { index += 1 }
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            let signed = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
            if Self.isDigit(peek(signed ? 2 : 1)) {
                isDouble = true
                index += signed ? 2 : 1
                while Self.isDigit(peek()) { index += 1 }
            }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard isDouble else { return try integer(text, radix: 10, at: start) }
        guard let value = Double(text), value.isFinite, !Self.isLetter(peek()) else { throw badNumber(start) }
        return .double(value)
    }

    private mutating func integer(_ digits: String, radix: Int, at start: Int) throws(ExpressionIssue) -> Token.Kind {
        guard let value = UInt64(digits, radix: radix) else { throw badNumber(start) }
        let isUnsigned = peek() | 0x20 == UInt8(ascii: "u")
        if isUnsigned { index += 1 }
        guard !Self.isLetter(peek()) else { throw badNumber(start) }
        return isUnsigned ? .uint(value) : .int(value)
    }

    private func badNumber(_ offset: Int) -> ExpressionIssue {
        issue("数字写法不对或超出范围", "malformed number, or out of range", at: offset)
    }

    private func issue(_ chinese: String, _ english: String, at offset: Int) -> ExpressionIssue {
        ExpressionIssue(
            "expression.lexical", at: offset, problem: Wording(chinese, english),
            advice: Wording("按 CEL 语法改写", "write it as CEL has it"))
    }

    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "_") }
    static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 48...57: UInt32(byte) - 48
        case 97...102: UInt32(byte) - 87
        case 65...70: UInt32(byte) - 55
        default: nil
        }
    }
}

// MARK: - Strings

extension Lexer {
    /// A string or bytes literal with optional `r` and `b` prefixes, if one starts here.
    private mutating func stringLiteral() throws(ExpressionIssue) -> Token.Kind? {
        var ahead = 0
        var isRaw = false
        var isBytes = false
        while ahead < 2 {
            let letter = peek(ahead) | 0x20
            if letter == UInt8(ascii: "r"), !isRaw {
                isRaw = true
            } else if letter == UInt8(ascii: "b"), !isBytes {
                isBytes = true
            } else {
                break
            }
            ahead += 1
        }
        let quote = peek(ahead)
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        let start = index
        index += ahead
        let isTriple = peek(1) == quote && peek(2) == quote
        index += isTriple ? 3 : 1
        let content = try quoted(quote, isTriple: isTriple, isRaw: isRaw, isBytes: isBytes, start: start)
        if isBytes { return .bytes(content) }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw issue("字符串不是有效的 UTF-8", "the string is not valid UTF-8", at: start)
        }
        return .string(text)
    }

    private mutating func quoted(
        _ quote: UInt8, isTriple: Bool, isRaw: Bool, isBytes: Bool, start: Int
    ) throws(ExpressionIssue) -> [UInt8] {
        var content: [UInt8] = []
        while true {
            guard index < bytes.count, isTriple || (peek() != 10 && peek() != 13) else {
                throw issue("字符串没有结束引号", "the string has no closing quote", at: start)
            }
            let byte = peek()
            if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                index += isTriple ? 3 : 1
                return content
            }
            index += 1
            if byte == UInt8(ascii: "\\"), !isRaw {
                content += try escape(isBytes: isBytes)
            } else {
                content.append(byte)
            }
        }
    }

    private mutating func escape(isBytes: Bool) throws(ExpressionIssue) -> [UInt8] {
        let start = index - 1
        let letter = peek()
        index += 1
        let simple: [UInt8: UInt8] = [
            97: 7, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9, 118: 11, 92: 92, 63: 63, 34: 34, 39: 39, 96: 96,
        ]
        if let byte = simple[letter] { return [byte] }
        let value: UInt32
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): value = try digits(2, radix: 16, from: start)
        case UInt8(ascii: "u") where !isBytes: value = try digits(4, radix: 16, from: start)
        case UInt8(ascii: "U") where !isBytes: value = try digits(8, radix: 16, from: start)
        case 48...51:
            index -= 1
            value = try digits(3, radix: 8, from: start)
        default: throw issue("不认识的转义", "unknown escape", at: start)
        }
        if isBytes { return [UInt8(truncatingIfNeeded: value)] }
        guard let scalar = Unicode.Scalar(value) else {
            throw issue("转义不是有效的字符", "the escape names no character", at: start)
        }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func digits(_ count: Int, radix: UInt32, from start: Int) throws(ExpressionIssue) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = Self.hexValue(peek()), digit < radix else {
                throw issue("转义的位数不够", "the escape has too few digits", at: start)
            }
            value = value * radix + digit
            index += 1
        }
        return value
    }
}
