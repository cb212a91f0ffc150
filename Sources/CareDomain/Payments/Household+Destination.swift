/// Months of a line in a row whose money goes to the same account of an institution.
package struct InstitutionMonths: Hashable, Sendable {
    package let first: CivilMonth
    package internal(set) var last: CivilMonth
    /// nil while nobody has named one that stood in these months.
    package let account: String?
    /// Accounts of those who named it by parameter.
    package internal(set) var by: Set<Code>

    /// `2015-01…2015-06`
    package var text: String { first == last ? "\(first)" : "\(first)…\(last)" }
}

extension HouseholdHistory {
    /// Where the money of a line goes.
    /// - Parameters:
    ///   - line: A line as this file ordered it.
    ///   - day: The day by which it is told whose account in the family it goes to; an institution's does not depend on it.
    ///   - payee: The institution that gets the money of the clause; nil = the person, see `account(for:on:)`.
    ///   - place: Where the batch pays.
    /// - Returns: The reference, and who named it where it is an institution's of a place; nil while there is none, or its months
    ///   have several. Of what is taken back the reference is empty: it goes to no bank.
    package func destination(
        of line: OrderedLine, on day: CivilDay, payee: InstitutionPayee?, in place: DivisionCode?
    ) -> (account: String, by: Set<Code>)? {
        guard let payee, !line.isTakenBack else { return account(for: line, on: day).map { ($0, []) } }
        let parts = household.institutionMonths(of: line, payee: payee, in: place)
        guard parts.count == 1, let only = parts.first, let account = only.account else { return nil }
        return (account, only.by)
    }

    /// A reference that is stated of a person and stands on a day, as stated last.
    func reference(_ fact: FactID, of person: PersonID, on day: CivilDay) -> String? {
        let stated = household.facts.last {
            $0.stated.fact == fact && $0.stated.subject == .person(person) && $0.from <= day
        }
        guard let stated, case .reference(let text)? = stated.stated.value, !text.isEmpty else { return nil }
        return stated.stated.until.map { $0 <= day } ?? false ? nil : text
    }

    /// Whether money that went to an account went to an institution: never where this file has ever said that the account is one
    /// of its persons', also by a statement that was corrected since.
    /// - Parameters:
    ///   - account: As the file for the bank named it.
    ///   - payee: The institution that gets the clause's money as the packs stand now; nil = the person does.
    package func isInstitutions(_ account: String, payee: InstitutionPayee?) -> Bool {
        guard !hasStated(.accountReference, account) else { return false }
        return payee != nil || hasStated(.institutionAccountReference, account)
    }

    private func hasStated(_ fact: FactID, _ reference: String) -> Bool {
        events.contains { known in
            guard case .factStated(let stated) = known.event else { return false }
            return stated.fact == fact && stated.value == .reference(reference)
        }
    }
}

extension Household {
    /// Where the money of a line goes that an institution gets, month by month: to the account that stands on the month's last
    /// day, or else the last that stood in the month. What stands on other days, today among them, does not count.
    ///
    /// The months are those for which the line is paid; one sum of a quarter or year stands in one of them.
    /// - Parameters:
    ///   - line: A line of this household.
    ///   - payee: The institution that gets the money of the clause.
    ///   - place: Where the batch pays.
    package func institutionMonths(
        of line: OrderedLine, payee: InstitutionPayee, in place: DivisionCode?
    ) -> [InstitutionMonths] {
        var parts: [InstitutionMonths] = []
        for month in (line.first...line.last).months {
            let found = institutionAccount(for: line.subject, in: month, payee, place)
            if let last = parts.last, last.account == found?.account {
                parts[parts.count - 1].last = month
                parts[parts.count - 1].by.formUnion(found?.by ?? [])
            } else {
                parts.append(.init(first: month, last: month, account: found?.account, by: found?.by ?? []))
            }
        }
        return parts
    }

    private func institutionAccount(
        for subject: FactSubject, in month: CivilMonth, _ payee: InstitutionPayee, _ place: DivisionCode?
    ) -> (account: String, by: Set<Code>)? {
        guard payee.parameter == nil else {
            let account = payee.account(in: payingPlace(in: month, within: place), of: month)
            return account.map { ($0.reference, Set([$0.by].compactMap { $0 })) }
        }
        // Of nearly all families none is stated, and no day need be looked at.
        guard facts.contains(where: { $0.stated.fact == .institutionAccountReference }) else { return nil }
        var persons: [PersonID]
        if case .person(let person) = subject {
            persons = [person]
        } else {
            // What is due to the family goes where it is stated of one of its members.
            persons = members(on: month.lastDay).filter { $0.diedOn.map { $0 > month.lastDay } ?? true }.map(\.id)
        }
        return month.lastStanding { day in
            persons.lazy.compactMap { self.institutionReference(of: $0, on: day) }.first
        }.map { ($0, []) }
    }

    /// Where the family was registered at the month's end, as far as that lies where the batch pays.
    private func payingPlace(in month: CivilMonth, within place: DivisionCode?) -> DivisionCode? {
        let home = division(on: month.lastDay)
        guard let place else { return home }
        return home.flatMap { $0.isWithin(place) ? $0 : nil } ?? place
    }

    /// What is stated of a day ends where something is stated of a later one, whichever was told first; of the same day what was
    /// told later counts.
    private func institutionReference(of person: PersonID, on day: CivilDay) -> String? {
        var found: StatedFact?
        for one in facts
        where one.stated.fact == .institutionAccountReference && one.stated.subject == .person(person)
            && one.from <= day && found.map({ $0.from <= one.from }) ?? true
        {
            found = one
        }
        guard let stated = found?.stated, stated.until.map({ day < $0 }) ?? true,
            case .reference(let text)? = stated.value, !text.isEmpty
        else { return nil }
        return text
    }
}

extension InstitutionPayee {
    /// The account for money of a month in a place: the one that stands on its last day, or else the last that stood in it.
    /// - Returns: nil where none did, also where one stands from a later day.
    package func account(in place: DivisionCode?, of month: CivilMonth) -> Account? {
        month.lastStanding { account(in: place, on: $0) }
    }
}

extension CivilMonth {
    /// What stands on the month's last day, or else what stood on the last of its days on which something did.
    fileprivate func lastStanding<Value>(_ value: (CivilDay) -> Value?) -> Value? {
        var day = lastDay
        while day >= firstDay {
            if let found = value(day) { return found }
            day = day - 1
        }
        return nil
    }
}

extension FactID {
    /// 机构收款账户编号: a reference to the payment details of the institution that gets money for this person, kept outside the log.
    package static let institutionAccountReference = FactID(unchecked: "person.institution_account_ref")

    /// Whether it says where money goes.
    package var isAccountReference: Bool { self == .accountReference || self == .institutionAccountReference }
}
