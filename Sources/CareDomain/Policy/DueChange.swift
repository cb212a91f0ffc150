/// Months in a row whose sum a new determination changed by the same: what was due before, and what is due now.
package struct DueChange: Hashable, Sendable {
    package let first: CivilMonth
    /// The last of them, not before the first.
    package let last: CivilMonth
    /// Due in each of these months by the determination before; zero when nothing was.
    package let before: Fen
    /// Due in each of these months now.
    package let after: Fen

    package init(first: CivilMonth, last: CivilMonth, before: Fen, after: Fen) {
        self.first = first
        self.last = last
        self.before = before
        self.after = after
    }

    /// How many months there are.
    package var months: Int64 { Int64(last - first) + 1 }

    /// All months together: positive = 应补, negative = 多发.
    package var difference: Fen { Fen((after.amount - before.amount) * months) }
}

extension [DueChange] {
    /// 应补: what the months that became more add up to.
    package var arrears: Fen { lazy.map(\.difference).filter { $0 > .zero }.reduce(.zero, +) }

    /// 多发, as a positive sum: what the months that became less add up to.
    package var overpayment: Fen { -lazy.map(\.difference).filter { $0 < .zero }.reduce(.zero, +) }
}
