/// 收养日期未登记: somebody is on record as an adopted child, and no adoption says since when.
///
/// The family adopted, on a day that nobody stated: from the first day on which the record calls the child so, nobody knows
/// whether the family still is one that did not adopt. An unknown day is no "no": the status stays open until the adoption is
/// recorded (`RuleEngine` reads the fact as unknown on the same days).
/// - Source: CZ-1.1 未收养子女
package struct UndatedAdoption: Hashable, Sendable {
    package let person: PersonID
    /// The first day on which the record calls them an adopted child: of who came with the file that of their birth.
    package let from: CivilDay
}

extension Household {
    /// Adopted children of whom no adoption is on record, in the order of the members. An adoption that names no child is that of
    /// the one adopted child there is.
    package var undatedAdoptions: [UndatedAdoption] {
        if case .registeredInError = status { return [] }
        var children: [Member] = []
        for member in members where member.role == .adoptedChild && !children.contains(where: { $0.id == member.id }) {
            children.append(member)
        }
        guard !children.isEmpty else { return [] }
        let dated = Set(adoptions.compactMap(\.payload.child))
        if children.count == 1, dated.isEmpty, !adoptions.isEmpty { return [] }
        return children.filter { !dated.contains($0.id) }.map {
            UndatedAdoption(person: $0.id, from: $0.firstDay(as: .adoptedChild))
        }
    }

    /// Adopted children who died in a family without an only child on record: their death is that of no only child.
    package var adoptedChildrenDied: [PersonID] {
        if members.contains(where: { $0.role == .onlyChild }) { return [] }
        return members.filter { $0.role == .adoptedChild && $0.diedOn != nil }.map(\.id)
    }
}

extension HouseholdHistory {
    /// What whoever tells of an adopted child is reminded of: the day of the adoption, and what the child's death is not.
    /// - Parameter kept: Events of which whoever speaks may be told nothing: an adoption among them says nothing of its absence.
    func adoptionsLeftOpen(
        by proposed: [ProposedEvent], of command: CommandID, keeping kept: Set<EventReference>
    ) -> [Refusal] {
        let mayLeaveOpen = proposed.contains { event in
            switch event.event {
            case .personJoined(let joined): joined.role == .adoptedChild
            case .personDetailsChanged(let changed): changed.role == .adoptedChild
            case .personDied, .withdrawn: true
            case .childAdopted: event.correction != nil
            default: false
            }
        }
        guard mayLeaveOpen else { return [] }
        let before = household
        var history = self
        history.rehearse(proposed, of: command)
        let after = history.household
        let known = Set(before.undatedAdoptions.map(\.person))
        let isHidden = before.adoptions.contains { kept.contains($0.reference) }
        let undated = after.undatedAdoptions.filter { !isHidden && !known.contains($0.person) }.map { _ in
            Refusal(.adoptionUndated, field: "role")
        }
        let told = Set(before.adoptedChildrenDied)
        let died = after.adoptedChildrenDied.filter { !told.contains($0) }.map { _ in
            Refusal(.adoptedChildDied, field: "person")
        }
        return undated + died
    }
}
