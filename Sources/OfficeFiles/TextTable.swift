/// A table for terminals in which Chinese and Latin text stand in straight columns.
package struct TextTable: Sendable {
    /// On which side of its column a cell stands.
    package enum Alignment: Sendable {
        /// Words.
        case left
        /// Numbers, so that their digits stand below each other.
        case right
    }

    /// One column: its title, its side, and whether it gives way when the terminal is too narrow.
    package struct Column: Sendable {
        /// Printed above the column.
        package var title: String
        /// The side on which cells stand.
        package var alignment: Alignment
        /// True when this column's text may be cut to fit; false for ids and numbers, which are useless when cut.
        package var mayShrink: Bool

        package init(_ title: String, _ alignment: Alignment = .left, mayShrink: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.mayShrink = mayShrink
        }
    }

    /// A column that gives way keeps at least this many columns of the terminal.
    package static let leastShrunkWidth = 8

    private static let gap = "  "
    private let columns: [Column]
    private var rows: [[String]] = []

    package init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Number of rows so far.
    package var count: Int { rows.count }

    /// Appends a row. Missing cells are empty; extra cells are a mistake of the program.
    package mutating func append(_ cells: [String]) {
        precondition(cells.count <= columns.count, "TextTable.append: more cells than the \(columns.count) columns")
        let blanks = Array(repeating: "", count: columns.count - cells.count)
        rows.append(cells.map(DisplayWidth.printable) + blanks)
    }

    /// The table as lines, each ending with a line feed and without spaces at its end.
    /// - Parameter width: columns of the terminal; nil for no limit (a pipe or a file).
    package func render(width: Int? = nil) -> String {
        let widths = columnWidths(limit: width)
        var output = line(columns.map(\.title), widths)
        output += widths.map { String(repeating: "-", count: $0) }.joined(separator: Self.gap) + "\n"
        for row in rows { output += line(row, widths) }
        return output
    }

    private func columnWidths(limit: Int?) -> [Int] {
        var widths = columns.map { DisplayWidth.of($0.title) }
        for row in rows {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], DisplayWidth.of(cell)) }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap.count * max(0, columns.count - 1) - limit
        // The widest column that may shrink gives way first, down to the next widest, so that no column is starved.
        while excess > 0 {
            let candidates = widths.indices.filter {
                columns[$0].mayShrink && widths[$0] > Self.leastShrunkWidth
            }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            let next = candidates.filter { widths[$0] < widths[widest] }.map { widths[$0] }.max()
            let step = min(excess, max(1, widths[widest] - (next ?? Self.leastShrunkWidth)))
            widths[widest] -= step
            excess -= step
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var output = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { output += Self.gap }
            let text = DisplayWidth.truncated(cell, to: widths[index])
            let padding = String(repeating: " ", count: max(0, widths[index] - DisplayWidth.of(text)))
            output += columns[index].alignment == .right ? padding + text : text + padding
        }
        while output.last == " " { output.removeLast() }
        return output + "\n"
    }
}
