import CareDomain
import Testing

@testable import RuleEngine

@Suite("陈述不一致时的来源先后")
struct PrecedenceTests {
    private let pack: RulePack

    init() throws {
        let text = SmallPack.text.replacing("facts:\n", with: "precedence: [[certificate], [list, roster]]\nfacts:\n")
        pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
    }

    private func poor(
        _ value: Bool, by source: String, of department: String = "dept.civil_affairs", from: String = "2015-03-01",
        until: String? = nil, sequence: UInt64
    ) -> FactStatement {
        var fact = SmallPack.fact(
            "household.poor", .bool(value), from: from, until: until, recorded: "2015-03-0\(sequence)",
            sequence: sequence)
        fact.kindOfSource = Code(unchecked: source)
        fact.department = DepartmentID(unchecked: department)
        return fact
    }

    /// The days on which the fact changes, with what holds from then on.
    private func steps(_ statements: [FactStatement], _ pack: RulePack) throws -> [String] {
        let view = FactView(FactBase(statements: statements), vocabulary: pack.vocabulary)
        let fact = try #require(pack.vocabulary.index(of: FactID(unchecked: "household.poor")))
        return view.steps(entity: 0, fact: fact).map { step in
            "\(CivilDay(dayNumber: step.day)) \(step.value == .bool(true) ? "yes" : step.value == nil ? "-" : "no")"
        }
    }

    @Test("同一天起：证件先于后说的本人陈述；规则包没有声明的，以较后的为准")
    func sameDay() throws {
        let statements = [poor(true, by: "certificate", sequence: 1), poor(false, by: "statement", sequence: 2)]
        #expect(try steps(statements, pack) == ["2015-03-01 yes"])
        #expect(try steps(statements.reversed(), pack) == ["2015-03-01 yes"])
        #expect(try steps(statements, SmallPack.load()) == ["2015-03-01 no"])
    }

    @Test("同级来源以较后的陈述为准，未列出的来源在最后")
    func sameLevel() throws {
        let level = [poor(true, by: "list", sequence: 1), poor(false, by: "roster", sequence: 2)]
        #expect(try steps(level, pack) == ["2015-03-01 no"])
        let last = [poor(true, by: "roster", sequence: 1), poor(false, by: "hearsay", sequence: 2)]
        #expect(try steps(last, pack) == ["2015-03-01 yes"])
    }

    @Test("之后才开始的陈述是变化，不是矛盾；在证件写明的期限以内的才是")
    func changeOrContradiction() throws {
        let later = poor(false, by: "statement", from: "2015-04-01", sequence: 2)
        #expect(
            try steps([poor(true, by: "certificate", sequence: 1), later], pack) == ["2015-03-01 yes", "2015-04-01 no"])
        let named = poor(true, by: "certificate", until: "2015-06-01", sequence: 1)
        #expect(try steps([named, later], pack) == ["2015-03-01 yes", "2015-06-01 no"])
        #expect(try steps([named, later], SmallPack.load()) == ["2015-03-01 yes", "2015-04-01 no"])
    }

    @Test("较先的来源到期后，不因较后的来源而复活")
    func ends() throws {
        let statements = [
            poor(true, by: "certificate", until: "2015-06-01", sequence: 1),
            poor(false, by: "statement", from: "2015-04-01", until: "2015-05-01", sequence: 2),
        ]
        #expect(try steps(statements, pack) == ["2015-03-01 yes", "2015-06-01 -"])
    }

    @Test("理由并列另一部门的陈述，并说为什么不采用")
    func explained() throws {
        let evaluator = Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: pack)]))
        func otherwise(_ statements: [FactStatement]) throws -> [Wording] {
            let found = evaluator.explain(
                ClauseID("SM-1")!, subject: .household, on: SmallPack.day("2015-03-10"),
                FactBase(statements: statements))
            let line = try #require(found?.facts.first { $0.fact.rawValue == "household.poor" })
            return line.otherwise
        }
        let own = poor(false, by: "statement", of: "dept.hrss", sequence: 2)
        let hrss = KnownOffices.name(of: DepartmentID(unchecked: "dept.hrss"))
        #expect(
            try otherwise([poor(true, by: "certificate", sequence: 1), own]).map(\.chinese)
                == ["否（\(hrss)，本人陈述，事件 2）：来源先后在后，不采用"])
        let list = poor(true, by: "list", of: "dept.hrss", sequence: 1)
        #expect(
            try otherwise([list, poor(false, by: "list", sequence: 2)]).map(\.chinese)
                == ["是（\(hrss)，部门名单，事件 1）：来源不分先后，以较后的陈述为准"])
        // A department that says something else later takes its own word back.
        #expect(try otherwise([poor(true, by: "list", sequence: 1), poor(false, by: "list", sequence: 2)]) == [])
        #expect(try otherwise([poor(true, by: "certificate", sequence: 1)]) == [])
    }

    @Test("一个事实可以有自己的先后：空的总以较后的陈述为准")
    func ownPrecedence() throws {
        let text = SmallPack.text
            .replacing("facts:\n", with: "precedence: [[certificate]]\nfacts:\n")
            .replacing("nature: certified, zh: 困难,", with: "nature: certified, precedence: [], zh: 困难,")
        let own = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
        #expect(own.vocabulary[FactID(unchecked: "household.poor")]?.precedence == FactPrecedence.none)
        let statements = [poor(true, by: "certificate", sequence: 1), poor(false, by: "statement", sequence: 2)]
        #expect(try steps(statements, own) == ["2015-03-01 no"])
    }

    @Test("一种来源只在一级")
    func repeated() {
        let issues = SmallPack.issues(
            replacing: "facts:\n", with: "precedence: [[certificate], [list, certificate]]\nfacts:\n")
        #expect(issues.map(\.code) == ["pack.repeated"])
    }
}
