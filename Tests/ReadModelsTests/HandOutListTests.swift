import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import ReadModels
import Testing

/// A street of two communities and its neighbour; what each family got is written beside it, every number is counted by hand.
/// The clause gives goods to families 1 to 4, waits for facts about 5, has never said anything of 6 and 8, and gave some to
/// 7 until 1 September. Family 8 lives where the document does not apply.
@Suite("实物发放：谁有、谁还没有", .timeLimit(.minutes(10)))
struct HandOutListTests {
    private static let clause = ClauseID("BS-3.2")!
    private static let slip = FileDigest(bytes: Array(repeating: 5, count: 32))!
    private static let duty = GoodsDuty(
        clause: clause, rhythm: .year, due: .midMonth(month: 11), territory: DivisionCode("370304001"))
    private static let words: CarePolicyWords = {
        var words = CarePolicyWords.sample
        words.clauseTitles[clause] = "暖心行动·送清洁"
        words.goodsDuties = [duty]
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
        file = try ReadModelFile(path: bench.path("goods.sqlite"))
        try bench.applier(file, words: Self.words).catchUp()
        lists = ReadModelLists(file, words: Self.words)
    }

    private static func families() -> [InventedStream] {
        var streams = (1...8).map { InventedStream(UInt64($0)) }
        let places = ["001001", "001001", "001001", "001002", "001002", "001002", "001002", "002001"]
        for (index, place) in places.enumerated() {
            let division = DivisionCode("370304" + place)!
            streams[index].add(.registered(HouseholdRegistered(division: division)), on: "2020-06-01")
        }
        for index in 0..<4 { determine(&streams[index], .entitled) }
        determine(&streams[4], .needsFact)
        determine(&streams[6], .entitled, until: "2021-09-01")
        // In time, with a slip; a day late, without one.
        handOut(&streams[0], "2021-11-20", .slip(slip))
        handOut(&streams[1], "2021-11-21", .none(Code(unchecked: "declined")), relation: "neighbour")
        // Family 3 got those of the year before only; what family 4 got was entered in error.
        handOut(&streams[2], "2020-11-01", .slip(slip), period: "2020")
        let wrong = handOut(&streams[3], "2021-11-01", .slip(slip))
        streams[3].add(.withdrawn, on: "2021-11-02", corrects: wrong)
        return streams
    }

    @discardableResult
    private static func handOut(
        _ stream: inout InventedStream, _ day: String, _ receipt: GoodsHandedOut.Receipt, relation: String? = nil,
        period: String = "2021"
    ) -> EventReference {
        stream.add(
            .goodsHandedOut(
                GoodsHandedOut(
                    clause: clause, period: Code(unchecked: period),
                    items: [HandedGoods(goods: Code(unchecked: "detergent"), count: 2)],
                    receiver: PersonID(Identifier128(high: 7, low: 1)),
                    relation: relation.map { Code(unchecked: $0) }, receipt: receipt)), on: day)
    }

    private static func determine(
        _ stream: inout InventedStream, _ status: DeterminationMade.Status, until: String? = nil
    ) {
        let end = until.map { CivilDay.invented($0) }
        stream.add(
            .determinationMade(
                DeterminationMade(
                    clause: clause, subject: .household, pack: PackID(unchecked: "boshan-2021"),
                    packVersion: .invented("2021-04-01"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "year"),
                    intervals: [
                        .init(period: DayPeriod(start: .invented("2021-06-26"), end: end), status: status)
                    ], facts: [EventReference(sequence: 1)], readThrough: EventReference(sequence: 1))),
            on: "2021-06-26")
    }

    private static let asked = GoodsAsked(
        duty: duty, period: HandOutPeriod(Code(unchecked: "2021"), rhythm: .year)!)

    /// Files, due, received, late, with a slip, waiting; by the end of the unit's code.
    private func coverage(_ day: String, allowed: String = "370304") throws -> [String: [Int]] {
        let day = CivilDay.invented(day)
        let scope = ListScope(
            asOf: Self.asked.period.judged(on: day), allowed: [DivisionCode(allowed)].compactMap { $0 })
        let found = try lists.goodsCoverage(scope, Self.asked, through: day, depth: 12)
        func counts(_ row: GoodsCoverageRow) -> [Int] {
            [row.households, row.due, row.received, row.late, row.receipts, row.unconfirmed]
        }
        var rows = Dictionary(
            uniqueKeysWithValues: found.rows.map { (String($0.unit.suffix(6)), counts($0)) })
        rows["total"] = counts(found.total)
        return rows
    }

    @Test("十一月二十日发的按期，次日发的逾期，撤回的不算，从未认定的待认定")
    func counted() throws {
        let atEnd = [
            "001001": [3, 3, 2, 1, 1, 0], "001002": [4, 1, 0, 0, 0, 2], "002001": [1, 0, 0, 0, 0, 0],
            "total": [8, 4, 2, 1, 1, 2],
        ]
        #expect(try coverage("2021-12-31") == atEnd)
        // After the year it is judged on its last day: nobody drops out when the document has run out.
        #expect(try coverage("2022-03-01") == atEnd)
        #expect(try coverage("2021-11-20")["001001"] == [3, 3, 1, 0, 1, 0])
        #expect(try coverage("2021-12-31", allowed: "370304001002")["total"] == [4, 1, 0, 0, 0, 2])
        #expect(try coverage("2021-12-31", allowed: "370303") == ["total": [0, 0, 0, 0, 0, 0]])
    }

    private static let street = Principal(
        peer: "x", actor: Code(unchecked: "x"), role: Code(unchecked: "none"),
        department: DepartmentID(unchecked: "org.township"), divisions: [DivisionCode("370304001")!], rights: [.query])

    private func query(
        _ change: (inout Care_V1_HandOutQuery) -> Void = { _ in }
    ) throws -> Care_V1_HandOutList {
        let engine = QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: Self.words, principal: Self.street,
            today: .invented("2022-01-10"))
        var query = Care_V1_Query()
        query.handOuts = .with {
            $0.clause = "BS-3.2"
            $0.period = "2021"
            $0.asOf = CivilDay.invented("2021-12-31").dayNumber
        }
        change(&query.handOuts)
        return try engine.answer(query).reply.handOuts
    }

    private func id(_ family: Int) -> [UInt8] { [UInt8](streams[family - 1].history.id.wireData) }

    @Test("逐户：签收单、代领人、没有签收单的理由、谁还没有")
    func listed() throws {
        let all = try query()
        #expect(all.total == 6 && all.deadline.lastDay == CivilDay.invented("2021-11-20").dayNumber)
        let byFamily = Dictionary(uniqueKeysWithValues: all.entries.map { ([UInt8]($0.household), $0) })
        let first = try #require(byFamily[id(1)])
        #expect(first.state == "received" && !first.late && [UInt8](first.receiptDigest) == Self.slip.bytes)
        #expect(first.receiptType.isEmpty && first.items.map(\.count) == [2] && first.items[0].goods.textZh == "洗衣液")
        let second = try #require(byFamily[id(2)])
        #expect(second.late && second.relation.textZh == "邻居" && second.noReceipt.textZh == "不愿签字")
        #expect(byFamily[id(3)]?.state == "missing" && byFamily[id(3)]?.late == true)
        #expect(byFamily[id(5)]?.state == "unconfirmed" && byFamily[id(5)]?.late == false)
        let missing = try query { $0.state = "missing" }
        #expect(missing.entries.map { [UInt8]($0.household) } == [id(3), id(4)])
        #expect(
            try query {
                $0.state = "missing"; $0.size = 1
            }.nextPage.isEmpty == false)
    }

    @Test("并来的一户当年领过的，并户以后算本户已发；并户以前还没有；并户以后才过去的才算")
    func mergedFamily() throws {
        // Family 1 got those of 2021 on 12 November and went into the second on 1 December, that one into the third next year.
        var streams = (1...3).map { InventedStream(UInt64($0)) }
        for index in streams.indices {
            let division = DivisionCode("370304001001")!
            streams[index].add(.registered(HouseholdRegistered(division: division)), on: "2020-06-01")
            Self.determine(&streams[index], .entitled)
        }
        Self.handOut(&streams[0], "2021-11-12", .slip(Self.slip))
        for (from, to, day) in [(0, 1, "2021-12-01"), (1, 2, "2022-02-01")] {
            let (source, target) = (streams[from].id, streams[to].id)
            streams[to].add(.merged(HouseholdMerged(other: source, side: .absorbing)), on: .invented(day))
            streams[from].add(.merged(HouseholdMerged(other: target, side: .absorbed)), on: .invented(day))
        }
        let bench = try Bench()
        try bench.append(streams)
        let file = try ReadModelFile(path: bench.path("merged.sqlite"))
        try bench.applier(file, words: Self.words).catchUp()
        let lists = ReadModelLists(file, words: Self.words)
        func states(_ period: String, on day: String) throws -> [String] {
            let asked = GoodsAsked(
                duty: Self.duty, period: try #require(HandOutPeriod(Code(unchecked: period), rhythm: .year)))
            let day = CivilDay.invented(day)
            let scope = ListScope(
                asOf: asked.period.judged(on: day), allowed: [DivisionCode("370304")].compactMap { $0 })
            let found = try lists.goods(scope, asked, through: day, states: Set(GoodsState.allCases))
            return found.entries.map { entry in
                let number = streams.firstIndex { $0.id == entry.household }.map { $0 + 1 } ?? 0
                let file = entry.file.flatMap { id in streams.firstIndex { $0.id == id } }.map { " \($0 + 1)" } ?? ""
                return
                    "\(number) \(entry.state.rawValue) \(entry.day?.description ?? "-") \(entry.sequence ?? 0)\(file)"
            }.sorted()
        }
        #expect(try states("2021", on: "2021-11-30") == ["1 received 2021-11-12 3", "2 missing - 0", "3 missing - 0"])
        #expect(try states("2021", on: "2021-12-31") == ["2 received 2021-11-12 3 1", "3 missing - 0"])
        // The year was over before the second merge: the third family's own 2021 stays open.
        #expect(try states("2021", on: "2022-03-01") == ["2 received 2021-11-12 3 1", "3 missing - 0"])
        #expect(try states("2022", on: "2022-03-01") == ["3 missing - 0"])
        // The list of the quarter says the same, and names the file.
        let engine = QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: Self.words, principal: Self.street,
            today: .invented("2022-03-10"))
        var query = Care_V1_Query()
        query.rightsRoll = .with {
            $0.clause = "BS-3.2"
            $0.day = CivilDay.invented("2021-12-31").dayNumber
            // The bench records everything in 2023.
            $0.knownAt = Moment(parsing: "2030-01-01")!.microseconds
        }
        let roll = try engine.answer(query).reply.rightsRoll
        #expect(roll.incompleteHouseholdCount == 0)
        #expect(roll.lines.count == 2)
        let second = try #require(roll.lines.first { [UInt8]($0.household) == [UInt8](streams[1].id.wireData) })
        #expect(second.handedOutOn == CivilDay.invented("2021-11-12").dayNumber && second.handOutSequence == 3)
        #expect([UInt8](second.handOutFile) == [UInt8](streams[0].id.wireData))
        let third = try #require(roll.lines.first { [UInt8]($0.household) == [UInt8](streams[2].id.wireData) })
        #expect(!third.hasHandedOutOn && third.handOutSequence == 0 && third.handOutFile.isEmpty)
    }

    @Test("不发实物的条款、没有的发放期、没有的情况：拒绝并说明")
    func refused() {
        #expect(throws: QueryRefusal.self) { try query { $0.clause = "CZ-2.1" } }
        #expect(throws: QueryRefusal.self) { try query { $0.period = "2021-q4" } }
        #expect(throws: QueryRefusal.field("state")) { try query { $0.state = "lost" } }
    }
}
