import CareDomain
import RuleEngine

extension RightDifference {
    /// Why it is not known what a month comes to.
    package enum Open: String, Hashable, Sendable, CaseIterable {
        /// 待补: a fact or a parameter is missing.
        case needsFact = "needs_fact"
        /// 待查: the rule ends in an error.
        case failed
        /// 待决定: the candidate leaves the sum to people, and nobody has decided.
        case awaitsDecision = "awaiting_decision"

        init?(_ status: OutcomeStatus) {
            switch status {
            case .needsFact, .needsParameter: self = .needsFact
            case .failed: self = .failed
            case .proposed: self = .awaitsDecision
            case .entitled, .held, .notEntitled: return nil
            }
        }

        /// The word for people.
        package var wording: Wording {
            switch self {
            case .needsFact: Wording("待补", "needs a fact")
            case .failed: Wording("待查", "to be examined")
            case .awaitsDecision: Wording("待决定", "waits for a decision")
            }
        }
    }

    /// What a side says over some days, for telling which way a right goes.
    struct Sight {
        /// Whether the right holds on one of them.
        private(set) var holds = false
        /// Whether on one of them it is known what is given or proposed.
        private(set) var knows = false
        /// Whether on one of them a sum is given that nobody has to decide any longer, whether or not a hold keeps it back.
        private(set) var gives = false
        private(set) var needs = false
        private(set) var fails = false
        private(set) var proposes = false

        mutating func add(_ status: OutcomeStatus, holds: Bool) {
            self.holds = self.holds || holds
            switch Open(status) {
            case .needsFact?: needs = true
            case .failed?: fails = true
            case .awaitsDecision?:
                proposes = true
                knows = true
            case nil:
                gives = gives || holds
                knows = knows || holds
            }
        }
    }
}

extension RightDifference.Kind {
    /// What cannot be told for want of a fact or a decision, or because the rule fails, is not lost.
    init(from before: RightDifference.Sight, to after: RightDifference.Sight) {
        let isNoLonger = (before.holds && !after.holds) || (before.knows && !after.knows)
        if isNoLonger, after.fails || after.needs {
            self = after.fails ? .failed : .needsFact
        } else if before.gives, !after.gives, after.proposes {
            self = .awaitsDecision
        } else {
            self = !before.holds && after.holds ? .gained : before.holds && !after.holds ? .lost : .changed
        }
    }
}

/// 待定的月份: months of one side of a right for which it is not known what is due in them.
///
/// Nothing is due in such a month before it is known, but what was due in it by the other side is not over-paid either.
struct OpenMonths {
    /// By index, in the order of the days.
    private var needing: [Range<Int32>] = []
    private var failing: [Range<Int32>] = []
    private var waiting: [Range<Int32>] = []
    private let units: CalendarUnit
    private let isOnce: Bool
    private let last: CivilMonth

    var isEmpty: Bool { needing.isEmpty && failing.isEmpty && waiting.isEmpty }

    /// - Parameters:
    ///   - cadence: in which sums fall due; a quarter or year in which something is open is open.
    ///   - last: the last month that is asked for, or looked at where what is given once is one sum (``RuleReplay/oneSumThrough``).
    init(_ cadence: Cadence, through last: CivilMonth) {
        units = cadence.unit
        // What is given once may still be given, whatever the day.
        isOnce = cadence == .once
        self.last = last
    }

    /// - Parameter end: the first day after; `Int32.max` = without end.
    mutating func add(_ status: OutcomeStatus, _ start: Int32, _ end: Int32) {
        guard let open = RightDifference.Open(status) else { return }
        let first = CivilMonth(containing: CivilDay(dayNumber: start))
        guard first <= last else { return }
        let final = end == .max ? last : min(last, CivilMonth(containing: CivilDay(dayNumber: end - 1)))
        let months =
            isOnce
            ? Int32.min..<Int32.max : units.first(with: first).index..<units.last(with: max(first, final)).index + 1
        switch open {
        case .needsFact: needing.append(months)
        case .failed: failing.append(months)
        case .awaitsDecision: waiting.append(months)
        }
    }

    /// Why the difference of a month is not known; nil = it is.
    /// - Parameters:
    ///   - month: its index.
    ///   - sums: in fen, what is known to be due.
    static func open(
        _ month: Int32, _ before: OpenMonths, _ after: OpenMonths, _ sums: (before: Int64, after: Int64)
    ) -> RightDifference.Open? {
        func lies(in ranges: [Range<Int32>]) -> Bool { ranges.contains { $0.contains(month) } }
        if sums.after == 0, lies(in: after.failing) { return .failed }
        if sums.before == 0, lies(in: before.failing) { return .failed }
        guard sums.after == 0 else { return nil }
        return lies(in: after.needing) ? .needsFact : lies(in: after.waiting) ? .awaitsDecision : nil
    }
}

extension [DifferenceRun] {
    /// Marks the months from a place on whose difference is not known.
    /// - Parameter oneSum: what is due in all months, where they are one sum.
    /// - Returns: the marked ones, in order, by index.
    mutating func mark(
        from place: Int, _ before: OpenMonths, _ after: OpenMonths, oneSum: OneSum? = nil
    ) -> [Range<Int32>] {
        guard !before.isEmpty || !after.isEmpty else { return [] }
        let own = self[place...]
        removeSubrange(place...)
        var marked: [Range<Int32>] = []
        for run in own {
            for month in run.month..<run.month + run.count {
                let open = OpenMonths.open(month, before, after, oneSum?.totals ?? (run.before, run.after))
                if count > place, let last, last.month + last.count == month, last.open == open,
                    last.before == run.before, last.after == run.after, last.unit == run.unit
                {
                    self[count - 1] = last.with(count: last.count + 1)
                } else {
                    append(
                        DifferenceRun(
                            month: month, count: 1, before: run.before, after: run.after, unit: run.unit, open: open))
                }
                if open != nil { marked.append(month..<month + 1) }
            }
        }
        return marked
    }
}

extension [DueRun] {
    /// The runs without some months.
    /// - Parameter months: by index, in order, without overlap.
    func without(_ months: [Range<Int32>]) -> [DueRun] {
        guard !months.isEmpty else { return self }
        return flatMap { run -> [DueRun] in
            var parts: [DueRun] = []
            var next = run.month
            func add(until end: Int32) {
                guard next < end else { return }
                parts.append(
                    DueRun(month: next, count: end - next, amount: run.amount, payer: run.payer, unit: run.unit))
            }
            for gap in months where gap.lowerBound < run.end && gap.upperBound > next {
                add(until: gap.lowerBound)
                next = Swift.max(next, gap.upperBound)
            }
            add(until: run.end)
            return parts
        }
    }
}
