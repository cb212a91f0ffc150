extension HouseholdHistory {
    /// Where the money of a line goes.
    /// - Parameters:
    ///   - line: A line as this file ordered it.
    ///   - day: The day by which it is told.
    ///   - payee: The institution that gets the money of the clause; nil = the person, see `account(for:on:)`.
    ///   - place: Where the batch pays.
    /// - Returns: The reference, and who named it where it is an institution's of a place; nil while there is none. Where no
    ///   parameter holds it, it is stated of the person, or, for what is due to the family, of one of its members. Of what is
    ///   taken back the reference is empty: it goes to no bank.
    package func destination(
        of line: OrderedLine, on day: CivilDay, payee: InstitutionPayee?, in place: DivisionCode?
    ) -> (account: String, by: Code?)? {
        guard let payee, !line.isTakenBack else { return account(for: line, on: day).map { ($0, nil) } }
        guard payee.parameter == nil else {
            let account = payee.account(in: payingPlace(of: line, on: day, within: place), on: day)
            return account.map { ($0.reference, $0.by) }
        }
        var persons = household.members(on: day).filter { $0.diedOn == nil }.map(\.id)
        if case .person(let person) = line.subject { persons = [person] }
        let stated = persons.lazy.compactMap { self.reference(.institutionAccountReference, of: $0, on: day) }.first
        return stated.map { ($0, nil) }
    }

    /// Where the family was registered in the line's last month, as far as that lies where the batch pays.
    private func payingPlace(
        of line: OrderedLine, on day: CivilDay, within place: DivisionCode?
    ) -> DivisionCode? {
        let home = household.division(on: min(line.last.lastDay, day))
        guard let place else { return home }
        return home.flatMap { $0.isWithin(place) ? $0 : nil } ?? place
    }

    /// A reference that is stated of a person and stands on a day.
    func reference(_ fact: FactID, of person: PersonID, on day: CivilDay) -> String? {
        let stated = household.facts.last {
            $0.stated.fact == fact && $0.stated.subject == .person(person) && $0.from <= day
        }
        guard let stated, case .reference(let text)? = stated.stated.value, !text.isEmpty else { return nil }
        return stated.stated.until.map { $0 <= day } ?? false ? nil : text
    }
}

extension FactID {
    /// 机构收款账户编号: a reference to the payment details of the institution that gets money for this person, kept outside the log.
    package static let institutionAccountReference = FactID(unchecked: "person.institution_account_ref")

    /// Whether it says where money goes.
    package var isAccountReference: Bool { self == .accountReference || self == .institutionAccountReference }
}
