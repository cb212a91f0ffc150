import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import ReadModels
import Testing

/// A street of four communities and its neighbours, with thirteen forms; all numbers below are counted by hand.
///
/// | Family | Community | Form (特扶、保险、查体、低保、五保) |
/// |---|---|---|
/// | 1 | 大辛 | 07-03 nnnyn: 大病 2, 心理 1 |
/// | 2 | 大辛 | 07-04 nyynn: 家政 1; 09-10 yynnn: 助农 3 |
/// | 3 | 大辛 | 08-01 -nyny: 抱养 1, 助孕 1 |
/// | 4 | 大辛, from 09-01 李家窑 | 07-10 ynyyn: 走访 1 |
/// | 5 | 李家窑 | 08-08 yyynn: 查体 1; put right: nynnn, 查体 2 |
/// | 6 | 李家窑 | 08-09 nnnnn, not signed: 其他 4 |
/// | 7 | 李家窑, closed 10-01 | 08-15 nnnyy: 家务 2 |
/// | 8 | 太平 | 10-20 yyynn: 其他 1 |
/// | 9, 10 | 太平 | 10-21 and 2020-12-31: outside the time |
/// | 11 | another street | 08-01 nnnnn: 大病 1 |
/// | 12 | 大辛 | 08-02, withdrawn: 心理 5 |
/// | 13 | 大辛 | a visit without a form, a need by itself |
/// | 14 | another district | 08-01 nnnnn: 大病 1 |
/// | 15 | 柳杭 | never visited |
@Suite("附件4：一条街道的登记表，逐格手算", .timeLimit(.minutes(10)))
struct NeedsSummaryQueryTests {
    private let bench: Bench
    private let file: ReadModelFile
    private let streams: [InventedStream]

    init() throws {
        streams = Self.families()
        bench = try Bench()
        file = try bench.filled(streams)
    }

    private static func families() -> [InventedStream] {
        var streams = (1...15).map { InventedStream(UInt64($0)) }
        let communities = [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 1, 1, 0, 4]
        for (index, community) in communities.enumerated() {
            let division = index == 10 ? "370304002001" : index == 13 ? "370303001001" : "37030400100\(community)"
            streams[index].add(
                .registered(HouseholdRegistered(division: DivisionCode(division)!)), on: "2020-06-01")
        }
        streams[0].addForm("nnnyn", ["serious_illness": 2, "psychological": 1], on: "2021-07-03")
        streams[1].addForm("nyynn", ["housekeeping": 1], on: "2021-07-04")
        streams[1].addForm("yynnn", ["farming": 3], on: "2021-09-10")
        streams[2].addForm("-nyny", ["adoption": 1, "fertility": 1], on: "2021-08-01")
        streams[3].addForm("ynyyn", ["visit": 1], on: "2021-07-10")
        streams[3].add(
            .moved(HouseholdMoved(kind: .registration, division: DivisionCode("370304001002")!)), on: "2021-09-01")
        let wrong = streams[4].addForm("yyynn", ["checkup": 1], on: "2021-08-08")
        streams[4].add(InventedStream.form("nynnn"), on: "2021-08-08", recorded: "2021-08-20", corrects: wrong)
        streams[4].add(
            .needRaised(NeedRaised(kind: Code(unchecked: "need_checkup"), items: 2)), on: "2021-08-08",
            recorded: "2021-08-20", corrects: EventReference(sequence: wrong.sequence + 1))
        streams[5].addForm("nnnnn", ["other": 4], signed: false, on: "2021-08-09")
        streams[6].addForm("nnnyy", ["errands": 2], on: "2021-08-15")
        streams[6].add(.closed(HouseholdClosed(reason: Code(unchecked: "no_members"))), on: "2021-10-01")
        streams[7].addForm("yyynn", ["other": 1], on: "2021-10-20")
        streams[8].addForm("nnnnn", ["other": 8], on: "2021-10-21")
        streams[9].addForm("nnnnn", ["other": 9], on: "2020-12-31")
        streams[10].addForm("nnnnn", ["serious_illness": 1], on: "2021-08-01")
        let withdrawn = streams[11].addForm("nnnnn", ["psychological": 5], on: "2021-08-02")
        streams[11].add(.withdrawn, on: "2021-08-02", recorded: "2021-08-03", corrects: withdrawn)
        streams[12].add(.visitRecorded(VisitRecorded(kind: Code(unchecked: "routine"))), on: "2021-08-03")
        streams[12].add(
            .needRaised(NeedRaised(kind: Code(unchecked: "need_psychological"), items: 1)), on: "2021-08-03")
        streams[13].addForm("nnnnn", ["serious_illness": 1], on: "2021-08-01")
        return streams
    }

    private func engine(_ divisions: [String] = ["370304"]) throws -> QueryEngine {
        QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: .sample,
            principal: Principal(
                peer: "carectl", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
                department: DepartmentID(unchecked: "org.township"),
                divisions: divisions.compactMap { DivisionCode($0) }, rights: [.query]), today: .invented("2021-11-01"))
    }

    private func ask(
        _ divisions: [String] = ["370304"], division: String = "370304001", asOf: String = "2021-10-20",
        from: String = "2021-01-01", depth: UInt32 = 0, trace: String = ""
    ) throws -> Care_V1_NeedsSummary {
        var query = Care_V1_Query()
        query.needsSummary.asOf = CivilDay.invented(asOf).dayNumber
        query.needsSummary.from = CivilDay.invented(from).dayNumber
        query.needsSummary.division = division
        query.needsSummary.depth = depth
        query.needsSummary.trace = trace
        return try engine(divisions).answer(query).reply.needsSummary
    }

    private func cells(_ wire: Care_V1_NeedsSummary) throws -> [[String]] {
        let summary = try NeedsSummary(wire)
        return summary.rows.map { $0.cells(named: $0.unit) } + [summary.total.cells(named: "合计")]
    }

    @Test("一条街道，四个社区，十八栏逐格相符")
    func streetByCommunity() throws {
        func row(_ unit: String, _ numbers: [Int], _ remarks: String) -> [String] {
            [unit] + numbers.map { "\($0)" } + [remarks]
        }
        let found = try cells(ask())
        #expect(found.count == 5)
        #expect(
            found[0]
                == row("370304001001", [3, 1, 2, 2, 1, 1, 0, 0, 3, 2, 1, 0, 1, 1, 0, 0], "未享受特扶户数：1 户未填"))
        #expect(
            found[1]
                == row(
                    "370304001002", [2, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0],
                    "未签字的登记表 1 张未计；已销档 1 户未计"))
        #expect(found[2] == row("370304001003", [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], ""))
        #expect(
            found[3] == ["370304001004", "0"] + Array(repeating: "—", count: 15) + ["无已签字的登记表"])
        #expect(
            found[4]
                == row(
                    "合计", [6, 2, 3, 3, 2, 1, 1, 0, 3, 2, 1, 0, 1, 1, 2, 1],
                    "未享受特扶户数：1 户未填；未签字的登记表 1 张未计；已销档 1 户未计"))
        #expect(try ask().rows.map(\.householdCount) == [5, 3, 3, 1])
    }

    @Test("截止日提前：迁出前算在原社区，前一张表算数，还没有销档")
    func earlierCutOff() throws {
        let found = try cells(ask(asOf: "2021-08-31"))
        #expect(found[0].prefix(9) == ["370304001001", "4", "2", "3", "1", "2", "1", "1", "1"])
        #expect(found[1].prefix(7) == ["370304001002", "2", "2", "1", "2", "1", "1"])
        #expect(found[1].last == "未签字的登记表 1 张未计")
    }

    @Test("并户以前走访过的，并户以后是那一户的表，指回原来的档案；并户以前算在原来的社区")
    func absorbedFile() throws {
        var (home, gone) = (InventedStream(21), InventedStream(22))
        home.add(.registered(HouseholdRegistered(division: DivisionCode("370304001001")!)), on: "2020-06-01")
        gone.add(.registered(HouseholdRegistered(division: DivisionCode("370304001002")!)), on: "2020-06-01")
        let form = gone.addForm("nynnn", ["serious_illness": 4], on: "2021-08-01")
        home.add(.merged(HouseholdMerged(other: gone.id, side: .absorbing)), on: "2021-09-10")
        gone.add(.merged(HouseholdMerged(other: home.id, side: .absorbed)), on: "2021-09-10")
        let bench = try Bench()
        let engine = QueryEngine(
            file: try bench.filled([home, gone]), reader: try bench.log.makeReader(), words: .sample,
            principal: Principal(
                peer: "carectl", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
                department: DepartmentID(unchecked: "org.township"), divisions: [DivisionCode("370304001")!],
                rights: [.query]), today: .invented("2021-11-01"))
        func ask(_ asOf: String, trace: String = "") throws -> Care_V1_NeedsSummary {
            var query = Care_V1_Query()
            query.needsSummary.asOf = CivilDay.invented(asOf).dayNumber
            query.needsSummary.from = CivilDay.invented("2021-01-01").dayNumber
            query.needsSummary.division = "370304001"
            query.needsSummary.trace = trace
            return try engine.answer(query).reply.needsSummary
        }
        let before = try cells(ask("2021-09-09"))
        #expect(before.map { $0[0] } == ["370304001001", "370304001002", "合计"])
        #expect(before[0][1] == "0" && before[1].prefix(3) == ["370304001002", "1", "1"])
        let after = try cells(ask("2021-10-20"))
        #expect(after.map { $0[0] } == ["370304001001", "合计"])
        #expect(after[0][1...5] == ["1", "1", "0", "1", "0"] && after[0][10] == "4" && after[0][17].isEmpty)
        let traced = try ask("2021-10-20", trace: "need_serious_illness").forms
        #expect(traced.map(\.household) == [gone.id.wireData] && traced.map(\.sequence) == [form.sequence])
        #expect(traced.map(\.division) == ["370304001001"] && traced.map(\.count) == [4])
    }

    @Test("按街道、按区汇总")
    func byStreetAndDistrict() throws {
        let communities = try cells(ask())
        let streets = try cells(ask(division: "", depth: 9))
        #expect(streets.map { $0[0] } == ["370304001", "370304002", "合计"])
        #expect(streets[0].dropFirst() == communities[4].dropFirst())
        #expect(streets[1][1...11] == ["1", "1", "1", "1", "0", "0", "0", "0", "0", "1", "0"])
        #expect(try cells(ask(division: "", depth: 6)).map { $0[1] } == ["7", "7"])
    }

    @Test("只算看得到的户；辖区外的表不读、不计、不列")
    func onlyTheCallersDivisions() throws {
        let own = try cells(ask(["370304001002"], division: ""))
        #expect(own.map { $0[0] } == ["370304001002", "合计"])
        #expect(try cells(ask(["370304001002"])).map { $0[1] } == ["2", "2"])
        #expect(try ask([], division: "").rows.isEmpty)
        #expect(try ask(["370304"], division: "370303").rows.isEmpty)
        #expect(try ask(["370303"], division: "370303", trace: "need_serious_illness").forms.count == 1)
        #expect(try ask(["370304001002"], division: "", trace: "need_serious_illness").forms.isEmpty)
    }

    @Test("每个数都能追到登记表：户、日期、序号，条数相加正好；姓名遮蔽")
    func everyNumberIsTraceable() throws {
        for column in NeedsSummary.Column.allCases {
            let wire = try ask(division: "", trace: column.rawValue)
            let total = try NeedsSummary(wire).total
            #expect(wire.forms.reduce(0) { $0 + Int($1.count) } == total.count(column), "\(column)")
            #expect(wire.forms.filter(\.open).count == total.openCount(column), "\(column)")
            #expect(wire.forms.allSatisfy { $0.maskedName == "欧阳**" })
        }
        let illness = try ask(division: "", trace: "need_serious_illness").forms
        #expect(illness.map { HouseholdID(bytes: $0.household) } == [streams[0].id, streams[10].id])
        #expect(illness.map(\.sequence) == [2, 2] && illness.map(\.needSequences) == [[3], [3]])
        let special = try ask(trace: "without_special_assistance").forms
        #expect(special.map(\.open) == [false, true, false])
        #expect(try ask(trace: "need_checkup").forms.map(\.needSequences) == [[3]])
        #expect(try ask().forms.isEmpty)
    }

    @Test("迁出后数仍在、姓名不再给原辖区看")
    func namesOnlyOfOwnHouseholdsToday() throws {
        let old = try ask(["370304001001"], division: "", asOf: "2021-08-31", trace: "need_visit").forms
        #expect(old.map(\.count) == [1] && old.map(\.maskedName) == [""])
    }

    @Test("条件写错：说明是哪一项")
    func badQueries() throws {
        func refusal(_ change: (inout Care_V1_NeedsSummaryQuery) -> Void) -> QueryRefusal? {
            var query = Care_V1_Query()
            query.needsSummary.asOf = CivilDay.invented("2021-10-20").dayNumber
            query.needsSummary.from = CivilDay.invented("2021-01-01").dayNumber
            change(&query.needsSummary)
            do {
                _ = try engine().answer(query)
                return nil
            } catch { return error as? QueryRefusal }
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.from = $0.asOf + 1 } == .field("from"))
        #expect(refusal { $0.depth = 8 } == .field("depth"))
        #expect(refusal { $0.trace = "need_luck" } == .field("trace"))
        #expect(refusal { $0.division = "3703" } == .field("division"))
    }
}
