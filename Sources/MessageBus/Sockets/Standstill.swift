/// Knows when a service did not come to read for a while: it was stopped, its machine was, or it waited for a disk.
///
/// What it reads then may have been waiting all the time, and the time that a client gives began when it was sent. So
/// frames count as come when the service last looked, until everything that waited has been read. Pure.
struct Standstill {
    /// Longest time between two looks of a service that runs; it looks at least once a second.
    static let longest = Duration.seconds(2)
    /// How long after a standstill frames may still be on their way through libzmq's own threads.
    static let catchingUp = Duration.seconds(1)

    private var lastLook: MonotonicTime?
    private var present: (since: MonotonicTime, until: MonotonicTime)?

    /// The service looks.
    mutating func look(at now: MonotonicTime) {
        defer { lastLook = now }
        guard let lastLook, now - lastLook > Self.longest else { return }
        present = (min(lastLook, present?.since ?? lastLook), now + Self.catchingUp)
    }

    /// Nothing waits any more.
    mutating func foundNothing(at now: MonotonicTime) {
        if let present, now >= present.until { self.present = nil }
    }

    /// When a frame that is read now has come, at the earliest.
    func arrival(at now: MonotonicTime) -> MonotonicTime { present?.since ?? now }
}
