import CareDomain
import RuleEngine
import RulePacks
import Testing

/// 代缴、代办 in the documents: whose money goes to an institution in place of the person.
@Suite("五份文件：代缴、代办的钱付给谁")
struct PayeesTests {
    @Test("买保险、代缴、减免、购买服务和付给机构的补助写明机构，其余付给本人或家庭")
    func said() throws {
        var clauses: Set<String> = []
        for pack in try PackLibrary.bundled.packs() {
            for rule in pack.rules where rule.amount?.money != nil {
                guard let payee = rule.payee else { continue }
                #expect(!payee.isAssumed, "\(rule.clause) does not say who is paid")
                clauses.insert(rule.clause.rawValue)
                if let account = payee.account { #expect(pack.holdsAccounts(account)) }
            }
        }
        #expect(
            clauses == [
                "CZ-2.3", "CZ-2.7b", "CZ-2.7d", "CZ-2.7e", "CZ-2.8b", "CZ-2.8c", "CZ-2.10a", "GY-3.2a",
            ])
    }

    @Test("问缘由时说明付给机构，不进家庭的账户；付给本人的不说")
    func told() throws {
        let evaluator = try ChenzhouFamily.evaluator()
        func lines(_ clause: String) throws -> [String] {
            try #require(
                evaluator.explain(
                    ClauseID(clause)!, subject: ChenzhouFamily.wife, on: ChenzhouFamily.day("2015-01-01"),
                    ChenzhouFamily.facts)
            ).chineseLines.filter { $0.contains("付给") }
        }
        #expect(try lines("CZ-2.3") == ["代缴、代办：付给保险机构，不进家庭的账户"])
        #expect(try lines("CZ-2.1").isEmpty)
    }
}
