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
        var sharing: [HouseholdID: RosterRow] = [:]
        if let number = familyRow(.archiveNumber)?.text(.archiveNumber) {
            let meant = meant(by: number)
            guard meant.count <= 1 else { throw rows[0].problem(.severalCounties, .householdID) }
            if let family = meant.first { found[family.id] = family }
        }
        for row in rows {
            guard let number = row.idNumber, let family = lookup.family(idNumber: number.digits) else { continue }
            if sharing[family.id] == nil { sharing[family.id] = row }
            found[family.id] = family
        }
        // A file that is over holds nobody: whoever is in one that is kept is there.
        let kept = found.filter { $0.value.household.status == .active }
        if !kept.isEmpty { found = kept }
        if found.isEmpty, let family = lookup.family(DerivedIDs.household(of: registerID)) { return family }
        guard found.count <= 1 else {
            throw CellProblem(.severalHouseholds, row: rows[0].row, hint: places(of: found.keys.sorted(), sharing))
        }
        if found.isEmpty, let similar = similar() {
            throw rows[0].problem(.similarHousehold, .householdID, hint: CellHint(same: similar.id.description))
        }
        let family = found.values.first
        if let family, family.household.status == .active, let row = sharing[family.id], isOtherFamily(than: family) {
            throw row.problem(.memberElsewhere, .idNumber, hint: CellHint(same: family.id.description))
        }
        return family
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
    /// number, and others of them are not in that one.
    private func isOtherFamily(than family: KnownFamily) -> Bool {
        guard let number = familyRow(.archiveNumber)?.text(.archiveNumber),
            let recorded = family.household.archiveNumber, number != recorded
        else { return false }
        return rows.contains { row in
            !family.household.members.contains { member in
                isNamesake(member, of: row) || digits(row).map { $0 == member.details?.idNumber } ?? false
            }
        }
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
                family.household.members.contains { isNamesake($0, of: row) && $0.role == row.role }
            } && (isOfCounty(family) || !contradicts(family))
        }
    }

    private func isNamesake(_ member: Member, of row: RosterRow) -> Bool {
        member.details?.name != nil && member.details?.name == row.text(.name)
    }

    /// Whether a person of the rows has another ID number than whoever bears the name there.
    private func contradicts(_ family: KnownFamily) -> Bool {
        rows.contains { row in
            guard let digits = digits(row) else { return false }
            return family.household.members.contains { member in
                isNamesake(member, of: row) && member.details?.idNumber.map { $0 != digits } ?? false
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
                row.problem(.archiveNumberTaken, .archiveNumber, hint: CellHint(same: known.id.description)))
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
        family.household.members.contains { member in
            rows.contains { row in
                (row.text(.name).map { $0 == member.details?.name } ?? false)
                    || (digits(row).map { $0 == member.details?.idNumber } ?? false)
            }
        }
    }

    /// Whether people are on record there by name or ID number, and none of them is in the rows.
    func isNobody(of family: KnownFamily) -> Bool {
        let isTold = family.household.members.contains { $0.details?.name != nil || $0.details?.idNumber != nil }
        return isTold && !isAnybody(of: family)
    }
}
