import CareDomain
import Testing

@testable import RuleEngine

@Suite("极早、极晚的日子：每个运算符、每个历法函数都有答案，不中断")
struct ExtremeDayTests {
    /// The ends of what a form can say, of what a number can say, and days at which calendars turn.
    static let days: [CivilDay] =
        [Int32.min, .min + 1, .max - 1, .max].map(CivilDay.init(dayNumber:))
        + [
            "0001-01-01", "0004-02-29", "0001-12-31", "1582-10-15", "1969-12-31", "1970-01-01", "2000-02-29",
            "2014-07-16", "9996-02-29", "9999-01-31", "9999-12-01", "9999-12-31",
        ].compactMap { CivilDay(parsing: $0) }

    static let counts: [Int64] = [
        .min, -4_000_001, -120_001, -100_000, -5_000, -13, -1, 0, 1, 49, 4_000, 4_001, 5_000, 48_001, 100_000, 120_001,
        1_500_001, 4_000_000, .max,
    ]

    private static let relations = ["<", "<=", ">", ">=", "==", "!="]

    private static let expressions: [String] =
        ["years_since", "months_since", "days_since"].flatMap { unit in relations.map { "care.\(unit)(d) \($0) n" } }
        + ["add_days", "add_months", "birthday"].map { "care.\($0)(d, n)" }
        + ["care.on_or_after(d)", "care.before(d)", "care.days_between(d, e)", "care.year_of(d)"]
        + ["month", "quarter", "year", "school_year"].flatMap {
            ["care.start_of_\($0)()", "care.start_of_\($0)(n)"]
        }
        + ["care.month_of_year()", "care.quarter_of_year()", "care.year()", "care.least(d, e)", "care.greatest(d, e)"]
        + relations.map { "d \($0) e" }
        // Several steps, each as far as it goes.
        + ["care.add_days(care.add_days(care.add_months(d, n), n), n)", "care.birthday(care.add_days(d, n), n)"]

    private func value(_ source: String, _ day: CivilDay, _ other: CivilDay, _ count: Int64) -> Value {
        Expressions.value(
            source,
            [
                Expressions.Variable("d", .date, .day(day)), Expressions.Variable("e", .date, .day(other)),
                Expressions.Variable("n", .int, .int(count)),
            ])
    }

    @Test("两个日子、一个数的每种组合，当日和另一日上都算得出", arguments: expressions)
    func answers(_ source: String) {
        for day in Self.days {
            for count in Self.counts {
                for other in [Self.days[0], Self.days[3], CivilDay(dayNumber: 0), day] {
                    for text in [source, "care.at(e, \(source))"] {
                        switch value(text, day, other, count) {
                        case .bool, .int, .day, .error(.overflow): break
                        case let found: Issue.record("\(text) \(day) \(other) \(count): \(found)")
                        }
                    }
                }
            }
        }
    }

    @Test("公元 1 至 9999 年内，满若干年与逐日数的周岁一致")
    func agesAgree() {
        var random = SeededRandom(seed: 9999)
        func day() -> CivilDay { CivilDay(dayNumber: Int32(random.next(below: 3_652_059)) - 719_162) }
        for _ in 0..<400 {
            let (born, asked) = (day(), day())
            let years = born.age(on: asked)
            for count in [years - 1, years, years + 1] where count >= 0 {
                let answer = value("care.at(e, care.years_since(d) >= n)", born, asked, Int64(count))
                #expect(answer == .bool(years >= count), "\(born) \(asked) \(count)")
            }
        }
    }
}
