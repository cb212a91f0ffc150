import CareDomain
import Dispatch
import Foundation
import RuleColumns
import RuleEngine
import RuleReplay
import ServiceKit

extension RulesBench {
    /// Replay over the columns of the whole district: putting families into columns, the difference list with its totals,
    /// and writing the list out.
    func columns(_ replay: RuleReplay, _ told: (Figure) -> Void) throws {
        let columns = try ColumnReplay(replay)
        let data = UserText(
            zh: "\(district.households) 户，\(district.years) 年，比较条款 \(columns.comparedClauses.count) 条",
            en:
                "\(district.households) households, \(district.years) years, \(columns.comparedClauses.count) clauses compared"
        )
        let size = 512
        let starts = Array(stride(from: 0, to: district.households, by: size))
        let vocabularies = replay.candidate.registry.versions.map(\.pack.vocabulary)
        var building = 0.0
        let blocks = Self.onAllProcessors(starts) { start -> (FactBlock, Double) in
            let families = (start..<min(start + size, district.households)).compactMap { family($0) }
            let begin = Stopwatch.now()
            var builder = FactBlockBuilder(vocabularies: vocabularies, codes: columns.codes)
            for family in families { builder.add(family.id, family.facts) }
            return (builder.finish(), Stopwatch.now() - begin)
        }
        for (_, seconds) in blocks { building += seconds }
        told(
            Figure(
                id: "columns-build", title: UserText(zh: "事实转为列（每处理器）", en: "facts into columns, a processor"),
                unit: "households/s", runs: [Double(district.households) / max(building, 1e-9)], data: data))
        let facts = blocks.map(\.0)
        told(try compare(columns, facts, data))
        told(writeOut(columns, facts, data))
    }

    private func compare(_ columns: ColumnReplay, _ blocks: [FactBlock], _ data: UserText) throws -> Figure {
        let measured = (0..<runs).map { _ -> Run in
            let (seconds, load) = SystemLoad.during {
                let begin = Stopwatch.now()
                let found = Self.onAllProcessors(blocks) { columns.compare($0).count }
                precondition(found.reduce(0, +) > 0, "RulesBench: the candidate changed nothing")
                return Stopwatch.now() - begin
            }
            return Run(
                value: Double(district.households) / seconds, latencies: nil, load: load, count: district.households)
        }
        var figure = Run.figure(
            "replay-columns",
            UserText(zh: "规则变动后按列重放（全部处理器）", en: "replay under a changed rule over columns, all processors"),
            unit: "households/s", data: data, measured)
        figure.aim = 2_000_000
        return figure
    }

    private func writeOut(_ columns: ColumnReplay, _ blocks: [FactBlock], _ data: UserText) -> Figure {
        let measured = (0..<runs).map { _ -> Run in
            let (seconds, load) = SystemLoad.during {
                let begin = Stopwatch.now()
                let affected = Self.onAllProcessors(blocks) { columns.totals(columns.compare($0)).affected }
                precondition(affected.reduce(0, +) > 0, "RulesBench: the candidate changed nothing")
                return Stopwatch.now() - begin
            }
            return Run(
                value: Double(district.households) / seconds, latencies: nil, load: load, count: district.households)
        }
        return Run.figure(
            "replay-list", UserText(zh: "按列重放并逐户写出", en: "replay over columns, each household written out"),
            unit: "households/s", data: data, measured)
    }

    /// The results in the order of the items.
    private static func onAllProcessors<Item: Sendable, Result: Sendable>(
        _ items: [Item], _ work: @escaping @Sendable (Item) -> Result
    ) -> [Result] {
        let results = Results<Result>(count: items.count)
        DispatchQueue.concurrentPerform(iterations: items.count) { index in results.put(work(items[index]), at: index) }
        return results.all
    }
}

/// Results that arrive in any order from several threads.
private final class Results<Result: Sendable>: @unchecked Sendable {
    // Guarded by the lock: every read and write of `found` holds it.
    private let lock = NSLock()
    private var found: [Result?]

    init(count: Int) { found = Array(repeating: nil, count: count) }

    func put(_ result: Result, at index: Int) { lock.withLock { found[index] = result } }

    var all: [Result] { lock.withLock { found.compactMap { $0 } } }
}
