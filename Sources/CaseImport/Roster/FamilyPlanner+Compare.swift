import CareDomain

extension FamilyPlanner {
    /// Compares every cell with the archive.
    mutating func compare(with known: KnownFamily) {
        comparePlace(with: known)
        comparePeople(with: known)
        compareStates(known)
        comparePairings(known)
        // Last, because a family that moves away may be another office's from then on.
        commands = commands.filter { !$0.isMove } + commands.filter(\.isMove)
    }

    private mutating func comparePeople(with known: KnownFamily) {
        let before = changes.count
        var joining: [RosterRow] = []
        if isRoster(of: known) {
            for row in rows { gone[row.row] = family(of: row, whoLeft: known) }
        }
        let here = rows.filter { gone[$0.row] == nil }
        for (row, match) in zip(here, matches(of: here, in: known)) {
            switch match {
            case .member(let member):
                compareDetails(row, member, known)
                compareBirth(row, member, known)
                compareAdoption(row, member, known)
                compareDeath(row, member, known)
                compareDisability(row, member, known)
                compareFacts(row, .person(member.id), known)
            case .nobody: joining.append(row)
            case .other(let member):
                let hint = CellHint(member.role.chinese, member.role.rawValue)
                let column: RosterColumn = row.text(.name) == nil ? .idNumber : .name
                problems.append(row.problem(member.diedOn == nil ? .anotherPerson : .notWhoDied, column, hint: hint))
            case .left(let member):
                problems.append(
                    row.problem(.hasLeft, .name, hint: CellHint(same: member.leftOn?.description ?? "")))
            case .unseen: problems.append(row.problem(.notVisible, .name))
            }
        }
        // After the deaths of those on record, and the dead first: whoever stands in somebody's place comes after them.
        for row in joining where row.day(.diedOn) != nil { add(row, to: known) }
        for row in joining where row.day(.diedOn) == nil { add(row, to: known) }
        let told = changes[before...]
        changes = changes[..<before] + rows.flatMap { row in told.filter { $0.row == row.row } }
    }

    /// The day of a new fact without a day of its own; nil with a problem noted when the mode gives none.
    mutating func dayOfChange(_ row: RosterRow, _ column: RosterColumn, hint: RosterColumn? = nil) -> CivilDay? {
        switch mode {
        case .report: return today
        case .change(let day): return day
        case .correction:
            problems.append(row.problem(.needsDay, column, hint: CellHint(same: (hint ?? column).heading)))
            return nil
        }
    }

    var isCorrection: Bool { if case .correction = mode { true } else { false } }
    var isChange: Bool { if case .change = mode { true } else { false } }

    /// A person of the rows whom the family does not have yet.
    private mutating func add(_ row: RosterRow, to known: KnownFamily) {
        note(row, .name, old: nil, new: row.text(.name) ?? "")
        let day: CivilDay
        let opened = known.household.registeredOn ?? today
        let from = max(opened, row.birthDate ?? opened)
        switch mode {
        case .report: return
        // Whoever had died by then did not come on that day: they belonged to the family before.
        case .change(let on) where row.day(.diedOn).map({ $0 >= on }) ?? true: day = on
        case .change, .correction: day = from
        }
        checkFormer(of: row, in: known, joining: day)
        let purpose = "add,\(digits(row) ?? ""),\(row.text(.name) ?? ""),\(row.role?.rawValue ?? "")"
        let id = DerivedIDs.command(scope: file, "roster,\(known.id),\(purpose),\(day),0")
        let person = DerivedIDs.person(of: id, place: 0)
        let isFormer = isFormer(row, of: known)
        var joined = joined(row, person)
        if isFormer { joined.role = .other }
        send(.addPerson(joined), to: known, on: day, as: purpose)
        // Here the member is the whole command, so its fields stand at the beginning of the path.
        cells[id] = row.memberCells.reduce(into: [:]) { $0[String($1.key.drop { $0 == "." })] = $1.value }
        let told: CivilDay = if case .change(let on) = mode { on } else { day }
        for fact in newFacts(row, person, fileDay: told) {
            guard let action = HouseholdAction(bringing: fact.event.event) else { continue }
            let purpose = "\(purpose),\(action.name),\(commands.count)"
            send(action, to: known, on: fact.event.occurredOn, as: purpose)
            if let last = commands.last { cells[last.id] = ["": fact.cell, "occurred_on": fact.dayCell] }
        }
        if isFormer, let role = row.role {
            // Two are never recorded as living in one role, not even between two commands: the dead get theirs after the death.
            let change = PersonDetailsChanged(person: person, role: role)
            send(.changePersonDetails(change), to: known, on: max(day, row.day(.diedOn) ?? day), as: "\(purpose),role")
        }
    }

    private mutating func comparePlace(with known: KnownFamily) {
        let household = known.household
        let entry = household.residences.last { $0.kind == .registration }
        let division = familyRow(.division)?.division
        let area = familyRow(.area)?.code(.area).flatMap(Area.init(rawValue:))
        let archive = familyRow(.archiveNumber)?.text(.archiveNumber)
        let newDivision = division != nil && division != entry?.division
        let newArea = area != nil && area != entry?.area
        let newArchive = archive != nil && archive != household.archiveNumber
        // Each county gives its own numbers: of the county that keeps the file now it gave none yet.
        let isGiven = newArchive && division != nil && division?.county != household.archiveNumberDivision?.county
        let opened = newDayOfFile(household)
        if newDivision, let row = familyRow(.division), let division {
            note(row, .division, old: entry?.division.rawValue, new: division.rawValue)
        }
        if newArea, let row = familyRow(.area), let area {
            note(row, .area, old: entry?.area?.rawValue, new: area.rawValue)
        }
        if newArchive, let row = familyRow(.archiveNumber), let archive {
            note(row, .archiveNumber, old: household.archiveNumber, new: archive)
            if isChange, !isGiven { problems.append(row.problem(numberProblem(household), .archiveNumber)) }
        }
        guard newDivision || newArea || newArchive || opened != nil, let place = division ?? entry?.division else {
            return
        }
        if case .change(let day) = mode, newDivision || newArea || isGiven {
            let moved = HouseholdMoved(
                kind: .registration, division: place, area: area ?? (newDivision ? nil : entry?.area),
                archiveNumber: isGiven ? archive : nil)
            send(.moveHousehold(moved), to: known, on: day, as: "move")
            guard isGiven, let last = commands.last else { return }
            cells[last.id, default: [:]]["archive_number"] = familyRow(.archiveNumber)?.place(.archiveNumber)
            cells[last.id, default: [:]]["division"] = familyRow(.division)?.place(.division)
        }
        guard isCorrection, let entry else { return }
        var corrected = CorrectedPlace(opened: opened)
        if newDivision || newArea { corrected.place = (entry.reference, place, area) }
        if newArchive, let archive { corrected.number = (numberSource(household, entry, division), archive) }
        correct(corrected, known)
    }

    /// Why a number is no change: it was given for good, unless another county gives one, which the division says.
    private func numberProblem(_ household: Household) -> CellProblem.Kind {
        let county = household.residences.last { $0.kind == .registration }?.division.county
        return familyRow(.division) == nil && county != household.archiveNumberDivision?.county
            ? .numberOfNewCounty : .onlyCorrection
    }

    /// The day from which the file is kept, where the table names another one than the archive. Only a correction can
    /// say that: a file is opened once.
    private mutating func newDayOfFile(_ household: Household) -> CivilDay? {
        guard let row = familyRow(.registeredOn), let day = row.day(.registeredOn), day != household.registeredOn
        else { return nil }
        note(row, .registeredOn, old: household.registeredOn?.description, new: day.description)
        if isChange { problems.append(row.problem(.onlyCorrection, .registeredOn)) }
        return day
    }

    /// What is to be put right of where the file is kept, each with the event that says it.
    private struct CorrectedPlace {
        var place: (source: EventReference, division: DivisionCode, area: Area?)?
        var number: (source: EventReference, text: String)?
        var opened: CivilDay?
    }

    /// The event that should say the number: the one that gave it; where the table's county gave none yet, the one that brought the
    /// family there.
    private func numberSource(
        _ household: Household, _ entry: ResidenceEntry, _ division: DivisionCode?
    ) -> EventReference {
        let given = household.archiveNumbers.last
        guard let county = division?.county, county != given?.division.county else {
            return given?.reference ?? entry.reference
        }
        let registrations = household.residences.filter { $0.kind == .registration }
        let here = registrations.reversed().prefix { $0.division.county == county }
        return here.last?.reference ?? entry.reference
    }

    private mutating func correct(_ corrected: CorrectedPlace, _ known: KnownFamily) {
        let first = known.lastEvent { if case .registered = $0 { true } else { false } }?.reference
        let sources = [corrected.place?.source, corrected.number?.source, corrected.opened.flatMap { _ in first }]
        // The latest first.
        for source in Set(sources.compactMap { $0 }).sorted().reversed() {
            guard let event = known.effective(source) else { continue }
            let place = corrected.place.flatMap { $0.source == source ? $0 : nil }
            let number = corrected.number.flatMap { $0.source == source ? $0.text : nil }
            switch event.event {
            case .moved(var payload):
                payload.division = place?.division ?? payload.division
                payload.area = place?.area ?? payload.area
                payload.archiveNumber = number ?? payload.archiveNumber
                send(
                    .moveHousehold(payload), to: known, on: event.occurredOn, correcting: event.reference, as: "place")
            case .registered(var payload):
                payload.division = place?.division ?? payload.division
                payload.area = place?.area ?? payload.area
                payload.archiveNumber = number ?? payload.archiveNumber
                let register = RegisterHousehold(household: payload, members: [])
                send(
                    .registerHousehold(register), to: known, on: corrected.opened ?? event.occurredOn,
                    correcting: source, as: "file")
            default: break
            }
        }
    }
}

extension HouseholdCommand {
    fileprivate var isMove: Bool { if case .moveHousehold = action { true } else { false } }
}
