import Foundation

/// A value behind a lock, for the few things that several threads share.
///
/// `NSLock` rather than `Synchronization.Mutex`, which the thread sanitizer reports wrongly on Linux today.
/// `@unchecked Sendable`: `value` is touched only while `lock` is held.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: sending Value) {
        self.value = value
    }

    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
