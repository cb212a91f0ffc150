import CareDomain
import RuleEngine
import RulePacks
import Testing

@Suite("推算、当月与办理期限")
struct DerivationTests {
    private static func answer(
        _ pack: String, _ clause: String, on day: String, who: String? = nil, _ facts: String
    ) throws -> Explanation {
        let versions = try PackLibrary.bundled.packs(of: pack)
        let newest = try #require(versions.last)
        let file = try FactsFile.load(bytes: Array(facts.utf8), name: "facts.yaml", pack: newest)
        let answers = Trial(versions: versions, file: file)
            .answers(on: try #require(CivilDay(parsing: day)), clause: ClauseID(clause))
        return try #require(answers.first { who == nil || $0.subject == who }?.explanation)
    }

    private static func steps(_ explanation: Explanation) -> [String] { explanation.steps.map(\.chinese) }

    @Test("递减后的市级补助：得分、比例、金额一步一步")
    func reducedShare() throws {
        let facts = "subjects: {s: {unit: {division: '330302', confirmed_cost: 305500, score: 85}}}"
        let told = try Self.answer("wenzhou-2021", "WZ-A3.5a", on: "2021-12-20", facts)
        let steps = Self.steps(told)
        #expect(steps.contains { $0.hasPrefix("按比例的市级补助：确认的活动经费 305500.00 元 × 45% = 137475.00 元") }, "\(steps)")
        #expect(steps.contains { $0.hasPrefix("低于90分的分数（千分之一分）：") && $0.hasSuffix("= 5000") }, "\(steps)")
        #expect(told.steps.allSatisfy { !$0.english.isEmpty })
    }

    @Test("封顶：两数取小；不满一分的写明四舍五入")
    func capAndRounding() throws {
        let facts = """
            subjects: {s: {unit: {division: '330302', confirmed_cost: '100.01', score: 80}}}
            parameters: [{id: wz.municipal_budget, keys: ['330302'], value: 30, from: 2021-01-01}]
            """
        let steps = Self.steps(try Self.answer("wenzhou-2021", "WZ-A3.5b", on: "2021-12-20", facts))
        #expect(steps.contains { $0.contains("取小 = 30.00 元") }, "\(steps)")
        #expect(steps.contains { $0.contains("× 40%（四舍五入到分） = 40.00 元") }, "\(steps)")
    }

    @Test("分担：比例与各方的数，不足一分归谁也写明")
    func split() throws {
        let facts = "subjects: {s: {unit: {division: '330302', confirmed_cost: '305500.01'}}}"
        let steps = Self.steps(try Self.answer("wenzhou-2021", "WZ-4.2", on: "2021-12-20", facts))
        #expect(steps.contains("分担：市级 152750.01 元，区级 152750.00 元（各方数目由条款算出）"), "\(steps)")
        #expect(steps.first == "确认的活动经费 305500.01 元")
    }

    @Test("居家养老：小时乘单价得出金额")
    func hours() throws {
        let facts = """
            subjects:
              s:
                household: {division: '431002', area: urban, economic_hardship: true,
                  home_care_hours: [{value: 12.5, from: 2015-06-01, until: 2015-07-01}]}
                persons:
                  wife: {birth_date: 1950-01-01, sex: female, living_arrangement: home, care_dependency: full}
                  child: {role: only_child, birth_date: 1985-01-01, death_date: 2012-03-01}
            """
        let told = try Self.answer("chenzhou-2014", "CZ-2.7b", on: "2015-06-15", facts)
        #expect(Self.steps(told).first == "12.5 小时 × 每小时 15.00 元 = 187.50 元", "\(Self.steps(told))")
        #expect(told.month?.wording.chinese == "2015-06 全月有此权利，应发 187.50 元（按 2015-06-01 的条件）")
        let english = try #require(told.englishLines.first { $0.hasPrefix("Month: ") })
        #expect(english == "Month: 2015-06, the right holds all month; due 187.50 yuan (as of 2015-06-01)")
        #expect(told.englishLines.count == told.chineseLines.count)
    }

    @Test("月中去世的一方：当日不享受，当月的一份照说")
    func diedThisMonth() throws {
        let facts = """
            subjects:
              s:
                household: {division: '431002', area: urban}
                persons:
                  wife: {birth_date: 1960-01-01, sex: female}
                  husband: {birth_date: 1958-01-01, sex: male, death_date: [{value: 2015-06-10, from: 2015-06-10}]}
                  child: {role: only_child, birth_date: 1985-01-01, death_date: 2012-03-01}
            """
        let told = try Self.answer("chenzhou-2014", "CZ-2.1", on: "2015-06-20", who: "husband", facts)
        #expect(told.status == .notEntitled)
        let month = try #require(told.month)
        #expect(month.days.map { "\($0.start) \($0.end.map { $0 - 1 }!)" } == ["2015-06-01 2015-06-09"])
        #expect(month.due?.amount == .yuan(300))
        #expect(told.chineseLines.contains("当月：2015-06 2015-06-01 至 2015-06-09 有此权利，应发 300.00 元（按 2015-06-01 的条件）"))
        let later = try Self.answer("chenzhou-2014", "CZ-2.1", on: "2015-07-01", who: "husband", facts)
        #expect(later.month == nil)
    }

    @Test("年度内：按确认符合条件的那一年，问哪一年都一样", arguments: ["2015-10-01", "2016-06-01", "2018-02-01"])
    func deadlineOfConfirmation(day: String) throws {
        let told = try Self.answer("chenzhou-2014", "CZ-2.9a", on: day, Self.rental("from: 2015-09-20"))
        #expect(told.deadline?.lastDay.description == "2015-12-31")
        #expect(told.deadline?.warnFrom.description == "2015-12-01")
        #expect(told.chineseLines.contains("办理期限：2015-12-31"))
    }

    @Test("事后才得知的，按得知的那一年；不符合的没有期限")
    func deadlineOfLateConfirmation() throws {
        let late = Self.rental("from: 2015-09-20, learned: 2016-02-03")
        #expect(
            try Self.answer("chenzhou-2014", "CZ-2.9a", on: "2016-06-01", late).deadline?.lastDay.description
                == "2016-12-31")
        #expect(try Self.answer("chenzhou-2014", "CZ-2.9a", on: "2015-06-01", late).deadline == nil)
    }

    private static func rental(_ times: String) -> String {
        """
        subjects:
          s:
            household: {division: '431002', area: urban, registration_area: urban, housing_none: true,
              housing_conditions_met: [{value: true, \(times)}]}
            persons:
              wife: {birth_date: 1960-01-01, sex: female}
              child: {role: only_child, birth_date: 1985-01-01, death_date: 2012-03-01}
        """
    }
}
