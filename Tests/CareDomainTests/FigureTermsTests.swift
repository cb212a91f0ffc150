import CareDomain
import Testing

/// Who states a figure, and figures that cannot both be right.
@Suite("指标数据：由谁登记，部分不大于总数")
struct FigureTermsTests {
    private static let list = FactID(unchecked: "city.fp_relapsed")
    private static let served = FactID(unchecked: "city.fp_relapsed_served")
    private static let farming = DepartmentID(unchecked: "dept.agriculture")
    private static let water = DepartmentID(unchecked: "dept.water")
    private static let finance = DepartmentID(unchecked: "dept.finance")

    /// Farming and finance state both; who was served is a part of the list.
    private static var bench: DutyBench {
        var bench = DutyBench()
        let (whole, part) = (
            FigureTerms.Named(fact: list, chinese: "返贫名单", english: "relapse list"),
            FigureTerms.Named(fact: served, chinese: "已服务的", english: "served")
        )
        let clause = ClauseID("GY-2.3")!
        bench.figureTerms[list] = FigureTerms(
            figure: whole, clause: clause, statedBy: [farming, finance], wholes: [], parts: [part])
        bench.figureTerms[served] = FigureTerms(
            figure: part, clause: clause, statedBy: [farming, finance], wholes: [whole], parts: [])
        bench.department = farming
        return bench
    }

    private static func figure(
        _ fact: FactID, _ yuan: Int64, _ replaced: EventReference? = nil, period: String = "2014"
    ) -> DutyEvent {
        .figureStated(
            FigureStated(
                pack: DutyBench.pack, fact: fact, value: .money(.yuan(yuan)), period: Code(unchecked: period),
                source: Code(unchecked: "list"),
                replacement: replaced.map { DutyReplacement($0, reason: Code(unchecked: "typing")) }))
    }

    private static func refusal(_ bench: inout DutyBench, _ action: DutyEvent) -> Refusal? {
        do throws(Refusal) {
            try bench.carryOut(action, on: "2015-01-20")
            return nil
        } catch { return error }
    }

    @Test("没有写明的部门登记不了，答复指名可以登记的部门；管档案的部门和不属任何部门的密钥可以")
    func owners() throws {
        var bench = Self.bench
        bench.department = Self.water
        let refusal = try #require(Self.refusal(&bench, Self.figure(Self.list, 10)))
        #expect(refusal.reason == .figureOwner && refusal.code == "CARE-6537" && refusal.clause == ClauseID("GY-2.3"))
        #expect(refusal.chinese.contains("返贫名单由农业、财政登记，您是水利"))
        #expect(refusal.english.contains("agriculture, finance; you are water resources"))
        for (place, department) in ["dept.agriculture", "dept.fp", "dept.health_commission", "none"].enumerated() {
            bench.department = DepartmentID(unchecked: department)
            #expect(Self.refusal(&bench, Self.figure(Self.list, 10, period: "\(2010 + place)")) == nil, "\(department)")
        }
        // Of a figure that names nobody, and of one of which no pack says anything, anybody.
        bench.department = Self.water
        #expect(Self.refusal(&bench, Self.figure(FactID(unchecked: "city.income_per_head"), 10)) == nil)
    }

    @Test("登记的不是主管部门的，由主管部门更正；主管部门之间仍由原登记部门更正")
    func puttingRight() throws {
        var bench = Self.bench
        let terms = bench.figureTerms
        bench.figureTerms = [:]
        bench.department = Self.water
        let foreign = try bench.carryOut(Self.figure(Self.list, 10), on: "2015-01-20")
        bench.figureTerms = terms
        #expect(Self.refusal(&bench, Self.figure(Self.list, 11, foreign))?.reason == .figureOwner)
        bench.department = Self.farming
        let own = try bench.carryOut(Self.figure(Self.list, 12, foreign), on: "2015-01-21")
        bench.department = Self.finance
        #expect(Self.refusal(&bench, Self.figure(Self.list, 13, own))?.reason == .statedByOthers)
    }

    @Test("部分大于总数：两个数都由自己更正的不予登记，指出两个数；先更正错的那个就可以")
    func parts() throws {
        var bench = Self.bench
        let whole = try bench.carryOut(Self.figure(Self.list, 10), on: "2015-01-20")
        let refusal = try #require(Self.refusal(&bench, Self.figure(Self.served, 12)))
        #expect(refusal.reason == .figuresContradict && refusal.code == "CARE-6538" && refusal.field == "value")
        #expect(refusal.chinese.contains("已服务的 12.00 大于 返贫名单 10.00；已登记的是 #\(whole.sequence)"))
        #expect(refusal.english.contains("served 12.00 is more than relapse list 10.00"))
        // Another period is another pair.
        #expect(Self.refusal(&bench, Self.figure(Self.served, 12, period: "2013")) == nil)
        try bench.carryOut(Self.figure(Self.list, 15, whole), on: "2015-01-21")
        let part = try bench.carryOut(Self.figure(Self.served, 15), on: "2015-01-21")
        // Down again: the part first, then the whole.
        let standing = try #require(bench.book.figures.last { $0.stated.fact == Self.list }?.reference)
        #expect(Self.refusal(&bench, Self.figure(Self.list, 14, standing))?.reason == .figuresContradict)
        try bench.carryOut(Self.figure(Self.served, 14, part), on: "2015-01-22")
        try bench.carryOut(Self.figure(Self.list, 14, standing), on: "2015-01-22")
    }

    @Test("总数是别的部门登记的：照样登记，由报表说明矛盾")
    func partsOfOthers() throws {
        var bench = Self.bench
        bench.department = Self.finance
        try bench.carryOut(Self.figure(Self.list, 10), on: "2015-01-20")
        bench.department = Self.farming
        #expect(Self.refusal(&bench, Self.figure(Self.served, 12)) == nil)
    }

    @Test("数怎样写：钱写到分，小数不写多余的零")
    func numbers() {
        #expect(FactValue.money(Fen(104_999)).numberText == "1049.99" && FactValue.int(12).numberText == "12")
        #expect(FactValue.decimal(thousandths: 98_950).numberText == "98.95")
        #expect(FactValue.decimal(thousandths: 100_000).numberText == "100")
        #expect(FactValue.decimal(thousandths: 5).numberText == "0.005")
        #expect(FactValue.bool(true).magnitude == nil && FactValue.bool(true).numberText.isEmpty)
    }

    @Test("不在辖区：说的是户还是区划，看是哪一栏")
    func outsideDivision() {
        #expect(Refusal(.notYourDivision, field: "household.division").chinese == "该户不在您的辖区")
        let book = Refusal(.notYourDivision, field: "division", detail: "520111")
        #expect(book.chinese == "这个区划不在您的辖区（520111），请用管这里的密钥" && book.code == "CARE-1106")
        #expect(!book.english.contains("household"))
    }
}
