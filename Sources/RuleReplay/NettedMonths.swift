import CareDomain

/// 轧差: what a right's months leave to be paid or taken back, where a quarter or year is paid as a whole by one of the sides: its
/// months are put against each other.
///
/// What a family was paid at the start of a quarter is not over-paid because the candidate lets it fall due month by month, and
/// what was paid month by month is no longer owed when it lets it fall due at the start.
struct NettedMonths: Hashable, Sendable {
    /// Months in a row that differ by the same.
    private struct Run: Hashable {
        let month: Int32
        let count: Int32
        let difference: Int64
    }

    private var runs: [Run] = []
    private var together = MonthsTogether()

    /// Takes months in whose difference is known.
    /// - Parameters:
    ///   - month: index of the first.
    ///   - difference: of each, in fen.
    ///   - unit: the longer of the units that the sides pay in them.
    ///   - count: how many, in a row.
    mutating func add(_ month: Int32, _ difference: Int64, _ unit: CalendarUnit, count: Int32 = 1) {
        runs.append(Run(month: month, count: count, difference: difference))
        together.insert(unit, with: CivilMonth(index: month))
    }

    /// What stands of all of them.
    struct Sums: Hashable, Sendable {
        var arrears: Int64 = 0
        var overpayment: Int64 = 0
        /// What the later months that are compared come to, less what is paid of them already.
        var future: Int64 = 0
    }

    /// - Parameters:
    ///   - present: index of the month up to which sums are arrears or over-payment.
    ///   - last: index of the last month compared; of later ones is looked at only what they make good.
    func sums(present: Int32, last: Int32) -> Sums {
        var bySpan: [ClosedRange<CivilMonth>: (now: Int64, later: Int64, beyond: Int64)] = [:]
        for run in runs {
            for month in run.month..<run.month + run.count {
                let span = together.span(of: CivilMonth(index: month))
                if month > last {
                    bySpan[span, default: (0, 0, 0)].beyond += run.difference
                } else if month <= present {
                    bySpan[span, default: (0, 0, 0)].now += run.difference
                } else {
                    bySpan[span, default: (0, 0, 0)].later += run.difference
                }
            }
        }
        var sums = Sums()
        for (now, later, beyond) in bySpan.values {
            let netted = NettedSum(Fen(now), rest: Fen(later + beyond))
            sums.arrears += netted.arrears.amount
            sums.overpayment += netted.overpayment.amount
            // What was paid ahead is not paid once more.
            let ahead = netted.arrears.amount - netted.overpayment.amount - now
            sums.future += later - max(0, min(ahead, later))
        }
        return sums
    }
}

extension [DueRun] {
    /// Takes out what falls due after a month.
    mutating func cut(after last: Int32) -> [DueRun] {
        var rest: [DueRun] = []
        while let run = self.last, run.end > last + 1 {
            var part = run
            part.month = Swift.max(run.month, last + 1)
            part.count = run.end - part.month
            rest.insert(part, at: 0)
            if run.month > last { removeLast() } else { self[count - 1].count = last + 1 - run.month }
        }
        return rest
    }
}
