import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import ReadModels
import Testing

/// A street of two communities and its neighbour; every family's visits are written beside it, every number is counted
/// by hand. The clause of visits promises one to families 1 to 6, waits for facts about 7, has never said anything of 8,
/// and promised 9 one until it was taken off the list on 1 September. Family 10 has the status alone.
@Suite("走访覆盖：不漏一户", .timeLimit(.minutes(10)))
struct VisitCoverageTests {
    private static let clause = ClauseID("BS-3.3a")!
    private static let words: CarePolicyWords = {
        var words = CarePolicyWords.sample
        words.clauseTitles[clause] = "走访所有特殊家庭"
        words.visitDuties = [
            VisitDuty(clause: clause, due: .midMonth(month: 10), territory: DivisionCode("370304001"))
        ]
        return words
    }()

    private let bench: Bench
    private let lists: ReadModelLists
    private let file: ReadModelFile
    private let streams: [InventedStream]

    init() throws {
        bench = try Bench()
        streams = Self.families()
        try bench.append(streams)
        file = try ReadModelFile(path: bench.path("visits.sqlite"))
        try bench.applier(file, words: Self.words).catchUp()
        lists = ReadModelLists(file, words: Self.words)
    }

    private static func families() -> [InventedStream] {
        var streams = (1...10).map { InventedStream(UInt64($0)) }
        // 1 to 4 and 7 in the first community, 5, 6 and 8 in the second, 9 in the first, 10 on another street.
        let places = [1, 1, 1, 1, 2, 2, 1, 2, 1, 0]
        for (index, place) in places.enumerated() {
            let division = place == 0 ? "370304002001" : "37030400100\(place)"
            streams[index].add(
                .registered(HouseholdRegistered(division: DivisionCode(division)!)), on: "2020-06-01")
        }
        for index in 0..<6 { determine(&streams[index], .entitled) }
        determine(&streams[6], .needsFact)
        determine(&streams[8], .entitled, until: "2021-09-01")
        bereave(&streams[9])

        visit(&streams[0], "2021-10-20")
        visit(&streams[1], "2021-10-21")
        // Two visits: the first one counts.
        visit(&streams[2], "2021-10-19")
        visit(&streams[2], "2021-11-30")
        // Family 4: only the year before, and after the time.
        visit(&streams[3], "2020-12-31")
        visit(&streams[3], "2022-01-01")
        // Family 5: its only visit was recorded in error.
        let wrong = visit(&streams[4], "2021-07-01")
        streams[4].add(.withdrawn, on: "2021-07-02", corrects: wrong)
        // Family 6 was visited and then closed.
        visit(&streams[5], "2021-08-01")
        streams[5].add(.closed(HouseholdClosed(reason: Code(unchecked: "no_members"))), on: "2021-11-15")
        visit(&streams[7], "2021-09-01")
        return streams
    }

    @discardableResult
    private static func visit(_ stream: inout InventedStream, _ day: String) -> EventReference {
        stream.add(.visitRecorded(VisitRecorded(kind: Code(unchecked: "routine"))), on: day)
    }

    /// A couple whose only child died: the status alone asks for the visit.
    private static func bereave(_ stream: inout InventedStream) {
        let child = PersonID(Identifier128(high: 7, low: 3))
        let wife = PersonID(Identifier128(high: 7, low: 1))
        stream.add(.personJoined(PersonJoined(person: wife, role: .wife)), on: "2020-06-01")
        stream.add(.personJoined(PersonJoined(person: child, role: .onlyChild)), on: "2020-06-01")
        stream.add(.personDied(PersonDied(person: child)), on: "2020-06-02")
    }

    private static func determine(
        _ stream: inout InventedStream, _ status: DeterminationMade.Status, clause: ClauseID = clause,
        from start: String = "2021-06-26", until: String? = nil
    ) {
        let end = until.map { CivilDay.invented($0) }
        stream.add(
            .determinationMade(
                DeterminationMade(
                    clause: clause, subject: .household, pack: PackID(unchecked: "boshan-2021"),
                    packVersion: .invented("2021-04-01"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "year"),
                    intervals: [.init(period: DayPeriod(start: .invented(start), end: end), status: status)],
                    facts: [EventReference(sequence: 1)], readThrough: EventReference(sequence: 1))),
            on: start)
    }

    private func scope(_ day: String, division: String? = nil, allowed: [String] = ["370304"]) -> ListScope {
        ListScope(
            asOf: .invented(day), division: division.flatMap { DivisionCode($0) },
            allowed: allowed.compactMap { DivisionCode($0) })
    }

    /// Unit, files, due, in time, late, missing, waiting.
    private func counts(_ row: VisitCoverageRow) -> [Int] {
        [row.households, row.due, row.inTime, row.late, row.missing, row.unconfirmed]
    }

    private func coverage(_ day: String, depth: Int = 12, allowed: [String] = ["370304"]) throws -> [String: [Int]] {
        let found = try lists.visitCoverage(scope(day, allowed: allowed), from: .invented("2021-01-01"), depth: depth)
        var rows = Dictionary(uniqueKeysWithValues: found.rows.map { ($0.unit, counts($0)) })
        rows["total"] = counts(found.total)
        return rows
    }

    @Test("十月二十日访的按期，二十一日访的逾期，作废的不算，销档的不列")
    func yearEnd() throws {
        #expect(
            try coverage("2021-12-31") == [
                "370304001001": [6, 4, 2, 1, 1, 1], "370304001002": [2, 1, 0, 0, 1, 1],
                "370304002001": [1, 1, 0, 0, 1, 0], "total": [9, 6, 2, 1, 3, 2],
            ])
        #expect(try coverage("2021-10-20")["370304001002"] == [3, 2, 1, 0, 1, 1])
        #expect(try coverage("2021-10-20")["total"] == [10, 7, 3, 0, 4, 2])
        #expect(try coverage("2021-12-31", depth: 9)["370304001"] == [8, 5, 2, 1, 2, 2])
        #expect(try coverage("2021-12-31", allowed: ["370304001002"])["total"] == [2, 1, 0, 0, 1, 1])
        #expect(try coverage("2021-12-31", allowed: [])["total"] == [0, 0, 0, 0, 0, 0])
        // The promise begins with the document; before it only the status asks.
        #expect(try coverage("2021-06-25")["total"] == [10, 1, 0, 0, 1, 1])
    }

    @Test("期限不在所问期间内：只分访与未访")
    func withoutDeadline() throws {
        let later = try lists.visitCoverage(scope("2021-12-31"), from: .invented("2021-10-21"), depth: 6)
        #expect(counts(later.total) == [9, 6, 2, 0, 4, 2])
    }

    @Test("未访名单：逾期的、待认定的、上次走访；与覆盖表相加正好；逐页取得同样的名单")
    func missing() throws {
        let all = try lists.missedVisits(scope("2021-12-31"), from: .invented("2021-01-01"))
        let byFamily = Dictionary(uniqueKeysWithValues: all.entries.map { ($0.household, $0) })
        #expect(all.total == 4 && Set(byFamily.keys) == Set([3, 4, 6, 9].map { streams[$0].id }))
        let fourth = try #require(byFamily[streams[3].id])
        #expect(fourth.isDue && fourth.clause == Self.clause && fourth.dueOn == .invented("2021-10-20"))
        #expect(fourth.lastVisitOn == .invented("2020-12-31"))
        let waiting = try #require(byFamily[streams[6].id])
        #expect(!waiting.isDue && waiting.clause == nil && waiting.dueOn == nil && waiting.lastVisitOn == nil)
        let bereaved = try #require(byFamily[streams[9].id])
        #expect(bereaved.isDue && bereaved.clause == nil && bereaved.status == .bereaved)
        var paged: [HouseholdID] = []
        var page = ListPage(size: 1)
        while true {
            let part = try lists.missedVisits(scope("2021-12-31"), from: .invented("2021-01-01"), page)
            paged += part.entries.map(\.household)
            guard let next = part.next else { break }
            page = ListPage(size: 1, after: next)
        }
        #expect(paged == all.entries.map(\.household))
        let own = try lists.missedVisits(
            scope("2021-12-31", allowed: ["370304001002"]), from: .invented("2021-01-01"))
        #expect(own.entries.map(\.household) == [streams[4].id])
    }

    /// Files 1 and 2 merge, 3 comes out of 1 afterwards; 5 comes out of 6, which takes 4 in after that.
    private static func mergedAndSplit() -> [InventedStream] {
        var streams = (1...6).map { InventedStream(UInt64($0)) }
        let home = HouseholdRegistered(division: DivisionCode("370304001001")!)
        for index in streams.indices {
            let day = [2, 4].contains(index) ? "2021-06-01" : "2020-06-01"
            streams[index].add(.registered(home), on: day)
            determine(&streams[index], .entitled, from: max(day, "2021-01-01"))
        }
        visit(&streams[1], "2021-03-01")
        visit(&streams[3], "2021-02-01")
        for (target, source, day) in [(0, 1, "2021-05-01"), (5, 3, "2021-07-01")] {
            let (into, from) = (streams[target].id, streams[source].id)
            streams[target].add(.merged(HouseholdMerged(other: from, side: .absorbing)), on: .invented(day))
            streams[source].add(.merged(HouseholdMerged(other: into, side: .absorbed)), on: .invented(day))
        }
        visit(&streams[5], "2021-08-01")
        for (new, old) in [(2, 0), (4, 5)] {
            let split = HouseholdSplit(other: streams[old].id, side: .separated, persons: [])
            streams[new].add(.split(split), on: "2021-06-01")
        }
        return streams
    }

    @Test("并户、分户：并入的、分出以前那一户的走访算这一家的；并户以前、分出以后的不算")
    func mergedAndSplitFiles() throws {
        let bench = try Bench()
        let streams = Self.mergedAndSplit()
        try bench.append(streams)
        let file = try ReadModelFile(path: bench.path("parts.sqlite"))
        try bench.applier(file, words: Self.words).catchUp()
        let lists = ReadModelLists(file, words: Self.words)
        func missed(_ day: String, from first: String = "2021-01-01") throws -> [HouseholdID: String] {
            let found = try lists.missedVisits(scope(day), from: .invented(first))
            return Dictionary(
                uniqueKeysWithValues: found.entries.map { ($0.household, $0.lastVisitOn.map { "\($0)" } ?? "-") })
        }
        #expect(Set(try missed("2021-04-30").keys) == [streams[0].id, streams[5].id])
        #expect(Set(try missed("2021-12-31").keys) == [streams[4].id])
        let later = try missed("2021-12-31", from: "2021-09-01")
        #expect(
            later == [
                streams[0].id: "2021-03-01", streams[2].id: "2021-03-01", streams[4].id: "-",
                streams[5].id: "2021-08-01",
            ])
    }

    @Test("只问一类走访、只问一条条款：别的走访不算，条款没有要求的户不列")
    func byKindAndClause() throws {
        let first = CivilDay.invented("2021-01-01")
        func total(_ asked: VisitsAsked) throws -> [Int] {
            counts(try lists.visitCoverage(scope("2021-12-31"), from: first, asking: asked, depth: 6).total)
        }
        #expect(try total(VisitsAsked(kind: Code(unchecked: "routine"))) == [9, 6, 2, 1, 3, 2])
        #expect(try total(VisitsAsked(kind: Code(unchecked: "needs"))) == [9, 6, 0, 0, 6, 2])
        #expect(try total(VisitsAsked(clause: Self.clause)) == [9, 5, 2, 1, 2, 2])
        let needs = VisitsAsked(kind: Code(unchecked: "needs"), clause: Self.clause)
        let missed = try lists.missedVisits(scope("2021-12-31"), from: first, asking: needs)
        #expect(missed.entries.count(where: \.isDue) == 5)
    }

    @Test("节日走访逐个节日问：写明节日的一月内算，没写的七天内算，日常走访不算，不要求的户不列；逐页取得同样的名单")
    func holidays() throws {
        let clause = ClauseID("CZ-2.14b")!
        let holiday = { (code: String?) in code.map { Code(unchecked: $0) } }
        var words = CarePolicyWords.sample
        words.visitDuties = [
            VisitDuty(
                clause: clause, due: .holiday(warnDays: 7), territory: DivisionCode("431000"),
                holidays: [Code(unchecked: "spring_festival"), Code(unchecked: "mid_autumn")])
        ]
        var families = (1...5).map { InventedStream(UInt64($0)) }
        for index in families.indices {
            families[index].add(
                .registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2014-07-20")
            if index < 4 { Self.determine(&families[index], .entitled, clause: clause, from: "2014-07-20") }
        }
        func visit(_ index: Int, _ kind: String, _ named: String?, _ day: String) {
            families[index].add(
                .visitRecorded(VisitRecorded(kind: Code(unchecked: kind), holiday: holiday(named))), on: day)
        }
        visit(0, "holiday", "mid_autumn", "2014-08-20")
        visit(1, "holiday", nil, "2014-09-05")
        visit(2, "holiday", nil, "2014-08-25")
        visit(3, "routine", nil, "2014-09-08")
        let bench = try Bench()
        try bench.append(families)
        let file = try ReadModelFile(path: bench.path("holidays.sqlite"))
        try bench.applier(file, words: words).catchUp()
        let lists = ReadModelLists(file, words: words)
        let first = CivilDay.invented("2014-08-01")
        func missed(_ day: String, _ named: String? = nil, size: Int = 100) throws -> [String] {
            let scope = ListScope.chenzhou(day)
            var found: [MissedVisit] = []
            var page = ListPage(size: size)
            while true {
                let asked = VisitsAsked(clause: clause, holiday: holiday(named))
                let part = try lists.missedVisits(scope, from: first, page, asking: asked)
                found += part.entries
                guard let next = part.next else { break }
                page.after = next
            }
            return found.map { entry in
                "\((families.firstIndex { $0.id == entry.household } ?? 9) + 1) \(entry.holiday?.rawValue ?? "-")"
            }.sorted()
        }
        #expect(try missed("2014-12-31") == ["3 mid_autumn", "4 mid_autumn"])
        let both = ["1 spring", "2 spring", "3 mid_autumn", "3 spring", "4 mid_autumn", "4 spring"]
        #expect(try missed("2015-03-31").map { $0.replacing("_festival", with: "") } == both)
        #expect(try missed("2015-03-31", size: 1) == missed("2015-03-31"))
        #expect(try missed("2015-03-31", "mid_autumn") == ["3 mid_autumn", "4 mid_autumn"])
        #expect(try missed("2014-08-15") == [])
        // Asked without the clause, holidays are no deadline, and nobody waits for a document that says no.
        #expect(try lists.missedVisits(.chenzhou("2014-12-31"), from: first).total == 0)
    }

    @Test("没有走访条款的包：只看特殊困难家庭")
    func withoutClause() throws {
        let lists = ReadModelLists(file, words: .sample)
        let found = try lists.visitCoverage(scope("2021-12-31"), from: .invented("2021-01-01"), depth: 6)
        #expect(counts(found.total) == [9, 1, 0, 0, 1, 0])
        #expect(try lists.missedVisits(scope("2021-12-31"), from: .invented("2021-01-01")).total == 1)
    }

    @Test("经由查询：期限、逾期标记、写错的条件")
    func throughTheQuery() throws {
        let engine = QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: Self.words,
            principal: Principal(
                peer: "carectl", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
                department: DepartmentID(unchecked: "org.township"), divisions: [DivisionCode("370304001")!],
                rights: [.query]), today: .invented("2022-01-05"))
        var query = Care_V1_Query()
        query.visitCoverage.from = CivilDay.invented("2021-01-01").dayNumber
        query.visitCoverage.to = CivilDay.invented("2021-12-31").dayNumber
        let table = try engine.answer(query).reply.visitCoverage
        #expect(table.rows.map(\.unit) == ["370304001001", "370304001002"] && table.total.dueCount == 5)
        #expect(table.deadlines.map(\.lastDay) == [CivilDay.invented("2021-10-20").dayNumber])
        #expect(table.deadlines.map(\.warnFrom) == [CivilDay.invented("2021-10-11").dayNumber])
        #expect(table.deadlines.first?.clause.textZh == "走访所有特殊家庭")
        query.visitMissing.from = query.visitCoverage.from
        query.visitMissing.to = CivilDay.invented("2021-10-20").dayNumber
        #expect(try engine.answer(query).reply.visitMissing.households.allSatisfy { !$0.overdue })
        query.visitMissing.from = CivilDay.invented("2021-01-01").dayNumber
        query.visitMissing.to = CivilDay.invented("2021-10-21").dayNumber
        let missed = try engine.answer(query).reply.visitMissing
        #expect(missed.total == 3 && missed.households.filter(\.overdue).count == 2)
        query.visitMissing.clause = "BS-3.3a"
        #expect(try engine.answer(query).reply.visitMissing.total == 3)
        query.visitMissing.clause = "BS-9"
        #expect(throws: QueryRefusal.visitClause("BS-9", known: ["BS-3.3a 走访所有特殊家庭"])) { try engine.answer(query) }
        query.visitMissing.clause = ""
        query.visitMissing.holiday = "mid_autumn"
        #expect(throws: QueryRefusal.field("holiday")) { try engine.answer(query) }
        query.visitMissing.holiday = ""
        query.visitMissing.kind = "dance"
        #expect(throws: QueryRefusal.field("kind")) { try engine.answer(query) }
        query.visitMissing.kind = ""
        query.visitMissing.from = query.visitMissing.to + 1
        #expect(throws: QueryRefusal.field("from")) { try engine.answer(query) }
    }
}
