extension Household {
    /// Parents on record as left alone beside whom another parent lives in the family: after a divorce, the one who left is still
    /// on record, with rights of their own.
    fileprivate var loneParentsWithSpouse: [(lone: Member, spouse: Member)] {
        let parents = members.filter { $0.isParent && $0.leftOn == nil && $0.diedOn == nil }
        return parents.filter { $0.role == .singleParent }.compactMap { lone in
            parents.first { $0.role != .singleParent }.map { (lone, $0) }
        }
    }
}

extension HouseholdHistory {
    /// Whoever says that a parent is alone while the record has a living spouse is told that the spouse is still there.
    func spousesLeftOpen(by proposed: [ProposedEvent], of command: CommandID) -> [Refusal] {
        let isAlone = household.members.contains { $0.role == .singleParent && $0.leftOn == nil }
        func matters(_ role: MemberRole?) -> Bool { role == .singleParent || (isAlone && role?.isParent == true) }
        let tellsParent = proposed.contains { event in
            switch event.event {
            case .personJoined(let joined): matters(joined.role)
            case .personDetailsChanged(let changed): matters(changed.role)
            default: false
            }
        }
        guard tellsParent else { return [] }
        let known = Set(household.loneParentsWithSpouse.map(\.lone.id))
        var history = self
        history.rehearse(proposed, of: command)
        return history.household.loneParentsWithSpouse.filter { !known.contains($0.lone.id) }.map { pair in
            Refusal(
                .spouseStays, field: "role", detail: pair.spouse.role.rawValue, words: pair.spouse.role.chinese)
        }
    }
}
