/// 应退人: who got money that is taken back.
package struct MoneyHolder: Hashable, Sendable {
    /// What the institution is called in both languages; nil = the family got it, or nobody can tell.
    package var institution: Institution?
    /// The account to which it went, as the file for the bank named it; nil where it was never sent, or that batch cannot be read.
    package var account: String?
    /// How much of what is taken back, positive.
    package var amount: Fen

    package struct Institution: Hashable, Sendable {
        package var chinese: String
        package var english: String

        package init(chinese: String, english: String) {
            self.chinese = chinese
            self.english = english
        }
    }
}

extension HouseholdHistory {
    /// Who got the money that a line of a batch takes back, as the files for the bank have it; empty for a line that pays.
    ///
    /// Whoever got it gives it back: what an institution got is not asked of the family, and after a death not of its heirs.
    /// - Parameters:
    ///   - line: A line of this file.
    ///   - payee: The institution that gets the clause's money as the packs stand now; nil = the person does.
    ///   - batch: The batches that paid; nil where one cannot be read.
    /// - Source: Decision 0046
    package func holders(
        of line: BatchLine, payee: InstitutionPayee?, batch: (BatchID) -> PaymentBatch?
    ) -> [MoneyHolder] {
        let sources = household.sources(
            of: OrderPlace(order: line.ordered.order, place: line.ordered.place))
        var holders: [MoneyHolder] = []
        for (place, amount) in sources {
            let account = household.batch(of: place.order).flatMap(batch).flatMap { $0.account(of: place, in: id) }
            let went = account.map { isInstitutions($0, payee: payee) } ?? false
            let institution = went ? payee?.named ?? .unnamed : nil
            let same = holders.firstIndex { $0.institution == institution && $0.account == account }
            if let same {
                holders[same].amount += amount
            } else {
                holders.append(MoneyHolder(institution: institution, account: account, amount: amount))
            }
        }
        return holders
    }
}

/// An institution to which months of a right go, or went.
package struct InstitutionOfMonths: Hashable, Sendable {
    package var institution: MoneyHolder.Institution
    /// The reference of its account; nil where nobody has named one, or nothing was sent.
    package var account: String?
}

extension HouseholdHistory {
    /// The institutions that get the money of months of a right, or, where it is taken back, those that got it; each account once.
    /// - Parameters:
    ///   - isTakenBack: Whether too much was paid: then it is told by the files for the bank, of what stands paid.
    ///   - payee: The institution that gets the clause's money as the packs stand now.
    ///   - place: Where the months belong.
    ///   - batch: The batches that paid; nil where one cannot be read.
    /// - Returns: Empty where the family got all that stands paid.
    /// - Source: CZ-2.7d, Decision 0046
    package func institutions(
        of clause: ClauseID, _ subject: FactSubject, in months: ClosedRange<CivilMonth>, isTakenBack: Bool,
        payee: InstitutionPayee, in place: DivisionCode?, batch: (BatchID) -> PaymentBatch?
    ) -> [InstitutionOfMonths] {
        var found: [InstitutionOfMonths] = []
        func add(_ account: String?, _ institution: MoneyHolder.Institution) {
            let own = InstitutionOfMonths(institution: institution, account: account)
            if !found.contains(own) { found.append(own) }
        }
        guard isTakenBack else {
            let line = OrderedLine(
                clause: clause, subject: subject, first: months.lowerBound, last: months.upperBound, parts: [])
            for part in household.institutionMonths(of: line, payee: payee, in: place) {
                add(part.account, payee.named)
            }
            return found
        }
        let payments = household.payments
        let paid = PaidSums(payments, of: clause, subject, counting: household.together(clause, subject, payments))
            .standing(in: months)
        for line in paid {
            let account = household.batch(of: line.order).flatMap(batch).flatMap { $0.account(of: line, in: id) }
            guard let account else {
                add(nil, payee.named)
                continue
            }
            if isInstitutions(account, payee: payee) { add(account, payee.named) }
        }
        // Another file of the person paid it.
        if paid.isEmpty { add(nil, payee.named) }
        return found
    }
}

extension InstitutionPayee {
    fileprivate var named: MoneyHolder.Institution { .init(chinese: title, english: english) }
}

extension MoneyHolder.Institution {
    /// Of a clause whose money went to an institution before the pack said otherwise.
    fileprivate static let unnamed = Self(chinese: "机构", english: "an institution")
}
