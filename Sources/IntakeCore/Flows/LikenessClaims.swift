import CareDomain
import CareWire

/// 同名同日: what a command knows of those whom it brings by name and birth date (Decision 0053).
///
/// A likeness is claimed as an ID number is. But two people may have one, so whoever meets another household's claim looks
/// who has it there, and leaves it with them where they are two people.
struct LikenessClaims: Sendable {
    /// The household as it would be with the command.
    private var household: Household?
    /// Those who are claimed by likeness.
    private var members: [PersonToken: Member] = [:]
    /// Those that the household had before the command.
    private var before: Set<PersonToken> = []

    init() {}

    /// - Parameters:
    ///   - before: What the household holds without the command.
    ///   - after: What it would hold with it.
    ///   - household: As it would be then.
    init(before: [PersonToken: HeldClaim], after: [PersonToken: HeldClaim], in household: Household) {
        self.household = household
        for (token, held) in after where held.kind == .likeness {
            members[token] = household.member(held.holder)
            if before[token]?.kind == .likeness { self.before.insert(token) }
        }
    }

    /// Whether the command goes on without the claim when another household has it.
    func isOptional(_ step: PersonStep) -> Bool {
        wasHeld(step) || (step.kind == .likeness && members[step.token]?.isNamesake == true)
    }

    /// Whether the household had the likeness before the command.
    func wasHeld(_ step: PersonStep) -> Bool { step.kind == .likeness && before.contains(step.token) }

    /// What the household that has the claim, or has reserved it, tells of whether it is the same person.
    enum Answer {
        /// Two people with ID numbers of their own; or an only child who died, in the file of the other parent.
        case apart
        /// It is not on record there yet who they are.
        case unknown
        /// By all that is on record it is one person.
        case one
    }

    func compare(_ step: PersonStep, with other: Household, by key: TokenKey?) -> Answer {
        guard step.kind == .likeness, let household, let own = members[step.token] else { return .one }
        let there = other.members.filter { $0.leftOn == nil && key?.likeness(of: $0) == step.token }
        if there.isEmpty { return own.token == nil ? .one : .unknown }
        let areApart = there.allSatisfy { member in
            if let number = own.token, let known = member.token { return number != known }
            return own.isMournedApart(from: member, in: household, and: other)
        }
        return areApart ? .apart : .one
    }
}

extension PersonStep {
    /// The likenesses of those about whom events say a name or a birth date, and who had them before: of a household from before
    /// likenesses were claimed nobody has reserved them.
    static func restated(
        by events: [ProposedEvent], before: [PersonToken: HeldClaim], in after: [PersonToken: HeldClaim],
        for household: HouseholdID, command: CommandID
    ) -> [PersonStep] {
        let named = Set(events.compactMap(\.event.personNamed))
        return after.filter { entry in
            entry.value.kind == .likeness && before[entry.key] != nil && named.contains(entry.value.holder)
        }
        .map { token, held in
            PersonStep(
                kind: .likeness, token: token,
                claim: PersonClaim(household: household, person: held.holder, command: command))
        }
        .sorted { $0.token < $1.token }
    }

    /// The likeness of somebody who comes by a move; nil where name or birth date is not known, or another file has them too.
    static func likeness(
        of joined: PersonJoined, in arrival: [ProposedEvent], for household: HouseholdID, command: CommandID,
        by key: TokenKey?
    ) -> PersonStep? {
        guard let key, let name = joined.sealed.details(of: joined.person)?.name, let birth = joined.birthDate else {
            return nil
        }
        for event in arrival {
            if case .split(let split) = event.event, split.side == .separated, !split.persons.contains(joined.person) {
                return nil
            }
        }
        return PersonStep(
            kind: .likeness, token: key.likeness(name: name, birthDate: birth),
            claim: PersonClaim(household: household, person: joined.person, command: command))
    }
}

extension HouseholdEvent {
    /// Of whom it says a name or a birth date; nil for other events.
    fileprivate var personNamed: PersonID? {
        switch self {
        case .personJoined(let joined):
            joined.birthDate != nil || joined.sealed.details(of: joined.person)?.name != nil ? joined.person : nil
        case .personDetailsChanged(let changed):
            changed.birthDate != nil || changed.sealed.details(of: changed.person)?.name != nil
                ? changed.person : nil
        default: nil
        }
    }
}
