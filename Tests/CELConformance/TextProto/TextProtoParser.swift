/// Reads the text format of protobuf into a `TextMessage`, knowing no schema.
struct TextProtoParser {
    private var lexer: TextProtoLexer
    private var token = TextProtoLexer.Token.end
    private var depth = 0

    private static let deepest = 200

    /// Reads one whole message.
    /// - Throws: `TextProtoError` with the line.
    static func parse(_ bytes: [UInt8]) throws(TextProtoError) -> TextMessage {
        var parser = TextProtoParser(lexer: TextProtoLexer(bytes))
        try parser.advance()
        return try parser.message(closing: nil)
    }

    private init(lexer: TextProtoLexer) { self.lexer = lexer }

    private mutating func advance() throws(TextProtoError) { token = try lexer.next() }

    private func failure(_ problem: String) -> TextProtoError { TextProtoError(line: lexer.line, problem: problem) }

    private mutating func take(_ mark: Character) throws(TextProtoError) -> Bool {
        guard token == .mark(mark.asciiValue!) else { return false }
        try advance()
        return true
    }

    private mutating func message(closing: Character?) throws(TextProtoError) -> TextMessage {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw failure("too deep") }
        var message = TextMessage()
        while true {
            if let closing, try take(closing) { return message }
            if token == .end {
                guard closing == nil else { throw failure("message without end") }
                return message
            }
            let name = try fieldName()
            let hasColon = try take(":")
            for value in try values(hasColon: hasColon) { message.fields.append((name, value)) }
            if try !take(",") { _ = try take(";") }
        }
    }

    private mutating func fieldName() throws(TextProtoError) -> String {
        if case .word(let name) = token {
            try advance()
            return name
        }
        guard try take("[") else { throw failure("a field's name should stand here") }
        var name = "["
        while try !take("]") {
            switch token {
            case .word(let part): name += part
            case .mark(let mark): name.append(Character(Unicode.Scalar(mark)))
            default: throw failure("malformed name in brackets")
            }
            try advance()
        }
        return name + "]"
    }

    /// What stands after a field's name: one value, or the values of a list.
    private mutating func values(hasColon: Bool) throws(TextProtoError) -> [TextMessage.Value] {
        guard try take("[") else { return [try value(hasColon: hasColon)] }
        var list: [TextMessage.Value] = []
        while try !take("]") {
            list.append(try value(hasColon: hasColon))
            if try !take(","), token != .mark(UInt8(ascii: "]")) { throw failure("expected , or ] in a list") }
        }
        return list
    }

    private mutating func value(hasColon: Bool) throws(TextProtoError) -> TextMessage.Value {
        if try take("{") { return .message(try message(closing: "}")) }
        if try take("<") { return .message(try message(closing: ">")) }
        guard hasColon else { throw failure("a scalar needs a colon") }
        if case .string = token {
            var content: [UInt8] = []
            while case .string(let part) = token {
                content += part
                try advance()
            }
            return .bytes(content)
        }
        let sign = try take("-") ? "-" : ""
        guard case .word(let word) = token else { throw failure("a value should stand here") }
        try advance()
        return .word(sign + word)
    }
}
