import CareDomain
import FactStore
import Foundation
import RuleColumns
import RuleEngine
import RulePacks
import RuleReplay
import Testing

@Suite("常备列存：写入、续写、损坏")
struct FactStoreTests {
    private let pack: RulePack
    private let path = NSTemporaryDirectory() + "fact-store-" + UUID().uuidString
    private let folder: StoreFolder
    private let keys: [String: FactColumnKey]

    init() throws {
        pack = try #require(try PackLibrary.bundled.packs(of: "chenzhou-2014").last)
        folder = try StoreFolder(path)
        keys = FactStore.keys(of: [pack.vocabulary])
    }

    private typealias Family = (id: HouseholdID, facts: FactBase)

    private func families(_ numbers: Range<Int>, seed: UInt64) -> [Family] {
        var random = HouseholdRandom(seed: seed)
        return numbers.map { number in
            // References nobody has seen before get texts of their own.
            let places = ["431002", "431003", "4310020\(10 + number % 7)"]
            return (HouseholdID(Identifier128(high: 7, low: UInt64(number))), random.facts(pack, places: places))
        }
    }

    private func build(_ families: [Family], size: Int = 40, cursor: String = "00") throws -> FactStore {
        var update = StoreUpdate(folder, from: nil, vocabularies: [pack.vocabulary])
        for start in stride(from: 0, to: families.count, by: size) {
            var builder = update.builder()
            for family in families[start..<min(start + size, families.count)] { builder.add(family.id, family.facts) }
            try update.append(builder.finish())
        }
        return try update.finish(cursor: cursor, lastEvent: "ab")
    }

    /// Every household's facts, whatever block and row they stand in.
    private func facts(of store: FactStore) throws -> [HouseholdID: [String]] {
        var found: [HouseholdID: [String]] = [:]
        for index in store.manifest.blocks.indices {
            let block = try store.block(index, keys: keys)
            for row in block.households.indices { found[block.households[row]] = Self.lines(row, block) }
        }
        return found
    }

    private func facts(of families: [Family]) -> [HouseholdID: [String]] {
        var found: [HouseholdID: [String]] = [:]
        for family in families {
            var builder = FactBlockBuilder(vocabularies: [pack.vocabulary])
            builder.add(family.id, family.facts)
            found[family.id] = Self.lines(0, builder.finish())
        }
        return found
    }

    private static func lines(_ row: Int, _ block: FactBlock) -> [String] {
        let people = block.persons.rows(of: row)
        let events = block.incidents.rows(of: row)
        var lines = block.persons.subjects[people].map { "\($0)" } + block.incidents.subjects[events].map { "\($0)" }
        func add(_ name: String, _ column: FactColumn, _ rows: Range<Int>, isText: Bool) {
            column.forEachStep { place, day, cell in
                guard rows.contains(place) else { return }
                let value = isText && cell.tag == .value ? block.codes[cell.payload] : "\(cell.payload)"
                lines.append("\(name) \(place - rows.lowerBound) \(day) \(cell.tag) \(value)")
            }
        }
        for (key, column) in block.columns {
            let rows = key.subject == .person ? people : key.subject == .incident ? events : row..<row + 1
            let isText =
                switch key.type {
                case .code, .reference, .division: true
                default: false
                }
            add(key.text, column, rows, isText: isText)
        }
        add("division", block.divisions, row..<row + 1, isText: true)
        lines += (block.decisions[Int32(row)] ?? []).map { "\($0)" }
        return lines.sorted()
    }

    @Test("写入后重新打开，每户事实一字不差")
    func written() throws {
        let families = families(0..<150, seed: 3)
        let store = try build(families)
        #expect(try facts(of: store) == facts(of: families))
        let again = try #require(FactStore.open(folder))
        #expect(again.manifest == store.manifest)
        #expect(try facts(of: again) == facts(of: families))
        #expect(again.manifest.households == 150 && again.covers(keys.values))
    }

    @Test("续写：改过的户换新，未改的照旧，新户接在后面，与全部重建相同", arguments: 1...8)
    func updated(seed: Int) throws {
        let old = families(0..<130, seed: UInt64(seed))
        let new = families(0..<160, seed: UInt64(seed + 100))
        let store = try build(old)
        var update = StoreUpdate(folder, from: store, vocabularies: [pack.vocabulary])
        let places = try update.places()
        #expect(places.count == 130)
        let changed = Set((0..<130).filter { ($0 * 7 + seed) % 11 == 0 })
        for index in store.manifest.blocks.indices {
            let rows = changed.filter { places[new[$0].id]?.block == index }
            let isLast = index == store.manifest.blocks.count - 1
            let more = isLast ? Array(new[130..<140]) : []
            guard !rows.isEmpty || !more.isEmpty else { continue }
            let facts = Dictionary(uniqueKeysWithValues: rows.map { (places[new[$0].id]?.row ?? -1, new[$0].facts) })
            try update.replace(index, changed: facts, more: more)
        }
        var builder = update.builder()
        for family in new[140..<160] { builder.add(family.id, family.facts) }
        try update.append(builder.finish())
        let next = try update.finish(cursor: "01", lastEvent: "cd")
        let wanted = (0..<160).map { $0 >= 130 || changed.contains($0) ? new[$0] : old[$0] }
        #expect(try facts(of: next) == facts(of: wanted))
        #expect(try facts(of: try #require(FactStore.open(folder))) == facts(of: wanted))
        // The files of the state before are gone.
        let files = try FileManager.default.contentsOfDirectory(atPath: path)
        #expect(Set(files).subtracting(["lock"]) == Set(next.manifest.blocks.map(\.file) + ["manifest"]))
    }

    @Test("迁来的户记在清单里；更正以后不再是的，去掉")
    func arrived() throws {
        let store = try build(families(0..<10, seed: 5))
        #expect(store.manifest.arrived.isEmpty)
        let (one, other) = (store.manifest, families(0..<10, seed: 5))
        let arrival = FileArrival(
            source: other[3].id, day: CivilDay(year: 2015, month: 5, day: 1)!, recordedAt: Moment(microseconds: 1))
        var update = StoreUpdate(folder, from: store, vocabularies: [pack.vocabulary])
        for place in [1, 2] { update.note(other[place].id, arrivals: [arrival]) }
        let next = try update.finish(cursor: "01", lastEvent: "cd")
        #expect(next.manifest.arrived == [other[1].id.description, other[2].id.description].sorted())
        #expect(next.manifest.blocks == one.blocks)
        let again = try #require(FactStore.open(folder))
        var later = StoreUpdate(folder, from: again, vocabularies: [pack.vocabulary])
        later.note(other[1].id, arrivals: [])
        let last = try later.finish(cursor: "02", lastEvent: "ef")
        #expect(last.manifest.arrived == [other[2].id.description])
    }

    @Test("中途停下：原来的仍然有效")
    func interrupted() throws {
        let families = families(0..<60, seed: 9)
        let store = try build(families)
        var update = StoreUpdate(folder, from: store, vocabularies: [pack.vocabulary])
        try update.replace(0, changed: [3: self.families(3..<4, seed: 77)[0].facts])
        let again = try #require(FactStore.open(folder))
        #expect(again.manifest == store.manifest)
        #expect(try facts(of: again) == facts(of: families))
    }

    @Test("任何一个字节被改：要么拒绝，要么与原来相同；清单被改则不认")
    func damaged() throws {
        let families = families(0..<12, seed: 5)
        let store = try build(families)
        let whole = try facts(of: store)
        let file = path + "/" + store.manifest.blocks[0].file
        let bytes = try Data(contentsOf: URL(filePath: file))
        var refused = 0
        for place in stride(from: 0, to: bytes.count, by: 7) {
            var other = bytes
            other[place] ^= 1 << UInt8(place % 8)
            try other.write(to: URL(filePath: file))
            if let found = try? facts(of: store) { #expect(found == whole, "byte \(place)") } else { refused += 1 }
        }
        // Padding and columns nobody asks for may differ; almost everything else is noticed.
        #expect(refused > bytes.count / 7 * 9 / 10)
        try bytes.prefix(bytes.count / 2).write(to: URL(filePath: file))
        #expect(throws: BadImage.self) { try store.block(0, keys: keys) }
        try FileManager.default.removeItem(atPath: file)
        #expect(throws: BadImage.self) { try store.block(0, keys: keys) }
        let manifest = path + "/manifest"
        var text = try Data(contentsOf: URL(filePath: manifest))
        text[text.count / 2] ^= 1
        try text.write(to: URL(filePath: manifest))
        #expect(FactStore.open(folder) == nil)
    }

    @Test("由列存重放与由事实直接重放相同")
    func replayed() throws {
        let families = families(0..<300, seed: 11)
        let store = try build(families, size: 100)
        let file = try #require(try PackLibrary.bundled.packFiles(of: "chenzhou-2014").last)
        let text = String(decoding: file.bytes, as: UTF8.self)
        let candidate = try RulePack.load(
            bytes: Array(text.replacingOccurrences(of: "exact, value: 300", with: "exact, value: 400").utf8),
            name: "candidate.yaml")
        let first = CivilDay(year: 2016, month: 3, day: 1)!
        let replay = RuleReplay(
            current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: pack)])), candidate: candidate,
            effectiveFrom: first, period: DayPeriod(start: first, end: first.adding(months: 48)),
            today: first.adding(months: 20))
        let direct = DistrictReplay(replay).compare(families)
        let stored = DistrictReplay(replay, codes: store.codes)
        #expect(stored.obstacle == nil)
        var found: [DistrictReplay.Found] = []
        for index in store.manifest.blocks.indices {
            found += try #require(try stored.compare { _ in try store.block(index, keys: keys) })
        }
        #expect(found.map(\.household) == direct.map(\.household))
        #expect(found.map(\.division) == direct.map(\.division))
        for (one, other) in zip(found, direct) {
            #expect("\(one.difference, default: "-")" == "\(other.difference, default: "-")")
        }
        #expect(found.contains { $0.difference != nil })
    }
}
