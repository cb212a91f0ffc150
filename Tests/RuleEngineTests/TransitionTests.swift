import CareDomain
import Testing

@testable import RuleEngine

/// Who a new version applies to.
@Suite("过渡条款")
struct TransitionTests {
    private static let clause = ClauseID("SM-1")!

    /// A version of the small pack that asks for a number of rooms at most and gives a sum.
    static func version(
        _ from: String, rooms: Int = 9, yuan: Int, _ transition: TransitionClause = .all, clause: String = "SM-1",
        enacted: String? = nil
    ) throws -> PublishedPack {
        let text = SmallPack.text.replacing("valid_from: 2015-01-01", with: "valid_from: \(from)")
            .replacing("expr: household.poor}", with: "expr: household.poor && household.rooms <= \(rooms)}")
            .replacing("{type: parameter, parameter: p.rate}", with: "{type: floor, value: \(yuan), unit: yuan}")
            .replacing("clause: SM-1", with: "clause: \(clause)")
        return PublishedPack(
            pack: try RulePack.load(bytes: Array(text.utf8), name: from), transition: transition,
            enactedOn: enacted.map(SmallPack.day))
    }

    private static func facts(_ poor: (String, String?)..., rooms: [(Int, String)] = [(1, "2000-01-01")]) -> FactBase {
        FactBase(
            statements: poor.enumerated().map {
                SmallPack.fact(
                    "household.poor", .bool(true), from: $1.0, until: $1.1, sequence: UInt64($0 + 1))
            }
                + rooms.enumerated().map {
                    SmallPack.fact("household.rooms", .int(Int64($1.0)), from: $1.1, sequence: UInt64($0 + 11))
                })
    }

    /// Version and sum on a day: `2015 100.00`, `2016 -` for a no.
    private static func answer(_ versions: [PublishedPack], _ facts: FactBase, on day: String) -> String {
        let evaluator = Evaluator(registry: PackRegistry(versions: versions))
        let outcome = evaluator.evaluate(facts, over: DayPeriod(start: SmallPack.day("2015-01-01"))).first
        guard let piece = outcome?.piece(on: SmallPack.day(day)) else { return "none" }
        return "\(piece.pack.version.year) \(piece.rightHolds ? piece.amount?.description ?? "?" : "-")"
    }

    @Test("前一日已享受的，旧版继续判定到中断为止；中断后再符合的按新版")
    func heldRightGoesOn() throws {
        let versions = [try Self.version("2015-01-01", yuan: 100), try Self.version("2016-01-01", yuan: 50, .newCases)]
        let facts = Self.facts(("2015-03-01", "2017-05-01"), ("2018-01-01", nil))
        #expect(Self.answer(versions, facts, on: "2015-12-31") == "2015 100.00")
        #expect(Self.answer(versions, facts, on: "2016-01-01") == "2015 100.00")
        #expect(Self.answer(versions, facts, on: "2017-04-30") == "2015 100.00")
        #expect(Self.answer(versions, facts, on: "2017-05-01") == "2016 -")
        #expect(Self.answer(versions, facts, on: "2018-01-01") == "2016 50.00")
    }

    @Test("施行当日才符合的是新个案，前一日最后一天享受的不是")
    func boundary() throws {
        let versions = [try Self.version("2015-01-01", yuan: 100), try Self.version("2016-01-01", yuan: 50, .newCases)]
        #expect(Self.answer(versions, Self.facts(("2016-01-01", nil)), on: "2016-01-01") == "2016 50.00")
        #expect(Self.answer(versions, Self.facts(("2015-12-31", nil)), on: "2016-01-01") == "2015 100.00")
        #expect(Self.answer(versions, Self.facts(("2015-03-01", "2016-01-01")), on: "2016-01-01") == "2016 -")
    }

    @Test("旧版说不的当日，即使新版说是，也算中断")
    func breakByTheEarlierVersion() throws {
        let versions = [
            try Self.version("2015-01-01", rooms: 2, yuan: 100), try Self.version("2016-01-01", yuan: 50, .newCases),
        ]
        let facts = Self.facts(
            ("2015-03-01", nil), rooms: [(1, "2000-01-01"), (3, "2016-06-01"), (1, "2016-08-01")])
        #expect(Self.answer(versions, facts, on: "2016-05-31") == "2015 100.00")
        #expect(Self.answer(versions, facts, on: "2016-06-01") == "2016 50.00")
        // The earlier version would say yes again, but the case is a new one by now.
        #expect(Self.answer(versions, facts, on: "2016-08-01") == "2016 50.00")
    }

    @Test("再下一个版本：仅新个案的仍归当时判定的版本，对所有人的一律归新版")
    func chains() throws {
        let first = try Self.version("2015-01-01", yuan: 100)
        let second = try Self.version("2016-01-01", yuan: 50, .newCases)
        let old = Self.facts(("2015-03-01", nil))
        let new = Self.facts(("2016-03-01", nil))
        let third = [first, second, try Self.version("2017-01-01", yuan: 20, .newCases)]
        #expect(Self.answer(third, old, on: "2018-01-01") == "2015 100.00")
        #expect(Self.answer(third, new, on: "2018-01-01") == "2016 50.00")
        let everybody = [first, second, try Self.version("2017-01-01", yuan: 20)]
        #expect(Self.answer(everybody, old, on: "2016-12-31") == "2015 100.00")
        #expect(Self.answer(everybody, old, on: "2017-01-01") == "2017 20.00")
    }

    @Test("新版取消的条款，已享受的人照旧；从未享受的没有")
    func abolishedClause() throws {
        let versions = [
            try Self.version("2015-01-01", yuan: 100),
            try Self.version("2016-01-01", yuan: 50, .newCases, clause: "SM-2"),
        ]
        let evaluator = Evaluator(registry: PackRegistry(versions: versions))
        let day = SmallPack.day("2020-01-01")
        let held = evaluator.evaluate(Self.facts(("2015-03-01", nil)), over: DayPeriod(start: day))
        #expect(held.first { $0.clause == Self.clause }?.piece(on: day)?.amount == .yuan(100))
        let explanation = evaluator.explain(Self.clause, subject: .household, on: day, Self.facts(("2015-03-01", nil)))
        #expect(explanation?.pack.version.year == 2015)
        let never = evaluator.evaluate(Self.facts(("2016-03-01", nil)), over: DayPeriod(start: day))
        #expect(never.first { $0.clause == Self.clause }?.piece(on: day) == nil)
    }

    @Test("不予批准不算享受：新版从施行日起判定")
    func refusedIsNotHeld() throws {
        let versions = [try Self.version("2015-01-01", yuan: 100), try Self.version("2016-01-01", yuan: 50, .newCases)]
        var facts = Self.facts(("2015-03-01", nil))
        facts.awards = [
            Award(
                clause: Self.clause, subject: .household, outcome: .refused,
                period: DayPeriod(start: SmallPack.day("2015-06-01"), end: SmallPack.day("2016-03-01")),
                recordedAt: Moment(microseconds: 0), source: EventReference(sequence: 30))
        ]
        #expect(Self.answer(versions, facts, on: "2016-02-28") == "2016 -")
        #expect(Self.answer(versions, facts, on: "2016-03-01") == "2016 50.00")
    }

    @Test("批准的金额按判定的版本核对：旧版的下限，不是新版的")
    func awardUnderItsVersion() throws {
        let versions = [
            try Self.version("2015-01-01", yuan: 100), try Self.version("2016-01-01", yuan: 500, .newCases),
        ]
        var facts = Self.facts(("2015-03-01", nil))
        facts.awards = [
            Award(
                clause: Self.clause, subject: .household, outcome: .granted(.yuan(120)),
                period: DayPeriod(start: SmallPack.day("2015-06-01")), recordedAt: Moment(microseconds: 0),
                source: EventReference(sequence: 30))
        ]
        #expect(Self.answer(versions, facts, on: "2017-01-01") == "2015 120.00")
    }

    @Test("说明写明哪个版本判定、为什么")
    func explained() throws {
        let versions = [
            try Self.version("2015-01-01", yuan: 100), try Self.version("2016-01-01", yuan: 50, .newCases),
        ]
        let evaluator = Evaluator(registry: PackRegistry(versions: versions))
        func lines(_ facts: FactBase, _ day: String) throws -> [String] {
            let found = evaluator.explain(Self.clause, subject: .household, on: SmallPack.day(day), facts)
            return try #require(found).chineseLines.suffix(1)
        }
        #expect(
            try lines(Self.facts(("2015-03-01", nil)), "2016-05-01")
                == ["过渡：2016-01-01 起施行的版本只适用于新个案，此前已享受且未中断，仍按 2015-01-01 起的版本判定"])
        #expect(
            try lines(Self.facts(("2016-03-01", nil)), "2016-05-01")
                == ["过渡：2016-01-01 起施行的版本只适用于新个案；此前未享受或已中断，按此版本判定"])
        #expect(try !lines(Self.facts(("2015-03-01", nil)), "2015-05-01")[0].hasPrefix("过渡"))
        let back = Evaluator(
            registry: PackRegistry(versions: [
                try Self.version("2015-01-01", yuan: 100, .retroactive, enacted: "2015-06-01")
            ]))
        let told = back.explain(
            Self.clause, subject: .household, on: SmallPack.day("2015-04-01"), Self.facts(("2015-03-01", nil)))
        #expect(told?.englishLines.last?.contains("enacted on 2015-06-01") ?? false)
    }

    @Test("只适用于新个案的版本后来对所有人施行：自该日起说的是对所有人施行，不说未享受或已中断")
    func thenForEverybody() throws {
        let first = try Self.version("2015-01-01", yuan: 100)
        let second = try Self.version("2016-01-01", yuan: 50, .newCases)
        let everybody = PublishedPack(pack: second.pack, effectiveFrom: SmallPack.day("2018-01-01"))
        let evaluator = Evaluator(registry: PackRegistry(versions: [first, second, everybody]))
        func told(_ day: String) -> (sum: String?, transition: String?) {
            let explanation = evaluator.explain(
                Self.clause, subject: .household, on: SmallPack.day(day), Self.facts(("2015-03-01", nil)))
            return (explanation?.amount?.description, explanation?.transition?.chinese)
        }
        #expect(told("2017-06-01").sum == "100.00" && told("2017-06-01").transition?.contains("未中断") == true)
        #expect(told("2018-01-01").sum == "50.00")
        #expect(
            told("2018-01-01").transition == "此版本自 2016-01-01 起只适用于新个案，自 2018-01-01 起对所有人施行，按此版本判定")
    }

    @Test("当时还不知道的新版本不影响当时的回答")
    func asKnownBefore() throws {
        let later = try Self.version("2016-01-01", yuan: 50, .newCases)
        let moment = Moment(microseconds: Int64(SmallPack.day("2016-06-01").dayNumber) * 86_400_000_000)
        let registry = PackRegistry(versions: [
            try Self.version("2015-01-01", yuan: 100),
            PublishedPack(pack: later.pack, publishedAt: moment, transition: .newCases),
        ])
        #expect(registry.hasTransitions && registry.hasTransitions(of: later.pack.id))
        let before = KnownAt.recorded(Moment(microseconds: moment.microseconds - 1))
        #expect(!registry.hasTransitions(of: later.pack.id, knownAt: before))
        let outcome = Evaluator(registry: registry).evaluate(
            Self.facts(("2016-03-01", nil)), knownAt: before, over: DayPeriod(start: SmallPack.day("2016-05-01"))
        ).first
        #expect(outcome?.pieces.first?.amount == .yuan(100))
    }

    @Test("追溯须点名：早于制定日施行，只有写明追溯的才准")
    func retroactiveByName() {
        let (first, enacted) = (SmallPack.day("2015-01-01"), SmallPack.day("2015-06-01"))
        #expect(TransitionClause.allCases.filter { $0.allows(first, enacted: enacted) } == [.retroactive])
        #expect(TransitionClause.allCases.allSatisfy { $0.allows(enacted, enacted: enacted) })
    }
}
