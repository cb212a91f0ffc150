/// Trouble that comes again with every try, such as a full disk: it is told when it begins and then once a minute, so that
/// the log is not filled with the same line, which would take the room that is missing. Pure.
package struct RecurringTrouble: Sendable {
    private let pause: Duration
    private var toldAt: MonotonicTime?
    private var isTold = false
    private var count = 0

    /// - Parameter pause: The least time between two lines about it.
    package init(pause: Duration = .seconds(60)) { self.pause = pause }

    /// It came once more.
    /// - Returns: how often it came since it was told last, when it is to be told now.
    package mutating func came(now: MonotonicTime) -> Int? {
        count += 1
        if let toldAt, now - toldAt < pause { return nil }
        defer { count = 0 }
        toldAt = now
        isTold = true
        return count
    }

    /// A try went well.
    /// - Returns: whether that is to be told, because the trouble was.
    package mutating func ended() -> Bool {
        defer { isTold = false }
        return isTold
    }
}
