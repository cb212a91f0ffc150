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

        /// Its facts and the decisions of people.
        var facts: FactBase { FactBase(events: events) }
    }

    /// In the order in which they were registered.
    let entries: [Entry]
    /// Events read.
    let events: Int

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
        return LogFacts(entries: order.map { Entry(id: $0, events: found[$0] ?? []) }, events: count)
    }

    /// One household's events; empty when there is none that this key may see.
    static func events(of id: HouseholdID, _ line: Line) async throws -> [KnownEvent] {
        var events: [KnownEvent] = []
        try await line.scan(EventFilter(streams: [id.stream.description])) { event in
            if let known = event.household, known.event.bearsOnRules { events.append(known) }
            return true
        }
        return events
    }

    /// Does the same for every household, some hundred at a time on all processors, and hands the results over in the order of
    /// the households.
    func each<Result: Sendable>(
        _ desk: Desk, _ label: UserText, _ work: @escaping @Sendable ([Entry]) -> [Result],
        take: (Entry, Result) throws -> Void
    ) async throws {
        var progress = desk.progress(label, unit: UserText(zh: "户", en: "households"), total: entries.count)
        var done = 0
        let size = 512
        let chunks = stride(from: 0, to: entries.count, by: size).map {
            Array(entries[$0..<min($0 + size, entries.count)])
        }
        try await withThrowingTaskGroup(of: (Int, [Result]).self) { group in
            var waiting: [Int: [Result]] = [:]
            var next = 0
            var begun = 0
            func begin() {
                guard begun < chunks.count else { return }
                let (index, chunk) = (begun, chunks[begun])
                begun += 1
                group.addTask {
                    try Task.checkCancellation()
                    return (index, work(chunk))
                }
            }
            for _ in 0..<8 { begin() }
            while let (index, results) = try await group.next() {
                waiting[index] = results
                begin()
                while let results = waiting.removeValue(forKey: next) {
                    for (entry, result) in zip(chunks[next], results) { try take(entry, result) }
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
