import CareDomain
import Testing

@testable import RuleEngine
@testable import RulePacks

@Suite("郴州 2014")
struct ChenzhouTests {
    @Test("结对、监护、走访和节日由规则包给出")
    func duties() throws {
        let catalog = try #require(try PackLibrary.bundled.packs(of: "chenzhou-2014").first).duties
        #expect(catalog.pairingKinds.map(\.kind.rawValue) == ["department", "cadre", "party_member", "volunteer"])
        #expect(catalog.pairingKinds.map(\.isPersonal) == [false, true, true, true])
        #expect(catalog.pairingNeedsDistinctPersons && catalog.pairingNeedsRealName)
        #expect(catalog.pairingAsks == [.name, .unit, .contact])
        #expect(
            catalog.guardian?.states.map(\.code.rawValue) == ["proposed", "consented", "notarised", "active", "ended"])
        #expect(catalog.duty(of: ClauseID("CZ-2.14b")!)?.due == .holiday(warnDays: 7))
        let spring = try #require(catalog.holidays.first { $0.code.rawValue == "spring_festival" })
        #expect(spring.period(year: 2015)?.start == CivilDay(year: 2015, month: 2, day: 19))
    }

    @Test("登记用的词表与规则包一致")
    func policyCatalog() throws {
        let catalog = PackRegistry(
            versions: try PackLibrary.bundled.packs(of: "chenzhou-2014").map { PublishedPack(pack: $0) }
        )
        .policyCatalog
        #expect(catalog.pairingSlots.map(\.title) == ["部门", "干部", "党员", "志愿者"])
        #expect(!catalog.allowsHelperOverlap(in: DivisionCode("431002001")))
        #expect(catalog.guardians(in: DivisionCode("431002001"))?.scopes.count == 3)
        #expect(catalog.guardians(in: DivisionCode("370304")) == nil)
        #expect(catalog.facts[FactID(unchecked: "person.school_stage")]?.codes.count == 7)
        #expect(catalog.facts[FactID(unchecked: "incident.kind")] == nil)
        #expect(catalog.needKinds.count == 10 && catalog.visitForms[Code(unchecked: "needs-2021")]?.count == 10)
    }

    @Test("服务时长：13 小时 195 元，22 小时补助 20 小时 300 元")
    func hours() {
        let some = HourSettlement(delivered: 13_000, allowance: 20_000, hourlyRate: .yuan(15))
        #expect(some.amount == .yuan(195) && some.unsubsidised == 0)
        let many = HourSettlement(delivered: 22_000, allowance: 20_000, hourlyRate: .yuan(15))
        #expect(many.amount == .yuan(300) && many.unsubsidised == 2_000)
        #expect(HourSettlement(delivered: 20_000, allowance: 20_000, hourlyRate: .yuan(10)).amount == .yuan(200))
    }

    @Test("低于下限的决定被拒绝，等于下限的接受")
    func floors() throws {
        let rule = try #require(try PackLibrary.bundled.packs(of: "chenzhou-2014").first?.rule(ClauseID("CZ-2.10d")!))
        #expect(rule.amount?.type.allows(.yuan(2999), standard: .yuan(3000)) == false)
        #expect(rule.amount?.type.allows(.yuan(3000), standard: .yuan(3000)) == true)
    }

    @Test("全部条款列成一张表：一条不漏，给的有金额，不给的说明缘由；别处的文件不列")
    func overview() throws {
        let evaluator = try ChenzhouFamily.evaluator()
        let day = ChenzhouFamily.day("2015-01-01")
        let pack = try #require(evaluator.registry.versions.first?.pack)
        let answers = evaluator.overview(of: ChenzhouFamily.facts, in: DivisionCode("431002")!, on: day)
        let household = pack.rules.filter { [.household, .person, .incident].contains($0.unit.beneficiary) }
        var clauses: [ClauseID] = []
        for answer in answers where clauses.last != answer.clause { clauses.append(answer.clause) }
        #expect(clauses == household.map(\.clause) && clauses.count > 30)
        #expect(answers.allSatisfy { $0.status != .notEntitled || $0.reason != nil })
        let wife = try #require(answers.first { $0.clause == ClauseID("CZ-2.1") && $0.who?.chinese == "妻子" })
        #expect(wife.status == .entitled && wife.amount == .yuan(300))
        #expect(answers.contains { $0.who == nil && $0.status == .notEntitled })
        #expect(evaluator.overview(of: ChenzhouFamily.facts, in: DivisionCode("520103")!, on: day).isEmpty)
    }

    @Test("不享受的缘由写成没有满足的条件，不写成好像满足了；只差日子的写哪一天")
    func reasonsOfNo() throws {
        let evaluator = try ChenzhouFamily.evaluator()
        func reason(of clause: String, on day: String, lowIncome: Bool) throws -> String? {
            let stated = FactStatement(
                fact: FactID(unchecked: "household.low_income"), subject: .household, value: .bool(lowIncome),
                period: DayPeriod(start: ChenzhouFamily.day("2014-01-01")), recordedAt: Moment(microseconds: 100),
                source: EventReference(sequence: 100))
            let facts = FactBase(statements: ChenzhouFamily.facts.statements + [stated])
            let answers = evaluator.overview(
                of: facts, in: DivisionCode("431002")!, on: ChenzhouFamily.day(day))
            return answers.first { $0.clause == ClauseID(clause) }?.reason?.chinese
        }
        #expect(try reason(of: "CZ-2.7a", on: "2015-01-01", lowIncome: false) == "未满足：低收入家庭（认定）")
        #expect(try reason(of: "CZ-2.7a", on: "2015-01-01", lowIncome: true) == nil)
        let later = try reason(of: "CZ-2.1", on: "2014-08-01", lowIncome: false)
        #expect(later?.contains("2014-09-10") == true && later?.contains("未满足") == false)
    }

    @Test("几样都要的，只说没有满足的那样；独生子女已故的，不说他不是独生子女")
    func unmetPart() throws {
        let evaluator = try ChenzhouFamily.evaluator()
        let found = try #require(
            evaluator.explain(
                ClauseID("CZ-2.10b")!, subject: ChenzhouFamily.child, on: ChenzhouFamily.day("2015-01-01"),
                ChenzhouFamily.facts))
        #expect(found.nearest?.reason.chinese == "未满足：健在")
        #expect(found.chineseLines.contains("  未满足：健在"))
        #expect(found.englishLines.contains("  Not met: alive"))
        // The mother is not the only child: what she is asked for is the whole.
        let mother = try #require(
            evaluator.explain(
                ClauseID("CZ-2.10b")!, subject: ChenzhouFamily.wife, on: ChenzhouFamily.day("2015-01-01"),
                ChenzhouFamily.facts))
        #expect(mother.nearest?.reason.chinese == "未满足：健在的独生子女")
    }

    @Test("否定的条件不满足时写明实情，不写得像反面")
    func deniedConditions() throws {
        let evaluator = try ChenzhouFamily.evaluator()
        let scheme = FactStatement(
            fact: FactID(unchecked: "person.medical_scheme"), subject: ChenzhouFamily.wife,
            value: .code(Code(unchecked: "employee")), period: DayPeriod(start: ChenzhouFamily.day("2014-01-01")),
            recordedAt: Moment(microseconds: 100), source: EventReference(sequence: 100))
        let facts = FactBase(statements: ChenzhouFamily.facts.statements + [scheme])
        for (clause, words) in [("CZ-2.8b", "已参加其他医疗保险"), ("CZ-2.8c", "已参加职工医保")] {
            let found = try #require(
                evaluator.explain(
                    ClauseID(clause)!, subject: ChenzhouFamily.wife, on: ChenzhouFamily.day("2015-01-01"), facts))
            #expect(found.unmet.contains { $0.reason.chinese == words }, "\(clause)")
            #expect(found.chineseLines.contains("  不符合：\(words)"), "\(clause)")
        }
        for file in try PackLibrary.bundled.packFiles() {
            let pack = try RulePack.load(bytes: file.bytes, name: file.name)
            for rule in pack.rules {
                for condition in rule.conditions
                where ["没有", "未", "无", "不", "尚"].contains(where: condition.title.chinese.hasPrefix) {
                    #expect(condition.unmet != nil, "\(rule.clause) \(condition.title.chinese)")
                }
            }
        }
    }

    @Test("事实来源：规则包排了先后的，加上本人陈述，登记时照此核对")
    func sources() throws {
        let registry = try ChenzhouFamily.evaluator().registry
        let codes = ["certificate", "department_list", "list", "roster", "form", "statement"]
        #expect(registry.versions.first?.pack.sources.map(\.code.rawValue) == codes)
        #expect(registry.policyCatalog.sources.map(\.code.rawValue) == codes)
        #expect(registry.policyCatalog.sources.first?.title == "证件")
    }

    @Test("家庭类型随事实而变")
    func familyTypes() throws {
        let evaluator = try ChenzhouFamily.evaluator()
        func types(_ facts: FactBase, in division: String = "431002", on day: String) -> [String] {
            evaluator.familyTypes(facts, in: DivisionCode(division)!, on: ChenzhouFamily.day(day)).compactMap {
                $0.holds == false ? nil : $0.type.code.rawValue + ($0.holds == nil ? "?" : "")
            }
        }
        #expect(types(ChenzhouFamily.facts, on: "2014-07-16") == ["special_hardship_family", "bereaved"])
        #expect(types(ChenzhouFamily.facts, on: "2014-07-15") == [])
        // Another place's document says nothing of the family.
        #expect(types(ChenzhouFamily.facts, in: "520103", on: "2014-07-16") == [])
        // Who stated nothing is not known to be anything, and not known to be nothing.
        #expect(types(FactBase(), on: "2014-07-16").allSatisfy { $0.hasSuffix("?") })
    }

    @Test("随机历史上，整包分段求值与逐日求值一致", arguments: [1, 2, 3, 4])
    func piecewise(_ seed: UInt64) throws {
        let pack = try #require(try PackLibrary.bundled.packs(of: "chenzhou-2014").first)
        let evaluator = try ChenzhouFamily.evaluator()
        var random = FamilyRandom(seed: seed)
        for _ in 0..<25 {
            let facts = random.facts(pack)
            let period = DayPeriod(start: FamilyRandom.base - 3, end: FamilyRandom.base + 40)
            let outcomes = evaluator.evaluate(facts, over: period)
            var day = period.start
            while let end = period.end, day < end {
                let alone = evaluator.evaluate(facts, over: DayPeriod(start: day, end: day + 1))
                // A one-off looks back at what was granted before, so one day alone says something else.
                for outcome in outcomes where pack.rule(outcome.clause)?.unit.cadence != .once {
                    let told = try #require(outcome.piece(on: day))
                    let expected = alone.first { $0.clause == outcome.clause && $0.subject == outcome.subject }?.pieces
                        .first
                    let isSame = expected?.saysTheSame(as: told) ?? (told.unmet == [.who])
                    #expect(isSame, "seed \(seed) \(outcome.clause) \(outcome.subject) \(day)")
                    if !isSame { return }
                }
                day = day + 1
            }
        }
    }
}
