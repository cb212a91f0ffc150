import CareDomain
import Foundation
import RuleColumns
import RuleEngine
import RuleReplay
import Testing

/// The pack of `Tests/Benchmarks/side-by-side`, which holds its sums against those of other programs: it has to stay readable, and
/// here the sums of one family are worked out by hand.
@Suite("并排测速的规则包")
struct PeerMeasuresTests {
    private static func pack() throws -> RulePack {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Benchmarks/peer-measures/2014-01-01.yaml")
        return try RulePack.load(bytes: Array(try Data(contentsOf: file)), name: "peer-measures")
    }

    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    private static func facts(_ values: [(String, FactValue)], low: (String, String)) -> FactBase {
        func statement(_ fact: String, _ value: FactValue, _ period: DayPeriod) -> FactStatement {
            FactStatement(
                fact: FactID(unchecked: "household.\(fact)"), subject: .household, value: value, period: period,
                recordedAt: Moment(microseconds: 0), source: EventReference(sequence: 1))
        }
        var facts = FactBase()
        for (fact, value) in values {
            facts.statements.append(statement(fact, value, DayPeriod(start: day("1900-01-01"))))
        }
        facts.statements.append(
            statement("low_income", .bool(true), DayPeriod(start: day(low.0), end: day(low.1))))
        return facts
    }

    @Test("十年应发与手算相同")
    func handWorked() throws {
        // Registered in March 2014 after a death in 2013, the wife past 49 and 60 in June 2015, widowed in July 2019, poor in 2016,
        // in need of care since 2014 and never in an institution, adopting in January 2021 a child born in 2015.
        let facts = Self.facts(
            [
                ("registered", .day(Self.day("2014-03-01"))), ("child_event", .day(Self.day("2013-05-01"))),
                ("grade", .int(0)), ("husband", .bool(true)), ("death", .day(Self.day("2019-07-01"))),
                ("wife_birth", .day(Self.day("1955-06-01"))), ("state_unit", .bool(false)), ("ivf", .bool(false)),
                ("needs_care", .bool(true)), ("care_from", .day(Self.day("2014-05-01"))), ("rural", .bool(true)),
                ("pension", .bool(true)), ("bachelor", .bool(false)), ("bad_housing", .bool(true)),
                ("adopted", .day(Self.day("2021-01-01"))), ("adopted_birth", .day(Self.day("2015-02-01"))),
            ], low: ("2016-01-01", "2017-01-01"))
        let pack = try Self.pack()
        let first = Self.day("2014-01-01")
        let replay = RuleReplay(
            current: Evaluator(registry: PackRegistry()), candidate: pack, effectiveFrom: first,
            period: DayPeriod(start: first, end: Self.day("2024-01-01")), today: Self.day("2023-12-31"))
        let columns = try ColumnReplay(replay)
        #expect(columns.comparedClauses.count == 13)
        var builder = FactBlockBuilder(vocabularies: [pack.vocabulary])
        builder.add(HouseholdID(Identifier128(high: 1, low: 1)), facts)
        let sums = columns.totals(columns.compare(builder.finish())).byClause.mapValues(\.arrears.amount)
        let expected: [String: Int64] = [
            // 46 months of 300 and 18 of 360 for two, 18 of 360 for one.
            "PM-1": (46 * 600 + 18 * 720 + 18 * 360) * 100,
            // 2014 (in March) to 2019 in January for two, 2020 for one.
            "PM-3": (6 * 60 + 30) * 100,
            // The twelve months of 2016, after the wife has turned 60 in June 2015: 20 hours at 10 yuan.
            "PM-7a": 12 * 200 * 100,
            // Januaries 2015 to 2019 for two, 2020 for one.
            "PM-7c": (5 * 200 + 200) * 100,
            "PM-8": ((110 + 150 + 180 + 220 + 250) * 2 + 280) * 100,
            "PM-9": 82,
            "PM-11": 1000 * 100,
        ]
        for (clause, sum) in expected { #expect(sums[ClauseID(clause)!] == sum, "\(clause)") }
        #expect(sums.count == expected.count)
    }
}
