import CareDomain
import CareTestKit
import CaseImport
import OfficeFiles
import Testing

@Suite("花名册")
struct RosterTests {
    @Test("新户：一条建档命令带上全部内容，并能被接受")
    func newFamily() throws {
        var bench = RosterBench()
        let plan = try bench.plan([RosterBench.wife, RosterBench.child])
        #expect(plan.counts == (1, 0, 0, 0))
        #expect(plan.commands.count == 1)
        bench.carryOut(plan.commands)
        let household = try #require(bench.household)
        #expect(household.members.map(\.role) == [.wife, .onlyChild])
        #expect(household.members[0].birthDate == CivilDay(year: 1965, month: 9, day: 10))
        #expect(household.members[0].sex == .female)
        #expect(household.members[1].diedOn == CivilDay(year: 2014, month: 3, day: 2))
        #expect(household.members[1].disabilities.map(\.grade) == [3])
        #expect(household.facts.map(\.stated.until) == [CivilDay(year: 2016, month: 1, day: 1)])
        #expect(household.pairings.map(\.details?.name) == ["王某"])
    }

    @Test("同一文件再导入没有命令；缺行不除名；空格不改动")
    func importIsADifference() throws {
        let bench = try RosterBench.imported()
        let again = try bench.plan([RosterBench.wife, RosterBench.child], .change(on: RosterBench.today))
        #expect(again.counts == (0, 0, 1, 0) && again.commands.isEmpty)
        let fewer = try bench.plan([RosterBench.wife], .change(on: RosterBench.today))
        #expect(fewer.counts == (0, 0, 1, 0))
        let emptier = RosterBench.wife(["联系电话": "", "低保起": "", "低保止": "", "结对干部姓名": "", "结对干部单位": ""])
        let empty = try bench.plan([emptier.filter { $0.key != "结对干部起" }], .change(on: RosterBench.today))
        #expect(empty.counts == (0, 0, 1, 0))
    }

    @Test("改动的格子：只报告时没有命令，列出新旧")
    func changedCellsAreReported() throws {
        let bench = try RosterBench.imported()
        let plan = try bench.plan([RosterBench.wife(["联系电话": "14000000002"]), RosterBench.child])
        #expect(plan.counts == (0, 1, 0, 0) && plan.commands.isEmpty)
        let change = try #require(plan.families[0].changes.first)
        #expect(change.row == 2 && change.column == .phone && change.column.isPersonal)
        #expect(change.old == "14000000001" && change.new == "14000000002")
    }

    @Test("新旧值用名册上的词，不用代码")
    func changesAreInWordsOfTheRoster() throws {
        let bench = try RosterBench.imported()
        let plan = try bench.plan([RosterBench.wife(["城乡": "农村"]), RosterBench.child])
        let change = try #require(plan.families[0].changes.first { $0.column == .area })
        #expect(change.old == "城镇" && change.new == "农村")
    }

    static let mended: [(String, String, RosterColumn)] = [
        ("联系电话", "14000000009", .phone), ("城乡", "农村", .area), ("区划代码", "431003001", .division),
        ("低保止", "2015-06-30", .dibaoThrough), ("结对干部姓名", "赵某", .cadreName), ("姓名", "李某某", .name),
    ]

    @Test("变更与更正都被接受，之后再导入没有差别", arguments: mended)
    func changesAndCorrectionsSettle(heading: String, cell: String, column: RosterColumn) throws {
        let day = CivilDay(year: 2015, month: 6, day: 1)!
        let modes: [RosterMode] = [
            .change(on: day), .correction(reason: Code(unchecked: "typing_error"), text: "看错了"),
        ]
        for mode in modes {
            var bench = try RosterBench.imported()
            var row = RosterBench.wife([heading: cell])
            if column == .cadreName { row["结对干部起"] = mode == modes[0] ? "2015-06-01" : "2014-09-01" }
            let rows = [row, RosterBench.child]
            let plan = try bench.plan(rows, mode)
            #expect(plan.counts == (0, 1, 0, 0), "\(heading)")
            #expect(plan.families[0].changes.map(\.column) == [column])
            bench.carryOut(plan.commands)
            #expect(try bench.plan(rows, mode).counts == (0, 0, 1, 0), "\(heading) \(mode)")
            let corrected = bench.history?.events.last?.proposed.correction != nil
            #expect(corrected == (mode != modes[0]))
        }
    }

    @Test("更正死亡日期、残疾等级、出生日期与身份证号一起")
    func correctionsOfPersons() throws {
        var bench = try RosterBench.imported()
        let correction = RosterMode.correction(reason: Code(unchecked: "late_document"), text: nil)
        let id = try #require(bench.household?.id.description)
        let rows = [
            RosterBench.wife(["户编号": id, "身份证号": RosterBench.number("43100219651010002")]),
            RosterBench.child(["死亡日期": "2014-03-05", "残疾等级": "二级"]),
        ]
        #expect(try bench.plan(rows, .change(on: RosterBench.today)).counts == (0, 0, 0, 1))
        let plan = try bench.plan(rows, correction)
        bench.carryOut(plan.commands)
        let household = try #require(bench.household)
        #expect(household.members[0].birthDate == CivilDay(year: 1965, month: 10, day: 10))
        #expect(household.members[1].diedOn == CivilDay(year: 2014, month: 3, day: 5))
        #expect(household.members[1].disabilities.map(\.grade) == [2])
        #expect(try bench.plan(rows, correction).counts == (0, 0, 1, 0))
    }

    @Test("收养日期：随新户、新成员登记；后补的登记收养；另一天要作更正；不是收养子女的行、早于出生的退回")
    func adoption() throws {
        func adopted(_ day: String, _ role: String = "收养子女") -> [String: String] {
            ["户标识": "1", "姓名": "陈小某", "身份": role, "出生日期": "2011-01-01", "收养日期": day]
        }
        let day = CivilDay(year: 2013, month: 5, day: 5)!
        let change = RosterMode.change(on: RosterBench.today)
        var bench = RosterBench()
        bench.carryOut(try bench.plan([RosterBench.wife, RosterBench.child, adopted("")]).commands)
        #expect(bench.household?.undatedAdoptions.count == 1)
        let rows = [RosterBench.wife, RosterBench.child, adopted("2013-05-05")]
        bench.carryOut(try bench.plan(rows, change).commands)
        #expect(bench.household?.adoptions.map(\.day) == [day] && bench.household?.undatedAdoptions.isEmpty == true)
        #expect(try bench.plan(rows, change).commands.isEmpty)
        let other = [RosterBench.wife, RosterBench.child, adopted("2013-05-06")]
        #expect(try bench.plan(other, change).counts == (0, 0, 0, 1))
        let correction = RosterMode.correction(reason: Code(unchecked: "late_document"), text: nil)
        bench.carryOut(try bench.plan(other, correction).commands)
        #expect(bench.household?.adoptions.map(\.day) == [day + 1])

        var new = RosterBench()
        new.carryOut(try new.plan(rows).commands)
        #expect(new.household?.adoptions.map(\.day) == [day] && new.household?.undatedAdoptions.isEmpty == true)
        var joined = try RosterBench.imported()
        joined.carryOut(try joined.plan(rows, change).commands)
        #expect(joined.household?.adoptions.map(\.day) == [day])

        for (cell, role) in [("2013-05-05", "其他"), ("2010-12-31", "收养子女")] {
            #expect(try RosterBench().plan([RosterBench.wife, adopted(cell, role)]).counts == (0, 0, 0, 1))
        }
    }

    @Test("身份证号打错的同一户不会被当作新户")
    func similarFamiliesAreNotNew() throws {
        let bench = try RosterBench.imported()
        let rows = [RosterBench.wife(["身份证号": RosterBench.number("43100219651010002")]), RosterBench.child]
        #expect(try kinds(rows, bench) == [.similarHousehold])
    }

    @Test("新增成员、新证件：变更当日或格中日期起")
    func additions() throws {
        var bench = try RosterBench.imported()
        let husband = [
            "户标识": "1", "姓名": "陈父", "身份": "丈夫", "出生日期": "1963-02-03", "失能程度": "部分失能", "失能评定日期": "2015-03-01",
        ]
        let rows = [
            RosterBench.wife(["特困起": "2015-02-01", "结对党员姓名": "孙某"]), RosterBench.child, husband,
        ]
        let plan = try bench.plan(rows, .change(on: CivilDay(year: 2015, month: 6, day: 1)!))
        #expect(plan.counts == (0, 1, 0, 0))
        let joins = try #require(plan.commands.first { $0.action.name == "add_person" })
        #expect(plan.families[0].cells[joins.id]?.cell(of: "birth_date")?.heading == "出生日期")
        bench.carryOut(plan.commands)
        let household = try #require(bench.household)
        #expect(household.members.count == 3)
        #expect(household.facts.contains { $0.from == CivilDay(year: 2015, month: 3, day: 1)! })
        #expect(household.pairings.count == 2)
        #expect(try bench.plan(rows, .change(on: RosterBench.today)).counts == (0, 0, 1, 0))
    }

    @Test("补录已故成员：从建档之日、出生更晚的从出生之日算在本户，不是变更当日", arguments: ["2014-03-02", "2015-01-05"])
    func deadAddition(died: String) throws {
        var bench = RosterBench()
        bench.carryOut(try bench.plan([RosterBench.wife]).commands)
        let rows = [RosterBench.wife, RosterBench.child(["死亡日期": died])]
        bench.carryOut(try bench.plan(rows, .change(on: CivilDay(year: 2015, month: 6, day: 1)!)).commands)
        let child = try #require(bench.household?.members.last)
        #expect(child.joinedOn == bench.household?.registeredOn && child.diedOn == CivilDay(parsing: died))
        #expect(try bench.plan(rows, .change(on: RosterBench.today)).counts == (0, 0, 1, 0))
    }

    private func kinds(_ rows: [[String: String]], _ bench: RosterBench = RosterBench()) throws -> [CellProblem.Kind] {
        try bench.plan(rows).families.flatMap { family -> [CellProblem.Kind] in
            if case .refused(let problems) = family.outcome { problems.map(\.kind) } else { [] }
        }
    }

    @Test("坏格子：每格说明原因，其余各户照常")
    func badCells() throws {
        let wife = RosterBench.wife
        let cases: [([[String: String]], [CellProblem.Kind])] = [
            ([RosterBench.wife(["身份证号": "431002196509100021"])], [.idNumber]),
            ([RosterBench.wife(["身份证号": "4.31002E+17"])], [.damagedNumber]),
            ([RosterBench.wife(["出生日期": "1965-09-11"])], [.idNumberDisagrees]),
            ([RosterBench.wife(["性别": "男"])], [.idNumberDisagrees]),
            ([RosterBench.wife(["档案号": "A1", "身份证号": "", "性别": "男"])], [.roleSex]),
            ([RosterBench.wife(["身份证号": RosterBench.number("43100219650910001")])], [.roleSex]),
            ([wife, RosterBench.child(["残疾评定日期": "2014-03-03"])], [.afterDeath]),
            ([wife, RosterBench.child(["死亡日期": "2015-07-01"])], [.inFuture]),
            ([RosterBench.wife(["失能程度": "部分失能", "失能评定日期": "1965-09-09"])], [.dayOrder]),
            ([RosterBench.wife(["身份": "姑姑"])], [.unknownWord]),
            ([RosterBench.wife(["死亡日期": "昨天"])], [.wrongForm]),
            ([RosterBench.wife(["死亡日期": "2014-02-29"])], [.noSuchDay]),
            ([RosterBench.wife(["身份": ""])], [.missingValue]),
            ([RosterBench.wife(["低保止": "2014-12-31"])], [.dayOrder]),
            ([wife, RosterBench.child(["死亡日期": ""])], [.missingValue]),
            ([wife, RosterBench.child(["残疾评定日期": ""])], [.needsDay]),
            ([wife, RosterBench.child(["区划代码": "431003"])], [.contradicts]),
            ([wife, RosterBench.child(["身份": "妻子", "子女状况": "", "死亡日期": ""])], [.repeatedRole]),
            ([wife, wife.merging(["户标识": "2"]) { $1 }], [.repeatedPerson, .repeatedPerson]),
            ([RosterBench.wife(["身份证号": ""])], [.notFindable]),
            ([RosterBench.wife(["区划代码": ""])], [.missingValue]),
            ([RosterBench.wife(["户编号": "x"])], [.wrongForm]),
            ([RosterBench.wife(["户编号": String(repeating: "0", count: 26)])], [.unknownHousehold]),
        ]
        for (rows, expected) in cases { #expect(try kinds(rows) == expected, "\(expected)") }
        let mixed = try RosterBench().plan([
            RosterBench.wife(["户标识": "9", "身份": "姑姑", "身份证号": ""]), RosterBench.wife, RosterBench.child,
        ])
        #expect(mixed.counts == (1, 0, 0, 1))
    }

    @Test("日期先后矛盾写出两个日期；没有的日子说明缘由；建档日期退回时指建档日期一格")
    func days() throws {
        func problem(_ changes: [String: String]) throws -> CellProblem? {
            let family = try RosterBench().plan([RosterBench.wife(changes)]).families.first
            guard case .refused(let problems) = family?.outcome else { return nil }
            return problems.first
        }
        let early = try #require(try problem(["失能程度": "部分失能", "失能评定日期": "1965-09-09"]))
        #expect(early.chineseReason == "失能评定日期：日期先后矛盾：1965-09-09 早于“出生日期”1965-09-10，请核对这两个日期")
        #expect(early.englishReason.contains("1965-09-09 is before 出生日期 1965-09-10"))
        let missing = try #require(try problem(["死亡日期": "2014-02-29"]))
        #expect(missing.code == "CARE-7273" && missing.chineseReason == "死亡日期：没有这一天：2014 不是闰年，2 月只有 28 天")
        let family = try #require(
            try RosterBench().plan([RosterBench.wife(["建档日期": "1970-01-01"])]).families.first)
        let command = try #require(family.commands.first)
        #expect(family.cells[command.id]?.cell(of: "household.occurred_on")?.heading == "建档日期")
    }

    @Test("末三位本来就是 000 的号码照收；表中有号码被表格软件改坏的，000 的都退回")
    func numbersThatEndInZeros() throws {
        let honest = "431002196603146000"
        let row = RosterBench.wife(["身份证号": honest])
        #expect(try kinds([row]).isEmpty)
        let damaged = RosterBench.wife(["户标识": "2", "身份证号": "431002196509100000"])
        #expect(try kinds([row, damaged]) == [.damagedNumber, .damagedNumber])
    }

    @Test("变更时日期列还是旧的：退回，不倒填到旧日期；改了日期或清空都可以", arguments: ["2015-03-01", "", "2015-06-01"])
    func dayOfWhatWasBefore(cell: String) throws {
        var bench = try RosterBench.imported()
        let before = RosterBench.wife(["失能程度": "部分失能", "失能评定日期": "2015-03-01"])
        bench.carryOut(
            try bench.plan([before, RosterBench.child], .change(on: CivilDay(year: 2015, month: 3, day: 1)!)).commands)
        let after = [before.merging(["失能程度": "完全失能", "失能评定日期": cell]) { $1 }, RosterBench.child]
        let mode = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 1)!)
        let plan = try bench.plan(after, mode)
        guard cell != "2015-03-01" else {
            guard case .refused(let problems) = plan.families[0].outcome else {
                Issue.record("the old day is not that of the change")
                return
            }
            #expect(problems.map(\.kind) == [.staleDay])
            return
        }
        bench.carryOut(plan.commands)
        let stated = bench.household?.facts.filter { $0.stated.fact.rawValue == "person.care_dependency" }.map(\.from)
        #expect(stated?.last == CivilDay(year: 2015, month: 6, day: 1)!)
        #expect(try bench.plan(after, mode).counts == (0, 0, 1, 0))
    }

    @Test("档案记已去世而表中写健在：退回，不当作没填", arguments: ["健在", "伤残"])
    func aliveAgainstADeath(cell: String) throws {
        let bench = try RosterBench.imported()
        let child = RosterBench.child.merging(["子女状况": cell, "死亡日期": ""]) { $1 }
        let plan = try bench.plan([RosterBench.wife, child])
        guard case .refused(let problems) = plan.families[0].outcome else {
            Issue.record("the cell contradicts the archive")
            return
        }
        #expect(problems.map(\.kind) == [.recordedDead] && problems[0].heading == "子女状况")
    }

    @Test("建档日期与档案不同：列为差异，只能更正；更正之后一致")
    func dayOfTheFile() throws {
        var bench = try RosterBench.imported()
        let rows = [RosterBench.wife.merging(["建档日期": "2014-08-02"]) { $1 }, RosterBench.child]
        #expect(try bench.plan(rows).families[0].changes.map(\.column) == [.registeredOn])
        guard case .refused(let problems) = try bench.plan(rows, .change(on: RosterBench.today)).families[0].outcome
        else {
            Issue.record("a file is opened once")
            return
        }
        #expect(problems.map(\.kind) == [.onlyCorrection])
        bench.carryOut(try bench.plan(rows, .correction(reason: Code(unchecked: "typing_error"), text: nil)).commands)
        #expect(bench.household?.registeredOn == CivilDay(year: 2014, month: 8, day: 2)!)
        #expect(try bench.plan(rows).counts == (0, 0, 1, 0))
    }

    @Test("换了结对人而起始日期还是前任的：退回")
    func helperWithTheDayOfTheFormer() throws {
        let bench = try RosterBench.imported()
        let plan = try bench.plan(
            [RosterBench.wife(["结对干部姓名": "赵某"]), RosterBench.child], .change(on: RosterBench.today))
        guard case .refused(let problems) = plan.families[0].outcome else {
            Issue.record("the former helper's day is not the new one's")
            return
        }
        #expect(problems.map(\.kind) == [.staleDay])
    }

    @Test("父母一行的死亡日期：表中和档案都没说子女状况的先问清，说了的照收")
    func deathInAParentsRow() throws {
        let died = ["死亡日期": "2014-03-02"]
        let wife = RosterBench.wife(died)
        let blank = RosterBench.child(["子女状况": "", "死亡日期": "", "残疾等级": "", "残疾评定日期": ""])
        #expect(try kinds([wife]) == [.parentOrChildDied])
        #expect(try kinds([wife, blank]) == [.parentOrChildDied])
        #expect(try kinds([wife, blank.merging(["子女状况": "健在"]) { $1 }]).isEmpty)
        #expect(try kinds([wife, RosterBench.child]).isEmpty)
        // What the archive says of the child is enough, and a death that is on record is not asked about again.
        var bench = try RosterBench.imported()
        #expect(try kinds([wife], bench).isEmpty)
        bench.carryOut(try bench.plan([wife], .change(on: RosterBench.today)).commands)
        #expect(bench.household?.members[0].diedOn == CivilDay(year: 2014, month: 3, day: 2))
        #expect(try bench.plan([wife]).counts == (0, 0, 1, 0))
    }

    @Test("认定的家庭类别各有起止两列，登记为政策包读取的事项；空白的不登记")
    func certifiedKinds() throws {
        var bench = RosterBench()
        let kinds = ["计生特殊家庭起": "2014-01-01", "计生困难起": "2014-02-01", "计生困难止": "2014-12-31", "独女户起": "2013-01-01"]
        bench.carryOut(try bench.plan([RosterBench.wife(kinds), RosterBench.child]).commands)
        let facts = bench.household?.facts.filter { $0.stated.source.rawValue == "roster" } ?? []
        let stated = Dictionary(facts.map { ($0.stated.fact.rawValue, $0) }) { $1 }
        #expect(stated["household.special_family"]?.from == CivilDay(year: 2014, month: 1, day: 1))
        #expect(stated["household.fp_hardship"]?.stated.until == CivilDay(year: 2015, month: 1, day: 1))
        #expect(stated["household.one_daughter"]?.stated.value == .bool(true))
        #expect(stated["household.one_son"] == nil && stated["household.fp_model"] == nil)
    }

    @Test("原因有中英两种，列名只说一遍")
    func reasonsInTwoLanguages() throws {
        let plan = try RosterBench().plan([RosterBench.wife(["身份": ""]), RosterBench.child])
        let reasons = plan.reasons
        #expect(reasons[2]?.map(\.chinese) == ["CARE-7202 身份：必须填写"])
        #expect(reasons[2]?.map(\.english) == ["CARE-7202 身份: a value is needed"])
        #expect(reasons[3]?.first?.chinese.components(separatedBy: "身份").count == 2)
        let day = try RosterBench().plan([RosterBench.wife(["死亡日期": "昨天"])]).reasons[2]?.first?.english ?? ""
        #expect(day.hasSuffix("wrong form; expected a day such as 2014-07-16"))
    }

    @Test("拒绝的行写回原表加一列原因，改好即可再导入")
    func rejectedRowsGoBack() throws {
        let bytes = RosterBench.bytes([RosterBench.wife(["身份": "姑姑"]), RosterBench.child])
        let roster = try Roster(CSVTable(bytes))
        let plan = RosterPlan(
            roster, file: DerivedIDs.digest(of: bytes), lookup: KnownFamilies(), mode: .report, today: RosterBench.today
        )
        let written = RejectedRows.file(roster.table, reasons: plan.reasons.mapValues { $0.map(\.chinese) })
        #expect(RejectedRows.wrote(written))
        // A table of the office's own is none, whatever it is called.
        #expect(!RejectedRows.wrote(bytes) && !RejectedRows.wrote(Array("\u{FEFF}原因,姓名\r\n".utf8)))
        #expect(!RejectedRows.wrote([]))
        let rejected = try CSVTable(written)
        #expect(rejected.headings == roster.table.headings + ["原因"] && rejected.rows.count == 2)
        let reason = try #require(rejected.cell("原因", in: rejected.rows[0]))
        #expect(reason.contains("CARE-7204") && reason.contains("妻子"))
        #expect(try Roster(rejected).ignoredHeadings == ["原因"])
    }

    @Test("空白模板可以原样导入：没有一行；缺列的表被拒绝")
    func templates() throws {
        let roster = try Roster(CSVTable(OfficeTemplate.roster.file))
        #expect(roster.rows.isEmpty && roster.ignoredHeadings.isEmpty)
        let visits = try VisitPlan(
            CSVTable(OfficeTemplate.visit.file), file: DerivedIDs.digest(of: []), lookup: KnownFamilies(),
            today: RosterBench.today)
        #expect(visits.entries.isEmpty && visits.ignoredHeadings.isEmpty)
        #expect(throws: CellProblem.self) { try Roster(CSVTable(Array("姓名,身份\n李某,妻子\n".utf8))) }
    }
}
