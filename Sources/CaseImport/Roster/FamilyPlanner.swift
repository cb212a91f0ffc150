import CareDomain

/// Works out what the rows of one family mean.
struct FamilyPlanner<Lookup: FamilyLookup> {
    let rows: [RosterRow]
    let key: String
    let file: Identifier128
    let lookup: Lookup
    let mode: RosterMode
    let today: CivilDay
    let helpers: FileHelpers
    var problems: [CellProblem] = []
    var changes: [CellChange] = []
    var commands: [HouseholdCommand] = []
    var cells: [CommandID: [String: CellPlace]] = [:]
    /// Rows of people who left the family, and where they are.
    var gone: [Int: HouseholdID] = [:]
    /// Columns whose cells could not be compared.
    var uncompared: Set<RosterColumn> = []
    /// When the only child was born, by the table or else the record.
    private var onlyChildBirth: CivilDay?
    /// Rows of twins that were born more than a day after the only child, and whose birth is recorded now.
    private var twinsApart: [Int] = []
    /// The cell that was last found to differ: a command that follows comes from it.
    private var lastCell: CellPlace?

    init(
        rows: [RosterRow], key: String, file: Identifier128, lookup: Lookup, mode: RosterMode, today: CivilDay,
        helpers: FileHelpers
    ) {
        self.rows = rows
        self.key = key
        self.file = file
        self.lookup = lookup
        self.mode = mode
        self.today = today
        self.helpers = helpers
    }

    /// The command that registers the family, if it is new.
    var registerID: CommandID { DerivedIDs.command(scope: file, "roster,register,\(key)") }

    /// - Parameters:
    ///   - repeated: ID numbers that stand in the file more than once, with their rows.
    ///   - sharing: first rows of other families of the file that give the same archive number of one county.
    ///   - alike: first rows of other families of the file that are this one told again.
    ///   - beside: rows that may be of this family as well, where no row says to which one it belongs.
    mutating func plan(repeated: [String: [Int]], sharing: [Int], alike: [Int], beside: [Int]) -> FamilyPlan {
        problems = rows.flatMap { row in
            row.problems + row.checkPast(today).filter { late in !row.problems.contains { $0.heading == late.heading } }
        }
        for row in rows {
            let others = row.idNumber.flatMap { repeated[$0.digits] }?.filter { $0 != row.row } ?? []
            if !others.isEmpty { problems.append(row.problem(.repeatedPerson, .idNumber, hint: .rows(others))) }
        }
        if let row = familyRow(.archiveNumber), !sharing.isEmpty {
            let others = CellHint.rows(sharing).chinese
            problems.append(
                row.problem(.archiveNumberTaken, .archiveNumber, hint: CellHint("第 \(others) 行", "row \(others)")))
        }
        if !alike.isEmpty { problems.append(rows[0].problem(.familyTwice, .name, hint: .rows(alike))) }
        checkFamilyCells()
        checkRoles()
        guard problems.isEmpty else {
            addWhatNewFamiliesLack()
            return refused()
        }
        var known: KnownFamily?
        do { known = try find() } catch {
            problems.append(error)
            return refused()
        }
        var former: HouseholdID?
        if let closed = known, isNewFile(besides: closed) {
            checkOpened(after: closed)
            guard problems.isEmpty else { return refused(closed.id) }
            former = isNobody(of: closed) ? nil : closed.id
            known = nil
        }
        onlyChildBirth =
            rows.first { $0.role == .onlyChild }?.birthDate
            ?? known?.household.members.last { $0.role == .onlyChild && $0.leftOn == nil }?.birthDate
        checkChildStatus(known)
        checkDeathsOfParents(known)
        checkArchiveNumber(known)
        guard problems.isEmpty else { return refused(known?.id) }
        guard let known else {
            guard let command = registration() else { return refused() }
            guard beside.isEmpty else {
                problems.append(rows[0].problem(.besideAnother, .familyLabel, hint: .rows(beside)))
                return refused()
            }
            return FamilyPlan(
                rows: rows.map(\.row), outcome: .new, household: command.household, changes: [], commands: [command],
                uncompared: [], cells: cells, former: former, twinsApart: twinsApart)
        }
        guard known.household.status == .active else {
            problems.append(rows[0].problem(.closedHousehold, .householdID, hint: Self.closedHint(known)))
            return refused(known.id)
        }
        compare(with: known)
        guard problems.isEmpty else { return refused(known.id) }
        return FamilyPlan(
            rows: rows.map(\.row), outcome: changes.isEmpty ? .unchanged : .changed, household: known.id,
            changes: changes, commands: mode == .report ? [] : commands, uncompared: uncompared, cells: cells,
            gone: gone, twinsApart: twinsApart)
    }

    private func refused(_ household: HouseholdID? = nil) -> FamilyPlan {
        FamilyPlan(
            rows: rows.map(\.row), outcome: .refused(problems), household: household, changes: [], commands: [],
            uncompared: [], cells: [:])
    }

    /// Beside what is wrong with the cells of a family that is not on file, what else it lacks to be registered: whoever puts
    /// the cells right should not have to come back for that.
    private mutating func addWhatNewFamiliesLack() {
        guard !rows.contains(where: \.hasBadFamilyKey), !problems.contains(where: { $0.kind == .brokenRow }) else {
            return
        }
        do { if try find() != nil { return } } catch { return }
        let told = problems
        _ = registration()
        problems = told + problems.dropFirst(told.count).filter { !$0.restsOn(told) }
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

    /// 子女状况 in a parent's row speaks of the child: what goes with it stands in the child's row, or is on record.
    private mutating func checkChildStatus(_ known: KnownFamily?) {
        let children = rows.filter { $0.role?.isChild == true }
        let onRecord = (known?.household.members ?? []).filter(\.role.isChild)
        for row in rows where row.role?.isParent == true {
            switch row.code(.childStatus) {
            case "dead":
                let isTold = children.contains { $0.day(.diedOn) != nil } || onRecord.contains { $0.diedOn != nil }
                if !isTold { problems.append(missing(.diedOn, children, row)) }
            case "disabled":
                let isTold =
                    children.contains { $0.grade != nil } || onRecord.contains { !$0.disabilities.isEmpty }
                    || (known?.keepsDisabilities ?? false)
                if !isTold { problems.append(missing(.disabilityGrade, children, row)) }
            case "alive":
                for child in children where child.day(.diedOn) != nil {
                    problems.append(
                        child.problem(.contradicts, .diedOn, hint: CellHint(same: RosterColumn.childStatus.heading)))
                }
            default: break
            }
        }
    }

    /// A cell that the child's row lacks; asked in the parent's row where no child has one.
    private func missing(_ column: RosterColumn, _ children: [RosterRow], _ parent: RosterRow) -> CellProblem {
        guard let child = children.first else {
            return parent.problem(
                .missingValue, .childStatus,
                hint: CellHint("请添上子女一行，填写\(column.heading)", "add the child's row with \(column.heading)"))
        }
        return child.problem(.missingValue, column)
    }

    /// The child's day of death in a parent's row is the commonest slip of all, and what it records is grave: a day in a
    /// parent's row is taken only where the table or the archive says how the child is.
    private mutating func checkDeathsOfParents(_ known: KnownFamily?) {
        let isToldHere = rows.contains { row in
            row.role?.isChild == true
                && (row.code(.childStatus) != nil || row.day(.diedOn) != nil || row.grade != nil)
        }
        let members = known?.household.members ?? []
        let isOnRecord = members.contains {
            $0.role.isChild && ($0.diedOn != nil || !$0.disabilities.isEmpty || known?.keepsDisabilities ?? false)
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

    func digits(_ row: RosterRow) -> String? { row.idNumber?.digits }

    /// A command of this file; the same difference in the same file is the same command.
    mutating func send(
        _ action: HouseholdAction, to known: KnownFamily, on day: CivilDay, correcting reference: EventReference? = nil,
        as purpose: String, dated dayCell: CellPlace? = nil
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
        if let lastCell { cells[id] = ["": lastCell] }
        if let dayCell { cells[id, default: [:]]["occurred_on"] = dayCell }
        commands.append(
            HouseholdCommand(id: id, household: known.id, occurredOn: day, correction: correction, action: action))
    }

    /// Takes down that cells about what is kept from the caller could not be compared. They are not sent either: whether the
    /// record says the same would otherwise be stated anew with each import, or be told by what becomes of it.
    mutating func skip(_ columns: [RosterColumn?], in row: RosterRow) {
        uncompared.formUnion(columns.compactMap { $0 }.filter { row.values[$0] != nil })
    }

    /// Takes down a twin who was not born with the only child. Who was born before, the door tells of, whatever the role is called.
    mutating func noteTwin(_ row: RosterRow) {
        guard row.isTwin, let birth = row.birthDate, let other = onlyChildBirth, birth > other + 1 else { return }
        twinsApart.append(row.row)
    }

    mutating func note(_ row: RosterRow, _ column: RosterColumn, old: String?, new: String) {
        changes.append(
            CellChange(row: row.row, column: column, old: old.map(column.word), new: column.word(of: new)))
        lastCell = row.place(column)
    }
}

extension CellProblem {
    /// Whether it may be there only because of what is told already.
    fileprivate func restsOn(_ told: [CellProblem]) -> Bool {
        func isTold(_ columns: RosterColumn..., in rows: ClosedRange<Int>? = nil) -> Bool {
            told.contains { problem in
                columns.contains { $0.heading == problem.heading } && rows?.contains(problem.row) ?? true
            }
        }
        switch kind {
        case .missingValue where heading == RosterColumn.division.heading: return isTold(.division)
        case .noSuchDivision, .divisionLater: return isTold(.division, .registeredOn)
        case .notFindable: return isTold(.idNumber, .archiveNumber)
        case .needsDay: return isTold(.assessedOn, in: row...row)
        default: return told.contains { $0.row == row && $0.heading == heading }
        }
    }
}
