/// The libzmq context: I/O threads and all sockets of this process.
///
/// One per process; services make it first and end it last. Any thread may use it, which libzmq promises for contexts
/// (not for sockets). Ending order: close every socket on its thread, stop the threads, then ``terminate()``.
package final class ZMQContext: Sendable {
    private let native: NativeContext
    private let state: Locked<State>

    private struct State {
        var openSockets = 0
        var hasAuthenticator = false
        var ended = false
        var nextName = 0
    }

    /// Starts a context.
    /// - Parameters:
    ///   - ioThreads: threads that move bytes and encrypt; one serves about 1 M small CURVE messages a second.
    ///   - maximumSockets: libzmq refuses to create more.
    /// - Throws: `ZMQError` when the process has no descriptors or memory left; a retry may help later.
    package init(ioThreads: Int = 1, maximumSockets: Int = 1023) throws(ZMQError) {
        native = try NativeContext(ioThreads: Int32(ioThreads), maximumSockets: Int32(maximumSockets))
        state = Locked(State())
    }

    /// Makes every waiting or later call on this context's sockets fail with "context terminated". Does not wait.
    package func shutdown() {
        native.shutdown()
    }

    /// Ends the context. Waits until all its sockets are closed and their linger time is over, so never call it from a
    /// socket's own thread while the socket is open, nor from one of Swift's cooperative threads. A second call does
    /// nothing.
    /// - Precondition: every socket has been closed; otherwise this would wait for ever.
    package func terminate() throws(ZMQError) {
        let first = state.withLock { state -> Bool in
            precondition(state.openSockets == 0, "ZMQContext.terminate: \(state.openSockets) sockets are still open")
            defer { state.ended = true }
            return !state.ended
        }
        if first { try native.terminate() }
    }

    /// How many sockets are open now.
    package var openSocketCount: Int { state.withLock { $0.openSockets } }

    /// Whether a ``ZAPHandler`` is bound. CURVE servers refuse to bind without one: libzmq would let any key in.
    package var hasAuthenticator: Bool { state.withLock { $0.hasAuthenticator } }

    func makeSocket(_ kind: SocketKind) throws(ZMQError) -> NativeSocket {
        let socket = try native.makeSocket(kind)
        state.withLock { $0.openSockets += 1 }
        return socket
    }

    func socketClosed() {
        state.withLock { $0.openSockets -= 1 }
    }

    func setAuthenticator(_ present: Bool) {
        state.withLock { $0.hasAuthenticator = present }
    }

    /// A name for an in-process endpoint that no other call of this context gets.
    func uniqueName(_ prefix: String) -> String {
        let number = state.withLock { state -> Int in
            state.nextName += 1
            return state.nextName
        }
        return "\(prefix)-\(number)"
    }

    deinit {
        // A context that was not ended keeps its threads; ending it here could wait for ever on an open socket.
        let (ended, open) = state.withLock { ($0.ended, $0.openSockets) }
        if !ended && open == 0 { try? native.terminate() }
    }
}
