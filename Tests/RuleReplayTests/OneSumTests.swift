import CareDomain
import RuleEngine
import Testing

@testable import RuleReplay

/// What is given once, in a small pack; both ways of computing must agree.
@Suite("重放：一次性的只换了月份，不应补也不多发")
struct OneSumTests {
    private static let id = HouseholdID(Identifier128(high: 7, low: 8))
    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    private static func pack(
        _ days: Int, _ yuan: Int, _ more: String? = nil, type: String = "exact"
    ) throws -> RulePack {
        let other = more.map { "\n      - {id: more, zh: 另一条, en: more, expr: \"\($0)\"}" } ?? ""
        let text = """
            pack: small-2015
            valid_from: 2015-01-01
            zh: 小包
            en: small pack
            document: {number: 小〔2015〕1号, issuer: 小区, dated: 2015-01-01}
            facts:
              - {id: person.birth_date, type: date, nature: plain, timeless: true, zh: 出生日期, en: birth date}
              - {id: person.role, type: enum, nature: certified, zh: 家庭身份, en: role, values: {wife: {zh: 妻子, en: wife}}}
              - {id: household.near, type: bool, nature: plain, zh: 近, en: near}
              - {id: household.moved_on, type: date, nature: event, zh: 迁入, en: moved in}
            rules:
              - clause: SM-1
                zh: 一次性补助
                en: one-off
                words: 迁入满若干日的，一次性补助。
                kind: cash_entitlement
                unit: household·once
                department: dept.finance
                conditions:
                  - {id: days, zh: 满日, en: days,
                     expr: "has(household.moved_on) && care.days_since(household.moved_on) >= \(days)"}\(other)
                amount: {type: \(type), value: \(yuan), unit: yuan}
                payers: [{shares: {city: 1, county: 1}}]
            """
        return try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
    }

    /// A family that moved in on 2016-03-10.
    private static func facts(_ more: [(String, FactValue, String)] = []) -> FactBase {
        stating([("household.moved_on", .day(day("2016-03-10")), "2016-03-10")] + more)
    }

    private static func stating(_ all: [(String, FactValue, String)]) -> FactBase {
        FactBase(
            statements: all.enumerated().map { place, one in
                FactStatement(
                    fact: FactID(one.0)!, subject: .household, value: one.1, period: DayPeriod(start: day(one.2)),
                    recordedAt: Moment(microseconds: 0), source: EventReference(sequence: UInt64(place + 1)))
            })
    }

    /// What differs from January to December 2016, asked in June, between two versions in force from January on.
    private static func find(
        _ before: RulePack, _ after: RulePack, _ facts: FactBase = facts(), in division: String? = nil
    ) throws -> RightDifference {
        let replay = RuleReplay(
            current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: before)])), candidate: after,
            effectiveFrom: day("2016-01-01"), period: DayPeriod(start: day("2016-01-01"), end: day("2017-01-01")),
            today: day("2016-06-15"), scope: ReplayScope(asked: division))
        let district = DistrictReplay(replay)
        #expect(district.obstacle == nil)
        let found = try [district.compare([(id, facts)]), district.compareOneByOne([(id, facts)])].map {
            try #require($0.first?.difference?.rights.first)
        }
        #expect(told(found[0]) == told(found[1]))
        return found[0]
    }

    private static func told(_ right: RightDifference) -> String {
        let months = right.months.map { "\($0.month) \($0.before) \($0.after) \($0.open as Any)" }
        let payers = right.payers.map { "\($0.payer) \($0.difference)" }
        return "\(right.kind) \(right.arrears) \(right.overpayment) \(right.undecided) \(right.future) \(months)"
            + " \(payers) \(right.parts.map { "\($0.division as Any) \(told($0.right))" })"
    }

    private static func months(_ right: RightDifference) -> [String] { right.months.map(\.month.description) }

    @Test("只换了月份：已过的换已过的、换以后的、换到所看时段以外的，都不应补、不多发，也不叫失去；换去的月份说得出")
    func movesOnly() throws {
        for (days, month) in [(40, "2016-04"), (200, "2016-09"), (400, "2017-04")] {
            let right = try Self.find(try Self.pack(0, 100), try Self.pack(days, 100))
            #expect(right.kind == .changed && right.onlyMoves && right.payers.isEmpty, "\(days)")
            #expect(Self.months(right) == ["2016-03", month])
        }
        let back = try Self.find(try Self.pack(400, 100), try Self.pack(40, 100))
        // It becomes due now, and not next year: that is owed, and no more than that.
        #expect(back.kind == .changed && back.arrears == .yuan(100) && back.future == -.yuan(100))
        #expect(back.overpayment == .zero && back.payers.isEmpty && !back.onlyMoves)
    }

    @Test("月份和金额都变：只有差额是应补或多发；从来没有的才是新增")
    func sumChanges() throws {
        let more = try Self.find(try Self.pack(0, 100), try Self.pack(40, 150))
        #expect(more.arrears == .yuan(50) && more.overpayment == .zero && more.future == .zero)
        let less = try Self.find(try Self.pack(0, 100), try Self.pack(40, 80))
        #expect(less.arrears == .zero && less.overpayment == .yuan(20) && less.future == .zero)
        #expect(less.payers.map(\.difference) == [-.yuan(10), -.yuan(10)])
        let later = try Self.find(try Self.pack(0, 100), try Self.pack(400, 80))
        #expect(later.kind == .changed && later.overpayment == .yuan(20))
        let never = try Self.find(try Self.pack(9_000, 100), try Self.pack(40, 100))
        #expect(never.kind == .gained && never.arrears == .yuan(100) && Self.months(never) == ["2016-04"])
    }

    @Test("换了月份以后缺事实：待定，不是多发；说了又给的，两清")
    func open() throws {
        let candidate = try Self.pack(40, 100, "household.near")
        let open = try Self.find(try Self.pack(0, 100), candidate)
        #expect(open.kind == .needsFact && open.undecided == .yuan(100) && open.overpayment == .zero)
        let known = try Self.find(
            try Self.pack(0, 100), candidate, Self.facts([("household.near", .bool(true), "2016-05-02")]))
        #expect(known.kind == .changed && known.onlyMoves && Self.months(known) == ["2016-03", "2016-05"])
    }

    @Test("换到迁入地的月份：两地各看各的月份，哪一地都不应补、不多发；合起来也一样")
    func anotherPlace() throws {
        let facts = Self.facts([
            ("household.division", .reference("431002"), "2016-01-01"),
            ("household.division", .reference("431003"), "2016-04-01"),
        ])
        for (division, months) in [("431002", ["2016-03"]), ("431003", ["2016-04"]), (nil, ["2016-03", "2016-04"])] {
            let right = try Self.find(try Self.pack(0, 100), try Self.pack(40, 100), facts, in: division)
            #expect(right.kind == .changed && right.onlyMoves && Self.months(right) == months)
            #expect(right.parts.allSatisfy { $0.right.onlyMoves } && right.parts.isEmpty == (division != nil))
        }
        // A month beyond those compared is told only to the place of the family.
        let left = Self.facts([
            ("household.division", .reference("431002"), "2016-01-01"),
            ("household.division", .reference("431003"), "2017-02-01"),
        ])
        for (division, months) in [("431002", ["2016-03"]), (nil, ["2016-03", "2017-04"])] {
            let right = try Self.find(try Self.pack(0, 100), try Self.pack(400, 100), left, in: division)
            #expect(right.kind == .changed && right.onlyMoves && Self.months(right) == months)
        }
    }

    @Test("随机的家庭、规则、时段和区划：按列与逐户相同；承担方的增减合起来是应补减多发加以后的", arguments: [1, 2, 3])
    func columnsAgree(_ seed: UInt64) throws {
        var state = seed
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        func some(_ from: String) -> String { "\(Self.day(from) + Int32(next(1_200)))" }
        func pack() throws -> RulePack {
            let days = [0, 40, 100, 300, 500, 4_000][next(6)]
            return try Self.pack(
                days, [80, 100, 150][next(3)], next(3) == 0 ? "household.near" : nil,
                type: next(8) == 0 ? "floor" : "exact")
        }
        var differing = 0
        var moving = 0
        for round in 0..<60 {
            let start = Self.day("2015-06-01") + Int32(next(700))
            let division = [nil, "431002", "431003"][next(3)]
            let replay = RuleReplay(
                current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: try pack())])),
                candidate: try pack(), effectiveFrom: start - Int32(next(2) * next(300)),
                period: DayPeriod(start: start, end: start + Int32(20 + next(500))), today: start + Int32(next(400)),
                scope: ReplayScope(asked: division))
            let families = (0..<12).map { number -> (id: HouseholdID, facts: FactBase) in
                var more: [(String, FactValue, String)] = []
                for place in 0..<next(4) {
                    more.append(
                        (
                            "household.division", .reference(["431002", "431003", "330302"][next(3)]),
                            place == 0 ? "2014-01-01" : some("2015-01-01")
                        ))
                }
                if next(3) > 0 { more.append(("household.near", .bool(next(4) > 0), some("2014-01-01"))) }
                let moved = some("2014-06-01")
                let facts = Self.stating(
                    (next(8) == 0 ? [] : [("household.moved_on", .day(Self.day(moved)), moved)]) + more)
                return (HouseholdID(Identifier128(high: 9, low: UInt64(number))), facts)
            }
            let district = DistrictReplay(replay)
            #expect(district.obstacle == nil)
            for (one, other) in zip(district.compare(families), district.compareOneByOne(families)) {
                let (columns, single) = (one.difference?.rights ?? [], other.difference?.rights ?? [])
                #expect(columns.map(Self.told) == single.map(Self.told), "seed \(seed) round \(round) \(one.household)")
                for right in single
                where division == nil && right.hasSums && right.undecided == .zero && right.awaitingDecision == .zero {
                    let sum = right.payers.reduce(Fen.zero) { $0 + $1.difference }
                    #expect(sum == right.arrears - right.overpayment + right.future, "seed \(seed) round \(round)")
                    differing += 1
                    moving += right.onlyMoves ? 1 : 0
                }
            }
        }
        #expect(differing > 10 && moving > 0)
    }

    @Test("与认定的应补、多发相同：已发的一律抵作应发的，随机一千次")
    func asDetermined() throws {
        var state: UInt64 = 7
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        let start = CivilMonth(year: 2016, month: 1)
        let present = start + 5
        for round in 0..<1_000 {
            func sums() -> [(month: Int32, amount: Int64)] {
                let months = Set((0..<next(4)).map { _ in Int32(next(10)) }).sorted()
                return months.map { ($0 + start.index, Int64(1 + next(5)) * 100) }
            }
            func determination(_ sums: [(month: Int32, amount: Int64)]) throws -> Determination {
                Determination(
                    clause: try #require(ClauseID("SM-1")), subject: .household,
                    pack: PackReference(id: PackID(unchecked: "small"), version: Self.day("2015-01-01"), hash: []),
                    cadence: .once, amountType: .exact,
                    intervals: sums.map { month, amount in
                        let first = CivilMonth(index: month).firstDay
                        return Determination.Interval(
                            period: DayPeriod(start: first, end: first + 1), status: .entitled, rightHolds: true,
                            amount: Fen(amount))
                    })
            }
            let (before, after) = (sums(), sums())
            var money = RightMoney()
            for (month, amount) in before where month <= present.index {
                money.ordered[CivilMonth(index: month)] = Fen(amount)
            }
            let made = DeterminationDifference(
                from: try determination(before), to: try determination(after), through: present, money: money)
            let sum = OneSum(before, after, present: present.index)
            let all = sum.sums { _ in true }
            #expect(Fen(all.arrears) == made.arrears, "\(round) \(before) \(after)")
            #expect(Fen(all.overpayment) == made.overpayment, "\(round) \(before) \(after)")
            #expect(all.arrears - all.overpayment + all.future == sum.totals.after - sum.totals.before)
        }
    }
}
