import CareDomain

/// Which member of a family a row is about.
extension FamilyPlanner {
    enum Match {
        case member(Member)
        /// The family does not have this person yet.
        case nobody
        /// Somebody else stands in this role, of whom there can be only one.
        case other(Member)
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
        // A wife is the wife also when her name was mistyped; of several children or others nobody can say.
        guard row.role != .other, row.role != .adoptedChild else { return .nobody }
        let living = sameRole.filter { $0.diedOn == nil }
        guard let member = living.isEmpty ? sameRole.only : living.only else { return .nobody }
        guard isSomebodyElse(row, than: member) else { return .member(member) }
        if isCorrection {
            guard known.isOpened else { return .unseen }
            return isMistyped(row, member) ? .member(member) : .other(member)
        }
        // A widower has married again. Of whom the family called its only child there is one, also after a death.
        return member.diedOn != nil && member.isParent ? .nobody : .other(member)
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

    /// Whether name and ID number both are others than on record; where one of the numbers is missing, name and birth date.
    private func isSomebodyElse(_ row: RosterRow, than member: Member) -> Bool {
        guard let name = row.text(.name), let known = member.details?.name, name != known else { return false }
        if let digits = row.idNumber?.digits, let number = member.details?.idNumber { return digits != number }
        guard let birth = row.birthDate, let known = member.birthDate else { return false }
        return birth != known
    }

    /// Whether the ID number is the one on record but for a slip of the pen: at most two of the first 17 digits. Where only
    /// birth dates can be compared, a correction says that the date was wrong.
    private func isMistyped(_ row: RosterRow, _ member: Member) -> Bool {
        guard let digits = row.idNumber?.digits, let number = member.details?.idNumber else { return true }
        return zip(digits.utf8.prefix(17), number.utf8).filter { $0 != $1 }.count <= 2
    }
}

extension Array {
    /// The one element; nil where there are none or several.
    fileprivate var only: Element? { count == 1 ? self[0] : nil }
}
