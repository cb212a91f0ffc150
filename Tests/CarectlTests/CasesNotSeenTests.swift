import CareDomain
import Testing

@testable import carectl

/// An audit says what it could not look at, and is no clean answer about it.
@Suite("职能分离核查：没有看到的")
struct CasesNotSeenTests {
    private static let pack = PackID("xiamen-2017")!
    private static let xiamen = DivisionCode("350200")!
    private static let fact = FactID(unchecked: "loan.repaid")
    private static let day = CivilDay(parsing: "2018-07-01")!
    private static let lenders: Set<DepartmentID> = ["dept.finance", "org.community"].reduce(into: []) {
        $0.insert(DepartmentID(unchecked: $1))
    }

    private static func notSeen(_ own: [String], funds: [String], keeps: FactID = fact) -> CasesNotSeen {
        var restrictions = FactRestrictions()
        restrictions.add(
            .init(
                territory: xiamen, inForce: DayPeriod(start: day, end: nil), facts: [fact, keeps],
                shownTo: [keeps: lenders]), of: pack)
        let withheld = WithheldHere(packs: [.init(pack: pack, place: xiamen, facts: [keeps: "借款"])])
        return CasesNotSeen(
            withheld, restrictions, of: own.compactMap { DivisionCode($0) },
            funds: funds.compactMap { DivisionCode($0) },
            on: day)
    }

    @Test("借款对这把密钥遮着：说没有查、哪一类、哪些部门的密钥看得到，不说查过了")
    func loansKept() throws {
        let seen = Self.notSeen([DivisionCode.everywhere.rawValue], funds: ["350203"])
        let kind = try #require(seen.kinds.first)
        #expect(seen.kinds.count == 1 && kind.record == .loan && kind.place == Self.xiamen && !seen.isNothing)
        #expect(Set(kind.departments) == Self.lenders)
        let text = CasesNotSeen.text(kind, in: "厦门市")
        #expect(text.zh == "CARE-6217 借款、帮扶（厦门市）的个案不给本部门看（遮），一件也没有查；请用其中一家的密钥（--key）再查：财政、村（居）")
        #expect(AuditSeparation.verdict(cases: 0, findings: 0, isWhole: false).zh == "没有查全，见上；查过的 0 件里没有发现兼任")
        #expect(AuditSeparation.verdict(cases: 3, findings: 0, isWhole: true).zh == "3 件：无人兼任两项职能")
        #expect(AuditSeparation.verdict(cases: 3, findings: 1, isWhole: false).zh == "有 1 处兼任；没有查全，见上")
    }

    @Test("没有资金的地方没有借款；别处的密钥不相干；一区以下的密钥看不到上级的资金，照说没有查")
    func onlyWhereTheyMayBe() {
        #expect(Self.notSeen([DivisionCode.everywhere.rawValue], funds: []).isNothing)
        #expect(Self.notSeen(["350200"], funds: ["431002"]).isNothing)
        #expect(Self.notSeen(["431002"], funds: ["350203"]).isNothing)
        #expect(!Self.notSeen(["350203001001"], funds: []).isNothing)
        #expect(Self.notSeen(["350200"], funds: ["350203"], keeps: FactID(unchecked: "person.frailty")).isNothing)
    }

    @Test("记录损坏的户也是没有查全")
    func damaged() {
        var seen = Self.notSeen(["431002"], funds: [])
        #expect(seen.isNothing)
        seen.unplaced = 1
        #expect(!seen.isNothing)
    }
}
