import CareDomain
import RuleEngine
import RulePacks
import Testing

@Suite("说明")
struct ExplanationTests {
    private let clause = ClauseID("CZ-2.1")!

    private func lines(_ explanation: Explanation?, dropping prefix: String) throws -> [String] {
        try #require(explanation).chineseLines.filter { !$0.hasPrefix(prefix) }
    }

    @Test("“否”说出最近缺的条件和届时的日子")
    func nearestMissing() throws {
        let explanation = try ChenzhouFamily.evaluator().explain(
            clause, subject: ChenzhouFamily.husband, on: ChenzhouFamily.day("2014-08-01"), ChenzhouFamily.facts)
        let expected = [
            "CZ-2.1 提高扶助标准 · 丈夫 · 2014-08-01", "结论：不享受", "差在：妻子（单亲的为本人）2014-09-10 年满 49 周岁", "起始日：2014-09-10",
            "  未满足：妻子年满49周岁（单亲的为本人年满49周岁），届时 2014-09-10", "事实：户 户籍地：431002 (事件 1)", "事实：妻子 出生日期：1965-09-10 (事件 4)",
            "事实：妻子 家庭身份：妻子 (事件 3)", "事实：丈夫 家庭身份：丈夫 (事件 5)", "事实：独生子女 死亡日期：2012-03-01 (事件 8)",
            "事实：独生子女 家庭身份：独生子女 (事件 7)",
            "口径：通则 权利自何日起：自事实发生日", "口径：通则 周岁自何日起算：生日当天", "口径：CZ-Q1 “未再生育或未收养”：两者皆无",
            "口径：CZ-Q3 成年独生子女死亡、留有孙子女：仍属特殊困难家庭",
            "口径：CZ-Q4 是否要求本市户籍（文件未写，属部署选择）：要求",
            "口径：CZ-2.1 “在落实国家经济扶助标准的基础上”是否要求本人已有国家特别扶助记录：是对部门的要求，没有记录只提示",
            "口径：CZ-Q5 丧偶或离异的一方：本人年满49周岁即可", "口径：CZ-Q6 起发月份：符合条件的当月",
            "依据：郴政办发〔2014〕25号 CZ-2.1 “对于女方49周岁及以上的特殊困难家庭夫妇，在落实特别困难家庭国家经济扶助标准的基础上，继续给予每人每月增加300元经济扶助。”",
        ]
        let actual = try lines(explanation, dropping: "规则包：")
        #expect(actual == expected, "\(actual.joined(separator: "\n"))")
    }

    @Test("“是”列出金额、承担方和提示")
    func entitled() throws {
        let explanation = try ChenzhouFamily.evaluator().explain(
            clause, subject: ChenzhouFamily.husband, on: ChenzhouFamily.day("2014-10-01"), ChenzhouFamily.facts)
        let lines = try #require(explanation).chineseLines
        #expect(lines[1] == "结论：享受，每月 300.00 元")
        #expect(lines.contains("计算：标准：每人每月 300.00 元"))
        #expect(lines.contains("承担：财政 300.00 元"))
        #expect(lines.contains("提示：没有国家特别扶助记录；两者相加，不相抵"))
        let english = try #require(explanation).englishLines
        #expect(english[1] == "Answer: entitled, 300.00 yuan per month")
        #expect(lines.count == english.count)
    }

    @Test("户的条件差在另一人身上的，说出是谁、自哪天起")
    func nearestLiesWithSomebodyElse() throws {
        var facts = ChenzhouFamily.facts
        var sequence: UInt64 = 100
        func state(_ fact: String, _ subject: RuleSubject, _ value: FactValue, from: String = "2010-01-01") {
            sequence += 1
            facts.statements.append(
                FactStatement(
                    fact: FactID(unchecked: fact), subject: subject, value: value,
                    period: DayPeriod(start: ChenzhouFamily.day(from)),
                    recordedAt: Moment(microseconds: Int64(sequence)), source: EventReference(sequence: sequence)))
        }
        func code(_ text: String) -> FactValue { .code(Code(unchecked: text)) }
        state("household.economic_hardship", .household, .bool(true))
        for person in [ChenzhouFamily.wife, ChenzhouFamily.husband] {
            state("person.living_arrangement", person, code("home"))
        }
        // The wife is 60 and manages; her husband needs care and is 60 later.
        state("person.care_dependency", ChenzhouFamily.wife, code("none"))
        state("person.care_dependency", ChenzhouFamily.husband, code("full"))
        let evaluator = try ChenzhouFamily.evaluator()
        func told(_ day: String) throws -> Explanation.MissingCondition? {
            try #require(
                evaluator.explain(ClauseID("CZ-2.7b")!, subject: .household, on: ChenzhouFamily.day(day), facts)
            ).nearest
        }
        let other = try #require(try told("2026-01-01"))
        #expect(other.later?.chinese == "完全失能或部分失能：丈夫自 2027-01-20 起")
        #expect(other.later?.english == "fully or partly dependent: the husband from 2027-01-20 on")
        let age = try #require(try told("2025-09-09"))
        #expect(age.later?.chinese == "夫妇 2025-09-10 年满 60 周岁（妻子）" || age.metOn?.description == "2027-01-20")
    }

    @Test("定义不成立时，说到定义里缺的那一条")
    func definitionBehind() throws {
        var facts = ChenzhouFamily.facts
        facts.statements.removeLast()
        let explanation = try #require(
            try ChenzhouFamily.evaluator().explain(
                clause, subject: ChenzhouFamily.wife, on: ChenzhouFamily.day("2015-01-01"), facts))
        #expect(explanation.nearest?.title.chinese == "独生子女死亡，或持有一至三级残疾证")
        #expect(explanation.nearest?.metOn == nil && explanation.rightBegins == nil)
    }

    @Test("之后的事后来才知道，当日的说法不变")
    func laterFactsDoNotChangeTheWords() throws {
        var facts = ChenzhouFamily.facts
        var death = facts.statements.removeLast()
        death.value = .day(ChenzhouFamily.day("2015-06-01"))
        death.period = DayPeriod(start: ChenzhouFamily.day("2015-06-01"))
        let evaluator = try ChenzhouFamily.evaluator()
        func told() throws -> Explanation.MissingCondition {
            let explanation = evaluator.explain(
                clause, subject: ChenzhouFamily.wife, on: ChenzhouFamily.day("2015-01-01"), facts)
            return try #require(explanation?.nearest)
        }
        let before = try told()
        facts.statements.append(death)
        let after = try told()
        #expect(before.title == after.title && before.title.chinese == "独生子女死亡，或持有一至三级残疾证")
        #expect(before.metOn == nil && after.metOn == ChenzhouFamily.day("2015-06-01"))
    }

    @Test("缺事实时说出要补什么、谁的")
    func missingFact() throws {
        var facts = ChenzhouFamily.facts
        facts.statements.removeAll { $0.fact.rawValue == "person.birth_date" && $0.subject == ChenzhouFamily.wife }
        let explanation = try #require(
            try ChenzhouFamily.evaluator().explain(
                clause, subject: ChenzhouFamily.wife, on: ChenzhouFamily.day("2015-01-01"), facts))
        #expect(explanation.status == .needsFact)
        #expect(explanation.missing.map(\.wording.chinese) == ["请补妻子的出生日期"])
        #expect(explanation.missing.map(\.wording.english) == ["ask for birth date of the wife"])
    }

    @Test("改过的口径在说明里注明")
    func changedReading() throws {
        let next: ReadingChoices = [Code(unchecked: "start_month"): .code(Code(unchecked: "next"))]
        let explanation = try ChenzhouFamily.evaluator(next).explain(
            clause, subject: ChenzhouFamily.wife, on: ChenzhouFamily.day("2015-01-01"), ChenzhouFamily.facts)
        #expect(try #require(explanation).chineseLines.contains("口径：CZ-Q6 起发月份：次月（已改）"))
    }
}
