import Glibc

/// A plain mutex around short critical sections. `Synchronization.Mutex` is reported wrongly by the thread sanitizer on
/// Linux, and `NSLock` would pull Foundation into the hot path.
package final class LogLock: @unchecked Sendable {
    // Safe to share: the only state is the pthread mutex, which is made for that; it never moves.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    package init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        let result = pthread_mutex_init(mutex, nil)
        precondition(result == 0, "LogLock.init: pthread_mutex_init answered \(result)")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    @inline(__always)
    package func withLock<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }
}
