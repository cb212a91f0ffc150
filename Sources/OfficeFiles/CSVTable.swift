/// A CSV file with a heading row: what was read, and what is wrong with single rows.
package struct CSVTable: Sendable {
    /// The headings, trimmed, in the order of the file.
    package let headings: [String]
    /// The row the headings stand in, as a spreadsheet program numbers it.
    package let headingRow: Int
    /// The rows that hold something, each with as many cells as there are headings.
    package let rows: [CSVRow]
    /// How the file was encoded.
    package let encoding: TextEncoding
    /// What stands between the cells.
    package let separator: Character

    private let columns: [String: Int]

    /// Reads a whole file.
    /// - Parameters:
    ///   - bytes: the file as it is on disk.
    ///   - sizeLimit: in bytes.
    ///   - limits: for rows, columns and cells.
    /// - Throws: `FileProblem` when the file as a whole cannot be used. Problems of single rows stay with the rows.
    package init(
        _ bytes: [UInt8], sizeLimit: Int = TextDecoding.defaultSizeLimit, limits: CSVLimits = CSVLimits()
    ) throws(FileProblem) {
        let decoded = try TextDecoding.decode(bytes, sizeLimit: sizeLimit)
        encoding = decoded.encoding
        separator = Self.separator(of: decoded.text)
        var reader = CSVReader(decoded.text, separator: separator, limits: limits)
        guard var heading = try reader.next() else { throw FileProblem(.empty) }
        while heading.isBlank {
            guard let next = try reader.next() else { throw FileProblem(.empty) }
            heading = next
        }
        if let problem = heading.problems.first { throw problem }
        headingRow = heading.row
        var rows: [CSVRow] = []
        while let row = try reader.next() {
            if !row.isBlank || !row.problems.isEmpty { rows.append(row) }
        }
        let titles = try Self.titles(heading, rows)
        headings = titles
        columns = Dictionary(uniqueKeysWithValues: zip(titles.map(Self.key), titles.indices))
        self.rows = rows.map { Self.fitted($0, to: titles.count) }
    }

    /// The cell under a heading, without white space around it and without our own formula guard; nil when there is no
    /// such heading. An empty cell is an empty text: what that means is the caller's question.
    package func cell(_ heading: String, in row: CSVRow) -> String? {
        guard let column = columns[Self.key(heading)], column < row.cells.count else { return nil }
        return CSVWriter.withoutGuard(Self.trimmed(row.cells[column]))
    }

    /// Number of a heading's column, from 1, for messages.
    package func column(of heading: String) -> Int? { columns[Self.key(heading)].map { $0 + 1 } }

    /// The headings that are none of these.
    package func headings(besides known: some Sequence<String>) -> [String] {
        let keys = Set(known.map(Self.key))
        return headings.filter { !keys.contains(Self.key($0)) }
    }

    /// What tells one heading from another: 姓　名 and 姓名, 走访人签字： and 走访人签字 are one.
    private static func key(_ heading: String) -> String { heading.filter { !$0.isWhitespace && !"：:".contains($0) } }

    /// Text without white space, full-width spaces and invisible marks around it. Spreadsheets are full of them, and
    /// two names that differ only there are the same name.
    package static func trimmed(_ text: String) -> String {
        func invisible(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
                || scalar.properties.generalCategory == .format
        }
        guard let first = text.unicodeScalars.firstIndex(where: { !invisible($0) }),
            let last = text.unicodeScalars.lastIndex(where: { !invisible($0) })
        else { return "" }
        return String(text.unicodeScalars[first...last])
    }

    /// The separator that occurs most in the first line that holds something, outside quotes; a comma when none does.
    static func separator(of text: String) -> Character {
        var counts: [UInt8: Int] = [:]
        var quoted = false
        var seen = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { quoted.toggle() }
            if quoted { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if seen { break }
                continue
            }
            seen = seen || byte > UInt8(ascii: " ")
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\t") {
                counts[byte, default: 0] += 1
            }
        }
        let comma = counts[UInt8(ascii: ",")] ?? 0
        let others = counts.filter { $0.key != UInt8(ascii: ",") && $0.value > comma }
        guard let best = others.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return "," }
        return Character(UnicodeScalar(best.key))
    }

    private static func titles(_ heading: CSVRow, _ rows: [CSVRow]) throws(FileProblem) -> [String] {
        var titles = heading.cells.map(trimmed)
        if titles.count == 1, titles[0].contains("，") {
            throw FileProblem(.fullWidthCommas, line: heading.line, row: heading.row)
        }
        while titles.last?.isEmpty == true {
            let column = titles.count - 1
            if let filled = rows.first(where: { column < $0.cells.count && !trimmed($0.cells[column]).isEmpty }) {
                throw FileProblem(.emptyHeading, line: filled.line, row: filled.row, column: titles.count)
            }
            titles.removeLast()
        }
        var seen: Set<String> = []
        for (index, title) in titles.enumerated() {
            if title.isEmpty {
                throw FileProblem(.emptyHeading, line: heading.line, row: heading.row, column: index + 1)
            }
            if !seen.insert(key(title)).inserted {
                throw FileProblem(
                    .repeatedHeading, line: heading.line, row: heading.row, column: index + 1, subject: title)
            }
        }
        return titles
    }

    /// A row cut or reported so that it fits the headings. Spreadsheets pad rows with empty cells: those go silently.
    private static func fitted(_ row: CSVRow, to count: Int) -> CSVRow {
        var row = row
        let found = row.cells.count
        while row.cells.count > count, row.cells.last.map({ trimmed($0).isEmpty }) == true { row.cells.removeLast() }
        if row.cells.count != count {
            row.problems.append(FileProblem(.raggedRow, line: row.line, row: row.row, expected: count, found: found))
        }
        return row
    }
}
