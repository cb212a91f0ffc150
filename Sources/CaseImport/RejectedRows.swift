import OfficeFiles

/// The rows of a file that were not accepted, with the reason, to be mended and imported again.
package enum RejectedRows {
    /// Heading of the added column.
    package static let reasonHeading = "原因"

    /// The file's bytes: UTF-8 with a byte order mark, the headings of the original, one added column.
    /// - Parameters:
    ///   - table: the original.
    ///   - reasons: for each rejected row, as a spreadsheet program numbers it, what is wrong.
    package static func file(_ table: CSVTable, reasons: [Int: [String]]) -> [UInt8] {
        var writer = CSVWriter()
        let kept = table.headings.filter { $0 != reasonHeading }
        writer.append(kept + [reasonHeading])
        for row in table.rows {
            guard let reason = reasons[row.row] else { continue }
            writer.append(kept.map { table.cell($0, in: row) ?? "" } + [reason.joined(separator: "；")])
        }
        return writer.bytes
    }

    /// Whether a file was written here: a table with the byte order mark whose last heading is ours.
    package static func wrote(_ file: [UInt8]) -> Bool {
        guard file.starts(with: [0xEF, 0xBB, 0xBF]), let table = try? CSVTable(file) else { return false }
        return table.headings.last == reasonHeading
    }
}
