/// The names and marks of an expression, without the contents of strings and comments.
///
/// Independent of the engine's own lexer: what a case needs must not depend on whether the engine can read it.
struct ExpressionWords {
    /// Names, numbers and single marks; each string stands as one empty word.
    private(set) var words: [String] = []

    private let bytes: [UInt8]
    private var index = 0

    init(_ expression: String) {
        bytes = Array(expression.utf8)
        while index < bytes.count { step() }
    }

    private func peek(_ ahead: Int = 0) -> UInt8 { index + ahead < bytes.count ? bytes[index + ahead] : 0 }

    private mutating func step() {
        let byte = peek()
        if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
            while index < bytes.count, peek() != 10 { index += 1 }
        } else if byte <= 32 {
            index += 1
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") {
            skipString(isRaw: false)
        } else if Self.isWord(byte) {
            let start = index
            while Self.isWord(peek()) { index += 1 }
            let word = String(decoding: bytes[start..<index], as: UTF8.self)
            let isPrefix = ["r", "b", "rb", "br"].contains(word.lowercased())
            if isPrefix, peek() == UInt8(ascii: "\"") || peek() == UInt8(ascii: "'") {
                skipString(isRaw: word.lowercased().contains("r"))
            } else {
                words.append(word)
            }
        } else {
            words.append(String(Unicode.Scalar(byte)))
            index += 1
        }
    }

    private mutating func skipString(isRaw: Bool) {
        let quote = peek()
        let isTriple = quote != UInt8(ascii: "`") && peek(1) == quote && peek(2) == quote
        index += isTriple ? 3 : 1
        words.append("")
        while index < bytes.count {
            if peek() == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                index += isTriple ? 3 : 1
                return
            }
            index += peek() == UInt8(ascii: "\\") && !isRaw ? 2 : 1
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == 95 || byte >= 128
    }

    /// Whether the words follow one another somewhere.
    func contains(_ sequence: String...) -> Bool {
        words.indices.contains { words[$0...].starts(with: sequence) }
    }

    /// Whether a name stands before an opening brace: a message is made.
    var makesMessage: Bool {
        zip(words, words.dropFirst()).contains { word, next in
            next == "{" && word.utf8.first.map { Self.isWord($0) && !Self.isDigit($0) } ?? false && word != "in"
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
