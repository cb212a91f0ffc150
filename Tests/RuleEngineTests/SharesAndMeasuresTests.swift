import CareDomain
import Testing

@testable import RuleEngine

/// Payers whose parts are computed, figures told in spite of a failed condition, sums without a rhythm, due rules that a
/// reading decides.
@Suite("计算的份额、未成立也给的数、没有频率的金额")
struct SharesAndMeasuresTests {
    private static let text =
        SmallPack.text
        .replacing("zh: 从严, en: strict}", with: "zh: 从严, en: strict}\n" + reading, maxReplacements: 1)
        .replacing("shares: {province: 1}", with: "shares: {\(shares)}", maxReplacements: 1) + rules

    private static let reading =
        "  - {id: words, question: SM-Q2, choices: [early, late], default: late, zh: 词, en: words}"

    private static let shares =
        "city: care.parameter('p.rate'), county: care.parameter('p.rate'), province: household.rooms * care.yuan(2)"

    private static let rules = """

          - clause: SM-2
            zh: 房间
            en: rooms
            words: 房间不少于三间。
            kind: record_duty
            unit: household
            conditions:
              - {id: enough, zh: 够, en: enough, expr: household.rooms >= 3}
              - {id: near, zh: 近, en: near, expr: household.near}
            measure: {expr: household.rooms * care.yuan(10), unit: 元, always: true}
            duty:
              owner: dept.finance
              due: {reading: words, choices: {early: {due: month_begin, month: 10}, late: {due: mid_month, month: 10}}}
              evidence_zh: 表
              evidence_en: form
          - clause: SM-2.office
            zh: 办公室
            en: office
            words: 给办公室的补助。
            kind: cash_entitlement
            unit: household
            conditions:
              - {id: poor, zh: 困难, en: poor, expr: household.poor}
            amount: {type: exact, value: 7, unit: yuan, when: household.near, without_rhythm: true}
            payers: [{shares: {city: 1}}]
        """

    private static func pack() throws -> RulePack { try RulePack.load(bytes: Array(text.utf8), name: "small.yaml") }

    private static func piece(
        _ clause: String, _ facts: [FactStatement], on day: String = "2015-03-01", choices: ReadingChoices = [:]
    ) throws -> OutcomePiece {
        let registry = PackRegistry(versions: [PublishedPack(pack: try pack())])
        var base = FactBase()
        base.statements = facts
        let outcomes = Evaluator(registry: registry, choices: choices)
            .evaluate(base, over: DayPeriod(start: SmallPack.day("2015-01-01")))
        let outcome = try #require(outcomes.first { $0.clause == ClauseID(clause) })
        return try #require(outcome.piece(on: SmallPack.day(day)))
    }

    @Test("份额按金额算，约成最简；为零的不付；一项不明，付款方就不定，权利和金额照旧")
    func computedShares() throws {
        func payers(_ rooms: Int64?, on day: String = "2015-03-01") throws -> (OutcomePiece, [String]) {
            var facts = [
                SmallPack.fact("household.poor", .bool(true)), SmallPack.fact("household.near", .bool(false)),
            ]
            if let rooms { facts.append(SmallPack.fact("household.rooms", .int(rooms))) }
            let piece = try Self.piece("SM-1", facts, on: day)
            return (piece, piece.payers.map { "\($0.payer) \($0.parts)" })
        }
        // 12.50 : 12.50 : 10
        #expect(try payers(5).1 == ["city 5", "county 5", "province 4"])
        #expect(try payers(0).1 == ["city 1", "county 1"])
        // The rate of July: 20 : 20 : 10
        #expect(try payers(5, on: "2015-07-01").1 == ["city 2", "county 2", "province 1"])
        let (unknown, none) = try payers(nil)
        #expect(none.isEmpty && unknown.missingForPayer.map(\.shortCode) == ["household.rooms"])
        #expect(unknown.status == .entitled && unknown.amount == Fen(1250))
    }

    @Test("标着 always 的数，条件不成立、不明时也给；金额以元计；算不出就没有")
    func measureTold() throws {
        let two = SmallPack.fact("household.rooms", .int(2))
        let failed = try Self.piece("SM-2", [two, SmallPack.fact("household.near", .bool(true))])
        #expect(failed.status == .notEntitled && failed.measure == 20_000)
        let four = try Self.piece("SM-2", [SmallPack.fact("household.rooms", .int(4))])
        #expect(four.status == .needsFact && four.measure == 40_000)
        let nothing = try Self.piece("SM-2", [SmallPack.fact("household.near", .bool(false))])
        #expect(nothing.status == .notEntitled && nothing.measure == nil)
    }

    @Test("没有频率的金额只告知、不应发；when 不成立时没有金额，权利照旧")
    func withoutRhythm() throws {
        let poor = SmallPack.fact("household.poor", .bool(true))
        for (near, sum) in [(true, Fen.yuan(7)), (false, nil)] {
            let facts = [poor, SmallPack.fact("household.near", .bool(near))]
            let piece = try Self.piece("SM-2.office", facts)
            #expect(piece.status == .entitled && piece.rightHolds && piece.amount == sum)
        }
        let unknown = try Self.piece("SM-2.office", [poor])
        #expect(unknown.rightHolds && unknown.status == .needsFact && unknown.amount == nil)
        var base = FactBase()
        base.statements = [poor, SmallPack.fact("household.near", .bool(true))]
        let made = Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: try Self.pack())])).determine(base)
        let office = try #require(made.first { $0.clause == ClauseID("SM-2.office") })
        #expect(office.dues(through: CivilMonth(year: 2016, month: 1)).isEmpty)
    }

    @Test("期限随口径：默认与所选各是一条")
    func dueByReading() throws {
        let pack = try Self.pack()
        let duty = try #require(pack.duties.duty(of: ClauseID("SM-2")!))
        #expect(duty.due == .midMonth(month: 10) && pack.due(duty, [:]) == .midMonth(month: 10))
        let early: ReadingChoices = [Code("words")!: .code(Code("early")!)]
        #expect(pack.due(duty, early) == .monthBegin(month: 10))
    }

    @Test("部分属于条款：GY-3.10.village 属 GY-3.10，CZ-2.5c 不属 CZ-2")
    func parts() {
        #expect(ClauseID("GY-3.10.village")?.partOf == ClauseID("GY-3.10"))
        #expect(ClauseID("GY-3.10.village")?.whole == ClauseID("GY-3.10"))
        for whole in ["GY-3.10", "CZ-2.5c", "BS-A2.1", "WZ-A3.5a"] { #expect(ClauseID(whole)?.partOf == nil) }
    }

    @Test(
        "写错的份额、数、频率、期限，整包拒绝",
        arguments: [
            ("province: household.rooms * care.yuan(2)", "province: household.rooms", "expression.type"),
            ("province: household.rooms * care.yuan(2)", "province: household.near", "expression.type"),
            ("household.rooms * care.yuan(10), unit", "household.near, unit", "expression.type"),
            (", when: household.near, without_rhythm: true", "", "pack.unit"),
            ("early: {due: month_begin, month: 10}, ", "", "pack.due_choices"),
            ("reading: words", "reading: word", "pack.bad_value"),
        ])
    func refuses(_ old: String, _ new: String, _ code: String) {
        #expect(Self.text.contains(old))
        let changed = Self.text.replacing(old, with: new, maxReplacements: 1)
        do {
            _ = try RulePack.load(bytes: Array(changed.utf8), name: "small.yaml")
            Issue.record("accepted")
        } catch {
            #expect(error.issues.contains { $0.code == code }, "\(error.issues.map(\.description))")
        }
    }
}
