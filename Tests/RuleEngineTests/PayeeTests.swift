import CareDomain
import Testing

@testable import RuleEngine

/// 代缴、代办: who is paid in place of the person, as a pack says it.
@Suite("规则包：付给谁")
struct PayeeTests {
    /// The small pack with what stands under the kind of its rule.
    private static func pack(_ kind: String, _ payee: String = "") throws -> RulePack {
        let text = SmallPack.text
            .replacing("    kind: cash_entitlement\n", with: "    kind: \(kind)\n" + payee)
            .replacing(
                "readings:\n",
                with: "  - {id: p.insurer, type: ref, keys: [division], zh: 账户, en: account}\nreadings:\n")
        return try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
    }

    private static func isNoted(_ pack: RulePack) -> Bool {
        PackLint(pack).findings.contains { $0.code == "lint.no_payee" && !$0.isMistake }
    }

    @Test("没有写的付给本人；保险、减免、服务时长没有写的付给机构，并提示；写明付给本人的照写的")
    func unsaid() throws {
        let cash = try Self.pack("cash_entitlement")
        #expect(cash.rules[0].payee == nil && !Self.isNoted(cash))
        for kind in ["insurance_premium", "fee_waiver", "inkind_hours"] {
            let unsaid = try Self.pack(kind)
            let payee = try #require(unsaid.rules[0].payee)
            #expect(payee.isAssumed && payee.account == nil && Self.isNoted(unsaid))
            let person = try Self.pack(kind, "    payee: person\n")
            #expect(person.rules[0].payee == nil && !Self.isNoted(person))
        }
    }

    @Test("写明机构和参数的：设定的值按区划成为它的账户，连同由谁设定")
    func accounts() throws {
        let pack = try Self.pack(
            "insurance_premium", "    payee: {zh: 保险机构, en: the insurer, account: p.insurer}\n")
        #expect(!Self.isNoted(pack) && pack.holdsAccounts(ParameterID(unchecked: "p.insurer")))
        let set = ParameterValue(
            parameter: ParameterID(unchecked: "p.insurer"), keys: ["431000"], value: .reference("insurer-1"),
            period: DayPeriod(start: SmallPack.day("2015-01-01")), by: Code(unchecked: "namer-1"))
        let registry = PackRegistry(versions: [PublishedPack(pack: pack)])
        let clause = pack.rules[0].clause
        let payee = try #require(registry.policyCatalog(parameters: [set]).clauses[clause]?.payee)
        #expect(payee.title == "保险机构" && payee.parameter?.rawValue == "p.insurer")
        let account = payee.account(in: DivisionCode("431002"), on: SmallPack.day("2015-02-01"))
        #expect(account?.reference == "insurer-1" && account?.by?.rawValue == "namer-1")
        let before = registry.policyCatalog.clauses[clause]?.payee
        #expect(before?.account(in: DivisionCode("431002"), on: SmallPack.day("2015-02-01")) == nil)
        #expect(
            pack.settingIssues(
                of: pack.parameters.last!, keys: ["urban"], value: .reference("x"),
                on: DayPeriod(start: SmallPack.day("2015-01-01"), end: nil)
            ).map(\.part) == [.keys])
    }

    @Test("指的不是存放账户的参数：报在那一行", arguments: ["p.rate", "p.nothing"])
    func wrongParameter(_ name: String) {
        let issues = SmallPack.issues(
            replacing: "    kind: cash_entitlement\n",
            with: "    kind: insurance_premium\n    payee: {zh: 保险机构, en: the insurer, account: \(name)}\n")
        #expect(issues.map(\.code) == ["pack.payee"])
    }
}
