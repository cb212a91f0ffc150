import CZeroMQ

/// Something that happened to a connection of a monitored socket.
package struct SocketEvent: Sendable, Equatable {
    /// What happened.
    package let what: What
    /// Address of the connection or listener. For internal use; peers' addresses are not printed.
    package let address: String

    /// The events libzmq knows, decoded.
    package enum What: Sendable, Equatable {
        /// A connection to a server stands (not yet the handshake).
        case connected
        /// A connection could not be made at once and is tried in the background.
        case connectDelayed
        /// The next try comes after this many milliseconds.
        case connectRetried(afterMilliseconds: UInt32)
        /// Listening.
        case listening
        /// Could not listen; error number.
        case bindFailed(code: Int32)
        /// A server took a connection (not yet the handshake).
        case accepted
        /// A server could not take a connection; error number.
        case acceptFailed(code: Int32)
        /// A connection or listener was closed by us.
        case closed
        /// Closing failed; error number.
        case closeFailed(code: Int32)
        /// A connection was lost.
        case disconnected
        /// The last event of this monitor.
        case monitorStopped
        /// Handshake done: keys fit and the key list agreed.
        case handshakeSucceeded
        /// The key list refused; ZAP status 300 (temporary), 400 (refused) or 500 (the list failed).
        case handshakeFailedAuthentication(zapStatus: UInt32)
        /// The other side broke the protocol, for instance another mechanism or a wrong server key.
        case handshakeFailedProtocol(code: UInt32)
        /// Handshake broken off or too slow; error number.
        case handshakeFailedNoDetail(code: Int32)
        /// An event of a later libzmq.
        case unknown(UInt16)
    }

    /// Which events a monitor reports.
    package struct Kinds: OptionSet, Sendable {
        /// The bits as libzmq counts them.
        package let rawValue: Int32
        package init(rawValue: Int32) { self.rawValue = rawValue }
        /// Every event.
        package static let all = Kinds(rawValue: 0xFFFF)
        /// Handshakes, won or failed.
        package static let handshakes = Kinds(rawValue: 0x0800 | 0x1000 | 0x2000 | 0x4000)
        /// Connections lost or closed.
        package static let endings = Kinds(rawValue: 0x0080 | 0x0200)
        /// Connections made or taken.
        package static let beginnings = Kinds(rawValue: 0x0001 | 0x0020)
    }

    /// Decodes libzmq's first frame: event number (16 bits) and value (32 bits), host byte order. `nil` when too short.
    init?(frame: [UInt8], address: [UInt8]) {
        guard frame.count >= 6 else { return nil }
        let (event, value) = frame.withUnsafeBytes {
            ($0.loadUnaligned(as: UInt16.self), $0.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
        }
        self.address = String(decoding: address, as: UTF8.self)
        self.what = Self.decode(event: event, value: value)
    }

    private static func decode(event: UInt16, value: UInt32) -> What {
        let code = Int32(bitPattern: value)
        switch Int32(event) {
        case ZMQ_EVENT_CONNECTED: return .connected
        case ZMQ_EVENT_CONNECT_DELAYED: return .connectDelayed
        case ZMQ_EVENT_CONNECT_RETRIED: return .connectRetried(afterMilliseconds: value)
        case ZMQ_EVENT_LISTENING: return .listening
        case ZMQ_EVENT_BIND_FAILED: return .bindFailed(code: code)
        case ZMQ_EVENT_ACCEPTED: return .accepted
        case ZMQ_EVENT_ACCEPT_FAILED: return .acceptFailed(code: code)
        case ZMQ_EVENT_CLOSED: return .closed
        case ZMQ_EVENT_CLOSE_FAILED: return .closeFailed(code: code)
        case ZMQ_EVENT_DISCONNECTED: return .disconnected
        case ZMQ_EVENT_MONITOR_STOPPED: return .monitorStopped
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return .handshakeSucceeded
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return .handshakeFailedAuthentication(zapStatus: value)
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: return .handshakeFailedProtocol(code: value)
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: return .handshakeFailedNoDetail(code: code)
        default: return .unknown(event)
        }
    }
}

/// The reading end of a socket's events. Lives on the thread that made it, which need not be the socket's.
package struct SocketMonitor: ~Copyable {
    /// The socket events arrive on, for a ``SocketWatch``.
    package let socket: Socket

    init(context: ZMQContext, address: String) throws(ZMQError) {
        let opened = try Socket(context, .pair, .inProcess())
        try opened.connect(address)
        socket = opened
    }

    /// The next event, or `nil` when none is there. Does not wait.
    package func next() throws(ZMQError) -> SocketEvent? {
        guard let frames = try socket.receiveFrames() else { return nil }
        return SocketEvent(frame: frames[0], address: frames.count > 1 ? frames[1] : [])
    }
}
