import EventLog
import MessageBus

/// Commands that were refused for good a while ago, so that no attempt which was late on its way, through another intake
/// say, carries out what its sender was told is refused.
///
/// Kept for as long as an attempt may be on its way, and bounded. Whoever sends the command again after the answer does it
/// with a higher number, and is decided about anew. Pure.
package struct RefusedCommands: Sendable {
    private struct Entry {
        var submission: UInt64
        var until: MonotonicTime
    }

    private let lifetime: Duration
    private let limit: Int
    private var entries: [AppendID: Entry] = [:]
    /// In the order of their coming; what comes first is forgotten first.
    private var order: [(id: AppendID, until: MonotonicTime)] = []
    private var forgotten = 0

    /// - Parameters:
    ///   - lifetime: How long a refusal is kept. A request waits two minutes at most, and its appends for some more.
    ///   - limit: Most refusals that are kept; beyond them the oldest is forgotten early.
    package init(lifetime: Duration = .seconds(600), limit: Int = 200_000) {
        self.lifetime = lifetime
        self.limit = limit
    }

    /// How many are kept.
    package var count: Int { entries.count }

    /// A command is about to be refused.
    /// - Parameters:
    ///   - id: Its deciding append.
    ///   - submission: The one that is refused, and every one before.
    package mutating func refuse(_ id: AppendID, _ submission: UInt64, now: MonotonicTime) {
        forget(now)
        let until = now + lifetime
        entries[id] = Entry(submission: max(submission, entries[id]?.submission ?? 0), until: until)
        order.append((id, until))
    }

    /// Whether an append decides a command that was refused, on behalf of an attempt from before the refusal.
    package func forbids(_ append: AppendRequest, now: MonotonicTime) -> Bool {
        // Nearly always nothing was refused, or somebody else.
        guard !entries.isEmpty, append.submission != 0, let entry = entries[append.appendID] else { return false }
        return append.submission <= entry.submission && now < entry.until
    }

    private mutating func forget(_ now: MonotonicTime) {
        while forgotten < order.count, order[forgotten].until <= now || entries.count >= limit {
            let oldest = order[forgotten]
            forgotten += 1
            // Refused once more since, it is kept for that.
            if entries[oldest.id]?.until == oldest.until { entries[oldest.id] = nil }
        }
        guard forgotten > 1024, forgotten * 2 > order.count else { return }
        order.removeFirst(forgotten)
        forgotten = 0
    }
}
