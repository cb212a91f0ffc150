import CareDomain
import CaseImport
import OfficeFiles
import Testing

@Suite("格子里写的不是内容：退回，不当作姓名、电话、需求登记")
struct CellContentTests {
    private func told(_ changes: [String: String], _ bench: RosterBench = RosterBench()) throws -> [String] {
        let family = try bench.plan([RosterBench.wife(changes)]).families.first
        guard case .refused(let problems) = family?.outcome else { return [] }
        return problems.map { "\($0.code) \($0.heading ?? "")" }
    }

    @Test("结对人写“无”、斜线、横线、不详的，不是结对人：指出那一格，请留空", arguments: ["无", "/", "-", "不详", "同上", "N/A"])
    func nobodyIsCalledThat(word: String) throws {
        let cells = ["结对干部姓名", "结对干部单位", "结对志愿者姓名", "结对志愿者电话"]
        for cell in cells { #expect(try told([cell: word]).first == "CARE-6339 \(cell)", "\(cell)") }
        #expect(try told(["姓名": word]) == ["CARE-6339 姓名"])
        #expect(try told(["身份证号": word]).first == "CARE-6339 身份证号")
        #expect(try told(["档案号": word]) == ["CARE-6339 档案号"])
        #expect(try told(["建档日期": word]).first == "CARE-6339 建档日期")
        #expect(try told(["户标识": word]) == ["CARE-6339 户标识"])
        // Blank is not known, and 无 is an answer where the template says so.
        #expect(try told(["结对干部姓名": "", "结对干部起": "", "住址": word]).isEmpty)
        #expect(try told(["单位性质": "无", "失能程度": "无"]).allSatisfy { !$0.hasPrefix("CARE-6339") })
    }

    @Test("公式和公式的错误不当作内容；加引号的公式是文字")
    func formulas() throws {
        for cell in ["姓名", "住址", "联系电话", "结对干部单位", "建档日期", "区划代码", "户标识"] {
            for text in ["=A2", "#REF!", "########"] { #expect(try told([cell: text]).first == "CARE-6338 \(cell)") }
        }
        #expect(try told(["姓名": "=\"李某\""]).isEmpty)
        let plan = try RosterBench().plan([RosterBench.wife(["姓名": "=\"李　某\""])])
        guard case .registerHousehold(let register) = try #require(plan.commands.first).action else { return }
        #expect(register.members[0].sealed.details(of: register.members[0].person)?.name == "李某")
    }

    @Test("身份证号说出哪里不对，不重复号码；号码里的空格不算")
    func numbers() throws {
        func reason(_ number: String) throws -> String? {
            let family = try RosterBench().plan([RosterBench.wife(["身份证号": number])]).families.first
            guard case .refused(let problems) = family?.outcome else { return nil }
            return problems.first?.chineseReason
        }
        let right = RosterBench.number("43100219650910002")
        #expect(try reason("431002650910002") == "身份证号：身份证号不正确：是 15 位的旧号码，请填 18 位的号码，请逐位核对")
        #expect(try reason(String(right.dropLast()))?.contains("应为 18 位，这里是 17 位") == true)
        #expect(try reason(right.dropLast() + "*")?.contains("末位只能是数字或 X") == true)
        #expect(try reason("4310021965１３10002X")?.contains("第 7 至 14 位") == true)
        #expect(try reason("431002196509100021")?.contains("校验码") == true)
        let spread = "\(right.prefix(6)) \(right.dropFirst(6).prefix(8))　\(right.suffix(4))"
        #expect(try reason(spread) == nil)
    }

    @Test("表格软件的日期序号、没有期限：说明怎样改；零点和空格不算")
    func days() throws {
        func reason(_ cells: [String: String]) throws -> String? {
            let family = try RosterBench().plan([RosterBench.wife(cells)]).families.first
            guard case .refused(let problems) = family?.outcome else { return nil }
            return problems.first?.chineseReason
        }
        #expect(try reason(["建档日期": "41699"])?.contains("日期序号") == true)
        #expect(try reason(["低保止": "长期"])?.contains("没有期限的请留空") == true)
        for day in ["2014-08-01 00:00:00", "2014 年 8 月 1 日", "2014. 8. 1"] {
            #expect(try reason(["建档日期": day]) == nil)
        }
    }

    @Test("同一身份证号、同一身份的另一行写出行号")
    func rows() throws {
        let plan = try RosterBench().plan([
            RosterBench.wife, RosterBench.child(["身份": "妻子", "子女状况": "", "死亡日期": ""]), RosterBench.wife(["户标识": "2"]),
        ])
        #expect(plan.reasons[2]?.first?.chinese.contains("与第 4 行的身份证号相同") == true)
        #expect(plan.reasons[3]?.first?.chinese.contains("另一名在第 2 行") == true)
        #expect(plan.reasons[4]?.first?.english.contains("as in row 2") == true)
    }

    @Test("走访表：需求栏的斜线、“没有”不是需求，“同上”退回；签字写“无”的不是走访人")
    func visits() throws {
        let bench = try RosterBench.imported()
        func plan(_ cells: [String: String]) throws -> VisitPlan {
            try VisitTests.plan([VisitTests.filled.merging(cells) { $1 }], bench.known)
        }
        func problems(_ cells: [String: String]) throws -> [String] {
            guard case .refused(let problems) = try plan(cells).entries[0].outcome else { return [] }
            return problems.map { "\($0.code) \($0.heading ?? "")" }
        }
        let none = try plan(["走访慰问需求": "/", "其他需求": "没有", "查体方面需求": "——", "助农方面需求": "无需求", "目前家庭主要困难": "没有"])
        guard case .recordVisit(let record) = try #require(none.commands.first).action else { return }
        #expect(record.needs.isEmpty)
        #expect(
            record.visit.answers.contains(FormAnswer(field: Code(unchecked: "main_difficulty"), value: .bool(false))))
        let open = try plan(["目前家庭主要困难": "/"])
        guard case .recordVisit(let left) = try #require(open.commands.first).action else { return }
        #expect(!left.visit.answers.contains { $0.field.rawValue == "main_difficulty" })
        #expect(try problems(["其他需求": "同上"]) == ["CARE-6339 其他需求"])
        #expect(try problems(["其他需求": "#REF!"]) == ["CARE-6338 其他需求"])
        #expect(try problems(["联系电话": "1.35E+10"]) == ["CARE-7207 联系电话"])
        #expect(try problems(["走访人签字：": "/"]) == ["CARE-6339 走访人签字："])
        #expect(try problems(["户编号": "无"]) == ["CARE-6339 户编号"])
        #expect(try problems(["年 月 日": "2015-06-01 00:00:00"]).isEmpty)
    }
}
