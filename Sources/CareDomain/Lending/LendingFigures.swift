/// 指标: what the cases and funds of a division come to, over a period and up to its last day.
///
/// Pure: which events are known is decided before folding. Rates are in hundredths of a percent, rounded half up, and nil
/// when their denominator is zero: "not applicable", never 100 %.
/// - Source: XM-2.4a, XM-6.1, XM-6.2 (XM-Q6: lending districts alone), XM-6.3
package struct LendingFigures: Hashable, Sendable {
    /// Households that got their first aid within the period.
    package private(set) var newlyHelped = 0
    /// Paid out within the period, by kind of aid.
    package private(set) var disbursed: [LendingMode: Fen] = [:]
    /// Principal that fell due, and that was repaid, within the period.
    package private(set) var due = Fen.zero
    package private(set) var repaid = Fen.zero
    /// Unpaid rest of instalments that were no longer in time on the last day, and the loans it belongs to.
    package private(set) var overdue = Fen.zero
    package private(set) var overdueLoans = 0
    /// Households whose assessment of the period stands on its last day.
    package private(set) var exits = 0
    /// Written off within the period.
    package private(set) var writtenOff = Fen.zero
    /// Came in within the period of what was written off: no repayment, and in no rate.
    package private(set) var recovered = Fen.zero
    /// Up to the last day, with the totals of earlier years.
    package private(set) var helpedTotal = 0
    package private(set) var outTotal = 0
    /// Households that were assessed as out at some time, whatever came after.
    package private(set) var everOutTotal = 0
    package private(set) var completedTotal = 0
    package private(set) var completedOutTotal = 0
    package private(set) var disbursedTotal = Fen.zero
    package private(set) var capitalTotal = Fen.zero
    package private(set) var dueTotal = Fen.zero
    package private(set) var repaidOfDueTotal = Fen.zero
    package private(set) var outstanding = Fen.zero

    /// Which districts lend.
    private let places: LendingPlaces

    /// - Parameter places: Which districts lend: what stands on record as lent elsewhere is in no denominator of the repayment rate.
    package init(
        cases: [LoanCase], funds: [Fund], from first: CivilDay, through last: CivilDay,
        overdueBy terms: OverdueTerms = .standard, lentIn places: LendingPlaces = .everywhere
    ) {
        self.places = places
        var homes: [HouseholdID: [LoanCase]] = [:]
        for one in cases {
            guard let applied = one.application?.content else { continue }
            take(one, first, last, terms)
            if let payout = one.payout, payout.on <= last { homes[applied.household, default: []].append(one) }
        }
        for cases in homes.values { take(household: cases, first, last) }
        for fund in funds { take(fund, last) }
    }

    private mutating func take(_ one: LoanCase, _ first: CivilDay, _ last: CivilDay, _ terms: OverdueTerms) {
        let period = first...last
        if let payout = one.payout, payout.on <= last {
            disbursedTotal += payout.content
            if period.contains(payout.on) { disbursed[one.mode, default: .zero] += payout.content }
        }
        due += one.due(from: first, through: last)
        repaid += one.repayments.filter { period.contains($0.on) }.reduce(.zero) { $0 + $1.content.amount }
        if let writeOff = one.writeOff, period.contains(writeOff.on) { writtenOff += writeOff.content }
        recovered += one.recoveries.filter { period.contains($0.on) }.reduce(.zero) { $0 + $1.content.amount }
        let late = one.overdue(on: last, by: terms)
        overdue += late
        if late > .zero { overdueLoans += 1 }
        // The districts that do not lend are in no denominator, whatever was written down of them (XM-Q6).
        if let applied = one.application?.content,
            applied.division.map({ places.gives(.revolvingLoan, in: $0) }) ?? true
        {
            dueTotal += one.due(through: last)
            repaidOfDueTotal += one.repaidOfDue(by: last)
        }
        outstanding += one.outstanding(on: last)
    }

    private mutating func take(household cases: [LoanCase], _ first: CivilDay, _ last: CivilDay) {
        helpedTotal += 1
        if cases.compactMap({ $0.payout?.on }).min().map({ $0 >= first }) ?? false { newlyHelped += 1 }
        let assessed = cases.flatMap(\.exits).filter { $0.on <= last }
        let standing = assessed.max { ($0.on, $0.reference) < ($1.on, $1.reference) }
        let isOut = standing?.content ?? false
        if isOut { outTotal += 1 }
        if assessed.contains(where: \.content) { everOutTotal += 1 }
        if isOut, let standing, standing.on >= first { exits += 1 }
        guard cases.allSatisfy({ $0.state(on: last) != .running }) else { return }
        completedTotal += 1
        if isOut { completedOutTotal += 1 }
    }

    private mutating func take(_ fund: Fund, _ last: CivilDay) {
        capitalTotal += fund.deposits.filter { $0.on <= last }.reduce(.zero) { $0 + $1.deposited.amount }
        guard let history = fund.history, history.through <= last else { return }
        helpedTotal += history.helped
        outTotal += history.out
        everOutTotal += history.out
        completedTotal += history.completed
        completedOutTotal += min(history.out, history.completed)
        disbursedTotal += history.disbursed
        capitalTotal += history.capital
        guard fund.scope.map({ places.mayGive(.revolvingLoan, from: $0.division) }) ?? true else { return }
        dueTotal += history.due
        repaidOfDueTotal += history.repaid
    }

    /// 还款率: principal repaid against instalments due up to the day ÷ principal due up to the day; revolving loans only.
    package var repaymentRate: Int64? { Self.rate(repaidOfDueTotal.amount, of: dueTotal.amount) }

    /// 脱贫率 of all households helped.
    package var exitRate: Int64? { Self.rate(Int64(outTotal), of: Int64(helpedTotal)) }

    /// 脱贫率 of households whose aid is completed.
    package var exitRateOfCompleted: Int64? { Self.rate(Int64(completedOutTotal), of: Int64(completedTotal)) }

    /// Paid out for each household helped, rounded half up; nil when none was.
    package var mean: Fen? {
        helpedTotal == 0 ? nil : Fen((disbursedTotal.amount * 2 + Int64(helpedTotal)) / (2 * Int64(helpedTotal)))
    }

    /// Hundredths of a percent, rounded half up, but less than the whole is never a hundred percent; nil when there is nothing
    /// to divide by.
    package static func rate(_ part: Int64, of whole: Int64) -> Int64? {
        guard whole != 0 else { return nil }
        let rounded = Int64((Int128(part) * 20_000 + Int128(whole)) / (Int128(whole) * 2))
        return part < whole ? min(rounded, 9_999) : rounded
    }

    /// All of it under stable names, in a fixed order; a rate without a denominator is left out, and what was recovered where
    /// nothing was, so that reports of programs that knew of no recoveries are reproduced as they were sent.
    package var figures: [LoanFigure] {
        let given = LendingMode.allCases.map { mode in
            ("disbursed_\(mode.rawValue)_fen", Optional((disbursed[mode] ?? .zero).amount))
        }
        let all: [(String, Int64?)] =
            [("newly_helped", Int64(newlyHelped))] + given + [
                ("due_fen", due.amount), ("repaid_fen", repaid.amount), ("overdue_fen", overdue.amount),
                ("overdue_loans", Int64(overdueLoans)), ("written_off_fen", writtenOff.amount),
                ("recovered_fen", recovered == .zero ? nil : recovered.amount),
                ("exits", Int64(exits)), ("helped_total", Int64(helpedTotal)), ("out_total", Int64(outTotal)),
                ("completed_total", Int64(completedTotal)),
                ("gross_disbursed_fen", disbursedTotal.amount), ("fresh_capital_fen", capitalTotal.amount),
                ("mean_disbursed_fen", mean?.amount), ("outstanding_fen", outstanding.amount),
                ("due_total_fen", dueTotal.amount), ("repaid_of_due_fen", repaidOfDueTotal.amount),
                ("repayment_rate_bp", repaymentRate), ("exit_rate_bp", exitRate),
                ("exit_rate_completed_bp", exitRateOfCompleted),
            ]
        return all.compactMap { name, value in value.map { LoanFigure(Code(unchecked: name), $0) } }
    }
}
