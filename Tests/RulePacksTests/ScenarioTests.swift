import CareDomain
import RuleEngine
import RulePacks
import Testing

@Suite("规则包与场景")
struct ScenarioTests {
    @Test("随程序附带的规则包都能读入")
    func bundledPacksLoad() throws {
        #expect(
            try load().map(\.id.rawValue) == [
                "boshan-2021", "chenzhou-2014", "guiyang-2013", "wenzhou-2021", "xiamen-2017",
            ])
    }

    @Test("每个场景都得出所写的结果")
    func scenariosHold() throws {
        for suite in try suites() {
            for result in suite.run() where !result.failures.isEmpty {
                Issue.record("\(result.file) \(result.id): \(result.failures.joined(separator: "; "))")
            }
        }
    }

    @Test("每条规则都有刚好符合、刚好不符合和缺事实的场景")
    func everyRuleHasScenarios() throws {
        let all = try suites().flatMap(\.scenarios)
        for rule in try load().flatMap(\.rules) {
            for kind in [Scenario.Kind.justIn, .justOut, .unknown] {
                #expect(all.contains { $0.clause == rule.clause && $0.kind == kind }, "\(rule.clause) \(kind.rawValue)")
            }
        }
    }

    @Test("规则包的目录与编号、生效日一致")
    func filesAreNamedByVersion() throws {
        for file in try PackLibrary.bundled.packFiles() {
            let pack = try RulePack.load(bytes: file.bytes, name: file.name)
            #expect(file.name == "\(pack.id)/\(pack.validFrom).yaml")
        }
    }

    private func load() throws -> [RulePack] {
        do {
            return try PackLibrary.bundled.packs()
        } catch let refused as PackRefused {
            Issue.record("\(refused)")
            return []
        }
    }

    private func suites() throws -> [ScenarioSuite] {
        do {
            return try load().flatMap { pack in
                try PackLibrary.bundled.scenarioFiles(of: pack.id).map {
                    try ScenarioSuite.load(bytes: $0.bytes, name: $0.name, pack: pack)
                }
            }
        } catch let refused as PackRefused {
            Issue.record("\(refused)")
            return []
        }
    }
}
