import CareDomain

extension RosterRow {
    /// What the cells of one row say about each other, beside what is wrong with one by itself.
    func check() -> [CellProblem] {
        let bad = Set(problems.compactMap(\.heading))
        return checkTogether(bad).filter { problem in !bad.contains { $0 == problem.heading } }
    }

    /// - Parameter bad: headings of cells that cannot be read: they are not missing.
    private func checkTogether(_ bad: Set<String>) -> [CellProblem] {
        let row = self
        var problems: [CellProblem] = []
        if row.values[.role] == nil { problems.append(row.problem(.missingValue, .role)) }
        if row.values[.name] == nil, row.idNumber == nil, !bad.contains(RosterColumn.idNumber.heading) {
            problems.append(row.problem(.missingValue, .name))
        }
        if let name = row.text(.name), DeathInName.isTold(name) { problems.append(row.problem(.deathInName, .name)) }
        if let number = row.idNumber {
            if let day = row.day(.birthDate), day != number.birthDate {
                problems.append(row.problem(.idNumberDisagrees, .birthDate))
            }
            if let sex = row.code(.sex), sex != number.sex.rawValue {
                problems.append(row.problem(.idNumberDisagrees, .sex))
            }
        }
        if problems.isEmpty, let sex = row.sex, let expected = row.role?.sex, sex != expected {
            problems.append(row.problem(.roleSex, row.values[.sex] == nil ? .idNumber : .sex))
        }
        // In a parent's row the cell speaks of the child, whose own row has the days; that is asked of the family.
        switch row.role?.isParent == true ? nil : row.code(.childStatus) {
        case "dead" where row.day(.diedOn) == nil: problems.append(row.problem(.missingValue, .diedOn))
        case "disabled" where row.grade == nil: problems.append(row.problem(.missingValue, .disabilityGrade))
        case "alive" where row.day(.diedOn) != nil:
            problems.append(row.problem(.contradicts, .childStatus, hint: CellHint(same: RosterColumn.diedOn.heading)))
        default: break
        }
        if row.values[.adoptedOn] != nil, let role = row.role, role != .adoptedChild {
            problems.append(row.problem(.contradicts, .adoptedOn, hint: CellHint(same: RosterColumn.role.heading)))
        }
        // That day is the day of the birth that ends the family's status.
        if row.isLaterChild, row.birthDate == nil,
            bad.isDisjoint(with: [RosterColumn.idNumber, .birthDate].map(\.heading))
        {
            problems.append(row.problem(.missingValue, .birthDate))
        }
        let companions: [RosterColumn] = [.disabilityKind, .disabilityNumber, .assessedOn, .validThrough]
        if row.grade == nil, companions.contains(where: { row.values[$0] != nil }) {
            problems.append(row.problem(.missingValue, .disabilityGrade))
        }
        return problems + Self.checkDays(row, bad) + Self.checkLife(row)
    }

    /// What the row dates after the death that it tells, and can be true of the living only.
    private static func checkLife(_ row: RosterRow) -> [CellProblem] {
        guard let death = row.day(.diedOn) else { return [] }
        let ofTheLiving: [RosterColumn] = [
            .adoptedOn, .assessedOn, .careDependencyFrom, .livingArrangementFrom, .specialAssistanceFrom,
        ]
        return ofTheLiving.filter { row.day($0).map { $0 > death } == true }.map {
            row.problem(.afterDeath, $0, hint: CellHint(same: death.description))
        }
    }

    private static func checkDays(_ row: RosterRow, _ bad: Set<String>) -> [CellProblem] {
        var problems: [CellProblem] = []
        if let birth = row.birthDate {
            let days: [RosterColumn] = [
                .diedOn, .adoptedOn, .assessedOn, .careDependencyFrom, .livingArrangementFrom, .specialAssistanceFrom,
            ]
            for column in days {
                guard let day = row.day(column), day < birth else { continue }
                problems.append(row.problem(.dayOrder, column, hint: .early(day, than: .birthDate, birth)))
            }
        }
        if let from = row.day(.assessedOn), let through = row.day(.validThrough), through < from {
            problems.append(row.problem(.dayOrder, .validThrough, hint: .early(through, than: .assessedOn, from)))
        }
        for state in RosterColumn.states {
            guard let through = row.day(state.through) else { continue }
            guard let from = row.day(state.from) else {
                problems.append(row.problem(.missingValue, state.from))
                continue
            }
            if through < from {
                problems.append(row.problem(.dayOrder, state.through, hint: .early(through, than: state.from, from)))
            }
        }
        for fact in RosterColumn.personFacts {
            guard let from = fact.from, from != fact.value, from != .specialAssistanceFrom else { continue }
            if row.values[from] != nil, row.values[fact.value] == nil {
                problems.append(row.problem(.missingValue, fact.value))
            }
        }
        if row.values[.specialAssistanceCause] != nil, row.values[.specialAssistanceFrom] == nil {
            problems.append(row.problem(.missingValue, .specialAssistanceFrom))
        }
        for pairing in RosterColumn.pairings where row.text(pairing.name) == nil && row.text(pairing.unit) == nil {
            if bad.contains(pairing.unit.heading) { continue }
            if row.values[pairing.phone] != nil || row.values[pairing.from] != nil {
                problems.append(row.problem(.missingValue, pairing.name))
            }
        }
        return problems
    }

    /// Days of what was or is true that lie after the day of the import.
    func checkPast(_ today: CivilDay) -> [CellProblem] {
        RosterColumn.allCases.filter { column in
            let isEnd = column == .validThrough || column.heading.hasSuffix("止")
            return !isEnd && day(column).map { $0 > today } == true
        }.map { problem(.inFuture, $0) }
    }
}

extension CellHint {
    /// The two days that contradict each other.
    fileprivate static func early(_ day: CivilDay, than column: RosterColumn, _ other: CivilDay) -> CellHint {
        CellHint(
            "\(day) 早于“\(column.heading)”\(other)，请核对这两个日期",
            "\(day) is before \(column.heading) \(other); check both days")
    }
}
