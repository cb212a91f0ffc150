import Foundation

/// A lock with a condition to wait at, also for a while: the while is measured by a clock that only goes forward, so
/// that nobody waits longer or shorter when the machine's time is put right.
///
/// `NSCondition` waits until a time of the wall clock. When that goes back by an hour, it sleeps an hour more.
///
/// `@unchecked Sendable`: both parts are made for several threads and stay where they are until the end.
package final class MonotonicCondition: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        let isMade =
            pthread_mutex_init(mutex, nil) == 0 && pthread_condattr_init(&attributes) == 0
            && pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0
            && pthread_cond_init(condition, &attributes) == 0
        precondition(isMade, "MonotonicCondition.init: the kernel gives no condition on the monotonic clock")
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` alone. Not to be entered twice by the same thread.
    package func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Wakes one who waits.
    package func signal() { pthread_cond_signal(condition) }

    /// Wakes all who wait.
    package func broadcast() { pthread_cond_broadcast(condition) }

    /// Waits for a signal, inside `withLock`. May also wake without one: the caller looks at what it waits for.
    package func wait() { pthread_cond_wait(condition, mutex) }

    /// Waits for a signal, inside `withLock`, but not beyond `limit`.
    /// - Returns: false when the time was over; true otherwise, also without a signal.
    package func wait(until limit: ContinuousClock.Instant) -> Bool {
        let left = limit - .now
        guard left > .zero else { return false }
        // Beyond all days nothing is added up any more.
        let (seconds, attoseconds) = min(left, .seconds(1 << 40)).components
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let nanoseconds = Int(end.tv_nsec) + Int(attoseconds / 1_000_000_000)
        end.tv_nsec = nanoseconds % 1_000_000_000
        end.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
        return pthread_cond_timedwait(condition, mutex, &end) == 0
    }
}
