import CareTestKit
import Testing

@testable import CareDomain

/// Given a family that moved, or whose file ended, when somebody decides about its arrears and over-payments, then each place
/// decides about the months that are its own, in the file that they stand in.
@Suite("应补与多发：由款项所属地决定")
struct DuePlacesTests {
    private static let september = CivilMonth(year: 2014, month: 9)
    private static let (old, new, city) = ("431002", "431003", "431000")
    private static let shares = [PayerShare(payer: Code(unchecked: "finance"), parts: 1)]

    private static var chenzhou: PolicyCatalog {
        var policy = PolicyCatalog.empty
        policy.places = [
            PolicyPlace(pack: PackID(unchecked: "chenzhou-2014"), title: "郴州", territory: DivisionCode(city))
        ]
        return policy
    }

    /// A family with 300 yuan a month from September 2014, which becomes 400 for September to December.
    private struct Case {
        var bench = PaymentBench(today: CivilDay(year: 2015, month: 1, day: 20)!)
        let family: HouseholdID
        var made = EventReference(sequence: 1)

        init() { family = bench.family(1, division: DuePlacesTests.old) }

        var history: HouseholdHistory { bench.households[family] ?? HouseholdHistory(id: family) }

        var person: PersonID { history.household.members[0].id }

        mutating func move(to division: String, on day: String) {
            bench.record(
                .moved(HouseholdMoved(kind: .registration, division: DivisionCode(division)!)),
                on: CivilDay(parsing: day), of: family)
        }

        mutating func judge(_ stretches: [(from: String, until: String?, yuan: Int64)], _ changes: [DueChange]) {
            bench.record(
                .determinationMade(
                    PaymentBench.determination(
                        person, stretches, DuePlacesTests.shares, readThrough: 5, changes: changes)), of: family)
            made = EventReference(sequence: history.lastSequence)
        }

        func decide(
            _ key: String, _ kind: DueStanding.Kind = .arrears, carriedOut: Bool = true, division: String? = nil,
            months: [ClosedRange<CivilMonth>] = [], office: String = "dept.fp", rules: PaymentRules? = nil
        ) -> Decision {
            let decided = DueDecided(
                determination: made, clause: ClauseID("CZ-2.1")!, subject: .person(person), kind: kind,
                isCarriedOut: carriedOut, reason: Code(unchecked: "late_record"),
                division: division.flatMap { DivisionCode($0) }, months: months)
            var context = DecisionContext(
                today: bench.today, policy: DuePlacesTests.chenzhou, rights: [.command], newHousehold: family,
                department: DepartmentID(unchecked: office), actsFor: [DivisionCode(key)!])
            context.paymentRules = rules
            return history.decide(
                HouseholdCommand(
                    id: CommandID(Identifier128(high: 5, low: 1)), household: family, occurredOn: bench.today,
                    action: .decideDue(decided)), in: context)
        }

        /// Decides and takes the event in.
        /// - Returns: What stands in it: the place and its months.
        mutating func take(_ decision: Decision) throws -> String {
            switch decision {
            case .refused(let refusal): throw refusal
            case .events(let events, _):
                guard case .dueDecided(let decided)? = events.first?.event, events.count == 1 else { return "" }
                bench.record(.dueDecided(decided), of: family)
                return "\(decided.division?.rawValue ?? "-") \(decided.monthTexts.joined(separator: " "))"
            }
        }

        var standing: [String] {
            history.household.dueStandings.flatMap(\.entries).map {
                "\($0.kind.rawValue) \($0.first)…\($0.last) \($0.sum)"
            }
        }

        /// What a batch of the division pays up to December 2014.
        mutating func paid(in division: String, _ kind: BatchKind = .arrears) throws -> Fen {
            let number = UInt64(division.suffix(4))! * 10 + (kind == .arrears ? 1 : 2)
            let batch = BatchID(Identifier128(high: 9, low: number))
            try bench.run(
                batch,
                BatchScope(
                    kind: kind, division: DivisionCode(division)!, period: PaymentPeriod(parsing: "2014-12")!))
            return bench.batches[batch]?.total ?? .zero
        }
    }

    /// Moved within the prefecture on 20 November: September and October are the old county's, November and December the new one's.
    private static func moved() -> Case {
        var moved = Case()
        moved.move(to: new, on: "2014-11-20")
        moved.judge(
            [("2014-09-10", nil, 400)],
            [DueChange(first: september, last: september + 3, before: .yuan(300), after: .yuan(400))])
        return moved
    }

    private static func refusal(_ decision: Decision) -> Refusal? {
        if case .refused(let refusal) = decision { refusal } else { nil }
    }

    @Test("地区内迁居：两县各决定自己的月份，各由自己的批次发")
    func withinThePrefecture() throws {
        var moved = Self.moved()
        #expect(try moved.take(moved.decide(Self.new)) == "431003 2014-11…2014-12")
        #expect(moved.standing == ["arrears 2014-09…2014-10 200.00"])
        #expect(Self.refusal(moved.decide(Self.new))?.reason == .dueElsewhere)
        #expect(try moved.take(moved.decide(Self.old, carriedOut: false)) == "431002 2014-09…2014-10")
        #expect(moved.standing.isEmpty)
        #expect(try moved.paid(in: Self.old) == .zero)
        #expect(try moved.paid(in: Self.new) == .yuan(200))
    }

    @Test("两县都管的密钥须写明是哪一县的，写到地区就一并决定")
    func ofBoth() throws {
        var moved = Self.moved()
        let refusal = try #require(Self.refusal(moved.decide(Self.city)))
        #expect(refusal.code == "CARE-1437" && refusal.field == "division")
        #expect(refusal.detail == "#\(moved.made.sequence) 431002: 2, 431003: 2")
        var whole = moved
        #expect(try whole.take(whole.decide(Self.city, division: Self.city)) == "431000 2014-09…2014-12")
        #expect(whole.standing.isEmpty)
        #expect(try moved.take(moved.decide(Self.city, division: Self.old)) == "431002 2014-09…2014-10")
        #expect(moved.standing == ["arrears 2014-11…2014-12 200.00"])
    }

    @Test("同在某月一日记了两次迁移：后记的算数，当月归它，发放也由它；先记的一天也没有，什么也不归它", arguments: [true, false])
    func twiceOnOneDay(endsInTheNew: Bool) throws {
        let third = "431021"
        var moved = Case()
        for place in endsInTheNew ? [third, Self.new] : [Self.new, third] { moved.move(to: place, on: "2014-11-01") }
        moved.judge(
            [("2014-09-10", nil, 400)],
            [DueChange(first: Self.september, last: Self.september + 3, before: .yuan(300), after: .yuan(400))])
        let (owner, other) = endsInTheNew ? (Self.new, third) : (third, Self.new)
        #expect(Self.refusal(moved.decide(other))?.reason == .nothingToDecide)
        #expect(try moved.take(moved.decide(owner)) == "\(owner) 2014-11…2014-12")
        #expect(try moved.take(moved.decide(Self.old)) == "431002 2014-09…2014-10")
        #expect(moved.standing.isEmpty)
        #expect(try moved.paid(in: other) == .zero)
        #expect(try moved.paid(in: owner) == .yuan(200))
        #expect(try moved.paid(in: Self.old) == .yuan(200))
    }

    @Test("同在某月一日先迁到市内一县、又迁出市外：走前的月份和多发的当月都归住过的那一县")
    func outOnTheSameDay() throws {
        var moved = Case()
        moved.move(to: Self.new, on: "2014-11-01")
        moved.move(to: "330302", on: "2014-11-01")
        moved.judge(
            [("2014-09-10", "2014-11-01", 400)],
            [
                DueChange(first: Self.september, last: Self.september + 1, before: .yuan(300), after: .yuan(400)),
                DueChange(first: Self.september + 2, last: Self.september + 2, before: .yuan(300), after: .zero),
            ])
        #expect(Self.refusal(moved.decide(Self.new, .recovery))?.reason == .nothingToDecide)
        #expect(Self.refusal(moved.decide("330302", .recovery))?.reason == .dueElsewhere)
        #expect(try moved.take(moved.decide(Self.old, .recovery)) == "431002 2014-11")
        #expect(try moved.take(moved.decide(Self.old)) == "431002 2014-09…2014-10")
    }

    @Test(
        "缺事实、规则出错、待人决定金额的月份：应发多少还不知道，追回、免追都不决定，知道的月份照样决定；再认定出来以后才决定",
        arguments: [DeterminationMade.Status.needsFact, .failed, .proposed], [true, false])
    func notKnown(_ status: DeterminationMade.Status, _ carriedOut: Bool) throws {
        var open = Case()
        var made = PaymentBench.determination(
            open.person, [("2014-11-01", nil, 300)], Self.shares, readThrough: 5,
            changes: [DueChange(first: Self.september, last: Self.september + 3, before: .yuan(300), after: .zero)])
        made.intervals = made.intervals.map { interval in
            DeterminationMade.Interval(
                period: interval.period, status: status, amount: nil, payers: interval.payers)
        }
        open.bench.record(.determinationMade(made), of: open.family)
        open.made = EventReference(sequence: open.history.lastSequence)
        func decide() -> Decision { open.decide(Self.old, .recovery, carriedOut: carriedOut, rules: .monthly) }
        #expect(try open.take(decide()) == "431002 2014-09…2014-10")
        #expect(open.standing == ["recovery 2014-11…2014-12 600.00"])
        let refusal = try #require(Self.refusal(decide()))
        #expect(refusal.code == (status == .proposed ? "CARE-1809" : "CARE-1466"))
        #expect(refusal.detail == "#\(open.made.sequence) 2014-11…2014-12")
        let line = open.made
        open.judge([], [])
        open.made = line
        #expect(try open.take(decide()) == "431002 2014-11…2014-12")
        #expect(open.standing.isEmpty)
    }

    @Test("写明的月份与现在的不同：请刷新后再决定")
    func otherMonths() throws {
        var moved = Self.moved()
        let months = Self.september + 2...Self.september + 3
        #expect(Self.refusal(moved.decide(Self.new, months: [Self.september...Self.september]))?.reason == .staleView)
        #expect(try moved.take(moved.decide(Self.new, months: [months])) == "431003 2014-11…2014-12")
    }

    @Test("迁往外地区：应补与迁出以后的多发都归原地，今天所在地的密钥不能决定，别处的只知道没有")
    func toAnotherCity() throws {
        var moved = Case()
        moved.move(to: "330302", on: "2014-11-20")
        moved.judge(
            [("2014-09-10", "2014-11-20", 400)],
            [
                DueChange(first: Self.september, last: Self.september + 2, before: .yuan(300), after: .yuan(400)),
                DueChange(first: Self.september + 3, last: Self.september + 3, before: .yuan(300), after: .zero),
            ])
        for carriedOut in [true, false] {
            let refusal = try #require(Self.refusal(moved.decide("330300", carriedOut: carriedOut)))
            #expect(refusal.code == "CARE-1436" && refusal.detail == "#\(moved.made.sequence) 431002: 3")
            let there = Self.refusal(moved.decide("330302", .recovery, carriedOut: carriedOut, division: "330302"))
            #expect(there?.reason == .dueElsewhere)
            #expect(Self.refusal(moved.decide(Self.new, carriedOut: carriedOut))?.reason == .nothingToDecide)
        }
        #expect(moved.standing == ["arrears 2014-09…2014-11 300.00", "recovery 2014-12…2014-12 300.00"])
        #expect(try moved.take(moved.decide(Self.old)) == "431002 2014-09…2014-11")
        #expect(try moved.take(moved.decide(Self.city, .recovery)) == "431002 2014-12")
        #expect(moved.standing.isEmpty)
        #expect(try moved.paid(in: "330302") == .zero)
        #expect(try moved.paid(in: Self.old) == .yuan(300))
    }

    @Test("职能按款项所属地的规定，不按今天的所在地")
    func functionsOfThePlace() throws {
        var moved = Case()
        moved.move(to: "330302", on: "2014-11-20")
        moved.judge(
            [("2014-09-10", "2014-11-20", 400)],
            [DueChange(first: Self.september, last: Self.september + 2, before: .yuan(300), after: .yuan(400))])
        let context: (PolicyPlace) -> DecisionContext = { place in
            var policy = PolicyCatalog.empty
            policy.places = [place]
            return DecisionContext(
                today: moved.bench.today, policy: policy, rights: [.command], newHousehold: moved.family,
                department: DepartmentID(unchecked: "dept.fp"), actsFor: [DivisionCode(Self.old)!])
        }
        let command = HouseholdCommand(
            id: CommandID(Identifier128(high: 5, low: 2)), household: moved.family, occurredOn: moved.bench.today,
            action: .decideDue(
                DueDecided(
                    determination: moved.made, clause: ClauseID("CZ-2.1")!, subject: .person(moved.person),
                    kind: .arrears, isCarriedOut: true, reason: Code(unchecked: "late_record"))))
        let others = [CaseFunction.review: [DepartmentID(unchecked: "dept.health_commission")]]
        for (territory, isRefused) in [(Self.city, true), ("330300", false)] {
            let place = PolicyPlace(
                pack: PackID(unchecked: "chenzhou-2014"), title: "", territory: DivisionCode(territory),
                functions: others)
            let refusal = Self.refusal(moved.history.decide(command, in: context(place)))
            #expect(refusal?.reason == (isRefused ? .functionOffice : nil))
        }
    }

    private static let endings: [HouseholdEvent] = [
        .closed(HouseholdClosed(reason: Code(unchecked: "withdrawn"))),
        .merged(HouseholdMerged(other: HouseholdID(Identifier128(high: 77, low: 2)), side: .absorbed)),
        .registeredInError(HouseholdRegisteredInError(reason: Code(unchecked: "duplicate"))),
    ]

    @Test("销档、并入他户、误登的档案：已发的仍在本档案决定，追回批次照样追回；别的不能再登记", arguments: endings)
    func endedFiles(_ ending: HouseholdEvent) throws {
        var ended = Case()
        let paid = BatchID(Identifier128(high: 8, low: 1))
        try ended.bench.run(
            paid, BatchScope(division: DivisionCode(Self.old)!, period: PaymentPeriod(parsing: "2014-09..2014-10")!))
        #expect(ended.bench.batches[paid]?.total == .yuan(600))
        ended.bench.record(ending, on: CivilDay(parsing: "2014-12-01"), of: ended.family)
        ended.judge(
            [], [DueChange(first: Self.september, last: Self.september + 1, before: .yuan(300), after: .zero)])
        let other = HouseholdCommand(
            id: CommandID(Identifier128(high: 5, low: 9)), household: ended.family, occurredOn: ended.bench.today,
            action: .openPlanItem(PlanItemOpened(department: DepartmentID(unchecked: "dept.fp"))))
        let refused = ended.history.decide(
            other,
            in: DecisionContext(
                today: ended.bench.today, policy: .empty, rights: [.command], newHousehold: ended.family))
        #expect(Self.refusal(refused)?.code == "CARE-1102")
        #expect(Self.refusal(refused)?.chinese.contains("pay decide") == true)
        #expect(try ended.take(ended.decide(Self.old, .recovery)) == "431002 2014-09…2014-10")
        #expect(ended.standing.isEmpty)
        #expect(try ended.paid(in: Self.old, .recovery) == -.yuan(600))
        #expect(Self.refusal(ended.decide(Self.old, .recovery))?.reason == .nothingToDecide)
    }

    @Test("销档的档案：应补的也照决定照发；误登的一分不发", arguments: [0, 2])
    func arrearsOfEndedFiles(_ ending: Int) throws {
        var ended = Case()
        ended.judge(
            [("2014-09-10", "2014-11-01", 400)],
            [DueChange(first: Self.september, last: Self.september + 1, before: .yuan(300), after: .yuan(400))])
        ended.bench.record(Self.endings[ending], on: CivilDay(parsing: "2014-12-01"), of: ended.family)
        #expect(try ended.take(ended.decide(Self.old)) == "431002 2014-09…2014-10")
        #expect(try ended.paid(in: Self.old) == (ending == 0 ? .yuan(200) : .zero))
    }
}
