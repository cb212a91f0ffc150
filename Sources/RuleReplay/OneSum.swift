import CareDomain
import RuleEngine

/// 一次性的一笔: what a right gives once is one sum, whatever its months are: where only its month moves nothing is owed and nothing
/// is over-paid, also where it moves beyond the days compared.
/// - Source: CareDomain Decisions 0028, 0039
struct OneSum {
    /// A month by its index, and by how much the sides differ in it, in fen.
    private struct Month {
        let month: Int32
        var before: Int64 = 0
        var after: Int64 = 0
        /// What is left of the difference when all months are put against each other.
        var left: Int64 = 0
    }

    /// In order.
    private var months: [Month] = []
    private let present: Int32
    /// What is known to be due of each side in all months, in fen.
    private(set) var totals: (before: Int64, after: Int64) = (0, 0)

    /// - Parameters:
    ///   - before: the sums of one side by month.
    ///   - after: those of the other.
    ///   - present: index of the month up to which sums are arrears or over-payment.
    init(_ before: [(month: Int32, amount: Int64)], _ after: [(month: Int32, amount: Int64)], present: Int32) {
        self.present = present
        var found: [Int32: Month] = [:]
        for (month, amount) in before { found[month, default: Month(month: month)].before += amount }
        for (month, amount) in after { found[month, default: Month(month: month)].after += amount }
        months = found.values.sorted { $0.month < $1.month }
        for place in months.indices {
            totals.before += months[place].before
            totals.after += months[place].after
            months[place].left = months[place].after - months[place].before
        }
        settle()
    }

    /// What stands of some months.
    /// - Parameter counts: whether a month, by its index, is among them.
    func sums(of counts: (Int32) -> Bool) -> NettedMonths.Sums {
        var sums = NettedMonths.Sums()
        for one in months where counts(one.month) {
            if one.month > present {
                sums.future += one.left
            } else if one.left > 0 {
                sums.arrears += one.left
            } else {
                sums.overpayment -= one.left
            }
        }
        return sums
    }

    /// Puts the months against each other: what was paid in one pays what is due in another, as a determination has it
    /// (`SpanMoney`): what is owed of the earliest first, what is over-paid of the latest.
    private mutating func settle() {
        let due = months.firstIndex { $0.month > present } ?? months.count
        let more = months[..<due].reduce(0) { $0 + max(0, $1.left) }
        let less = months[..<due].reduce(0) { $0 + max(0, -$1.left) }
        let later = months[due...].reduce(0) { $0 + $1.after }
        let madeGood = min(later, max(0, less - more))
        take(min(more, less), 0..<due, sign: 1) { $0.left }
        take(min(more, less) + madeGood, (0..<due).reversed(), sign: -1) { -$0.left }
        // What was paid ahead is not paid once more.
        take(madeGood, due..<months.count, sign: 1) { $0.after }
    }

    /// Takes a sum from months, of each as much as it has.
    private mutating func take(
        _ sum: Int64, _ places: some Sequence<Int>, sign: Int64, _ has: (Month) -> Int64
    ) {
        var rest = sum
        for place in places {
            let part = min(rest, max(0, has(months[place])))
            months[place].left -= sign * part
            rest -= part
        }
    }
}

extension RightDifference.Kind {
    /// What is given once, and falls due on other days only, is neither gained nor lost.
    func settled(by sum: OneSum?) -> Self {
        guard let sum else { return self }
        return (self == .gained && sum.totals.before > 0) || (self == .lost && sum.totals.after > 0) ? .changed : self
    }
}

extension RuleReplay {
    /// How many months beyond those compared are looked at for what is given once and falls due later under one of the sides.
    static let oneSumAhead: Int32 = 120

    /// The last month in which a sum that is given once is looked for.
    var oneSumThrough: CivilMonth { max(settledThrough, lastMonth + Self.oneSumAhead) }

    /// The last month compared.
    var lastMonth: CivilMonth { CivilMonth(containing: (period.end ?? period.start) - 1) }

    /// What both sides give once, as one sum; nil where one of them gives it otherwise.
    func oneSum(
        _ sides: (before: Determination?, after: Determination?),
        _ dues: (before: [CivilMonth: Due], after: [CivilMonth: Due])
    ) -> OneSum? {
        guard let telling = sides.after ?? sides.before, telling.isOneSum, sides.before?.isOneSum ?? true else {
            return nil
        }
        func sums(_ dues: [CivilMonth: Due]) -> [(month: Int32, amount: Int64)] {
            dues.map { ($0.key.index, $0.value.amount?.amount ?? 0) }
        }
        return OneSum(sums(dues.before), sums(dues.after), present: present.index)
    }
}
