import CareTestKit
import Testing

@testable import CareDomain

/// Given a person who leaves one family and joins another, whose files no event links, when batches run in either order, then every
/// month of the right is paid once.
@Suite("发放：离开一户、加入另一户的人")
struct PaymentsTwoFamiliesTests {
    private static let first = BatchID(Identifier128(high: 8, low: 1))
    private static let second = BatchID(Identifier128(high: 8, low: 2))
    private static let third = BatchID(Identifier128(high: 8, low: 3))

    private static func scope(_ period: String, number: Int = 1, _ kind: BatchKind = .regular) -> BatchScope {
        PaymentsBatchTests.scope(kind, period, number: number)
    }

    /// He is in the first family, and goes to the second in October.
    private static func gone(leaving: String = "2014-10-30", joining: String = "2014-10-30") throws -> LeavingBench {
        var bench = LeavingBench(files: 3)
        try bench.join(0, on: "2014-08-01")
        bench.assess()
        try bench.leave(0, on: leaving)
        try bench.join(1, on: joining)
        bench.assess()
        return bench
    }

    @Test("同一天离开一户、加入另一户：当月只由先在的一户发，以后的月份由后一户发")
    func sameDay() throws {
        var gone = try Self.gone()
        try gone.bench.run(Self.first, Self.scope("2014-09..2014-12"))
        #expect(gone.months == [0: ["2014-09", "2014-10"], 1: ["2014-11", "2014-12"]])
        #expect(gone.bench.batches[Self.first]?.total == .yuan(1200))
    }

    @Test("两户各一批，哪一批先截止都一样", arguments: [[0, 1], [1, 0]])
    func eitherOrder(order: [Int]) throws {
        var gone = try Self.gone()
        for (place, file) in order.enumerated() {
            let batch = BatchID(Identifier128(high: 7, low: UInt64(place)))
            _ = try gone.bench.decide(
                .prepare(Self.scope("2014-10", number: place + 1), households: [gone.files[file]]), batch)
            try gone.bench.say(.close, to: batch)
        }
        #expect(gone.months == [0: ["2014-10"]])
    }

    @Test("后一户的批次说明：有月份由先在的一户发（CARE-1469）；先在的一户不说")
    func told() throws {
        let gone = try Self.gone()
        func reasons(_ file: Int, _ period: String) throws -> [String] {
            let history = try #require(gone.bench.households[gone.files[file]])
            let people = gone.bench.people(of: history.id)
            return history.omissions(
                Self.scope(period), closedAt: try #require(history.events.last?.recordedAt), rules: .monthly,
                others: gone.bench.others(of: history, people), people: people
            ).map { Refusal($0).code }
        }
        #expect(try reasons(1, "2014-10") == ["CARE-1469"])
        #expect(try reasons(1, "2014-11").isEmpty)
        #expect(try reasons(0, "2014-10").isEmpty)
    }

    @Test("先在的一户当月不应发：由后一户发，一个月也不漏")
    func notDueThere() throws {
        var gone = try Self.gone()
        gone.assess(0, yuan: 0)
        try gone.bench.run(Self.first, Self.scope("2014-10..2014-11"))
        #expect(gone.months == [1: ["2014-10", "2014-11"]])
    }

    @Test("先在的一户是误登的：由后一户发")
    func registeredInError() throws {
        var gone = try Self.gone()
        gone.bench.record(
            .registeredInError(HouseholdRegisteredInError(reason: Code(unchecked: "duplicate"))), of: gone.files[0])
        try gone.bench.run(Self.first, Self.scope("2014-10..2014-11"))
        #expect(gone.months == [1: ["2014-10", "2014-11"]])
    }

    @Test("先在的一户已销档：销档当月仍由它发")
    func closedFile() throws {
        var bench = LeavingBench(files: 2)
        try bench.join(0, on: "2014-08-01")
        bench.assess()
        bench.bench.record(
            .closed(HouseholdClosed(reason: Code(unchecked: "other"))), on: CivilDay(parsing: "2014-10-20")!,
            of: bench.files[0])
        try bench.join(1, on: "2014-10-25")
        bench.assess()
        bench.assess(0, until: "2014-10-20")
        try bench.bench.run(Self.first, Self.scope("2014-09..2014-11"))
        #expect(bench.months == [0: ["2014-09", "2014-10"], 1: ["2014-11"]])
    }

    @Test("两户的日子重叠（加入之日早于离开之日）：重叠的月份由先在的一户发", arguments: [[0, 1], [1, 0]])
    func overlapping(order: [Int]) throws {
        var gone = try Self.gone(leaving: "2014-12-05", joining: "2014-10-10")
        for (place, file) in order.enumerated() {
            let batch = BatchID(Identifier128(high: 7, low: UInt64(place)))
            _ = try gone.bench.decide(
                .prepare(Self.scope("2014-10..2015-01", number: place + 1), households: [gone.files[file]]), batch)
            try gone.bench.say(.close, to: batch)
        }
        #expect(gone.months == [0: ["2014-10", "2014-11", "2014-12"], 1: ["2015-01"]])
    }

    @Test("中间空开的月份谁也不发；加入的当月由新的一户发")
    func gap() throws {
        var gone = try Self.gone(leaving: "2014-09-30", joining: "2014-11-20")
        try gone.bench.run(Self.first, Self.scope("2014-09..2014-12"))
        #expect(gone.months == [0: ["2014-09"], 1: ["2014-11", "2014-12"]])
    }

    @Test("一个月里先后在三户：只由最先的一户发")
    func threeFamilies() throws {
        var gone = try Self.gone(leaving: "2014-10-05", joining: "2014-10-05")
        try gone.leave(1, on: "2014-10-20")
        try gone.join(2, on: "2014-10-20")
        gone.assess()
        try gone.bench.run(Self.first, Self.scope("2014-09..2014-11"))
        #expect(gone.months == [0: ["2014-09", "2014-10"], 2: ["2014-11"]])
    }

    @Test("离开又回来：每个月一次")
    func andBack() throws {
        var gone = try Self.gone(leaving: "2014-10-30", joining: "2014-10-30")
        try gone.leave(1, on: "2014-12-10")
        try gone.join(0, on: "2014-12-10")
        gone.assess()
        try gone.bench.run(Self.first, Self.scope("2014-09..2015-02"))
        #expect(gone.months == [0: ["2014-09", "2014-10", "2015-01", "2015-02"], 1: ["2014-11", "2014-12"]])
    }

    @Test("后一户已发的月份，先在的一户后来更正离开的日子：不再补发，应补也不能再决定")
    func correctedLeaving() throws {
        var gone = try Self.gone(leaving: "2014-10-15", joining: "2014-10-20")
        try gone.bench.run(Self.first, Self.scope("2014-09..2014-12"))
        #expect(gone.months == [0: ["2014-09", "2014-10"], 1: ["2014-11", "2014-12"]])
        try gone.correctLeaving(0, to: "2014-11-30")
        let change = DueChange(
            first: CivilMonth(year: 2014, month: 11), last: CivilMonth(year: 2014, month: 11), before: .zero,
            after: .yuan(300))
        gone.assess(0, changes: [change])
        guard case .refused(let refusal) = try gone.decide(.arrears, in: 0) else {
            Issue.record("decided")
            return
        }
        #expect(refusal.code == "CARE-1430")
        try gone.bench.run(Self.second, Self.scope("2014-09..2014-12", number: 2))
        #expect(gone.bench.batches[Self.second]?.lines == [])
    }

    @Test("先在的一户多发的月份：后一户应享的留下不追，后一户也不再发")
    func keptMoney() throws {
        var gone = LeavingBench(files: 2)
        try gone.join(0, on: "2014-08-01")
        gone.assess()
        try gone.bench.run(Self.first, Self.scope("2014-09..2014-12"))
        try gone.leave(0, on: "2014-10-15")
        try gone.join(1, on: "2014-10-20")
        let change = DueChange(
            first: CivilMonth(year: 2014, month: 11), last: CivilMonth(year: 2014, month: 12), before: .yuan(300),
            after: .zero)
        gone.assess(0, changes: [change])
        gone.assess(1)
        try gone.bench.run(Self.second, Self.scope("2014-09..2015-01", number: 2))
        #expect(gone.months[1] == ["2015-01"])
        guard case .refused(let refusal) = try gone.decide(.recovery, in: 0) else {
            Issue.record("decided")
            return
        }
        #expect(refusal.code == "CARE-1430")
    }

    @Test("身份后来才知道，两户都列了：先列的送银行，后列的等着；冲销先列的，后列的送出", arguments: [false, true])
    func numberToldLater(isReversed: Bool) throws {
        var gone = try Self.gone()
        let trails = gone.bench.trails
        gone.bench.trails = []
        try gone.bench.run(Self.first, Self.scope("2014-10"))
        #expect(gone.months == [0: ["2014-10"], 1: ["2014-10"]])
        gone.bench.trails = trails
        let lines = try #require(gone.bench.batches[Self.first]?.lines)
        let held = lines.filter { !gone.bench.orderedBefore($0).isEmpty }
        #expect(held.map(\.ordered.household) == [gone.files[1]])
        if isReversed {
            let other = try #require(lines.first { $0.ordered.household == gone.files[0] })
            try gone.bench.say(.reverse(line: other.number, reason: Code(unchecked: "mistake")), to: Self.first)
            #expect(lines.allSatisfy { gone.bench.orderedBefore($0).isEmpty })
        }
        guard case .events(let events) = try gone.bench.decide(.issue, Self.first),
            case .fileIssued(let file)? = events.first
        else {
            Issue.record("no file")
            return
        }
        #expect(file.entries.count == 1 && file.total == .yuan(300))
        #expect(file.entries.map(\.account) == [isReversed ? "acc-1" : "acc-0"])
    }

    @Test("两户各有自己的身份证号：是两个人，各发各的")
    func twoNumbers() throws {
        var gone = try Self.gone()
        for (file, number) in [(0, UInt64(1)), (1, 2)] {
            let changed = PersonDetailsChanged(
                person: gone.man(file), token: PersonToken(Identifier128(high: 4, low: number)))
            gone.bench.record(.personDetailsChanged(changed), of: gone.files[file])
        }
        try gone.bench.run(Self.first, Self.scope("2014-10"))
        #expect(gone.months == [0: ["2014-10"], 1: ["2014-10"]])
        #expect(gone.bench.batches[Self.first]?.lines.allSatisfy { gone.bench.orderedBefore($0).isEmpty } == true)
    }

    /// He is in the first family until the end of October 2014 and then in the second; each owes one sum, in a month of its own, of what is
    /// given once, or once in a year.
    private static func oneSum(_ cadence: String, isFirstKnown: Bool = true) throws -> LeavingBench {
        var bench = LeavingBench(files: 2)
        try bench.join(0, on: "2014-08-01")
        try bench.leave(0, on: "2014-10-30")
        try bench.join(1, on: "2014-10-30")
        if isFirstKnown { bench.assess(0, in: "2014-09", cadence) }
        bench.assess(1, in: "2014-11", cadence)
        return bench
    }

    private static let cadences = ["once", "year", "school_year"]

    @Test("一次、一年、一学年一笔的：两户各认定一笔，只由先在的一户发，哪一批先截止都一样", arguments: cadences, [[0, 1], [1, 0]])
    func oneSumOfTwo(cadence: String, order: [Int]) throws {
        var gone = try Self.oneSum(cadence)
        for (place, file) in order.enumerated() {
            let batch = BatchID(Identifier128(high: 7, low: UInt64(place)))
            _ = try gone.bench.decide(
                .prepare(Self.scope("2014-09..2014-12", number: place + 1), households: [gone.files[file]]), batch)
            try gone.bench.say(.close, to: batch)
        }
        #expect(gone.months == [0: ["2014-09"]])
    }

    @Test("一次、一年、一学年一笔的：后一户先发了，先在的一户后来才认定的应补不能再决定；已决定补发的，补发批次也不再列", arguments: cadences, [false, true])
    func oneSumPaidByTheLater(cadence: String, isDecided: Bool) throws {
        var gone = try Self.oneSum(cadence, isFirstKnown: false)
        try gone.bench.run(Self.first, Self.scope("2014-09..2014-12"))
        #expect(gone.months == [1: ["2014-11"]])
        let month = CivilMonth(year: 2014, month: 9)
        let change = DueChange(first: month, last: month, before: .zero, after: .yuan(300))
        gone.assess(0, in: "2014-09", cadence, changes: [change])
        if isDecided {
            gone.bench.record(.dueDecided(try gone.due(.arrears, in: 0)), of: gone.files[0])
        } else {
            guard case .refused(let refusal) = try gone.decide(.arrears, in: 0) else {
                Issue.record("decided")
                return
            }
            #expect(refusal.code == "CARE-1430")
        }
        try gone.bench.run(Self.second, Self.scope("2014-09..2014-12", .arrears))
        try gone.bench.run(Self.third, Self.scope("2014-09..2014-12", number: 2))
        #expect(gone.months == [1: ["2014-11"]])
    }

    @Test("一次、一年、一学年一笔的：先在的一户先决定补发，后一户的批次不再发", arguments: cadences)
    func oneSumOfArrears(cadence: String) throws {
        var gone = try Self.oneSum(cadence, isFirstKnown: false)
        let month = CivilMonth(year: 2014, month: 9)
        let change = DueChange(first: month, last: month, before: .zero, after: .yuan(300))
        gone.assess(0, in: "2014-09", cadence, changes: [change])
        gone.bench.record(.dueDecided(try gone.due(.arrears, in: 0)), of: gone.files[0])
        try gone.bench.run(Self.first, Self.scope("2014-09..2014-12", .arrears))
        try gone.bench.run(Self.second, Self.scope("2014-11..2014-12"))
        #expect(gone.months == [0: ["2014-09"]])
    }

    /// He goes from family to family, on days that are told late and overlap now and then, while batches close and order.
    @Test("随机离开、加入、批次：一个月不发两次，最后补齐不漏", arguments: 0..<60)
    func random(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        var bench = LeavingBench(files: 3)
        try bench.join(0, on: "2014-08-01")
        bench.assess()
        var (home, day, closing): (Int, CivilDay, [BatchID]) = (0, CivilDay(year: 2014, month: 9, day: 15)!, [])
        for step in 0..<18 {
            switch pick(3) {
            case 0:
                day = day + Int32(pick(50) + 1)
                let next = (home + 1 + pick(2)) % 3
                try bench.leave(home, on: "\(day)")
                try bench.join(next, on: "\(day + Int32(pick(50) - 15))")
                (home, day) = (next, day + Int32(40))
            case 1: bench.assess(pick(2) == 0 ? pick(3) : nil)
            default:
                let start = CivilMonth(year: 2014, month: 9) + Int32(pick(12))
                let period = try #require(
                    PaymentPeriod(first: start, last: min(start + Int32(pick(6)), CivilMonth(year: 2015, month: 8))))
                let batch = BatchID(Identifier128(high: 7, low: UInt64(step)))
                let scope = BatchScope(division: DivisionCode("431000")!, period: period, number: step + 1)
                let members = bench.files.filter { _ in pick(4) != 0 }
                guard !members.isEmpty else { continue }
                _ = try bench.bench.decide(.prepare(scope, households: members), batch)
                _ = try bench.bench.decide(.close, batch)
                if pick(2) == 0 { try bench.bench.goOn(batch) } else { closing.append(batch) }
            }
            #expect(bench.timesPaid.values.allSatisfy { $0 == 1 }, "after step \(step)")
        }
        for batch in closing { try bench.bench.goOn(batch) }
        bench.assess()
        try bench.bench.run(Self.first, Self.scope("2014-09..2015-08", number: 99))
        #expect(bench.timesPaid.values.allSatisfy { $0 == 1 })
        let due = bench.monthsDue(through: CivilMonth(year: 2015, month: 8))
        #expect(due.subtracting(bench.timesPaid.keys).isEmpty, "\(due.subtracting(bench.timesPaid.keys).sorted())")
    }
}

/// Families, and a man with a right of 300 yuan a month in each in which he is, from 10 September 2014, under an id of its own in each.
struct LeavingBench {
    var bench: PaymentBench
    let files: [HouseholdID]

    init(files count: Int, today: CivilDay = CivilDay(year: 2015, month: 9, day: 1)!) {
        bench = PaymentBench(today: today)
        files = (0..<count).map { HouseholdID(Identifier128(high: 79, low: UInt64($0))) }
        for file in files {
            let home = HouseholdRegistered(division: DivisionCode("431002")!, area: .urban)
            bench.record(.registered(home), on: CivilDay(year: 2014, month: 8, day: 1)!, of: file)
        }
        bench.trails = [PersonTrail()]
    }

    /// His id in a file.
    func man(_ file: Int) -> PersonID { PersonID(Identifier128(high: 9, low: UInt64(file))) }

    private func day(_ text: String) throws -> CivilDay { try #require(CivilDay(parsing: text)) }

    mutating func join(_ file: Int, on text: String) throws {
        let day = try day(text)
        bench.record(.personJoined(PersonJoined(person: man(file), role: .husband)), on: day, of: files[file])
        bench.record(
            .factStated(
                FactStated(
                    fact: .accountReference, subject: .person(man(file)), value: .reference("acc-\(file)"),
                    source: Code(unchecked: "form"))), on: day, of: files[file])
        let claim = PersonClaim(
            household: files[file], person: man(file), command: CommandID(Identifier128(high: 3, low: UInt64(file))))
        bench.trails[0].evolve(.reserved(claim))
        bench.trails[0].evolve(.confirmed(claim))
    }

    mutating func leave(_ file: Int, on text: String) throws {
        bench.record(
            .personLeft(PersonLeft(person: man(file), reason: Code(unchecked: "remarried"))), on: try day(text),
            of: files[file])
    }

    /// Puts the day right on which he left.
    mutating func correctLeaving(_ file: Int, to text: String) throws {
        let history = try #require(bench.households[files[file]])
        let left = try #require(
            history.events.last { if case .personLeft = $0.event { true } else { false } })
        bench.correct(left, on: try day(text), of: files[file])
    }

    /// Makes his determinations anew, in one file or in all.
    /// - Parameter until: Where the right ends, whatever his time in the file says.
    mutating func assess(
        _ only: Int? = nil, yuan: Int64 = 300, until: String? = nil, changes: [DueChange] = []
    ) {
        for file in files.indices where only.map({ $0 == file }) ?? true {
            guard let history = bench.households[files[file]] else { continue }
            let stretches = stretches(history, file).map { stretch in
                (from: "\(stretch.start)", until: until ?? stretch.end.map { "\($0)" }, yuan: yuan)
            }
            var made = PaymentBench.determination(
                man(file), stretches, [PayerShare(payer: Code(unchecked: "finance"), parts: 1)],
                readThrough: history.lastSequence)
            if yuan == 0 { made.intervals = [] }
            made.changes = changes
            bench.record(.determinationMade(made), of: files[file])
        }
    }

    /// Makes his determination in a file anew: 300 yuan in a month, of what is given once or once in a year.
    mutating func assess(_ file: Int, in month: String, _ cadence: String, changes: [DueChange] = []) {
        guard let history = bench.households[files[file]], let first = CivilDay(parsing: month + "-10") else { return }
        let next = CivilMonth(containing: first) + 1
        var made = PaymentBench.determination(
            man(file), [(from: "\(first)", until: "\(next.firstDay)", yuan: 300)],
            [PayerShare(payer: Code(unchecked: "finance"), parts: 1)], readThrough: history.lastSequence)
        made.cadence = Code(unchecked: cadence)
        made.changes = changes
        bench.record(.determinationMade(made), of: files[file])
    }

    private func stretches(_ history: HouseholdHistory, _ file: Int) -> [DayPeriod] {
        let begin = CivilDay(year: 2014, month: 9, day: 10)!
        return history.household.members.filter { $0.id == man(file) }.compactMap { member in
            let start = max(member.joinedOn, begin)
            guard member.leftOn.map({ $0 > start }) ?? true else { return nil }
            return DayPeriod(start: start, end: member.leftOn)
        }
    }

    /// The months in which he has the right in some file.
    func monthsDue(through last: CivilMonth) -> Set<String> {
        var months: Set<String> = []
        for history in bench.households.values {
            for made in history.household.determinations.map(\.made) {
                for due in PaymentRules.monthly.dues(made, last) { months.insert("\(due.month)") }
            }
        }
        return months
    }

    private var lines: [(file: Int, line: OrderedLine)] {
        files.indices.flatMap { file in
            let orders = bench.households[files[file]]?.household.payments.orders ?? []
            return orders.flatMap(\.standing).map { (file, $0) }
        }
    }

    /// The months that were ordered for him, by family.
    var months: [Int: [String]] {
        var months: [Int: [String]] = [:]
        for (file, line) in lines {
            for month in (line.first...line.last).months { months[file, default: []].append("\(month)") }
        }
        return months.mapValues { $0.sorted() }
    }

    /// How often each month was ordered, in all files together.
    var timesPaid: [String: Int] {
        var times: [String: Int] = [:]
        for (_, line) in lines { for month in (line.first...line.last).months { times["\(month)", default: 0] += 1 } }
        return times
    }

    /// What is to be decided about what the latest determination left in a file.
    func due(_ kind: DueStanding.Kind, in file: Int) throws -> DueDecided {
        let history = try #require(bench.households[files[file]])
        let left = try #require(history.household.dueStandings.flatMap(\.entries).last { $0.kind == kind })
        return DueDecided(
            determination: left.cause.determination, clause: left.clause, subject: left.subject, kind: kind,
            isCarriedOut: true, reason: Code(unchecked: "late_certificate"), months: [left.first...left.last])
    }

    /// Decides about what the latest determination left in a file.
    func decide(_ kind: DueStanding.Kind, in file: Int) throws -> Decision {
        let history = try #require(bench.households[files[file]])
        let decided = try due(kind, in: file)
        var context = DecisionContext(
            today: bench.today, policy: .empty, rights: [.command], newHousehold: files[file])
        context.paymentRules = .monthly
        context.people = bench.people(of: files[file])
        context.others = bench.others(of: history, context.people)
        let command = HouseholdCommand(
            id: CommandID(Identifier128(high: 5, low: 1)), household: files[file], occurredOn: bench.today,
            action: .decideDue(decided))
        return history.decide(command, in: context)
    }
}
