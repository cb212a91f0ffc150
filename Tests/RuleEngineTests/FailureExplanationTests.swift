import CareDomain
import Testing

@testable import RuleEngine

/// A rule that fails says what of it could not be worked out, why, in which file, and what to do.
@Suite("规则出错时的说明")
struct FailureExplanationTests {
    private static let condition = "expr: household.poor}"
    private static let amount = "amount: {type: parameter, parameter: p.rate}"
    private static let alive = "expr: \"!has(self.death_date)\"}"
    private static let end = "（small-2015/2015-01-01.yaml 的 SM-1）；请告知规则包的维护人，规则改好之前这项待查"

    /// The answer of SM-1 for a household under the small pack with some texts replaced.
    private static func answer(
        _ changes: (old: String, new: String)..., household: String = "poor: true, rooms: 0",
        persons: String = "wife: {birth_date: 1960-01-01}"
    ) throws -> Trial.Answer {
        var text = SmallPack.text
        for change in changes {
            precondition(text.contains(change.old), "\(change.old) is not in the pack")
            text = text.replacing(change.old, with: change.new)
        }
        let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
        let facts = "subjects: {a: {household: {\(household)}, persons: {\(persons)}}}"
        let file = try FactsFile.load(bytes: Array(facts.utf8), name: "f.yaml", pack: pack)
        return try #require(Trial(versions: [pack], file: file).answers(on: SmallPack.day("2015-03-01")).first)
    }

    private static func told(_ answer: Trial.Answer) throws -> [String] {
        try #require(answer.explanation).failures.map(\.wording.chinese)
    }

    @Test("条件出错：哪一个条件、除以零、哪个文件的哪一条；中英文都有，界面各行都说")
    func condition() throws {
        let answer = try Self.answer((Self.condition, "expr: \"10 / household.rooms > 1\"}"))
        #expect(answer.piece.status == .failed && answer.piece.failure == .divideByZero)
        let wanted = "规则出错：条件“困难”（poor）算不出：除以零（10 ÷ 0）" + Self.end
        #expect(try Self.told(answer) == [wanted])
        let explanation = try #require(answer.explanation)
        #expect(explanation.chineseLines.contains(wanted))
        #expect(
            explanation.englishLines.contains(
                "the rule failed: the condition “poor” (poor) cannot be worked out: division by zero (10 / 0) "
                    + "(SM-1 in small-2015/2015-01-01.yaml); tell the keeper of the pack; the right is to be examined "
                    + "until the rule is put right"))
        #expect(explanation.chineseLines.count == explanation.englishLines.count)
        // While it can be worked out, nothing is said.
        let fine = try Self.answer(
            (Self.condition, "expr: \"10 / household.rooms > 1\"}"), household: "poor: true, rooms: 2")
        #expect(try Self.told(fine).isEmpty && fine.piece.status == .entitled)
    }

    @Test(
        "说得出为什么",
        arguments: [
            ("household.until > care.date('2014-02-30')", "日期 2014-02-30 不存在"),
            ("[1, 2][household.rooms + 2] > 1", "下标越界：列表只有 2 项，没有第 2 项（从 0 数起）"),
            ("{'a': 1}[household.poor ? 'b' : 'a'] > 0", "没有键 “b”"),
            ("9223372036854775807 + household.rooms + 1 > 0", "数字太大（9223372036854775807 + 1）"),
            ("care.add_months(household.until, 100001 + household.rooms) > household.until", "移动的月数太多：100001"),
            ("int(household.poor ? 'x' : '1') > 0", "“x” 不能转换为 int"),
            ("care.percent(1, household.rooms) > care.decimal(1)", "百分比的整体是零"),
            ("care.at(household.until, 1 % household.rooms == 0)", "除以零（求余）（1 ÷ 0）"),
            ("household.near || (household.poor ? 1 / household.rooms > 0 : false)", "除以零（1 ÷ 0）"),
        ])
    func why(_ expression: String, _ why: String) throws {
        let answer = try Self.answer(
            (Self.condition, "expr: \"\(expression)\"}"),
            household: "poor: true, rooms: 0, near: false, until: 2015-06-01")
        #expect(
            try Self.told(answer) == ["规则出错：条件“困难”（poor）算不出：\(why)" + Self.end], "\(expression)")
    }

    @Test("错在推导事实里、在某一位成员身上：都说出来")
    func inside() throws {
        let answer = try Self.answer(
            (Self.condition, "expr: \"members.exists(m, m.alive)\"}"), (Self.alive, "expr: \"1 / self.grade > 0\"}"),
            (
                "{id: person.grade, type: int, range: [1, 4], nature: certified,",
                "{id: person.grade, type: int, range: [0, 4], nature: plain,"
            ),
            persons: "wife: {birth_date: 1960-01-01, grade: 0}")
        #expect(
            try Self.told(answer)
                == ["规则出错：条件“困难”（poor）所用的“健在”（person.alive）对妻子算不出：除以零（1 ÷ 0）" + Self.end])
    }

    @Test("金额、承担方出错：说是哪一笔；小于零的说出数目")
    func sums() throws {
        let below = try Self.answer((Self.amount, "amount: {type: formula, expr: \"care.yuan(300) - care.yuan(500)\"}"))
        #expect(below.piece.failure == .negativeSum)
        #expect(try Self.told(below) == ["规则出错：金额算不出：得出 -200.00 元，小于零" + Self.end])
        let sum = try Self.answer((Self.amount, "amount: {type: formula, expr: \"care.yuan(300 / household.rooms)\"}"))
        #expect(try Self.told(sum) == ["规则出错：金额算不出：除以零（300 ÷ 0）" + Self.end])
        let payers = try Self.answer(
            (
                "shares: {city: 1, county: 2}",
                "shares: {city: \"care.yuan(1 / household.rooms)\", county: care.yuan(1)}"
            ),
            household: "poor: true, rooms: 0, near: true")
        let told = try Self.told(payers)
        #expect(told.count == 1 && told[0].contains("承担的部分算不出：除以零（1 ÷ 0）"), "\(told)")
    }
}
