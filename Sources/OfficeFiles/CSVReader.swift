/// Reads rows of comma-separated text by RFC 4180, one at a time, and knows where each cell stands.
///
/// Quoted cells may hold commas, line breaks and doubled quotes; line breaks are LF, CRLF or CR. What spoils only one
/// row (a stray quote, a cell or row that is too long) is kept with the row; what makes the rest unreadable is thrown.
/// White space around a cell is kept: whether it matters is the caller's question.
package struct CSVReader: Sendable {
    private let bytes: [UInt8]
    private let separator: UInt8
    private let limits: CSVLimits
    private var index = 0
    private var line = 1
    private var row = 0

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// - Parameters:
    ///   - text: the decoded file.
    ///   - separator: what stands between cells; an ASCII character.
    ///   - limits: what is refused as too much.
    package init(_ text: String, separator: Character = ",", limits: CSVLimits = CSVLimits()) {
        bytes = Array(text.utf8)
        self.separator = separator.asciiValue ?? UInt8(ascii: ",")
        self.limits = limits
    }

    /// The next row, or nil at the end.
    /// - Throws: `FileProblem` for an unclosed quote or too many rows; nothing after it can be read.
    package mutating func next() throws(FileProblem) -> CSVRow? {
        guard index < bytes.count else { return nil }
        row += 1
        if row > limits.rows { throw FileProblem(.tooManyRows, line: line, row: row, expected: limits.rows) }
        var result = CSVRow(row: row, line: line, cells: [])
        var more = true
        while more {
            let column = result.cells.count + 1
            if index < bytes.count, bytes[index] == Self.quote {
                more = try readQuotedCell(column, into: &result)
            } else {
                more = readPlainCell(column, into: &result)
            }
        }
        return result
    }

    /// Reads up to the separator or the line's end and tells whether the row goes on.
    private mutating func readPlainCell(_ column: Int, into result: inout CSVRow) -> Bool {
        let start = index
        while index < bytes.count, !isCellEnd(bytes[index]) { index += 1 }
        let cell = bytes[start..<index]
        if cell.contains(Self.quote), !Self.isTextFormula(cell) { note(.quoteInPlainCell, line, column, &result) }
        keep(cell, line, column, &result)
        return endCell()
    }

    /// `="4310…"`, which makes a spreadsheet take digits as text; exports write it without doubling the quotes.
    private static func isTextFormula(_ cell: ArraySlice<UInt8>) -> Bool {
        cell.count > 3 && cell.starts(with: [UInt8(ascii: "="), quote]) && cell.last == quote
            && !cell.dropFirst(2).dropLast().contains(quote)
    }

    private mutating func readQuotedCell(
        _ column: Int, into result: inout CSVRow
    ) throws(FileProblem) -> Bool {
        let startLine = line
        var cell: [UInt8] = []
        index += 1
        while true {
            guard index < bytes.count else {
                throw FileProblem(.unclosedQuote, line: startLine, row: row, column: column)
            }
            let byte = bytes[index]
            index += 1
            if byte == Self.quote {
                guard index < bytes.count, bytes[index] == Self.quote else { break }
                index += 1
            } else if byte == Self.lineFeed || (byte == Self.carriageReturn && !nextIsLineFeed) {
                line += 1
            }
            cell.append(byte)
        }
        var strayText = false
        while index < bytes.count, !isCellEnd(bytes[index]) {
            strayText = strayText || (bytes[index] != UInt8(ascii: " ") && bytes[index] != UInt8(ascii: "\t"))
            index += 1
        }
        if strayText { note(.textAfterQuote, line, column, &result) }
        keep(cell[...], startLine, column, &result)
        return endCell()
    }

    private var nextIsLineFeed: Bool { index < bytes.count && bytes[index] == Self.lineFeed }

    private func isCellEnd(_ byte: UInt8) -> Bool {
        byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
    }

    /// Steps over what ended the cell; true when it was a separator.
    private mutating func endCell() -> Bool {
        guard index < bytes.count else { return false }
        let byte = bytes[index]
        index += 1
        if byte == separator { return true }
        if byte == Self.carriageReturn, nextIsLineFeed { index += 1 }
        line += 1
        return false
    }

    private func keep(_ cell: ArraySlice<UInt8>, _ line: Int, _ column: Int, _ result: inout CSVRow) {
        guard column <= limits.columns else {
            if column == limits.columns + 1 {
                result.problems.append(FileProblem(.tooManyColumns, line: line, row: row, expected: limits.columns))
            }
            // The cell is counted but not kept, so that a line of a million commas stays small.
            if result.cells.count < limits.columns + 1 { result.cells.append("") }
            return
        }
        if cell.count > limits.cellBytes {
            result.problems.append(
                FileProblem(.cellTooLong, line: line, row: row, column: column, expected: limits.cellBytes))
            result.cells.append("")
        } else {
            result.cells.append(String(decoding: cell, as: UTF8.self))
        }
    }

    private func note(_ kind: FileProblem.Kind, _ line: Int, _ column: Int, _ result: inout CSVRow) {
        result.problems.append(FileProblem(kind, line: line, row: row, column: column))
    }
}
