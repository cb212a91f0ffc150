import CareDomain

/// Which family of the archive the rows mean.
extension FamilyPlanner {
    /// The family in the archive; nil when it is new.
    func find() throws(CellProblem) -> KnownFamily? {
        if let row = familyRow(.householdID), let id = row.household {
            guard let family = lookup.family(id) else { throw row.problem(.unknownHousehold, .householdID) }
            return family
        }
        var found: [HouseholdID: KnownFamily] = [:]
        var numbered: HouseholdID?
        var sharing: [HouseholdID: [RosterRow]] = [:]
        if let number = familyRow(.archiveNumber)?.text(.archiveNumber) {
            let meant = meant(by: number)
            guard meant.count <= 1 else { throw rows[0].problem(.severalCounties, .householdID) }
            if let family = meant.first { found[family.id] = family }
            numbered = meant.first?.id
        }
        for row in rows {
            guard let number = row.idNumber, let family = lookup.family(idNumber: number.digits) else { continue }
            sharing[family.id, default: []].append(row)
            found[family.id] = family
        }
        // A file that is over holds nobody: whoever is in one that is kept is there.
        let kept = found.filter { $0.value.household.status == .active }
        if !kept.isEmpty { found = kept }
        if let home = home(among: found, sharing, numbered: numbered) { found = [home.id: home] }
        if found.isEmpty, let family = lookup.family(DerivedIDs.household(of: registerID)) { return family }
        guard found.count <= 1 else {
            let firsts = sharing.compactMapValues(\.first)
            throw CellProblem(.severalHouseholds, row: rows[0].row, hint: places(of: found.keys.sorted(), firsts))
        }
        if found.isEmpty, let similar = similar() {
            throw rows[0].problem(.similarHousehold, .householdID, hint: CellHint(same: similar.id.description))
        }
        let family = found.values.first
        if let family, family.household.status == .active, let row = sharing[family.id]?.first,
            isOtherFamily(than: family)
        {
            let others = CellHint.rows(strangers(to: family).map(\.row)).chinese
            throw row.problem(
                .memberElsewhere, .idNumber,
                hint: CellHint(
                    "\(family.id)，档案号不同，第 \(others) 行的人不是那一户的",
                    "\(family.id), with another archive number, to which row \(others) does not belong"))
        }
        if let family, family.household.status == .active, isFileOfParent(whoLeft: family),
            let row = sharing[family.id]?.first(where: { member(of: $0, whoLeft: family) == nil })
        {
            throw row.problem(
                .memberElsewhere, .idNumber,
                hint: CellHint(
                    "\(family.id)，档案号不同，父母已从那一户离开；亡故的独生子女两户都写的，这一行不写身份证号，写出生日期",
                    "\(family.id), with another archive number, which the parent left; an only child who died and stands in both "
                        + "files has no ID number in this row, but a birth date"))
        }
        return family
    }

    /// Of several families that the rows name the one whose old roster they are: whoever left it for a family of their own stands
    /// in it still. The others are found through such people only, and the parents are its own.
    private func home(
        among found: [HouseholdID: KnownFamily], _ sharing: [HouseholdID: [RosterRow]], numbered: HouseholdID?
    ) -> KnownFamily? {
        guard found.count > 1 else { return nil }
        let homes = found.values.filter { home in
            found.keys.allSatisfy { id in
                id == home.id
                    || id != numbered && (sharing[id] ?? []).allSatisfy { member(of: $0, whoLeft: home) != nil }
            } && isRoster(of: home)
        }
        return homes.count == 1 ? homes.first : nil
    }

    /// Whether the parents in the rows, besides people who left, are parents of the family: of a new family of somebody who left,
    /// with a child who is on record here, they are not.
    func isRoster(of family: KnownFamily) -> Bool {
        hasParents(of: family, in: rows.filter { member(of: $0, whoLeft: family) == nil })
    }

    /// The member whom a row is about and who left the family, and did not come back.
    private func member(of row: RosterRow, whoLeft known: KnownFamily) -> Member? {
        let members = known.household.members
        guard let member = members.last(where: { hasLeft(row, as: $0) }) else { return nil }
        return members.contains { $0.id == member.id && $0.leftOn == nil } ? nil : member
    }

    /// The family in which the person of a row is, who left this one: where their ID number is on record, or to which a split took
    /// them; nil when nobody of the row left, or nothing tells where they are.
    func family(of row: RosterRow, whoLeft known: KnownFamily) -> HouseholdID? {
        guard let member = member(of: row, whoLeft: known) else { return nil }
        if let family = digits(row).flatMap({ lookup.family(idNumber: $0) }), family.id != known.id,
            family.household.status == .active
        {
            return family.id
        }
        let split = known.lastEvent { event in
            guard case .split(let split) = event else { return false }
            return split.side == .remaining && split.persons.contains(member.id)
        }
        guard case .split(let split)? = split?.event else { return nil }
        return split.other
    }

    /// Which row is in which family, for whoever has to tell them apart.
    private func places(of families: [HouseholdID], _ sharing: [HouseholdID: RosterRow]) -> CellHint {
        let told = families.map { id in
            sharing[id].map { CellHint("第 \($0.row) 行的身份证号在 \(id)", "the ID number of row \($0.row) is in \(id)") }
                ?? CellHint("档案号是 \(id) 的", "the archive number is that of \(id)")
        }
        return CellHint(
            told.map(\.chinese).joined(separator: "，"), told.map(\.english).joined(separator: ", "))
    }

    /// Whether the rows are of another family than the one in which somebody of them is on record: they bear another archive
    /// number, and others of them are not in that one. The same parents with another grandchild are the same family.
    private func isOtherFamily(than family: KnownFamily) -> Bool {
        guard let number = familyRow(.archiveNumber)?.text(.archiveNumber),
            let recorded = family.household.archiveNumber, number != recorded
        else { return false }
        return !strangers(to: family).isEmpty && !(hasParents(of: family, in: rows) && tellsParents(of: family))
    }

    /// Whether the rows are a file of their own of a parent who left the family, as after a divorce, with a child who is on record
    /// there: they bear another archive number, and every parent in them left.
    private func isFileOfParent(whoLeft family: KnownFamily) -> Bool {
        guard familyRow(.archiveNumber)?.text(.archiveNumber).map({ $0 != family.household.archiveNumber }) ?? false
        else { return false }
        let parents = rows.filter { $0.role?.isParent == true }
        return !parents.isEmpty && parents.allSatisfy { member(of: $0, whoLeft: family) != nil }
    }

    /// The rows of which nobody is on record there, by name or ID number.
    private func strangers(to family: KnownFamily) -> [RosterRow] {
        rows.filter { row in
            !family.household.members.contains { isNamed($0, by: row) }
        }
    }

    /// Whether there are parents in the rows, and each of them is one in the family.
    private func hasParents(of family: KnownFamily, in rows: [RosterRow]) -> Bool {
        let told = rows.filter { $0.role?.isParent == true }
        let present = family.household.members.filter { $0.isParent && $0.leftOn == nil }
        return !told.isEmpty && told.allSatisfy { row in present.contains { isSame($0, as: row) } }
    }

    /// Whether no living parent of the family is left out: after a divorce one of them is.
    private func tellsParents(of family: KnownFamily) -> Bool {
        let living = family.household.members.filter { $0.isParent && $0.leftOn == nil && $0.diedOn == nil }
        return living.allSatisfy { member in rows.contains { $0.role?.isParent == true && isSame(member, as: $0) } }
    }

    /// Whether a member is the person of a row, by ID number or by name and nothing that speaks against it.
    private func isSame(_ member: Member, as row: RosterRow) -> Bool {
        let comparison = compared(row, member)
        return comparison.isSame || !comparison.isDifferent && comparison.name == .same
    }

    /// A family of which every row is a member by name and role: surely the same one with a number mistyped, or moved to
    /// another county with its archive number.
    private func similar() -> KnownFamily? {
        let names = rows.count > 1 ? rows.compactMap { $0.text(.name) } : []
        let numbered = familyRow(.archiveNumber)?.text(.archiveNumber).map { lookup.families(archiveNumber: $0) } ?? []
        return (names.flatMap { lookup.families(headName: $0) } + numbered).first { family in
            switch family.household.status {
            case .closed, .registeredInError: return false
            case .active, .absent, .absorbed: break
            }
            return rows.allSatisfy { row in
                family.household.members.contains { compared(row, $0).name == .same && $0.role == row.role }
            } && (isOfCounty(family) || !contradicts(family))
        }
    }

    /// Whether a row gives the name or the ID number of a member.
    private func isNamed(_ member: Member, by row: RosterRow) -> Bool {
        let comparison = compared(row, member)
        return comparison.name == .same || comparison.idNumber == .same
    }

    /// Whether a person of the rows has another ID number than whoever bears the name there.
    private func contradicts(_ family: KnownFamily) -> Bool {
        rows.contains { row in
            family.household.members.contains { member in
                let comparison = compared(row, member)
                return comparison.name == .same && comparison.idNumber == .differs
            }
        }
    }

    /// Whether the family is, or got its archive number, in the county that the rows name; where they name none, anywhere.
    func isOfCounty(_ family: KnownFamily) -> Bool {
        guard let county = familyRow(.division)?.division?.county else { return true }
        let registered = family.household.residences.last { $0.kind == .registration }?.division
        return [registered, family.household.archiveNumberDivision].contains { $0?.county == county }
    }

    /// A family that is found by its archive number alone, while nobody in the rows is anybody on record, is another one.
    mutating func checkArchiveNumber(_ known: KnownFamily?) {
        guard let known, let row = familyRow(.archiveNumber), familyRow(.householdID) == nil,
            known.household.archiveNumber == row.text(.archiveNumber)
        else { return }
        if isNobody(of: known) {
            problems.append(
                row.problem(
                    .archiveNumberTaken, .archiveNumber,
                    hint: CellHint(
                        "\(known.id)，表上没有那一户的人；就是那一户、各人姓名录错了要更正的，填写户编号",
                        "\(known.id), of whom nobody is in the table; if it is that family and all its names are to be corrected, fill in "
                            + "the household id")))
        }
    }

    /// The families that an archive number may mean: each county gives its own numbers. Of several that remain, those in
    /// which somebody of the rows is.
    private func meant(by number: String) -> [KnownFamily] {
        let bearers = lookup.families(archiveNumber: number).filter(isOfCounty)
        let people = bearers.count > 1 ? bearers.filter(isAnybody) : []
        return people.isEmpty ? bearers : people
    }

    /// Whether somebody in the rows is on record there, by name or ID number.
    private func isAnybody(of family: KnownFamily) -> Bool {
        family.household.members.contains { member in rows.contains { isNamed(member, by: $0) } }
    }

    /// Whether people are on record there by name or ID number, and none of them is in the rows.
    func isNobody(of family: KnownFamily) -> Bool {
        let isTold = family.household.members.contains { $0.details?.name != nil || $0.details?.idNumber != nil }
        return isTold && !isAnybody(of: family)
    }
}
