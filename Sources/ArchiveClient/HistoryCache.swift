import CareDomain

/// The household histories used last, at most a fixed number.
package struct HistoryCache {
    private let capacity: Int
    private var held: [HouseholdID: (history: HouseholdHistory, stamp: UInt64)] = [:]
    private var order: [(household: HouseholdID, stamp: UInt64)] = []
    private var head = 0
    private var stamp: UInt64 = 0

    /// - Parameter capacity: At least 1.
    package init(capacity: Int) { self.capacity = max(1, capacity) }

    package var count: Int { held.count }

    /// Whether the household is held.
    package func contains(_ household: HouseholdID) -> Bool { held[household] != nil }

    /// Takes a history out; whoever takes it puts it back when it is up to date.
    package mutating func take(_ household: HouseholdID) -> HouseholdHistory? {
        held.removeValue(forKey: household)?.history
    }

    /// Puts a history in as the one used last; the one used longest ago leaves when there are too many.
    package mutating func put(_ history: HouseholdHistory) {
        stamp += 1
        held[history.id] = (history, stamp)
        order.append((history.id, stamp))
        while held.count > capacity {
            let oldest = order[head]
            head += 1
            if held[oldest.household]?.stamp == oldest.stamp { held[oldest.household] = nil }
        }
        // Places of histories that moved on since; removed together, so that each costs a constant time.
        if order.count > 4 * capacity + 64 {
            order = order[head...].filter { held[$0.household]?.stamp == $0.stamp }
            head = 0
        }
    }
}
