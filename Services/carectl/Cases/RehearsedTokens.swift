import CareDomain
import CareWire

/// Who is who by ID number while lines are tried.
///
/// The record shows tokens that the deployment's key made, and nobody's number; that key nobody sees. So the numbers of the
/// lines get tokens of a key that stands for it, and which of them mean the same number intake's answers tell, together with
/// birth date and sex, which the number holds too.
struct RehearsedTokens {
    // 32 bytes are a key.
    private let filler = TokenFiller(key: TokenKey(bytes: Array(repeating: 0, count: 32))!)
    /// Tokens of the record by the tokens made here.
    private var onRecord: [PersonToken: PersonToken] = [:]

    /// The token of the record where it is known, otherwise one that stands for it.
    func token(of number: ResidentIDNumber) -> PersonToken {
        let made = filler.token(of: number)
        return onRecord[made] ?? made
    }

    /// Whether it is known which token of the record stands for the number.
    func isOnRecord(_ number: ResidentIDNumber) -> Bool { onRecord[filler.token(of: number)] != nil }

    /// The line with the tokens of its numbers.
    func filled(_ command: HouseholdCommand) -> HouseholdCommand {
        var command = filler.filled(command)
        switch command.action {
        case .registerHousehold(var register):
            for index in register.members.indices { put(&register.members[index].token) }
            command.action = .registerHousehold(register)
        case .addPerson(var joined):
            put(&joined.token)
            command.action = .addPerson(joined)
        case .changePersonDetails(var changed):
            put(&changed.token)
            command.action = .changePersonDetails(changed)
        default: break
        }
        return command
    }

    private func put(_ token: inout PersonToken?) { token = token.map { onRecord[$0] ?? $0 } }

    /// Takes in that a token of the record stands for the number.
    mutating func learn(_ number: ResidentIDNumber, _ token: PersonToken) { onRecord[filler.token(of: number)] = token }

    /// Takes in that somebody of the household has the number on record.
    /// - Returns: false when it may be one of several, such as twins.
    mutating func learn(_ number: ResidentIDNumber, of household: Household) -> Bool {
        let known = Set(onRecord.values)
        let found = household.present.filter { isLike($0, number) }.compactMap(\.token).filter { !known.contains($0) }
        guard let token = found.first, found.count == 1 else { return false }
        learn(number, token)
        return true
    }

    /// Whether whoever has a number, and is in a household by the record, is still in it with that number now that lines were
    /// tried; nil when that cannot be told.
    func has(_ now: Household, _ number: ResidentIDNumber, onRecordIn before: Household) -> Bool? {
        let fits = before.present.filter { isLike($0, number) }
        let staying = fits.count { member in
            now.present.contains { $0.id == member.id && [member.token, token(of: number)].contains($0.token) }
        }
        if staying == 0 { return fits.isEmpty ? nil : false }
        return staying == fits.count ? true : nil
    }

    /// The same of somebody by name and birth date. Names of the record are not shown here, so whoever was born on the day may be
    /// meant.
    func has(_ now: Household, _ likeness: RehearsedClaim, onRecordIn before: Household) -> Bool? {
        guard case .likeness(let name, let birthDate) = likeness else { return nil }
        func fits(_ member: Member) -> Bool {
            member.birthDate == birthDate && (member.details?.name).map { PersonName.closed($0) == name } ?? true
        }
        let fitting = before.present.filter(fits)
        let staying = fitting.count { member in now.present.contains { $0.id == member.id && fits($0) } }
        if staying == 0 { return fitting.isEmpty ? nil : false }
        return staying == fitting.count ? true : nil
    }

    private func isLike(_ member: Member, _ number: ResidentIDNumber) -> Bool {
        (member.birthDate ?? number.birthDate) == number.birthDate && (member.sex ?? number.sex) == number.sex
    }
}
