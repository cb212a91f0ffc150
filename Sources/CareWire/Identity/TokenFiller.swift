import CareDomain

/// Puts into a command what follows from ID numbers: the token that stands for the person, birth date and sex.
///
/// Tokens that a client sent are thrown away: only the deployment's key makes them. A number that is wrong is left for
/// `decide` to refuse.
package struct TokenFiller {
    private let key: TokenKey

    package init(key: TokenKey) { self.key = key }

    /// The token that stands for whoever has the number.
    package func token(of number: ResidentIDNumber) -> PersonToken { key.token(of: number) }

    package func filled(_ command: HouseholdCommand) -> HouseholdCommand {
        var command = command
        switch command.action {
        case .registerHousehold(var register):
            register.members = register.members.map(filled)
            command.action = .registerHousehold(register)
        case .addPerson(let joined):
            command.action = .addPerson(filled(joined))
        case .changePersonDetails(var changed):
            changed.token = nil
            if let id = number(of: changed.person, in: changed.sealed) {
                changed.token = key.token(of: id)
                changed.birthDate = changed.birthDate ?? id.birthDate
                changed.sex = changed.sex ?? id.sex
            }
            command.action = .changePersonDetails(changed)
        default:
            break
        }
        return command
    }

    private func filled(_ joined: PersonJoined) -> PersonJoined {
        var joined = joined
        joined.token = nil
        if let id = number(of: joined.person, in: joined.sealed) {
            joined.token = key.token(of: id)
            joined.birthDate = joined.birthDate ?? id.birthDate
            joined.sex = joined.sex ?? id.sex
        }
        return joined
    }

    private func number(of person: PersonID, in sealed: [SealedPart]) -> ResidentIDNumber? {
        guard let text = sealed.details(of: person)?.idNumber else { return nil }
        return try? ResidentIDNumber(text)
    }
}
