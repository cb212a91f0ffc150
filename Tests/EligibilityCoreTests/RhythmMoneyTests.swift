import CareDomain
import RuleEngine
import Testing

/// Given a right whose rhythm, months and sums change again and again while batches pay it, then what people decided makes the
/// family whole: each quarter and year is paid once, whatever the rhythm was when it was paid.
@Suite("改了周期也只发一次")
struct RhythmMoneyTests {
    @Test("随机改周期、改金额、迟到迟失：照决定办完，发的等于最后应发的", arguments: 0..<8)
    func madeWhole(_ part: UInt64) throws {
        for seed in 600 + part * 150..<600 + (part + 1) * 150 {
            var money = RhythmMoney(seed: seed)
            let found = try money.run()
            #expect(found.isEmpty, "种子 \(seed)：\(found.joined(separator: "\n"))")
        }
    }

    @Test("十月、十一月已各发 500，改为每季 1500：只应补 500，没有多发")
    func monthToQuarter() throws {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.month, [("2024-10-01", nil, 500)]), on: "2024-09-01")
        for month in 10...11 { money.pay(CivilMonth(year: 2024, month: month)) }
        money.determine(.init(.quarter, [("2024-10-01", nil, 1500)]), on: "2024-11-30")
        #expect(money.standing == ["arrears 2024-10 500.00"])
        money.pay(CivilMonth(year: 2024, month: 12))
        #expect(money.ordered(2024, 10...12) == .yuan(1000))
        money.decideAll()
        #expect(money.ordered(2024, 10...12) == .yuan(1500) && money.standing.isEmpty)
        money.pay(CivilMonth(year: 2025, month: 1))
        #expect(money.ordered(2025, 1...1) == .yuan(1500))
    }

    @Test("季初已发 1500，改为每月 500：不追、不补，本季不再发；本季失去权利的，多发的是没到的月份")
    func quarterToMonth() throws {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.quarter, [("2024-10-01", nil, 1500)]), on: "2024-09-01")
        money.pay(CivilMonth(year: 2024, month: 10))
        money.determine(.init(.month, [("2024-10-01", nil, 500)]), on: "2024-10-20")
        #expect(money.standing.isEmpty)
        money.pay(CivilMonth(year: 2024, month: 11))
        #expect(money.ordered(2024, 10...12) == .yuan(1500))
        money.determine(.init(.month, [("2024-10-01", "2024-12-01", 500)]), on: "2024-11-20")
        #expect(money.standing == ["recovery 2024-10 500.00"])
        money.decideAll()
        #expect(money.ordered(2024, 10...12) == .yuan(1000) && money.standing.isEmpty)
    }

    @Test("随机改周期、缺事实：已发的，一个事实补上就可能应发的，都不列为多发", arguments: 0..<8)
    func nothingTakenForWantOfAFact(_ part: UInt64) {
        for seed in 9_000 + part * 40..<9_000 + (part + 1) * 40 {
            var money = RhythmMoney(seed: seed)
            let found = money.runWithGaps()
            #expect(found.isEmpty, "种子 \(seed)：\(found.joined(separator: "\n"))")
        }
    }

    @Test("全年 1200 一月已发，改为每月 100，七月起缺事实：待补，不是多发；知道没有了，才是多发")
    func rhythmAndGap() throws {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.year, [("2024-01-01", nil, 1200)]), on: "2023-12-01")
        money.pay(CivilMonth(year: 2024, month: 1))
        money.determine(
            .init(.month, [("2024-01-01", "2024-07-01", 100)], open: ("2024-07-01", nil)), on: "2024-08-10")
        #expect(money.listed.allSatisfy { !$0.hasPrefix("recovery") })
        #expect(money.listed.contains { $0.hasPrefix("needs_fact") })
        money.determine(.init(.month, [("2024-01-01", "2024-07-01", 100)]), on: "2024-09-10")
        #expect(money.listed == ["recovery 2024-01 600.00"])
    }

    @Test("一次性的钱换了月份：没发的只列一次；已发的不追也不重发；数变了只列差额")
    func onceMoves() throws {
        for isPaid in [false, true] {
            var money = RhythmMoney(seed: 0)
            money.determine(.init(.once, [("2024-03-10", nil, 1000)]), on: "2024-04-01")
            #expect(money.standing == ["arrears 2024-03 1000.00"])
            if isPaid { money.pay(CivilMonth(year: 2024, month: 3)) }
            money.determine(.init(.once, [("2024-05-20", nil, 1000)]), on: "2024-06-01")
            #expect(money.standing == (isPaid ? [] : ["arrears 2024-05 1000.00"]))
            money.determine(.init(.once, [("2024-05-20", nil, 800)]), on: "2024-06-02")
            #expect(money.standing.count == 1)
            money.decideAll()
            for month in 1...12 { money.pay(CivilMonth(year: 2024, month: month)) }
            #expect(money.ordered(2024, 1...12) == .yuan(800) && money.standing.isEmpty)
        }
    }

    @Test("一次性的钱移到还没到的月份：已发的不追，到时也不重发")
    func onceMovesAhead() throws {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.once, [("2024-03-10", nil, 1000)]), on: "2024-02-01")
        money.pay(CivilMonth(year: 2024, month: 3))
        money.determine(.init(.once, [("2026-05-20", nil, 1000)]), on: "2024-04-01")
        #expect(money.standing.isEmpty)
        money.pay(CivilMonth(year: 2026, month: 5))
        #expect(money.ordered(2024, 1...12) == .yuan(1000) && money.ordered(2026, 1...12) == .zero)
    }

    @Test("全年的钱一月已发，后来知道权利三月才开始：同一年只有一笔，不追也不重发")
    func yearBeginsLater() throws {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.year, [("2023-01-01", nil, 1200)]), on: "2023-12-01")
        money.pay(CivilMonth(year: 2024, month: 1))
        money.determine(.init(.year, [("2024-03-15", nil, 1200)]), on: "2024-02-10")
        #expect(money.standing == [])
        money.pay(CivilMonth(year: 2024, month: 3))
        #expect(money.ordered(2024, 1...12) == .yuan(1200))
    }
}

/// A household's right and the batches that pay it, month by month.
struct RhythmMoney {
    /// How a right stands whose sum people decide.
    enum People { case undecided, granted, refused }

    /// What a version of the rules gives.
    struct Rule {
        let cadence: Cadence
        let monthRule: MonthRule
        var stretches: [(from: String, until: String?, yuan: Int64)]
        /// By which rhythm and sum days before one were judged.
        var before: (cadence: Cadence, yuan: Int64, until: String)?
        /// Days on which a fact is missing, after all others.
        var open: (from: String, until: String?)?
        /// Days on which a person's decision holds the sums back.
        var held: (from: String, until: String?)?
        /// What people decided, where the clause leaves the sum to them; nil = it says the sum itself.
        var people: People?

        init(
            _ cadence: Cadence, _ stretches: [(from: String, until: String?, yuan: Int64)],
            before: (cadence: Cadence, yuan: Int64, until: String)? = nil, _ monthRule: MonthRule = .anyDay,
            open: (from: String, until: String?)? = nil
        ) {
            self.open = open
            self.cadence = cadence
            self.stretches = stretches
            self.before = before
            self.monthRule = monthRule
        }
    }

    static let clause = ClauseID("CZ-2.1")!
    private static let division = DivisionCode("431002")!
    private(set) var history = HouseholdHistory(id: HouseholdID(Identifier128(high: 77, low: 1)))
    private var now: Int64 = 1_000_000
    private var batches: UInt64 = 0
    private var state: UInt64
    private(set) var today = CivilMonth(year: 2022, month: 12).firstDay

    init(seed: UInt64) {
        state = seed &* 2_654_435_761 &+ 99
        let home = HouseholdRegistered(division: Self.division, area: .urban)
        record(.registered(home), on: CivilMonth(year: 2020, month: 1).firstDay)
    }

    // MARK: What happens

    private mutating func record(_ event: HouseholdEvent, on day: CivilDay) {
        now = max(now + 1_000, Int64(day.dayNumber) * 86_400_000_000)
        history.append(
            KnownEvent(
                reference: EventReference(sequence: history.lastSequence + 1), recordedAt: Moment(microseconds: now),
                command: CommandID(Identifier128(high: 1, low: UInt64(now))),
                proposed: ProposedEvent(occurredOn: day, event: event)))
    }

    mutating func determine(_ rule: Rule, on day: String) {
        determine(determination(rule), on: CivilDay(parsing: day)!)
    }

    private mutating func determine(_ determination: Determination, on day: CivilDay) {
        today = day
        let stored = history.household.determinations.first?.made
        if let stored, determination.isStored(as: stored) { return }
        let difference = DeterminationDifference(
            from: stored.map(Determination.init), to: determination, through: CivilMonth(containing: day),
            money: history.household.money(of: Self.clause, .household))
        record(
            .determinationMade(
                determination.event(
                    readThrough: EventReference(sequence: history.lastSequence), changes: difference.changes)), on: day)
    }

    private func determination(_ rule: Rule) -> Determination {
        var intervals: [Determination.Interval] = []
        for stretch in rule.stretches {
            let days = DayPeriod(
                start: CivilDay(parsing: stretch.from)!, end: stretch.until.map { CivilDay(parsing: $0)! })
            func add(_ part: DayPeriod?, _ yuan: Int64, _ rhythm: Determination.Rhythm?) {
                guard let part else { return }
                intervals.append(
                    .init(
                        period: part, status: .entitled, rightHolds: true, amount: .yuan(yuan),
                        payers: [PayerShare(payer: Code(unchecked: "finance"), parts: 1)], rhythm: rhythm))
            }
            guard let before = rule.before, let border = CivilDay(parsing: before.until) else {
                add(days, stretch.yuan, nil)
                continue
            }
            add(
                days.intersection(DayPeriod(start: CivilMonth(year: 2000, month: 1).firstDay, end: border)),
                before.yuan,
                .init(cadence: before.cadence, monthRule: rule.monthRule))
            add(days.intersection(DayPeriod(start: border)), stretch.yuan, nil)
        }
        if let open = rule.open, let start = CivilDay(parsing: open.from) {
            let days = DayPeriod(start: start, end: open.until.flatMap { CivilDay(parsing: $0) })
            intervals.append(.init(period: days, status: .needsFact, rightHolds: false, amount: nil, payers: []))
        }
        if let held = rule.held, let start = CivilDay(parsing: held.from) {
            let days = DayPeriod(start: start, end: held.until.flatMap { CivilDay(parsing: $0) })
            intervals = intervals.flatMap { Self.holding($0, back: days) }
        }
        if let people = rule.people { intervals = intervals.map { Self.left($0, to: people) } }
        return Determination(
            clause: Self.clause, subject: .household,
            pack: PackReference(
                id: PackID(unchecked: "chenzhou-2014"), version: CivilDay(parsing: "2014-07-16")!, hash: []),
            cadence: rule.cadence, monthRule: rule.monthRule, amountType: rule.people == nil ? .exact : .floor,
            department: nil, intervals: intervals,
            facts: [])
    }

    /// The interval of a clause that leaves its sum to people.
    private static func left(_ interval: Determination.Interval, to people: People) -> Determination.Interval {
        guard interval.rightHolds else { return interval }
        var left = interval
        switch people {
        case .undecided: left.status = .proposed
        case .granted:
            left.standard = .yuan(1)
            left.decision = left.decision ?? EventReference(sequence: 1)
        case .refused:
            left = .init(period: interval.period, status: .notEntitled, rightHolds: false)
            left.decision = EventReference(sequence: 1)
        }
        return left
    }

    /// The interval with what a hold keeps back.
    private static func holding(
        _ interval: Determination.Interval, back days: DayPeriod
    ) -> [Determination.Interval] {
        guard interval.rightHolds, let shared = interval.period.intersection(days) else { return [interval] }
        var (before, held, after) = (interval, interval, interval)
        before.period = DayPeriod(start: interval.period.start, end: shared.start)
        held.period = shared
        held.status = .held
        guard let end = shared.end else { return [before, held].filter { !$0.period.isEmpty } }
        after.period = DayPeriod(start: end, end: interval.period.end)
        return [before, held, after].filter { !$0.period.isEmpty }
    }

    mutating func pay(_ month: CivilMonth, _ kind: BatchKind = .regular) {
        batch(kind, PaymentPeriod(parsing: "\(month)")!)
    }

    /// What speaks against sending the last line that was ordered.
    func objection(on day: String) -> Refusal.Reason? {
        history.household.payments.orders.flatMap(\.standing).last.flatMap {
            history.objection(to: $0, on: CivilDay(parsing: day)!, rules: .published)
        }
    }

    /// By which hold the last line that was ordered waits.
    func hold(on day: String) -> LineHold? {
        history.household.payments.orders.flatMap(\.standing).last.flatMap {
            history.hold(on: $0, day: CivilDay(parsing: day)!, rules: .published)
        }
    }

    mutating func batch(_ kind: BatchKind, _ period: PaymentPeriod) {
        batches += 1
        let scope = BatchScope(kind: kind, division: Self.division, period: period, number: Int(batches))
        now = max(now + 1_000, Int64(today.dayNumber) * 86_400_000_000)
        let id = BatchID(Identifier128(high: 9, low: batches))
        let decision = history.decideOrder(id, scope, closedAt: Moment(microseconds: now), rules: .published)
        if case .order(let ordered) = decision { record(.paymentOrdered(ordered), on: today) }
    }

    /// Somebody decides to carry out all that stands, and batches do it.
    mutating func decideAll() {
        for entry in history.household.dueStandings.flatMap(\.entries) {
            record(
                .dueDecided(
                    DueDecided(
                        determination: entry.cause.determination, clause: entry.clause, subject: entry.subject,
                        kind: entry.kind, isCarriedOut: true, reason: Code(unchecked: "rule_change"))), on: today)
        }
        carryOut()
    }

    private mutating func carryOut() {
        let period = PaymentPeriod(parsing: "\(CivilMonth(containing: today))")!
        batch(.arrears, period)
        batch(.recovery, period)
    }

    // MARK: What is looked at

    var standing: [String] {
        history.household.dueStandings.flatMap(\.months).map { "\($0.kind.rawValue) \($0.month) \($0.amount)" }
    }

    /// The same as people are shown it: 待补 where a fact is missing, 待决定 where people have to decide.
    var listed: [String] {
        guard let made = history.household.determinations.first?.made else { return [] }
        let open = history.household.openDues(made, .published)
        return history.household.dueStandings.flatMap(\.months).map { left in
            let reason = left.kind == .recovery ? open.reason(left.month) : nil
            return "\(reason?.rawValue ?? left.kind.rawValue) \(left.month) \(left.amount)"
        }
    }

    /// What was owed until it became open.
    var onceOwed: [String] {
        guard let made = history.household.determinations.first?.made else { return [] }
        let open = history.household.openDues(made, .published)
        return history.household.dueStandings.flatMap(\.cancelledWhileOpen.months).compactMap { left in
            open.reason(left.month).map { "\($0.rawValue) \(left.month) \(left.amount)" }
        }
    }

    func ordered(_ year: Int, _ months: ClosedRange<Int>) -> Fen {
        months.reduce(.zero) {
            $0 + history.household.payments.ordered(Self.clause, .household, CivilMonth(year: year, month: $1))
        }
    }

    /// What was ordered and what is due by the latest determination, in all.
    private func sums(through last: CivilMonth) -> (ordered: Fen, due: Fen) {
        let ordered = history.household.payments.orders.flatMap(\.standing).reduce(Fen.zero) { $0 + $1.amount }
        guard let made = history.household.determinations.first?.made else { return (ordered, .zero) }
        let due = PaymentRules.published.dues(made, last).reduce(Fen.zero) { $0 + $1.amount }
        return (ordered, due)
    }

    // MARK: Chance

    private mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    private mutating func randomRule() -> Rule {
        let cadences: [Cadence] = [.month, .quarter, .year, .month, .quarter]
        let cadence = cadences[next(cadences.count)]
        let length = Int64(cadence.unit.length)
        let monthRules: [MonthRule] = [.anyDay, .anyDay, .nextMonth, .periodEnd]
        let monthRule = monthRules[next(4)]
        func day(_ month: Int) -> String { (CivilMonth(year: 2023, month: 1) + Int32(month)).firstDay.description }
        var stretches: [(from: String, until: String?, yuan: Int64)] = []
        var from = next(10)
        for _ in 0..<1 + next(2) {
            let until = from + 1 + next(14)
            let isLast = next(3) == 0
            stretches.append((day(from), isLast ? nil : day(until), (100 + Int64(next(4)) * 60) * length))
            if isLast { break }
            from = until + next(4)
        }
        var before: (cadence: Cadence, yuan: Int64, until: String)?
        if next(3) == 0 {
            let other = cadences[next(cadences.count)]
            before = (other, (100 + Int64(next(3)) * 60) * Int64(other.unit.length), day(next(20)))
        }
        return Rule(cadence, stretches, before: before, monthRule)
    }

    /// Two years of determinations, batches and decisions, then a year in which all is settled.
    /// - Parameter look: what is wrong at a moment.
    /// - Returns: what is wrong.
    mutating func run(_ look: (RhythmMoney) -> [String] = { _ in [] }) throws -> [String] {
        var wrong: [String] = []
        var told: [String] = []
        for number in 0..<36 {
            let month = CivilMonth(year: 2023, month: 1) + Int32(number)
            today = month.firstDay + 9
            if number < 24, number == 0 || next(4) == 0 {
                let rule = randomRule()
                let before = rule.before.map { "\($0)" } ?? ""
                told.append("\(today) \(rule.cadence) \(rule.monthRule) \(rule.stretches) \(before)")
                determine(determination(rule), on: today)
                wrong += twoSided() + look(self)
            }
            if next(6) > 0 || number >= 24 { pay(month) }
            wrong += look(self)
            if next(4) == 0 { decideAll() } else if next(3) == 0 { carryOut() }
            wrong += look(self)
        }
        today = CivilMonth(year: 2026, month: 1).firstDay
        decideAll()
        carryOut()
        let last = CivilMonth(year: 2025, month: 12)
        let sums = sums(through: last)
        // A month whose batch never ran waits for the next regular one.
        batch(.regular, PaymentPeriod(parsing: "2023")!)
        batch(.regular, PaymentPeriod(parsing: "2024")!)
        batch(.regular, PaymentPeriod(parsing: "2025")!)
        let settled = self.sums(through: last)
        if settled.ordered != settled.due {
            wrong.append("发了 \(settled.ordered)，应发 \(settled.due)（补发前 \(sums.ordered)）")
        }
        if !standing.isEmpty { wrong.append("还列着 \(standing)") }
        return wrong.isEmpty ? [] : told + wrong
    }

    /// Changes of rhythm with facts missing at the end of the right, while batches pay.
    /// - Returns: what is listed as over-paid though the missing fact alone may make it due.
    mutating func runWithGaps() -> [String] {
        var told: [String] = []
        for number in 0..<24 {
            let month = CivilMonth(year: 2023, month: 1) + Int32(number)
            today = month.firstDay + 9
            if number == 0 || next(3) == 0 {
                var rule = randomRule()
                let last = rule.stretches.last
                // The days after the last known ones; some of them may be in the same quarter or year.
                if let end = last?.until, next(2) == 0 { (rule.open, rule.before) = ((end, nil), nil) }
                let gap = rule.open.map { "缺自 \($0.from)" } ?? ""
                told.append("\(today) \(rule.cadence) \(rule.monthRule) \(rule.stretches) \(gap)")
                determine(determination(rule), on: today)
                let wrong = takenForWant(rule)
                if !wrong.isEmpty { return told + wrong }
            }
            if next(5) > 0 { pay(month) }
        }
        return []
    }

    /// What is listed as over-paid of months, or of months counted together, that a missing fact may make due.
    private func takenForWant(_ rule: Rule) -> [String] {
        guard let open = rule.open, let made = history.household.determinations.first?.made else { return [] }
        // As if the fact said that more is due than was ever paid.
        var known = rule
        known.open = nil
        known.stretches.append((open.from, open.until, 1_000_000))
        let (filled, together) = (determination(known), history.household.together(made))
        let sight = OpenDues(made, .published, together)
        return history.household.dueStandings.flatMap(\.months).filter { left in
            guard left.kind == .recovery, sight.reason(left.month) == nil else { return false }
            let span = together.span(of: left.month)
            guard let first = CivilDay(parsing: open.from), first <= span.upperBound.lastDay else { return false }
            let dues = filled.dues(through: span.upperBound).filter { span.contains($0.month) }
            let due = dues.reduce(Fen.zero) { $0 + ($1.amount ?? .zero) }
            let paid = span.months.reduce(Fen.zero) {
                $0 + history.household.payments.ordered(Self.clause, .household, $1)
            }
            return paid <= due
        }.map { "\($0.month) 多发 \($0.amount)，其实待补" }
    }

    /// Months that are counted together of which some are owed and some over-paid.
    private func twoSided() -> [String] {
        guard let made = history.household.determinations.first?.made, made.intervals.allSatisfy({ $0.rhythm == nil })
        else { return [] }
        let unit = made.rhythm.unit
        let months = history.household.dueStandings.flatMap(\.months)
        return months.filter { one in
            unit != .month && one.kind == .arrears
                && months.contains { $0.kind == .recovery && unit.first(with: $0.month) == unit.first(with: one.month) }
        }.map { "\($0.month) 既应补又多发" }
    }
}
