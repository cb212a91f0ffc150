import CareDomain
import CareWire
import EventLog
import FactStore
import MessageBus
import RuleColumns
import RuleEngine
import RuleReplay
import ServiceKit

/// 常备列存 of a deployment, brought up to the end of the log.
///
/// Only what changed since the last time is read anew. To whom the rules in force apply is kept beside the facts, and written anew
/// when other rules are in force; all of it when a key asks from which other facts are kept. Who sees but some divisions reads the log instead: families that left
/// would stand in the columns still.
struct StandingFacts {
    let store: FactStore
    /// Households read anew for it.
    let refreshed: Int
    /// Families that are damaged; their rows do not count.
    let leftOut: FencedFamilies
    private let lock: FolderLock

    /// - Parameters:
    ///   - vocabularies: of the packs whose rules will be asked, besides those published.
    ///   - anew: throws away what stands.
    /// - Returns: nil when this key does not see everything.
    static func current(
        _ archive: Line, _ rules: PublishedRules, _ vocabularies: [FactVocabulary], _ desk: Desk, anew: Bool = false
    ) async throws -> StandingFacts? {
        guard case .projectionStatus(let status) = try await archive.ask(.projectionStatus(.init())) else {
            throw Failure.badAnswer
        }
        guard status.seesEverywhere else { return nil }
        let folder = try await folder(desk)
        let lock = try folder.lock(alone: true)
        let wanted = rules.registry.versions.map(\.pack.vocabulary) + vocabularies
        var standing = anew ? nil : FactStore.open(folder)
        if let store = standing, !store.covers(FactStore.keys(of: wanted).values) { standing = nil }
        // Columns of a key from which other facts are kept say something else, or what this one may not see.
        let withheld = try await archive.withheld().name
        if let store = standing, store.manifest.withheld != withheld { standing = nil }
        let inForce = Evaluator(registry: rules.registry, parameters: rules.parameters)
        var sync = ColumnSync(
            folder: folder, vocabularies: wanted, rules: inForce, withheld: withheld, archive: archive, desk: desk)
        var leftOut: FencedFamilies
        if let store = standing, let fenced = try await sync.follow(store, head: status.headPosition) {
            leftOut = fenced
        } else {
            leftOut = try await sync.buildAnew()
        }
        do {
            try await sync.renewAnswers()
        } catch is BadImage {
            leftOut = try await sync.buildAnew()
        }
        try lock.share()
        guard let store = FactStore.open(folder) else { throw damaged(folder) }
        return StandingFacts(store: store, refreshed: sync.refreshed, leftOut: leftOut, lock: lock)
    }

    static func folder(_ desk: Desk) async throws -> StoreFolder {
        try StoreFolder(try await desk.configuration().dataFolder + "/columns")
    }

    /// Clears a folder in which something is damaged; what stands is not lost, the log has it.
    static func damaged(_ folder: StoreFolder) -> Failure {
        folder.clear()
        return Failure(
            6195, UserText(zh: "常备列存已损坏，已清除", en: "the standing columns were damaged and have been cleared"),
            advice: UserText(zh: "请重试：将从日志重新生成", en: "try again: they will be built anew from the log"),
            exit: .temporary)
    }

    /// Compares block by block, on all processors; results come in the order of the households. Those that came from another
    /// file are read from the log with it, where a right may go on from there.
    func compare(
        _ district: DistrictReplay, _ archive: Line, _ desk: Desk, take: (DistrictReplay.Found) throws -> Void
    ) async throws {
        let store = store
        let apart = district.looksIntoFilesLeft ? try await arrivedFamilies(archive) : [:]
        do {
            try await desk.inOrder(
                UserText(zh: "重放", en: "replaying"), parts: store.manifest.blocks.count,
                total: store.manifest.households
            ) { index in
                let found = try district.compare(apart: apart) { wish in try store.block(index, wish) }
                return (found ?? []).map { ($0.household, $0) }
            } take: { household, found in
                if !leftOut.ids.contains(household) { try take(found) }
            }
        } catch is BadImage {
            throw Self.damaged(store.folder)
        }
        withExtendedLifetime(lock) {}
    }

    /// The facts of families that came from another file, with that file's, a few questions at a time.
    private func arrivedFamilies(_ archive: Line) async throws -> [HouseholdID: FactBase] {
        let leftOut = leftOut.ids
        let wanted = store.manifest.arrived.compactMap { HouseholdID($0) }.filter { !leftOut.contains($0) }
        return try await withThrowingTaskGroup(of: (HouseholdID, FactBase).self) { group in
            var rest = wanted[...]
            func ask() {
                guard let id = rest.popFirst() else { return }
                group.addTask {
                    var facts = FactBase(events: try await LogFacts.events(of: id, archive))
                    facts.others = try await LogFacts.filesLeft(by: facts, of: id, archive).mapValues {
                        FactBase(events: $0.events.filter(\.event.bearsOnRules))
                    }
                    return (id, facts)
                }
            }
            for _ in 0..<16 { ask() }
            var found: [HouseholdID: FactBase] = [:]
            while let (id, facts) = try await group.next() {
                found[id] = facts
                ask()
            }
            return found
        }
    }
}

/// Brings a folder of columns up to the log.
struct ColumnSync {
    let folder: StoreFolder
    let vocabularies: [FactVocabulary]
    /// Those in force.
    let rules: Evaluator
    /// What is kept from the key, as `WithheldHere.name`.
    let withheld: String
    let archive: Line
    let desk: Desk
    private(set) var refreshed = 0

    init(
        folder: StoreFolder, vocabularies: [FactVocabulary], rules: Evaluator, withheld: String, archive: Line,
        desk: Desk
    ) {
        self.folder = folder
        self.vocabularies = vocabularies
        self.rules = rules
        self.withheld = withheld
        self.archive = archive
        self.desk = desk
    }

    /// The end of what was read.
    private struct End {
        var cursor: EncodedCursor
        var last: String
    }

    /// Goes on from where the columns are.
    /// - Returns: the families whose rows do not count; nil when the columns must be built anew.
    mutating func follow(_ store: FactStore, head: UInt64) async throws -> FencedFamilies? {
        let parts = store.manifest.lastEvent.split(separator: " ").map(String.init)
        guard parts.count == 2, let position = UInt64(parts[0]), position > 0, head >= position,
            let cursor = Hexadecimal.bytes(store.manifest.cursor)
        else { return nil }
        var order = store.manifest.behind.compactMap { HouseholdID($0) }
        if order.isEmpty, try Self.position(EncodedCursor(cursor)) >= head { return try await archive.fencedFamilies() }
        // The last event taken in comes first once more: whether it is still the same log.
        let start = EncodedCursor(Cursor(shard: .single, position: Position(position - 1)).bytes)
        var isSame: Bool?
        var changed = Set(order)
        let end = try await scan(from: start) { event in
            if isSame == nil {
                isSame = Self.name(event) == store.manifest.lastEvent
            } else if isSame == true, let id = Self.household(event), Self.bearsOnRules(event),
                changed.insert(id).inserted
            {
                order.append(id)
            }
            return isSame == true
        }
        // Reading the whole log is quicker than asking for so many families one by one.
        guard isSame == true, let end, changed.count <= max(1_000, store.manifest.households / 10) else { return nil }
        do {
            return try await write(order, onto: store, end)
        } catch is BadImage {
            return nil
        }
    }

    /// Facts of those that are whole. Damage that is first met by asking closes the family, and it is left out, too.
    private func wholeFacts(
        of households: [HouseholdID]
    ) async throws -> (families: [(id: HouseholdID, facts: FactBase)], fenced: FencedFamilies) {
        var fenced = try await archive.fencedFamilies()
        while true {
            let asked = fenced.ids
            do {
                return (try await facts(of: households.filter { !asked.contains($0) }), fenced)
            } catch let failure as Failure where failure.code == "CARE-3511" {
                fenced = try await archive.fencedFamilies()
                guard fenced.ids != asked else { throw failure }
            }
        }
    }

    private mutating func write(
        _ changed: [HouseholdID], onto store: FactStore, _ end: End
    ) async throws -> FencedFamilies {
        var update = StoreUpdate(folder, from: store, vocabularies: vocabularies, rules: rules)
        let (families, fenced) = try await wholeFacts(of: changed)
        // What changed in a damaged family is read when it is whole again.
        update.behind = changed.filter { fenced.ids.contains($0) }.map(\.description)
        refreshed = families.count
        for family in families { update.note(family.id, arrivals: family.facts.arrivals) }
        let places = families.isEmpty ? [:] : try update.places()
        var byBlock: [Int: [Int: FactBase]] = [:]
        var more: [(id: HouseholdID, facts: FactBase)] = []
        for family in families {
            if let place = places[family.id] {
                byBlock[place.block, default: [:]][place.row] = family.facts
            } else {
                more.append(family)
            }
        }
        let last = store.manifest.blocks.count - 1
        let fitting = Array(more.prefix(update.room))
        if !fitting.isEmpty { byBlock[last, default: [:]] = byBlock[last] ?? [:] }
        for (index, rows) in byBlock.sorted(by: { $0.key < $1.key }) {
            try update.replace(index, changed: rows, more: index == last ? fitting : [])
        }
        try append(more.dropFirst(fitting.count), to: &update)
        _ = try update.finish(cursor: Hexadecimal.text(end.cursor.bytes), lastEvent: end.last)
        return fenced
    }

    private func append(_ families: some Collection<(id: HouseholdID, facts: FactBase)>, to update: inout StoreUpdate)
        throws
    {
        var builder = update.builder()
        for (id, facts) in families {
            builder.add(id, facts)
            if builder.count == FactStore.blockSize {
                try update.append(builder.finish())
                builder = update.builder()
            }
        }
        try update.append(builder.finish())
    }

    /// Blocks that keep answers of other rules than those in force are written anew with theirs.
    func renewAnswers() async throws {
        guard let store = FactStore.open(folder) else { return }
        var update = StoreUpdate(folder, from: store, vocabularies: vocabularies, rules: rules)
        let (older, reading) = (update.olderBlocks, update)
        guard !older.isEmpty else { return }
        try await desk.inOrder(
            UserText(zh: "按现行规则更新列存", en: "bringing the columns up to the rules in force"), parts: older.count,
            total: older.count
        ) { part -> [(Int, FactBlock)] in
            try reading.renewed(older[part]).map { [(older[part], $0)] } ?? []
        } take: { index, block in
            try update.put(block, at: index)
        }
        update.behind = store.manifest.behind
        _ = try update.finish(cursor: store.manifest.cursor, lastEvent: store.manifest.lastEvent)
    }

    /// Facts of some households, a few questions at a time.
    private func facts(of households: [HouseholdID]) async throws -> [(id: HouseholdID, facts: FactBase)] {
        let archive = archive
        return try await withThrowingTaskGroup(of: (Int, FactBase).self) { group in
            var next = 0
            func ask() {
                guard next < households.count else { return }
                let (place, id) = (next, households[next])
                next += 1
                group.addTask { (place, FactBase(events: try await LogFacts.events(of: id, archive))) }
            }
            for _ in 0..<16 { ask() }
            var found: [(Int, FactBase)] = []
            while let one = try await group.next() {
                found.append(one)
                ask()
            }
            return found.sorted { $0.0 < $1.0 }.map { (households[$0.0], $0.1) }
        }
    }

    /// Reads the whole log.
    /// - Returns: the families that are damaged and have no row.
    mutating func buildAnew() async throws -> FencedFamilies {
        var order: [HouseholdID] = []
        var found: [HouseholdID: [KnownEvent]] = [:]
        var count = 0
        var progress = desk.progress(
            UserText(zh: "读取日志", en: "reading the log"), unit: UserText(zh: "条", en: "events"), total: nil)
        let end = try await scan(from: .start) { event in
            count += 1
            if count % 1_000 == 0 { progress.update(done: count) }
            guard let id = Self.household(event), let known = event.household, known.event.bearsOnRules else {
                return true
            }
            if found[id] == nil { order.append(id) }
            found[id, default: []].append(known)
            return true
        }
        progress.finish(done: count)
        let fenced = try await archive.fencedFamilies()
        order.removeAll { fenced.ids.contains($0) }
        refreshed = order.count
        var update = StoreUpdate(folder, from: nil, vocabularies: vocabularies, rules: rules)
        update.behind = fenced.ids.map(\.description).sorted()
        update.withheld = withheld
        for id in order { update.note(id, arrivals: FactBase.arrivals(in: found[id] ?? [])) }
        let (families, empty, size) = (found, update, FactStore.blockSize)
        let households = order
        try await desk.inOrder(
            UserText(zh: "生成列存", en: "building columns"), parts: (order.count + size - 1) / size, total: order.count
        ) { part -> [(Int, FactBlock)] in
            var builder = empty.builder()
            for id in households[part * size..<min((part + 1) * size, households.count)] {
                builder.add(id, FactBase(events: families[id] ?? []))
            }
            return [(part, builder.finish())]
        } take: { _, block in
            try update.append(block)
        }
        let none = End(cursor: .start, last: "")
        _ = try update.finish(cursor: Hexadecimal.text((end ?? none).cursor.bytes), lastEvent: (end ?? none).last)
        return fenced
    }

    /// Every household event from a cursor to the end of the log, and where that was.
    private func scan(from start: EncodedCursor, _ body: (ShownEvent) throws -> Bool) async throws -> End? {
        let head = try await archive.headPosition()
        guard try Self.position(start) < head else { return nil }
        let subscription = try archive.client.follow(from: start, filter: EventFilter(categories: ["household"]))
        defer { subscription.end() }
        var end: End?
        for try await batch in subscription {
            for one in batch.events {
                let event = try ShownEvent(one)
                end = End(cursor: batch.cursorAfter, last: Self.name(event))
                guard try body(event) else { return end }
            }
            end = End(cursor: batch.cursorAfter, last: end?.last ?? "")
            if try Self.position(batch.cursorAfter) >= head { return end }
        }
        return end
    }

    private static func position(_ cursor: EncodedCursor) throws -> UInt64 {
        try Cursor(bytes: cursor.bytes).position(in: .single).rawValue
    }

    private static func name(_ event: ShownEvent) -> String { "\(event.position) \(event.eventID.description)" }

    private static func household(_ event: ShownEvent) -> HouseholdID? {
        HouseholdID(event.stream.dropFirst("household-".count))
    }

    private static func bearsOnRules(_ event: ShownEvent) -> Bool { event.household?.event.bearsOnRules ?? true }
}
