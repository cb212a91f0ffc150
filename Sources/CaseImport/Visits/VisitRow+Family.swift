import CareDomain
import OfficeFiles

extension VisitRow {
    /// The head's name.
    private var headName: String? { text("head_name").map(PersonName.closed) }

    /// The head's ID number; nil where none stands there, or a wrong one.
    private var headNumber: String? {
        plain(NeedsForm.headNumberHeading).flatMap { try? place(NeedsForm.headNumberHeading).idNumber($0) }?.digits
    }

    /// What the form says of its head that may be on record.
    var headValues: [(field: PersonalField, value: String)] {
        let values: [(PersonalField, String?)] = [(.name, headName), (.idNumber, headNumber)]
        return values.compactMap { field, value in value.map { (field, $0) } }
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
            let place = place(NeedsForm.headNumberHeading)
            do throws(CellProblem) {
                if let filler = place.filler(written, mayBePlaceholder: false) { throw filler }
                _ = try place.idNumber(written)
            } catch { note(error) }
            // Nothing else is asked whose family it is without a household id.
            guard plain(NeedsForm.householdHeading) != nil else { return nil }
        }
        guard let family = family(in: lookup), !isNumberWrong else { return nil }
        return head(of: family, lookup).map { (family, $0) }
    }

    /// The family by its id, else by its head's ID number.
    ///
    /// A name says no family: others may bear it, and names are sealed, so that nobody can be asked who does. A form that
    /// gives nothing else is sent back, also where the file names a family with such a head in another row.
    private mutating func family(in lookup: some FamilyLookup) -> KnownFamily? {
        let byID = place(NeedsForm.householdHeading)
        if let text = plain(NeedsForm.householdHeading) {
            guard let id = HouseholdID(text) else {
                note(byID.filler(text, mayBePlaceholder: false) ?? byID.problem(.wrongForm, hint: .householdID))
                return nil
            }
            if let family = lookup.family(id) { return family }
            note(byID.problem(.unknownHousehold))
            return nil
        }
        guard let headNumber else {
            note(byID.problem(.nameAlone))
            return nil
        }
        let bearers = lookup.families(idNumber: headNumber)
        guard let day = formDay, !bearers.isEmpty else {
            if !bearers.isEmpty { return bearers.first }
            note(place(NeedsForm.headNumberHeading).problem(.unknownHousehold))
            return nil
        }
        if let family = Self.family(of: headNumber, on: day, bearers, lookup) { return family }
        note(byID.problem(.noFamilyThatDay, hint: CellHint(same: day.description)))
        return nil
    }

    /// In which of the families that they were ever in somebody was on a day; nil where the record does not say.
    ///
    /// A form is of the family of its day, not of the one into which its head married since. Who came with a file was in the
    /// family before. A file that went on in another one is that one's, and a closed one holds nobody from that day on.
    private static func family(
        of number: String, on day: CivilDay, _ bearers: [KnownFamily], _ lookup: some FamilyLookup
    ) -> KnownFamily? {
        func isIn(_ family: KnownFamily, _ isMeant: (Member) -> Bool) -> Bool {
            family.household.members.contains { member in
                member.details?.idNumber == number && (member.leftOn.map { day < $0 } ?? true) && isMeant(member)
            }
        }
        func going(_ family: KnownFamily) -> KnownFamily {
            guard case .absorbed(let other, _) = family.household.status else { return family }
            return lookup.family(other) ?? family
        }
        let kept = bearers.filter { $0.household.status.isKept(on: day) }
        let certain = kept.filter { isIn($0) { $0.joinedOn <= day } }.map(going)
        if !certain.isEmpty { return Set(certain.map(\.id)).count == 1 ? certain.first : nil }
        // Of several files with which they came the first is the one before which the form lies.
        let first = kept.filter { isIn($0, \.cameWithFile) }.min {
            ($0.household.registeredOn ?? .distantPast) < ($1.household.registeredOn ?? .distantPast)
        }
        if let first { return going(first) }
        // Of somebody who was never in another one nothing speaks for another.
        return bearers.count == 1 ? bearers.first { isIn($0) { _ in true } } : nil
    }

    /// How one person of the family stands to what the form says of its head.
    private struct Candidate {
        let member: Member
        let comparison: PersonComparison
    }

    /// The member whom the form calls 户主: by number, else by name, else the first parent of whom neither is on record.
    /// Where nobody of the family can be meant, nil, with what is wrong taken down at the cells that say so.
    private mutating func head(of family: KnownFamily, _ lookup: some FamilyLookup) -> PersonID? {
        let told = PersonTraits(name: headName, idNumber: headNumber)
        let people = people(of: family.household).map { member in
            // A form tells of its head nothing but name and number; what else is on record does not count.
            let known = PersonTraits(name: member.details?.name, idNumber: member.details?.idNumber)
            return Candidate(member: member, comparison: PersonComparison(told, known))
        }
        let bearers = people.filter { $0.comparison.idNumber == .same }
        let fitting = (bearers.isEmpty ? people : bearers).filter {
            $0.comparison.name != .differs && $0.comparison.idNumber != .differs
        }
        let other = bearers.isEmpty ? headNumber.flatMap { lookup.family(idNumber: $0) } : nil
        let isOthers = other.map { $0.id != family.id } ?? false
        let saysNothing = headName == nil && headNumber == nil
        let head =
            fitting.first { $0.comparison.idNumber == .same } ?? fitting.first { $0.comparison.name == .same }
            ?? fitting.first { $0.member.isParent } ?? (saysNothing ? fitting.first : nil)
        if let head, !isOthers { return head.member.id }
        noteDisagreement(people, of: family, other: isOthers ? other : nil)
        return nil
    }

    private mutating func noteDisagreement(_ people: [Candidate], of family: KnownFamily, other: KnownFamily?) {
        let number = place(NeedsForm.headNumberHeading)
        let name = place(NeedsForm.field("head_name").label)
        func isNobodys(_ trait: KeyPath<PersonComparison, PersonComparison.Agreement>) -> Bool {
            !people.contains { person in
                let agreement = person.comparison[keyPath: trait]
                return agreement == .same || person.member.isParent && agreement == .unknown
            }
        }
        var isTold = true
        switch other {
        case let other?: note(number.problem(.othersNumber, hint: CellHint(same: other.id.description)))
        case nil where headNumber != nil && isNobodys(\.idNumber): note(number.problem(.notOfFamily))
        case nil: isTold = false
        }
        if headName != nil, isNobodys(\.name) {
            note(name.problem(.notOfFamily))
        } else if !isTold {
            note(name.problem(headNumber == nil ? .notOfFamily : .nameOrNumber))
        }
    }
}

extension Household.Status {
    /// Whether the file is one in which people were on the day.
    fileprivate func isKept(on day: CivilDay) -> Bool {
        switch self {
        case .active, .absorbed: true
        case .closed(let closedOn, _): day < closedOn
        case .absent, .registeredInError: false
        }
    }
}
