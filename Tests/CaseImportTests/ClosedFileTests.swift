import CareDomain
import CareTestKit
import CaseImport
import Testing

@Suite("名册与停用的档案")
struct ClosedFileTests {
    private static let change = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 25)!)

    /// A family on file, closed on 2015-06-20 as moved away.
    private static func closed() throws -> (bench: RosterBench, id: HouseholdID) {
        var bench = RosterBench()
        bench.carryOut(try bench.plan([RosterBench.wife(["档案号": "H-001"]), RosterBench.child]).commands)
        let id = try #require(bench.household?.id)
        let close = HouseholdCommand(
            id: CommandID(Identifier128(high: 77, low: 1)), household: id,
            occurredOn: CivilDay(year: 2015, month: 6, day: 20)!,
            action: .closeHousehold(HouseholdClosed(reason: Code(unchecked: "moved_away"))))
        bench.carryOut([close])
        return (bench, id)
    }

    private static func problem(_ plan: RosterPlan) -> CellProblem? {
        guard case .refused(let problems)? = plan.families.first?.outcome else { return nil }
        return problems.first
    }

    private static func rows(_ wife: [String: String]) -> [[String: String]] {
        [RosterBench.wife(wife.merging(["建档日期": "2015-06-21", "结对干部起": "2015-06-21"]) { $1 }), RosterBench.child]
    }

    @Test(
        "迁走又回来、由另一县接收：新的档案号或另一县的区划代码，登记为新户，写明原档案；再导入没有差别",
        arguments: [
            ["档案号": "H-777"], ["档案号": "H-001", "区划代码": "431003001"],
        ])
    func back(cells: [String: String]) throws {
        var (bench, id) = try Self.closed()
        let rows = Self.rows(cells)
        for mode in [RosterMode.report, Self.change] {
            let plan = try bench.comparedPlan(rows, mode)
            #expect(plan.counts == (1, 0, 0, 0) && plan.families[0].former == id)
            #expect(plan.families[0].household != id)
        }
        bench.carryOut(try bench.plan(rows).commands)
        let again = try bench.plan(rows, Self.change)
        #expect(again.counts == (0, 0, 1, 0) && again.families[0].former == nil)
        #expect(again.families[0].household != id)
    }

    @Test("只写身份证号的走访表：停用以前的归原来的档案，以后的归新档；新档建档以前、原档停用以后的也归新档")
    func forms() throws {
        var (bench, former) = try Self.closed()
        let plan = try bench.plan(Self.rows(["档案号": "H-777", "建档日期": "2015-06-21"]))
        let new = try #require(plan.families[0].household)
        bench.carryOut(plan.commands)
        for (day, family) in [
            ("2014-05-01", former), ("2015-06-19", former), ("2015-06-20", new), ("2015-06-21", new),
            ("2015-06-25", new),
        ] {
            let form = VisitTests.filled.merging(["年 月 日": day]) { $1 }
            #expect(try VisitTests.plan([form], bench.known).commands.map(\.household) == [family], "\(day)")
        }
    }

    @Test("档案号和县都没变、写了户编号的，还是停用的那一户：退回，写明户编号和怎样办")
    func stillClosed() throws {
        let (bench, id) = try Self.closed()
        for cells in [["档案号": "H-001"], ["户编号": id.description, "档案号": "H-777"], ["区划代码": "431002002"]] {
            let problem = try #require(Self.problem(try bench.plan(Self.rows(cells))))
            #expect(problem.kind == .closedHousehold && problem.chineseReason.contains(id.description))
            #expect(problem.chineseReason.contains("新的档案号") && problem.englishReason.contains("new archive number"))
        }
        // The file from which it came, once more, opens no second one.
        let first = [RosterBench.wife(["档案号": "H-001"]), RosterBench.child]
        #expect(Self.problem(try bench.plan(first))?.kind == .closedHousehold)
    }

    @Test("新档早于原档案停用之日的退回：同一人同时只在一户；停用的档案号给了别人家，不算原档案")
    func days() throws {
        let (bench, id) = try Self.closed()
        let early = [RosterBench.wife(["档案号": "H-777"]), RosterBench.child]
        let problem = try #require(Self.problem(try bench.plan(early)))
        #expect(problem.kind == .dayOrder && problem.heading == "建档日期")
        #expect(problem.chineseReason.contains("2015-06-20") && problem.chineseReason.contains(id.description))
        let strangers = [
            RosterBench.wife([
                "档案号": "H-001", "姓名": "赵某", "身份证号": RosterBench.number("43100219700910002"), "结对干部姓名": "",
                "结对干部单位": "", "结对干部起": "",
            ]), RosterBench.child(["姓名": "赵小某"]),
        ]
        let plan = try bench.plan(strangers)
        #expect(plan.counts == (1, 0, 0, 0) && plan.families[0].former == nil)
    }

    @Test("登记在不同户的成员：写明哪一行在哪一户，档案号是哪一户的")
    func severalHouseholds() throws {
        var bench = RosterBench()
        bench.carryOut(try bench.plan([RosterBench.wife(["档案号": "T-1"]), RosterBench.child]).commands)
        let first = try #require(bench.household?.id)
        let other = [
            "户标识": "2", "档案号": "T-2", "区划代码": "431002001", "姓名": "米某", "身份": "妻子",
            "身份证号": RosterBench.number("43100219660601602"),
        ]
        let second = try bench.plan([other])
        bench.carryOut(second.commands)
        let mixed = [
            ["户标识": "1", "档案号": "T-2", "区划代码": "431002001", "姓名": "米某", "身份": "妻子"],
            ["户标识": "1", "姓名": "李某", "身份": "其他", "身份证号": RosterBench.wife["身份证号"] ?? ""],
        ]
        let problem = try #require(Self.problem(try bench.plan(mixed)))
        #expect(problem.kind == .severalHouseholds)
        let id = try #require(second.families[0].household)
        #expect(problem.chineseReason.contains("第 3 行的身份证号在 \(first)"))
        #expect(problem.chineseReason.contains("档案号是 \(id) 的") && problem.englishReason.contains("row 3"))
    }

    @Test("结对人缺的电话、单位：变更就补齐；换了的只能更正")
    func helperCompleted() throws {
        var bench = try RosterBench.imported()
        let told = [RosterBench.wife(["结对干部电话": "14000000008"]), RosterBench.child]
        let plan = try bench.comparedPlan(told, Self.change)
        #expect(plan.counts == (0, 1, 0, 0) && plan.commands.count == 1)
        bench.carryOut(plan.commands)
        let tenure = try #require(bench.household?.pairings.first)
        #expect(bench.household?.pairings.count == 1 && tenure.details?.phone == "14000000008")
        #expect(try bench.plan(told, Self.change).counts == (0, 0, 1, 0))
        let other = [RosterBench.wife(["结对干部电话": "14000000009"]), RosterBench.child]
        #expect(Self.problem(try bench.plan(other, Self.change))?.kind == .onlyCorrection)
    }

    @Test(
        "姓名里写已故、去世、（亡）的退回，要填死亡日期；名字里本来有的字不算",
        arguments: [
            "戴 21（已故）", "李某(去世)", "李某 【亡】", "李某（2013年病故", "李某已故",
        ])
    func deathInName(name: String) throws {
        #expect(DeathInName.isTold(name))
        let plan = try RosterBench().plan([RosterBench.wife(["姓名": name]), RosterBench.child])
        let problem = try #require(Self.problem(plan))
        #expect(problem.kind == .deathInName && problem.heading == "姓名" && problem.chineseReason.contains("死亡日期"))
        for plain in ["李故", "亡羊", "买买提·死海", "戴 21", "王某（曾用名王二）"] { #expect(!DeathInName.isTold(plain)) }
    }
}
