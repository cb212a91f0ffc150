import CareDomain

extension Roster {
    /// Merged cells leave their content in the first row only. A row right below a family that names none itself goes on
    /// with that family where nothing speaks against it; where something does, the family is held back until somebody has
    /// looked, because half a family would be registered as a whole one.
    /// - Returns: the rows that were joined, with the first row of their family.
    static func joinMergedCells(_ rows: inout [RosterRow]) -> [(row: Int, family: Int)] {
        guard rows.contains(where: \.hasFamilyKey) else { return [] }
        var joined: [(row: Int, family: Int)] = []
        var family: [Int] = []
        for index in rows.indices {
            let row = rows[index]
            if row.hasFamilyKey || row.hasBadFamilyKey {
                family = row.hasFamilyKey ? [index] : []
                continue
            }
            let isRightBelow = family.last.map { rows[$0].row + 1 == row.row } ?? false
            if isRightBelow, family.allSatisfy({ row.fits(rows[$0]) }), let first = family.first {
                rows[index].takeFamilyKey(of: rows[first])
                family.append(index)
                joined.append((row.row, rows[first].row))
                continue
            }
            let column = RosterColumn.familyKeys.first { row.columns[$0] != nil } ?? .familyLabel
            if let first = family.first {
                let hint = CellHint(same: "\(row.row)")
                rows[first].problems.append(rows[first].problem(.unclearBelow, column, hint: hint))
            }
            rows[index].problems.append(row.problem(.noFamilyKey, column))
            family = []
        }
        return joined
    }

    /// Where no row of the file says to which family it belongs, the rows right above and below each that may be of one family
    /// with it: a wife below a husband is most often his, and two files of one person each would be opened for them.
    var neighbours: [Int: [Int]] {
        guard !rows.contains(where: \.hasFamilyKey) else { return [:] }
        var found: [Int: [Int]] = [:]
        for (above, below) in zip(rows, rows.dropFirst()) where above.row + 1 == below.row && below.fits(above) {
            found[above.row, default: []].append(below.row)
            found[below.row, default: []].append(above.row)
        }
        return found
    }
}

extension RosterRow {
    /// Whether both may be of one family: no column of the family says two things, and no role is taken twice.
    fileprivate func fits(_ other: RosterRow) -> Bool {
        if let role, role == other.role, role != .other, role != .adoptedChild { return false }
        if role?.isParent == true, other.role?.isParent == true, role == .singleParent || other.role == .singleParent {
            return false
        }
        return RosterColumn.allCases.filter(\.isOfFamily).allSatisfy { column in
            guard let mine = values[column], let theirs = other.values[column] else { return true }
            return mine == theirs
        }
    }
}
