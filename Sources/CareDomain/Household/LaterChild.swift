/// 像是再生育的子女: somebody who is on record as another member of the family and may be a child of the couple, while the family
/// counts as one whose only child died or is disabled.
///
/// Whether they are a child is not on record: a grandchild or a nephew may be as old. A birth that nobody recorded would leave the
/// family its rights for years, so whoever brings the person in is asked, and the page says it too.
/// - Source: CZ-1.1 未再生育
package enum LaterChild {
    /// Ages of a parent at the birth of a child, both included.
    private static let agesAtBirth = 14...50

    /// A parent as far as the record knows them.
    package struct Parent: Hashable, Sendable {
        let isMother: Bool
        let birthDate: CivilDay?

        package init(role: MemberRole, sex: Sex?, birthDate: CivilDay?) {
            isMother = (sex ?? role.sex) == .female
            self.birthDate = birthDate
        }
    }

    /// Whether somebody born on a day may be a child of these parents: one of them was of an age for it, and where the mother's
    /// birth date is known, she was.
    package static func isPossible(born birth: CivilDay, of parents: [Parent]) -> Bool {
        let known = parents.filter { $0.birthDate != nil }
        let mothers = known.filter(\.isMother)
        return (mothers.isEmpty ? known : mothers).contains { parent in
            parent.birthDate.map { agesAtBirth.contains($0.age(on: birth)) } ?? false
        }
    }
}

extension Household {
    /// Other members who may be children of the couple, while the family is one whose only child died or is disabled.
    ///
    /// A birth on record ends that status on its day, so nobody of whom one is on record is among them.
    package var possibleLaterChildren: [Member] {
        let others = members.filter { $0.role == .other && $0.leftOn == nil && $0.birthDate != nil }
        guard !others.isEmpty else { return [] }
        let parents = members.filter(\.isParent).map {
            LaterChild.Parent(role: $0.role, sex: $0.sex, birthDate: $0.birthDate)
        }
        let possible = others.filter { other in
            other.birthDate.map { LaterChild.isPossible(born: $0, of: parents) } ?? false
        }
        guard !possible.isEmpty else { return [] }
        let born = Set(births.compactMap(\.payload.child))
        let periods = hardshipPeriods()
        return possible.filter { child in
            guard !born.contains(child.id), let birth = child.birthDate else { return false }
            return periods.contains { $0.period.end.map { $0 > birth } ?? true }
        }
    }
}

extension Household {
    /// Births of other children more than a day before the only child was born: neither a later child nor a twin.
    fileprivate var birthsBeforeOnlyChild: [(birth: CivilDay, only: CivilDay)] {
        guard let child = members.last(where: { $0.role == .onlyChild && $0.leftOn == nil }),
            let only = child.birthDate
        else { return [] }
        return births.filter { $0.payload.child != child.id && $0.day < only - 1 }.map { ($0.day, only) }
    }
}

extension HouseholdHistory {
    /// Whoever records the birth of another child that is older than the only child, or makes it so, is told once.
    func birthsBeforeOnlyChildLeft(by proposed: [ProposedEvent], of command: CommandID) -> [Refusal] {
        let matters = proposed.contains { event in
            switch event.event {
            case .childBorn: true
            case .personJoined(let joined): joined.role == .onlyChild
            case .personDetailsChanged(let changed): changed.birthDate != nil || changed.role == .onlyChild
            default: false
            }
        }
        guard matters else { return [] }
        let known = Set(household.birthsBeforeOnlyChild.map(\.birth))
        var history = self
        history.rehearse(proposed, of: command)
        return history.household.birthsBeforeOnlyChild.filter { !known.contains($0.birth) }.map { found in
            Refusal(
                .bornBeforeOnlyChild, field: "occurred_on", detail: found.birth.description,
                words: "\(found.birth)，独生子女 \(found.only) 出生",
                english: "\(found.birth), the only child was born on \(found.only)")
        }
    }

    /// Whoever tells of somebody who may be a child of the couple, or of what makes the family one without a child, is asked.
    func laterChildrenLeftOpen(by proposed: [ProposedEvent], of command: CommandID) -> [Refusal] {
        func isOther(_ event: ProposedEvent) -> Bool {
            switch event.event {
            case .personJoined(let joined): joined.role == .other
            case .personDetailsChanged(let changed): changed.role == .other
            default: false
            }
        }
        let mayLeaveOpen =
            proposed.contains(where: isOther)
            || (household.members.contains { $0.role == .other }
                && proposed.contains { event in
                    switch event.event {
                    case .personJoined, .personDetailsChanged, .personDied, .disabilityAssessed, .withdrawn: true
                    case .factStated(let stated): stated.fact == .onlyChildStatus
                    case .childBorn: event.correction != nil
                    default: false
                    }
                })
        guard mayLeaveOpen else { return [] }
        let known = Set(household.possibleLaterChildren.map(\.id))
        var history = self
        history.rehearse(proposed, of: command)
        return history.household.possibleLaterChildren.filter { !known.contains($0.id) }.map { child in
            let day = child.birthDate?.description ?? ""
            return Refusal(
                .mayBeLaterChild, field: "role", detail: day, words: "\(day) 出生", english: "born on \(day)")
        }
    }
}
