import CareDomain
import ServiceKit

/// What hangs on names that are withheld from whoever previews: the dead do not change them, and nobody is in a family twice.
///
/// Intake knows the names on record, so it is asked about such a line by itself as well. What it says is held against what
/// the lines before made of the family, of which it knows nothing.
struct RehearsedNames {
    /// What intake's word about a line by itself means after the lines before it.
    enum Verdict {
        /// Nothing that hangs on names: it is decided by the lines before.
        case goesOn
        case stands
        /// The lines before changed what it rests on.
        case unknown
    }

    /// What of the others says whether somebody is one of them.
    private struct Known: Hashable {
        let person: PersonID
        let role: MemberRole
        let sex: Sex?
        let birthDate: CivilDay?
        let token: PersonToken?
        let name: String?
        let leftOn: CivilDay?

        init(_ member: Member) {
            (person, role, sex, birthDate) = (member.id, member.role, member.sex, member.birthDate)
            (token, name, leftOn) = (member.token, member.details?.name, member.leftOn)
        }
    }

    private var underWay: Set<CommandID> = []
    private var told: Set<CommandID> = []
    private static let aboutOthers = Set([Refusal.Reason.personBack, .personTwice].map { Refusal($0).code })

    /// Whether intake is to be asked about a line that nothing else speaks against: once, and of families on record only.
    mutating func asks(_ command: HouseholdCommand, onRecord before: Household?) -> Bool {
        guard before != nil, command.namedPerson != nil, !told.contains(command.id) else { return false }
        underWay.insert(command.id)
        return true
    }

    /// Whether what intake answers is the answer to that.
    mutating func takesAnswer(to command: HouseholdCommand) -> Bool {
        guard underWay.remove(command.id) != nil else { return false }
        told.insert(command.id)
        return true
    }

    /// - Parameters:
    ///   - failure: Why intake refuses the line by itself; nil = it does not.
    ///   - now: The family as the line meets it.
    ///   - before: The family on record.
    static func verdict(
        _ failure: Failure?, of command: HouseholdCommand, _ now: Household, onRecord before: Household
    ) -> Verdict {
        guard let person = command.namedPerson else { return .goesOn }
        let (member, was) = (now.member(person), before.member(person))
        func isDead(_ member: Member?) -> Bool { member?.diedOn.map { command.occurredOn > $0 } ?? false }
        switch failure?.code {
        // A death that a line before withdrew speaks against nothing.
        case Refusal(.afterDeath).code?: return isDead(member) ? .stands : .goesOn
        case Refusal(.nothingToDo).code?: return member == was ? .stands : .goesOn
        case let code? where aboutOthers.contains(code):
            let others = [before, now].map { Set($0.members.filter { $0.id != person }.map(Known.init)) }
            return others[0].isSubset(of: others[1]) ? .stands : .unknown
        // Of whom a line before tells the death the name may be another one, or none that was known.
        case nil where isDead(member) && !isDead(was) && was != nil && member?.details?.name == nil: return .unknown
        default: return .goesOn
        }
    }
}

extension HouseholdCommand {
    /// Whom it gives a name, other than as a correction; nil when it names nobody.
    fileprivate var namedPerson: PersonID? {
        guard correction == nil else { return nil }
        let (person, sealed): (PersonID, [SealedPart])
        switch action {
        case .changePersonDetails(let changed): (person, sealed) = (changed.person, changed.sealed)
        case .addPerson(let joined): (person, sealed) = (joined.person, joined.sealed)
        default: return nil
        }
        return sealed.contains { $0.subject == person && $0.details?.name != nil } ? person : nil
    }
}
