/// 批次编号: one payment batch, derived from what it pays, so that the same run meets the same batch.
package struct BatchID: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// What a batch pays.
package enum BatchKind: String, Hashable, Sendable, CaseIterable {
    /// 正常发放: what is due in the months of its period and was not ordered before.
    case regular
    /// 补发: what a person decided to pay of arrears.
    case arrears
    /// 追回: what a person decided to take back; its sums are negative.
    case recovery
}

/// 发放范围: which sums a batch is about. Two batches with the same scope are one batch.
package struct BatchScope: Hashable, Sendable {
    package var kind: BatchKind
    /// Families registered in this division, or in one within it, on the last day of the period.
    package var division: DivisionCode
    package var period: PaymentPeriod
    /// Only these clauses, in order; empty = all.
    package var clauses: [ClauseID]
    /// 1 for the run of the period, 2 and so on for the ones that follow it; each is somebody's express wish.
    package var number: Int

    package init(
        kind: BatchKind = .regular, division: DivisionCode, period: PaymentPeriod, clauses: [ClauseID] = [],
        number: Int = 1
    ) {
        self.kind = kind
        self.division = division
        self.period = period
        self.clauses = Array(Set(clauses)).sorted()
        self.number = number
    }

    /// The text from which the batch's id is derived. Frozen: ids derived from it stand in logs.
    package var canonicalText: String {
        let clauses = clauses.map(\.rawValue).joined(separator: ",")
        return "\(kind.rawValue)|\(division.rawValue)|\(period.first)|\(period.last)|\(clauses)|\(number)"
    }

    /// What of it can be paid by a day: of a regular batch no month that has not begun, since a month is due as soon as the right holds
    /// on one of its days, and of a later one nobody knows. A quarter or year whose sum is due in a month that has begun is paid whole.
    package func begun(by day: CivilDay) -> BatchScope {
        let last = max(CivilMonth(containing: day), period.first)
        guard kind == .regular, last < period.last, let part = PaymentPeriod(first: period.first, last: last) else {
            return self
        }
        var scope = self
        scope.period = part
        return scope
    }

    /// Whether the clause is among those that are paid.
    package func includes(_ clause: ClauseID) -> Bool { clauses.isEmpty || clauses.contains(clause) }
}

/// One payer's part of a sum.
package struct PayerPart: Hashable, Sendable {
    package var payer: Code
    package var amount: Fen

    package init(payer: Code, amount: Fen) {
        self.payer = payer
        self.amount = amount
    }

    /// Whether the payer pays through our batches; employers, insurers and the departments of the three combinations give the
    /// family what they bear themselves.
    /// - Source: policies, payer = employer or insurer: payer notice and follow-up instead of payment (CZ-2.2, CZ-2.3);
    ///   GY-3.17 帮扶部门给予现金帮扶
    package static func isPaidByUs(_ payer: Code) -> Bool { !paysThemselves.contains(payer.rawValue) }

    private static let paysThemselves: Set<String> = ["employer", "insurer", "three_combo"]
}

/// One sum that is due in a month, as a determination has it.
package struct SumDue: Hashable, Sendable {
    package var month: CivilMonth
    /// What our payers bear of it.
    package var amount: Fen
    /// How those payers share it; never empty.
    package var shares: [PayerShare]
    /// 暂缓期满的月份: where a hold kept it back, the month in which the hold ends; otherwise its own.
    package var fallsIn: CivilMonth

    package init(month: CivilMonth, amount: Fen, shares: [PayerShare], fallsIn: CivilMonth? = nil) {
        self.month = month
        self.amount = amount
        self.shares = shares
        self.fallsIn = fallsIn ?? month
    }

    /// Whether it is not kept back any longer by the end of a month.
    func isReleased(by last: CivilMonth) -> Bool { fallsIn == month || fallsIn <= last }
}

/// What the rules say of money, handed in because the domain does not evaluate packs.
package struct PaymentRules: Sendable {
    /// The sums that a determination makes due up to a month without a further decision, in order.
    package var dues: @Sendable (DeterminationMade, CivilMonth) -> [SumDue]
    /// Splits a sum by shares so that the parts add up to it.
    package var split: @Sendable (Fen, [PayerShare]) -> [PayerPart]
    /// The months up to one in which a determination makes a sum due that nobody is known to bear.
    package var withoutPayer: @Sendable (DeterminationMade, CivilMonth) -> [CivilMonth]
    /// The months up to one in which an employer or insurer bears a sum, or a part of it.
    package var byOthers: @Sendable (DeterminationMade, CivilMonth) -> [CivilMonth]
    /// Where a pack applies; nil = anywhere, or not known.
    package var territory: @Sendable (PackID) -> DivisionCode? = { _ in nil }
    /// The institution that gets the money of a clause in place of the person; nil = the person does.
    package var payees: @Sendable (ClauseID) -> InstitutionPayee? = { _ in nil }

    package init(
        dues: @escaping @Sendable (DeterminationMade, CivilMonth) -> [SumDue],
        split: @escaping @Sendable (Fen, [PayerShare]) -> [PayerPart],
        withoutPayer: @escaping @Sendable (DeterminationMade, CivilMonth) -> [CivilMonth] = { _, _ in [] },
        byOthers: @escaping @Sendable (DeterminationMade, CivilMonth) -> [CivilMonth] = { _, _ in [] }
    ) {
        self.byOthers = byOthers
        self.dues = dues
        self.split = split
        self.withoutPayer = withoutPayer
    }
}
