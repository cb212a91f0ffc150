import ArchiveClient
import CareDomain

/// Households that intake has at hand. Two generations: what was not used during one whole generation is dropped, so
/// that memory stays within twice the capacity without a list to keep in order.
struct HouseholdCache {
    private var young: [HouseholdID: CachedHousehold] = [:]
    private var old: [HouseholdID: CachedHousehold] = [:]
    private let capacity: Int
    /// When the newest event of all that were ever held was recorded; nil = none was held yet.
    private(set) var newest: Moment?

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Number of households held.
    var count: Int { young.count + old.count }

    mutating func take(_ id: HouseholdID) -> CachedHousehold? {
        if let known = young.removeValue(forKey: id) { return known }
        return old.removeValue(forKey: id)
    }

    mutating func put(_ known: CachedHousehold) {
        if let last = known.history.events.last?.recordedAt { newest = max(newest ?? last, last) }
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

    /// When the newest event that was known of any household was recorded when this began; nil = none was.
    private let begun: Moment?

    init(_ known: consuming CachedHousehold, _ flow: Flow, since begun: Moment?) {
        self.known = known
        self.flow = flow
        self.begun = begun
    }

    /// An answer with what is known of repeats: an append that had to be sent again, and was recorded after this began, is
    /// this flow's own work. The log's stamps are compared, which only grow.
    func told(_ answer: AppendAnswer<ReadHouseholdEvent>) -> AppendAnswer<ReadHouseholdEvent> {
        guard case .repeated(var place) = answer else { return answer }
        place.mayBeOwn = place.mayBeOwn && begun.map { $0 < place.recordedAt } ?? false
        return .repeated(place)
    }

    /// What care-archive answers while the log takes nothing, as with a full disk; it can still be read.
    private static let logTakesNothing = "CARE-3101"

    /// Whether the command may be in the log although this failed, which nobody has looked up. Not when care-archive has
    /// too much to do or is silent: one more question would make that worse.
    func mayStandDespite(_ failure: FlowFailure) -> Bool {
        isFromMemory && flow.request != nil && failure.code == Self.logTakesNothing
    }
}
