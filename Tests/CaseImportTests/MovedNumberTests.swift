import CareDomain
import CareTestKit
import CaseImport
import Testing

@Suite("名册：迁到另一县与档案号")
struct MovedNumberTests {
    private static let correction = RosterMode.correction(reason: Code(unchecked: "typing_error"), text: nil)
    private static let change = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 1)!)

    private static func rows(_ changes: [String: String]) -> [[String: String]] {
        [RosterBench.wife(["档案号": "BH-1"].merging(changes) { $1 }), RosterBench.child]
    }

    private func problems(_ plan: RosterPlan) -> [CellProblem.Kind] {
        guard case .refused(let problems)? = plan.families.first?.outcome else { return [] }
        return problems.map(\.kind)
    }

    private func number(_ bench: RosterBench, _ month: Int, _ day: Int) -> String? {
        bench.household?.archiveNumber(on: CivilDay(year: 2015, month: month, day: day)!)?.number
    }

    @Test("区划和档案号一起变：一次迁移，从那天起是新县的号；再交不变；录错的新号用更正，旧号不动")
    func moved() throws {
        var bench = RosterBench()
        bench.carryOut(try bench.plan(Self.rows([:])).commands)
        let moved = Self.rows(["区划代码": "431003001", "档案号": "GY-9"])
        let plan = try bench.plan(moved, Self.change)
        #expect(plan.counts == (0, 1, 0, 0) && plan.commands.count == 1)
        let command = try #require(plan.commands.first)
        guard case .moveHousehold(let payload) = command.action else {
            Issue.record("no move")
            return
        }
        #expect(payload.archiveNumber == "GY-9" && payload.division == DivisionCode("431003001"))
        #expect(plan.families[0].cells[command.id]?.cell(of: "archive_number")?.heading == "档案号")
        bench.carryOut(plan.commands)
        #expect(number(bench, 5, 31) == "BH-1" && number(bench, 6, 1) == "GY-9")
        #expect(try bench.plan(moved, .report).counts == (0, 0, 1, 0))
        let mistyped = Self.rows(["区划代码": "431003001", "档案号": "GY-8"])
        #expect(problems(try bench.plan(mistyped, Self.change)) == [.onlyCorrection])
        let correction = try bench.plan(mistyped, Self.correction)
        #expect(correction.commands.count == 1)
        bench.carryOut(correction.commands)
        #expect(number(bench, 5, 31) == "BH-1" && number(bench, 6, 1) == "GY-8")
    }

    @Test("先迁移、后给号：同一行填区划代码，从给号之日起；不填区划的退回并说明；更正则从迁移之日起")
    func givenLater() throws {
        var bench = RosterBench()
        bench.carryOut(try bench.plan(Self.rows([:])).commands)
        bench.carryOut(try bench.plan(Self.rows(["区划代码": "431003001"]), Self.change).commands)
        #expect(number(bench, 6, 1) == "BH-1")
        let given = Self.rows(["区划代码": "431003001", "档案号": "GY-9"])
        let corrected = try bench.plan(given, Self.correction)
        #expect(corrected.commands.map(\.occurredOn) == [CivilDay(year: 2015, month: 6, day: 1)!])
        let later = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 20)!)
        let unsaid = Self.rows(["档案号": "GY-9", "区划代码": ""])
        #expect(problems(try bench.plan(unsaid, later)) == [.numberOfNewCounty])
        bench.carryOut(try bench.plan(given, later).commands)
        #expect(number(bench, 6, 19) == "BH-1" && number(bench, 6, 20) == "GY-9")
        #expect(bench.household?.division(on: RosterBench.today) == DivisionCode("431003001"))
    }

    @Test("县内迁移不换号：号不同的只能更正，更正的是建档的号")
    func withinTheCounty() throws {
        var bench = RosterBench()
        bench.carryOut(try bench.plan(Self.rows([:])).commands)
        let rows = Self.rows(["区划代码": "431002002", "档案号": "BH-2"])
        #expect(problems(try bench.plan(rows, Self.change)) == [.onlyCorrection])
        bench.carryOut(try bench.plan(Self.rows(["区划代码": "431002002"]), Self.change).commands)
        bench.carryOut(try bench.plan(rows, Self.correction).commands)
        #expect(number(bench, 1, 1) == "BH-2" && bench.household?.archiveNumbers.count == 1)
    }
}
