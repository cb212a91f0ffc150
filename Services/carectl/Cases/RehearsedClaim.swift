import CareDomain

/// What only one open household may have at a time: a person by ID number, one of a name and birth date, an archive number in
/// a county.
enum RehearsedClaim: Hashable {
    case person(PersonToken)
    case likeness(name: String, birthDate: CivilDay)
    case archiveNumber(county: String, number: String)

    /// What intake says of somebody who wants it while another household has it.
    /// - Parameter person: who is to have it, where the command names them.
    func taken(by household: HouseholdID, from command: HouseholdCommand, person: PersonID?) -> Refusal {
        switch self {
        case .person: Refusal(.personElsewhere, field: "members", candidate: household)
        case .likeness:
            Refusal(
                .namesakeElsewhere, field: person.map(command.nameField) ?? "members", candidate: household)
        case .archiveNumber: Refusal(.archiveNumberTaken, field: command.archiveNumberField, candidate: household)
        }
    }

    /// In the order in which intake looks at them.
    var order: Int {
        switch self {
        case .person: 0
        case .likeness: 1
        case .archiveNumber: 2
        }
    }

    /// Whether two households may have it, where they are two people.
    var isLikeness: Bool { if case .likeness = self { true } else { false } }
}

extension Member {
    /// The claim of one name and birth date; nil where one of them is not known here, or another file has the claim.
    var likeness: RehearsedClaim? {
        guard !isAlsoElsewhere, let name = details?.name, let birthDate else { return nil }
        return .likeness(name: PersonName.closed(name), birthDate: birthDate)
    }
}

extension Household {
    /// What it has: everybody with a number, or with a name and a birth date, who has not left, and its archive number, while
    /// it is open.
    var rehearsedClaims: Set<RehearsedClaim> {
        guard status == .active else { return [] }
        var claims = Set(present.compactMap { $0.token.map { RehearsedClaim.person($0) } })
        claims.formUnion(present.compactMap(\.likeness))
        if let number = rehearsedNumber { claims.insert(number) }
        return claims
    }

    /// Its archive number, whether or not it is open.
    var rehearsedNumber: RehearsedClaim? {
        guard let number = archiveNumber, let division = archiveNumberDivision else { return nil }
        return .archiveNumber(county: String(division.rawValue.prefix(6)), number: number)
    }

    /// Whoever has not left it, while it is open.
    var present: [Member] { status == .active ? members.filter { $0.leftOn == nil } : [] }

    /// Whether its own claim of a likeness does not matter while another household has it: somebody said that it is another
    /// person, or both have ID numbers, and these are two; or it is an only child who died, in the file of the other parent.
    func isApart(_ claim: RehearsedClaim, from other: Household?) -> Bool {
        guard claim.isLikeness, let own = present.first(where: { $0.likeness == claim }) else { return false }
        if own.isNamesake { return true }
        guard let other else { return false }
        let there = other.present.filter { $0.likeness == claim }
        return !there.isEmpty
            && there.allSatisfy { member in
                if let number = own.token, let known = member.token { return number != known }
                return own.isMournedApart(from: member, in: self, and: other)
            }
    }

    /// Whether it hangs on names of parents that are withheld here whether an only child who died stands in both households.
    func mayBeMournedApart(_ claim: RehearsedClaim, from other: Household?) -> Bool {
        guard claim.isLikeness, let other, let own = present.first(where: { $0.likeness == claim }),
            own.role == .onlyChild
        else { return false }
        let isMourned = other.present.contains { member in
            member.likeness == claim && member.role == .onlyChild && (own.diedOn != nil || member.diedOn != nil)
        }
        return isMourned && [self, other].contains { $0.present.contains { $0.isParent && $0.details?.name == nil } }
    }
}

/// Somebody whom a line brings into a household, as intake can be asked about them alone.
struct ClaimedPerson {
    let person: PersonID
    var number: ResidentIDNumber?
    /// Name and birth date; nil where one of them is not known here, or the line says that it is another person.
    var likeness: RehearsedClaim?
    /// Whether more than name and birth date may tell them from whoever has these elsewhere, which intake does not hear when it is
    /// asked about them alone: an ID number that is on record, or whose only child it is.
    var isHalfTold = false

    /// The member of a household of their own.
    var alone: PersonJoined {
        var details = PersonalDetails(idNumber: number?.digits)
        var birth: CivilDay?
        if case .likeness(let name, let birthDate) = likeness { (details.name, birth) = (name, birthDate) }
        return PersonJoined(
            person: person, role: .other, birthDate: birth, sealed: [SealedPart(subject: person, details: details)])
    }
}

extension HouseholdCommand {
    /// The people whose ID numbers it brings into the household.
    var numberedPeople: [(person: PersonID, number: ResidentIDNumber)] {
        claimedPeople(in: nil).compactMap { said in said.number.map { (said.person, $0) } }
    }

    /// The people whom it brings into the household or says more of, as they are known then.
    /// - Parameter household: before the command; nil = not known.
    func claimedPeople(in household: Household?) -> [ClaimedPerson] {
        let parts: [PersonDetailsChanged] =
            switch action {
            case .registerHousehold(let register): register.members.map(\.asChange)
            case .addPerson(let joined): [joined.asChange]
            case .changePersonDetails(let changed): [changed]
            default: []
            }
        return parts.map { said in
            let details = said.sealed.details(of: said.person)
            let number = details?.idNumber.flatMap { try? ResidentIDNumber($0) }
            let member = household?.member(said.person)
            var claimed = ClaimedPerson(person: said.person, number: number)
            claimed.isHalfTold = number == nil && member?.token != nil
            if case .registerHousehold = action {
            } else if (said.role ?? member?.role) == .onlyChild {
                claimed.isHalfTold = true
            }
            let name = details?.name ?? member?.details?.name
            let birth = said.birthDate ?? number?.birthDate ?? member?.birthDate
            if said.namesake ?? member?.isNamesake ?? false { return claimed }
            if let name, let birth {
                claimed.likeness = .likeness(name: PersonName.closed(name), birthDate: birth)
            }
            return claimed
        }
    }

    /// Whether it may change who or what the household has: of one that says neither name, birth date nor number of anybody nothing of
    /// other lines depends.
    var mayChangeClaims: Bool {
        switch action {
        case .addPerson: true
        case .changePersonDetails(let changed):
            correction != nil || changed.birthDate != nil || changed.namesake != nil
                || changed.sealed.contains { $0.details?.name != nil || $0.details?.idNumber != nil }
        default: mayLetPeopleGo
        }
    }

    /// Whether somebody may leave the household by it, or its archive number become free.
    var mayLetPeopleGo: Bool {
        switch action {
        case .closeHousehold, .markRegisteredInError, .mergeHousehold, .splitHousehold, .removePerson,
            .changePersonDetails, .withdraw:
            true
        case .moveHousehold(let moved): moved.archiveNumber != nil || correction != nil
        case .registerHousehold: correction != nil
        default: false
        }
    }
}

extension PersonJoined {
    /// What it says of the person, as a change says it.
    fileprivate var asChange: PersonDetailsChanged {
        PersonDetailsChanged(
            person: person, role: role, sex: sex, birthDate: birthDate, token: token, namesake: namesake, sealed: sealed
        )
    }
}
