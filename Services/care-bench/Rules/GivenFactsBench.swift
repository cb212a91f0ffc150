import CareDomain
import Foundation
import RuleColumns
import RuleEngine
import RuleReplay
import ServiceKit

/// A pack over facts that other software is given too: what each of its clauses comes to over ten years for every family, and
/// what a changed sum would change. Run beside the others by `Tests/Benchmarks/side-by-side`.
struct GivenFactsBench {
    let pack: String
    let facts: String
    let runs: Int
    /// The months that are computed.
    var years = 10

    func measure(_ told: (Figure) -> Void) throws {
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: pack)))
        let rules = try RulePack.load(bytes: bytes, name: pack)
        let given = try GivenFacts(path: facts, vocabulary: rules.vocabulary)
        let first = rules.validFrom
        let period = DayPeriod(start: first, end: first.adding(months: 12 * years))
        let last = first.adding(months: 12 * years) - 1
        let replay = RuleReplay(
            current: Evaluator(registry: PackRegistry()), candidate: rules, effectiveFrom: first, period: period,
            today: last)
        let columns = try ColumnReplay(replay)
        let blocks = try blocks(given, rules, columns.codes)
        let data = UserText(
            zh: "\(given.rows.count) 户，\(years) 年，\(columns.comparedClauses.count) 条",
            en: "\(given.rows.count) households, \(years) years, \(columns.comparedClauses.count) clauses")
        var all = measure(
            "given-all",
            UserText(zh: "给定事实：各条逐月应发（全部处理器）", en: "given facts: every clause, month by month, all processors"),
            blocks, columns, given.rows.count, data)
        all.totals = totals(columns, blocks)
        told(all)
        if let changed = try changed(rules, bytes, columns.codes) {
            told(
                measure(
                    "given-change",
                    UserText(zh: "给定事实：一项标准变动的差异", en: "given facts: what one changed standard changes"), blocks,
                    changed,
                    given.rows.count, data))
        }
    }

    /// The pack with its last standard of 420 yuan raised by a hundred; nil where it has none.
    private func changed(_ rules: RulePack, _ bytes: [UInt8], _ codes: CodeTable) throws -> ColumnReplay? {
        let text = String(decoding: bytes, as: UTF8.self)
        let raised = text.replacingOccurrences(of: "value: 420,", with: "value: 520,")
        guard raised != text else { return nil }
        let candidate = try RulePack.load(bytes: Array(raised.utf8), name: pack)
        var registry = PackRegistry()
        registry.add(PublishedPack(pack: rules, effectiveFrom: rules.validFrom))
        let end = rules.validFrom.adding(months: 12 * years)
        let from = rules.validFrom.adding(months: 12 * (years - 3))
        return try ColumnReplay(
            RuleReplay(
                current: Evaluator(registry: registry), candidate: candidate, effectiveFrom: from,
                period: DayPeriod(start: from, end: end), today: end - 1), codes: codes)
    }

    private func blocks(_ given: GivenFacts, _ rules: RulePack, _ codes: CodeTable) throws -> [FactBlock] {
        let size = 4_096
        return try stride(from: 0, to: given.rows.count, by: size).map { start in
            var builder = FactBlockBuilder(vocabularies: [rules.vocabulary], codes: codes)
            for (id, facts) in try given.families(start..<min(start + size, given.rows.count)) {
                builder.add(id, facts)
            }
            return builder.finish()
        }
    }

    private func measure(
        _ id: String, _ title: UserText, _ blocks: [FactBlock], _ columns: ColumnReplay, _ households: Int,
        _ data: UserText
    ) -> Figure {
        Memory.forgetPeak()
        let measured = (0..<runs).map { _ -> Run in
            let (seconds, load) = SystemLoad.during {
                let begin = Stopwatch.now()
                let affected = RulesBench.onAllProcessors(blocks) { columns.totals(columns.compare($0)).affected }
                precondition(affected.reduce(0, +) > 0, "GivenFactsBench: nothing was found")
                return Stopwatch.now() - begin
            }
            return Run(value: seconds, latencies: nil, load: load, count: households)
        }
        var figure = Run.figure(id, title, unit: "s", data: data, measured)
        figure.direction = .lower
        figure.peakMiB = Memory.peakMiB
        return figure
    }

    private func totals(_ columns: ColumnReplay, _ blocks: [FactBlock]) -> [String: Int64] {
        var totals = ReplayTotals()
        for block in blocks { totals.add(columns.totals(columns.compare(block))) }
        return Dictionary(
            totals.byClause.map { ($0.key.rawValue, $0.value.arrears.amount) }, uniquingKeysWith: { first, _ in first })
    }
}
