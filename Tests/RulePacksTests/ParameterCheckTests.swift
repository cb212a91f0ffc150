import CareDomain
import RuleEngine
import RulePacks
import Testing

@Suite("参数：键、单位、数值都要对得上")
struct ParameterCheckTests {
    private static func issues(_ pack: String, _ parameter: String) throws -> [PackIssue] {
        let newest = try #require(try PackLibrary.bundled.packs(of: pack).last)
        let text = "subjects: {s: {}}\nparameters:\n  - \(parameter)\n"
        do {
            _ = try FactsFile.load(bytes: Array(text.utf8), name: "facts.yaml", pack: newest)
            return []
        } catch { return error.issues }
    }

    @Test(
        "说得通的照收",
        arguments: [
            ("chenzhou-2014", "{id: retirement_age, keys: [male, worker], from: 2014-01-01, value: 60, unit: 周岁}"),
            ("chenzhou-2014", "{id: cz.medical_aid_uplift, from: 2014-01-01, value: 12.5}"),
            ("chenzhou-2014", "{id: cz.pension_contribution_age, keys: [from], from: 2014-01-01, value: 16}"),
            (
                "chenzhou-2014",
                "{id: national_special_assistance, keys: [rural, death], from: 2024-01-01, value: 590, unit: yuan}"
            ),
            ("guiyang-2013", "{id: gy.index_growth, keys: [all], from: 2014-01-01, value: -3.2}"),
            ("guiyang-2013", "{id: gy.complication_allowance, keys: [grade_2], from: 2020-01-01, value: 1308}"),
            ("wenzhou-2021", "{id: wz.municipal_budget, keys: ['330302'], from: 2021-01-01, value: 50000}"),
            ("xiamen-2017", "{id: xm.loan_amount_max, keys: ['350203'], from: 2017-06-01, value: 30000}"),
        ])
    func sensible(pack: String, parameter: String) throws {
        let found = try Self.issues(pack, parameter)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(
        "说不通的退回，指出哪一行、错在哪里、怎么改",
        arguments: [
            ("chenzhou-2014", "{id: cz.orphan_standrd, from: 2014-01-01, value: 600}", "scenario.unknown_parameter"),
            ("chenzhou-2014", "{id: cz.orphan_standard, from: 2014-01-01, value: 60000, unit: fen}", "scenario.unit"),
            ("chenzhou-2014", "{id: cz.orphan_standard, from: 2014-01-01, value: -600}", "scenario.negative"),
            ("chenzhou-2014", "{id: cz.orphan_standard, from: 2014-01-01, value: 60000000}", "scenario.range"),
            (
                "chenzhou-2014", "{id: cz.orphan_standard, keys: [urban], from: 2014-01-01, value: 600}",
                "pack.parameter_keys"
            ),
            (
                "chenzhou-2014", "{id: retirement_age, keys: [male, worker], from: 2014-01-01, value: 600}",
                "scenario.range"
            ),
            (
                "chenzhou-2014", "{id: retirement_age, keys: [man, worker], from: 2014-01-01, value: 60}",
                "pack.parameter_keys"
            ),
            (
                "chenzhou-2014",
                "{id: national_special_assistance, keys: [death, urban], from: 2014-01-01, value: 590}",
                "pack.parameter_keys"
            ),
            ("chenzhou-2014", "{id: cz.medical_aid_uplift, from: 2014-01-01, value: 120}", "scenario.range"),
            ("chenzhou-2014", "{id: cz.public_notice_days, from: 2014-01-01, value: -1}", "scenario.range"),
            ("guiyang-2013", "{id: gy.index_series, keys: [all], from: 2014-01-01, value: 0}", "scenario.range"),
            (
                "guiyang-2013", "{id: gy.index_series, keys: [all], from: 2015-06-01, until: 2016-06-01, value: 9}",
                "scenario.index_year"
            ),
            ("guiyang-2013", "{id: gy.index_growth, keys: [all], from: 2015-06-01, value: 9}", "scenario.index_year"),
            (
                "guiyang-2013", "{id: gy.index_growth, keys: [country], from: 2014-01-01, value: 3}",
                "pack.parameter_keys"
            ),
            (
                "wenzhou-2021", "{id: wz.municipal_budget, keys: [lucheng], from: 2021-01-01, value: 50000}",
                "pack.parameter_keys"
            ),
        ])
    func refused(pack: String, parameter: String, code: String) throws {
        let found = try Self.issues(pack, parameter)
        #expect(found.map(\.code).contains(code), "\(found)")
        #expect(found.allSatisfy { $0.line == 3 && !$0.advice.chinese.isEmpty && !$0.advice.english.isEmpty })
    }

    @Test(
        "文件写明不低于的：低于的不能设定；试算同样不予接受，指出在哪一行，如同没有设定",
        arguments: [
            ("gy.dibao_uplift_rate", "", "0.199", "0.2"), ("gy.critical_rate", "", "0.49", "0.5"),
            ("gy.project_fund", "girl", "7999.99", "8000"), ("gy.project_fund", "boy_or_two_daughters", "5000", "6000"),
            ("gy.three_combo_cash", "dibao", "999", "1000"),
        ])
    func bounds(parameter: String, key: String, below: String, least: String) throws {
        let pack = try #require(try PackLibrary.bundled.packs(of: "guiyang-2013").last)
        let definition = try #require(pack.parameters.first { $0.id.rawValue == parameter })
        let keys = key.isEmpty ? [] : [key]
        func issues(_ text: String) throws -> [ParameterIssue] {
            let value = try #require(FactValueText.parse(text, as: definition.type, unit: definition.unit))
            let days = DayPeriod(start: pack.validFrom)
            return pack.settingIssues(of: definition, keys: keys, value: value, on: days)
        }
        #expect(try issues(least).isEmpty)
        let refused = try issues(below)
        #expect(refused.map(\.part) == [.value] && refused[0].what.chinese.contains("下限"))
        let written = keys.isEmpty ? "" : "keys: [\(key)], "
        let item = "{id: \(parameter), \(written)from: 2014-01-01, value: \(below)}"
        let text = "subjects: {s: {}}\nparameters:\n  - \(item)\n"
        let file = try FactsFile.load(bytes: Array(text.utf8), name: "facts.yaml", pack: pack)
        #expect(file.warnings.isEmpty && file.parameters.isEmpty)
        #expect(file.refused.map(\.code) == ["CARE-1402"] && file.refused[0].line == 3)
        #expect(refused[0].refusal.code == "CARE-1402" && refused[0].refusal.detail?.contains(least) == true)
        #expect(file.refused[0].problem == refused[0].what && file.refused[0].advice == refused[0].advice)
        #expect(Trial(versions: [pack], file: file).refused(in: []) == file.refused)
    }

    @Test("指数一年一个数：不是日历年的期间不能设定，编号自有", arguments: ["gy.index_series", "gy.index_growth"])
    func calendarYears(parameter: String) throws {
        let pack = try #require(try PackLibrary.bundled.packs(of: "guiyang-2013").last)
        let definition = try #require(pack.parameters.first { $0.id.rawValue == parameter })
        func codes(_ from: String, _ until: String?) throws -> [String] {
            let start = try #require(CivilDay(parsing: from))
            let days = DayPeriod(start: start, end: until.flatMap { CivilDay(parsing: $0) })
            return pack.settingIssues(of: definition, keys: ["all"], value: .decimal(thousandths: 3000), on: days)
                .map(\.refusal.code)
        }
        #expect(try codes("2015-01-01", "2016-01-01").isEmpty && codes("2015-01-01", nil).isEmpty)
        for (from, until) in [
            ("2015-06-01", "2016-06-01"), ("2015-06-01", nil), ("2015-01-01", "2015-07-01"),
            ("2015-01-01", "2017-01-01"),
        ] as [(String, String?)] {
            #expect(try codes(from, until) == ["CARE-6175"], "\(from) \(until ?? "")")
        }
        let other = try #require(pack.parameters.first { $0.id.rawValue == "gy.dibao_uplift_rate" })
        let days = DayPeriod(start: try #require(CivilDay(parsing: "2015-06-01")))
        #expect(pack.settingIssues(of: other, keys: [], value: .decimal(thousandths: 300), on: days).isEmpty)
    }

    @Test("不予接受的值不顶掉此前设定的值")
    func refusedLeavesTheEarlier() throws {
        let pack = try #require(try PackLibrary.bundled.packs(of: "guiyang-2013").last)
        let text = """
            subjects:
              f:
                household: {division: "520111", area: rural}
                persons:
                  wife: {birth_date: 1975-02-01, medical_scheme: rural_cooperative, medical_cost: [{value: 23000, from: 2014-01-01, until: 2015-01-01}]}
            parameters:
              - {id: gy.critical_rate, value: 0.6, from: 2014-01-01}
              - {id: gy.critical_rate, value: 0.4, from: 2014-07-01}
            """
        let file = try FactsFile.load(bytes: Array(text.utf8), name: "facts.yaml", pack: pack)
        #expect(file.refused.map(\.line) == [8] && file.parameters.map(\.value) == [.decimal(thousandths: 600)])
        let answers = Trial(versions: [pack], file: file).answers(
            on: CivilDay(parsing: "2014-12-31")!, clause: ClauseID("GY-3.11")!)
        #expect(answers.first { $0.subject == "wife" }?.piece.amount == .yuan(10_800))
    }

    @Test("month_rule 不管另有口径的条款：写它时提示，说明由谁定")
    func monthRuleReach() throws {
        let pack = try #require(try PackLibrary.bundled.packs(of: "chenzhou-2014").last)
        #expect(pack.ownMonthRules.map { $0.reading?.id.rawValue } == ["start_month"])
        #expect(pack.ownMonthRules.map { $0.clauses } == [[ClauseID("CZ-2.1")!]])
        func warnings(_ readings: String) throws -> [PackIssue] {
            let text = "{subjects: {s: {}}, readings: {\(readings)}}"
            return try FactsFile.load(bytes: Array(text.utf8), name: "facts.yaml", pack: pack).warnings
        }
        let told = try warnings("month_rule: first_day")
        #expect(told.map(\.code) == ["facts.reading_reach"])
        #expect(told.first?.problem.chinese.contains("CZ-2.1 由口径 start_month 定") ?? false)
        #expect(try warnings("start_month: next").isEmpty)
    }

    @Test("决定的数低于下限：不采用，说明多少、下限、条款、在文件何处")
    func decisionBelowFloor() throws {
        let pack = try #require(try PackLibrary.bundled.packs(of: "chenzhou-2014").last)
        let text = """
            subjects:
              f:
                household: {division: "431002", area: urban}
                persons:
                  wife: {birth_date: 1965-09-10, sex: female}
                  husband: {birth_date: 1967-01-01, sex: male}
                  child: {role: only_child, birth_date: 1990-05-01, death_date: 2012-03-01}
                incidents:
                  i1: {kind: accident, date: 2015-02-03, death: true}
                awards:
                  - {clause: CZ-2.2, subject: i1, decision: granted, amount: 4999, recorded: 2015-02-10, from: 2015-02-03}
            """
        let file = try FactsFile.load(bytes: Array(text.utf8), name: "facts.yaml", pack: pack)
        let answers = Trial(versions: [pack], file: file).answers(
            on: CivilDay(parsing: "2015-03-01")!, clause: ClauseID("CZ-2.2")!)
        let left = try #require(answers.compactMap(\.leftOut).first)
        #expect(left.sum == .yuan(4999) && left.standard == .yuan(5000) && left.type == .floor)
        #expect(left.clause == ClauseID("CZ-2.2")!)
        #expect(left.place?.path == "subjects.f.awards[0]" && left.place?.line == 11)
        #expect(left.wording.chinese.contains("4999.00 元低于 CZ-2.2 的下限 5000.00 元"))
        #expect(left.code == "CARE-1713")
        // Told whatever the day asked about.
        let trial = Trial(versions: [pack], file: file)
        let earlier = trial.answers(on: CivilDay(parsing: "2015-01-01")!, clause: ClauseID("CZ-2.2")!)
        #expect(earlier.allSatisfy { $0.leftOut == nil })
        let refused = trial.refused(in: earlier)
        #expect(refused.map(\.code) == ["CARE-1713"] && refused.map(\.line) == [11])
        #expect(refused[0].problem.chinese.contains("4999.00 元低于 CZ-2.2 的下限 5000.00 元"))
    }

    @Test("随包公布的值自己都过得了关")
    func shipped() throws {
        for id in ["chenzhou-2014", "wenzhou-2021", "boshan-2021", "guiyang-2013", "xiamen-2017"] {
            for pack in try PackLibrary.bundled.packs(of: id) {
                for definition in pack.parameters {
                    for value in definition.values {
                        let found = pack.issues(of: definition, keys: value.keys, value: value.value)
                        #expect(found.isEmpty && definition.type.holds(value.value), "\(found)")
                    }
                }
            }
        }
    }
}
