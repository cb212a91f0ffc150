import CareDomain

/// 当月: what a clause gives one beneficiary in one month: the days with the right, and the sum that is due.
package struct MonthSum: Hashable, Sendable {
    package let month: CivilMonth
    /// Stretches of days of the month with the right, in order; both days included in words.
    package let days: [DayPeriod]
    /// What is due in the month; nil = nothing.
    package let due: Due?
    /// The sum of the quarter or year the month lies in, or of the one-off, where it was due in an earlier month; also that of
    /// a quarter or year by whose rhythm the month was paid before the rhythm changed.
    package let earlier: Due?

    /// - Parameters:
    ///   - determination: As moves between files leave it.
    ///   - alone: What the facts of this file alone come to.
    /// - Returns: nil where the month has no day with the right and nothing is due in it.
    package init?(_ determination: Determination, _ month: CivilMonth, alone: Determination? = nil) {
        self.month = month
        let whole = DayPeriod(start: month.firstDay, end: month.lastDay + 1)
        var days: [DayPeriod] = []
        for interval in determination.intervals where interval.holdsHere {
            guard let part = interval.period.intersection(whole) else { continue }
            if let last = days.last, last.end == part.start {
                days[days.count - 1] = DayPeriod(start: last.start, end: part.end)
            } else {
                days.append(part)
            }
        }
        self.days = days
        let last = determination.dues(through: month).last
        due = last?.month == month ? last : nil
        // What is given once was given then, however long ago.
        let rhythm = determination.rhythm(in: month)
        let cadence = rhythm.cadence
        let start = cadence == .once ? nil : cadence.unit.first(with: month)
        earlier =
            due == nil && last.map { $0.month >= start ?? $0.month || $0.pays.contains(month) } ?? false ? last : nil
        // A year has twelve months, a school year, too: what falls due at the end of one does so by then.
        later =
            due == nil && earlier == nil && cadence != .none
            ? determination.dues(through: month + 11).first { $0.month > month && $0.pays.contains(month) }?.month : nil
        let isTold = cadence != .none || days.contains { $0 != whole }
        let own = determination.intervals.filter { $0.period.intersection(whole) != nil }
        isLeft =
            cadence == .once
            ? days.isEmpty && due == nil && own.contains(where: \.isElsewhere)
            : due?.amount == .zero && alone?.due(in: month)?.amount ?? .zero > .zero
        guard !days.isEmpty && isTold || due != nil || isLeft else { return nil }
        hasSums = cadence != .none
        self.rhythm = rhythm
        goesOn = due != nil && determination.intervals.contains { $0.isElsewhere && $0.period.end == month.firstDay }
    }

    private let hasSums: Bool
    private let rhythm: Determination.Rhythm
    /// The month in which a sum that pays this one falls due at its end.
    private let later: CivilMonth?
    /// Whether the file that was left has the sum.
    private let isLeft: Bool
    /// Whether the month counts because the right ran in the file that was left until its first day.
    private let goesOn: Bool

    /// The month in words.
    package var wording: Wording {
        guard !isLeft || rhythm.cadence != .once else {
            return Wording(
                "\(month) 不另发：一次性的这一项，分户、并户前的档案已有，按那份档案计",
                "\(month), nothing more here: it is given once, and the file from before the split or merge has it")
        }
        let whole = DayPeriod(start: month.firstDay, end: month.lastDay + 1)
        let (chinese, english) =
            days == [whole]
            ? ("全月有此权利", "the right holds all month")
            : days.isEmpty
                ? ("当月没有此权利", "no right in the month")
                : (
                    days.map { Self.text($0, "至") }.joined(separator: "、") + " 有此权利",
                    "the right holds " + days.map { Self.text($0, "to") }.joined(separator: ", ")
                )
        let sum = sumWords
        return Wording("\(month) \(chinese)\(sum.chinese)", "\(month), \(english)\(sum.english)")
    }

    private var sumWords: Wording {
        guard hasSums else { return Wording("", "") }
        guard !isLeft else {
            let unit = Self.unit(rhythm.cadence)
            return Wording(
                "，本档案不发：当\(unit.chinese)的这一笔由分户、并户前的档案计发",
                "; nothing here: the file from before the split or merge has the sum of this \(unit.english)")
        }
        if let due {
            let state = Self.state(due)
            guard goesOn else { return Wording("，" + state.chinese, "; " + state.english) }
            return Wording(
                "，\(state.chinese)；权利自迁出的档案延续，当月照计",
                "; \(state.english); the right goes on from the file that was left, so the month counts")
        }
        if let earlier {
            let state = Self.state(earlier)
            let isOfItsUnit = rhythm.cadence == .once || earlier.month >= rhythm.cadence.unit.first(with: month)
            let (chinese, english) =
                isOfItsUnit
                ? ("", "") : ("，原周期已付到 \(earlier.pays.upperBound)", ", which paid to \(earlier.pays.upperBound)")
            return Wording(
                "，当月不另发（\(earlier.month) \(state.chinese)\(chinese)）",
                "; nothing more this month (\(earlier.month): \(state.english)\(english))")
        }
        let reason = days.isEmpty ? Wording("", "") : silence
        return Wording("，当月应发 0 元" + reason.chinese, "; due this month 0 yuan" + reason.english)
    }

    /// Why nothing falls due in a month with the right, whose quarter or year has no sum so far.
    private var silence: Wording {
        if let later { return Wording("：期末才应发，在 \(later)", ": it falls due at the end, in \(later)") }
        let unit = Self.unit(rhythm.cadence)
        return switch rhythm.monthRule {
        case .nextMonth:
            Wording(
                "：权利开始的当\(unit.chinese)不计，从次\(unit.chinese)起计",
                ": it counts from the \(unit.english) after the one in which the right begins")
        case .firstDay:
            Wording(
                "：当\(unit.chinese)首日没有此权利，不计",
                ": the right did not hold on the first day of the \(unit.english)")
        case .anyDay, .periodEnd: Wording("", "")
        }
    }

    private static func unit(_ cadence: Cadence) -> (chinese: String, english: String) {
        switch cadence {
        case .once, .month, .none: ("月", "month")
        case .quarter: ("季", "quarter")
        case .year: ("年", "year")
        case .schoolYear: ("学年", "school year")
        }
    }

    private static func state(_ due: Due) -> Wording {
        guard let amount = due.amount else {
            return due.hours == nil && due.status == .entitled
                ? Wording("当月享受", "given this month") : Wording("应发金额未定", "the sum due is not known")
        }
        switch due.status {
        case .held: return Wording("应发 \(amount) 元，暂缓", "due \(amount) yuan, held back")
        case .proposed: return Wording("拟发 \(amount) 元，待人工决定", "proposed \(amount) yuan, a person decides")
        default:
            let (chinese, english) = part(due)
            return Wording(
                "应发 \(amount) 元（按 \(due.firstDay) 的条件\(chinese)）",
                "due \(amount) yuan (as of \(due.firstDay)\(english))")
        }
    }

    /// Why it is not the whole sum of the quarter or year.
    private static func part(_ due: Due) -> (chinese: String, english: String) {
        guard let whole = due.whole else { return ("", "") }
        let months =
            "\(due.pays.lowerBound)" + (due.pays.upperBound > due.pays.lowerBound ? "…\(due.pays.upperBound)" : "")
        return (
            "；原周期已发到上月，\(whole) 元只计余下的 \(months)",
            "; months before are paid by the earlier rhythm, of \(whole) only what falls to \(months)"
        )
    }

    private static func text(_ days: DayPeriod, _ to: String) -> String {
        guard let end = days.end, end - 1 != days.start else { return "\(days.start)" }
        return "\(days.start) \(to) \(end - 1)"
    }
}
