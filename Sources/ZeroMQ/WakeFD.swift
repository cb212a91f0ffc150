import CZeroMQ

/// Wakes a thread that waits in a ``SocketWatch``; any thread may signal (an eventfd).
///
/// Signals add up until drained: a signal sent before the wait begins is not lost.
package final class WakeFD: Sendable {
    /// The descriptor, for a watch. Closed when this object goes.
    package let descriptor: Int32

    /// Opens the descriptor.
    /// - Throws: `ZMQError` when the process has no descriptors left; a retry may help later.
    package init() throws(ZMQError) {
        descriptor = care_eventfd_make()
        guard descriptor >= 0 else { throw .last("eventfd") }
    }

    /// Wakes the watch, now or when it next waits.
    package func signal() {
        let failed = care_eventfd_signal(descriptor) != 0
        precondition(!failed, "WakeFD.signal: the descriptor is not an open eventfd")
    }

    /// Takes back all signals; returns whether there were any.
    @discardableResult
    package func drain() -> Bool {
        care_eventfd_drain(descriptor) > 0
    }

    deinit {
        _ = care_close(descriptor)
    }
}
