import CareDomain
import Dispatch
import FactStore
import Foundation
import RuleColumns
import RuleEngine
import RulePacks
import RuleReplay
import Testing

@Suite("常备判断：与事实同写，规则变了就更新，绝不用旧的")
struct KeptColumnTests {
    private let pack: RulePack
    private let text: String
    private let path = NSTemporaryDirectory() + "kept-columns-" + UUID().uuidString
    private let folder: StoreFolder
    private let keys: [String: FactColumnKey]

    init() throws {
        let file = try #require(try PackLibrary.bundled.packFiles(of: "chenzhou-2014").last)
        text = String(decoding: file.bytes, as: UTF8.self)
        pack = try RulePack.load(bytes: file.bytes, name: "current.yaml")
        folder = try StoreFolder(path)
        keys = FactStore.keys(of: [pack.vocabulary])
    }

    private typealias Family = (id: HouseholdID, facts: FactBase)

    private func families(_ numbers: Range<Int>, seed: UInt64) -> [Family] {
        var random = HouseholdRandom(seed: seed)
        return numbers.map { number in
            let places = ["431002", "431003", "4310020\(10 + number % 7)"]
            return (HouseholdID(Identifier128(high: 7, low: UInt64(number))), random.facts(pack, places: places))
        }
    }

    private func changed(_ old: String, _ new: String) throws -> RulePack {
        #expect(text.contains(old))
        return try RulePack.load(bytes: Array(text.replacingOccurrences(of: old, with: new).utf8), name: "other.yaml")
    }

    private func rules(_ pack: RulePack) -> Evaluator {
        Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: pack)]))
    }

    private func build(_ families: [Family], _ rules: Evaluator?) throws -> FactStore {
        var update = StoreUpdate(folder, from: nil, vocabularies: [pack.vocabulary], rules: rules)
        for start in stride(from: 0, to: families.count, by: 50) {
            var builder = update.builder()
            for family in families[start..<min(start + 50, families.count)] { builder.add(family.id, family.facts) }
            try update.append(builder.finish())
        }
        return try update.finish(cursor: "00", lastEvent: "ab")
    }

    private func replay(_ current: RulePack, _ candidate: RulePack) -> RuleReplay {
        let first = CivilDay(year: 2016, month: 3, day: 1)!
        return RuleReplay(
            current: rules(current), candidate: candidate, effectiveFrom: first,
            period: DayPeriod(start: first, end: first.adding(months: 48)), today: first.adding(months: 20))
    }

    /// What a replay over the store says, with or without what it keeps.
    private func lines(
        _ replay: RuleReplay, _ store: FactStore, fromKept: Bool = true
    ) throws -> (lines: [String], kept: Set<String>) {
        let district = DistrictReplay(
            replay, codes: store.codes, kept: fromKept ? Set(store.manifest.kept) : [])
        return (try lines(district, store), district.wish.kept)
    }

    private func lines(_ district: DistrictReplay, _ store: FactStore) throws -> [String] {
        var lines: [String] = []
        for index in store.manifest.blocks.indices {
            for found in try #require(try district.compare { try store.block(index, $0) }) {
                lines.append("\(found.household) \(found.difference, default: "-")")
            }
        }
        return lines
    }

    private func lines(_ replay: RuleReplay, _ families: [Family]) -> [String] {
        DistrictReplay(replay).compareOneByOne(families).map { "\($0.household) \($0.difference, default: "-")" }
    }

    @Test("金额变了：对谁适用全部从常备判断读，结果与逐户计算相同")
    func sums() throws {
        let families = families(0..<220, seed: 21)
        let store = try build(families, rules(pack))
        #expect(!store.manifest.kept.isEmpty && store.manifest.kept == store.manifest.kept.sorted())
        let replay = replay(pack, try changed("exact, value: 300", "exact, value: 400"))
        let found = try lines(replay, store)
        let computed = try lines(replay, store, fromKept: false)
        #expect(found.lines == lines(replay, families))
        #expect(found.lines == computed.lines)
        // CZ-2.1 alone differs: one column tells to whom it applies.
        #expect(found.kept.count == 1)
    }

    @Test("几个版本各有金额，先后生效：结果与逐户计算相同", arguments: [(30, 350), (31, 300), (32, 400)])
    func severalVersions(seed: UInt64, sum: Int) throws {
        let families = families(0..<220, seed: seed)
        let store = try build(families, rules(pack))
        let later = try changed("exact, value: 300", "exact, value: 400")
        let registry = PackRegistry(versions: [
            PublishedPack(pack: pack),
            PublishedPack(pack: later, effectiveFrom: CivilDay(year: 2017, month: 5, day: 16)!),
        ])
        let first = CivilDay(year: 2016, month: 3, day: 9)!
        let replay = RuleReplay(
            current: Evaluator(registry: registry),
            candidate: try changed("exact, value: 300", "exact, value: \(sum)"), effectiveFrom: first,
            period: DayPeriod(start: first - 40, end: first.adding(months: 48)), today: first.adding(months: 20))
        let found = try lines(replay, store)
        #expect(found.lines == lines(replay, families))
    }

    @Test("同一重放先后、同时看许多块：与单独看每一块、与逐户计算都相同")
    func blockAfterBlock() throws {
        // The same few families again and again, so that most rows have days that were met before.
        let few = families(0..<40, seed: 35)
        let families = (0..<400).map { number in
            (id: HouseholdID(Identifier128(high: 8, low: UInt64(number))), facts: few[number % 40].facts)
        }
        let store = try build(families, rules(pack))
        let replay = replay(pack, try changed("exact, value: 300", "exact, value: 400"))
        let kept = Set(store.manifest.kept)
        let district = DistrictReplay(replay, codes: store.codes, kept: kept)
        let expected = lines(replay, families)
        #expect(try lines(district, store) == expected)
        // All of it is known by now.
        #expect(try lines(district, store) == expected)
        let columns = try ColumnReplay(replay, codes: store.codes, kept: kept)
        let blocks = try store.manifest.blocks.indices.map { try store.block($0, columns.wish) }
        #expect(blocks.count == 8)
        let found = Found(count: blocks.count * 5)
        DispatchQueue.concurrentPerform(iterations: blocks.count * 5) { turn in
            found.put(columns.totals(columns.compare(blocks[turn % blocks.count])), at: turn)
        }
        for (turn, totals) in found.all.enumerated() {
            let alone = try ColumnReplay(replay, codes: store.codes, kept: kept)
            #expect(totals == alone.totals(alone.compare(blocks[turn % blocks.count])), "\(turn)")
        }
        #expect(found.all.contains { ($0?.affected ?? 0) > 0 })
    }

    /// Totals that come from several threads. `@unchecked Sendable`: `totals` is touched only while `lock` is held.
    private final class Found: @unchecked Sendable {
        private let lock = NSLock()
        private var totals: [ReplayTotals?]

        init(count: Int) { totals = Array(repeating: nil, count: count) }

        func put(_ one: ReplayTotals, at place: Int) { lock.withLock { totals[place] = one } }
        var all: [ReplayTotals?] { lock.withLock { totals } }
    }

    @Test("只计数与合计：不读行属何人，合计相同；有人工决定的块照读")
    func counting() throws {
        let families = families(0..<220, seed: 33)
        let store = try build(families, rules(pack))
        let replay = replay(pack, try changed("exact, value: 300", "exact, value: 400"))
        let columns = try ColumnReplay(replay, codes: store.codes, kept: Set(store.manifest.kept))
        var affected = 0
        for index in store.manifest.blocks.indices {
            let whole = try store.block(index, columns.wish)
            let counted = try store.block(index, columns.wish.counting)
            #expect(whole.hasSubjects && counted.hasSubjects == !whole.decisions.isEmpty)
            #expect(counted.count == whole.count && counted.persons.households == whole.persons.households)
            let totals = columns.totals(columns.compare(counted))
            #expect(totals == columns.totals(columns.compare(whole)))
            affected += totals.affected
        }
        #expect(affected > 0)
        // A family without decisions.
        let plain = try build(families.filter { $0.facts.decisions(knownAt: .latest).isEmpty }, rules(pack))
        #expect(try plain.block(0, columns.wish.counting).households.isEmpty)
    }

    @Test("只计数时任何一个字节被改：要么拒绝，要么合计与原来相同")
    func damagedWhileCounting() throws {
        let families = families(0..<10, seed: 34)
        let store = try build(families, rules(pack))
        let replay = replay(pack, try changed("exact, value: 300", "exact, value: 400"))
        let columns = try ColumnReplay(replay, codes: store.codes, kept: Set(store.manifest.kept))
        func totals() throws -> ReplayTotals {
            columns.totals(columns.compare(try store.block(0, columns.wish.counting)))
        }
        let whole = try totals()
        let file = path + "/" + store.manifest.blocks[0].file
        let bytes = try Data(contentsOf: URL(filePath: file))
        var refused = 0
        for place in stride(from: 0, to: bytes.count, by: 37) {
            var other = bytes
            other[place] ^= 1 << UInt8(place % 8)
            try other.write(to: URL(filePath: file))
            if let found = try? totals() { #expect(found == whole, "byte \(place)") } else { refused += 1 }
        }
        #expect(refused > 0)
    }

    @Test("条件变了：变动的条件现算，未变的部分仍可读")
    func conditions() throws {
        let families = families(0..<220, seed: 22)
        let store = try build(families, rules(pack))
        let sum = try lines(replay(pack, try changed("exact, value: 300", "exact, value: 400")), store)
        let replay = replay(pack, try changed("care.age(m) >= 49", "care.age(m) >= 45"))
        let found = try lines(replay, store)
        #expect(found.lines == lines(replay, families))
        // The side in force is read whole, what the other one shares with several clauses besides.
        #expect(sum.kept.isSubset(of: found.kept) && found.kept.count > 1)
    }

    @Test("定义变了：凡经由它的条款都重新计算")
    func definitions() throws {
        let families = families(0..<220, seed: 23)
        let store = try build(families, rules(pack))
        let replay = replay(pack, try changed("disability_grade in [1, 2, 3]", "disability_grade in [1, 2]"))
        #expect(try lines(replay, store).lines == lines(replay, families))
    }

    @Test("口径变了：凡用到它的条款都重新计算")
    func readings() throws {
        let families = families(0..<220, seed: 24)
        let store = try build(families, rules(pack))
        let candidate = try changed(
            "{id: single_parent_qualifies, question: CZ-Q5, default: true",
            "{id: single_parent_qualifies, question: CZ-Q5, default: false")
        let replay = replay(pack, candidate)
        #expect(try lines(replay, store).lines == lines(replay, families))
    }

    @Test("现行规则换了：旧判断不再算数，更新后按新规则；各步结果都相同", arguments: [false, true])
    func otherRules(renews: Bool) throws {
        let families = families(0..<220, seed: 25)
        let before = try build(families, rules(pack))
        let next = try changed("care.age(m) >= 49", "care.age(m) >= 47")
        var update = StoreUpdate(folder, from: before, vocabularies: [pack.vocabulary], rules: rules(next))
        #expect(update.olderBlocks == Array(before.manifest.blocks.indices))
        for index in renews ? update.olderBlocks : [1] {
            try update.put(try #require(try update.renewed(index)), at: index)
        }
        let store = try update.finish(cursor: "00", lastEvent: "ab")
        let again = StoreUpdate(folder, from: store, vocabularies: [pack.vocabulary], rules: rules(next))
        #expect(again.olderBlocks.isEmpty == renews)
        // Only what every block has is relied upon.
        let (kept, keptBefore) = (Set(store.manifest.kept), Set(before.manifest.kept))
        #expect(kept != keptBefore)
        #expect(kept.isSubset(of: keptBefore) != renews)
        let replay = replay(next, try changed("exact, value: 300", "exact, value: 400"))
        let found = try lines(replay, store)
        let computed = try lines(replay, store, fromKept: false)
        #expect(found.lines == lines(replay, families))
        #expect(found.lines == computed.lines)
    }

    @Test("续写：改过的户按新事实判断")
    func changedFacts() throws {
        let old = families(0..<120, seed: 26)
        let new = families(0..<120, seed: 27)
        let before = try build(old, rules(pack))
        var update = StoreUpdate(folder, from: before, vocabularies: [pack.vocabulary], rules: rules(pack))
        #expect(update.olderBlocks.isEmpty)
        try update.replace(1, changed: [3: new[53].facts, 40: new[90].facts])
        let store = try update.finish(cursor: "01", lastEvent: "cd")
        #expect(store.manifest.kept == before.manifest.kept)
        let replay = replay(pack, try changed("exact, value: 300", "exact, value: 400"))
        var wanted = old
        wanted[53] = new[53]
        wanted[90] = new[90]
        #expect(try lines(replay, store).lines == lines(replay, wanted))
    }

    @Test("没有常备判断的列存照旧可用")
    func withoutAny() throws {
        let families = families(0..<120, seed: 28)
        let store = try build(families, nil)
        #expect(store.manifest.kept.isEmpty)
        let replay = replay(pack, try changed("exact, value: 300", "exact, value: 400"))
        #expect(try lines(replay, store).lines == lines(replay, families))
        // A block that lacks what the plan hopes for is worked out from its facts.
        let kept = Set(StandingPlan(rules(pack), codes: store.codes).names)
        let hoping = DistrictReplay(replay, codes: store.codes, kept: kept)
        #expect(!hoping.wish.kept.isEmpty)
        #expect(try lines(hoping, store) == lines(replay, families))
    }

    @Test("任何一个字节被改：要么拒绝，要么答案与原来相同")
    func damaged() throws {
        let families = families(0..<10, seed: 29)
        let store = try build(families, rules(pack))
        let replay = replay(pack, try changed("care.age(m) >= 49", "care.age(m) >= 45"))
        let district = DistrictReplay(replay, codes: store.codes, kept: Set(store.manifest.kept))
        let whole = try lines(district, store)
        let file = path + "/" + store.manifest.blocks[0].file
        let bytes = try Data(contentsOf: URL(filePath: file))
        for place in stride(from: 0, to: bytes.count, by: 131) {
            var other = bytes
            other[place] ^= 1 << UInt8(place % 8)
            try other.write(to: URL(filePath: file))
            if let found = try? lines(district, store) { #expect(found == whole, "byte \(place)") }
        }
        try bytes.write(to: URL(filePath: file))
        #expect(try lines(district, store) == whole)
    }
}
