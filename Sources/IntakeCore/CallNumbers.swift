/// Gives every call a number of its own.
struct CallNumbers {
    private var last: UInt64 = 0

    mutating func next() -> CallID {
        last += 1
        return CallID(last)
    }
}
