import CareDomain
import Testing

@Suite("指标数据与报表版本")
struct ReportFileTests {
    private static let income = FactID(unchecked: "city.rural_net_income")

    private static func figure(
        _ yuan: Int64 = 11_000, period: String = "2014", fact: FactID = income, _ replacement: DutyReplacement? = nil
    ) -> DutyEvent {
        .figureStated(
            FigureStated(
                pack: DutyBench.pack, fact: fact, value: .money(.yuan(yuan)), period: Code(unchecked: period),
                source: Code(unchecked: "statistics_bureau"), replacement: replacement))
    }

    private static func reason(_ body: () throws(Refusal) -> Void) -> Refusal.Reason? {
        do throws(Refusal) {
            try body()
            return nil
        } catch { return error.reason }
    }

    @Test("a figure is stated once for a period; another one replaces it and says why")
    func figures() throws {
        var bench = DutyBench()
        let first = try bench.carryOut(Self.figure(), on: "2015-01-20")
        #expect(
            Self.reason { () throws(Refusal) in try bench.carryOut(Self.figure(12_000), on: "2015-01-21") }
                == .figureExists)
        let replacement = DutyReplacement(first, reason: Code(unchecked: "revised"))
        #expect(
            Self.reason { () throws(Refusal) in
                try bench.carryOut(Self.figure(11_000, replacement), on: "2015-01-21")
            } == .nothingToDo)
        try bench.carryOut(Self.figure(12_000, replacement), on: "2015-01-21")
        #expect(bench.book.figures.map { $0.replacedAt != nil } == [true, false])
        #expect(bench.book.figures[0].replacedAt == bench.book.figures[1].recordedAt)
        #expect(
            Self.reason { () throws(Refusal) in
                try bench.carryOut(Self.figure(13_000, replacement), on: "2015-01-21")
            } == .figureExists)
    }

    @Test("what one department stated or sent, another neither replaces nor sends anew; the authority answers for all")
    func ownersPutRight() throws {
        let (farming, planning) = (DepartmentID(unchecked: "dept.agriculture"), DepartmentID(unchecked: "dept.fp"))
        var bench = DutyBench()
        let first = try bench.carryOut(Self.figure(), on: "2015-01-20")
        try bench.carryOut(Self.report(1, 1), on: "2015-01-21")
        bench.department = farming
        let other = Self.figure(12_000, DutyReplacement(first, reason: Code(unchecked: "revised")))
        #expect(bench.refusal(other, on: "2015-01-21") == .statedByOthers)
        #expect(bench.refusal(Self.report(2, 2, reason: "late"), on: "2015-01-22") == .statedByOthers)
        let own = try bench.carryOut(Self.figure(period: "2013"), on: "2015-01-22")
        try bench.carryOut(
            Self.figure(9_000, period: "2013", DutyReplacement(own, reason: Code(unchecked: "typing"))),
            on: "2015-01-23")
        bench.department = planning
        let last = try #require(bench.book.figures.last?.reference)
        try bench.carryOut(
            Self.figure(9_500, period: "2013", DutyReplacement(last, reason: Code(unchecked: "typing"))),
            on: "2015-01-24")
        bench.department = DepartmentID(unchecked: "none")
        try bench.carryOut(other, on: "2015-01-25")
        #expect(bench.book.figures.count == 5)
    }

    @Test("a figure is one of the pack's, of a period that has begun")
    func badFigures() {
        var bench = DutyBench()
        let unknown = FactID(unchecked: "household.area")
        #expect(
            Self.reason { () throws(Refusal) in
                try bench.carryOut(Self.figure(fact: unknown), on: "2015-01-20")
            } == .unknownFigure)
        #expect(
            Self.reason { () throws(Refusal) in
                try bench.carryOut(Self.figure(-1), on: "2015-01-20")
            } == .figureValue)
        #expect(
            Self.reason { () throws(Refusal) in
                try bench.carryOut(Self.figure(period: "2015-h2"), on: "2015-01-20")
            } == .dutyPeriodAhead)
        #expect(bench.book.figures.isEmpty)
    }

    @Test(
        "periods have their days",
        arguments: [
            ("2014", "2014-01-01", "2015-01-01"), ("2014-q1", "2014-01-01", "2014-04-01"),
            ("2014-q4", "2014-10-01", "2015-01-01"), ("2014-h2", "2014-07-01", "2015-01-01"),
        ])
    func periods(text: String, start: String, end: String) {
        let days = DayPeriod(named: Code(unchecked: text))
        #expect(days == DayPeriod(start: DutyBench.day(start), end: DutyBench.day(end)))
        #expect(DayPeriod(named: Code(unchecked: "2014-q5")) == nil && DayPeriod(named: Code(unchecked: "x")) == nil)
    }

    private static let scope = ReportScope(
        kind: Code(unchecked: "indicators"), division: DutyBench.city, pack: DutyBench.pack,
        firstDay: DutyBench.day("2014-01-01"), lastDay: DutyBench.day("2014-12-31"))

    private static func report(_ version: Int, _ byte: UInt8, reason: String? = nil) -> DutyEvent {
        .reportSent(
            ReportSent(
                scope: scope, version: version, knownAt: Moment(microseconds: 5), digest: DutyBench.digest(byte),
                content: [byte], reason: reason.map { Code(unchecked: $0) }))
    }

    @Test("a report is frozen by version: the next says something else, and why")
    func versions() throws {
        var bench = DutyBench()
        #expect(
            Self.reason { () throws(Refusal) in try bench.carryOut(Self.report(1, 1), on: "2014-12-31") }
                == .reportTooEarly)
        #expect(
            Self.reason { () throws(Refusal) in try bench.carryOut(Self.report(2, 1), on: "2015-01-10") }
                == .reportVersion)
        try bench.carryOut(Self.report(1, 1), on: "2015-01-10")
        #expect(
            Self.reason { () throws(Refusal) in try bench.carryOut(Self.report(1, 2), on: "2015-01-11") }
                == .reportVersion)
        #expect(
            Self.reason { () throws(Refusal) in
                try bench.carryOut(Self.report(2, 1, reason: "late"), on: "2015-01-11")
            } == .nothingToDo)
        #expect(
            Self.reason { () throws(Refusal) in try bench.carryOut(Self.report(2, 2), on: "2015-01-11") }
                == .reportReason)
        try bench.carryOut(Self.report(2, 2, reason: "late"), on: "2015-01-11")
        #expect(bench.book.report.versions.map(\.sent.version) == [1, 2])
        #expect(bench.book.report.versions.map(\.on) == ["2015-01-10", "2015-01-11"].map(DutyBench.day))
    }

    @Test("a report is sent by its own department, one that answers for it, or a key of none; others hear whose it is")
    func owners() throws {
        var bench = DutyBench()
        bench.department = DepartmentID(unchecked: "dept.water")
        try bench.carryOut(Self.report(1, 1), on: "2015-01-10")
        bench.reportOwners = ["dept.agriculture", "dept.agriculture", "org.community"]
            .map { DepartmentID(unchecked: $0) }
        let second = Self.report(2, 2, reason: "late")
        for stranger in ["dept.water", "dept.hrss"] {
            bench.department = DepartmentID(unchecked: stranger)
            do throws(Refusal) {
                try bench.carryOut(second, on: "2015-01-11")
                Issue.record("\(stranger) sent it")
            } catch {
                #expect(error.code == "CARE-1473" && error.detail == "dept.agriculture, org.community; not \(stranger)")
                #expect(error.chinese.contains("农业、村（居）"))
            }
        }
        // What somebody sent whose it was not stands in nobody's way.
        for (number, sender) in ["dept.agriculture", "dept.fp", "none", "guanhuai"].enumerated() {
            bench.department = DepartmentID(unchecked: sender)
            try bench.carryOut(Self.report(number + 2, UInt8(number + 2), reason: "late"), on: "2015-01-11")
        }
        #expect(bench.book.report.versions.count == 5)
        bench.department = DepartmentID(unchecked: "org.township")
        #expect(
            Self.reason { () throws(Refusal) in
                try bench.carryOut(Self.report(6, 6, reason: "late"), on: "2015-01-12")
            } == nil, "a township answers for its villages")
    }

    @Test("an evaluation is reported in the book of the level that evaluates, not in that of the evaluated unit")
    func evaluation() throws {
        let day = DutyBench.day("2015-01-20")
        let terms = DutyTerms(
            firstDay: DutyBench.day("2014-01-01"), owner: DepartmentID(unchecked: "dept.fp"), evaluator: .city)
        let context = DutyContext(
            today: day, department: DepartmentID(unchecked: "dept.fp"), terms: { _ in terms },
            knowsClause: { _, _ in true }, figure: { _, _, _ in .good })
        let key = DutyKey(pack: DutyBench.pack, clause: DutyBench.supervision, period: Code(unchecked: "2014"))
        let reported = DutyEvent.reported(
            DutyReported(key: key, evidence: DutyEvidence(count: 1), department: DepartmentID(unchecked: "dept.fp")))
        func decide(_ division: DivisionCode) -> Refusal? {
            let command = DutyCommand(
                id: CommandID(Identifier128(high: 1, low: 1)), division: division, occurredOn: day, action: reported)
            do throws(Refusal) {
                _ = try DutyBook(division: division).decide(command, in: context)
                return nil
            } catch { return error }
        }
        let refusal = decide(DivisionCode("520102")!)
        #expect(refusal?.code == "CARE-1472" && refusal?.detail == "520100")
        #expect(decide(DutyBench.city) == nil)
    }
}
