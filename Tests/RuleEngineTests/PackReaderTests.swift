import Testing

@testable import RuleEngine

@Suite("读入规则包")
struct PackReaderTests {
    @Test("完好的包读入后带有字节的摘要")
    func loads() throws {
        let pack = try SmallPack.load()
        #expect(pack.hash.count == 32)
        #expect(pack.rules.map(\.clause.rawValue) == ["SM-1"])
        #expect(try RulePack.load(bytes: Array((SmallPack.text + "\n").utf8), name: "x").hash != pack.hash)
    }

    @Test("同一个键写两次整篇拒绝；数字与同样的文字是两个键")
    func keysStandOnce() throws {
        func keys(_ text: String) throws -> [String] {
            let root = try YAMLValue.read(Array(text.utf8), file: "x").root
            guard case .mapping(let entries) = root.kind else { return [] }
            return entries.compactMap(\.key.text)
        }
        #expect(try keys("1: a\n\"1\": b\n") == ["1", "1"])
        #expect(try keys("yes: a\n2014-07-16: b\n~: c\n") == ["yes", "2014-07-16", "~"])
        for twice in ["1: a\n1: b\n", "a: 1\n\"a\": 2\n", "x: {on: 1, on: 2}\n"] {
            let refused = #expect(throws: PackRefused.self) { try keys(twice) }
            #expect(refused?.issues.first?.code == "yaml.syntax")
        }
    }

    @Test(
        "坏包整包拒绝，指明行列、代码",
        arguments: [
            ("expr: household.poor}", "expr: household.pour}", "expression.unknown_fact"),
            ("expr: household.poor}", "expr: household.rooms}", "expression.type"),
            ("expr: household.poor}", "expr: household.rooms >}", "expression.syntax"),
            ("expr: household.poor}", "expr: care.age(subject) > 3}", "expression.type"),
            (
                "expr: household.poor}", "expr: \"household.moved_on > care.date('2015-01-01')\"}",
                "expression.may_be_absent"
            ),
            ("expr: household.poor}", "expr: readings.lax}", "expression.unknown_reading"),
            ("expr: household.poor}", "expr: care.years_since(household.until)}", "expression.day_needs_comparison"),
            ("type: parameter, parameter: p.rate", "type: parameter, parameter: p.person_rate", "pack.unit"),
            ("type: parameter, parameter: p.rate", "type: exact, value: 300", "pack.unit"),
            ("type: parameter, parameter: p.rate", "type: exact, expr: household.rooms * 100", "expression.type"),
            (
                "type: parameter, parameter: p.rate",
                "type: exact, expr: \"household.near ? 30000 : care.yuan(300)\"", "expression.type"
            ),
            (
                "type: parameter, parameter: p.rate", "type: exact, expr: \"household.near ? care.yuan(300) : null\"",
                "expression.type"
            ),
            ("expr: household.poor}", "expr: \"household.rooms in ['1', 2]\"}", "expression.type"),
            ("expr: household.poor}", "expr: \"household.rooms / 0 == 1\"}", "expression.divide_by_zero"),
            ("type: parameter, parameter: p.rate", "type: exact, value: -300, unit: yuan", "pack.amount"),
            ("value: 12.50", "value: -12.50", "pack.amount"),
            ("type: money, unit: yuan, per: household·month", "type: money, per: household·month", "pack.unit"),
            (
                "type: money, unit: yuan, per: household·month", "type: int, unit: yuan, per: household·month",
                "pack.unit"
            ),
            ("to: 2015-06-30", "to: 2015-07-01", "pack.overlap"), ("value: 12.50", "value: 12.505", "pack.bad_value"),
            ("unit: household·month\n", "unit: hamlet·month\n", "pack.bad_value"),
            ("unit: household·month\n", "unit: village·month\n", "expression.unknown_name"),
            ("unit: household·month\n", "unit: household\n", "pack.unit"),
            ("kind: cash", "art: x\n    kind: cash", "pack.unknown_key"),
            ("    words: 困难的每月补贴。\n", "", "pack.missing_key"),
            ("kind: cash_entitlement", "kind: gift", "pack.bad_value"),
            ("clause: SM-1", "clause: 1", "pack.bad_value"),
            ("valid_from: 2015-01-01", "valid_from: 2015-02-30", "pack.bad_value"),
            ("nature: certified, zh: 困难", "nature: maybe, zh: 困难", "pack.bad_value"),
            ("id: household.near", "id: household.poor", "pack.repeated"),
            ("default: false", "default: 3", "pack.bad_value"),
            ("person.role\n", "person.rolle\n", "pack.core_facts"),
            (
                "expr: \"!has(self.death_date)\"}", "expr: self.b}\n  - {id: person.b, zh: b, en: b, expr: self.alive}",
                "pack.cycle"
            ),
            ("zh: 小包", "zh: &a 小包", "yaml.not_allowed"), ("zh: 小包", "zh: *a", "yaml.not_allowed"),
            ("zh: 小包", "zh: [小包", "yaml.syntax"),
            ("zh: 小包", "zh: \(String(repeating: "[", count: 200))", "yaml.not_allowed"),
        ])
    func refuses(_ old: String, _ new: String, _ code: String) {
        let issues = SmallPack.issues(replacing: old, with: new)
        #expect(issues.contains { $0.code == code }, "\(issues.map(\.description))")
        #expect(issues.allSatisfy { $0.file == "small.yaml" && $0.line >= 1 && $0.column >= 1 })
    }

    @Test(
        "办法说得出该怎么写：几位小数、范围、有哪些选项、一行多长",
        arguments: [
            ("value: 12.50", "value: 12.505", "至多两位小数"), ("default: false", "default: 3", "true 或 false"),
            ("city: 1, county: 2", "city: 0, county: 2", "1 至 1000000 的整数"),
            (
                "expr: household.poor}",
                "expr: \"\(String(repeating: "household.poor && ", count: 1_200))household.poor\"}",
                "拆成几个 definitions"
            ),
            ("zh: 小包", "zh: &a 小包", "把内容直接写出来"),
            ("zh: 小包", "zh: \(String(repeating: "[", count: 200))", "减少层次"),
        ])
    func advises(_ old: String, _ new: String, _ words: String) {
        let issues = SmallPack.issues(replacing: old, with: new)
        #expect(issues.contains { $0.advice.chinese.contains(words) }, "\(issues)")
    }

    @Test("表达式错误指到文件里的行和列，折行的也是")
    func expressionPlaces() throws {
        let flat = try #require(
            SmallPack.issues(replacing: "expr: household.poor}", with: "expr: household.pour}").first)
        let line = try #require(
            SmallPack.text.split(separator: "\n").firstIndex { $0.contains("expr: household.poor}") })
        #expect(flat.line == line + 1)
        let text = SmallPack.text.split(separator: "\n")[line]
        let column = text.distance(
            from: text.startIndex, to: try #require(text.firstRange(of: "household.poor")).lowerBound)
        #expect(flat.column == column + "household".count + 1)

        let folded = SmallPack.issues(
            replacing: "- {id: poor, zh: 困难, en: poor, expr: household.poor}",
            with:
                "- id: poor\n        zh: 困难\n        en: poor\n        expr: >-\n          household.poor &&\n          household.pour"
        )
        #expect(folded.first?.line == line + 6)
        #expect(folded.first?.column == 20)
    }

    @Test("一次列出能找到的全部问题，按位置排序")
    func listsAll() {
        let issues = SmallPack.issues(
            replacing: "kind: cash_entitlement\n    unit: household·month", with: "kind: gift\n    unit: x")
        #expect(issues.count >= 1)
        #expect(issues.map(\.line) == issues.map(\.line).sorted())
    }

    @Test("条件太多的推导事实被拒绝，不会悄悄不见")
    func tooManyConditions() {
        let line = "      - {id: poor, zh: 困难, en: poor, expr: household.poor}"
        let many = (0..<ExpressionLimits.depth).map { line.replacing("id: poor", with: "id: poor_\($0)") }
        func issues(_ conditions: [String]) -> [PackIssue] {
            let text = conditions.joined(separator: "\n")
            return SmallPack.issues(replacing: line, with: text + "\n    defines: household.subsidised")
        }
        #expect(issues([line]).isEmpty)
        #expect(issues(Array(many.dropLast(2))).isEmpty)
        #expect(issues(many).map(\.code) == ["expression.too_large"])
    }

    @Test("任意改动的文件不会使读入崩溃")
    func fuzz() {
        var random = SeededRandom(seed: 25)
        let original = Array(SmallPack.text.utf8)
        for _ in 0..<400 {
            var bytes = original
            for _ in 0...random.next(below: 6) {
                let place = random.next(below: bytes.count)
                switch random.next(below: 5) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next(below: 256))
                case 1: bytes.remove(at: place)
                case 2:
                    bytes.insert(
                        contentsOf: Array("- {[\"':&*!|>%@`#\n\t ".utf8.shuffled(&random).prefix(2)), at: place)
                case 3: bytes.removeSubrange(place..<min(bytes.count, place + random.next(below: 40)))
                default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
                }
            }
            _ = try? RulePack.load(bytes: bytes, name: "fuzz.yaml")
        }
    }
}

extension Sequence {
    /// The elements in an order drawn from the seed.
    fileprivate func shuffled(_ random: inout SeededRandom) -> [Element] {
        var list = Array(self)
        for index in list.indices.dropFirst() { list.swapAt(index, random.next(below: index + 1)) }
        return list
    }
}
