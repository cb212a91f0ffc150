import CareDomain
import Foundation
import RuleColumns
import RuleEngine
import RulePacks
import RuleReplay
import Testing

@Suite("假设批准")
struct AssumedAwardsTests {
    /// A family in Wenzhou to which five projects of one year would be proposed.
    private static let family = """
        {"subjects": {"f": {
            "household": {"division": "330382", "fp_hardship": true, "special_family": true, "health_need": true,
                          "business_kind": "service"},
            "persons": {"w": {"role": "wife", "birth_date": "1975-01-01", "left_behind_kind": "woman"},
                        "k": {"role": "only_child", "birth_date": "2003-01-01", "school_stage": "bachelor"}}}}}
        """

    private let pack: RulePack
    private let facts: FactBase
    private var evaluator: Evaluator {
        Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: pack)]))
    }

    init() throws {
        pack = try #require(try PackLibrary.bundled.packs(of: "wenzhou-2021").last)
        let file = try FactsFile.load(bytes: Array(Self.family.utf8), name: "facts.json", pack: pack)
        facts = try #require(file.entries.first).facts
    }

    /// The sums of the projects with this status on some day of a year.
    private func sums(_ determinations: [Determination], _ status: OutcomeStatus, in year: Int) throws -> [Fen] {
        let projects = try #require(pack.interactions.first { $0.kind == .onePerYear }).among
        let days = DayPeriod(
            start: CivilMonth(year: year, month: 1).firstDay, end: CivilMonth(year: year + 1, month: 1).firstDay)
        return determinations.filter { projects.contains($0.clause) }.flatMap { one in
            one.intervals.filter { $0.status == status && $0.period.intersection(days) != nil }
                .map { $0.amount ?? .zero }
        }
    }

    @Test("一户一年只假设批准一项，取金额最大的；其余仍待决定")
    func oneProjectAYear() throws {
        let all = evaluator.determine(facts)
        let proposed = try sums(all, .proposed, in: 2021)
        #expect(proposed.count >= 4)
        let last = try #require(CivilDay(parsing: "2023-12-31"))
        let taken = evaluator.assumingAwards(all, through: last)
        #expect(try sums(taken, .entitled, in: 2021) == [proposed.max()])
        for year in [2022, 2023] { #expect(try sums(taken, .entitled, in: year).count <= 1, "\(year)") }
        #expect(try sums(taken, .entitled, in: 2024).isEmpty)
        #expect(try sums(taken, .proposed, in: 2021).count >= proposed.count - 1)
        // Nothing but the status of what is taken has changed.
        for (one, other) in zip(all, taken) {
            #expect(
                one.dues(through: CivilMonth(containing: last)).map(\.amount)
                    == other.dues(through: CivilMonth(containing: last)).map(\.amount))
        }
    }

    @Test("重放和预测也只算一项；按列重放交给逐户的办法")
    func replayAndForecast() throws {
        let first = pack.validFrom
        let end = try #require(CivilDay(parsing: "2022-01-01"))
        let file = try #require(try PackLibrary.bundled.packFiles(of: "wenzhou-2021").last)
        let raised = String(decoding: file.bytes, as: UTF8.self).replacingOccurrences(
            of: "value: 3000", with: "value: 3100")
        let candidate = try RulePack.load(bytes: Array(raised.utf8), name: "candidate.yaml")
        let replay = RuleReplay(
            current: evaluator, candidate: candidate, effectiveFrom: first, period: DayPeriod(start: first, end: end),
            today: end, assumesAwards: true)
        let id = HouseholdID(Identifier128(high: 1, low: 1))
        let rights = replay.compare(id, facts, division: DivisionCode("330382"))?.rights ?? []
        // The greatest project is not the one that was raised.
        #expect(rights.reduce(Fen.zero) { $0 + $1.arrears } == .zero)
        #expect(throws: NotColumnar.self) { try ColumnReplay(replay) }
        var forecast = Forecast(evaluator, from: CivilMonth(containing: first), months: 12, assumesAwards: true)
        forecast.add(id, facts)
        let most = try #require(try sums(evaluator.determine(facts), .proposed, in: 2021).max())
        #expect(forecast.budget.values.reduce(Fen.zero, +) <= most + most)
    }

    @Test("拟享受的项目，说明写出同一年只能批准其中一项")
    func toldOnTheProposal() throws {
        let day = try #require(CivilDay(parsing: "2021-09-01"))
        let clause = try #require(pack.interactions.first { $0.kind == .onePerYear }).clause
        let told = evaluator.determine(facts).filter { $0.intervals.contains { $0.status == .proposed } }.compactMap {
            evaluator.explain($0.clause, subject: $0.subject, on: day, facts)
        }.filter { explanation in explanation.warnings.contains { $0.chinese.contains("（\(clause)）") } }
        #expect(told.count >= 4)
    }

    @Test("一次性待遇条件具备过两次、都没有决定的，假设批准只算一次；重放按列与逐户相同")
    func onceOnly() throws {
        let capacity = [("false", 2000), ("true", 2014), ("false", 2015), ("true", 2016)]
            .map { "{value: \($0.0), from: \($0.1)-01-01}" }.joined(separator: ", ")
        let text = """
            subjects:
              f:
                household:
                  division: "520112"
                  area: rural
                  one_daughter: true
                  integrity_member: true
                  project_capacity: [\(capacity)]
                persons: {wife: {birth_date: 1970-09-10}, child: {role: only_child, birth_date: 2000-01-01}}
            """
        let pack = try #require(try PackLibrary.bundled.packs(of: "guiyang-2013").last)
        let file = try FactsFile.load(bytes: Array(text.utf8), name: "facts.yaml", pack: pack)
        let facts = try #require(file.entries.first).facts
        let evaluator = Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: pack)]))
        let clause = try #require(ClauseID("GY-3.8b"))
        func statuses(_ determinations: [Determination]) -> [OutcomeStatus] {
            determinations.filter { $0.clause == clause }.flatMap(\.intervals).map(\.status)
        }
        let all = evaluator.determine(facts)
        let last = try #require(CivilDay(parsing: "2017-12-31"))
        #expect(statuses(all).filter { $0 == .proposed }.count == 2)
        let taken = statuses(evaluator.assumingAwards(all, through: last))
        #expect(taken.filter { $0 == .entitled }.count == 1 && !taken.contains(.proposed))
        let bundled = try #require(try PackLibrary.bundled.packFiles(of: "guiyang-2013").last)
        let raised = String(decoding: bundled.bytes, as: UTF8.self)
            .replacingOccurrences(of: "care.yuan(8000)", with: "care.yuan(9000)")
        let candidate = try RulePack.load(bytes: Array(raised.utf8), name: "candidate.yaml")
        for assumes in [false, true] {
            let replay = RuleReplay(
                current: evaluator, candidate: candidate, effectiveFrom: pack.validFrom,
                period: DayPeriod(start: pack.validFrom, end: last + 1), today: last, assumesAwards: assumes)
            let id = HouseholdID(Identifier128(high: 1, low: 1))
            let one = try #require(DistrictReplay(replay, oneByOne: true).compareOneByOne([(id, facts)]).first)
            let own = one.difference?.rights.filter { $0.clause == clause } ?? []
            #expect(own.reduce(Fen.zero) { $0 + $1.arrears } == (assumes ? .yuan(1000) : .zero))
            let columns = try ColumnReplay(replay)
            var builder = FactBlockBuilder(
                vocabularies: [pack.vocabulary, candidate.vocabulary], codes: columns.codes)
            builder.add(id, facts)
            let found = columns.differences(columns.compare(builder.finish()))
            let theirs = found.flatMap(\.rights).filter { $0.clause == clause }
            #expect(theirs.map(\.arrears) == own.map(\.arrears))
            #expect(theirs.map(\.months.count) == own.map(\.months.count))
        }
    }
}
