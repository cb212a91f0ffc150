import Testing

@testable import CareDomain

@Suite("月份归入期间：月、季、半年、年、学年")
struct CalendarUnitTests {
    private func month(_ text: String) -> CivilMonth { CivilMonth(parsing: text)! }

    /// Months of the year with which units begin, as the documents have them: 每季度末 is the end of March, June,
    /// September and December, a school year begins in September.
    private static let openings: [CalendarUnit: Set<Int>] = [
        .month: Set(1...12), .quarter: [1, 4, 7, 10], .halfYear: [1, 7], .year: [1], .schoolYear: [9],
    ]

    @Test("逐月数过去：每个月恰在一个期间内，期间首尾相接", arguments: CalendarUnit.allCases)
    func tiles(_ unit: CalendarUnit) throws {
        let openings = try #require(Self.openings[unit])
        var first: CivilMonth?
        var number: Int32?
        var held: [CivilMonth] = []
        for index in Int32(1899 * 12)...Int32(2101 * 12) {
            let month = CivilMonth(index: index)
            if openings.contains(month.month) {
                if let number {
                    #expect(unit.number(of: month) == number + 1)
                    #expect(held == unit.months(with: held[0]))
                }
                (first, number, held) = (month, unit.number(of: month), [])
            }
            guard let first, let number else { continue }
            held.append(month)
            #expect(unit.number(of: month) == number)
            #expect(unit.first(number) == first)
            #expect(unit.first(with: month) == first)
            #expect(unit.last(with: month) + 1 == unit.first(number + 1))
            #expect(unit.months(with: month).filter { $0 == month }.count == 1)
        }
    }

    @Test("公元元年以前也首尾相接", arguments: CalendarUnit.allCases)
    func tilesBeforeYearOne(_ unit: CalendarUnit) {
        for index in Int32(-40)...40 {
            let month = CivilMonth(index: index)
            let number = unit.number(of: month)
            #expect(unit.first(number).index <= index && index < unit.first(number + 1).index)
        }
    }

    @Test("写出来的例子")
    func examples() {
        #expect(CalendarUnit.quarter.months(with: month("2015-05")) == ["2015-04", "2015-05", "2015-06"].map(month))
        #expect(CalendarUnit.halfYear.first(with: month("2017-12")) == month("2017-07"))
        #expect(CalendarUnit.year.last(with: month("2016-02")) == month("2016-12"))
        #expect(CalendarUnit.schoolYear.first(with: month("2015-08")) == month("2014-09"))
        #expect(CalendarUnit.schoolYear.last(with: month("2015-09")) == month("2016-08"))
        #expect(CalendarUnit.halfYear.firsts(inYear: 2017) == ["2017-01", "2017-07"].map(month))
        #expect(CalendarUnit.schoolYear.firsts(inYear: 2017) == ["2017-09"].map(month))
    }

    @Test("一笔钱所付的月份：按月和一次性的只是当月，不认识的周期也只是当月")
    func monthsPaid() throws {
        func paid(_ cadence: String, _ text: String) throws -> [String] {
            DeterminationMade(
                clause: try #require(ClauseID("CZ-2.2")), subject: .household, pack: PackID(unchecked: "small"),
                packVersion: month("2014-07").firstDay, packHash: [], cadence: Code(unchecked: cadence), intervals: [],
                facts: [], readThrough: EventReference(sequence: 1)
            ).monthsPaid(with: month(text)).map(\.description)
        }
        #expect(try paid("month", "2015-08") == ["2015-08"])
        #expect(try paid("once", "2015-08") == ["2015-08"])
        #expect(try paid("none", "2015-08") == ["2015-08"])
        #expect(try paid("fortnight", "2015-08") == ["2015-08"])
        #expect(try paid("quarter", "2015-08") == ["2015-07", "2015-08", "2015-09"])
        let year = try paid("year", "2015-08")
        #expect(year.count == 12 && year.first == "2015-01" && year.last == "2015-12")
        let school = try paid("school_year", "2015-08")
        #expect(school.count == 12 && school.first == "2014-09" && school.last == "2015-08")
    }

    @Test("季中由按月改为按季：季里已按月发的月份，不算季度那一笔所付")
    func monthsPaidOfTheRest() throws {
        func interval(_ from: CivilDay, _ until: CivilDay?, _ rhythm: DueRhythm?) -> DeterminationMade.Interval {
            DeterminationMade.Interval(
                period: DayPeriod(start: from, end: until), status: .entitled, rightHolds: true, amount: .yuan(300),
                rhythm: rhythm)
        }
        let monthly = DueRhythm(cadence: Code(unchecked: "month"), monthRule: .anyDay)
        let change = month("2016-02").firstDay + 14
        let made = DeterminationMade(
            clause: try #require(ClauseID("CZ-2.2")), subject: .household, pack: PackID(unchecked: "small"),
            packVersion: month("2014-07").firstDay, packHash: [], cadence: Code(unchecked: "quarter"),
            intervals: [interval(month("2015-12").firstDay, change, monthly), interval(change, nil, nil)], facts: [],
            readThrough: EventReference(sequence: 1))
        func paid(_ text: String) -> [String] { made.monthsPaid(with: month(text)).map(\.description) }
        #expect(paid("2016-02") == ["2016-02"] && paid("2016-03") == ["2016-03"])
        #expect(paid("2016-04") == ["2016-04", "2016-05", "2016-06"])
    }

    @Test("付款期间是否正好一个季度、半年、一年")
    func isOne() {
        func isOne(_ text: String, _ unit: CalendarUnit) -> Bool {
            PaymentPeriod(parsing: text)?.isOne(unit) ?? false
        }
        #expect(isOne("2017-Q3", .quarter) && isOne("2017-07..2017-09", .quarter))
        #expect(!isOne("2017-08..2017-10", .quarter) && !isOne("2017-07..2017-08", .quarter))
        #expect(isOne("2017-H2", .halfYear) && !isOne("2017-04..2017-09", .halfYear))
        #expect(isOne("2017", .year) && !isOne("2017-02..2018-01", .year) && !isOne("2017", .schoolYear))
        #expect(isOne("2017-09..2018-08", .schoolYear))
    }
}
