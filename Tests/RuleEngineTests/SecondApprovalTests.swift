import CareDomain
import Testing

@testable import RuleEngine

@Suite("复核人")
struct SecondApprovalTests {
    private static let need = "department: dept.finance\n    second_approver: [exception, above_floor]"

    private static func pack(_ changed: String) throws -> RulePack {
        try RulePack.load(bytes: Array(changed.utf8), name: "small.yaml")
    }

    @Test("政策包写明哪些决定要复核，目录里就有；没写的没有")
    func inTheCatalogue() throws {
        let guarded = try Self.pack(SmallPack.text.replacing("department: dept.finance", with: Self.need))
        let clause = ClauseID("SM-1")!
        func needed(_ pack: RulePack) -> SecondApproval? {
            PackRegistry(versions: [PublishedPack(pack: pack)]).policyCatalog.clauses[clause]?.secondApproval
        }
        #expect(needed(guarded) == [.exception, .aboveFloor])
        #expect(needed(try SmallPack.load()) == [])
        let difference = PackDifference(from: try SmallPack.load(), to: guarded)
        #expect(difference.changes.map(\.field) == ["second_approver"])
    }

    @Test("原则上的互斥：推翻它的例外要复核；硬的互斥没有例外可言")
    func softBar() throws {
        func needed(_ strength: String) throws -> SecondApproval? {
            let text =
                SmallPack.text + "\ninteractions:\n"
                + "  - {clause: SM-9, zh: 上年, en: prior year, words: 原则上, kind: prior_year, among: [SM-1], "
                + "strength: \(strength)}\n"
            let registry = PackRegistry(versions: [PublishedPack(pack: try Self.pack(text))])
            return registry.policyCatalog.clauses[ClauseID("SM-1")!]?.secondApproval
        }
        #expect(try needed("soft") == .exception)
        #expect(try needed("hard") == [])
    }

    @Test("不认识的复核情形指出是哪一项")
    func unknownWord() {
        let issues = SmallPack.issues(
            replacing: "department: dept.finance", with: "department: dept.finance\n    second_approver: [sometimes]")
        #expect(issues.count == 1 && issues.first?.line == 37)
    }

    @Test("说明写出决定人与复核人；不知道的不写")
    func explained() throws {
        let text = SmallPack.text.replacing(
            "{type: parameter, parameter: p.rate}", with: "{type: floor, value: 100, unit: yuan}")
        let evaluator = Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: try Self.pack(text))]))
        func steps(_ by: String?, _ second: String?) throws -> String {
            var facts = FactBase(statements: [SmallPack.fact("household.poor", .bool(true), from: "2015-02-01")])
            facts.awards = [
                Award(
                    clause: ClauseID("SM-1")!, subject: .household, outcome: .granted(.yuan(120)),
                    period: DayPeriod(start: SmallPack.day("2015-02-01")), recordedAt: Moment(microseconds: 0),
                    source: EventReference(sequence: 12), decidedBy: by.map { Code(unchecked: $0) },
                    secondApprover: second.map { Code(unchecked: $0) })
            ]
            let told = evaluator.explain(
                ClauseID("SM-1")!, subject: .household, on: SmallPack.day("2015-03-01"), facts)
            return try #require(told?.steps.last).chinese
        }
        #expect(try steps("clerk-7", "head-2") == "由事件 12 的决定确定 (决定人 clerk-7, 复核人 head-2)")
        #expect(try steps(nil, "head-2") == "由事件 12 的决定确定 (复核人 head-2)")
        #expect(try steps(nil, nil) == "由事件 12 的决定确定")
    }
}
