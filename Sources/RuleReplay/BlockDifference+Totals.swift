import CareDomain
import RuleColumns
import RuleEngine

extension ColumnReplay {
    /// Counts and sums of a block, without writing its households out.
    package func totals(_ difference: BlockDifference) -> ReplayTotals {
        var totals = ReplayTotals()
        let block = difference.block
        var affected = Array(repeating: false, count: block.count)
        var inMoney = affected
        var byClause = Array(repeating: ReplayTotals.Line(), count: clauses.count)
        // Few of each in a block: by place in a list, not by a hash of their names.
        var byDivision: [(code: Int64, line: ReplayTotals.Line)] = []
        var byDepartment: [(key: Telling, line: ReplayTotals.Line)] = []
        var byPayer: [Fen?] = Array(repeating: nil, count: difference.payerNames.count)
        let codes = difference.rows.isEmpty ? [] : lastDivisions(block)
        // By the last digits of a code: the place in `byDivision` where it was found the last time.
        var guesses = Array(repeating: 0, count: 256)
        func add(_ row: BlockDifference.Row, code: Int64) {
            let digits = Int(code & 255)
            var place = guesses[digits]
            if place >= byDivision.count || byDivision[place].code != code {
                place = byDivision.firstIndex { $0.code == code } ?? byDivision.count
                if place == byDivision.count { byDivision.append((code, .init())) }
                guesses[digits] = place
            }
            byDivision[place].line.add(row)
        }
        var teller = 0
        var failed = 0
        for row in difference.rows {
            affected[Int(row.household)] = true
            if !row.months.isEmpty { inMoney[Int(row.household)] = true }
            if row.fails { failed += 1 }
            byClause[Int(row.clause)].add(row)
            if !row.parts.isEmpty {
                for part in difference.parts[Int(row.parts.lowerBound)..<Int(row.parts.upperBound)] {
                    add(part.row, code: part.place)
                }
            } else if !difference.moved.isEmpty, let moved = difference.moved[row.household] {
                add(row, code: moved.wanted?.place ?? -1)
            } else {
                add(row, code: codes[Int(row.household)])
            }
            let key = Telling(clause: row.clause, before: row.tellingBefore, after: row.tellingAfter)
            if teller == byDepartment.count || byDepartment[teller].key != key {
                teller = byDepartment.firstIndex { $0.key == key } ?? byDepartment.count
                if teller == byDepartment.count { byDepartment.append((key, .init())) }
            }
            byDepartment[teller].line.add(row)
            for (payer, sum) in difference.payers[Int(row.payers.lowerBound)..<Int(row.payers.upperBound)] {
                byPayer[Int(payer)] = (byPayer[Int(payer)] ?? .zero) + sum
            }
        }
        for (index, line) in byClause.enumerated() where line != .init() {
            totals.add(line, clause: clauses[index].clause)
        }
        for (code, line) in byDivision {
            totals.add(line, division: code < 0 ? nil : DivisionCode(block.codes[code]))
        }
        for (key, line) in byDepartment { totals.add(line, department: department(key)) }
        for (payer, sum) in zip(difference.payerNames, byPayer) { if let sum { totals.add(sum, payer: payer) } }
        for (household, right) in difference.decided {
            affected[Int(household)] = true
            if right.hasSums { inMoney[Int(household)] = true }
            totals.add(right, division: wanted(Int(household), difference)?.division)
        }
        let looked =
            replay.scope.isEverywhere
            ? block.count : (0..<block.count).count { wanted($0, difference) != nil }
        totals.look(looked, affected: affected.count { $0 }, inMoney: inMoney.count { $0 })
        totals.fail(failed)
        return totals
    }

    /// For each household the number of its division at the end of the period; -1 = not known.
    private func lastDivisions(_ block: FactBlock) -> [Int64] {
        let last = ((replay.period.end ?? replay.period.start) - 1).dayNumber
        var codes = Array(repeating: Int64(-1), count: block.count)
        block.divisions.forEachStep { row, day, cell in
            if day <= last { codes[row] = cell.tag == .value ? cell.payload : -1 }
        }
        return codes
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
        count(row.kind, hasSums: !row.months.isEmpty)
        arrears = arrears + Fen(row.arrears)
        overpayment = overpayment + Fen(row.overpayment)
        undecided = undecided + Fen(row.undecided)
        awaiting = awaiting + Fen(row.awaiting)
        future = future + Fen(row.future)
    }
}
