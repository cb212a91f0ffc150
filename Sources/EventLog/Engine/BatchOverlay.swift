/// Maps the streams touched by one batch to their places in its list. Small, so that it stays in the nearest cache.
struct BatchOverlay {
    private var slots: [Int32] = []
    private var mask = 0

    /// Empties the map and makes room for `count` streams.
    mutating func prepare(for count: Int) {
        var size = 64
        while size < count * 3 { size *= 2 }
        if size == slots.count {
            for index in slots.indices { slots[index] = -1 }
        } else {
            slots = [Int32](repeating: -1, count: size)
        }
        mask = size - 1
    }

    /// Where the key is, or belongs.
    func place(of key: StreamKey, in touched: [AppendBatch.Touched]) -> Int {
        // High bits, because the table of all heads uses the low ones: a batch sorted by one is not clustered here.
        var index = Int(truncatingIfNeeded: key.high) & mask
        while slots[index] >= 0 && touched[Int(slots[index])].key != key { index = (index + 1) & mask }
        return index
    }

    /// Place in the list; -1 when there is none.
    subscript(place: Int) -> Int {
        get { Int(slots[place]) }
        set { slots[place] = Int32(truncatingIfNeeded: newValue) }
    }
}
