import CareDomain

/// Households to be judged, each at most once, in the order in which they became due.
struct DirtyQueue {
    private var order: [HouseholdID] = []
    private var first = 0
    private var members: Set<HouseholdID> = []

    var count: Int { members.count }
    var isEmpty: Bool { members.isEmpty }

    mutating func add(_ id: HouseholdID) {
        if members.insert(id).inserted { order.append(id) }
    }

    mutating func take() -> HouseholdID? {
        guard first < order.count else { return nil }
        let id = order[first]
        first += 1
        if first > 1024, first * 2 > order.count {
            order.removeFirst(first)
            first = 0
        }
        members.remove(id)
        return id
    }
}
