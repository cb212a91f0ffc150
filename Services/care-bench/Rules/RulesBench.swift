import CareDomain
import Foundation
import RuleEngine
import RulePacks
import RuleReplay
import ServiceKit

/// The rules over families' histories, one family at a time on one processor: determining everything, explaining one
/// answer, and replaying under a changed rule.
struct RulesBench {
    let district: BenchDistrict
    let runs: Int
    /// For files of columns.
    let folder: String
    /// Families looked at; more would only take longer, each is worked out by itself.
    var sample = 1_000

    func measure(_ told: (Figure) -> Void) throws {
        let families = (0..<min(district.households, sample)).compactMap { family($0) }
        let evaluator = Evaluator(registry: district.rules.registry)
        let clauses = district.rules.registry.versions.map(\.pack.rules.count).reduce(0, +)
        let data = UserText(
            zh: "\(families.count) 户，\(district.years) 年，\(clauses) 条规则",
            en: "\(families.count) households, \(district.years) years, \(clauses) rules")
        told(try determine(families, evaluator, data))
        told(try explain(families, evaluator, data))
        let replay = try candidate(evaluator)
        told(self.replay(families, replay, data))
        try columns(replay, in: folder, told)
    }

    struct Family {
        let id: HouseholdID
        let facts: FactBase
        let persons: [PersonID]
    }

    func family(_ number: Int) -> Family? {
        let steps = district.steps(number, withServices: false)
        guard let id = steps.first?.household else { return nil }
        var events: [KnownEvent] = []
        for step in steps {
            for event in step.events {
                events.append(
                    KnownEvent(
                        reference: EventReference(sequence: UInt64(events.count + 1)),
                        recordedAt: Moment(microseconds: Int64(step.reportedOn.dayNumber) * 86_400_000_000),
                        command: step.command.id, proposed: event))
            }
        }
        let facts = FactBase(events: events.filter { $0.event.bearsOnRules })
        let persons = Set(facts.statements.compactMap { if case .person(let id) = $0.subject { id } else { nil } })
        return Family(id: id, facts: facts, persons: persons.sorted())
    }

    private func determine(_ families: [Family], _ evaluator: Evaluator, _ data: UserText) throws -> Figure {
        let measured = (0..<runs).map { _ -> Run in
            let (seconds, load) = SystemLoad.during {
                let begin = Stopwatch.now()
                var found = 0
                for family in families { found += evaluator.determine(family.facts).count }
                precondition(found > 0, "RulesBench: nothing was determined")
                return Stopwatch.now() - begin
            }
            return Run(value: Double(families.count) / seconds, latencies: nil, load: load, count: families.count)
        }
        return Run.figure(
            "determine", UserText(zh: "全部条款逐户认定", en: "determine every clause of a household"), unit: "households/s",
            data: data, measured)
    }

    private func explain(_ families: [Family], _ evaluator: Evaluator, _ data: UserText) throws -> Figure {
        guard let clause = ClauseID("CZ-2.1") else { preconditionFailure("RulesBench: CZ-2.1 is a clause") }
        let first = BenchDistrict.lastDay.adding(months: -12 * district.years)
        let days = max(1, Int(BenchDistrict.lastDay - first))
        let measured = (0..<runs).map { run -> Run in
            let (times, load) = SystemLoad.during {
                families.enumerated().compactMap { index, family -> Double? in
                    guard let person = family.persons.first else { return nil }
                    let day = first + Int32((index * 7_919 + run * 104_729) % days)
                    let begin = Stopwatch.now()
                    let explanation = evaluator.explain(clause, subject: .person(person), on: day, family.facts)
                    let took = Stopwatch.now() - begin
                    return explanation == nil ? nil : took
                }
            }
            let latencies = Latencies(seconds: times)
            return Run(value: latencies.percentile(0.99), latencies: latencies, load: load, count: times.count)
        }
        var figure = Run.figure(
            "explain", UserText(zh: "说明一户一项金额", en: "explain one household's sum"), unit: "µs p99", data: data, measured
        )
        figure.direction = .lower
        figure.aim = 1_000
        return figure
    }

    /// The supplement of CZ-2.1 from 300 to 400 yuan, eight years back.
    private func candidate(_ evaluator: Evaluator) throws -> RuleReplay {
        guard let published = district.packs.first, let from = CivilDay(year: 2018, month: 1, day: 1) else {
            preconditionFailure("RulesBench: no pack")
        }
        let text = String(decoding: published.bytes, as: UTF8.self).replacingOccurrences(
            of: "amount: {type: exact, value: 300, unit: yuan}", with: "amount: {type: exact, value: 400, unit: yuan}")
        let candidate = try RulePack.load(bytes: Array(text.utf8), name: "candidate")
        return RuleReplay(
            current: evaluator, candidate: candidate, effectiveFrom: from,
            period: DayPeriod(start: from, end: BenchDistrict.lastDay + 1), today: BenchDistrict.lastDay)
    }

    private func replay(_ families: [Family], _ replay: RuleReplay, _ data: UserText) -> Figure {
        let measured = (0..<runs).map { _ -> Run in
            let (seconds, load) = SystemLoad.during {
                let begin = Stopwatch.now()
                var totals = ReplayTotals()
                for family in families {
                    totals.add(
                        replay.compare(
                            family.id, family.facts, division: family.facts.division(on: BenchDistrict.lastDay)))
                }
                precondition(totals.affected > 0, "RulesBench: the candidate changed nothing")
                return Stopwatch.now() - begin
            }
            return Run(value: Double(families.count) / seconds, latencies: nil, load: load, count: families.count)
        }
        return Run.figure(
            "replay", UserText(zh: "规则变动后逐户重放", en: "replay under a changed rule"), unit: "households/s", data: data,
            measured)
    }
}
