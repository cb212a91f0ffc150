import CareProjections
import GRDB

extension ReadModelFile {
    /// The whole content as sorted lines, for comparing two read models: one maintained event by event and one rebuilt
    /// must give the same bytes. Without the file's own numbers and without the checkpoint.
    ///
    /// Costs one pass over the file; meant for tests and for `projection diff`.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func canonicalLines() throws -> [String] {
        do {
            return try pool.read { db in
                var lines: [String] = []
                let sql = """
                    SELECT id, state, state_since, registered_on, last_sequence FROM households
                    """
                try Self.append("households", sql, db, &lines)
                for table in ReadModelSchema.tables {
                    let columns = table.columnNames.joined(separator: ", ")
                    let sql = "SELECT id, \(columns) FROM \(table.name) JOIN households USING (hid)"
                    try Self.append(table.name, sql, db, &lines)
                }
                return lines.sorted()
            }
        } catch { throw ReadModelError(.storage, "the rows cannot be read", underlying: error) }
    }

    private static func append(_ table: String, _ sql: String, _ db: Database, _ lines: inout [String]) throws {
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() {
            let values = row.databaseValues.map { value -> String in
                switch value.storage {
                case .null: "-"
                case .int64(let number): String(number)
                case .double(let number): String(number)
                case .string(let text): JSONText.string(text).text()
                case .blob(let bytes): bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                }
            }
            lines.append("\(table) \(values.joined(separator: " "))")
        }
    }
}
