import CareDomain

/// What a new determination leaves to be paid or taken back of months that are counted together, such as a quarter whose sum was
/// due month by month and is due at its start now.
///
/// What was paid of the span, in whichever month, pays what is due in it. Only what is left is owed; only what is more than all
/// that will be due by the span's end is over-paid.
///
/// Invariant: of every span, what was paid and is not due by its end is listed as over-paid or decided about, and nothing else is
/// listed so; what is listed as owed is never more than what is due by now and not paid. The rest, what is due and neither paid nor
/// listed, is what regular batches pay. It holds as long as everybody counts the same months together: the spans are those of the
/// file once the determination stands (`MonthsTogether`), and they only grow.
struct SpanMoney {
    private let span: ClosedRange<CivilMonth>
    private let present: CivilMonth
    private let after: [CivilMonth: Fen]
    private let money: RightMoney
    /// What will stand in each month: positive = 应补, negative = 多发.
    private var standing: [CivilMonth: Fen] = [:]

    /// - Parameters:
    ///   - present: the last month that is due.
    ///   - before: what was due in each month by the determination before.
    ///   - after: what is now.
    init(
        _ span: ClosedRange<CivilMonth>, present: CivilMonth, before: [CivilMonth: Fen], after: [CivilMonth: Fen],
        _ money: RightMoney
    ) {
        self.span = span
        self.present = present
        self.after = after
        self.money = money
        for month in span.months {
            let more = month <= present ? (after[month] ?? .zero) - (before[month] ?? .zero) : .zero
            standing[month] = (money.standing[month] ?? .zero) + more
        }
        settle()
    }

    /// What the determination changes of what stands, by month: as what is due in it now, or, where that is less than the change,
    /// as what of it is paid for or stands.
    var changes: [DeterminationDifference.Month] {
        span.months.compactMap { month in
            let change = (standing[month] ?? .zero) - (money.standing[month] ?? .zero)
            guard change != .zero else { return nil }
            let due = after[month] ?? .zero
            if due >= change { return .init(month: month, before: due - change, after: due) }
            let counted = max(.zero, (money.ordered[month] ?? .zero) + (money.standing[month] ?? .zero))
            return .init(month: month, before: counted, after: counted + change)
        }
    }

    private func sum(_ months: some Sequence<CivilMonth>, _ value: (CivilMonth) -> Fen) -> Fen {
        months.reduce(.zero) { $0 + value($1) }
    }

    /// What was paid for a month and is not due in it.
    private func excess(_ month: CivilMonth) -> Fen {
        max(.zero, (money.ordered[month] ?? .zero) - (after[month] ?? .zero))
    }

    private func unpaid(_ month: CivilMonth) -> Fen {
        max(.zero, (after[month] ?? .zero) - (money.ordered[month] ?? .zero))
    }

    private mutating func settle() {
        let months = span.months
        let excess = sum(months, excess)
        let unpaid = (
            now: sum(months.filter { $0 <= present }, unpaid), later: sum(months.filter { $0 > present }, unpaid)
        )
        // What people decided about already does not stand once more.
        let owed = max(.zero, unpaid.now - excess - sum(months) { money.decidedMore[$0] ?? .zero })
        let over = max(.zero, excess - unpaid.now - unpaid.later - sum(months) { money.decidedLess[$0] ?? .zero })
        // The earliest first: later months are still paid by the regular batches that reach them.
        reduce(to: owed, months, sign: 1)
        // What was taken from a month that nobody was paid for goes first.
        let unordered = months.reversed().filter { (money.ordered[$0] ?? .zero) == .zero }
        reduce(to: over, unordered + months.reversed().filter { !unordered.contains($0) }, sign: -1)
        raise(to: over, months.reversed())
    }

    private func total(_ sign: Int64) -> Fen {
        sum(span.months) { max(.zero, Fen(sign * (standing[$0] ?? .zero).amount)) }
    }

    /// Takes from what stands one way until it is not more than a sum.
    private mutating func reduce(to most: Fen, _ months: [CivilMonth], sign: Int64) {
        var rest = total(sign) - most
        for month in months where rest > .zero {
            let own = max(.zero, Fen(sign * (standing[month] ?? .zero).amount))
            let part = min(own, rest)
            standing[month] = Fen((standing[month] ?? .zero).amount - sign * part.amount)
            rest = rest - part
        }
    }

    /// Adds over-payment where more was paid than is due.
    private mutating func raise(to sum: Fen, _ months: [CivilMonth]) {
        var rest = sum - total(-1)
        for month in months where rest > .zero {
            let known = max(.zero, -(standing[month] ?? .zero))
            let part = min(rest, max(.zero, excess(month) - known))
            standing[month] = (standing[month] ?? .zero) - part
            rest = rest - part
        }
    }
}
