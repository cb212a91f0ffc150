/// Writes comma-separated text that spreadsheet programs open without asking: UTF-8 with a byte order mark, CRLF.
///
/// Text that a spreadsheet would run as a formula gets a leading apostrophe. Whoever typed the cell may be an attacker,
/// and the person who opens the file is an official with rights.
package struct CSVWriter: Sendable {
    /// The file's bytes so far.
    package private(set) var bytes: [UInt8]

    /// - Parameter byteOrderMark: false only for programs that cannot take one.
    package init(byteOrderMark: Bool = true) {
        bytes = byteOrderMark ? [0xEF, 0xBB, 0xBF] : []
    }

    /// Appends one row.
    package mutating func append(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: Self.encoded(cell).utf8)
        }
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }

    /// A cell as it is written: guarded against formulas, and quoted where it must be.
    package static func encoded(_ cell: String) -> String {
        let guarded = startsFormula(cell) ? "'" + cell : cell
        let special: Set<Unicode.Scalar> = [",", "\"", "\n", "\r", ";", "\t"]
        let mustQuote =
            guarded.unicodeScalars.contains(where: special.contains)
            || guarded.first?.isWhitespace == true || guarded.last?.isWhitespace == true
        return mustQuote ? "\"" + doubled(guarded) + "\"" : guarded
    }

    /// The cell as it was before `encoded` guarded it, so that a file we wrote reads back unchanged.
    package static func withoutGuard(_ cell: String) -> String {
        guard cell.first == "'" else { return cell }
        let rest = String(cell.dropFirst())
        return startsFormula(rest) ? rest : cell
    }

    /// True when a spreadsheet would take the text for a formula. Plain numbers may start with a sign, nothing else.
    static func startsFormula(_ cell: String) -> Bool {
        guard let first = cell.unicodeScalars.first else { return false }
        let risky: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
        guard risky.contains(first) else { return false }
        return !(first == "-" && isPlainNumber(cell.dropFirst()))
    }

    private static func isPlainNumber(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return (1...2).contains(parts.count)
            && parts.allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    private static func doubled(_ cell: String) -> String {
        var result = ""
        for scalar in cell.unicodeScalars {
            result.unicodeScalars.append(scalar)
            if scalar == "\"" { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}
