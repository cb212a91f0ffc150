/// Swift source with everything that is not code blanked out: comments and string contents become spaces, lines stay
/// where they are. Knows nested comments, raw and multi-line strings, and strings inside interpolations.
struct SwiftText {
    /// The code alone, by line.
    private(set) var codeLines: [String] = []

    private let source: [UInt8]
    private var code: [UInt8]
    private var index = 0

    init(_ text: String) {
        source = Array(text.utf8)
        code = source
        while index < source.count { step() }
        codeLines = String(decoding: code, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private func starts(with text: String, at place: Int) -> Bool {
        let bytes = text.utf8
        return place + bytes.count <= source.count && source[place..<place + bytes.count].elementsEqual(bytes)
    }

    private mutating func blank(_ count: Int = 1) {
        for place in index..<min(index + count, source.count) where source[place] != UInt8(ascii: "\n") {
            code[place] = UInt8(ascii: " ")
        }
        index += count
    }

    private mutating func step() {
        if starts(with: "//", at: index) {
            while index < source.count, source[index] != UInt8(ascii: "\n") { blank() }
        } else if starts(with: "/*", at: index) {
            blankComment()
        } else if let hashes = stringStart() {
            blankString(hashes: hashes)
        } else {
            index += 1
        }
    }

    private mutating func blankComment() {
        var depth = 0
        repeat {
            if starts(with: "/*", at: index) {
                depth += 1
                blank(2)
            } else if starts(with: "*/", at: index) {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && index < source.count
    }

    /// Number of `#` before the quote that opens a string here, or nil when none does.
    private func stringStart() -> Int? {
        var place = index
        while place < source.count, source[place] == UInt8(ascii: "#") { place += 1 }
        return place < source.count && source[place] == UInt8(ascii: "\"") ? place - index : nil
    }

    private mutating func blankString(hashes: Int) {
        let marks = String(repeating: "#", count: hashes)
        let quotes = starts(with: "\"\"\"", at: index + hashes) ? "\"\"\"" : "\""
        blank(hashes + quotes.utf8.count)
        while index < source.count {
            if starts(with: quotes + marks, at: index) { return blank(quotes.utf8.count + hashes) }
            if starts(with: "\\" + marks + "(", at: index) {
                blankInterpolation(prefix: hashes + 2)
            } else if starts(with: "\\" + marks, at: index) {
                blank(2 + hashes)
            } else if quotes.utf8.count == 1, source[index] == UInt8(ascii: "\n") {
                return  // Not a string after all; a later pass over a broken file is the compiler's business.
            } else {
                blank()
            }
        }
    }

    private mutating func blankInterpolation(prefix: Int) {
        blank(prefix)
        var depth = 1
        while index < source.count, depth > 0 {
            if let hashes = stringStart() {
                blankString(hashes: hashes)
                continue
            }
            if source[index] == UInt8(ascii: "(") { depth += 1 }
            if source[index] == UInt8(ascii: ")") { depth -= 1 }
            blank()
        }
    }
}
