import ArchiveClient
import CareDomain

/// Which households are still to be judged, and up to which mark all of them are.
///
/// A mark stands for a place of the feed: when everything that became due before it is judged, a restart may go on from
/// there. A household that becomes due again while it is being judged keeps its older mark until it is judged whole.
struct JudgingLedger {
    private var queue = UniqueQueue<HouseholdID>()
    /// Households to be judged or being judged, with the mark that was current when they became due.
    private var due: [HouseholdID: UInt64] = [:]
    private var dueByMark: [UInt64: Int] = [:]
    private var current: UInt64 = 0

    /// Households to be judged or being judged.
    var count: Int { due.count }
    /// Households that nobody has taken yet.
    var waiting: Int { queue.count }
    var isEmpty: Bool { due.isEmpty }

    /// Puts a household in line; one that is in line already keeps its place.
    mutating func add(_ id: HouseholdID) {
        if due[id] == nil {
            due[id] = current
            dueByMark[current, default: 0] += 1
        }
        queue.append(id)
    }

    /// Puts a household in line because of another one that is due: a mark is not reached before both are judged.
    mutating func add(_ id: HouseholdID, becauseOf cause: HouseholdID) {
        add(id)
        guard let mark = due[cause], let own = due[id], mark < own else { return }
        due[id] = mark
        dueByMark[mark, default: 0] += 1
        dueByMark[own, default: 1] -= 1
        if dueByMark[own] == 0 { dueByMark[own] = nil }
    }

    /// Takes the next household; it stays due until it is settled.
    mutating func take() -> HouseholdID? { queue.popFirst() }

    /// The household is judged, unless it was put in line again meanwhile.
    mutating func settle(_ id: HouseholdID) {
        guard let mark = due.removeValue(forKey: id) else { return }
        dueByMark[mark, default: 1] -= 1
        if dueByMark[mark] == 0 { dueByMark[mark] = nil }
    }

    /// Sets a mark: what becomes due from now on comes after it.
    mutating func setMark() -> UInt64 {
        current += 1
        return current - 1
    }

    /// Whether everything that became due up to the mark is judged.
    func isSettled(through mark: UInt64) -> Bool { dueByMark.keys.allSatisfy { $0 > mark } }
}
