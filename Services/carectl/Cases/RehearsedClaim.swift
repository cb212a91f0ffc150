import CareDomain

/// What only one open household may have at a time: a person by ID number, an archive number in a county.
enum RehearsedClaim: Hashable {
    case person(PersonToken)
    case archiveNumber(county: String, number: String)

    /// What intake says of somebody who wants it while another household has it.
    func taken(_ command: HouseholdCommand, by household: HouseholdID) -> Refusal {
        switch self {
        case .person: Refusal(.personElsewhere, field: "members", candidate: household)
        case .archiveNumber:
            Refusal(.archiveNumberTaken, field: command.archiveNumberField, candidate: household)
        }
    }
}

extension Household {
    /// What it has: everybody with a number who has not left, and its archive number, while it is open.
    var rehearsedClaims: Set<RehearsedClaim> {
        guard status == .active else { return [] }
        var claims = Set(present.compactMap { $0.token.map { RehearsedClaim.person($0) } })
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
}

extension HouseholdCommand {
    /// The people whose ID numbers it brings into the household.
    var numberedPeople: [(person: PersonID, number: ResidentIDNumber)] {
        let parts: [(PersonID, [SealedPart])] =
            switch action {
            case .registerHousehold(let register): register.members.map { ($0.person, $0.sealed) }
            case .addPerson(let joined): [(joined.person, joined.sealed)]
            case .changePersonDetails(let changed): [(changed.person, changed.sealed)]
            default: []
            }
        return parts.compactMap { person, sealed in
            let number = sealed.details(of: person)?.idNumber.flatMap { try? ResidentIDNumber($0) }
            return number.map { (person, $0) }
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
