import CareDomain
import RuleEngine
import RulePacks
import Testing

/// A decision of a facts file that a service would not take is told with the service's code and its line, and left out.
@Suite("试算：登记时不予接受的决定，试算同样不予接受，不默默略过")
struct RefusedDecisionTests {
    private static func trial(_ pack: String, _ text: String) throws -> Trial {
        let newest = try #require(try PackLibrary.bundled.packs(of: pack).last)
        return Trial(
            versions: [newest], file: try FactsFile.load(bytes: Array(text.utf8), name: "f.yaml", pack: newest))
    }

    private static func issues(_ pack: String, _ text: String) throws -> [String] {
        do {
            _ = try trial(pack, text)
            return []
        } catch let refused as PackRefused { return refused.issues.map(\.code) }
    }

    /// A bereaved family in which IVF was used at once, without a statement that other means had failed.
    private static func chenzhou(_ awards: String...) -> String {
        """
        subjects:
          f:
            household:
              division: "431002"
              area: urban
              assisted_reproduction_on: [{value: 2016-03-01, from: 2016-03-01}]
              assisted_reproduction_kind: [{value: ivf, from: 2016-03-01}]
            persons:
              wife: {birth_date: 1965-01-01, employer_kind: other}
              husband: {birth_date: 1964-01-01, employer_kind: other}
              child: {role: only_child, birth_date: 2000-01-01, death_date: 2012-01-01}
              guest: {role: [], birth_date: 1990-01-01}
            awards:
              - {\(awards.joined(separator: "}\n      - {"))}

        """
    }

    @Test(
        "没有待决定的、对象不对的、不在本户的、金额由条款确定的、不合标准的：各按登记时的编号指出行",
        arguments: [
            ("clause: CZ-2.5d, amount: 10000, from: 2016-03-01", "CARE-1712"),
            ("clause: CZ-2.5d, decision: refused, from: 2016-03-01", "CARE-1712"),
            ("clause: CZ-2.5d, decision: held, from: 2016-03-01", "CARE-1712"),
            ("clause: CZ-2.5c, amount: 2000, from: 2016-03-01", "CARE-1712"),
            ("clause: CZ-2.1, subject: wife, decision: held, from: 2013-03-01, until: 2014-01-01", "CARE-1712"),
            ("clause: CZ-2.1, decision: held, from: 2016-03-01", "CARE-1711"),
            ("clause: CZ-2.5d, subject: wife, amount: 10000, from: 2016-03-01", "CARE-1711"),
            ("clause: CZ-2.3, subject: guest, amount: 30, from: 2016-03-01", "CARE-1302"),
            ("clause: CZ-2.1, subject: wife, amount: 300, from: 2016-03-01", "CARE-1070"),
            ("clause: CZ-2.1, subject: wife, amount: 350, from: 2016-03-01", "CARE-1070"),
            ("clause: CZ-2.3, subject: wife, amount: 29.99, from: 2016-03-01", "CARE-1713"),
            ("clause: CZ-2.8d, subject: wife, decision: excepted, amount: 100, from: 2016-03-01", "CARE-1713"),
            ("clause: CZ-2.3, subject: wife, amount: 100000001, from: 2016-03-01", "CARE-1713"),
        ])
    func refused(_ award: String, _ code: String) throws {
        let trial = try Self.trial("chenzhou-2014", Self.chenzhou(award))
        let day = try #require(CivilDay(parsing: "2016-04-01"))
        // Told whatever clause is asked about, and the answers are those without it.
        let answers = trial.answers(on: day, clause: ClauseID("CZ-2.8b")!)
        let refused = trial.refused(in: answers)
        #expect(refused.map(\.code) == [code] && refused.first?.line == 14 && refused.first?.column == 9)
        #expect(refused.allSatisfy { !$0.advice.chinese.isEmpty && !$0.advice.english.isEmpty })
        let without = try Self.trial(
            "chenzhou-2014", Self.chenzhou("clause: CZ-2.3, subject: wife, amount: 30, from: 2016-01-01"))
        let clause = try #require(ClauseID("CZ-2.8d"))
        #expect(
            trial.answers(on: day, clause: clause).map(\.piece.amount)
                == without.answers(on: day, clause: clause).map(\.piece.amount))
    }

    @Test("同一决定写两次、当年已给过另一项：指出后一个；以前年度的照旧作数，不算不予接受")
    func afterOthers() throws {
        let wenzhou = """
            subjects:
              f:
                household: {division: "330302", fp_hardship: true, special_family: true, health_need: true, left_behind_member: true}
                persons: {wife: {birth_date: 1975-01-01}}
                awards:
            """
        func codes(_ awards: String...) throws -> [String] {
            let lines = awards.map { "\n      - {\($0)}" }.joined()
            let trial = try Self.trial("wenzhou-2021", wenzhou + lines)
            return trial.refused(in: []).map { "\($0.code) \($0.line)" }
        }
        let health = "clause: WZ-3.1, amount: 3500, from: 2021-05-01"
        #expect(try codes(health).isEmpty)
        #expect(try codes(health, health) == ["CARE-1803 7"])
        #expect(try codes(health, "clause: WZ-3.4, amount: 1500, from: 2021-06-01") == ["CARE-6405 7"])
        #expect(
            try codes("clause: WZ-3.4, amount: 1500, from: 2020-06-01, until: 2021-01-01", health) == ["CARE-6406 7"])
        #expect(
            try codes(
                "clause: WZ-3.4, amount: 1500, from: 2020-06-01, until: 2021-01-01",
                "clause: WZ-3.1, decision: excepted, amount: 3500, from: 2021-05-01"
            ).isEmpty)
    }

    @Test("没有止日的不予批准挡着：说明是哪一项、先撤销；撤销之后照批，批准被撤销的重新待定")
    func takenBack() throws {
        let guiyang = """
            subjects:
              f:
                household: {division: "520100", area: rural, one_daughter: true, integrity_member: true, project_capacity: true}
                persons: {wife: {birth_date: 1975-01-01}}
                awards:
            """
        func trial(_ awards: [String]) throws -> Trial {
            try Self.trial("guiyang-2013", guiyang + awards.map { "\n      - {\($0)}" }.joined())
        }
        func status(_ awards: String..., on day: String) throws -> String {
            let trial = try trial(awards)
            #expect(trial.refused(in: []).isEmpty && trial.warnings.isEmpty)
            let day = try #require(CivilDay(parsing: day))
            let answers = trial.answers(on: day, clause: ClauseID("GY-3.8b"))
            let answer = try #require(answers.first { $0.rule.clause.rawValue == "GY-3.8b" })
            let dues = answer.determination?.dues(through: CivilMonth(year: 2015, month: 1)).map { "\($0.month)" } ?? []
            return "\(answer.piece.status.rawValue) \(dues.joined(separator: " "))"
        }
        let refusal = "clause: GY-3.8b, decision: refused, from: 2013-07-01, recorded: 2013-08-10"
        let grant = "clause: GY-3.8b, amount: 8000, from: 2014-01-10, recorded: 2014-01-10"
        let refused = try trial([refusal, grant]).refused(in: [])
        #expect(refused.map { "\($0.code) \($0.line)" } == ["CARE-1495 7"])
        let problem = refused.first?.problem.chinese ?? ""
        #expect(problem.contains("awards[0]，第 6 行，自 2013-07-01 起，没有止日"))
        #expect(refused.first?.advice.chinese.contains("revoked") == true)

        // Days that were turned down stay so; what is given then falls due with the grant.
        let ended = refusal + ", revoked: 2014-01-10"
        #expect(try status(ended, grant, on: "2013-08-15") == "not_entitled 2014-01")
        #expect(try status(ended, grant, on: "2014-02-01") == "entitled 2014-01")
        let days = "clause: GY-3.8b, decision: refused, from: 2013-07-01, until: 2013-10-01, recorded: 2013-08-10"
        let later = "clause: GY-3.8b, amount: 8000, from: 2013-11-10, recorded: 2013-11-10"
        #expect(try status(days, later, on: "2013-08-15") == "not_entitled 2013-11")
        // A grant that was taken back leaves the whole of it open, also for another one.
        let back = "clause: GY-3.8b, amount: 8000, from: 2013-08-01, revoked: 2013-10-01"
        #expect(try status(back, on: "2013-08-15").hasPrefix("proposed"))
        #expect(try status(back, later, on: "2013-12-15").hasPrefix("entitled"))
        #expect(
            try Self.issues("guiyang-2013", guiyang + "\n      - {\(later), revoked: 2013-11-09}") == [
                "scenario.revoked"
            ])
    }

    @Test("决定当时说得通、后来的事实收走权利的：决定照样在，提示它现在不起作用")
    func lateLoss() throws {
        let text = """
            subjects:
              f:
                household: {division: "431002", area: urban}
                persons:
                  wife: {birth_date: 1970-01-01}
                  child:
                    role: only_child
                    birth_date: 1998-01-01
                    study_mode: full_time
                    study_from: 2016-09-01
                    planned_graduation: 2020-06-30
                    school_stage: [{value: bachelor, from: 2016-09-01}]
                    disability_grade:
                      - {value: 3, from: 2010-01-01}
                      - {value: 4, from: 2016-08-01, recorded: 2016-12-01}
                awards:
                  - {clause: CZ-2.10d, subject: child, amount: 6000, from: 2016-09-01, recorded: 2016-10-08}
            """
        let trial = try Self.trial("chenzhou-2014", text)
        #expect(trial.refused(in: []).isEmpty)
        #expect(trial.warnings.map { "\($0.code) \($0.line)" } == ["facts.decision_idle 17"])
    }

    @Test("写漏、写错的决定和事实：退回整份文件，指出行")
    func unreadable() throws {
        let pack = "chenzhou-2014"
        func award(_ text: String) throws -> [String] { try Self.issues(pack, Self.chenzhou(text)) }
        #expect(try award("clause: CZ-2.5d, from: 2016-03-01") == ["scenario.award_amount"])
        #expect(
            try award("clause: CZ-2.5d, decision: refused, amount: 5, from: 2016-03-01") == ["scenario.award_amount"])
        #expect(
            try award("clause: CZ-2.5d, amount: 10000, unit: '330302', from: 2016-03-01") == ["scenario.award_unit"])
        func subject(_ text: String) throws -> [String] { try Self.issues(pack, "subjects: {f: {\(text)}}") }
        #expect(
            try subject("household: {area: [{value: urban, from: 2015-01-01}, {value: rural, from: 2015-01-01}]}")
                == ["scenario.fact_twice"])
        #expect(
            try subject(
                "household: {area: [{value: urban, from: 2015-01-01}, {value: rural, from: 2015-01-01, recorded: 2015-02-01}]}"
            ).isEmpty)
        let before = "birth_date: 1975-01-01, disability_grade: [{value: 3, from: 1974-12-31}]"
        #expect(try subject("persons: {wife: {\(before)}}") == ["scenario.before_birth"])
        #expect(
            try subject("persons: {wife: {birth_date: 1975-01-01, guardian_named_on: 1974-12-31}}")
                == ["scenario.before_birth"])
        #expect(
            try Self.issues("guiyang-2013", "subjects: {f: {household: {area: rural}, village: {is_poor: true}}}")
                .contains("scenario.two_subjects"))
        #expect(
            try Self.issues("guiyang-2013", "subjects: {f: {village: {is_poor: true}, persons: {wife: {}}}}")
                .contains("scenario.two_subjects"))
    }

    @Test("不属本户的人：照读，提示所写的不起作用")
    func outsider() throws {
        let trial = try Self.trial(
            "chenzhou-2014", "subjects: {f: {persons: {guest: {role: [], birth_date: 1990-01-01}}}}")
        #expect(trial.warnings.map(\.code) == ["facts.outsider"])
    }

    @Test("没有规则读的事实：照读，各提示一次，指出行；残疾证的日子有人读")
    func unread() throws {
        let text = """
            subjects:
              f:
                household: {division: "431002", dibao: true}
                persons:
                  wife: {birth_date: 1960-01-01}
                  child: {role: only_child, disability_grade: 3, disability_certified_on: 2015-06-01}
              g:
                household: {division: "431002", dibao: true, wubao: [{value: true, from: 2015-01-01}]}
                persons: {wife: {birth_date: 1960-01-01}}
            """
        let trial = try Self.trial("chenzhou-2014", text)
        #expect(trial.warnings.map { "\($0.code) \($0.line)" } == ["facts.unread 3", "facts.unread 8"])
        #expect(trial.warnings.map(\.problem.chinese).allSatisfy { $0.contains("没有规则读取") })
        for (day, status) in [("2015-05-31", OutcomeStatus.notEntitled), ("2015-06-01", .entitled)] {
            let day = try #require(CivilDay(parsing: day))
            #expect(trial.answers(on: day, clause: ClauseID("CZ-1.1")).first?.piece.status == status)
        }
    }

    @Test("后来的版本提高下限：当时合规的决定照旧采用，之后的日子才按新下限")
    func takenUnderTheVersionOfItsDay() throws {
        let files = try PackLibrary.bundled.packFiles(of: "chenzhou-2014")
        let text = String(decoding: try #require(files.first).bytes, as: UTF8.self)
        let raised = text.replacing("valid_from: 2014-07-16", with: "valid_from: 2017-01-01")
            .replacing("? care.yuan(30) :", with: "? care.yuan(50) :")
        let versions = try [text, raised].map { try RulePack.load(bytes: Array($0.utf8), name: "chenzhou.yaml") }
        func trial(_ award: String) throws -> Trial {
            let file = try FactsFile.load(bytes: Array(Self.chenzhou(award).utf8), name: "f.yaml", pack: versions[1])
            return Trial(versions: versions, file: file)
        }
        let clause = ClauseID("CZ-2.3")!
        func answer(_ trial: Trial, _ day: String) -> String? {
            trial.answers(on: CivilDay(parsing: day)!, clause: clause).first { $0.subject == "wife" }.map {
                "\($0.piece.status.rawValue) \($0.piece.amount ?? .zero)"
            }
        }
        let taken = try trial("clause: CZ-2.3, subject: wife, amount: 30, from: 2016-03-01, until: 2018-01-01")
        #expect(taken.refused(in: []).isEmpty)
        #expect(answer(taken, "2016-06-01") == "entitled 30.00")
        #expect(answer(taken, "2017-06-01") == "entitled 30.00")
        #expect(answer(taken, "2018-01-01") == "proposed 50.00")
        let late = try trial("clause: CZ-2.3, subject: wife, amount: 30, from: 2017-03-01")
        #expect(late.refused(in: []).map(\.code) == ["CARE-1713"])
        #expect(answer(late, "2017-06-01") == "proposed 50.00")
    }
}
