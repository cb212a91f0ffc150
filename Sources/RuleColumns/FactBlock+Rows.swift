import RuleEngine

extension FactBlock {
    /// The block with its texts numbered as in a table, which gets those it does not have yet. The first texts of the block's
    /// table are the table's. What is kept holds no texts.
    package func recoded(into table: inout CodeTable) -> FactBlock {
        let shared = zip(codes.texts, table.texts).prefix { Array($0.utf8) == Array($1.utf8) }.count
        guard codes.texts.count > shared else { return with(codes: table, columns: columns, divisions: divisions) }
        var numbers: [Int64: Int64] = [:]
        func number(_ old: Int64, _ table: inout CodeTable) -> Int64 {
            if old < shared { return old }
            if let known = numbers[old] { return known }
            let new = table.number(of: codes[old])
            numbers[old] = new
            return new
        }
        var recoded = columns
        for (key, column) in columns where key.isText {
            recoded[key] = column.mapped { number($0, &table) }
        }
        let divisions = divisions.mapped { number($0, &table) }
        return with(codes: table, columns: recoded, divisions: divisions)
    }

    private func with(
        codes: CodeTable, columns: [FactColumnKey: FactColumn], divisions: FactColumn
    ) -> FactBlock {
        FactBlock(
            households: households, codes: codes, persons: persons, incidents: incidents, columns: columns,
            divisions: divisions, decisions: decisions, kept: kept)
    }
}

extension FactColumn {
    /// The column with other payloads.
    fileprivate func mapped(_ payload: (Int64) -> Int64) -> FactColumn {
        var builder = FactColumnBuilder()
        forEachStep { row, day, cell in
            builder.add(row: row, day, cell.tag == .value ? Cell(.value, payload(cell.payload)) : cell)
        }
        return builder.finish()
    }
}
