import CareDomain

extension FamilyPlanner {
    /// The command that registers a new family; nil with problems noted when it cannot be registered.
    mutating func registration() -> HouseholdCommand? {
        guard let place = familyRow(.division), let division = place.division else {
            problems.append(rows[0].problem(.missingValue, .division))
            return nil
        }
        let archiveNumber = familyRow(.archiveNumber)?.text(.archiveNumber)
        guard archiveNumber != nil || rows.contains(where: { $0.idNumber != nil }) else {
            problems.append(rows[0].problem(.notFindable, .idNumber))
            return nil
        }
        let day = familyRow(.registeredOn)?.day(.registeredOn) ?? today
        let id = registerID
        var members: [PersonJoined] = []
        var facts: [ProposedEvent] = []
        for (index, row) in rows.enumerated() {
            let person = DerivedIDs.person(of: id, place: index)
            members.append(joined(row, person))
            facts += newFacts(row, person, fileDay: day)
        }
        facts += familyFacts(fileDay: day)
        guard problems.isEmpty else { return nil }
        let area = familyRow(.area)?.code(.area).flatMap(Area.init(rawValue:))
        let register = RegisterHousehold(
            household: HouseholdRegistered(division: division, area: area, archiveNumber: archiveNumber),
            members: members, facts: facts)
        return HouseholdCommand(
            id: id, household: DerivedIDs.household(of: id), occurredOn: day, action: .registerHousehold(register))
    }

    func joined(_ row: RosterRow, _ person: PersonID) -> PersonJoined {
        let details = PersonalDetails(
            name: row.text(.name), idNumber: digits(row), phone: row.text(.phone), address: row.text(.address))
        return PersonJoined(
            person: person, role: row.role ?? .other, sex: row.sex, birthDate: row.birthDate,
            sealed: details.isEmpty ? [] : [SealedPart(subject: person, details: details)])
    }

    /// What a row says of a person of whom nothing is known yet.
    mutating func newFacts(_ row: RosterRow, _ person: PersonID, fileDay: CivilDay) -> [ProposedEvent] {
        var facts: [ProposedEvent] = []
        if row.grade != nil {
            if let day = row.day(.assessedOn) {
                facts.append(ProposedEvent(occurredOn: day, event: .disabilityAssessed(assessment(row, person))))
            } else {
                problems.append(
                    row.problem(.needsDay, .disabilityGrade, hint: CellHint(same: RosterColumn.assessedOn.heading)))
            }
        }
        for columns in RosterColumn.personFacts {
            guard let value = factValue(row, columns) else { continue }
            let day = columns.from.flatMap { row.day($0) } ?? fileDay
            facts.append(
                ProposedEvent(occurredOn: day, event: .factStated(stated(columns.fact, value, .person(person)))))
        }
        if let day = row.day(.diedOn) {
            facts.append(ProposedEvent(occurredOn: day, event: .personDied(PersonDied(person: person))))
        }
        return facts
    }

    private mutating func familyFacts(fileDay: CivilDay) -> [ProposedEvent] {
        var facts: [ProposedEvent] = []
        for state in RosterColumn.states {
            guard let day = familyRow(state.from)?.day(state.from) else { continue }
            let until = familyRow(state.through)?.day(state.through).map { $0 + 1 }
            facts.append(
                ProposedEvent(
                    occurredOn: day,
                    event: .factStated(stated(state.fact, .bool(true), .household, until: until))))
        }
        for columns in RosterColumn.pairings {
            guard let row = pairingRow(columns) else { continue }
            let (helper, sealed) = helper(columns, in: row)
            facts.append(
                ProposedEvent(
                    occurredOn: row.day(columns.from) ?? fileDay,
                    event: .pairingAssigned(PairingAssigned(kind: columns.kind, helper: helper, sealed: sealed))))
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
