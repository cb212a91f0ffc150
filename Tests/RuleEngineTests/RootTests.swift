import CareDomain
import Testing

@testable import RuleEngine

/// Rules about villages and units, periods of the calendar, facts files.
@Suite("户以外的主体、跨年条件、事实文件")
struct RootTests {
    private static let facts = """
          - {id: village.births, type: int, range: [0, 999], nature: plain, zh: 政策外生育数, en: births}
          - {id: unit.score, type: decimal, nature: certified, zh: 得分, en: score}
          - {id: unit.cost, type: money, nature: plain, unit: yuan, zh: 费用, en: cost}
        parameters:
          - {id: p.cap, type: money, unit: yuan, keys: [unit], zh: 上限, en: cap}
        """

    private static let rules = """

          - clause: SM-2
            zh: 连续三年
            en: three years
            words: 连续三年没有。
            kind: priority_flag
            unit: village·year
            conditions:
              - id: three_years
                zh: 前三年均无
                en: none in the three years before
                expr: >-
                  care.at(care.start_of_year(-1), village.births == 0) && care.at(care.start_of_year(-2), village.births == 0)
                  && care.at(care.start_of_year(-3), village.births == 0)
          - clause: SM-3
            zh: 结算
            en: settlement
            words: 低一分减一个百分点。
            kind: funding_rule
            unit: unit·year
            conditions:
              - {id: scored, zh: 已评分, en: scored, expr: has(unit.score)}
            amount:
              type: formula
              expr: "care.has_parameter('p.cap', 'a') ? care.least(unit.subsidy, care.parameter('p.cap', 'a')) : unit.subsidy"
            measure: {expr: "has(unit.score) ? unit.score : care.decimal(0)", unit: 分}
            payers: [{shares: {city: 1}}]
        """

    private static let definition = """
        definitions:
          - id: unit.subsidy
            zh: 补助
            en: subsidy
            expr: >-
              has(self.score) ? care.share(self.cost, 50 - care.floor(care.decimal(90) - self.score), 100) : care.fen(0)
        """

    private static let text =
        SmallPack.text.replacing("parameters:", with: facts, maxReplacements: 1)
        .replacing("definitions:", with: definition, maxReplacements: 1) + rules

    private static func pack() throws -> RulePack {
        try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
    }

    private static func answers(_ facts: String, on day: String) throws -> [String: Trial.Answer] {
        let pack = try pack()
        let file = try FactsFile.load(bytes: Array(facts.utf8), name: "facts.yaml", pack: pack)
        let answers = Trial(versions: [pack], file: file).answers(on: SmallPack.day(day))
        return Dictionary(answers.map { ("\($0.entry) \($0.rule.clause)", $0) }, uniquingKeysWith: { one, _ in one })
    }

    @Test("村的三年：元旦起成立，缺一年就缺事实，户的条款不问村")
    func village() throws {
        let facts = """
            subjects:
              clean: {village: {births: [{value: 0, from: 2013-01-01, until: 2016-01-01}]}}
              gap: {village: {births: [{value: 0, from: 2014-01-01, until: 2016-01-01}]}}
              once: {village: {births: [{value: 0, from: 2013-01-01}, {value: 1, from: 2014-01-01}, {value: 0, from: 2015-01-01}]}}
            """
        let before = try Self.answers(facts, on: "2015-12-31")
        #expect(before["clean SM-2"]?.piece.status == .needsFact)
        let after = try Self.answers(facts, on: "2016-01-01")
        #expect(after["clean SM-2"]?.piece.status == .entitled)
        #expect(after["clean SM-2"]?.piece.period.start == SmallPack.day("2016-01-01"))
        #expect(after["gap SM-2"]?.piece.status == .needsFact && after["once SM-2"]?.piece.status == .notEntitled)
        #expect(after["clean SM-1"] == nil && after["clean SM-3"] == nil)
    }

    @Test("单位的结算：85分减五个百分点，89.5分不减；上限设了才封顶", arguments: [("85", "137475.00"), ("89.5", "152750.00")])
    func unit(score: String, share: String) throws {
        let facts = "subjects: {one: {unit: {score: \(score), cost: 305500}}}"
        let answer = try #require(try Self.answers(facts, on: "2015-06-01")["one SM-3"])
        #expect(answer.piece.amount?.description == share && answer.piece.measure == DecimalText.thousandths(score))
        let capped = "parameters: [{id: p.cap, keys: [a], value: 100000, from: 2015-01-01}]\n" + facts
        #expect(try Self.answers(capped, on: "2015-06-01")["one SM-3"]?.piece.amount == .yuan(100_000))
    }

    @Test("年度待遇：年初只是拟定，年中批准，应发的是批准的金额")
    func grantedLaterInTheYear() {
        let determination = Determination(
            clause: ClauseID("SM-1")!, subject: .household,
            pack: PackReference(id: PackID("small-2015")!, version: SmallPack.day("2015-01-01"), hash: []),
            cadence: .year,
            intervals: [
                .init(
                    period: DayPeriod(start: SmallPack.day("2015-01-01"), end: SmallPack.day("2015-10-01")),
                    status: .proposed, rightHolds: true, amount: .yuan(3500)),
                .init(
                    period: DayPeriod(start: SmallPack.day("2015-10-01"), end: SmallPack.day("2016-01-01")),
                    status: .entitled, rightHolds: true, amount: .yuan(3200), standard: .yuan(3500)),
            ])
        let dues = determination.dues(through: CivilMonth(year: 2015, month: 12))
        #expect(dues.map(\.amount) == [.yuan(3200)] && dues[0].month == CivilMonth(year: 2015, month: 10))
    }

    @Test("事实文件的错误指明行列：不认识的事实、错的值、没有的人")
    func mistakes() throws {
        let facts = """
            subjects:
              one:
                household: {por: true, rooms: 12}
                persons: {wife: {role: wife}}
                awards: [{clause: SM-1, subject: son, decision: refused, from: 2015-01-01}, {clause: SM-9, from: 2015-01-01}]
            """
        let pack = try Self.pack()
        let issues = #expect(throws: PackRefused.self) {
            try FactsFile.load(bytes: Array(facts.utf8), name: "facts.yaml", pack: pack)
        }
        #expect(issues?.issues.map(\.line) == [3, 3, 5, 5])
        #expect(issues?.issues.contains { $0.code == "scenario.unknown_fact" } == true)
    }
}
