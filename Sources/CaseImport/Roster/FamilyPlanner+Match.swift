import CareDomain

/// Which member of a family a row is about.
extension FamilyPlanner {
    enum Match {
        case member(Member)
        /// The family does not have this person yet.
        case nobody
        /// Somebody else stands in this role, of whom there can be only one, or may do.
        case other(Member)
        /// The person has left the family.
        case left(Member)
        /// To tell whether it is a mistyped name and number or another person, what is on record has to be seen.
        case unseen
    }

    /// The member a row is about: by ID number, else by name and role, else by name and birth date whatever the role, else by
    /// role alone.
    func match(_ row: RosterRow, in known: KnownFamily, except matched: Set<PersonID>) -> Match {
        let members = known.household.members.filter { $0.leftOn == nil && !matched.contains($0.id) }
        if let digits = row.idNumber?.digits, let member = members.first(where: { $0.details?.idNumber == digits }) {
            return .member(member)
        }
        let sameRole = members.filter { $0.role == row.role }
        if let name = row.text(.name), let member = sameRole.first(where: { $0.details?.name == name }) {
            return .member(member)
        }
        if let member = members.first(where: { isSamePerson(row, as: $0) }) { return .member(member) }
        let found = matchByRole(row, sameRole, isOpened: known.isOpened)
        if case .nobody = found, let member = known.household.members.first(where: { hasLeft(row, as: $0) }) {
            return .left(member)
        }
        return found
    }

    /// A wife is the wife also when her name was mistyped, as far as nothing speaks for another person.
    private func matchByRole(_ row: RosterRow, _ sameRole: [Member], isOpened: Bool) -> Match {
        guard row.role != .other, row.role != .adoptedChild else {
            // Of several children or others nobody can say, but for one of the same birth whose name is not in the table.
            guard let member = sameRole.filter({ isOfOneBirth(row, $0) && !isNamed($0) }).only else { return .nobody }
            return isCorrection ? .member(member) : .other(member)
        }
        let living = sameRole.filter { $0.diedOn == nil }
        guard let member = living.isEmpty ? sameRole.only : living.only else { return .nobody }
        let likeness = likeness(row, member)
        if likeness == .same { return .member(member) }
        if isCorrection {
            // Who corrects a name, and nothing else tells who it is, says that it is the same person.
            guard likeness == .different else { return .member(member) }
            guard isOpened else { return .unseen }
            return isMistyped(row, member) ? .member(member) : .other(member)
        }
        // A widower has married again. Of whom the family called its only child there is one, also after a death.
        let isFormer = member.diedOn != nil && member.isParent && row.day(.diedOn) == nil
        return isFormer ? .nobody : .other(member)
    }

    private enum Likeness { case same, different, unknown }

    /// Whether a row of another name than on record is about the same person all the same: what tells that is the ID number, or
    /// without one on both sides the birth date.
    private func likeness(_ row: RosterRow, _ member: Member) -> Likeness {
        guard let name = row.text(.name), let known = member.details?.name, name != known else { return .same }
        if let digits = row.idNumber?.digits, let number = member.details?.idNumber {
            return digits == number ? .same : .different
        }
        guard let birth = row.birthDate, let known = member.birthDate else { return .unknown }
        return birth == known ? .same : .different
    }

    /// Whether nothing but the name speaks against a member of the same birth date.
    private func isOfOneBirth(_ row: RosterRow, _ member: Member) -> Bool {
        guard let birth = row.birthDate, birth == member.birthDate, member.details?.name != nil else { return false }
        if let digits = row.idNumber?.digits, let number = member.details?.idNumber, digits != number { return false }
        guard let said = row.sex, let known = member.sex else { return true }
        return said == known
    }

    /// Whether a row of the table bears the member's name.
    private func isNamed(_ member: Member) -> Bool {
        rows.contains { row in row.text(.name).map { $0 == member.details?.name } ?? false }
    }

    /// Whether the row is about somebody who left: an old table still lists a husband after the divorce.
    func hasLeft(_ row: RosterRow, as member: Member) -> Bool {
        guard member.leftOn != nil else { return false }
        if let digits = row.idNumber?.digits, let number = member.details?.idNumber { return digits == number }
        guard let name = row.text(.name), name == member.details?.name else { return false }
        guard let birth = row.birthDate, let known = member.birthDate else { return row.role == member.role }
        return birth == known
    }

    /// Whether the row is about this member in another role: a mother left alone who married again, a wife after a divorce.
    /// Twins have one birth date and two names. Where a birth date is missing, one name among the parents is one person.
    private func isSamePerson(_ row: RosterRow, as member: Member) -> Bool {
        guard let name = row.text(.name), name == member.details?.name else { return false }
        if let digits = row.idNumber?.digits, let number = member.details?.idNumber, digits != number { return false }
        let sex = (row.sex ?? row.role?.sex, member.sex ?? member.role.sex)
        if let said = sex.0, let known = sex.1, said != known { return false }
        guard let birth = row.birthDate, let known = member.birthDate else {
            return row.role?.isParent == true && member.isParent
        }
        return birth == known
    }

    /// Whether the ID number is the one on record but for a slip of the pen: one of the first 17 digits, or two neighbours in
    /// each other's place.
    private func isMistyped(_ row: RosterRow, _ member: Member) -> Bool {
        guard let digits = row.idNumber?.digits, let number = member.details?.idNumber else { return false }
        let (typed, known) = (Array(digits.utf8.prefix(17)), Array(number.utf8.prefix(17)))
        guard typed.count == known.count else { return false }
        let places = typed.indices.filter { typed[$0] != known[$0] }
        guard places.count == 2 else { return places.count == 1 }
        let (first, second) = (places[0], places[1])
        return second == first + 1 && typed[first] == known[second] && typed[second] == known[first]
    }
}

extension Array {
    /// The one element; nil where there are none or several.
    fileprivate var only: Element? { count == 1 ? self[0] : nil }
}
