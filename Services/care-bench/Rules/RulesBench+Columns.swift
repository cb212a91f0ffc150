import CareDomain
import Dispatch
import FactStore
import Foundation
import RuleColumns
import RuleEngine
import RuleReplay
import ServiceKit

extension RulesBench {
    /// Replay over the standing columns of the whole district: putting families into columns on disk, the difference list with
    /// its totals from the mapped files, and writing the list out.
    func columns(_ replay: RuleReplay, in folder: String, _ told: (Figure) -> Void) throws {
        let vocabularies = replay.candidate.registry.versions.map(\.pack.vocabulary)
        let (store, building) = try build(vocabularies, replay.current, in: folder)
        let columns = try ColumnReplay(replay, codes: store.codes, kept: Set(store.manifest.kept))
        let data = UserText(
            zh: """
                \(district.households) 户，\(district.years) 年，比较条款 \(columns.comparedClauses.count) 条，常备判断 \
                \(store.manifest.kept.count) 列，读 \(columns.wish.kept.count) 列
                """,
            en: """
                \(district.households) households, \(district.years) years, \(columns.comparedClauses.count) clauses compared, \
                \(columns.wish.kept.count) of \(store.manifest.kept.count) kept columns read
                """)
        told(
            Figure(
                id: "columns-build", title: UserText(zh: "事实转为列（每处理器）", en: "facts into columns, a processor"),
                unit: "households/s", runs: [Double(district.households) / max(building, 1e-9)], data: data))
        told(
            Figure(
                id: "columns-size", title: UserText(zh: "列存每户占用", en: "size of the columns, a household"),
                unit: "bytes",
                direction: .lower, runs: [Double(try store.size()) / Double(district.households)], data: data))
        var list = try measure(
            store, columns.wish.counting, "replay-columns",
            UserText(
                zh: "规则变动后由映射的列存重放：差异与合计（全部处理器）",
                en: "replay under a changed rule from mapped columns, differences and totals, all processors"), data
        ) { block in
            columns.totals(columns.compare(block)).affected
        }
        list.aim = 2_000_000
        told(list)
        told(
            try measure(
                store, columns.wish, "replay-list",
                UserText(zh: "由列存重放并逐户写出", en: "replay from columns, each household written out"), data
            ) { block in
                columns.differences(columns.compare(block)).count
            })
    }

    private func build(
        _ vocabularies: [FactVocabulary], _ rules: Evaluator, in folder: String
    ) throws -> (store: FactStore, seconds: Double) {
        let size = FactStore.blockSize
        let starts = Array(stride(from: 0, to: district.households, by: size))
        var update = StoreUpdate(try StoreFolder(folder), from: nil, vocabularies: vocabularies, rules: rules)
        var building = 0.0
        // Some at a time, so that memory does not grow with the district.
        for group in stride(from: 0, to: starts.count, by: 16) {
            let empty = update
            let blocks = Self.onAllProcessors(Array(starts[group..<min(group + 16, starts.count)])) { start in
                let families = (start..<min(start + size, district.households)).compactMap { family($0) }
                let begin = Stopwatch.now()
                var builder = empty.builder()
                for family in families { builder.add(family.id, family.facts) }
                return (builder.finish(), Stopwatch.now() - begin)
            }
            for (block, seconds) in blocks {
                try update.append(block)
                building += seconds
            }
        }
        return (try update.finish(cursor: "00", lastEvent: ""), building)
    }

    private func measure(
        _ store: FactStore, _ wish: BlockWish, _ id: String, _ title: UserText, _ data: UserText,
        _ work: @escaping @Sendable (FactBlock) -> Int
    ) throws -> Figure {
        Memory.forgetPeak()
        let measured = (0..<runs).map { _ -> Run in
            let (seconds, load) = SystemLoad.during {
                let begin = Stopwatch.now()
                let affected = Self.onAllProcessors(Array(store.manifest.blocks.indices)) { index -> Int in
                    guard let block = try? store.block(index, wish) else {
                        preconditionFailure("RulesBench: a block that was just written")
                    }
                    return work(block)
                }
                precondition(affected.reduce(0, +) > 0, "RulesBench: the candidate changed nothing")
                return Stopwatch.now() - begin
            }
            return Run(
                value: Double(district.households) / seconds, latencies: nil, load: load, count: district.households)
        }
        var figure = Run.figure(id, title, unit: "households/s", data: data, measured)
        figure.peakMiB = Memory.peakMiB
        return figure
    }

    /// The results in the order of the items.
    static func onAllProcessors<Item: Sendable, Result: Sendable>(
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
