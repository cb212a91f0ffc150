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

    /// Whom each row is about: by ID number, else as `PersonComparison` says, or by name and role, else by role alone.
    ///
    /// What a row tells of itself goes before what only its role says: whom another row names is not taken for somebody else.
    func matches(of rows: [RosterRow], in known: KnownFamily) -> [Match] {
        var found: [Int: Match] = [:]
        var matched: Set<PersonID> = []
        func take(_ find: (RosterRow, [Member]) -> Member?) {
            for (place, row) in rows.enumerated() where found[place] == nil {
                let members = known.household.members.filter { $0.leftOn == nil && !matched.contains($0.id) }
                guard let member = find(row, members) else { continue }
                matched.insert(member.id)
                found[place] = .member(member)
            }
        }
        take { row, members in members.first { compared(row, $0).idNumber == .same } }
        take { row, members in
            // One name in one role is one person, whose number, birth date or sex may be told otherwise.
            members.first { $0.role == row.role && compared(row, $0).name == .same }
                ?? members.first { compared(row, $0).isSame }
        }
        return rows.enumerated().map { place, row in
            if let match = found[place] { return match }
            let match = matchByRole(row, in: known, except: matched)
            if case .member(let member) = match { matched.insert(member.id) }
            return match
        }
    }

    func compared(_ row: RosterRow, _ member: Member) -> PersonComparison {
        PersonComparison(row.traits, PersonTraits(member))
    }

    private func matchByRole(_ row: RosterRow, in known: KnownFamily, except matched: Set<PersonID>) -> Match {
        let sameRole = known.household.members.filter {
            $0.leftOn == nil && $0.role == row.role && !matched.contains($0.id)
        }
        // Whose name or number a row bears is no other one in that role, who came later.
        let present = Set(known.household.members.filter { $0.leftOn == nil }.map(\.id))
        let former = known.household.members.first { !present.contains($0.id) && hasLeft(row, as: $0) }
        if let former { return .left(former) }
        return matchByRole(row, sameRole, isOpened: known.isOpened)
    }

    /// A wife is the wife also when her name was mistyped, as far as nothing speaks for another person.
    private func matchByRole(_ row: RosterRow, _ sameRole: [Member], isOpened: Bool) -> Match {
        guard row.role != .other, row.role != .adoptedChild else {
            // Of several children or others nobody can say, but for one of the same birth whose name is not in the table.
            let alike = sameRole.filter { member in
                let comparison = compared(row, member)
                return member.details?.name != nil && comparison.birthDate == .same && !comparison.isDifferent
                    && !isNamed(member)
            }
            guard let member = alike.only else { return .nobody }
            return isCorrection ? .member(member) : .other(member)
        }
        let living = sameRole.filter { $0.diedOn == nil }
        guard let member = living.isEmpty ? sameRole.only : living.only else { return .nobody }
        let comparison = compared(row, member)
        // A correction of the number alone names nobody, and is asked the same.
        let isOtherNumber = isCorrection && comparison.idNumber == .differs
        // Nothing but another name speaks against whoever is alone in a role; with one birth date it was mistyped.
        if !isOtherNumber {
            if comparison.name != .differs || comparison.isSame { return .member(member) }
            if !comparison.isDifferent, comparison.birthDate == .same { return .member(member) }
        }
        // Of whom the family called its only child there is one, also after a death.
        let isFormer = member.diedOn != nil && member.isParent && row.day(.diedOn) == nil
        if isCorrection {
            // Who corrects a name, and nothing else tells who it is, says that it is the same person; of somebody dead only with
            // the death.
            guard comparison.isDifferent || isOtherNumber else { return isFormer ? .other(member) : .member(member) }
            guard isOpened else { return .unseen }
            return isMistyped(row, member) ? .member(member) : .other(member)
        }
        // A widower has married again.
        return isFormer ? .nobody : .other(member)
    }

    /// Whether a row of the table bears the member's name.
    private func isNamed(_ member: Member) -> Bool { rows.contains { compared($0, member).name == .same } }

    /// Whether the row is about somebody who left: an old table still lists a husband after the divorce. One name in one role is
    /// one person, also where a birth date is not known.
    func hasLeft(_ row: RosterRow, as member: Member) -> Bool {
        guard member.leftOn != nil else { return false }
        let comparison = compared(row, member)
        return comparison.isSame
            || !comparison.isDifferent && comparison.name == .same && row.role == member.role
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
