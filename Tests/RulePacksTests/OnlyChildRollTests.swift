import CareDomain
import RuleEngine
import RulePacks
import Testing

/// 温州“独生子女家庭”和“原独生子女家庭”的优先：再生育、收养之后只剩后者。
@Suite("温州：独生子女家庭的优先次序")
struct OnlyChildRollTests {
    /// Warnings of a clause for the family on a day.
    private static func warnings(_ clause: String, _ household: String, on day: String) throws -> [String] {
        let text = """
            subjects:
              f:
                household: {division: "330302", fp_hardship: true\(household)}
                persons:
                  wife: {birth_date: 1975-03-02, serious_illness: true}
                  child: {role: only_child, birth_date: 2004-05-20, school_stage: senior_secondary}
            """
        let newest = try #require(try PackLibrary.bundled.packs(of: "wenzhou-2021").last)
        let file = try FactsFile.load(bytes: Array(text.utf8), name: "f.yaml", pack: newest)
        let answers = Trial(versions: [newest], file: file)
            .answers(on: try #require(CivilDay(parsing: day)), clause: ClauseID(clause))
        let answer = try #require(answers.first { $0.piece.rightHolds })
        return answer.piece.warnings.map { answer.rule.warnings[$0].id.rawValue }
    }

    @Test("患重病的独生子女家庭优先：名册登记、没有再生育收养的，或证明是的；写明不是的不算")
    func seriouslyIll() throws {
        func isFirst(_ household: String) throws -> Bool {
            try Self.warnings("WZ-3.1", household, on: "2021-06-01").contains("priority_seriously_ill")
        }
        #expect(try isFirst(""))
        #expect(try !isFirst(", rebirth_on: 2019-03-01"))
        #expect(try !isFirst(", adoption_on: 2019-03-01"))
        #expect(try isFirst(", rebirth_on: 2022-03-01"))
        #expect(try !isFirst(", only_child_family: false"))
    }

    @Test("原独生子女家庭优先：再生育之后也算")
    func former() throws {
        for household in ["", ", rebirth_on: 2019-03-01"] {
            #expect(try Self.warnings("WZ-3.3a", household, on: "2021-09-01").contains("priority_only_child"))
        }
    }
}
