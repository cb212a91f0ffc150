/// What is told of one person, as far as it says who they are: of a member on record, of somebody who joins, of a row.
///
/// Names are in their normal form. An ID number says the birth date and the sex, a role the sex, where they are not told
/// otherwise.
package struct PersonTraits: Hashable, Sendable {
    package let name: String?
    /// Resident ID number, 18 characters.
    package let idNumber: String?
    /// What stands for the ID number where that cannot be read.
    package let token: PersonToken?
    package let birthDate: CivilDay?
    package let sex: Sex?
    package let role: MemberRole?
    /// Whether an ID number is told, in the open or as its token.
    var isNumbered: Bool { idNumber != nil || token != nil }

    package init(
        name: String? = nil, idNumber: String? = nil, token: PersonToken? = nil, birthDate: CivilDay? = nil,
        sex: Sex? = nil, role: MemberRole? = nil
    ) {
        let number = birthDate == nil || sex == nil ? idNumber.flatMap { try? ResidentIDNumber($0) } : nil
        self.name = name.map(PersonName.closed)
        self.idNumber = idNumber
        self.token = token
        self.birthDate = birthDate ?? number?.birthDate
        self.sex = sex ?? number?.sex ?? role?.sex
        self.role = role
    }

    /// As the record knows a member.
    package init(_ member: Member) {
        self.init(
            name: member.details?.name, idNumber: member.details?.idNumber, token: member.token,
            birthDate: member.birthDate, sex: member.sex, role: member.role)
    }

    /// As somebody is told who joins.
    package init(_ joined: PersonJoined) {
        let details = joined.sealed.details(of: joined.person)
        self.init(
            name: details?.name, idNumber: details?.idNumber, token: joined.token, birthDate: joined.birthDate,
            sex: joined.sex, role: joined.role)
    }

    /// As a change tells somebody; with what is on record of the member where it says nothing.
    package init(_ changed: PersonDetailsChanged, over member: Member? = nil) {
        let details = changed.sealed.details(of: changed.person)
        self.init(
            name: details?.name ?? member?.details?.name, idNumber: details?.idNumber ?? member?.details?.idNumber,
            token: changed.token ?? member?.token, birthDate: changed.birthDate ?? member?.birthDate,
            sex: changed.sex ?? member?.sex, role: changed.role ?? member?.role)
    }
}
