import CareDomain
import CareWire
import EventLog
import MessageBus
import RuleEngine
import RuleReplay
import ServiceKit

/// The households of the log that this key may see, with everything that rules read of them.
struct LogFacts {
    /// One household.
    struct Entry: Sendable {
        let id: HouseholdID
        let events: [KnownEvent]
        /// Those of the files from which persons came on the first day of a month.
        let others: [HouseholdID: [KnownEvent]]

        /// Its facts and the decisions of people, with those of the files that were left.
        var facts: FactBase {
            var facts = FactBase(events: events)
            facts.others = others.mapValues { FactBase(events: $0) }
            return facts
        }
    }

    /// In the order in which they were registered.
    let entries: [Entry]
    /// Events read.
    let events: Int
    /// Families that are damaged and left out.
    let leftOut: FencedFamilies
    /// Files from which persons came into one of these, and that this key may not see.
    let unseen: [HouseholdID]
    /// The households into whose files they came.
    let withUnseen: [HouseholdID]

    /// Reads the log once, up to its head as it is now.
    static func read(_ line: Line, _ desk: Desk) async throws -> LogFacts {
        var order: [HouseholdID] = []
        var found: [HouseholdID: [KnownEvent]] = [:]
        var count = 0
        var progress = desk.progress(
            UserText(zh: "读取", en: "reading"), unit: UserText(zh: "条", en: "events"), total: nil)
        try await line.scan(EventFilter(categories: ["household"])) { event in
            count += 1
            if count % 1_000 == 0 { progress.update(done: count) }
            guard let id = HouseholdID(event.stream.dropFirst("household-".count)), let known = event.household,
                known.event.bearsOnRules
            else { return true }
            if found[id] == nil { order.append(id) }
            found[id, default: []].append(known)
            return true
        }
        progress.finish(done: count)
        let fenced = try await line.fencedFamilies()
        var unseen: Set<HouseholdID> = []
        var withUnseen: [HouseholdID] = []
        let entries = order.filter { !fenced.ids.contains($0) }.map { id -> Entry in
            let events = found[id] ?? []
            var others: [HouseholdID: [KnownEvent]] = [:]
            // A damaged file waits for the operator, and what it says counts for none.
            let sources = FactBase.arrivals(in: events).map(\.source)
            for source in sources where source != id && !fenced.ids.contains(source) {
                others[source] = found[source]
                guard found[source] == nil else { continue }
                unseen.insert(source)
                if withUnseen.last != id { withUnseen.append(id) }
            }
            return Entry(id: id, events: events, others: others)
        }
        return LogFacts(
            entries: entries, events: count, leftOut: fenced, unseen: unseen.sorted(), withUnseen: withUnseen)
    }

    /// Says that rights could not be followed into files that this key may not see.
    func mentionUnseen(_ desk: Desk) { Self.mention(unseen: unseen, desk) }

    static func mention(unseen: [HouseholdID], _ desk: Desk) {
        guard let first = unseen.first else { return }
        let chinese = unseen.count == 1 ? "\(first)" : "\(first) 等 \(unseen.count) 份"
        let english = unseen.count == 1 ? "\(first)" : "\(first) and \(unseen.count - 1) more"
        desk.mention(
            UserText(
                zh: "看不到迁出的档案 \(chinese)：次月起发的权利可能比已存认定少一个月，迁出的档案已有的一次性和当期的钱可能在这里重列",
                en:
                    "files that were left cannot be seen (\(english)): rights that count from the month after may miss a month that "
                    + "the stored determination has, and what those files had once or for the time of the move may be "
                    + "listed here again"))
    }

    /// The files from which persons came into a household's, without those that are damaged or that
    /// this key may not see.
    static func filesLeft(
        by facts: FactBase, of id: HouseholdID, _ line: Line
    ) async throws -> [HouseholdID: (events: [KnownEvent], withheld: [FactID: String])] {
        var files: [HouseholdID: (events: [KnownEvent], withheld: [FactID: String])] = [:]
        for source in Set(facts.arrivals.map(\.source)).subtracting([id]).sorted() {
            do {
                let file = try await family(source, line)
                if !file.events.isEmpty { files[source] = file }
            } catch let failure as Failure where ["CARE-3511", "CARE-1101"].contains(failure.code) {
                // Damaged, or of a place that this key does not see.
                continue
            }
        }
        return files
    }

    /// One household's events that bear on rules; empty when there is none that this key may see.
    static func events(of id: HouseholdID, _ line: Line) async throws -> [KnownEvent] {
        try await family(id, line).events.filter(\.event.bearsOnRules)
    }

    /// One household's events, without those that state facts kept from this key, and these facts with what they are called.
    static func family(
        _ id: HouseholdID, _ line: Line
    ) async throws -> (events: [KnownEvent], withheld: [FactID: String]) {
        var events: [KnownEvent] = []
        var withheld: [FactID: String] = [:]
        var query = Care_V1_HouseholdEventsQuery.with { $0.household = id.description }
        while true {
            guard case .householdEvents(let reply) = try await line.ask(.householdEvents(query)) else {
                throw Failure.badAnswer
            }
            for word in reply.withheldFacts { withheld[FactID(unchecked: word.code)] = word.textZh }
            for entry in reply.entries {
                let event = try ShownEvent(
                    BusEvent(position: entry.position, record: Array(entry.record), hash: Array(entry.hash)))
                query.afterSequence = event.sequence
                if let known = event.household { events.append(known) }
            }
            if reply.isComplete || reply.entries.isEmpty { return (events, withheld) }
        }
    }

    /// Does the same for every household, some hundred at a time on all processors, and hands the results over in the order of
    /// the households.
    /// - Parameter size: How many at a time; few where each takes long, so that all processors have some.
    func each<Result: Sendable>(
        _ desk: Desk, _ label: UserText, size: Int = 512, _ work: @escaping @Sendable ([Entry]) -> [Result],
        take: (Entry, Result) throws -> Void
    ) async throws {
        try await desk.inOrder(label, parts: (entries.count + size - 1) / size, total: entries.count) { part in
            let chunk = Array(entries[part * size..<min((part + 1) * size, entries.count)])
            return zip(chunk, work(chunk)).map { ($0, $1) }
        } take: { entry, result in
            try take(entry, result)
        }
    }
}

extension Desk {
    /// Works parts off on all processors, and hands their results over in order.
    func inOrder<Item: Sendable, Result: Sendable>(
        _ label: UserText, parts: Int, total: Int, _ work: @escaping @Sendable (Int) throws -> [(Item, Result)],
        take: (Item, Result) throws -> Void
    ) async throws {
        var progress = progress(label, unit: UserText(zh: "户", en: "households"), total: total)
        var done = 0
        try await withThrowingTaskGroup(of: (Int, [(Item, Result)]).self) { group in
            var waiting: [Int: [(Item, Result)]] = [:]
            var next = 0
            var begun = 0
            func begin() {
                guard begun < parts else { return }
                let part = begun
                begun += 1
                group.addTask {
                    try Task.checkCancellation()
                    return (part, try work(part))
                }
            }
            for _ in 0..<8 { begin() }
            while let (part, results) = try await group.next() {
                waiting[part] = results
                begin()
                while let results = waiting.removeValue(forKey: next) {
                    for (item, result) in results { try take(item, result) }
                    done += results.count
                    progress.update(done: done)
                    next += 1
                }
            }
        }
        progress.finish(done: done)
    }
}

extension Line {
    /// The published rules, as the services evaluate them.
    func publishedRules() async throws -> PublishedRules {
        var rules = PublishedRules()
        try await scan(EventFilter(categories: ["pack"])) { event in
            guard let pack = PackID(String(event.stream.dropFirst("pack-".count))),
                case .pack(let said) = try EventCodec.decodeAny(
                    kind: event.kind, version: event.version, payload: event.payload)
            else { return true }
            _ = rules.take(said, of: pack, occurredOn: event.occurredOn, recordedAt: event.recordedAt)
            return true
        }
        return rules
    }
}
