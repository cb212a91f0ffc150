import CareDomain
import RuleColumns
import RuleEngine

extension ColumnReplay {
    /// Counts and sums of a block, without writing its households out.
    package func totals(_ difference: BlockDifference) -> ReplayTotals {
        var totals = ReplayTotals()
        let block = difference.block
        let day = ((replay.period.end ?? replay.period.start) - 1).dayNumber
        var affected = Array(repeating: false, count: block.households.count)
        var byClause = Array(repeating: ReplayTotals.Line(), count: clauses.count)
        // Few of each in a block: by place in a list, not by a hash of their names.
        var byDivision: [(code: Int64, line: ReplayTotals.Line)] = []
        var byDepartment: [(key: Telling, line: ReplayTotals.Line)] = []
        var byPayer: [(payer: Code, sum: Fen)] = []
        func add(_ row: BlockDifference.Row, code: Int64) {
            let place = byDivision.firstIndex { $0.code == code } ?? byDivision.count
            if place == byDivision.count { byDivision.append((code, .init())) }
            byDivision[place].line.add(row)
        }
        for row in difference.rows {
            affected[Int(row.household)] = true
            byClause[Int(row.clause)].add(row)
            if !row.parts.isEmpty {
                for part in difference.parts[Int(row.parts.lowerBound)..<Int(row.parts.upperBound)] {
                    add(part.row, code: part.place)
                }
            } else if !difference.moved.isEmpty, let moved = difference.moved[row.household] {
                add(row, code: moved.wanted?.place ?? -1)
            } else {
                let cell = block.divisions.cell(row: Int(row.household), on: day)
                add(row, code: cell.tag == .value ? cell.payload : -1)
            }
            let key = Telling(clause: row.clause, before: row.tellingBefore, after: row.tellingAfter)
            let teller = byDepartment.firstIndex { $0.key == key } ?? byDepartment.count
            if teller == byDepartment.count { byDepartment.append((key, .init())) }
            byDepartment[teller].line.add(row)
            for (payer, sum) in difference.payers[Int(row.payers.lowerBound)..<Int(row.payers.upperBound)] {
                if let place = byPayer.firstIndex(where: { $0.payer == payer }) {
                    byPayer[place].sum = byPayer[place].sum + sum
                } else {
                    byPayer.append((payer, sum))
                }
            }
        }
        for (index, line) in byClause.enumerated() where line != .init() {
            totals.add(line, clause: clauses[index].clause)
        }
        for (code, line) in byDivision {
            totals.add(line, division: code < 0 ? nil : DivisionCode(block.codes[code]))
        }
        for (key, line) in byDepartment { totals.add(line, department: department(key)) }
        for (payer, sum) in byPayer { totals.add(sum, payer: payer) }
        for (household, right) in difference.decided {
            affected[Int(household)] = true
            totals.add(right, division: wanted(Int(household), difference)?.division)
        }
        let looked =
            replay.division == nil
            ? block.households.count : block.households.indices.count { wanted($0, difference) != nil }
        totals.look(looked, affected: affected.count { $0 })
        return totals
    }

    /// Which versions tell the department of a right.
    private struct Telling: Hashable {
        let clause: Int32
        let before: Int32
        let after: Int32
    }

    private func department(_ key: Telling) -> DepartmentID? {
        let clause = clauses[Int(key.clause)]
        func rule(_ side: Side, _ place: Int32) -> Rule? {
            side.versions.isEmpty ? nil : side.versions[Int(place)].rule
        }
        return rule(clause.after, key.after)?.department ?? rule(clause.before, key.before)?.department
    }
}

extension ReplayTotals.Line {
    fileprivate mutating func add(_ row: BlockDifference.Row) {
        switch row.kind {
        case .gained: gained += 1
        case .lost: lost += 1
        case .changed: changed += 1
        }
        arrears = arrears + Fen(row.arrears)
        overpayment = overpayment + Fen(row.overpayment)
        future = future + Fen(row.future)
    }
}
