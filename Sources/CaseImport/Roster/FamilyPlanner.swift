import CareDomain

/// Works out what the rows of one family mean.
struct FamilyPlanner<Lookup: FamilyLookup> {
    let rows: [RosterRow]
    let key: String
    let file: Identifier128
    let lookup: Lookup
    let mode: RosterMode
    let today: CivilDay
    var problems: [CellProblem] = []
    var changes: [CellChange] = []
    var commands: [HouseholdCommand] = []

    init(rows: [RosterRow], key: String, file: Identifier128, lookup: Lookup, mode: RosterMode, today: CivilDay) {
        self.rows = rows
        self.key = key
        self.file = file
        self.lookup = lookup
        self.mode = mode
        self.today = today
    }

    /// The command that registers the family, if it is new.
    var registerID: CommandID { DerivedIDs.command(scope: file, "roster,register,\(key)") }

    mutating func plan(repeated: Set<String>) -> FamilyPlan {
        problems = rows.flatMap(\.problems)
        for row in rows where row.idNumber.map({ repeated.contains($0.digits) }) == true {
            problems.append(row.problem(.repeatedPerson, .idNumber))
        }
        checkFamilyCells()
        checkRoles()
        guard problems.isEmpty else { return refused() }
        let known: KnownFamily?
        do { known = try find() } catch {
            problems.append(error)
            return refused()
        }
        checkDeathsOfParents(known)
        guard problems.isEmpty else { return refused(known?.id) }
        guard let known else {
            guard let command = registration() else { return refused() }
            return FamilyPlan(
                rows: rows.map(\.row), outcome: .new, household: command.household, changes: [], commands: [command])
        }
        guard known.household.status == .active else {
            problems.append(rows[0].problem(.closedHousehold, .householdID))
            return refused(known.id)
        }
        compare(with: known)
        guard problems.isEmpty else { return refused(known.id) }
        return FamilyPlan(
            rows: rows.map(\.row), outcome: changes.isEmpty ? .unchanged : .changed, household: known.id,
            changes: changes, commands: mode == .report ? [] : commands)
    }

    private func refused(_ household: HouseholdID? = nil) -> FamilyPlan {
        FamilyPlan(
            rows: rows.map(\.row), outcome: .refused(problems), household: household, changes: [], commands: [])
    }

    /// Columns of the family must not say two things.
    private mutating func checkFamilyCells() {
        for column in RosterColumn.allCases where column.isOfFamily {
            var first: CellValue?
            for row in rows {
                guard let value = row.values[column] else { continue }
                if let first, first != value {
                    problems.append(row.problem(.contradicts, column, hint: CellHint(same: column.heading)))
                }
                first = first ?? value
            }
        }
    }

    private mutating func checkRoles() {
        var roles: Set<MemberRole> = []
        for row in rows {
            guard let role = row.role, role != .other, role != .adoptedChild else { continue }
            if !roles.insert(role).inserted { problems.append(row.problem(.repeatedRole, .role)) }
        }
    }

    /// The child's day of death in a parent's row is the commonest slip of all, and what it records is grave: a day in a
    /// parent's row is taken only where the table or the archive says how the child is.
    private mutating func checkDeathsOfParents(_ known: KnownFamily?) {
        let children: Set<MemberRole> = [.onlyChild, .adoptedChild]
        let isToldHere = rows.contains { row in
            row.role.map(children.contains) == true
                && (row.code(.childStatus) != nil || row.day(.diedOn) != nil || row.grade != nil)
        }
        let members = known?.household.members ?? []
        let isOnRecord = members.contains {
            children.contains($0.role) && ($0.diedOn != nil || !$0.disabilities.isEmpty)
        }
        guard !isToldHere, !isOnRecord else { return }
        for row in rows where row.role?.isParent == true && row.day(.diedOn) != nil {
            // A death that is on record already was looked at when it came in.
            let isKnown = members.contains { $0.role == row.role && $0.diedOn != nil }
            if !isKnown { problems.append(row.problem(.parentOrChildDied, .diedOn)) }
        }
    }

    /// The value of a family column, from the first row that has it.
    func familyRow(_ column: RosterColumn) -> RosterRow? { rows.first { $0.values[column] != nil } }

    /// The family in the archive; nil when it is new.
    private func find() throws(CellProblem) -> KnownFamily? {
        if let row = familyRow(.householdID), let id = row.household {
            guard let family = lookup.family(id) else { throw row.problem(.unknownHousehold, .householdID) }
            return family
        }
        var found: [HouseholdID: KnownFamily] = [:]
        if let number = familyRow(.archiveNumber)?.text(.archiveNumber),
            let family = lookup.family(archiveNumber: number)
        {
            found[family.id] = family
        }
        for row in rows {
            guard let number = row.idNumber, let family = lookup.family(idNumber: number.digits) else { continue }
            found[family.id] = family
        }
        if found.isEmpty, let family = lookup.family(DerivedIDs.household(of: registerID)) { return family }
        guard found.count <= 1 else {
            throw CellProblem(.severalHouseholds, row: rows[0].row)
        }
        if found.isEmpty, let similar = similar() {
            throw rows[0].problem(.similarHousehold, .householdID, hint: CellHint(same: similar.id.description))
        }
        return found.values.first
    }

    /// A family of which every row is a member by name and role: surely the same one with a number mistyped.
    private func similar() -> KnownFamily? {
        guard rows.count > 1 else { return nil }
        for row in rows {
            guard let name = row.text(.name) else { continue }
            let same = lookup.families(headName: name).first { family in
                rows.allSatisfy { row in
                    family.household.members.contains {
                        $0.details?.name != nil && $0.details?.name == row.text(.name) && $0.role == row.role
                    }
                }
            }
            if let same { return same }
        }
        return nil
    }

    func digits(_ row: RosterRow) -> String? { row.idNumber?.digits }

    /// A command of this file; the same difference in the same file is the same command.
    mutating func send(
        _ action: HouseholdAction, to known: KnownFamily, on day: CivilDay, correcting reference: EventReference? = nil,
        as purpose: String
    ) {
        var correction: Correction?
        if let reference, case .correction(let reason, let text) = mode {
            let subject = known.household.members.first?.id
            let parts = text.flatMap { text in
                subject.map { [SealedPart(subject: $0, details: PersonalDetails(text: text))] }
            }
            correction = Correction(corrects: known.standing(reference), reason: reason, sealed: parts ?? [])
        }
        let id = DerivedIDs.command(scope: file, "roster,\(known.id),\(purpose),\(day),\(reference?.sequence ?? 0)")
        commands.append(
            HouseholdCommand(id: id, household: known.id, occurredOn: day, correction: correction, action: action))
    }

    mutating func note(_ row: RosterRow, _ column: RosterColumn, old: String?, new: String) {
        changes.append(
            CellChange(row: row.row, column: column, old: old.map(column.word), new: column.word(of: new)))
    }

    /// The helper a row names, with a known id where somebody of this name and unit is known.
    func helper(_ columns: RosterColumn.PairingColumns, in row: RosterRow) -> (Helper, [SealedPart]) {
        let name = row.text(columns.name)
        let unit = row.text(columns.unit)
        let phone = row.text(columns.phone)
        let found = name.flatMap { lookup.helper(name: $0, unit: unit) }
        let id =
            found ?? DerivedIDs.outsider(scope: file, "helper,\(unit ?? ""),\(name ?? ""),\(name == nil ? key : "")")
        let details = PersonalDetails(name: name, phone: phone)
        return (
            Helper(id: id, unit: unit, hasRealName: name != nil),
            details.isEmpty ? [] : [SealedPart(subject: id, details: details)]
        )
    }
}
