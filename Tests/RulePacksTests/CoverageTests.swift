import CareDomain
import Foundation
import RuleEngine
import RulePacks
import Testing

@Suite("五份文件的条款，一条不漏")
struct CoverageTests {
    @Test("目录中的每一条都是规则、互斥、动态调整、职责或系统能力，或写明为何不做，且只在一处")
    func everyClauseHasOnePlace() throws {
        let catalogue = try Self.catalogue()
        #expect(catalogue.count == 188)
        var found: [String: Int] = [:]
        for pack in try PackLibrary.bundled.packs() {
            // A part stands beside its clause and adds a beneficiary; it does not take the clause's place.
            for clause in Self.clauses(pack) where clause.partOf == nil {
                found["\(pack.id) \(clause)", default: 0] += 1
            }
            for part in Self.clauses(pack) where part.partOf != nil {
                #expect(found["\(pack.id) \(part.whole)"] == 1, "\(part) is a part of no clause")
            }
        }
        for clause in catalogue { #expect(found[clause] == 1, "\(clause): \(found[clause] ?? 0)") }
        for clause in found.keys where !catalogue.contains(clause) {
            Issue.record("not in the catalogue: \(clause)")
        }
    }

    @Test("同一事实在各包中类型、性质、选项一致，家庭迁移时才读得通")
    func sharedFactsAgree() throws {
        var first: [FactID: (PackID, FactDefinition)] = [:]
        for pack in try PackLibrary.bundled.packs() {
            for fact in pack.vocabulary.facts {
                guard let (other, definition) = first[fact.id] else {
                    first[fact.id] = (pack.id, fact)
                    continue
                }
                #expect(
                    definition.type == fact.type && definition.nature == fact.nature
                        && definition.isTimeless == fact.isTimeless, "\(fact.id): \(other), \(pack.id)")
            }
        }
    }

    @Test("规则包没有永不成立或总是成立的条件、单位不符、矛盾的互斥和重复的条款")
    func nothingWrong() throws {
        let doubtful: Set<String> = ["lint.always_met", "lint.always_together"]
        for file in try PackLibrary.bundled.packFiles() {
            let pack = try RulePack.load(bytes: file.bytes, name: file.name)
            let places = PackPlaces(bytes: file.bytes, name: file.name)
            for finding in PackLint(pack, places: places).findings
            where finding.isMistake || doubtful.contains(finding.code) {
                Issue.record("\(file.name):\(finding.place?.line ?? 0) \(finding.about): \(finding.code)")
            }
        }
    }

    private static func clauses(_ pack: RulePack) -> [ClauseID] {
        pack.rules.map(\.clause) + pack.interactions.map(\.clause) + pack.indexations.map(\.clause)
            + pack.declarations.map(\.clause) + pack.capabilities.map(\.clause)
    }

    private static func catalogue() throws -> Set<String> {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/clauses", withExtension: "csv"))
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst()
        return Set(lines.map { $0.replacingOccurrences(of: ",", with: " ") })
    }
}
