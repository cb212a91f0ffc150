import CareDomain
import RuleEngine
import RuleReplay
import Testing

/// A small pack, so that every case can be worked out by hand; both ways of computing must agree.
@Suite("重放：待补、待查、不变，各是什么")
struct OpenRightsTests {
    private static let id = HouseholdID(Identifier128(high: 7, low: 7))
    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    private static let text = """
        pack: small-2015
        valid_from: 2015-01-01
        zh: 小包
        en: small pack
        document: {number: 小〔2015〕1号, issuer: 小区, dated: 2015-01-01}
        facts:
          - {id: person.birth_date, type: date, nature: plain, timeless: true, zh: 出生日期, en: birth date}
          - {id: person.role, type: enum, nature: certified, zh: 身份, en: role, values: {wife: {zh: 妻子, en: wife}}}
          - {id: household.poor, type: bool, nature: certified, zh: 困难, en: poor}
          - {id: household.near, type: bool, nature: plain, zh: 近, en: near}
          - {id: household.rooms, type: int, range: [0, 9], nature: plain, zh: 房间, en: rooms}
          - {id: household.moved_on, type: date, nature: event, zh: 迁入, en: moved in}
        rules:
          - clause: SM-1
            zh: 补贴
            en: subsidy
            words: 困难的每月补贴。
            kind: cash_entitlement
            unit: household·month
            department: dept.finance
            conditions:
              - {id: poor, zh: 困难, en: poor, expr: household.poor}
            amount: {type: exact, value: 100, unit: yuan}
            payers: [{shares: {city: 1, county: 1}}]
        """

    /// The pack with some words in the place of others.
    private static func pack(_ changes: [(String, String)] = []) throws -> RulePack {
        var words = text
        for (old, new) in changes {
            #expect(words.contains(old))
            words = words.replacingOccurrences(of: old, with: new)
        }
        return try RulePack.load(bytes: Array(words.utf8), name: "small.yaml")
    }

    /// A condition more, below the others.
    private static func condition(_ expression: String) -> (String, String) {
        let poor = "- {id: poor, zh: 困难, en: poor, expr: household.poor}"
        return (poor, poor + "\n      - {id: more, zh: 另一条, en: more, expr: \"\(expression)\"}")
    }

    private static func facts(_ more: [(String, FactValue, String)] = [], poorUntil end: String? = nil) -> FactBase {
        let all: [(String, FactValue, String)] = [("household.poor", .bool(true), "2015-01-01")] + more
        return FactBase(
            statements: all.enumerated().map { place, one in
                FactStatement(
                    fact: FactID(one.0)!, subject: .household, value: one.1,
                    period: DayPeriod(start: day(one.2), end: place == 0 ? end.map(day) : nil),
                    recordedAt: Moment(microseconds: 0), source: EventReference(sequence: UInt64(place + 1)))
            })
    }

    /// What differs from January to December 2016, asked in June.
    private static func find(
        _ facts: FactBase, _ after: [(String, String)], from: String = "2016-01-01", in division: String? = nil
    ) throws -> RightDifference? {
        try find(facts, [], after, from: from, in: division)
    }

    private static func find(
        _ facts: FactBase, _ before: [(String, String)], _ after: [(String, String)], from: String = "2016-01-01",
        in division: String? = nil
    ) throws -> RightDifference? {
        let replay = RuleReplay(
            current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: try pack(before))])),
            candidate: try pack(after), effectiveFrom: day(from),
            period: DayPeriod(start: day("2016-01-01"), end: day("2017-01-01")), today: day("2016-06-15"),
            scope: ReplayScope(asked: division))
        let district = DistrictReplay(replay)
        #expect(district.obstacle == nil)
        let found = try [district.compare([(id, facts)]), district.compareOneByOne([(id, facts)])].map {
            try #require($0.first)
        }
        let (columns, single) = (found[0].difference, found[1].difference)
        #expect(columns.map(Self.told) == single.map(Self.told))
        #expect(columns?.rights.count ?? 1 == 1)
        var totals = ReplayTotals()
        totals.add(columns)
        #expect(totals.all.undecided == columns?.undecided ?? .zero)
        #expect(totals.all.awaiting == columns?.awaitingDecision ?? .zero)
        return columns?.rights.first
    }

    private static func told(_ difference: HouseholdDifference) -> [String] {
        difference.rights.map { right in
            let months = right.months.map { "\($0.month) \($0.before) \($0.after) \($0.open as Any)" }
            let payers = right.payers.map { "\($0.payer) \($0.difference)" }
            return "\(right.kind) \(right.statusBefore) \(right.statusAfter) \(right.arrears) \(right.overpayment)"
                + " \(right.undecided) \(right.awaitingDecision) \(right.future) \(months) \(payers) \(right.causes.map(\.field))"
        }
    }

    @Test("新增条件所问的事实没人说过：待补，不是失去，也没有多发；说了才定")
    func needsFact() throws {
        let near = Self.condition("household.near")
        let open = try #require(try Self.find(Self.facts(), [near]))
        #expect(open.kind == .needsFact && open.statusAfter == .needsFact)
        #expect(open.overpayment == .zero && open.arrears == .zero && open.future == .zero && open.payers.isEmpty)
        #expect(open.undecided == .yuan(600) && open.months.count == 12)
        #expect(open.months.allSatisfy { $0.open == .needsFact && $0.difference == .zero })
        let far = try #require(try Self.find(Self.facts([("household.near", .bool(false), "2015-01-01")]), [near]))
        #expect(far.kind == .lost && far.overpayment == .yuan(600) && far.undecided == .zero)
        #expect(try Self.find(Self.facts([("household.near", .bool(true), "2015-01-01")]), [near]) == nil)
        // Known from September on: only the months before are open.
        let later = try #require(try Self.find(Self.facts([("household.near", .bool(true), "2016-09-01")]), [near]))
        #expect(later.kind == .changed && later.undecided == .yuan(600))
        #expect(later.months.map(\.month.month) == Array(1...8))
    }

    @Test("金额缺参数或规则出错：待补、待查，已发的不算多发；原来出错、候选算得出的，也待查")
    func failing() throws {
        let sum = "amount: {type: exact, value: 100, unit: yuan}"
        let broken = [(sum, "amount: {type: exact, expr: \"care.yuan(1) - care.yuan(2)\"}")]
        let failed = try #require(try Self.find(Self.facts(), broken))
        #expect(failed.kind == .failed && failed.fails && failed.overpayment == .zero)
        #expect(failed.undecided == .yuan(600) && failed.months.allSatisfy { $0.open == .failed })
        let mended = try #require(try Self.find(Self.facts(), broken, []))
        #expect(mended.arrears == .zero && mended.undecided == .yuan(600) && !mended.fails)
    }

    @Test("金额由规定改为不低于：已发的高于、等于、低于下限，都待决定，不是多发；改回来的是应补", arguments: [80, 100, 120])
    func leftToPeople(_ floor: Int) throws {
        let sum = "amount: {type: exact, value: 100, unit: yuan}"
        let left = [(sum, "amount: {type: floor, value: \(floor), unit: yuan}")]
        let open = try #require(try Self.find(Self.facts(), left))
        #expect(open.kind == .awaitsDecision && open.statusAfter == .proposed)
        #expect(open.standingAfter == .yuan(Int64(floor)))
        #expect(open.overpayment == .zero && open.arrears == .zero && open.future == .zero && open.payers.isEmpty)
        #expect(open.awaitingDecision == .yuan(600) && open.undecided == .zero && open.months.count == 12)
        #expect(open.months.allSatisfy { $0.open == .awaitsDecision && $0.difference == .zero })
        let back = try #require(try Self.find(Self.facts(), left, []))
        #expect(back.kind == .changed && back.arrears == .yuan(600) && back.awaitingDecision == .zero)
        // The right ends in April: the months after it are no proposal of anything.
        let ended = try #require(try Self.find(Self.facts(poorUntil: "2016-04-20"), left))
        #expect(ended.kind == .awaitsDecision && ended.awaitingDecision == .yuan(400) && ended.overpayment == .zero)
        // Every quarter waits as a whole.
        let quarterly = try #require(try Self.find(Self.facts(), left + [("household·month", "household·quarter")]))
        #expect(quarterly.kind == .awaitsDecision && quarterly.awaitingDecision == .yuan(600))
        #expect(quarterly.overpayment == .zero && quarterly.arrears == .zero)
    }

    @Test("改为不低于，同时新增的条件不符或缺事实：不符的是失去、多发，缺的待补")
    func leftToPeopleOrLost() throws {
        let changes = [
            ("amount: {type: exact, value: 100, unit: yuan}", "amount: {type: floor, value: 100, unit: yuan}"),
            Self.condition("household.near"),
        ]
        let far = try #require(try Self.find(Self.facts([("household.near", .bool(false), "2015-01-01")]), changes))
        #expect(far.kind == .lost && far.overpayment == .yuan(600) && far.awaitingDecision == .zero)
        let unknown = try #require(try Self.find(Self.facts(), changes))
        #expect(unknown.kind == .needsFact && unknown.undecided == .yuan(600) && unknown.awaitingDecision == .zero)
        // Near from September on: until then a fact is missing, afterwards somebody decides.
        let later = try #require(try Self.find(Self.facts([("household.near", .bool(true), "2016-09-01")]), changes))
        #expect(
            later.months.map(\.open) == Array(repeating: .needsFact, count: 8)
                + Array(repeating: .awaitsDecision, count: 4))
        #expect(later.kind == .awaitsDecision && later.undecided == .yuan(600) && later.overpayment == .zero)
    }

    @Test("逐月相同的不算变动：等的事实不同、当月内起止的日子不同、承担比例写法不同")
    func unchanged() throws {
        let near = Self.condition("household.near")
        #expect(try Self.find(Self.facts(), [near], [Self.condition("household.near && household.rooms > 2")]) == nil)
        let moved = Self.facts([("household.moved_on", .day(Self.day("2016-03-10")), "2016-03-10")])
        func after(_ days: Int) -> (String, String) {
            Self.condition("has(household.moved_on) && care.days_since(household.moved_on) >= \(days)")
        }
        #expect(try Self.find(moved, [after(3)], [after(5)]) == nil)
        let april = try #require(try Self.find(moved, [after(3)], [after(30)]))
        #expect(april.kind == .changed && april.months.map(\.month.month) == [3])
        #expect(try Self.find(Self.facts(), [("city: 1, county: 1", "city: 50, county: 50")]) == nil)
        let shares = try #require(try Self.find(Self.facts(), [("city: 1, county: 1", "city: 1, county: 3")]))
        #expect(
            shares.kind == .changed && shares.months.isEmpty
                && shares.payers.map(\.difference.amount) == [-30000, 30000])
    }

    @Test("换了负责部门，金额不变，也是变动")
    func department() throws {
        let found = try #require(
            try Self.find(Self.facts(), [("department: dept.finance", "department: dept.civil_affairs")]))
        #expect(found.kind == .changed && found.months.isEmpty && found.department?.rawValue == "dept.civil_affairs")
    }

    @Test("季中由按月改为按季：已按月发的月份不再发，余下的月份按比例，以后按季")
    func cadence() throws {
        let changes = [("household·month", "household·quarter"), ("value: 100", "value: 300")]
        let found = try #require(try Self.find(Self.facts(), changes, from: "2016-02-15"))
        let months = Dictionary(uniqueKeysWithValues: found.months.map { ($0.month.month, $0.difference) })
        // March is what is left of the first quarter: a third of it, as before.
        #expect(months[1] == nil && months[2] == nil && months[3] == nil)
        #expect(months[4] == .yuan(200) && months[5] == .yuan(-100) && months[6] == .yuan(-100))
        // A quarter comes to what its months came to.
        #expect(found.arrears == .zero && found.overpayment == .zero && found.future == .zero)
    }

    @Test("整季由按月改为按季：一季的月份一并计算，只有多出的才是应补，没有多发；改少的只有少的才是多发")
    func netted() throws {
        let raised = [("household·month", "household·quarter"), ("value: 100", "value: 330")]
        let more = try #require(try Self.find(Self.facts(), raised, from: "2016-01-01"))
        #expect(more.arrears == .yuan(60) && more.overpayment == .zero && more.future == .yuan(60))
        let lowered = [("household·month", "household·quarter"), ("value: 100", "value: 280")]
        let less = try #require(try Self.find(Self.facts(), lowered, from: "2016-01-01"))
        #expect(less.arrears == .zero && less.overpayment == .yuan(40) && less.future == -.yuan(40))
    }

    @Test("由按年改为按月：年初已发的，没到的月份抵得掉，不算多发，也不再发")
    func yearToMonth() throws {
        let year = [("household·month", "household·year"), ("value: 100", "value: 1200")]
        let found = try #require(try Self.find(Self.facts(), year, [], from: "2016-01-01"))
        #expect(found.arrears == .zero && found.overpayment == .zero && found.future == .zero)
        let lowered = try #require(try Self.find(Self.facts(), year, [("value: 100", "value: 80")], from: "2016-01-01"))
        #expect(lowered.arrears == .zero && lowered.overpayment == .yuan(240) && lowered.future == .zero)
    }

    @Test("几项改动都足以造成的：只列各自足以造成的，什么也没有加的不列")
    func causes() throws {
        let changes = [
            Self.condition("household.near"), ("value: 100", "value: 120"),
            ("expr: household.poor}", "expr: household.poor && household.rooms > 5}"),
        ]
        let facts = Self.facts([
            ("household.near", .bool(false), "2015-01-01"), ("household.rooms", .int(3), "2015-01-01"),
        ])
        let lost = try #require(try Self.find(facts, changes))
        #expect(lost.kind == .lost && lost.causes.map(\.field).sorted() == ["conditions.more", "conditions.poor"])
        let words = [("words: 困难的每月补贴。", "words: 每月补贴。"), ("value: 100", "value: 120")]
        #expect(try #require(try Self.find(Self.facts(), words)).causes.map(\.field) == ["amount"])
    }

    @Test("权利在迁居当月、迁居以前终止：那个月归终止时的地方，与应补清单、发放一致；没有终止的归月末所在地")
    func placeOfTheLastMonth() throws {
        let moves: [(String, FactValue, String)] = [
            ("household.division", .reference("431002"), "2015-01-01"),
            ("household.division", .reference("431003"), "2016-06-10"),
        ]
        let more = [("value: 100", "value: 120")]
        func months(_ facts: FactBase, _ division: String) throws -> [Int] {
            try Self.find(facts, more, in: division)?.months.map(\.month.month) ?? []
        }
        let ended = Self.facts(moves, poorUntil: "2016-06-05")
        #expect(try months(ended, "431002") == Array(1...6) && months(ended, "431003").isEmpty)
        let goesOn = Self.facts(moves)
        #expect(try months(goesOn, "431002") == Array(1...5) && months(goesOn, "431003") == Array(6...12))
    }

    @Test("看得到的地方：所问的与本密钥的相交；同一地区写全称或前几位，一样")
    func scope() {
        let county = DivisionCode("431002")!
        #expect(ReplayScope(asked: nil).isEverywhere && ReplayScope(asked: "431000").prefixes == ["4310"])
        #expect(ReplayScope(asked: nil, allowed: [county]).prefixes == ["431002"])
        #expect(ReplayScope(asked: "431000", allowed: [county]).prefixes == ["431002"])
        #expect(ReplayScope(asked: "431002001", allowed: [county]).prefixes == ["431002001"])
        #expect(ReplayScope(asked: "431003", allowed: [county]).prefixes == [])
        #expect(!ReplayScope(asked: "431003", allowed: [county]).contains(county))
        #expect(ReplayScope(asked: nil, allowed: [county]).contains(DivisionCode("431002001")))
        #expect(!ReplayScope(asked: nil, allowed: [county]).contains(nil))
    }
}
