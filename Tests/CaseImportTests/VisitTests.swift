import CareDomain
import CareTestKit
import CaseImport
import OfficeFiles
import Testing

@Suite("需求走访表")
struct VisitTests {
    private func plan(
        _ cells: [String: String], _ bench: RosterBench, _ mode: RosterMode = .report,
        also more: [[String: String]] = []
    ) throws -> VisitPlan {
        try Self.plan([cells] + more, bench.known, mode)
    }

    static func plan(
        _ forms: [[String: String]], _ known: KnownFamilies, _ mode: RosterMode = .report
    ) throws -> VisitPlan {
        let table = try Self.table(forms)
        return try VisitPlan(
            table.table, file: DerivedIDs.digest(of: table.bytes), lookup: known, mode: mode, today: RosterBench.today)
    }

    static func table(_ forms: [[String: String]]) throws -> (table: CSVTable, bytes: [UInt8]) {
        var writer = CSVWriter()
        writer.append(OfficeTemplate.visit.headings)
        for cells in forms { writer.append(OfficeTemplate.visit.headings.map { cells[$0] ?? "" }) }
        return (try CSVTable(writer.bytes), writer.bytes)
    }

    static let filled: [String: String] = [
        "户主身份证号": RosterBench.number("43100219650910002"),
        "年 月 日": "2015年6月1日", "户主姓名": "李某", "家庭人口数": "1", "家庭类型": "失独", "是否低保户": "是", "是否有退休金": "否",
        "目前家庭主要困难": "腿脚不便", "走访慰问需求": "2", "其他需求": "修屋顶；买药", "查体方面需求": "无", "走访人签字：": "王某",
    ]

    @Test("栏目名称与附件3逐字相同")
    func labelsAreThoseOfThePaper() {
        #expect(NeedsForm.fields.count == 25)
        #expect(NeedsForm.fields.map(\.label).joined(separator: "|").hasPrefix("年 月 日|户主姓名|家庭人口数|家庭类型|是否有退休金|"))
        #expect(NeedsForm.fields.last?.label == "走访人签字：")
    }

    @Test("一行一次走访，需求按项计数，被接受；同一文件再导入不变")
    func filledForm() throws {
        var bench = try RosterBench.imported()
        let plan = try plan(Self.filled, bench)
        #expect(plan.counts == (1, 0, 0, 0))
        bench.carryOut(plan.commands)
        let household = try #require(bench.household)
        #expect(household.needs.map(\.raised.kind.rawValue) == ["need_visit", "need_other"])
        #expect(household.needs.map(\.raised.items) == [2, 2])
        let visit = try #require(household.visits.first?.visit)
        #expect(visit.visitor != nil && visit.form?.rawValue == "needs-2021")
        #expect(visit.answers.contains(FormAnswer(field: Code(unchecked: "is_dibao"), value: .bool(true))))
        #expect(visit.answers.contains(FormAnswer(field: Code(unchecked: "main_difficulty"), value: .bool(true))))
        #expect(visit.sealed.details(of: household.members[0].id)?.text == "腿脚不便")
        #expect(try self.plan(Self.filled, bench).counts == (0, 0, 1, 0))
    }

    @Test("需求栏写“3项”的整张表退回，指明这一栏；改成 3 或逐项写明后登记")
    func countInWords() throws {
        var bench = try RosterBench.imported()
        let vague = try plan(Self.filled.merging(["其他需求": "3项"]) { $1 }, bench)
        #expect(vague.commands.isEmpty)
        guard case .refused(let problems) = vague.entries[0].outcome else {
            Issue.record("a count in words was taken for one item")
            return
        }
        #expect(problems.map(\.kind) == [.wrongForm] && problems.first?.heading == "其他需求")
        bench.carryOut(try plan(Self.filled.merging(["其他需求": "修屋顶、换灯，买药"]) { $1 }, bench).commands)
        #expect(bench.household?.needs.map(\.raised.items) == [2, 3])
    }

    @Test("同一张表在另一个文件、另一行，或写法不同：仍是同一次走访")
    func anotherFile() throws {
        var bench = try RosterBench.imported()
        bench.carryOut(try plan(Self.filled, bench).commands)
        let other = Self.filled.merging(["年 月 日": "2015-06-02"]) { $1 }
        #expect(try Self.plan([other, Self.filled], bench.known).counts == (1, 0, 1, 0))
        let dressed = Self.filled.merging([
            "年 月 日": "２０１５-6-1", "家庭人口数": "１", "走访慰问需求": "２", "是否低保户": "√", "查体方面需求": "0",
        ]) { $1 }
        #expect(try plan(dressed, bench).counts == (0, 0, 1, 0))
    }

    @Test("同一户、同一天、同一走访人的表改了一格：只说明，不另记一次；更正替换原表，之后一致")
    func changedCell() throws {
        var bench = try RosterBench.imported()
        bench.carryOut(try plan(Self.filled, bench).commands)
        let other = Self.filled.merging([
            "走访慰问需求": "1", "其他需求": "", "大病救助需求": "3", "是否低保户": "否", "目前家庭主要困难": "腰腿不便",
        ]) { $1 }
        let told = try plan(other, bench)
        #expect(told.counts == (0, 1, 0, 0) && told.commands.isEmpty)
        let cells = told.entries[0].changes.map { "\($0.heading ?? "") \($0.old ?? "-")>\($0.new ?? "-")" }
        #expect(cells == ["是否低保户 是>否", "走访慰问需求 2>1", "大病救助需求 ->3", "其他需求 2>-"])
        let correction = RosterMode.correction(reason: Code(unchecked: "typing_error"), text: "抄错")
        let plan = try plan(other, bench, correction)
        #expect(plan.commands.allSatisfy { $0.correction != nil })
        bench.carryOut(plan.commands)
        let household = try #require(bench.household)
        #expect(household.visits.count == 1)
        #expect(household.visits[0].visit.sealed.details(of: household.members[0].id)?.text == "腰腿不便")
        let needs = household.needs.map { "\($0.raised.kind) \($0.raised.items)" }
        #expect(needs == ["need_visit 1", "need_serious_illness 3"])
        let history = try #require(bench.history)
        let commands = history.formCommands
        #expect(Set(household.needs.map { commands[$0.reference] }) == [commands[household.visits[0].reference]])
        #expect(try self.plan(other, bench, correction).counts == (0, 0, 1, 0))
        // What was there before is now the form that differs, and can be put back.
        #expect(try self.plan(Self.filled, bench).counts == (0, 1, 0, 0))
        bench.carryOut(try self.plan(Self.filled, bench, correction).commands)
        #expect(bench.household?.needs.map(\.raised.items) == [2, 2])
        #expect(try self.plan(Self.filled, bench).counts == (0, 0, 1, 0))
    }

    @Test("只改了文字：说有文字不同，不显示；签字补上也是同一张表；另一走访人是另一次走访")
    func wordsAndSignatures() throws {
        var bench = try RosterBench.imported()
        let unsigned = Self.filled.merging(["走访人签字：": ""]) { $1 }
        bench.carryOut(try plan(unsigned, bench).commands)
        let words = try plan(unsigned.merging(["联系电话": "14000000003"]) { $1 }, bench)
        #expect(words.entries[0].changes.map(\.heading) == [nil])
        let signed = try plan(Self.filled, bench, .correction(reason: Code(unchecked: "other"), text: nil))
        #expect(signed.entries[0].changes.map(\.heading) == ["走访人签字："])
        // Needs in words are not seen, so they are said again; where they are the same, nothing would change.
        bench.carryOut(signed.commands.filter { $0.action.name == "record_visit" })
        #expect(bench.household?.visits.count == 1 && bench.household?.visits[0].visit.visitor != nil)
        #expect(try plan(Self.filled.merging(["走访人签字：": "赵某"]) { $1 }, bench).counts == (1, 0, 0, 0))
    }

    @Test("变更：按 --on 那天重新填写的表登记；不晚于表上日期的退回")
    func filledInAnew() throws {
        var bench = try RosterBench.imported()
        bench.carryOut(try plan(Self.filled, bench).commands)
        let other = Self.filled.merging(["走访慰问需求": "1"]) { $1 }
        let later = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 20)!)
        guard
            case .refused(let problems) = try plan(other, bench, .change(on: CivilDay(year: 2015, month: 6, day: 1)!))
                .entries[0].outcome
        else {
            Issue.record("the form itself is of that day")
            return
        }
        #expect(problems.map(\.kind) == [.changeNotLater])
        bench.carryOut(try plan(other, bench, later).commands)
        #expect(bench.household?.visits.map(\.day.day) == [1, 20])
        #expect(try plan(other, bench, later).counts == (0, 0, 1, 0))
    }

    @Test("一个文件里同一张表有两种说法：两行都退回，互相指明")
    func contradictingRows() throws {
        let bench = try RosterBench.imported()
        let plan = try plan(Self.filled, bench, also: [Self.filled.merging(["走访慰问需求": "1"]) { $1 }])
        #expect(plan.counts == (0, 0, 0, 2))
        #expect(plan.reasons[2]?[0].chinese.contains("第 3 行") == true)
    }

    @Test("看不见姓名的比对：同一走访人的表认得出来")
    func comparedForm() throws {
        var bench = try RosterBench.imported()
        bench.carryOut(try plan(Self.filled, bench).commands)
        let id = try #require(bench.history?.id.description)
        let other = Self.filled.merging(["户编号": id, "走访慰问需求": "1"]) { $1 }
        let strangers = other.merging(["走访人签字：": "赵某"]) { $1 }
        #expect(try Self.plan([other], try bench.compared(Self.table([other]).table)).counts == (0, 1, 0, 0))
        #expect(try Self.plan([strangers], try bench.compared(Self.table([strangers]).table)).counts == (1, 0, 0, 0))
    }

    @Test("答复过的需求不随表撤掉；受理服务说的字段对应到表中的格子")
    func cellsOfForms() throws {
        var bench = try RosterBench.imported()
        let first = try plan(Self.filled, bench)
        let cells = try #require(first.entries[0].cells.values.first)
        #expect(cells.cell(of: "visit.occurred_on")?.heading == "年 月 日")
        #expect(cells.cell(of: "needs[1].items")?.heading == "其他需求")
        bench.carryOut(first.commands)
        let need = try #require(bench.household?.needs.last)
        let answered = NeedAnswered(need: need.reference, outcome: Code(unchecked: "on_the_spot"))
        let command = HouseholdCommand(
            id: DerivedIDs.command(scope: Identifier128(high: 1, low: 1), "answer"), household: bench.history!.id,
            occurredOn: RosterBench.today, action: .answerNeed(answered))
        bench.carryOut([command])
        let without = Self.filled.merging(["其他需求": ""]) { $1 }
        let plan = try plan(without, bench, .correction(reason: Code(unchecked: "other"), text: nil))
        guard case .refused(let problems) = plan.entries[0].outcome else {
            Issue.record("the answer would hang in the air")
            return
        }
        #expect(problems.map(\.kind) == [.answeredNeed] && problems[0].heading == "其他需求")
    }

    @Test("失独、残疾都勾：照收并标出待核；写“不详”的与没填一样，不当作否", arguments: ["失独、残疾", "残疾 失独", "失独√残疾√"])
    func bothFamilyTypes(_ cell: String) throws {
        var bench = try RosterBench.imported()
        let form = Self.filled.merging(["家庭类型": cell, "是否五保户": "不详", "助孕方面需求": "不详"]) { $1 }
        let plan = try plan(form, bench)
        #expect(plan.counts == (1, 0, 0, 0) && plan.entries[0].ticksBothTypes)
        bench.carryOut(plan.commands)
        let visit = try #require(bench.household?.visits.first?.visit)
        let types = visit.answers.filter { $0.field.rawValue == "family_type" }.map(\.value)
        #expect(Set(types) == [.code(Code(unchecked: "bereaved")), .code(Code(unchecked: "disabled_child"))])
        #expect(!visit.answers.contains { $0.field.rawValue == "is_wubao" })
        #expect(bench.household?.needs.contains { $0.raised.kind.rawValue == "need_fertility" } == false)
        #expect(try !self.plan(Self.filled, bench).entries[0].ticksBothTypes)
    }

    @Test("找不到、重名、格式不对：说明原因")
    func refusals() throws {
        var bench = try RosterBench.imported()
        func kinds(_ changes: [String: String]) throws -> [CellProblem.Kind] {
            let plan = try plan(Self.filled.merging(changes) { $1 }, bench)
            guard case .refused(let problems) = plan.entries[0].outcome else { return [] }
            return problems.map(\.kind)
        }
        #expect(try kinds(["户主姓名": "无名氏"]) == [.notOfFamily])
        #expect(try kinds(["户主姓名": ""]) == [])
        #expect(try kinds(["户主身份证号": "", "户主姓名": ""]) == [.nameAlone])
        #expect(try kinds(["年 月 日": "昨天"]) == [.wrongForm])
        #expect(try kinds(["年 月 日": "2015年2月29日"]) == [.noSuchDay])
        #expect(try kinds(["年 月 日": "2015-07-01"]) == [.inFuture])
        #expect(try kinds(["是否低保户": "也许"]) == [.unknownWord])
        #expect(try kinds(["走访慰问需求": "100"]) == [.wrongForm])
        #expect(try kinds(["户主身份证号": "431002196509100021"]) == [.idNumber])
        #expect(try kinds(["户主身份证号": RosterBench.number("43100219650910002")]) == [])
        let namesake = [
            RosterBench.wife(["户标识": "2", "身份证号": RosterBench.number("43100219600101002"), "住址": "甲村"])
        ]
        bench.carryOut(try bench.plan(namesake).commands)
        #expect(try kinds([:]) == [])
        for address in ["", "甲村", "乙村"] {
            #expect(try kinds(["户主身份证号": "", "家庭住址": address]) == [.nameAlone])
        }
    }
}
