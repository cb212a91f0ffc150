/// Finds functions, initializers and subscripts and how many lines each takes, from its keyword to its closing brace.
enum FunctionLengths {
    struct Function: Equatable {
        /// Line of the keyword, from 1.
        let line: Int
        /// Number of lines, keyword and closing brace included.
        let count: Int
    }

    private static let openers: Set<String> = ["func", "init", "deinit", "subscript"]
    /// A word that cannot stand in a signature: the function before it had no body (a requirement of a protocol).
    private static let enders: Set<String> = [
        "func", "init", "deinit", "subscript", "var", "let", "struct", "enum", "protocol", "extension", "case",
        "typealias", "associatedtype", "import",
    ]

    /// - Parameter codeLines: code without comments and strings.
    static func find(_ codeLines: [String]) -> [Function] {
        let code = Array(codeLines.joined(separator: "\n").utf8)
        var functions: [Function] = []
        var line = 1
        var index = 0
        while index < code.count {
            if code[index] == UInt8(ascii: "\n") { line += 1 }
            guard isWordStart(code, index) else {
                index += 1
                continue
            }
            let word = self.word(code, index)
            let start = index
            index += word.utf8.count
            if openers.contains(word), start == 0 || code[start - 1] != UInt8(ascii: "."),
                let end = bodyEnd(code, after: index)
            {
                let breaks = code[start..<end].count { $0 == UInt8(ascii: "\n") }
                functions.append(Function(line: line, count: breaks + 1))
            }
        }
        return functions
    }

    /// Index of the brace that closes the body which begins after a signature, or nil when there is no body.
    private static func bodyEnd(_ code: [UInt8], after start: Int) -> Int? {
        var index = start
        var parentheses = 0
        var braces = 0
        while index < code.count {
            switch code[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
            case UInt8(ascii: "{"): if parentheses == 0 || braces > 0 { braces += 1 }
            case UInt8(ascii: "}"):
                if braces == 0, parentheses == 0 { return nil }
                if braces > 0 {
                    braces -= 1
                    if braces == 0 { return index }
                }
            default:
                if braces == 0, parentheses == 0, isWordStart(code, index) {
                    let word = self.word(code, index)
                    if enders.contains(word) { return nil }
                    index += word.utf8.count
                    continue
                }
            }
            index += 1
        }
        return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xFF, UInt8(ascii: "`"):
            true
        default: false
        }
    }

    private static func isWordStart(_ code: [UInt8], _ index: Int) -> Bool {
        isWord(code[index]) && (index == 0 || !isWord(code[index - 1]))
    }

    private static func word(_ code: [UInt8], _ index: Int) -> String {
        var end = index
        while end < code.count, isWord(code[end]) { end += 1 }
        return String(decoding: code[index..<end], as: UTF8.self)
    }
}
