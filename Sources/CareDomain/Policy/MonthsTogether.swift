/// 合并计算的月份: the quarters, years and school years whose months of one right are counted together, because one sum of some
/// determination of it pays them all. Every other month counts by itself.
///
/// When the rhythm of a sum changes, or the month in which it falls due, what was due of a quarter by one determination stands in
/// other months than by the next: only the quarter as a whole says whether more or less is due. So it is with what is given once:
/// where its month moves, all of its months are one sum.
///
/// Determinations, batches and lists ask for the same spans, and a span stays: what was put against a later sum of the same year is
/// put against it for good, for otherwise what that sum made good would be over-paid without standing anywhere.
/// - Source: CareDomain Decisions 0025, 0057
package struct MonthsTogether: Hashable, Sendable {
    private var spans: [ClosedRange<CivilMonth>] = []

    package init() {}

    /// Whether every month counts by itself.
    package var isEmpty: Bool { spans.isEmpty }

    /// The spans of several months.
    package var all: [ClosedRange<CivilMonth>] { spans }

    /// Counts the months of a unit together; of single months nothing changes.
    package mutating func insert(_ unit: CalendarUnit, with month: CivilMonth) {
        guard unit != .month else { return }
        insert(unit.first(with: month)...unit.last(with: month))
    }

    package mutating func insert(_ span: ClosedRange<CivilMonth>) {
        if !spans.contains(span) { spans.append(span) }
    }

    /// Counts all months together from the first to the last of some; of a single one nothing changes.
    package mutating func insert(all months: some Sequence<CivilMonth>) {
        guard let first = months.min(), let last = months.max(), first < last else { return }
        insert(first...last)
    }

    /// Counts the months together that a determination does, of those units that have begun by a month: also where its right begins
    /// later in the unit, for months before it are counted with its sum.
    package mutating func insert(_ made: DeterminationMade, through last: CivilMonth) {
        guard made.countsTogether else { return }
        for interval in made.intervals where interval.rightHolds {
            let end = interval.period.end.map { CivilMonth(containing: $0 - 1) }
            var month = CivilMonth(containing: interval.period.start)
            while end.map({ month <= $0 }) ?? true {
                let unit = made.unit(with: month)
                guard unit.first(with: month) <= last else { break }
                insert(unit, with: month)
                month = unit.last(with: month) + 1
            }
        }
    }

    /// Counts each of some months together with those with which a determination judged it.
    package mutating func insert(_ made: DeterminationMade, with months: some Sequence<CivilMonth>) {
        guard made.countsTogether else { return }
        for month in months { insert(made.unit(with: month), with: month) }
    }

    package mutating func formUnion(_ other: MonthsTogether) {
        for span in other.spans { insert(span) }
    }

    /// The months with which a month is counted, itself among them: the longest unit, of a year and a school year the year.
    package func span(of month: CivilMonth) -> ClosedRange<CivilMonth> {
        var found = month...month
        for span in spans where span.contains(month) {
            let (length, known) = (span.upperBound - span.lowerBound, found.upperBound - found.lowerBound)
            if length > known || length == known && span.lowerBound.month == 1 { found = span }
        }
        return found
    }
}

extension ClosedRange<CivilMonth> {
    /// Whether these are several months.
    package var isOfSeveral: Bool { lowerBound < upperBound }

    /// The months, in order.
    package var months: [CivilMonth] { (0...upperBound - lowerBound).map { lowerBound + $0 } }
}

/// 应补与多发 of one span of months that are counted together: what they come to more, or less, when all is put against all.
package struct NettedSum: Hashable, Sendable {
    /// 应补: what is more by the present month; never negative.
    package private(set) var arrears: Fen
    /// 多发: what is less and is not made good by what is more in the rest of the span; never negative.
    package private(set) var overpayment: Fen

    /// - Parameters:
    ///   - difference: what the months up to the present come to more, or less.
    ///   - rest: what the later months of the span do.
    package init(_ difference: Fen, rest: Fen) {
        arrears = max(.zero, difference)
        overpayment = max(.zero, -(difference + max(.zero, rest)))
    }
}

extension DeterminationMade {
    /// Whether all that it gives is one sum, whatever its months are: something given once that nobody has to decide. Each sum that
    /// people decide is one of its own.
    package var isOneSum: Bool { rhythm == .once && !amountType.needsDecision }

    /// Whether it judged days by a quarter, a year or a school year, or by several rhythms.
    var countsTogether: Bool { rhythm.unit != .month || intervals.contains { $0.rhythm != nil } }

    /// How far sums must be looked at for what is due in months that are counted with one: to the end of a quarter or year, or to
    /// the last month of what is given once.
    package func horizon(of month: CivilMonth) -> CivilMonth {
        let starts = isOneSum ? intervals.filter(\.rightHolds).map { CivilMonth(containing: $0.period.start) } : []
        return max(month + CalendarUnit.year.length, starts.max() ?? month)
    }

    /// The unit of months that are counted with a month, as this determination judged it: the longest of the quarter or year of
    /// which it judged some day, for its sum pays all of it, and may fall due at its end.
    func unit(with month: CivilMonth) -> CalendarUnit {
        let judged = intervals.compactMap { interval -> CalendarUnit? in
            let unit = (interval.rhythm.map { Cadence(rawValue: $0.cadence.rawValue) ?? .none } ?? rhythm).unit
            guard interval.rightHolds, unit != .month else { return nil }
            let number = unit.number(of: month)
            let last = interval.period.end.map { unit.number(of: CivilMonth(containing: $0 - 1)) } ?? number
            let first = unit.number(of: CivilMonth(containing: interval.period.start))
            return first <= number && number <= last ? unit : nil
        }
        return judged.reduce(.month, CalendarUnit.longer)
    }

    /// Whether the sums of two determinations pay the same months together.
    func paysTheSameMonths(as other: DeterminationMade) -> Bool {
        let isPlain = [self, other].allSatisfy { made in made.intervals.allSatisfy { $0.rhythm == nil } }
        return isPlain && rhythm.unit == other.rhythm.unit
    }
}

extension HouseholdPayments {
    /// The months for which anything of a right was ordered and stands, or was decided about.
    func monthsTold(_ clause: ClauseID, _ subject: FactSubject) -> Set<CivilMonth> {
        let lines = orders.flatMap(\.standing).filter { $0.clause == clause && $0.subject == subject }
        let decided = settled.filter { $0.decided.clause == clause && $0.decided.subject == subject }
        return Set(lines.flatMap { ($0.first...$0.last).months } + decided.flatMap(\.months.keys))
    }

    /// The months of a right that are counted together because a sum that was ordered pays them all.
    func together(_ clause: ClauseID, _ subject: FactSubject) -> MonthsTogether {
        var together = MonthsTogether()
        for order in orders {
            for (place, line) in order.ordered.lines.enumerated()
            where order.stands(place) && line.clause == clause && line.subject == subject {
                let unit = order.units[place]
                guard unit != .month else { continue }
                for offset in 0..<Int32(line.months) { together.insert(unit, with: line.first + offset) }
            }
        }
        return together
    }
}

extension Household {
    /// The months of a right that are counted together because some determination or order of it paid them together until now.
    func together(_ clause: ClauseID, _ subject: FactSubject, _ payments: HouseholdPayments) -> MonthsTogether {
        var together = payments.together(clause, subject)
        let entry = determinations.first { $0.made.clause == clause && $0.made.subject == subject }
        if let entry { together.formUnion(entry.togetherUntilNow) }
        return together
    }

    /// The months of a right that are counted together: as `together(_:_:_:)` has them, and each month of which anything is due, was
    /// ordered or decided, or stands, with those with which the determination judged it.
    /// - Parameters:
    ///   - months: in which something is due.
    ///   - payments: Orders that count; nil = those of the household.
    func together(
        _ made: DeterminationMade, _ months: some Sequence<CivilMonth>, _ payments: HouseholdPayments? = nil
    ) -> MonthsTogether {
        var together = together(made.clause, made.subject, payments ?? self.payments)
        guard made.countsTogether || made.isOneSum else { return together }
        let standing = dueStandings.first { $0.clause == made.clause && $0.subject == made.subject }
        let told = (payments ?? self.payments).monthsTold(made.clause, made.subject)
            .union(standing?.monthsTold ?? []).union(months)
        together.insert(made, with: told)
        if made.isOneSum { together.insert(all: told) }
        return together
    }

    /// The same of all months in which something stands of it or stood until it became unknown.
    package func together(_ made: DeterminationMade) -> MonthsTogether {
        let standing = dueStandings.first { $0.clause == made.clause && $0.subject == made.subject }
        return together(made, standing?.monthsTold ?? [])
    }

    /// What was ordered of a right, what stands of it and what people decided, month by month.
    package func money(of clause: ClauseID, _ subject: FactSubject) -> RightMoney {
        var money = RightMoney(together: together(clause, subject, payments))
        for line in payments.orders.flatMap(\.standing) where line.clause == clause && line.subject == subject {
            for offset in 0..<Int32(line.months) { money.ordered[line.first + offset, default: .zero] += line.monthly }
        }
        money.standing = dueStandings.first { $0.clause == clause && $0.subject == subject }?.sums ?? [:]
        let settled = payments.settled.filter { $0.decided.clause == clause && $0.decided.subject == subject }
        for month in Set(settled.flatMap(\.months.keys)) {
            money.decidedMore[month] = payments.left(toDecisions: clause, subject, month)
            money.decidedLess[month] = payments.keeps(clause, subject, month)
        }
        for grant in payments.grants
        where grant.decided.clause == clause && grant.decided.subject == subject && grant.decided.kind == .recovery {
            for (month, sum) in grant.months {
                money.decidedLess[month, default: .zero] += payments.ordered(for: grant.reference, month) - sum
            }
        }
        return money
    }

    /// The unit of months that a line of an order pays, by what was determined when the batch was closed.
    func unit(of line: OrderedLine, knownThrough reference: EventReference) -> CalendarUnit {
        let entry = determinations.first { $0.made.clause == line.clause && $0.made.subject == line.subject }
        guard let made = entry?.made(at: reference) else { return .month }
        return (0..<Int32(line.months)).map { made.unit(with: line.first + $0) }.reduce(.month, CalendarUnit.longer)
    }
}

/// What a file knows of the money of one right, by the months for which it was ordered or stands.
package struct RightMoney: Hashable, Sendable {
    /// Less what was reversed and taken back; of a quarter in the month in which it fell due.
    package var ordered: [CivilMonth: Fen] = [:]
    /// What waits for people: positive = 应补, negative = 多发.
    package var standing: [CivilMonth: Fen] = [:]
    /// Arrears that people decided about and no batch ordered, let go or not.
    package var decidedMore: [CivilMonth: Fen] = [:]
    /// Over-payments that they let go, or that no batch took back yet; never negative.
    package var decidedLess: [CivilMonth: Fen] = [:]
    /// The months that are counted together because some determination or order paid them together until now.
    package var together: MonthsTogether

    package init(together: MonthsTogether = MonthsTogether()) { self.together = together }

    /// All months of which it knows something.
    package var months: Set<CivilMonth> {
        Set([ordered, standing, decidedMore, decidedLess].flatMap(\.keys))
    }

    package static let nothing = RightMoney()
}
