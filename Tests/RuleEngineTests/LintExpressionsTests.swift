import CareDomain
import Testing

@testable import RuleEngine

/// Expressions that can never be worked out, and comparisons that no value meets.
@Suite("规则包检查：永远算不出的表达式")
struct LintExpressionsTests {
    @Test("金额与条款原文相差一百倍的提示：元写成分、分写成元；原文写到的、原文没有数的不提示")
    func sumOfWords() throws {
        func codes(_ words: String, _ amount: String) throws -> [String] {
            let text = SmallPack.text.replacing("words: 困难的每月补贴。", with: "words: \(words)")
                .replacing("type: parameter, parameter: p.rate", with: "type: exact, \(amount)")
            let bytes = Array(text.utf8)
            let pack = try RulePack.load(bytes: bytes, name: "small.yaml")
            return PackLint(pack, places: PackPlaces(bytes: bytes, name: "small.yaml")).findings.filter {
                $0.code == "lint.sum_of_words" && !$0.isMistake && $0.place != nil
            }.map(\.problem.chinese)
        }
        #expect(
            try codes("每月发放300元。", "value: 300, unit: fen") == ["金额是 3.00 元，条款原文写的是 300.00 元，相差一百倍"])
        #expect(try codes("每月发放 300 元。", "value: 30000, unit: yuan").count == 1)
        #expect(try codes("一次性给予2万元。", "value: 20000, unit: fen").count == 1)
        #expect(try codes("每小时 1,250.50 元。", "expr: care.fen(125050)").isEmpty)
        #expect(try codes("每月发放300元。", "value: 300, unit: yuan").isEmpty)
        #expect(try codes("300元以上，每年3元。", "value: 300, unit: fen").isEmpty)
        #expect(try codes("每月补贴。", "value: 300, unit: fen").isEmpty)
    }

    @Test("全户的金额每人直接取用：提示；按人数分摊的、按户计的不提示")
    func wholeForOne() throws {
        let near = "  - {id: household.near, type: bool, nature: plain, zh: 近, en: near}\n"
        func codes(_ unit: String, _ expr: String) throws -> [String] {
            let text = SmallPack.text.replacing(
                near, with: near + "  - {id: household.cost, type: money, nature: plain, unit: fen, zh: 费用, en: cost}\n"
            ).replacing("unit: household·month\n", with: "unit: \(unit)\n")
                .replacing("type: parameter, parameter: p.rate", with: "type: formula, expr: \"\(expr)\"")
            let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
            return PackLint(pack).findings.map(\.code).filter { $0 == "lint.whole_for_one" }
        }
        #expect(try codes("person·month", "household.cost + care.yuan(1)") == ["lint.whole_for_one"])
        #expect(try codes("person·month", "household.cost * care.decimal('0.5')").isEmpty)
        #expect(try codes("household·month", "household.cost").isEmpty)
    }

    @Test("没有人活到150周岁：这样的比较永不成立")
    func age() throws {
        func codes(_ condition: String) throws -> [String] {
            let text = SmallPack.text.replacing("expr: household.poor}", with: "expr: \"\(condition)\"}")
            let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
            return PackLint(pack).findings.filter(\.isMistake).map(\.code)
        }
        #expect(try codes("household.poor || members.exists(m, care.age(m) >= 490)") == ["lint.comparison_never"])
        #expect(try codes("members.exists(m, care.age(m) > 149)") == ["lint.unreachable"])
        #expect(try codes("members.exists(m, care.age(m) >= 149)").isEmpty)
        #expect(try codes("household.poor || care.years_since(household.until) >= 200").isEmpty)
    }

    @Test("一处定义有误，用到它的各处合成一句，排在后面；没有声明的名字用到多处的也合成一句")
    func followers() {
        func issues(_ definition: String, _ conditions: [String]) -> [String] {
            let lines = conditions.enumerated().map { index, expr in
                "      - {id: c\(index), zh: 条件, en: condition, expr: \"\(expr)\"}"
            }
            let text = SmallPack.text.replacing(
                "      - {id: poor, zh: 困难, en: poor, expr: household.poor}", with: lines.joined(separator: "\n")
            ).replacing("expr: \"!has(self.death_date)\"}", with: "expr: \"\(definition)\"}")
            do {
                _ = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
                return []
            } catch {
                return error.issues.map { "\($0.code) \($0.problem.chinese)" }
            }
        }
        let used = ["members.exists(m, m.alive)", "members.all(m, m.alive)", "size(members.filter(m, m.alive)) > 1"]
        #expect(
            issues("!has(self.deth_date)", used) == [
                "expression.unknown_fact 词汇表中没有事实 person.deth_date",
                "expression.follows 推导事实 person.alive 没有读成，另有 2 处用到没有读成的推导事实",
            ])
        let undeclared = Array(repeating: "household.rich", count: 5)
        #expect(
            issues("!has(self.death_date)", undeclared)
                == ["expression.unknown_fact 词汇表中没有事实 household.rich，另有 4 处用到"])
    }

    private static let condition = "expr: household.poor}"

    private static func findings(_ expression: String) throws -> [PackLint.Finding] {
        let text = SmallPack.text.replacing(condition, with: "expr: \"\(expression)\"}")
        let bytes = Array(text.utf8)
        let pack = try RulePack.load(bytes: bytes, name: "small.yaml")
        return PackLint(pack, places: PackPlaces(bytes: bytes, name: "small.yaml")).findings
    }

    private static func codes(_ expression: String) throws -> [String] {
        try findings(expression).map(\.code).filter {
            $0.contains("fails") || $0.contains("comparison") || $0.contains("unreachable") || $0.contains("always")
        }
    }

    @Test(
        "常数使它总是算不出：说出为什么",
        arguments: [
            ("household.until > care.date('2014-02-30')", "日期 2014-02-30 不存在"),
            ("household.until > care.date('abc')", "“abc” 不是日期"),
            ("care.add_months(household.until, 999999999999) > household.until", "移动的月数太多：999999999999"),
            ("care.add_days(household.until, -4000001) < household.until", "移动的天数太多：-4000001"),
            ("care.birthday(household.until, 5001) > household.until", "岁数太大：5001"),
            ("household.rooms > [1, 2][5]", "下标越界：列表只有 2 项，没有第 5 项（从 0 数起）"),
            ("[household.rooms, 2][2] > 1", "下标越界：没有第 2 项（从 0 数起）"),
            ("household.rooms == [1, 2][1 - 2]", "下标越界：列表只有 2 项，没有第 -1 项（从 0 数起）"),
            ("household.rooms == {'a': 1}['b']", "没有键 “b”"),
            ("household.rooms == {'a': household.rooms}.b", "没有键 b"),
            ("{'a': 1, 'a': household.rooms}.a > 0", "映射里同一个键出现两次"),
            ("household.rooms / (2 - 2) > 1", "除以零"), ("1 / (2 - 2) > household.rooms", "除以零（1 ÷ 0）"),
            ("household.rooms % (1 - 1) > 1", "除以零（求余）"),
            ("household.rooms > 9223372036854775807 + 1", "数字太大（9223372036854775807 + 1）"),
            ("household.rooms > int('x')", "“x” 不能转换为 int"), ("household.rooms > int(uint(-1))", "uint：数字太大 -1"),
            ("bool('ja') || household.poor", "“ja” 不能转换为 bool"),
            ("care.parameter('p.rate') > care.yuan(9223372036854775807)", "care.yuan：数字太大 9223372036854775807"),
            ("care.decimal('1.2345') > care.decimal(household.rooms)", "“1.2345” 不能转换为 care.decimal"),
            ("care.percent(household.rooms, 0) > care.decimal(1)", "百分比的整体是零"),
            ("care.share(care.parameter('p.rate'), 1, 1 - 2) > care.yuan(1)", "份额的总份数小于零"),
            ("care.start_of_year(-10000) < household.until", "移到了公元 1 至 9999 年之外"),
            ("care.within_division('abc', '431000')", "“abc” 不是区划代码"),
            // Of a derived value, inside a macro, and where the rest may keep it from being seen.
            ("members.exists(m, m.birth_date > care.date('2014-13-01'))", "日期 2014-13-01 不存在"),
            ("false && household.until > care.date('abc')", "“abc” 不是日期"),
            ("[1, 2].exists(x, 1 / (x - 1) > 5 && household.poor)", nil),
            ("[1, 0].map(x, 5 / x).exists(y, y > household.rooms)", "除以零"),
            ("household.poor ? [1][1] == 1 : true", "下标越界：列表只有 1 项，没有第 1 项（从 0 数起）"),
        ] as [(String, String?)])
    func fails(_ expression: String, _ why: String?) throws {
        let found = try Self.findings(expression).filter { $0.code == "lint.always_fails" }
        guard let why else {
            #expect(found.isEmpty, "\(expression): \(found.map(\.problem.chinese))")
            return
        }
        #expect(found.map(\.problem.chinese) == ["这一部分总是算不出：\(why)"], "\(expression)")
        #expect(found.allSatisfy { $0.isMistake && $0.place != nil }, "\(expression)")
    }

    @Test("区划参数写错：指出来；写对的、由事实给的，不报")
    func divisions() throws {
        let fact =
            "  - {id: household.division, type: division, nature: plain, zh: 户籍地, en: place}\n"
            + "  - {id: household.near,"
        func problems(_ code: String) throws -> [String] {
            let text = SmallPack.text.replacing("  - {id: household.near,", with: fact).replacing(
                Self.condition, with: "expr: \"care.within_division(household.division, '\(code)')\"}")
            let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
            return PackLint(pack).findings.filter { $0.code == "lint.always_fails" }.map(\.problem.english)
        }
        #expect(try problems("abc") == ["this part never gives a value: “abc” is no division code"])
        #expect(try problems("431000").isEmpty)
    }

    @Test("有界的函数：比不到的是错误，总是成立的是提示；成立与否看情况的不报")
    func comparisons() throws {
        #expect(try Self.codes("care.month_of_year() == 13") == ["lint.unreachable"])
        #expect(try Self.codes("care.month_of_year() == 12 + 1") == ["lint.unreachable"])
        #expect(try Self.codes("care.month_of_year() >= 1") == ["lint.always_met"])
        #expect(try Self.codes("!(care.month_of_year() <= 12)") == ["lint.unreachable"])
        let near = " || household.near"
        for never in [
            "care.month_of_year() == 13", "care.month_of_year() > 12", "care.month_of_year() < 1",
            "13 == care.month_of_year()", "care.month_of_year() in [13, 14]", "care.quarter_of_year() > 4",
            "care.year() > 20140", "care.month_of_year() % 3 == 3", "size(members) < 0", "household.rooms > 9",
            "care.year_of(household.until) == 0", "members.exists(m, care.age(m) < -1)",
        ] {
            #expect(try Self.codes(never + near) == ["lint.comparison_never"], "\(never)")
        }
        for always in ["care.month_of_year() <= 12", "size(members) >= 0", "care.months_since(household.until) > -2"] {
            let found = try Self.findings("household.near && \(always)").filter { $0.code == "lint.comparison_always" }
            #expect(found.map(\.isMistake) == [false], "\(always)")
        }
        for open in [
            "care.month_of_year() >= 9 || care.month_of_year() == 1", "size(members) == 0", "size(members) > 0",
            "care.months_since(household.until) >= 0", "care.month_of_year() % 3 == 2", "household.rooms >= 0",
            "household.rooms % 5 == 4", "care.month_of_year() != 13 - 1", "care.year() == 2015",
        ] {
            #expect(try Self.codes(open).filter { $0 != "lint.always_met" }.isEmpty, "\(open)")
        }
    }

    @Test("行列指向那一部分，也在折行的文字里")
    func place() throws {
        let expression = "household.poor && household.until > care.date('2014-02-30')"
        let found = try #require(try Self.findings(expression).first { $0.code == "lint.always_fails" })
        let lines = SmallPack.text.replacing(Self.condition, with: "expr: \"\(expression)\"}").split(
            separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.contains("2014-02-30") })
        let before = try #require(lines[line].firstRange(of: "care.date")).lowerBound
        #expect(found.place?.line == line + 1)
        #expect(found.place?.column == lines[line].distance(from: lines[line].startIndex, to: before) + 1)
        let folded = SmallPack.text.replacing(
            "      - {id: poor, zh: 困难, en: poor, expr: household.poor}",
            with: """
                      - id: poor
                        zh: 困难
                        en: poor
                        expr: >-
                          household.poor &&
                          household.rooms > [1, 2][5]
                """)
        let pack = try RulePack.load(bytes: Array(folded.utf8), name: "small.yaml")
        let places = PackPlaces(bytes: Array(folded.utf8), name: "small.yaml")
        let index = try #require(PackLint(pack, places: places).findings.first { $0.code == "lint.always_fails" })
        let wanted = folded.split(separator: "\n", omittingEmptySubsequences: false)
        let row = try #require(wanted.firstIndex { $0.contains("[1, 2][5]") })
        #expect(index.place?.line == row + 1)
        #expect(Array(wanted[row]).dropFirst((index.place?.column ?? 1) - 1).first == "[")
    }

    @Test("金额两处写、总是小于零、写在推导事实和承担方里的，都指出来；不能发布")
    func sums() throws {
        func mistakes(_ old: String, _ new: String) throws -> [String] {
            let text = SmallPack.text.replacing(old, with: new)
            precondition(text != SmallPack.text, "\(old) is not in the pack")
            let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
            return pack.mistakes(in: Array(text.utf8), name: "small.yaml").map(\.code)
        }
        let amount = "amount: {type: parameter, parameter: p.rate}"
        #expect(
            try mistakes(amount, "amount: {type: floor, value: 5, unit: yuan, parameter: p.rate}") == ["lint.sum_twice"]
        )
        #expect(try mistakes(amount, "amount: {type: formula, expr: care.yuan(-5)}") == ["lint.negative_sum"])
        #expect(
            try mistakes(amount, "amount: {type: formula, expr: \"care.yuan(5 / (1 - 1))\"}") == ["lint.always_fails"])
        #expect(
            try mistakes(
                "shares: {city: 1, county: 2}", "shares: {city: \"care.yuan(1)\", county: \"care.yuan(0 - 2)\"}")
                == ["lint.negative_sum"])
        #expect(
            try mistakes("expr: \"!has(self.death_date)\"", "expr: \"self.birth_date > care.date('1900-02-29')\"")
                == ["lint.always_fails"])
    }
}
