import CareDomain
import CareTestKit
import CaseImport
import Testing

@Suite("名册中身份变了的人：还是同一人")
struct ChangedRoleTests {
    private static let change = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 1)!)
    private static let correction = RosterMode.correction(reason: Code(unchecked: "typing_error"), text: nil)

    private static func mother(_ role: String, _ changes: [String: String] = [:]) -> [String: String] {
        let cells = [
            "户标识": "1", "档案号": "S-2", "建档日期": "2014-08-01", "区划代码": "431002001", "姓名": "单某", "身份": role, "性别": "女",
            "出生日期": "1972-03-03",
        ]
        return cells.merging(changes) { $1 }
    }

    private static let child = [
        "户标识": "1", "姓名": "单小某", "身份": "独生子女", "出生日期": "1995-01-01", "子女状况": "死亡", "死亡日期": "2013-10-10",
    ]
    private static let husband = ["户标识": "1", "姓名": "新某", "身份": "丈夫", "出生日期": "1970-03-03"]

    @Test("单亲父母再婚、没有身份证号：变更、更正都是改身份，不另加一人；丈夫加入", arguments: ["1972-03-03", ""])
    func married(birth: String) throws {
        for mode in [Self.change, Self.correction] {
            var bench = RosterBench()
            bench.carryOut(try bench.plan([Self.mother("单亲父母"), Self.child]).commands)
            let rows = [Self.mother("妻子", ["出生日期": birth]), Self.husband, Self.child]
            #expect(try bench.plan(rows).counts == (0, 1, 0, 0))
            let plan = try bench.comparedPlan(rows, mode, opened: mode == Self.correction)
            #expect(plan.families[0].changes.first { $0.column == .role }?.old == "单亲父母")
            bench.carryOut(plan.commands)
            let members = try #require(bench.household).members
            #expect(members.map(\.role) == [.wife, .onlyChild, .husband])
            #expect(try bench.plan(rows, mode).counts == (0, 0, 1, 0))
        }
    }

    @Test("离婚后妻子成为单亲父母：改身份；丈夫由 case leave 登记离开")
    func divorced() throws {
        var bench = RosterBench()
        bench.carryOut(try bench.plan([Self.mother("妻子"), Self.husband, Self.child]).commands)
        let rows = [Self.mother("单亲父母"), Self.child]
        bench.carryOut(try bench.plan(rows, Self.change).commands)
        let members = try #require(bench.household).members
        #expect(members.map(\.role) == [.singleParent, .husband, .onlyChild])
        #expect(members[0].role(on: CivilDay(year: 2015, month: 5, day: 31)!) == .wife)
    }

    @Test("同一天出生而姓名不同的是另一个人：双胞胎照常加入")
    func twins() throws {
        var bench = RosterBench()
        bench.carryOut(try bench.plan([Self.mother("单亲父母"), Self.child]).commands)
        let twin = ["户标识": "1", "姓名": "单大某", "身份": "其他", "出生日期": "1995-01-01"]
        bench.carryOut(try bench.plan([Self.mother("单亲父母"), Self.child, twin], Self.change).commands)
        #expect(bench.household?.members.map(\.role) == [.singleParent, .onlyChild, .other])
    }
}
