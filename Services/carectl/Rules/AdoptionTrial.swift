import CareDomain
import RuleEngine
import RuleReplay
import ServiceKit

/// 试算: what a version makes of the families on record, found out before it is adopted.
struct AdoptionTrial {
    /// Rights whose rule answers today and would end in an error.
    private(set) var failed = 0
    /// The first of them.
    private(set) var first: (household: HouseholdID, clause: ClauseID)?
    /// Why rules fail, by clause.
    private(set) var reasons: [FailingRules.Told] = []

    /// How far beyond the present it looks.
    private static let months: Int32 = 12

    /// - Parameters:
    ///   - version: the version to be adopted.
    ///   - effectiveFrom: its first day in force.
    init(
        of version: RulePack, from effectiveFrom: CivilDay, _ transition: TransitionClause, _ archive: Line,
        _ desk: Desk
    ) async throws {
        let rules = try await archive.publishedRules()
        let last = CivilMonth(containing: max(desk.today, effectiveFrom)) + Self.months
        let divisions = try await archive.divisions()
        let replay = RuleReplay(
            current: Evaluator(registry: rules.registry, parameters: rules.parameters), candidate: version,
            effectiveFrom: effectiveFrom, period: DayPeriod(start: effectiveFrom, end: last.lastDay + 1),
            today: desk.today, transition: transition, scope: ReplayScope(asked: nil, allowed: divisions.own))
        let families = FamilyReplay(
            replay: replay, archive: archive, rules: rules, readsLog: false,
            elsewhere: divisions.all ? nil : FamiliesElsewhere(archive: archive, division: nil), tellsCauses: false)
        var found: [(household: HouseholdID, clause: ClauseID)] = []
        var failing = FailingRules()
        _ = try await families.run(desk) { one in
            guard let difference = one.difference else { return }
            failing.add(difference)
            found += difference.rights.filter(\.fails).map { (difference.household, $0.clause) }
        }
        failed = found.count
        first = found.first
        reasons = try await failing.told(replay, archive)
    }

    /// Why the version is not adopted; nil where every rule answers.
    func refusal(_ title: String) -> Failure? {
        guard let first else { return nil }
        let why = UserText(
            zh: reasons.map { "；\($0.words.zh)" }.joined(), en: reasons.map { "; \($0.words.en)" }.joined())
        let count = UserText(
            zh: "没有采用：\(failed) 项原来算得出，按 \(title) 规则出错（如户 \(first.household) 的 \(first.clause)）",
            en:
                "not adopted: \(failed) rights that are answered now end in an error under \(title), such as \(first.clause) of household \(first.household)"
        )
        return Failure(
            6194, count + why,
            advice: UserText(
                zh: "改正规则文件，用 rules replay 核对后再采用", en: "correct the file, look at rules replay, then adopt it"),
            exit: .problemsFound)
    }
}
