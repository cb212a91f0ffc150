import CareDomain
import CareTestKit
import CaseImport
import Testing

@Suite("名册中再生育的子女和双胞胎")
struct LaterChildRosterTests {
    private static let birth = CivilDay(year: 2012, month: 5, day: 5)!
    private static let change = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 1)!)
    private static let correction = RosterMode.correction(reason: Code(unchecked: "typing_error"), text: nil)

    private static func later(_ role: String, _ changes: [String: String] = [:]) -> [String: String] {
        let cells = ["户标识": "1", "姓名": "陈小某", "身份": role, "性别": "女", "出生日期": "2012-05-05"]
        return cells.merging(changes) { $1 }
    }

    @Test("随新户登记：此人和生育都在一条命令里，从出生之日起不是失独", arguments: ["再生育子女", "双胞胎子女"])
    func newFamily(role: String) throws {
        var bench = RosterBench()
        let rows = [RosterBench.wife, RosterBench.child, Self.later(role)]
        let plan = try bench.plan(rows)
        #expect(plan.counts == (1, 0, 0, 0) && plan.commands.count == 1)
        bench.carryOut(plan.commands)
        let household = try #require(bench.household)
        #expect(household.members.map(\.role) == [.wife, .onlyChild, .other])
        #expect(household.births.map(\.payload.child) == [household.members[2].id])
        #expect(household.births.map(\.day) == [Self.birth] && household.possibleLaterChildren.isEmpty)
        #expect(household.hardshipPeriods().allSatisfy { $0.period.end.map { $0 <= Self.birth } ?? false })
        for mode in [RosterMode.report, Self.change, Self.correction] {
            #expect(try bench.plan(rows, mode).counts == (0, 0, 1, 0))
        }
    }

    @Test("已登记为其他的、新加入的：变更和更正都登记生育，之后没有差别")
    func known() throws {
        for mode in [Self.change, Self.correction] {
            for first in [[Self.later("其他")], []] {
                var bench = RosterBench()
                bench.carryOut(try bench.plan([RosterBench.wife, RosterBench.child] + first).commands)
                #expect(bench.household?.births.isEmpty == true)
                #expect(bench.household?.possibleLaterChildren.count == first.count)
                let rows = [RosterBench.wife, RosterBench.child, Self.later("再生育子女")]
                let plan = try bench.plan(rows, mode)
                #expect(plan.counts == (0, 1, 0, 0))
                if !first.isEmpty {
                    let change = try #require(plan.families[0].changes.first)
                    #expect(change.column == .role && change.old == "其他" && change.new == "再生育子女")
                }
                bench.carryOut(plan.commands)
                #expect(bench.household?.births.map(\.day) == [Self.birth])
                #expect(try bench.plan(rows, mode).counts == (0, 0, 1, 0))
            }
        }
    }

    @Test("没有出生日期也没有身份证号的退回；填了收养日期的矛盾")
    func incomplete() throws {
        for changes in [["出生日期": ""], ["收养日期": "2013-05-05"]] {
            let rows = [RosterBench.wife, RosterBench.child, Self.later("再生育子女", changes)]
            #expect(try RosterBench().plan(rows).counts == (0, 0, 0, 1))
        }
        let numbered = Self.later(
            "再生育子女", ["出生日期": "", "身份证号": RosterBench.number("43100220120505002")])
        #expect(try RosterBench().plan([RosterBench.wife, RosterBench.child, numbered]).counts == (1, 0, 0, 0))
    }

    /// The only child was born on 1990-05-06.
    @Test("双胞胎子女比独生子女晚一天以上出生：照收，登记生育的那一次注明，以后不再提；再生育子女、隔一天的不注明")
    func twinsApart() throws {
        for (role, birth, apart) in [
            ("双胞胎子女", "1992-05-06", true), ("双胞胎子女", "1990-05-07", false), ("再生育子女", "1992-05-06", false),
        ] {
            let twin = Self.later(role, ["出生日期": birth])
            let rows = [RosterBench.wife, RosterBench.child, twin]
            let rowsTold = apart ? [4] : []
            var bench = RosterBench()
            let plan = try bench.plan(rows)
            #expect(plan.counts == (1, 0, 0, 0) && plan.families[0].twinsApart == rowsTold)
            bench.carryOut(plan.commands)
            #expect(try bench.plan(rows).families[0].twinsApart == [])
            // The same of one who is told later, or was on record as 其他.
            for first in [[Self.later("其他", ["出生日期": birth])], []] {
                var known = RosterBench()
                known.carryOut(try known.plan([RosterBench.wife, RosterBench.child] + first).commands)
                let plan = try known.plan([RosterBench.wife, twin], Self.change)
                #expect(plan.counts == (0, 1, 0, 0) && plan.families[0].twinsApart == (apart ? [3] : []))
                known.carryOut(plan.commands)
                #expect(try known.plan([RosterBench.wife, twin], Self.change).families[0].twinsApart == [])
            }
        }
    }
}
