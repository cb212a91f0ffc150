import CareDomain
import CaseImport
import OfficeFiles
import Testing

@Suite("花名册：合并单元格、户的标识、格子的写法")
struct MergedCellsTests {
    static let husband = [
        "姓名": "陈父", "身份": "丈夫", "区划代码": "431002001", "身份证号": RosterBench.number("43100219630203001"),
    ]
    static let child = RosterBench.child(["户标识": "", "区划代码": "431002001"])

    private func kinds(_ rows: [[String: String]], _ bench: RosterBench = RosterBench()) throws -> [CellProblem.Kind] {
        try bench.plan(rows).families.flatMap { family -> [CellProblem.Kind] in
            if case .refused(let problems) = family.outcome { problems.map(\.kind) } else { [] }
        }
    }

    @Test("紧接其下、没有户标识的行是同一户的人，预览说明")
    func rowsGoOn() throws {
        let rows = [RosterBench.wife, Self.husband, Self.child]
        let plan = try RosterBench().plan(rows)
        #expect(plan.counts == (1, 0, 0, 0) && plan.families[0].rows == [2, 3, 4])
        guard case .registerHousehold(let register)? = plan.commands.first?.action else {
            Issue.record("one family is registered")
            return
        }
        #expect(register.members.map(\.role) == [.wife, .husband, .onlyChild])
        let roster = try Roster(CSVTable(RosterBench.bytes(rows)))
        #expect(roster.continued.map(\.row) == [3, 4] && roster.continued.allSatisfy { $0.family == 2 })
        // Filled in row by row it is the same family.
        var bench = RosterBench()
        bench.carryOut(plan.commands)
        let full = rows.map { $0.merging(["户标识": "1"]) { $1 } }
        #expect(try bench.plan(full).counts == (0, 0, 1, 0))
    }

    @Test("分不清属于哪一户：这一行和上面的一户都先不登记")
    func rowsThatDoNotFit() throws {
        let another = RosterBench.wife(["户标识": "", "身份证号": RosterBench.number("43100219660101002")])
        #expect(try kinds([RosterBench.wife, another]) == [.unclearBelow, .noFamilyKey])
        let elsewhere = Self.child.merging(["区划代码": "431003001"]) { $1 }
        #expect(try kinds([RosterBench.wife, Self.husband, elsewhere]) == [.unclearBelow, .noFamilyKey])
        let reasons = try RosterBench().plan([RosterBench.wife, Self.husband, elsewhere]).reasons
        #expect(reasons.keys.sorted() == [2, 3, 4] && reasons[2]?[0].chinese.contains("第 4 行") == true)
    }

    @Test("整张表没有写是哪一户：像是一户的相邻各行都退回，指出另一行；都不会是一户的，仍各成一户")
    func rowsWithoutFamilies() throws {
        let wife = RosterBench.wife(["户标识": ""])
        let rows = [wife, Self.husband, Self.child]
        #expect(try kinds([wife, Self.husband]) == [.besideAnother, .besideAnother])
        let plan = try RosterBench().plan([wife, Self.husband])
        #expect(plan.commands.isEmpty && plan.counts == (0, 0, 0, 2))
        #expect(plan.reasons[2]?[0].chinese.contains("第 3 行") == true)
        #expect(plan.reasons[3]?[0].chinese.contains("户标识") == true)
        // Two wives are two families, and so are people of two places.
        let other = RosterBench.wife(["户标识": "", "身份证号": RosterBench.number("43100219660101002")])
        #expect(try kinds([wife, other]).isEmpty)
        #expect(try kinds([wife, Self.husband.merging(["区划代码": "431003001"]) { $1 }]).isEmpty)
        // Whoever is on record is found, whoever is not may be of the same family.
        let bench = try RosterBench.imported()
        #expect(try kinds([wife, Self.husband], bench) == [.besideAnother])
        #expect(try kinds([wife], bench).isEmpty)
        #expect(try RosterBench().plan(rows.map { $0.merging(["户标识": "1"]) { $1 } }).counts == (1, 0, 0, 0))
    }

    @Test("同一档案号写给两户：指明另一户；档案里已有别人的也是")
    func archiveNumbers() throws {
        let other = RosterBench.wife([
            "户标识": "2", "档案号": "A-7", "姓名": "孙某", "身份证号": RosterBench.number("43100219660101002"),
        ])
        let own = RosterBench.wife(["档案号": "A-7"])
        #expect(try kinds([own, other]) == [.archiveNumberTaken, .archiveNumberTaken])
        var bench = RosterBench()
        bench.carryOut(try bench.plan([own]).commands)
        #expect(try kinds([other], bench) == [.archiveNumberTaken])
        #expect(try bench.plan([RosterBench.wife(["档案号": "A-7", "联系电话": ""])]).counts == (0, 0, 1, 0))
    }

    @Test("两个县用同一档案号：各是一户，在一张表里、与档案比对都是；没写区划又没别的说明的，要填户编号")
    func archiveNumbersOfTwoCounties() throws {
        let own = RosterBench.wife(["档案号": "A-7"])
        let numbered = ["户标识": "2", "档案号": "A-7", "区划代码": "431021001"]
        let other = RosterBench.wife(numbered.merging(["身份证号": RosterBench.number("43100219660101002")]) { $1 })
        let child = RosterBench.child(["户标识": "2", "档案号": "A-7"])
        var bench = RosterBench()
        let plan = try bench.plan([own, other, child])
        #expect(plan.counts == (2, 0, 0, 0))
        bench.carryOut(plan.commands)
        #expect(try bench.plan([own, other, child]).counts == (0, 0, 2, 0))
        #expect(try bench.comparedPlan([own, other, child]).counts == (0, 0, 2, 0))
        // A third county's, with people of these names: another family as well, for their numbers say so.
        let third = RosterBench.wife(
            numbered.merging(["区划代码": "431022", "身份证号": RosterBench.number("43100219670101002")]) { $1 })
        #expect(try bench.plan([third, child]).counts == (1, 0, 0, 0))
        // Where nothing says that they are others, they may have moved.
        let unnumbered = RosterBench.wife(["档案号": "A-7", "区划代码": "431022", "身份证号": "", "性别": "女"])
        #expect(try kinds([unnumbered], bench) == [.similarHousehold])
        let nowhere = RosterBench.wife(["档案号": "A-7", "区划代码": "", "身份证号": "", "姓名": "孙某"])
        #expect(try kinds([nowhere], bench) == [.severalCounties])
    }

    @Test("全角、撇号、=\"…\"：读作本来要写的", arguments: ["'%", "=\"%\"", "％"])
    func dressedCells(form: String) throws {
        let number = RosterBench.number("43100219650910002")
        let wide = String(
            String.UnicodeScalarView(number.unicodeScalars.map { Unicode.Scalar($0.value + 0xFEE0) ?? $0 }))
        let parts = form.split(separator: "%", omittingEmptySubsequences: false)
        let cell = form == "％" ? wide : parts.joined(separator: number)
        let rows = [RosterBench.wife(["户标识": "Ｆ２３", "身份证号": cell]), RosterBench.child(["户标识": "F23"])]
        let plan = try RosterBench().plan(rows)
        #expect(plan.counts == (1, 0, 0, 0))
        guard case .registerHousehold(let register)? = plan.commands.first?.action else { return }
        #expect(register.members.first?.sealed.first?.details?.idNumber == number)
        // Exports write it without doubling the quotes.
        let bytes = Array("户标识,区划代码,姓名,身份,身份证号\n1,431002001,李某,妻子,=\"\(number)\"\n".utf8)
        let roster = try Roster(CSVTable(bytes))
        #expect(roster.rows.flatMap(\.problems).isEmpty)
    }

    @Test("父母一行的子女状况：日期在子女一行就够了；哪里都没有的在子女一行要")
    func childStatusInAParentsRow() throws {
        let wife = RosterBench.wife(["子女状况": "死亡"])
        #expect(try kinds([wife, RosterBench.child]).isEmpty)
        let blank = RosterBench.child(["子女状况": "", "死亡日期": ""])
        let plan = try RosterBench().plan([wife, blank])
        guard case .refused(let problems) = plan.families[0].outcome else {
            Issue.record("nobody says when")
            return
        }
        #expect(problems.map(\.kind) == [.missingValue] && problems[0].heading == "死亡日期" && problems[0].row == 3)
        #expect(try kinds([RosterBench.wife(["子女状况": "健在"]), RosterBench.child]) == [.contradicts])
    }

    @Test("档案记去世的人：去世之后的评定退回，之前的照常")
    func afterDeath() throws {
        var bench = try RosterBench.imported()
        let late = RosterBench.child(["残疾等级": "二级", "残疾评定日期": ""])
        let mode = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 1)!)
        guard case .refused(let problems) = try bench.plan([RosterBench.wife, late], mode).families[0].outcome else {
            Issue.record("nobody is assessed after death")
            return
        }
        #expect(problems.map(\.kind) == [.afterDeath])
        let before = RosterBench.child(["残疾等级": "二级", "残疾评定日期": "2013-01-01"])
        bench.carryOut(try bench.plan([RosterBench.wife, before], mode).commands)
        #expect(bench.household?.members[1].disabilities.map(\.grade) == [3, 2])
    }

    @Test("受理服务说的字段对应到行和列名")
    func cellsOfFields() throws {
        let plan = try RosterBench().plan([RosterBench.wife, RosterBench.child(["失能程度": "无"])])
        let command = try #require(plan.commands.first)
        let cells = try #require(plan.families[0].cells[command.id])
        guard case .registerHousehold(let register) = command.action else { return }
        let death = try #require(
            register.facts.firstIndex { if case .personDied = $0.event { true } else { false } })
        #expect(cells.cell(of: "facts[\(death)].occurred_on")?.heading == "死亡日期")
        #expect(cells.cell(of: "facts[\(death)].occurred_on")?.row == 3)
        #expect(cells.cell(of: "members[1].birth_date")?.heading == "出生日期")
        #expect(cells.cell(of: "members[0].id_number")?.heading == "身份证号")
        let bench = try RosterBench.imported()
        let changed = try bench.plan(
            [RosterBench.wife(["联系电话": "14000000002"]), RosterBench.child], .change(on: RosterBench.today))
        let change = try #require(changed.commands.first)
        #expect(changed.families[0].cells[change.id]?.cell(of: "sealed")?.heading == "联系电话")
    }
}
