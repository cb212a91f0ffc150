import CareDomain
import OfficeFiles

extension VisitRow {
    /// The names under which the head may be on record: as written, and without the blanks of a form that spreads 李　某.
    private var headNames: [String] {
        guard let name = text("head_name") else { return [] }
        let closed = name.filter { !$0.isWhitespace }
        return closed == name ? [name] : [name, closed]
    }

    /// The head's ID number; nil where none stands there, or a wrong one.
    private var headNumber: String? {
        plain(NeedsForm.headNumberHeading).flatMap { try? ResidentIDNumber($0) }?.digits
    }

    /// What the form says of its head that may be on record.
    var headValues: [(field: PersonalField, value: String)] {
        let others: [(PersonalField, String?)] = [(.idNumber, headNumber), (.address, text("address"))]
        return headNames.map { (.name, $0) } + others.compactMap { field, value in value.map { (field, $0) } }
    }

    /// The people of whom the form may speak: members on its day.
    func people(of household: Household) -> [Member] {
        household.members.filter { member in
            guard let left = member.leftOn else { return true }
            return formDay.map { $0 < left } ?? false
        }
    }

    /// The family that the form is about, and its head there. Household id, ID number and name may each name one: all that
    /// are filled in have to mean the same.
    mutating func find(_ lookup: some FamilyLookup) -> (family: KnownFamily, head: PersonID)? {
        let written = plain(NeedsForm.headNumberHeading)
        let isNumberWrong = written != nil && headNumber == nil
        if let written, isNumberWrong {
            let damage = CellDamage.inspect(written)
            note(
                place(NeedsForm.headNumberHeading).problem(
                    damage == nil ? .idNumber : .damagedNumber, hint: damage.map { CellHint(same: $0.chinese) }))
            // Nothing else is asked whose family it is without a household id.
            guard plain(NeedsForm.householdHeading) != nil else { return nil }
        }
        guard let family = family(in: lookup), !isNumberWrong else { return nil }
        return head(of: family, lookup).map { (family, $0) }
    }

    /// The family by its id, else by its head's ID number, else by a name that only one family has.
    private mutating func family(in lookup: some FamilyLookup) -> KnownFamily? {
        if let text = plain(NeedsForm.householdHeading) {
            let place = place(NeedsForm.householdHeading)
            guard let id = HouseholdID(text) else {
                note(place.problem(.wrongForm, hint: .householdID))
                return nil
            }
            if let family = lookup.family(id) { return family }
            note(place.problem(.unknownHousehold))
            return nil
        }
        if let headNumber {
            if let family = lookup.family(idNumber: headNumber) { return family }
            note(place(NeedsForm.headNumberHeading).problem(.unknownHousehold))
            return nil
        }
        let place = place(NeedsForm.field("head_name").label)
        guard !headNames.isEmpty else {
            note(
                place.problem(
                    .missingValue,
                    hint: CellHint("或填写\(NeedsForm.householdHeading)", "or fill in \(NeedsForm.householdHeading)")))
            return nil
        }
        let named = headNames.map { lookup.families(headName: $0) }.first { !$0.isEmpty } ?? []
        let address = text("address")
        let there = named.filter { family in
            family.household.members.contains { $0.details?.address == address }
        }
        let found = address != nil && named.count > 1 ? there : named
        if found.count == 1 { return found[0] }
        note(place.problem(found.isEmpty ? .unknownHousehold : .severalHouseholds))
        return nil
    }

    /// How one person of the family stands to what the form says of its head.
    private struct Likeness {
        let member: Member
        let name: ValueAgreement
        let number: ValueAgreement

        init(_ member: Member, names: [String], number: String?) {
            self.member = member
            self.name = Self.agreement(names, onRecord: member.details?.name)
            self.number = Self.agreement([number].compactMap { $0 }, onRecord: member.details?.idNumber)
        }

        private static func agreement(_ values: [String], onRecord: String?) -> ValueAgreement {
            guard let onRecord, !values.isEmpty else { return .notOnRecord }
            return values.contains(onRecord) ? .same : .differs
        }
    }

    /// The member whom the form calls 户主: by number, else by name, else the first parent of whom neither is on record.
    /// Where nobody of the family can be meant, nil, with what is wrong taken down at the cells that say so.
    private mutating func head(of family: KnownFamily, _ lookup: some FamilyLookup) -> PersonID? {
        let people = people(of: family.household).map { Likeness($0, names: headNames, number: headNumber) }
        let bearers = people.filter { $0.number == .same }
        let fitting = (bearers.isEmpty ? people : bearers).filter { $0.name != .differs && $0.number != .differs }
        let other = bearers.isEmpty ? headNumber.flatMap { lookup.family(idNumber: $0) } : nil
        let isOthers = other.map { $0.id != family.id } ?? false
        let saysNothing = headNames.isEmpty && headNumber == nil
        let head =
            fitting.first { $0.number == .same } ?? fitting.first { $0.name == .same }
            ?? fitting.first { $0.member.isParent } ?? (saysNothing ? fitting.first : nil)
        if let head, !isOthers { return head.member.id }
        noteDisagreement(people, of: family, other: isOthers ? other : nil)
        return nil
    }

    private mutating func noteDisagreement(_ people: [Likeness], of family: KnownFamily, other: KnownFamily?) {
        let number = place(NeedsForm.headNumberHeading)
        let name = place(NeedsForm.field("head_name").label)
        func isNobodys(_ field: KeyPath<Likeness, ValueAgreement>) -> Bool {
            !people.contains { $0[keyPath: field] == .same || $0.member.isParent && $0[keyPath: field] == .notOnRecord }
        }
        var isTold = true
        switch other {
        case let other?: note(number.problem(.othersNumber, hint: CellHint(same: other.id.description)))
        case nil where headNumber != nil && isNobodys(\.number): note(number.problem(.notOfFamily))
        case nil: isTold = false
        }
        if !headNames.isEmpty, isNobodys(\.name) {
            note(name.problem(.notOfFamily))
        } else if !isTold {
            note(name.problem(headNumber == nil ? .notOfFamily : .nameOrNumber))
        }
    }
}
