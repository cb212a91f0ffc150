import CareDomain
import Testing

@testable import RuleEngine

@Suite("期限词：月初、中旬前、月底前、季度末")
struct DueRuleTests {
    private static func days(_ rule: DueRule, _ year: Int = 2021) -> [String] {
        rule.deadlines(year: year).map { "\($0.warnFrom)/\($0.lastDay)" }
    }

    @Test("目录的日期词都落在所写的日子")
    func words() {
        #expect(Self.days(.monthBegin(month: 11)) == ["2021-11-01/2021-11-10"])
        #expect(Self.days(.midMonth(month: 10)) == ["2021-10-11/2021-10-20"])
        #expect(Self.days(.monthEnd(month: 11)) == ["2021-11-21/2021-11-30"])
        #expect(Self.days(.byDay(month: 11, day: 25)) == ["2021-11-20/2021-11-25"])
        #expect(Self.days(.yearEnd) == ["2021-12-01/2021-12-31"])
        #expect(
            Self.days(.quarterEnd) == [
                "2021-03-16/2021-03-31", "2021-06-15/2021-06-30", "2021-09-15/2021-09-30", "2021-12-16/2021-12-31",
            ])
        #expect(Self.days(.halfYearEnd) == ["2021-06-15/2021-06-30", "2021-12-16/2021-12-31"])
        #expect(
            Self.days(.window(from: .init(month: 5, day: 10), to: .init(month: 11, day: 20)))
                == ["2021-05-10/2021-11-20"])
    }

    @Test("二月底随闰年；29日没有的年份取月末")
    func february() {
        #expect(Self.days(.monthEnd(month: 2), 2024) == ["2024-02-21/2024-02-29"])
        #expect(Self.days(.byDay(month: 2, day: 29), 2023) == ["2023-02-23/2023-02-28"])
    }

    @Test("随户或随节日而定的没有固定日子")
    func none() {
        for rule in [DueRule.always, .holiday(warnDays: 7), .withinDays(30)] {
            #expect(rule.deadlines(year: 2021).isEmpty)
        }
    }
}
