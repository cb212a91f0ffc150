import CareDomain
import Foundation
import Testing

@testable import RuleEngine

/// What can be found in a pack without running it.
@Suite("规则包检查：不运行就能发现的")
struct LintTests {
    /// Findings of the small pack with some text replaced, as `code line`.
    private static func findings(_ old: String, _ new: String) throws -> [PackLint.Finding] {
        let text = SmallPack.text.replacing(old, with: new)
        precondition(text != SmallPack.text || old == new, "LintTests.findings: \(old) is not in the pack")
        let bytes = Array(text.utf8)
        let pack = try RulePack.load(bytes: bytes, name: "small.yaml")
        return PackLint(pack, places: PackPlaces(bytes: bytes, name: "small.yaml")).findings
    }

    private static let grave: Set<String> = [
        "lint.unreachable", "lint.never_together", "lint.always_met", "lint.always_together", "lint.unit",
        "lint.exclusion_alone", "lint.exclusion_cycle", "lint.exclusion_contradiction", "lint.exclusion_stranger",
        "lint.exclusion_repeated",
    ]

    /// Codes found with this as the condition of the only rule, apart from those of the pack as it is.
    private static func codes(condition: String) throws -> [String] {
        try findings("expr: household.poor}", "expr: \"\(condition)\"}").map(\.code).filter(grave.contains)
    }

    @Test(
        "永不成立的条件：年龄、次数、等级、日期、互相矛盾的是非",
        arguments: [
            "household.rooms >= 6 && household.rooms < 4", "household.rooms > 9",
            "household.rooms == 3 && household.rooms in [1, 2]",
            "members.exists(m, care.age(m) >= 60 && care.age(m) < 49)",
            "members.exists(m, m.grade in [1, 2] && m.grade == 3)",
            "family.exists(f, f.role == 'wife' && f.role == 'only_child')", "household.poor && !household.poor",
            "(household.rooms > 5 || household.rooms < 2) && household.rooms == 3",
            "has(household.moved_on) && !has(household.moved_on)",
            "care.months_since(household.until) > 3 && care.months_since(household.until) <= 3",
            "care.parameter('p.rate') > care.yuan(15) && care.parameter('p.rate') < care.yuan(10)",
            "household.until < care.date('2015-01-01') && household.until > care.date('2016-01-01')",
            "!(household.rooms <= 9)", "(household.poor ? household.rooms > 9 : household.rooms < 0)",
        ])
    func never(_ condition: String) throws {
        #expect(try Self.codes(condition: condition) == ["lint.unreachable"], "\(condition)")
    }

    @Test("指标数据：写了 figures 就要写全，条款要有，部分不能绕回自己；读不懂的写法连同位置指出")
    func figures() throws {
        let near = "  - {id: household.near, type: bool, nature: plain, zh: 近, en: near}\n"
        func cities(_ names: [String]) -> String {
            near
                + names.map { "  - {id: city.\($0), type: int, range: [0, 9], nature: plain, zh: 数, en: n}\n" }.joined()
        }
        func codes(_ figures: String) throws -> [String] {
            let text = SmallPack.text.replacing(near, with: cities(["a", "b"]))
                .replacing("\nparameters:", with: "\n\(figures)\nparameters:")
            let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
            return PackLint(pack).findings.map { "\($0.code) \($0.about)" }.filter { $0.hasPrefix("lint.figure") }
        }
        #expect(try codes("").isEmpty && codes("figures: []").isEmpty)
        let whole = "figures:\n  - {clause: SM-1, stated_by: [dept.fp], facts: [city.a, city.b]"
        #expect(try codes(whole + ", parts: {city.a: city.b}}").isEmpty)
        #expect(
            try codes("figures:\n  - {clause: SM-1, facts: [city.a]}") == ["lint.figure_owner city.b"])
        #expect(
            try codes("figures:\n  - {clause: SM-9, facts: [city.a, city.b]}")
                == ["lint.figure_clause city.a", "lint.figure_clause city.b"])
        #expect(
            try codes(whole + ", parts: {city.a: city.b, city.b: city.a}}")
                == ["lint.figure_circle city.a", "lint.figure_circle city.b"])
        func issues(_ figures: String) -> [String] {
            SmallPack.issues(replacing: "parameters:\n", with: figures + "\nparameters:\n").map(\.code)
        }
        #expect(issues("figures:\n  - {clause: SM-1, facts: [household.near]}") == ["pack.bad_value"])
        #expect(issues("figures:\n  - {facts: []}") == ["pack.missing_key"])
        #expect(issues("figures:\n  - {clause: SM-1, stated_by: [dept.nobody], facts: []}") == ["pack.bad_value"])
    }

    @Test("同一个事件登记的几个事实：在一个上写 shown_to，其余随它；写得不一样、或写在档案本身上的，不能发布")
    func ownRecords() throws {
        let role = "  - id: person.role\n"
        func incident(_ kind: String, _ date: String) -> String {
            "  - {id: incident.kind, type: enum, nature: plain, zh: 类别, en: kind, values: {fire: {zh: 火灾, en: fire}}\(kind)}\n"
                + "  - {id: incident.date, type: date, nature: event, zh: 日期, en: day\(date)}\n" + role
        }
        func codes(_ kind: String, _ date: String) throws -> [String] {
            try Self.findings(role, incident(kind, date)).map(\.code).filter { $0.contains("shown") }
        }
        #expect(try codes(", shown_to: [dept.finance]", "").isEmpty)
        #expect(try codes(", shown_to: [dept.finance]", ", shown_to: [dept.finance]").isEmpty)
        #expect(
            try codes(", shown_to: [dept.finance]", ", shown_to: [dept.finance, org.community]")
                == ["lint.shown_to_apart"])
        let text = SmallPack.text.replacing(role, with: incident("", ", shown_to: [dept.finance]"))
        let facts = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml").vocabulary
        let finance = DepartmentID(unchecked: "dept.finance")
        #expect(facts[FactID(unchecked: "incident.kind")]?.shownTo == [finance])
        #expect(facts[FactID(unchecked: "incident.date")]?.shownTo == [finance])
        #expect(
            facts[FactVocabulary.birthDate]?.shownTo == nil
                && facts[FactID(unchecked: "household.poor")]?.shownTo == nil)
    }

    @Test("谁登记什么：单列的事实须是要人陈述的，登记的部门须看得到；部门、事实写错的不收")
    func staters() throws {
        let poor = "certified, zh: 困难, en: poor}"
        func codes(_ owners: String) throws -> [String] {
            let text = SmallPack.text.replacing(poor, with: "\(poor.dropLast()), shown_to: [dept.finance]}")
                .replacing("parameters:\n", with: "stated_by: {\(owners)}\nparameters:\n")
            let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
            return PackLint(pack).findings.filter(\.isMistake).map(\.code).filter { $0.contains("stated_by") }
        }
        #expect(try codes("household.poor: [dept.finance], file: [dept.fp], facts: [dept.fp]").isEmpty)
        #expect(try codes("household.poor: [dept.finance, dept.fp]") == ["lint.stated_by_unseen"])
        func issues(_ owners: String) -> [String] {
            SmallPack.issues(replacing: "parameters:\n", with: "stated_by: {\(owners)}\nparameters:\n").map(\.code)
        }
        for wrong in ["household.unknown: [dept.fp]", "person.death_date: [dept.fp]", "file: [dept.nobody]"] {
            #expect(issues(wrong) == ["pack.bad_value"], "\(wrong)")
        }
    }

    @Test("受限查看：主管部门看不到、类别要看、由专门事件登记、没有人看得到的，都不能发布")
    func sight() throws {
        func codes(_ old: String, _ new: String) throws -> [String] {
            try Self.findings(old, new).filter(\.isMistake).map(\.code).filter {
                $0.contains("shown") || $0.contains("see") || $0.contains("restricted")
            }
        }
        let poor = "certified, zh: 困难, en: poor}"
        func shown(_ departments: String) -> String { "\(poor.dropLast()), shown_to: [\(departments)]}" }
        #expect(try codes(poor, shown("dept.finance, org.community")).isEmpty)
        #expect(try codes(poor, shown("org.community")) == ["lint.owner_cannot_see"])
        #expect(try codes(poor, shown("")).sorted() == ["lint.owner_cannot_see", "lint.shown_to_nobody"])
        #expect(
            try codes(
                "nature: event, zh: 死亡日期, en: date of death}",
                "nature: event, zh: 死亡日期, en: date of death, shown_to: [dept.finance]}")
                == ["lint.shown_to_not_stated"])
        let blind = try #require(
            try Self.findings(poor, shown("org.community")).first { $0.code == "lint.owner_cannot_see" })
        #expect(blind.about == "household.poor" && blind.problem.chinese.contains("SM-1") && blind.place != nil)
        // A type of families that looks at it, directly or through another derived fact.
        let definition = "  - {id: person.alive, zh: 健在, en: alive, expr: \"!has(self.death_date)\"}\n"
        let types =
            definition + "  - {id: household.needy, zh: 困难户, en: needy, expr: household.poor}\n"
            + "family_types:\n  - {id: needy, zh: 困难户, en: needy, fact: household.needy}\n"
        let text = SmallPack.text.replacing(definition, with: types)
            .replacing(poor, with: shown("dept.finance"))
        let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
        #expect(
            PackLint(pack).findings.filter { $0.isMistake && $0.about == "household.poor" }.map(\.code)
                == ["lint.type_reads_restricted"])
    }

    @Test("没有人认识的承担方和部门，指明行列")
    func offices() throws {
        let payer = try Self.findings("shares: {city: 1, county: 2}", "shares: {city: 1, countty: 2}")
        let found = try #require(payer.first { $0.code == "lint.unknown_payer" })
        #expect(found.isMistake && found.problem.chinese.contains("countty") && (found.place?.line ?? 0) > 30)
        let office = try Self.findings("department: dept.finance", "department: dept.finnance")
        #expect(office.contains { $0.code == "lint.unknown_department" && $0.isMistake })
        #expect(try !Self.findings("x", "x").contains { $0.code.hasPrefix("lint.unknown") })
    }

    @Test("没有规则用得到的键是错误；编号不在文件各条之中的是提示；施行止日早于起日的整包不收")
    func keysClausesPeriod() throws {
        func pack(_ key: String) throws -> [PackLint.Finding] {
            let text = SmallPack.text
                .replacing("per: household·month, zh", with: "per: household·month, keys: [area], zh")
                .replacing("to: 2015-06-30, value: 12.50}", with: "to: 2015-06-30, keys: [urban], value: 12.50}")
                .replacing("{from: 2015-07-01, value: 20}", with: "{from: 2015-07-01, keys: [\(key)], value: 20}")
                .replacing("care.parameter('p.rate')", with: "care.parameter('p.rate', 'urban')")
                .replacing("parameter: p.rate}", with: "expr: \"care.parameter('p.rate', 'urban')\"}")
            let bytes = Array(text.utf8)
            let pack = try RulePack.load(bytes: bytes, name: "small.yaml")
            return PackLint(pack, places: PackPlaces(bytes: bytes, name: "small.yaml")).findings
        }
        #expect(try !pack("urban").contains { $0.code == "lint.unasked_key" })
        let misspelt = try #require(try pack("suburban").first { $0.code == "lint.unasked_key" })
        #expect(misspelt.isMistake && misspelt.advice.chinese.contains("urban") && misspelt.place?.line == 23)
        let small = try SmallPack.load()
        func strangers(_ known: Set<ClauseID>?) -> [String] {
            PackLint(small, known: known).findings.filter { $0.code == "lint.unknown_clause" }.map(\.about)
        }
        #expect(strangers(nil).isEmpty && strangers(Set(small.clauses)).isEmpty)
        #expect(strangers([ClauseID("SM-9")!]) == ["SM-1"])
        let text = SmallPack.text.replacing(
            "valid_from: 2015-01-01", with: "valid_from: 2015-01-01\nvalid_to: 2014-12-31")
        let refused = #expect(throws: PackRefused.self) {
            try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
        }
        #expect(refused?.issues.map(\.code) == ["pack.period"] && refused?.issues.first?.line == 3)
    }

    @Test("参数的上下限：随包的值越界、上限低于下限，整包不收")
    func bounds() throws {
        func codes(_ bounds: String) -> [String] {
            let text = SmallPack.text.replacing(
                "per: household·month, zh: 标准", with: "per: household·month, \(bounds) zh: 标准")
            do {
                _ = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
                return []
            } catch { return error.issues.map(\.code) }
        }
        #expect(codes("least: 12.5, most: 20,").isEmpty)
        #expect(codes("least: 12.51,") == ["pack.bound"])
        #expect(codes("most: 19.99,") == ["pack.bound"])
        #expect(codes("least: 12, most: 11,").contains("pack.bound"))
        #expect(codes("least: [{keys: [urban], value: 12}],") == ["pack.parameter_keys"])
    }

    @Test("两个文件自称同一版本、文件名与施行日不符，都指出")
    func versions() throws {
        let (pack, places) = (try SmallPack.load(), PackPlaces(bytes: Array(SmallPack.text.utf8), name: ""))
        func codes(_ names: String...) -> [String] {
            PackIssue.versions(names.map { ($0, pack, places) }).map { "\($0.code) \($0.line)" }
        }
        #expect(codes("small-2015/2015-01-01.yaml").isEmpty && codes("draft.yaml").isEmpty)
        #expect(codes("small-2015/2016-01-01.yaml") == ["pack.file_name 2"])
        #expect(codes("small-2015/2015-01-01.yaml", "other/2015-01-01.yaml") == ["pack.version_twice 2"])
    }

    @Test("两个版本之间空出的日子、重叠的日子，都指出前一个的止日")
    func borders() throws {
        func codes(lastDay: String?) throws -> [String] {
            let ends = lastDay.map { "valid_from: 2015-01-01\nvalid_to: \($0)" } ?? "valid_from: 2015-01-01"
            let texts = [
                SmallPack.text.replacing("valid_from: 2015-01-01", with: ends),
                SmallPack.text.replacing("valid_from: 2015-01-01", with: "valid_from: 2016-03-01"),
            ]
            let files = try zip(["2015-01-01", "2016-03-01"], texts).map { day, text in
                let (name, bytes) = ("small-2015/\(day).yaml", Array(text.utf8))
                return (
                    name: name, pack: try RulePack.load(bytes: bytes, name: name),
                    places: PackPlaces(bytes: bytes, name: name)
                )
            }
            return PackIssue.versions(files.reversed()).map { "\($0.code) \($0.file):\($0.line)" }
        }
        #expect(try codes(lastDay: nil).isEmpty)
        #expect(try codes(lastDay: "2016-02-29").isEmpty)
        #expect(try codes(lastDay: "2015-12-31") == ["pack.version_gap small-2015/2015-01-01.yaml:3"])
        #expect(try codes(lastDay: "2016-12-31") == ["pack.version_overlap small-2015/2015-01-01.yaml:3"])
    }

    @Test("同一个推导事实既要又不要：定义再长、绕几层，也说得出永不同时成立")
    func derivedForAndAgainst() throws {
        let definition = "  - {id: person.alive, zh: 健在, en: alive, expr: \"!has(self.death_date)\"}\n"
        // Nine choices of two: more ways to be true than are looked at one by one.
        let choices = (0..<9).map { "(household.rooms > \($0) || care.days_since(household.until) > \($0))" }
        func codes(_ first: String, _ second: String) throws -> [String] {
            let more =
                definition
                + "  - {id: household.broad, zh: 广, en: broad, expr: \"\(choices.joined(separator: " && "))\"}\n"
                + "  - {id: household.narrow, zh: 窄, en: narrow, expr: \"household.broad && household.near\"}\n"
            let text = SmallPack.text.replacing(definition, with: more).replacing(
                "      - {id: poor, zh: 困难, en: poor, expr: household.poor}",
                with: "      - {id: poor, zh: 困难, en: poor, expr: \"\(first)\"}\n"
                    + "      - {id: two, zh: 第二, en: second, expr: \"\(second)\"}")
            let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
            return PackLint(pack).findings.map(\.code).filter(Self.grave.contains)
        }
        #expect(try codes("household.broad", "!household.broad") == ["lint.never_together"])
        #expect(try codes("household.narrow", "!household.broad") == ["lint.never_together"])
        #expect(try codes("household.broad", "!household.narrow").isEmpty)
    }

    @Test("一条里两个条件同一个 id：整包不收，指出后一个")
    func conditionTwice() {
        let line = "      - {id: poor, zh: 困难, en: poor, expr: household.poor}"
        let issues = SmallPack.issues(
            replacing: line, with: line + "\n      - {id: poor, zh: 近, en: near, expr: household.near}")
        #expect(issues.map { "\($0.code) \($0.line)" } == ["pack.repeated 39"])
    }

    @Test("算出来小于零的金额不算享受，说明规则出错")
    func belowZero() throws {
        let text = SmallPack.text.replacing(
            "type: parameter, parameter: p.rate", with: "type: exact, expr: \"care.yuan(300) - care.yuan(500)\"")
        let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
        let file = try FactsFile.load(
            bytes: Array("subjects: {a: {household: {poor: true}, persons: {wife: {}}}}".utf8), name: "f.yaml",
            pack: pack)
        let trial = Trial(versions: [pack], file: file)
        let day = try #require(CivilDay(parsing: "2015-03-01"))
        let answer = try #require(trial.answers(on: day).first)
        #expect(answer.piece.status == .failed && answer.piece.failure == .negativeSum && answer.piece.amount == nil)
        #expect(answer.explanation?.failures.map(\.why.chinese) == ["得出 -200.00 元，小于零"])
    }

    @Test(
        "总是成立的条件",
        arguments: [
            "household.rooms <= 9", "household.rooms < 4 || household.rooms >= 4", "household.poor || !household.poor",
            "household.rooms in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]",
        ])
    func always(_ condition: String) throws {
        #expect(try Self.codes(condition: condition) == ["lint.always_met"], "\(condition)")
    }

    @Test(
        "可能成立的不报",
        arguments: [
            "household.rooms >= 4 && household.rooms < 6", "household.poor", "!household.poor",
            "members.exists(m, care.age(m) >= 60) && members.exists(m, care.age(m) < 49)",
            "members.exists(m, care.age(m) >= 49 && care.age(m) < 60)", "family.exists(f, !(f.grade in [1, 2, 3, 4]))",
            "family.exists(f, f.role == 'wife') && family.exists(f, f.role == 'only_child')",
            "!has(household.moved_on)", "!members.exists(m, m.alive)",
            "care.months_since(household.until) > 3 && care.days_since(household.until) <= 3",
            "household.rooms > 2 && household.rooms != 3",
        ])
    func possible(_ condition: String) throws {
        #expect(try Self.codes(condition: condition).isEmpty, "\(condition)")
    }

    /// A second condition after the first.
    private static func second(_ condition: String, after first: String = "household.rooms >= 4") throws -> [PackLint
        .Finding]
    {
        try findings(
            "      - {id: poor, zh: 困难, en: poor, expr: household.poor}",
            "      - {id: poor, zh: 困难, en: poor, expr: \"\(first)\"}\n"
                + "      - {id: two, zh: 第二, en: second, expr: \"\(condition)\"}"
        ).filter { grave.contains($0.code) }
    }

    @Test("几个条件合起来不可能：指出后一个的行、列")
    func together() throws {
        let found = try Self.second("household.rooms < 3")
        #expect(found.map(\.code) == ["lint.never_together"])
        #expect(found.first?.place == PackPlaces.Place(line: 39, column: 45))
        #expect(found.first?.isMistake ?? false)
        #expect(try Self.second("household.rooms > 2").map(\.code) == ["lint.always_together"])
        #expect(try Self.second("household.rooms < 6").isEmpty)
        #expect(try Self.second("household.near").isEmpty)
    }

    @Test("参数按人按月、条款按户按月：表达式里直接取用也查得出，乘过的不报")
    func units() throws {
        func amount(_ expression: String) throws -> [String] {
            try Self.findings("{type: parameter, parameter: p.rate}", "{type: formula, expr: \"\(expression)\"}").map(
                \.code
            )
            .filter { $0 == "lint.unit" }
        }
        #expect(try amount("care.parameter('p.person_rate')") == ["lint.unit"])
        #expect(try amount("household.near ? care.yuan(1) : care.parameter('p.person_rate')") == ["lint.unit"])
        #expect(try amount("care.parameter('p.person_rate') * size(members)").isEmpty)
        #expect(try amount("care.parameter('p.rate')").isEmpty)
    }

    @Test("按月的参数用在按季的条款上：载入时就拒绝")
    func quarter() {
        let issues = SmallPack.issues(replacing: "unit: household·month", with: "unit: household·quarter")
        #expect(issues.map(\.code) == ["pack.unit"])
    }

    @Test("以元计的事实写成整数：指出改为 money")
    func moneyFact() throws {
        let found = try Self.findings(
            "nature: plain, zh: 房间, en: rooms}", "nature: plain, unit: yuan, zh: 房间, en: rooms}")
        #expect(found.filter { $0.code == "lint.unit" }.map(\.about) == ["household.rooms"])
        #expect(found.first { $0.code == "lint.unit" }?.place?.line == 20)
    }

    @Test("互斥：单独一条、重复、例外条款不在其中、硬软矛盾")
    func exclusions() throws {
        func found(_ interactions: String) throws -> Set<String> {
            let rule =
                "  - {clause: SM-2, zh: 二, en: two, words: 二, kind: priority_flag, unit: household, "
                + "conditions: [{id: near, zh: 近, en: near, expr: household.near}]}\n"
            let text = SmallPack.text + "\n" + rule + "interactions:\n" + interactions
            let bytes = Array(text.utf8)
            let pack = try RulePack.load(bytes: bytes, name: "small.yaml")
            return Set(PackLint(pack, places: PackPlaces(bytes: bytes, name: "small.yaml")).findings.map(\.code))
                .intersection(Self.grave)
        }
        func line(_ clause: String, _ kind: String, _ among: String, _ strength: String, _ more: String = "") -> String
        {
            "  - {clause: \(clause), zh: 互斥, en: bar, words: 不得, kind: \(kind), among: [\(among)], "
                + "strength: \(strength)\(more)}\n"
        }
        #expect(try found(line("SM-8", "one_per_year", "SM-1, SM-2", "hard")).isEmpty)
        #expect(try found(line("SM-8", "one_per_year", "SM-1", "hard")) == ["lint.exclusion_alone"])
        #expect(try found(line("SM-8", "one_per_year", "SM-1, SM-2, SM-1", "hard")) == ["lint.exclusion_repeated"])
        #expect(
            try found(line("SM-8", "prior_year", "SM-1", "hard", ", one_item: [[SM-2]]")) == ["lint.exclusion_stranger"]
        )
        #expect(
            try found(
                line("SM-8", "prior_year", "SM-1, SM-2", "hard") + line("SM-9", "prior_year", "SM-1, SM-2", "soft"))
                == ["lint.exclusion_contradiction"])
    }

    @Test("参数值在开始之前结束：载入时就拒绝，指出行")
    func emptyPeriod() {
        let issues = SmallPack.issues(
            replacing: "{from: 2015-07-01, value: 20}", with: "{from: 2015-07-01, to: 2015-06-30, value: 20}")
        #expect(issues.map(\.code) == ["pack.period"] && issues.first?.line == 23)
    }

    @Test("随机区间条件：报永不成立的，逐个试过确实没有一个数能满足；反之亦然", arguments: [1, 2, 3])
    func randomBounds(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let signs = ["<", "<=", ">", ">=", "==", "!="]
        let pack = try SmallPack.load()
        let scope = CheckScope(vocabulary: pack.vocabulary, subject: .household)
        func leaf() -> (text: String, holds: (Int64) -> Bool) {
            if random.chance(25) {
                let numbers = (0..<(1 + random.next(below: 3))).map { _ in Int64(random.next(below: 10)) }
                return ("household.rooms in \(numbers)", { numbers.contains($0) })
            }
            let sign = signs[random.next(below: 6)]
            let bound = Int64(random.next(below: 12)) - 1
            let text = random.chance(50) ? "household.rooms \(sign) \(bound)" : "!(household.rooms \(sign) \(bound))"
            let isDenied = text.hasPrefix("!")
            return (text, { number in Self.compare(number, sign, bound) != isDenied })
        }
        func tree(_ depth: Int) -> (text: String, holds: (Int64) -> Bool) {
            if depth == 0 || random.chance(20) { return leaf() }
            let (left, right) = (tree(depth - 1), tree(depth - 1))
            return random.chance(60)
                ? ("(\(left.text) && \(right.text))", { left.holds($0) && right.holds($0) })
                : ("(\(left.text) || \(right.text))", { left.holds($0) || right.holds($0) })
        }
        for _ in 0..<400 {
            let condition = tree(3)
            let expression = try Checker.check(condition.text, in: scope, expected: .bool)
            let logic = ConditionLogic(pack)
            let values = (0...9).map { condition.holds(Int64($0)) }
            #expect(logic.excludes([expression]) == !values.contains(true), "\(condition.text)")
            if values.contains(true) {
                #expect(logic.implies([], expression) == !values.contains(false), "\(condition.text)")
            }
        }
    }

    private static func compare(_ number: Int64, _ sign: String, _ bound: Int64) -> Bool {
        switch sign {
        case "<": number < bound
        case "<=": number <= bound
        case ">": number > bound
        case ">=": number >= bound
        case "==": number == bound
        default: number != bound
        }
    }

    @Test("季中由按月改为按季：指出行、改成哪一天就没有重叠；改在周期之首、没有改周期的，不提示")
    func cadenceWithinAUnit() throws {
        func notes(_ day: String, _ unit: String = "household·quarter") throws -> [PackLint.Finding] {
            let text = SmallPack.text.replacingOccurrences(of: "valid_from: 2015-01-01", with: "valid_from: \(day)")
                .replacingOccurrences(of: "unit: household·month", with: "unit: \(unit)")
                .replacingOccurrences(of: "per: household·month", with: "per: \(unit)")
            let bytes = Array(text.utf8)
            let later = try RulePack.load(bytes: bytes, name: "later.yaml")
            return PackLint(later, places: PackPlaces(bytes: bytes, name: "later.yaml"))
                .rhythmChanges(since: try SmallPack.load())
        }
        let note = try #require(try notes("2016-02-15").first)
        #expect(note.code == "lint.cadence_within_unit" && note.about == "SM-1" && !note.isMistake)
        #expect(note.problem.chinese.contains("按月改为按季") && note.advice.chinese.contains("2016-04-01"))
        let line = SmallPack.text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
            $0.contains("unit: household·month") && !$0.contains("per:")
        }
        #expect(note.place?.line == line.map { $0 + 1 })
        #expect(try notes("2016-04-01").isEmpty && notes("2016-02-15", "household·month").isEmpty)
    }

    @Test("给钱的条款没有写金额的、不带条件的承担方之后还有承担方的，都不能发布，指明行")
    func amountsAndPayers() throws {
        func mistakes(_ old: String, _ new: String) throws -> [String] {
            try Self.findings(old, new).filter(\.isMistake).map { "\($0.code) \($0.about) \($0.place?.line ?? 0)" }
        }
        let amount = "    amount: {type: parameter, parameter: p.rate}\n"
        let line = SmallPack.text.components(separatedBy: "\n").firstIndex { $0.contains("- clause: SM-1") }.map {
            $0 + 1
        }
        #expect(try mistakes(amount, "") == ["lint.no_amount SM-1 \(line ?? 0)"])
        #expect(try mistakes(amount + "    ", amount + "    ").isEmpty)
        #expect(try mistakes("kind: cash_entitlement", "kind: fee_waiver").isEmpty)
        let swapped = "[{shares: {province: 1}}, {when: household.near, shares: {city: 1, county: 2}}]"
        let payers = "[{when: household.near, shares: {city: 1, county: 2}}, {shares: {province: 1}}]"
        let found = try mistakes(payers, swapped)
        #expect(found.count == 1 && found[0].hasPrefix("lint.payer_unreachable SM-1 "))
        #expect(try mistakes(payers, "[{shares: {province: 1}}, {shares: {city: 1}}]").count == 1)
    }
}
