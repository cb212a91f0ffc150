import CareDomain
import CareTestKit
import CaseImport
import OfficeFiles
import Testing

@Suite("需求走访表")
struct VisitTests {
    private func plan(_ cells: [String: String], _ bench: RosterBench) throws -> VisitPlan {
        var writer = CSVWriter()
        writer.append(OfficeTemplate.visit.headings)
        writer.append(OfficeTemplate.visit.headings.map { cells[$0] ?? "" })
        return try VisitPlan(
            CSVTable(writer.bytes), file: DerivedIDs.digest(of: writer.bytes), lookup: bench.known)
    }

    static let filled: [String: String] = [
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
        #expect(plan.counts == (1, 0, 0))
        bench.carryOut(plan.commands)
        let household = try #require(bench.household)
        #expect(household.needs.map(\.raised.kind.rawValue) == ["need_visit", "need_other"])
        #expect(household.needs.map(\.raised.items) == [2, 2])
        let visit = try #require(household.visits.first?.visit)
        #expect(visit.visitor != nil && visit.form?.rawValue == "needs-2021")
        #expect(visit.answers.contains(FormAnswer(field: Code(unchecked: "is_dibao"), value: .bool(true))))
        #expect(visit.answers.contains(FormAnswer(field: Code(unchecked: "main_difficulty"), value: .bool(true))))
        #expect(visit.sealed.details(of: household.members[0].id)?.text == "腿脚不便")
        #expect(try self.plan(Self.filled, bench).counts == (0, 1, 0))
    }

    @Test("同一张表在另一个文件、另一行，或旁边添了别的表：仍是同一次走访")
    func anotherFile() throws {
        var bench = try RosterBench.imported()
        bench.carryOut(try plan(Self.filled, bench).commands)
        var other = Self.filled
        other["走访慰问需求"] = "1"
        var writer = CSVWriter()
        let headings = OfficeTemplate.visit.headings
        writer.append(headings)
        for cells in [other, Self.filled] { writer.append(headings.map { cells[$0] ?? "" }) }
        let plan = try VisitPlan(
            CSVTable(writer.bytes), file: DerivedIDs.digest(of: writer.bytes), lookup: bench.known)
        #expect(plan.counts == (1, 1, 0))
    }

    @Test("失独、残疾都勾：照收并标出待核；写“不详”的与没填一样，不当作否", arguments: ["失独、残疾", "残疾 失独", "失独√残疾√"])
    func bothFamilyTypes(_ cell: String) throws {
        var bench = try RosterBench.imported()
        let form = Self.filled.merging(["家庭类型": cell, "是否五保户": "不详", "助孕方面需求": "不详"]) { $1 }
        let plan = try plan(form, bench)
        #expect(plan.counts == (1, 0, 0) && plan.entries[0].ticksBothTypes)
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
        #expect(try kinds(["户主姓名": "无名氏"]) == [.unknownHousehold])
        #expect(try kinds(["户主姓名": ""]) == [.missingValue])
        #expect(try kinds(["年 月 日": "昨天"]) == [.wrongForm])
        #expect(try kinds(["是否低保户": "也许"]) == [.unknownWord])
        #expect(try kinds(["走访慰问需求": "100"]) == [.wrongForm])
        #expect(try kinds(["户主身份证号": "431002196509100021"]) == [.idNumber])
        #expect(try kinds(["户主身份证号": RosterBench.number("43100219650910002")]) == [])
        let namesake = [
            RosterBench.wife(["户标识": "2", "身份证号": RosterBench.number("43100219600101002"), "住址": "甲村"])
        ]
        bench.carryOut(try bench.plan(namesake).commands)
        #expect(try kinds([:]) == [.severalHouseholds])
        #expect(try kinds(["家庭住址": "甲村"]) == [])
    }
}
