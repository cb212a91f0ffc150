import CZeroMQ

/// How a non-blocking send ended.
package enum SendOutcome: Sendable, Equatable {
    /// libzmq took the frame; whether it arrives is for the protocol above to find out.
    case sent
    /// The peer's queue is at its high-water mark, or there is no peer. Keep the frame and try when writable.
    case wouldBlock
    /// ROUTER: nobody with this routing id is connected.
    case hostUnreachable
}

/// A libzmq socket. Created, used and closed on one thread; debug builds stop when another thread touches it.
///
/// Sends and receives never wait; wait in a ``SocketWatch``. A socket that goes out of scope is closed.
package struct Socket: ~Copyable {
    /// What the socket does with messages and peers.
    package let kind: SocketKind
    private let socket: NativeSocket
    private let context: ZMQContext
    private let ownership = ThreadOwnership()
    private let isCurveServer: Bool

    /// Opens a socket and sets every option before anything can connect.
    /// - Throws: `ZMQError`, naming the option that was refused (no retry), or when sockets ran out (a retry may help).
    package init(_ context: ZMQContext, _ kind: SocketKind, _ options: SocketOptions) throws(ZMQError) {
        let made = try context.makeSocket(kind)
        do throws(ZMQError) {
            try options.apply(to: made, kind: kind)
        } catch {
            _ = made.close()
            context.socketClosed()
            throw error
        }
        self.kind = kind
        self.socket = made
        self.context = context
        self.isCurveServer = options.security.isServer
    }

    /// Closes the socket now. Messages not yet sent are kept for the linger time.
    package consuming func close() {}

    deinit {
        ownership.check("Socket.close", state: "\(kind), open")
        let closed = socket.close()
        assert(closed, "Socket.close: libzmq does not know this socket (\(kind))")
        context.socketClosed()
    }

    /// The pointer, for other parts of this module, after the thread check.
    func native(_ method: StaticString) -> NativeSocket {
        ownership.check(method, state: "\(kind), open")
        return socket
    }

    /// What is wrong with calling `method` from the present thread, in words; `nil` when nothing is.
    package func threadViolation(_ method: StaticString) -> String? {
        ownership.violation(method: method, state: "\(kind), open")
    }

    // MARK: Addresses

    /// Listens. Port 0 or `*` takes a free port.
    /// - Returns: the address in full, with the port that was taken.
    /// - Throws: `ZMQError`; retrying helps when `isAddressInUse`. A CURVE server refuses (`EACCES`) while the context
    ///   has no ``ZAPHandler``, because libzmq would then let every key in.
    @discardableResult
    package func bind(_ endpoint: String) throws(ZMQError) -> String {
        let socket = native("Socket.bind")
        guard !isCurveServer || context.hasAuthenticator else {
            throw ZMQError(code: EACCES, operation: "Socket.bind: no ZAP handler in this context")
        }
        try socket.bind(endpoint)
        return try socket.lastEndpoint()
    }

    /// Stops listening and cuts every connection that came in there. Takes effect shortly after, while this thread goes
    /// on using the socket: libzmq needs it to let go of each connection.
    /// - Throws: `ZMQError` when it does not listen there.
    package func unbind(_ endpoint: String) throws(ZMQError) {
        try native("Socket.unbind").unbind(endpoint)
    }

    /// Connects in the background, now and again whenever the connection breaks.
    /// - Throws: `ZMQError` for an address that cannot be read; retrying does not help.
    package func connect(_ endpoint: String) throws(ZMQError) {
        try native("Socket.connect").connect(endpoint)
    }

    /// Drops the connection and what is queued for it.
    /// - Throws: `ZMQError` when it was not connected there.
    package func disconnect(_ endpoint: String) throws(ZMQError) {
        try native("Socket.disconnect").disconnect(endpoint)
    }

    // MARK: Sending

    /// Sends one frame, copying it. Does not wait.
    /// - Parameter more: whether further frames of the same message follow.
    /// - Throws: `ZMQError` for misuse or an ended context; retrying does not help.
    package func send(_ bytes: [UInt8], more: Bool = false) throws(ZMQError) -> SendOutcome {
        let socket = native("Socket.send")
        return try bytes.withUnsafeBufferPointer { (buffer) throws(ZMQError) in
            try socket.send(copying: UnsafeRawBufferPointer(buffer), more: more)
        }
    }

    /// Sends raw memory as one frame, copying it. Does not wait.
    package func send(copying bytes: UnsafeRawBufferPointer, more: Bool = false) throws(ZMQError) -> SendOutcome {
        try native("Socket.send").send(copying: bytes, more: more)
    }

    /// Sends a frame without copying it. On `.sent` the message is empty afterwards and may be reused for receiving.
    package func send(_ message: borrowing Message, more: Bool = false) throws(ZMQError) -> SendOutcome {
        try message.send(to: native("Socket.send"), more: more)
    }

    /// Sends all frames as one message, or none of them. Does not wait.
    /// - Precondition: at least one frame.
    package func send(frames: [[UInt8]]) throws(ZMQError) -> SendOutcome {
        precondition(!frames.isEmpty, "Socket.send(frames:): a message has at least one frame (\(kind))")
        for (index, frame) in frames.enumerated() {
            let outcome = try send(frame, more: index < frames.count - 1)
            // Only the first frame can be refused: libzmq has room for whole messages.
            if outcome != .sent { return outcome }
        }
        return .sent
    }

    // MARK: Receiving

    /// Receives one frame into `message`, replacing what it held. Does not wait.
    /// - Returns: whether a frame was there.
    /// - Throws: `ZMQError` when the context ended or the socket cannot receive now; retrying does not help.
    package func receive(into message: borrowing Message) throws(ZMQError) -> Bool {
        try message.receive(from: native("Socket.receive"))
    }

    /// Receives a whole message, copied; `nil` when none is there. For small or rare messages.
    package func receiveFrames() throws(ZMQError) -> [[UInt8]]? {
        let message = Message()
        guard try receive(into: message) else { return nil }
        var frames = [message.bytes]
        while message.hasMore {
            guard try receive(into: message) else { break }
            frames.append(message.bytes)
        }
        return frames
    }

    /// Takes the rest of a message whose first frames were enough, so that the next receive starts a new message.
    package func skipRest(of message: borrowing Message) throws(ZMQError) {
        while message.hasMore {
            guard try receive(into: message) else { return }
        }
    }

    // MARK: Subscriptions

    /// SUB: also receive messages that begin with `prefix`; an empty prefix is everything.
    package func subscribe(_ prefix: [UInt8] = []) throws(ZMQError) {
        try native("Socket.subscribe").set(ZMQ_SUBSCRIBE, bytes: prefix, "subscribe")
    }

    /// SUB: take one subscription back.
    package func unsubscribe(_ prefix: [UInt8] = []) throws(ZMQError) {
        try native("Socket.unsubscribe").set(ZMQ_UNSUBSCRIBE, bytes: prefix, "unsubscribe")
    }

    /// XPUB with `xpubManual`: lets the peer whose subscription was received last have messages that begin with
    /// `prefix`. Without this call it gets nothing.
    package func confirmSubscription(prefix: [UInt8]) throws(ZMQError) {
        try native("Socket.confirmSubscription").set(ZMQ_SUBSCRIBE, bytes: prefix, "confirmSubscription")
    }

    /// XPUB with `xpubManual`: confirms that the peer whose message was received last gave a subscription back.
    package func confirmUnsubscription(prefix: [UInt8]) throws(ZMQError) {
        try native("Socket.confirmUnsubscription").set(ZMQ_UNSUBSCRIBE, bytes: prefix, "confirmUnsubscription")
    }

    // MARK: State

    /// Whether a message waits in the socket.
    package func hasMessages() throws(ZMQError) -> Bool {
        try native("Socket.hasMessages").integer(ZMQ_EVENTS, "events") & ZMQ_POLLIN != 0
    }

    /// Starts reporting connection events; read them with a ``SocketMonitor``, and end it with `stopMonitor` while both are
    /// there. One monitor per socket.
    /// - Throws: `ZMQError` when the address for it could not be taken; retrying does not help.
    package func monitor(_ kinds: SocketEvent.Kinds = .all) throws(ZMQError) -> SocketMonitor {
        let socket = native("Socket.monitor")
        let address = "inproc://\(context.uniqueName("monitor"))"
        try socket.monitor(address, events: kinds.rawValue)
        return try SocketMonitor(context: context, address: address)
    }

    /// Stops reporting; to be called before the ``SocketMonitor`` or this socket goes. libzmq's own thread *waits* until an
    /// event has found room, and with nobody at the other end it waits for ever: then no socket of the context moves any
    /// more. Does nothing when there is no monitor.
    package func stopMonitor() { try? native("Socket.stopMonitor").monitor(nil, events: 0) }
}
