import Foundation

/// Hands one value from a reactor's thread to whoever waits for it.
///
/// `@unchecked Sendable`: only touched while the lock is held; the value belongs to the one who takes it.
final class Handover<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value?
    private var waiter: CheckedContinuation<Void, Never>?

    func put(_ value: Value) {
        let waiting = lock.withLock {
            self.value = value
            defer { waiter = nil }
            return waiter
        }
        waiting?.resume()
    }

    /// The value as put last; nil before.
    var present: Value? { lock.withLock { value } }
}

extension Handover where Value: Sendable {
    /// Waits for the value.
    func wait() async -> Value {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isThere = lock.withLock {
                if value == nil { waiter = continuation }
                return value != nil
            }
            if isThere { continuation.resume() }
        }
        guard let value = present else { preconditionFailure("Handover.wait: resumed without a value") }
        return value
    }
}
