import ArchiveClient
import CareDomain

/// Households that intake has at hand. Two generations: what was not used during one whole generation is dropped, so
/// that memory stays within twice the capacity without a list to keep in order.
struct HouseholdCache {
    private var young: [HouseholdID: CachedHousehold] = [:]
    private var old: [HouseholdID: CachedHousehold] = [:]
    private let capacity: Int

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Number of households held.
    var count: Int { young.count + old.count }

    mutating func take(_ id: HouseholdID) -> CachedHousehold? {
        if let known = young.removeValue(forKey: id) { return known }
        return old.removeValue(forKey: id)
    }

    mutating func put(_ known: CachedHousehold) {
        if young.count >= capacity {
            old = young
            young.removeAll(keepingCapacity: true)
        }
        young[known.history.id] = known
    }
}

/// A household being worked on, with its state and what works on it. An object, because both are large and every answer
/// changes them: in a dictionary each look would copy them whole. Held by one core only.
final class ActiveHousehold {
    var known: CachedHousehold
    var flow: Flow
    /// Whether the stream was not looked at for this flow: what is known is from before, or nothing was taken to be there.
    var isFromMemory = false

    init(_ known: consuming CachedHousehold, _ flow: Flow) {
        self.known = known
        self.flow = flow
    }

    /// What care-archive answers while the log takes nothing, as with a full disk; it can still be read.
    private static let logTakesNothing = "CARE-3101"

    /// Whether the command may be in the log although this failed, which nobody has looked up. Not when care-archive has
    /// too much to do or is silent: one more question would make that worse.
    func mayStandDespite(_ failure: FlowFailure) -> Bool {
        isFromMemory && flow.request != nil && failure.code == Self.logTakesNothing
    }
}
