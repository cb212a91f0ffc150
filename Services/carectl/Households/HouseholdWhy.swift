import ArgumentParser
import CareDomain
import CareProjections
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl household why`
struct HouseholdWhy: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explain what each clause gives a household on a day, and the reason of every no.",
        discussion: """
            The rules of that day answer, so a past month is explained by what was in force then. Whoever had a right on some
            day of the month, or to whom something is due in it, is explained too, with the days of the month and its sum.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var id: String

    @Argument(help: "A clause, such as CZ-2.1; otherwise every clause that gives, proposes or waits for something.")
    var clause: String?

    @Option(help: "The day asked about; otherwise today.")
    var on: String?

    @Option(help: "As known at this moment (2014-07-16T09:30:00+08:00) or at the end of this day.")
    var knownAt: String?

    @Option(help: "What --known-at is measured by: recorded or learned.")
    var basis = "recorded"

    @Flag(help: "Every clause, also those that give nothing.")
    var all = false

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let known = try desk.knownAt(knownAt, basis: basis)
        let wanted = try clause.map { text in
            guard let clause = ClauseID(text.prefix(2).uppercased() + text.dropFirst(2)) else {
                throw Failure(6132, UserText(zh: "\(text) 不是条款号", en: "\(text) is no clause"), exit: .usage)
            }
            return clause
        }
        let archive = try await desk.line(to: .careArchive)
        let household = try await archive.household(id, on: day)
        let facts = FactBase(events: try await LogFacts.events(of: household, archive))
        guard !facts.statements.isEmpty else {
            throw Failure(
                6107, UserText(zh: "没有编号为 \(id) 的户", en: "there is no household \(id)"),
                advice: UserText(zh: "用 carectl household find 查找", en: "look for it: carectl household find"),
                exit: .problemsFound)
        }
        let rules = try await archive.publishedRules()
        let evaluator = Evaluator(registry: rules.registry, parameters: rules.parameters)
        let explanations = explain(evaluator, facts, day, known, wanted)
        for (index, explanation) in explanations.enumerated() {
            if index > 0 { desk.print("") }
            let lines = desk.language == .chinese ? explanation.chineseLines : explanation.englishLines
            for line in lines { desk.print(line) }
        }
        if explanations.isEmpty {
            desk.say(
                UserText(
                    zh: "\(day) 没有可说明的条款\(wanted.map { "（\($0)）" } ?? "")",
                    en: "nothing to explain on \(day)\(wanted.map { " (\($0))" } ?? "")"))
            desk.status = .problemsFound
        }
    }

    private func explain(
        _ evaluator: Evaluator, _ facts: FactBase, _ day: CivilDay, _ known: KnownAt, _ wanted: ClauseID?
    ) -> [Explanation] {
        // The whole month: somebody who died in it is outside every circle afterwards, and the month is due all the same.
        let month = CivilMonth(containing: day)
        let days = DayPeriod(start: month.firstDay, end: month.lastDay + 1)
        let outcomes = evaluator.evaluate(facts, knownAt: known, over: days)
        let asked = outcomes.filter { outcome in
            guard wanted == nil else { return outcome.clause == wanted }
            return all
                || outcome.pieces.contains { $0.status != .notEntitled && ($0.rightHolds || $0.period.contains(day)) }
        }
        return asked.compactMap {
            evaluator.explain($0.clause, subject: $0.subject, on: day, facts, knownAt: known)
        }
    }
}

extension Desk {
    /// What counts as known, as typed.
    /// - Throws: `Failure` for what is no moment, and for an unknown basis.
    func knownAt(_ text: String?, basis: String) throws -> KnownAt {
        let basis = try self.basis(basis)
        guard let text else { return .latest }
        let moment = try moment(text)
        return basis == .learned ? .learned(moment.day) : .recorded(moment)
    }

    /// A moment as typed, or the end of a day.
    func moment(_ text: String) throws -> Moment {
        guard let moment = Moment(parsing: text) else {
            throw Failure(
                6130,
                UserText(
                    zh: "--known-at 应是时刻，如 2014-07-16T09:30:00+08:00，或日期",
                    en: "--known-at must be a moment such as 2014-07-16T09:30:00+08:00, or a day"), exit: .usage)
        }
        return moment
    }

    /// What --known-at is measured by.
    func basis(_ text: String) throws -> CareArchive.Basis {
        guard let basis = CareArchive.Basis(rawValue: text) else {
            throw Failure(
                6131, UserText(zh: "--basis 应是 recorded 或 learned", en: "--basis must be recorded or learned"),
                exit: .usage)
        }
        return basis
    }
}
