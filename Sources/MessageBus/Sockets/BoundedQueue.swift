import Foundation
import ZeroMQ

/// Carries values from any thread to one reactor, and wakes it. Holds at most `capacity`; more are refused.
///
/// `@unchecked Sendable`: `values` and `isClosed` are touched only while `lock` is held. `NSLock` because the thread
/// sanitizer reports `Synchronization.Mutex` wrongly on Linux today.
final class BoundedQueue<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private let capacity: Int
    private let wake: WakeFD
    private var values: [Value] = []
    private var isClosed = false

    init(capacity: Int, wake: WakeFD) {
        self.capacity = capacity
        self.wake = wake
    }

    /// Whether the value was taken; false when the queue is full or closed.
    func post(_ value: Value) -> Bool {
        lock.lock()
        guard !isClosed, values.count < capacity else {
            lock.unlock()
            return false
        }
        values.append(value)
        let isFirst = values.count == 1
        lock.unlock()
        // The reader drains everything at once: only the first value needs a signal.
        if isFirst { wake.signal() }
        return true
    }

    /// Takes everything; `spare` is an empty array whose memory is used for what comes next.
    func drain(into spare: inout [Value]) {
        lock.lock()
        swap(&values, &spare)
        lock.unlock()
    }

    /// Refuses everything from now on; what is in it can still be drained.
    func close() {
        lock.lock()
        isClosed = true
        lock.unlock()
    }
}
