import CareDomain
import Foundation
import RuleColumns
import RuleEngine
import RulePacks
import RuleReplay
import Testing

@Suite("规则变动后重放")
struct ReplayTests {
    private static let today = CivilDay(year: 2016, month: 6, day: 15)!
    private static let wife = RuleSubject.person(PersonID(Identifier128(high: 0, low: 1)))
    private static let husband = RuleSubject.person(PersonID(Identifier128(high: 0, low: 2)))
    private static let id = HouseholdID(Identifier128(high: 7, low: 7))

    /// A bereaved couple of Chenzhou; the wife was born on the day.
    private static func couple(wifeBorn: String, division: String = "431002") -> FactBase {
        var sequence: UInt64 = 0
        func state(_ fact: String, _ subject: RuleSubject, _ value: FactValue) -> FactStatement {
            sequence += 1
            return FactStatement(
                fact: FactID(fact)!, subject: subject, value: value,
                period: DayPeriod(start: CivilDay(year: 1900, month: 1, day: 1)!),
                recordedAt: Moment(microseconds: 0), source: EventReference(sequence: sequence))
        }
        let child = RuleSubject.person(PersonID(Identifier128(high: 0, low: 3)))
        return FactBase(statements: [
            state("household.division", .household, .reference(division)),
            state("person.role", wife, .code(Code("wife")!)),
            state("person.birth_date", wife, .day(CivilDay(parsing: wifeBorn)!)),
            state("person.role", husband, .code(Code("husband")!)),
            state("person.birth_date", husband, .day(CivilDay(parsing: "1960-01-01")!)),
            state("person.role", child, .code(Code("only_child")!)),
            state("person.birth_date", child, .day(CivilDay(parsing: "1985-01-01")!)),
            state("person.death_date", child, .day(CivilDay(parsing: "2010-01-01")!)),
        ])
    }

    private static func original() throws -> String {
        String(decoding: try PackLibrary.bundled.packFiles(of: "chenzhou-2014")[0].bytes, as: UTF8.self)
    }

    private static func pack(_ text: String) throws -> RulePack {
        try RulePack.load(bytes: Array(text.utf8), name: "candidate.yaml")
    }

    /// The original with other words in the place of some.
    private static func candidate(_ old: String, _ new: String) throws -> RulePack {
        let text = try original()
        #expect(text.contains(old))
        return try pack(text.replacingOccurrences(of: old, with: new))
    }

    private static func replay(
        _ candidate: RulePack, from: String = "2016-01-01", to: String = "2016-12-31", assumesAwards: Bool = false
    ) throws -> RuleReplay {
        let current = Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: try pack(original()))]))
        return RuleReplay(
            current: current, candidate: candidate, effectiveFrom: CivilDay(parsing: from)!,
            period: DayPeriod(start: CivilDay(parsing: from)!, end: CivilDay(parsing: to)! + 1), today: today,
            assumesAwards: assumesAwards)
    }

    @Test("同一内容的版本没有差异")
    func sameRulesNoDifference() throws {
        let same = try Self.pack(Self.original() + "\n# 只多一行注释\n")
        let facts = Self.couple(wifeBorn: "1960-05-05")
        #expect(try Self.replay(same).compare(Self.id, facts, division: nil) == nil)
    }

    @Test("标准从300提到400：夫妇二人各自变动，已过的月份应补，以后的月份另计，缘由是金额")
    func higherSum() throws {
        let candidate = try Self.candidate(
            "amount: {type: exact, value: 300, unit: yuan}", "amount: {type: exact, value: 400, unit: yuan}")
        let found = try #require(
            try Self.replay(candidate).compare(Self.id, Self.couple(wifeBorn: "1960-05-05"), division: nil))
        #expect(found.rights.map(\.clause.rawValue) == ["CZ-2.1", "CZ-2.1"])
        for right in found.rights {
            #expect(right.kind == .changed && right.overpayment == .zero)
            #expect(right.standingBefore == .yuan(300) && right.standingAfter == .yuan(400))
            // January to June are past or present: six months of 100; July to December come later.
            #expect(right.arrears == .yuan(600) && right.future == .yuan(600))
            #expect(right.payers.map(\.payer.rawValue) == ["finance"] && right.payers[0].difference == .yuan(1200))
            #expect(right.causes.map(\.field) == ["amount"])
        }
        #expect(found.arrears == .yuan(1200))
    }

    /// The original in force from its day, a version with 350 from 2016 on, as the log published them.
    private static func published() throws -> Evaluator {
        let later = try candidate(
            "amount: {type: exact, value: 300, unit: yuan}", "amount: {type: exact, value: 350, unit: yuan}")
        let start = CivilDay(parsing: "2016-01-01")!
        return Evaluator(
            registry: PackRegistry(versions: [
                PublishedPack(pack: try pack(original()), publishedAt: Moment(microseconds: 1)),
                PublishedPack(pack: later, publishedAt: Moment(microseconds: 2), effectiveFrom: start),
            ]))
    }

    @Test("候选与现行版同一天起施行：取代它，不是没有差异", arguments: ["2016-01-01", "2014-07-16"])
    func sameFirstDay(from: String) throws {
        let candidate = try Self.candidate(
            "amount: {type: exact, value: 300, unit: yuan}", "amount: {type: exact, value: 250, unit: yuan}")
        let replay = RuleReplay(
            current: try Self.published(), candidate: candidate, effectiveFrom: CivilDay(parsing: from)!,
            period: DayPeriod(start: CivilDay(parsing: from)!, end: CivilDay(parsing: "2016-07-01")!),
            today: Self.today)
        let found = try #require(
            replay.compare(Self.id, Self.couple(wifeBorn: "1960-05-05"), division: nil)?.rights.first)
        // From 2014-07-16 the candidate takes 50 off each month until the version of 2016 takes over.
        #expect(found.overpayment == (from == "2016-01-01" ? .yuan(100 * 6) : .yuan(50 * 18)))
    }

    @Test("恢复以前的版本：同一内容再次施行，差异照算")
    func backToAnEarlierVersion() throws {
        let day = CivilDay(parsing: "2016-03-01")!
        let replay = RuleReplay(
            current: try Self.published(), candidate: try Self.pack(Self.original()), effectiveFrom: day,
            period: DayPeriod(start: day, end: CivilDay(parsing: "2016-07-01")!), today: Self.today)
        let found = try #require(
            replay.compare(Self.id, Self.couple(wifeBorn: "1960-05-05"), division: nil)?.rights.first)
        #expect(found.overpayment == .yuan(50 * 4))
    }

    @Test("年龄从49降到45：四十六岁的家庭新增，从施行日起算")
    func gained() throws {
        let candidate = try Self.candidate("care.age(m) >= 49", "care.age(m) >= 45")
        let found = try #require(
            try Self.replay(candidate).compare(Self.id, Self.couple(wifeBorn: "1970-03-10"), division: nil))
        #expect(found.rights.allSatisfy { $0.kind == .gained && $0.arrears == .yuan(300 * 6) })
        #expect(found.rights.flatMap(\.causes).allSatisfy { $0.field == "conditions.wife_49" })
    }

    @Test("年龄从49升到60：五十五岁的家庭失去，已发的是多发，由人决定")
    func lost() throws {
        let candidate = try Self.candidate("care.age(m) >= 49", "care.age(m) >= 60")
        let found = try #require(
            try Self.replay(candidate).compare(Self.id, Self.couple(wifeBorn: "1961-03-10"), division: nil))
        #expect(found.rights.allSatisfy { $0.kind == .lost && $0.overpayment == .yuan(300 * 6) && $0.arrears == .zero })
    }

    @Test("所比的月份里没有一个月金额不同：只是资格有变，不算金额有变的户，逐户和按列相同")
    func rightOnly() throws {
        // Another department answers for the same sums.
        let clause = "- clause: CZ-2.1\n"
        let text = try Self.original()
        let start = try #require(text.range(of: clause)).lowerBound
        let line = try #require(text[start...].firstMatch(of: /department: [a-z.]+/))
        var other = text
        other.replaceSubrange(line.range, with: "department: dept.education")
        let replay = try Self.replay(try Self.pack(other))
        let facts = Self.couple(wifeBorn: "1960-05-05")
        let found = try #require(replay.compare(Self.id, facts, division: DivisionCode("431002")))
        #expect(found.rights.allSatisfy { $0.kind == .changed && !$0.hasSums } && !found.hasSums)
        var totals = ReplayTotals()
        totals.add(found)
        #expect(totals.affected == 1 && totals.affectedInMoney == 0)
        #expect(totals.all.rightOnly == 2 && totals.all.changed == 2 && totals.all.arrears == .zero)
        let columns = try ColumnReplay(replay)
        var builder = FactBlockBuilder(
            vocabularies: [replay.current.registry.versions[0].pack.vocabulary], codes: columns.codes)
        builder.add(Self.id, facts)
        #expect(columns.totals(columns.compare(builder.finish())) == totals)
    }

    @Test("下限提高：以前批准、照发的不是多发，差额待重新决定；逐户和按列相同")
    func raisedFloor() throws {
        let candidate = try Self.candidate("? care.yuan(30) :", "? care.yuan(50) :")
        let replay = try Self.replay(candidate)
        let clause = try #require(ClauseID("CZ-2.3"))
        var facts = Self.couple(wifeBorn: "1960-05-05")
        facts.awards = [
            Award(
                clause: clause, subject: Self.wife, outcome: .granted(.yuan(30)),
                period: DayPeriod(start: CivilDay(parsing: "2015-01-01")!), recordedAt: Moment(microseconds: 0),
                source: EventReference(sequence: 30))
        ]
        let found = try #require(replay.compare(Self.id, facts, division: DivisionCode("431002")))
        let right = try #require(found.rights.first { $0.clause == clause && $0.subject == Self.wife })
        #expect(right.kind == .changed && right.months.isEmpty && !right.hasSums)
        #expect(right.overpayment == .zero && right.arrears == .zero && right.future == .zero)
        #expect(right.statusBefore == .entitled && right.standingBefore == .yuan(30))
        #expect(right.statusAfter == .proposed && right.standingAfter == .yuan(50))
        var totals = ReplayTotals()
        totals.add(found)
        let columns = try ColumnReplay(replay)
        var builder = FactBlockBuilder(
            vocabularies: [replay.current.registry.versions[0].pack.vocabulary], codes: columns.codes)
        builder.add(Self.id, facts)
        #expect(columns.totals(columns.compare(builder.finish())) == totals)
    }

    @Test("口径改动也说得出缘由")
    func readingIsACause() throws {
        let candidate = try Self.candidate(
            "{id: registration_required, question: CZ-Q4, default: true",
            "{id: registration_required, question: CZ-Q4, default: false")
        let facts = Self.couple(wifeBorn: "1960-05-05", division: "430100")
        let found = try #require(try Self.replay(candidate).compare(Self.id, facts, division: nil))
        #expect(found.rights.contains { $0.clause.rawValue == "CZ-2.1" && $0.kind == .gained })
        #expect(found.rights.allSatisfy { $0.causes.contains { $0.id == "registration_required" } })
    }

    @Test("看某一事实的条款，经推导事实看的也算；去掉这些条款，别的差异照旧")
    func clausesLookingAtFacts() throws {
        let original = try Self.pack(Self.original())
        let born = [original].clauses(lookingAt: [FactVocabulary.birthDate])
        #expect(born.contains(try #require(ClauseID("CZ-2.1"))) && born.count < original.rules.count)
        #expect([original].clauses(lookingAt: [FactID(unchecked: "household.unheard_of")]).isEmpty)
        #expect([original].clauses(lookingAt: []).isEmpty)
        let candidate = try Self.candidate("care.age(m) >= 49", "care.age(m) >= 60")
        let found = try #require(
            try Self.replay(candidate).compare(Self.id, Self.couple(wifeBorn: "1961-03-10"), division: nil))
        #expect(found.without(born) == nil || !found.without(born)!.rights.contains { born.contains($0.clause) })
        #expect(found.without([])?.rights.count == found.rights.count)
    }

    @Test("总数按条款、区划、部门、承担方相加，与逐户之和一致")
    func totalsAddUp() throws {
        let candidate = try Self.candidate(
            "amount: {type: exact, value: 300, unit: yuan}", "amount: {type: exact, value: 400, unit: yuan}")
        let replay = try Self.replay(candidate)
        var totals = ReplayTotals()
        var other = ReplayTotals()
        for (year, division) in [("1960", "431002"), ("1975", "431002"), ("1962", "431003")] {
            let facts = Self.couple(wifeBorn: "\(year)-05-05", division: division)
            let found = replay.compare(Self.id, facts, division: facts.division(on: Self.today))
            if division == "431002" { totals.add(found) } else { other.add(found) }
        }
        totals.add(other)
        #expect(totals.households == 3 && totals.affected == 2)
        #expect(totals.affectedInMoney == 2 && totals.all.rightOnly == 0)
        #expect(totals.byDivision.mapValues(\.arrears) == ["431002": .yuan(1200), "431003": .yuan(1200)])
        #expect(totals.byClause.values.map(\.arrears).reduce(.zero, +) == totals.all.arrears)
        #expect(totals.byDepartment.values.map(\.arrears).reduce(.zero, +) == totals.all.arrears)
        #expect(totals.byPayer.values.reduce(.zero, +) == totals.all.arrears + totals.all.future)
    }

    @Test("预测：到四十九周岁的当月起应发，逐月逐承担方的预算等于人数乘标准")
    func forecast() throws {
        let evaluator = Evaluator(
            registry: PackRegistry(versions: [PublishedPack(pack: try Self.pack(Self.original()))]))
        var forecast = Forecast(evaluator, from: CivilMonth(year: 2016, month: 6), months: 6)
        let facts = Self.couple(wifeBorn: "1967-09-20")
        forecast.add(Self.id, facts)
        let turns = forecast.orderedTurns.filter { $0.clause.rawValue == "CZ-2.1" }
        #expect(turns.map(\.day) == [CivilDay(parsing: "2016-09-20")!, CivilDay(parsing: "2016-09-20")!])
        #expect(turns.allSatisfy { $0.begins && $0.amount == .yuan(300) })
        let months = forecast.budget.filter { $0.key.payer == "finance" && $0.value == .yuan(600) }.map(
            \.key.month.month)
        #expect(months.sorted() == [9, 10, 11])
    }

    /// CZ-2.1 with a sum that comes out below zero.
    private static func failing() throws -> RulePack {
        try candidate(
            "amount: {type: exact, value: 300, unit: yuan}",
            "amount: {type: exact, expr: \"care.yuan(300) - care.yuan(500)\"}")
    }

    @Test("候选的规则对原来算得出的户出错：逐户和按列都说出几项，原来就出错的不算")
    func failingRule() throws {
        let facts = Self.couple(wifeBorn: "1960-05-05")
        let replay = try Self.replay(Self.failing())
        let found = try #require(replay.compare(Self.id, facts, division: nil))
        #expect(found.rights.map(\.fails) == [true, true])
        // Nobody knows what the months come to: what was paid for them is not over-paid.
        #expect(found.rights.allSatisfy { $0.statusAfter == .failed && $0.kind == .failed })
        #expect(found.rights.allSatisfy { $0.overpayment == .zero && $0.undecided == .yuan(300 * 6) })
        let district = DistrictReplay(replay)
        #expect(district.obstacle == nil)
        let columns = try #require(district.compare([(Self.id, facts)]).first?.difference)
        #expect(columns.rights.map(\.fails) == [true, true])
        var totals = ReplayTotals()
        totals.add(columns)
        #expect(totals.failed == 2)
        // Who fails before and after is no worse off.
        let other = RuleReplay(
            current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: try Self.failing())])),
            candidate: try Self.pack(Self.original()), effectiveFrom: CivilDay(parsing: "2016-01-01")!,
            period: DayPeriod(
                start: CivilDay(parsing: "2016-01-01")!, end: CivilDay(parsing: "2017-01-01")!), today: Self.today)
        #expect(try #require(other.compare(Self.id, facts, division: nil)).rights.map(\.fails) == [false, false])
    }

    @Test("一长串相加按列编译时每一项只看一次：四十项也马上算完", .timeLimit(.minutes(1)))
    func longSum() throws {
        let sum = "49" + String(repeating: " + 0", count: 40)
        let candidate = try Self.candidate("care.age(m) >= 49", "care.age(m) >= \(sum)")
        let district = DistrictReplay(try Self.replay(candidate))
        #expect(district.obstacle == nil)
        #expect(district.compare([(Self.id, Self.couple(wifeBorn: "1960-05-05"))]).first?.difference == nil)
    }

    @Test("预测：规则出错的月份单独列出，不悄悄少算")
    func forecastOfAFailingRule() throws {
        let evaluator = Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: try Self.failing())]))
        var forecast = Forecast(evaluator, from: CivilMonth(year: 2016, month: 6), months: 6)
        forecast.add(Self.id, Self.couple(wifeBorn: "1960-05-05"))
        #expect(forecast.failed.map(\.clause.rawValue) == ["CZ-2.1", "CZ-2.1"])
        #expect(forecast.failed.allSatisfy { "\($0.first)" == "2016-06" && "\($0.last)" == "2016-11" })
        #expect(!forecast.budget.contains { $0.key.payer == "finance" && $0.value == .yuan(600) })
    }
}
