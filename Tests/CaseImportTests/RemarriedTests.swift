import CareDomain
import CareTestKit
import CaseImport
import Testing

@Suite("名册中一种身份有两行：丧偶再婚、双胞胎")
struct RemarriedTests {
    private static let change = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 1)!)
    private static let correction = RosterMode.correction(reason: Code(unchecked: "typing_error"), text: nil)
    private static let modes = [RosterMode.report, change, correction]

    private static let husband = [
        "户标识": "1", "档案号": "R-1", "建档日期": "2014-08-01", "区划代码": "431002001", "姓名": "乙父", "身份": "丈夫",
        "身份证号": RosterBench.number("43100219630910001"),
    ]

    private static func wife(_ name: String, died: String = "") -> [String: String] {
        ["户标识": "1", "姓名": name, "身份": "妻子", "死亡日期": died]
    }

    private static func rows(_ wives: [String: String]...) -> [[String: String]] {
        [husband] + wives + [RosterBench.child]
    }

    private func problems(_ plan: RosterPlan) -> [CellProblem] {
        guard case .refused(let problems)? = plan.families.first?.outcome else { return [] }
        return problems
    }

    private func wives(_ bench: RosterBench) -> [String] {
        let wives = bench.household?.members.filter { $0.role == .wife } ?? []
        return wives.map { "\($0.details?.name ?? "") \($0.diedOn?.description ?? "-")" }.sorted()
    }

    @Test("新户就列出已故的前妻和在世的妻子：照收，先后不论；再交不变")
    func newFamily() throws {
        let dead = Self.wife("甲妻", died: "2010-02-02")
        for rows in [Self.rows(dead, Self.wife("乙妻")), Self.rows(Self.wife("乙妻"), dead)] {
            var bench = RosterBench()
            let plan = try bench.plan(rows)
            #expect(plan.counts == (1, 0, 0, 0) && plan.commands.count == 1)
            bench.carryOut(plan.commands)
            #expect(wives(bench) == ["乙妻 -", "甲妻 2010-02-02"].sorted())
            for mode in Self.modes {
                #expect(try bench.plan(rows, mode).counts == (0, 0, 1, 0))
                #expect(try bench.comparedPlan(rows, mode).counts == (0, 0, 1, 0))
            }
            // A later table need not repeat the day of death.
            let undated = Self.rows(Self.wife("甲妻"), Self.wife("乙妻"))
            #expect(try bench.plan(undated).counts == (0, 0, 1, 0))
        }
    }

    @Test("已建档的户：前妻在档、妻子在档、前妻去世与再婚同表登记，都照收，再交不变")
    func knownFamily() throws {
        let both = Self.rows(Self.wife("乙妻"), Self.wife("甲妻", died: "2010-02-02"))
        for first in [Self.wife("甲妻"), Self.wife("甲妻", died: "2010-02-02"), Self.wife("乙妻")] {
            var bench = RosterBench()
            bench.carryOut(try bench.plan(Self.rows(first)).commands)
            let plan = try bench.plan(both, Self.change)
            #expect(plan.counts == (0, 1, 0, 0))
            #expect(plan.families[0].changes.map(\.row) == plan.families[0].changes.map(\.row).sorted())
            bench.carryOut(plan.commands)
            #expect(wives(bench) == ["乙妻 -", "甲妻 2010-02-02"].sorted())
            #expect(try bench.plan(both, Self.change).counts == (0, 0, 1, 0))
        }
    }

    @Test("更正时，表上另一行就是已故的前妻，在世的妻子不改成她的姓名")
    func correction() throws {
        var bench = RosterBench()
        bench.carryOut(try bench.plan(Self.rows(Self.wife("甲妻", died: "2010-02-02"))).commands)
        let both = Self.rows(Self.wife("乙妻"), Self.wife("甲妻", died: "2010-02-02"))
        bench.carryOut(try bench.plan(both, Self.correction).commands)
        #expect(wives(bench) == ["乙妻 -", "甲妻 2010-02-02"].sorted())
    }

    @Test("建档以后才去世的，同一张建档名册里没有第二位：退回，说先去掉这一行、再用变更；照做就行")
    func diedLater() throws {
        let dead = Self.wife("甲妻", died: "2015-02-02")
        let rows = Self.rows(dead, Self.wife("乙妻"))
        var bench = RosterBench()
        let problem = try #require(problems(try bench.plan(rows)).first)
        #expect(problem.kind == .dayOrder && problem.row == 4 && problem.chinese.contains("--as change --on"))
        bench.carryOut(try bench.plan(Self.rows(dead)).commands)
        #expect(problems(try bench.plan(rows, Self.correction)).map(\.kind) == [.dayOrder])
        let early = RosterMode.change(on: CivilDay(year: 2015, month: 2, day: 1)!)
        #expect(problems(try bench.plan(rows, early)).map(\.kind) == [.dayOrder])
        bench.carryOut(try bench.plan(rows, Self.change).commands)
        #expect(wives(bench) == ["乙妻 -", "甲妻 2015-02-02"].sorted())
    }

    @Test("两名都在世的退回，说出怎么办；两行独生子女退回，说双胞胎子女")
    func wayOut() throws {
        let two = try #require(problems(try RosterBench().plan(Self.rows(Self.wife("甲妻"), Self.wife("乙妻")))).first)
        #expect(two.code == "CARE-7210" && two.chinese.contains("死亡日期") && two.chinese.contains("case leave"))
        #expect(two.chinese.contains("第 3 行") && two.english.contains("row 3") && !two.chinese.contains("甲妻"))
        let children = Self.rows() + [RosterBench.child(["姓名": "陈大"])]
        let twins = try #require(problems(try RosterBench().plan(children)).first)
        #expect(twins.code == "CARE-7210" && twins.chinese.contains("双胞胎子女"))
        #expect(twins.english.contains("双胞胎子女"))
        let parents = [
            Self.husband.merging(["身份": "单亲父母"]) { $1 }, ["户标识": "1", "姓名": "乙母", "身份": "单亲父母"], RosterBench.child,
        ]
        #expect(problems(try RosterBench().plan(parents)).first?.chinese.contains("妻子、丈夫") == true)
    }
}
