import CareDomain
import Testing

@testable import RuleEngine

/// What an outsider meets who writes a facts file: names, roles, days on which nothing is in force.
@Suite("事实文件：外人写得成、看得懂")
struct FactsFileTests {
    private static func load(_ text: String) throws -> (FactsFile, RulePack) {
        let pack = try SmallPack.load()
        return (try FactsFile.load(bytes: Array(text.utf8), name: "facts.yaml", pack: pack), pack)
    }

    private static func issues(_ text: String) -> [PackIssue] {
        do {
            _ = try load(text)
            return []
        } catch let refused as PackRefused {
            return refused.issues
        } catch {
            return []
        }
    }

    @Test("名字就是身份的人不必再写 role；别的名字要写，写成空列表的不属本户")
    func roles() throws {
        let (file, _) = try Self.load(
            "subjects: {a: {persons: {wife: {}, son: {role: only_child, grade: 2}, guest: {role: [], grade: 1}}}}")
        let entry = try #require(file.entries.first)
        let wife = try #require(entry.names["wife"])
        #expect(
            entry.facts.statements.contains {
                $0.fact == FactVocabulary.role && $0.subject == wife && $0.value == .code(Code("wife")!)
            })
        #expect(entry.names.count == 3)
        let issues = Self.issues("subjects: {a: {persons: {son: {grade: 2}}}}")
        #expect(issues.map(\.code) == ["scenario.no_role"] && issues[0].advice.chinese.contains("only_child"))
    }

    @Test("参数同一天起写了两个不同的值，又不说哪个后登记：拒绝")
    func parameterTwice() throws {
        func file(_ second: String) -> String {
            "{subjects: {a: {}}, parameters: [{id: p.person_rate, from: 2015-01-01, value: 600}, "
                + "{id: p.person_rate, from: 2015-01-01, \(second)}]}"
        }
        #expect(Self.issues(file("value: 700")).map(\.code) == ["scenario.parameter_twice"])
        #expect(Self.issues(file("value: 600")).isEmpty)
        #expect(Self.issues(file("value: 700, recorded: 2015-02-01")).isEmpty)
    }

    @Test("写明止日的值与后一个重叠：拒绝；没有止日的由后一个接上")
    func parameterOverlap() throws {
        func file(_ first: String, _ second: String = "value: 700") -> String {
            "{subjects: {a: {}}, parameters: [{id: p.person_rate, from: 2014-01-01, \(first)value: 600}, "
                + "{id: p.person_rate, from: 2016-01-01, \(second)}]}"
        }
        #expect(Self.issues(file("until: 2016-02-01, ")).map(\.code) == ["scenario.parameter_overlap"])
        #expect(Self.issues(file("until: 2016-01-01, ")).isEmpty)
        #expect(Self.issues(file("")).isEmpty)
        #expect(Self.issues(file("until: 2016-02-01, ", "value: 600")).isEmpty)
        #expect(Self.issues(file("until: 2016-02-01, ", "value: 700, recorded: 2016-01-05")).isEmpty)
    }

    @Test("不认识的事实，提示相近的；同一词用错主体的，提示对的主体")
    func suggestions() throws {
        let near = Self.issues("subjects: {a: {household: {pooor: true}}}")
        #expect(near.map(\.code) == ["scenario.unknown_fact"] && near[0].advice.chinese.contains("household.poor"))
        let vocabulary = try SmallPack.load().vocabulary
        #expect(vocabulary.near("household.grade").first?.rawValue == "person.grade")
        #expect(vocabulary.near("household.entirely_different_words").isEmpty)
    }

    @Test(
        "值不对时写明可以写什么",
        arguments: [("poor: yes", "true 或 false"), ("rooms: 12", "0 至 9"), ("moved_on: 2015-02-30", "日期")])
    func values(_ fact: String, _ words: String) {
        let issues = Self.issues("subjects: {a: {household: {\(fact)}}}")
        #expect(issues.map(\.code) == ["pack.bad_value"] && issues[0].problem.chinese.contains(words))
    }

    @Test(
        "没有意义的写法都要指出来，不默默接受",
        arguments: [
            (
                "subjects: {a: {household: {poor: {value: true, from: 2015-05-01, until: 2015-05-01}}}}",
                "scenario.order"
            ),
            (
                "subjects: {a: {household: {poor: {value: true, learned: 2015-03-01, superseded: 2015-02-01}}}}",
                "scenario.order"
            ),
            ("subjects: {a: {household: {moved_on: 65-3-1}}}", "pack.bad_value"),
            (
                "subjects: {a: {persons: {wife: {birth_date: 1990-01-01, death_date: 1980-01-01}}}}", "scenario.order"
            ),
        ])
    func nonsense(_ text: String, _ code: String) {
        #expect(Self.issues(text).map(\.code) == [code])
    }

    @Test("数量和金额不小于 0")
    func negative() throws {
        let title = Wording("数", "number")
        for (type, value, isFine) in [
            (FactType.decimal, FactValue.decimal(thousandths: -1), false), (.decimal, .decimal(thousandths: 0), true),
            (.money, .money(Fen(-1)), false), (.money, .money(Fen(0)), true),
        ] {
            let fact = FactDefinition(
                id: FactID("household.number")!, subject: .household, type: type, nature: .plain, title: title)
            #expect(fact.accepts(value) == isFine)
        }
    }

    @Test("施行以前的日子答“不享受”，并说明自何日施行；施行之日起照常")
    func beforeInForce() throws {
        let (file, pack) = try Self.load("subjects: {a: {household: {poor: true, near: true}}}")
        let trial = Trial(versions: [pack], file: file)
        let before = try #require(trial.answers(on: SmallPack.day("2014-12-31")).first)
        #expect(before.piece.status == .notEntitled && !before.piece.rightHolds)
        #expect(before.inForce?.start == SmallPack.day("2015-01-01") && before.inForce?.end == nil)
        let first = try #require(trial.answers(on: SmallPack.day("2015-03-01")).first)
        #expect(first.inForce == nil && first.piece.status == .entitled)
    }

    @Test("缺的事实用文件里的名字指人")
    func missingByName() throws {
        let text = SmallPack.text.replacing(
            "expr: household.poor}", with: "expr: \"members.exists(m, care.age(m) >= 60)\"}")
        let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
        let facts = "subjects: {a: {persons: {wife: {}, son: {role: only_child, birth_date: 2000-01-01}}}}"
        let file = try FactsFile.load(bytes: Array(facts.utf8), name: "facts.yaml", pack: pack)
        let answer = try #require(Trial(versions: [pack], file: file).answers(on: SmallPack.day("2015-03-01")).first)
        #expect(answer.piece.missing.map { answer.code(of: $0) } == ["person.birth_date@wife"])
    }

    @Test("程序写的 JSON 整份在一行，多长都收；锚点、过深的嵌套、超过 1 MiB 仍不收")
    func oneLine() throws {
        func text(_ families: Int) -> String {
            let one =
                "{\"household\": {\"poor\": true, \"near\": false}, \"persons\": {\"wife\": {\"birth_date\": \"1960-01-01\"}}}"
            return "{\"subjects\": {" + (0..<families).map { "\"f\($0)\": \(one)" }.joined(separator: ", ") + "}}"
        }
        #expect(text(1_000).utf8.count > 80_000)
        #expect(try Self.load(text(1_000)).0.entries.count == 1_000)
        #expect(Self.issues(text(20_000)).map(\.code) == ["yaml.too_large"])
        #expect(Self.issues("{\"subjects\": {\"a\": &x {}, \"b\": *x}}").map(\.code) == ["yaml.not_allowed"])
        let deep = String(repeating: "[", count: 30_000)
        #expect(Self.issues("{\"subjects\": \(deep)").map(\.code) == ["yaml.not_allowed"])
    }
}
