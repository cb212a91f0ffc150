import CareDomain

/// A fact that comes along with a registration, and the cells that it comes from.
struct PlacedFact {
    let event: ProposedEvent
    let cell: CellPlace
    let dayCell: CellPlace
}

extension RosterRow {
    /// The cells behind the fields of the member that the row tells, by what follows the member in the field's path.
    var memberCells: [String: CellPlace] {
        let sex: RosterColumn = values[.sex] == nil ? .idNumber : .sex
        let birth: RosterColumn = values[.birthDate] == nil ? .idNumber : .birthDate
        return [
            "": place(.name), ".role": place(.role), ".sex": place(sex), ".birth_date": place(birth),
            ".id_number": place(.idNumber), ".name": place(.name), ".text": place(.namesake),
        ]
    }
}

extension FamilyPlanner {
    /// The command that registers a new family; nil with problems noted when it cannot be registered.
    mutating func registration() -> HouseholdCommand? {
        let place = familyRow(.division) ?? rows[0]
        let day = familyRow(.registeredOn)?.day(.registeredOn) ?? today
        if place.division == nil { problems.append(place.problem(.missingValue, .division)) }
        if let division = place.division, DivisionTable.standard.standing(of: division, on: day) == .unknown {
            problems.append(divisionProblem(division, on: day, in: place))
        }
        let archiveNumber = familyRow(.archiveNumber)?.text(.archiveNumber)
        if archiveNumber == nil, !rows.contains(where: { $0.idNumber != nil }) {
            problems.append(rows[0].problem(.notFindable, .idNumber))
        }
        let id = registerID
        var members: [PersonJoined] = []
        var facts: [PlacedFact] = []
        let fileDay = (familyRow(.registeredOn) ?? place).place(.registeredOn)
        var cells: [String: CellPlace] = [
            "occurred_on": fileDay, "household.occurred_on": fileDay,
            "household.division": place.place(.division), "members": rows[0].place(.idNumber),
            "household.archive_number": (familyRow(.archiveNumber) ?? rows[0]).place(.archiveNumber),
        ]
        for row in rows where row.birthDate.map({ $0 > day }) ?? false {
            problems.append(row.problem(.bornAfterFile, .birthDate, hint: CellHint(same: day.description)))
        }
        checkFormers(onDayOfFile: day)
        for (index, row) in rows.enumerated() {
            let person = DerivedIDs.person(of: id, place: index)
            members.append(joined(row, person))
            for (field, cell) in row.memberCells { cells["members[\(index)]" + field] = cell }
            facts += newFacts(row, person, fileDay: day)
        }
        facts += familyFacts(fileDay: day)
        guard problems.isEmpty, let division = place.division else { return nil }
        for (index, fact) in facts.enumerated() {
            cells["facts[\(index)]"] = fact.cell
            cells["facts[\(index)].occurred_on"] = fact.dayCell
        }
        self.cells[id] = cells
        let area = familyRow(.area)?.code(.area).flatMap(Area.init(rawValue:))
        let register = RegisterHousehold(
            household: HouseholdRegistered(division: division, area: area, archiveNumber: archiveNumber),
            members: members, facts: facts.map(\.event))
        return HouseholdCommand(
            id: id, household: DerivedIDs.household(of: id), occurredOn: day, action: .registerHousehold(register))
    }

    /// What is wrong with a code that was not in use on the day of the file: offices keep the old day with the code of today.
    /// Of which county the family was before a new one was founded nobody can say here, so it is asked.
    private func divisionProblem(_ division: DivisionCode, on day: CivilDay, in place: RosterRow) -> CellProblem {
        let table = DivisionTable.standard
        let usage = table.usage(of: division, on: day)
        guard usage.chinese != division.rawValue else { return place.problem(.noSuchDivision, .division) }
        func named(_ codes: [DivisionCode], on day: CivilDay) -> String {
            codes.map { table.label(of: $0, on: day) }.joined(separator: "、")
        }
        if table.isLater(division, than: day) {
            let before = named(table.predecessors(of: division, on: day), on: day)
            let hint = CellHint(
                usage.chinese + (before.isEmpty ? "" : "；以前是 \(before)"),
                usage.english + (before.isEmpty ? "" : "; before it \(before)"))
            return place.problem(.divisionLater, .division, hint: hint)
        }
        let after = named([table.current(division.county, on: day)].compactMap { $0 }, on: day)
        return place.problem(
            .noSuchDivision, .division,
            hint: CellHint(
                "（\(usage.chinese)" + (after.isEmpty ? "）" : "；后来是 \(after)）"),
                " (\(usage.english)" + (after.isEmpty ? ")" : "; after it \(after))")))
    }

    func joined(_ row: RosterRow, _ person: PersonID) -> PersonJoined {
        let details = PersonalDetails(
            name: row.text(.name), idNumber: digits(row), phone: row.text(.phone), address: row.text(.address),
            text: row.text(.namesake))
        return PersonJoined(
            person: person, role: row.role ?? .other, sex: row.sex, birthDate: row.birthDate,
            namesake: row.text(.namesake).map { _ in true },
            sealed: details.isEmpty ? [] : [SealedPart(subject: person, details: details)])
    }

    /// What a row says of a person of whom nothing is known yet.
    mutating func newFacts(_ row: RosterRow, _ person: PersonID, fileDay: CivilDay) -> [PlacedFact] {
        var facts: [PlacedFact] = []
        func add(_ event: HouseholdEvent, on day: CivilDay, _ column: RosterColumn, dated: RosterColumn) {
            facts.append(
                PlacedFact(
                    event: ProposedEvent(occurredOn: day, event: event), cell: row.place(column),
                    dayCell: row.place(dated)))
        }
        if row.grade != nil {
            if let day = row.day(.assessedOn) {
                add(.disabilityAssessed(assessment(row, person)), on: day, .disabilityGrade, dated: .assessedOn)
            } else {
                problems.append(
                    row.problem(.needsDay, .disabilityGrade, hint: CellHint(same: RosterColumn.assessedOn.heading)))
            }
        }
        for columns in RosterColumn.personFacts {
            guard let value = factValue(row, columns) else { continue }
            let given = columns.from.flatMap { row.day($0) }
            // What is told without a day of somebody who had died by then was true to the end.
            let last = min(fileDay, row.day(.diedOn) ?? fileDay)
            add(
                .factStated(stated(columns.fact, value, .person(person))), on: given ?? last, columns.value,
                dated: given == nil ? columns.value : columns.from ?? columns.value)
        }
        if row.isLaterChild, let birth = row.birthDate {
            add(.childBorn(ChildBorn(child: person)), on: birth, .role, dated: .birthDate)
            noteTwin(row)
        }
        if let day = row.day(.adoptedOn) {
            add(.childAdopted(ChildAdopted(child: person)), on: day, .adoptedOn, dated: .adoptedOn)
        }
        if let day = row.day(.diedOn) { add(.personDied(PersonDied(person: person)), on: day, .diedOn, dated: .diedOn) }
        return facts
    }

    private mutating func familyFacts(fileDay: CivilDay) -> [PlacedFact] {
        var facts: [PlacedFact] = []
        for state in RosterColumn.states {
            guard let row = familyRow(state.from), let day = row.day(state.from) else { continue }
            let until = familyRow(state.through)?.day(state.through).map { $0 + 1 }
            let event = HouseholdEvent.factStated(stated(state.fact, .bool(true), .household, until: until))
            facts.append(
                PlacedFact(
                    event: ProposedEvent(occurredOn: day, event: event), cell: row.place(state.from),
                    dayCell: row.place(state.from)))
        }
        for columns in RosterColumn.pairings {
            guard let row = pairingRow(columns) else { continue }
            let (helper, sealed) = helper(columns, in: row)
            let event = HouseholdEvent.pairingAssigned(
                PairingAssigned(kind: columns.kind, helper: helper, sealed: sealed))
            facts.append(
                PlacedFact(
                    event: ProposedEvent(occurredOn: row.day(columns.from) ?? fileDay, event: event),
                    cell: row.place(row.text(columns.name) == nil ? columns.unit : columns.name),
                    dayCell: row.place(columns.from)))
        }
        return facts
    }

    /// The row that names a helper of the slot.
    func pairingRow(_ columns: RosterColumn.PairingColumns) -> RosterRow? {
        familyRow(columns.name) ?? familyRow(columns.unit)
    }

    func assessment(_ row: RosterRow, _ person: PersonID) -> DisabilityAssessed {
        let number = row.text(.disabilityNumber)
        return DisabilityAssessed(
            person: person, kind: row.code(.disabilityKind).flatMap { Code($0) }, grade: row.grade ?? 0,
            validThrough: row.day(.validThrough),
            sealed: number.map { [SealedPart(subject: person, details: PersonalDetails(certificateNumber: $0))] } ?? [])
    }

    func factValue(_ row: RosterRow, _ columns: RosterColumn.PersonFactColumns) -> FactValue? {
        if let day = row.day(columns.value) { return .day(day) }
        return row.code(columns.value).flatMap { Code($0) }.map { .code($0) }
    }

    func stated(
        _ fact: FactID, _ value: FactValue, _ subject: FactSubject, until: CivilDay? = nil
    ) -> FactStated {
        FactStated(fact: fact, subject: subject, value: value, until: until, source: Code(unchecked: "roster"))
    }
}
