/// What is to happen, in order of time; what is due at the same time happens in the order in which it was put in.
struct Agenda {
    private struct Entry {
        let time: Int64
        let order: UInt64
        let what: () -> Void

        func isBefore(_ other: Entry) -> Bool { (time, order) < (other.time, other.order) }
    }

    private var heap: [Entry] = []
    private var count: UInt64 = 0

    /// When the next thing is due, in simulated microseconds.
    var next: Int64? { heap.first?.time }

    mutating func add(at time: Int64, _ what: @escaping () -> Void) {
        count += 1
        heap.append(Entry(time: time, order: count, what: what))
        var place = heap.count - 1
        while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes out what is due next.
    mutating func take() -> (() -> Void)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first.what }
        heap[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            guard least != place else { break }
            heap.swapAt(place, least)
            place = least
        }
        return first.what
    }
}
