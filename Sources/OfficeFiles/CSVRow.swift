/// One row of a CSV file with the place it came from.
package struct CSVRow: Hashable, Sendable {
    /// Row as a spreadsheet program numbers it, from 1; the heading is usually row 1. Blank rows count.
    package let row: Int
    /// Physical line on which the row starts, from 1. Differs from `row` after a quoted line break.
    package let line: Int
    /// The cells as written, unquoted.
    package var cells: [String]
    /// What is wrong with this row alone. The reader goes on after it, so that good rows are not lost with bad ones.
    package var problems: [FileProblem]

    package init(row: Int, line: Int, cells: [String], problems: [FileProblem] = []) {
        self.row = row
        self.line = line
        self.cells = cells
        self.problems = problems
    }

    /// True when no cell holds anything but white space.
    package var isBlank: Bool { cells.allSatisfy { $0.allSatisfy(\.isWhitespace) } }
}

/// Limits that keep one file from taking the machine's memory.
package struct CSVLimits: Hashable, Sendable {
    /// Rows in a file, heading and blank rows included.
    package var rows: Int
    /// Cells in a row.
    package var columns: Int
    /// Bytes of UTF-8 in one cell; 32,767 characters is what a spreadsheet cell holds.
    package var cellBytes: Int

    package init(rows: Int = 200_000, columns: Int = 256, cellBytes: Int = 131_072) {
        self.rows = rows
        self.columns = columns
        self.cellBytes = cellBytes
    }
}
