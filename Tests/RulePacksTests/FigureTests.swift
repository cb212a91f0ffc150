import CareDomain
import RuleEngine
import RulePacks
import Testing

/// Who states the figures of cities and villages, as the packs declare it.
@Suite("指标数据由谁登记")
struct FigureTests {
    private static let city = DivisionCode("520100")!
    private static let village = DivisionCode("520111001001")!
    private static let guiyang = PackID(unchecked: "guiyang-2013")

    private static func registry(_ id: String, from text: String? = nil) throws -> PackRegistry {
        var registry = PackRegistry()
        for file in try PackLibrary.bundled.packFiles(of: id) {
            let whole = String(decoding: file.bytes, as: UTF8.self)
            let bytes = Array((text.map { cut(whole, $0) } ?? whole).utf8)
            registry.add(try RulePack.load(bytes: bytes, name: file.name))
        }
        return registry
    }

    /// The pack as it was before it said whose figures are: without that part.
    private static func cut(_ text: String, _ key: String) -> String {
        var isCut = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if line.hasPrefix(key) { isCut = true } else if !line.hasPrefix(" ") { isCut = false }
            return !isCut
        }.joined(separator: "\n")
    }

    private static func owners(_ fact: String, in division: DivisionCode = city) throws -> [String]? {
        try registry(guiyang.rawValue).figureTerms(FactID(unchecked: fact), of: guiyang, in: division)?.statedBy?
            .map(\.rawValue)
    }

    @Test("五个包的每个市、村的数都写明由谁登记、凭哪一条；没有这样的数的包写明没有")
    func everyFigure() throws {
        for pack in try PackLibrary.bundled.packs() {
            let figures = Set(pack.vocabulary.facts.filter(\.isFigure).map(\.id))
            #expect(Set(pack.figures.map(\.fact)) == figures, "\(pack.id)")
            #expect(pack.figures.allSatisfy { !($0.statedBy ?? []).isEmpty }, "\(pack.id)")
            let mistakes = PackLint(pack).findings.filter { $0.code.hasPrefix("lint.figure") }
            #expect(mistakes.isEmpty, "\(pack.id) \(mistakes)")
            #expect(["guiyang-2013", "xiamen-2017"].contains(pack.id.rawValue) == !figures.isEmpty)
        }
    }

    @Test("贵阳：教育目标由教育、资金由财政、村的贫困由农业登记；收入由人口计生登记")
    func owners() throws {
        #expect(try Self.owners("city.senior_gross_rate") == ["dept.education"])
        #expect(try Self.owners("city.fp_money_rural")?.first == "dept.finance")
        #expect(try Self.owners("city.rural_net_income") == ["dept.fp", "dept.health_commission"])
        #expect(try Self.owners("village.is_poor", in: Self.village) == ["dept.agriculture"])
        // A village does not vouch for itself.
        let births = try #require(try Self.owners("village.births_outside_policy", in: Self.village))
        #expect(!births.contains("org.community") && births.contains("org.township"))
    }

    @Test("以前发布、没有写由谁登记的版本照样读得进，不限部门")
    func earlierVersions() throws {
        let registry = try Self.registry("guiyang-2013", from: "figures:")
        #expect(registry.figureTerms(FactID(unchecked: "city.fp_funds"), of: Self.guiyang, in: Self.city) == nil)
        #expect(
            registry.check(FactID(unchecked: "city.fp_funds"), .money(.yuan(1)), of: Self.guiyang, in: Self.city)
                == .good)
    }

    @Test("厦门：帮扶结束、脱贫现状、曾脱贫的户数都不大于受助户数")
    func wholes() throws {
        let registry = try Self.registry("xiamen-2017")
        let place = try #require(DivisionCode("350200"))
        let terms = try #require(
            registry.figureTerms(
                FactID(unchecked: "city.households_out_of_poverty"), of: PackID(unchecked: "xiamen-2017"), in: place))
        #expect(terms.wholes.map(\.fact.rawValue) == ["city.households_helped"])
        let helped = try #require(
            registry.figureTerms(
                FactID(unchecked: "city.households_helped"), of: PackID(unchecked: "xiamen-2017"), in: place))
        #expect(helped.parts.count == 3 && helped.wholes.isEmpty)
    }

    @Test("一个数只在读它的那一级登记，不为负，巩固率不超过 100")
    func values() throws {
        let registry = try Self.registry("guiyang-2013")
        func check(_ fact: String, _ value: FactValue, _ place: DivisionCode = Self.city) -> DutyContext.FigureCheck {
            registry.check(FactID(unchecked: fact), value, of: Self.guiyang, in: place)
        }
        #expect(check("city.compulsory_retention_rate", .decimal(thousandths: 100_000)) == .good)
        #expect(check("city.compulsory_retention_rate", .decimal(thousandths: 100_001)) == .badValue)
        // Gross enrolment counts pupils of other ages, too.
        #expect(check("city.preschool_gross_rate", .decimal(thousandths: 103_000)) == .good)
        #expect(check("city.preschool_gross_rate", .decimal(thousandths: -1)) == .badValue)
        #expect(check("city.fp_funds", .money(Fen(-1))) == .badValue)
        #expect(check("city.fp_persons_rural", .decimal(thousandths: 10_500)) == .badValue)
        #expect(check("city.fp_persons_rural", .int(-1)) == .badValue)
        #expect(check("city.fp_funds", .money(.yuan(1)), DivisionCode("520111")!) == .good)
        #expect(check("city.fp_funds", .money(.yuan(1)), Self.village) == .unknown)
        #expect(check("village.is_poor", .bool(true), Self.village) == .good)
        #expect(check("village.is_poor", .bool(true)) == .unknown)
        #expect(check("unit.service_station", .bool(true), DivisionCode("520111001")!) == .unknown)
        #expect(check("household.area", .code(Code(unchecked: "rural"))) == .unknown)
    }
}
