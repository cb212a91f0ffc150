import CareDomain
import Testing

@testable import RuleEngine

@Suite("期间的首日：本期、前几期、后几期")
struct PeriodStartTests {
    /// Expressions without a household are asked for 1 January 1970.
    @Test(
        "数出的首日",
        arguments: [
            ("care.start_of_month()", "1970-01-01"), ("care.start_of_month(-1)", "1969-12-01"),
            ("care.start_of_quarter(1)", "1970-04-01"), ("care.start_of_quarter(-5)", "1968-10-01"),
            ("care.start_of_year(-1)", "1969-01-01"), ("care.start_of_school_year()", "1969-09-01"),
            ("care.start_of_school_year(1)", "1970-09-01"), ("care.start_of_year(-1969)", "0001-01-01"),
            ("care.start_of_year(8029)", "9999-01-01"), ("care.start_of_month(96359)", "9999-12-01"),
        ])
    func days(_ source: String, _ day: String) throws {
        #expect(Expressions.value(source) == .day(try #require(CivilDay(parsing: day))))
    }

    @Test(
        "公元 1 年以前、9999 年以后没有首日，是溢出",
        arguments: [
            "care.start_of_year(-1970)", "care.start_of_year(8030)", "care.start_of_month(96360)",
            "care.start_of_month(-23641)", "care.start_of_school_year(-3000)", "care.start_of_quarter(-30001)",
            "care.start_of_month(9223372036854775807)",
        ])
    func overflow(_ source: String) {
        #expect(Expressions.value(source) == .error(.overflow))
    }
}
