import CZeroMQ

/// Everything about a socket that is set before it binds or connects, by name and with its unit.
///
/// What libzmq leaves unbounded (message size, linger) or long (handshake) must be named at the call site, so that
/// nobody inherits "unlimited" without having written it.
package struct SocketOptions: Sendable {
    /// Frames that may wait to be sent to one peer; 1 or more. Beyond it a send would block, or is dropped (`pub`).
    package var sendHighWaterMark: Int32
    /// Frames that may wait to be received from one peer; 1 or more. Beyond it the peer is slowed down.
    package var receiveHighWaterMark: Int32
    /// How long unsent messages are kept after closing.
    package var linger: Duration
    /// Largest frame in bytes that is received; a peer that announces more is dropped at once.
    package var maximumMessageBytes: Int64
    /// Time a peer has to finish the handshake; afterwards it is dropped. Not zero: zero would mean for ever.
    package var handshakeInterval: Duration
    /// Encryption and identity. No default: whoever opens a socket says how it is protected.
    package var security: SocketSecurity

    /// Time without a sign of the other machine until a connection is dropped, also one that takes nothing more; `nil` =
    /// when the system gives up, after hours. Whole seconds, 4 or more. The kernels of both sides see to it: ZMTP has pings
    /// of its own, but libzmq ends the process when one is due on a connection that broke while its queue was full.
    package var silenceLimit: Duration?
    /// First pause before connecting again.
    package var reconnectInterval: Duration = .milliseconds(100)
    /// The pause doubles up to this.
    package var reconnectMaximum: Duration = .seconds(2)
    /// Time a TCP connect may take; `nil` leaves it to the system.
    package var connectTimeout: Duration?
    /// Queue only for connections that exist; a send without one would block instead of piling up.
    package var immediate = false
    /// ROUTER: unknown or full peers are reported (``SendOutcome``) instead of silently skipped. Stays on.
    package var routerMandatory = true
    /// ROUTER or DEALER: send an empty message on connecting, so that the other side learns our routing id.
    package var probeRouter = false
    /// Own name towards ROUTER peers, 1 to 255 bytes not starting with zero; `nil` lets the peer choose one.
    package var routingID: [UInt8]?
    /// XPUB: subscriptions take effect only when confirmed with ``Socket/confirmSubscription(prefix:)``.
    package var xpubManual = false
    /// XPUB: report every subscription and unsubscription, also repeated ones.
    package var xpubVerbose = false
    /// PUB and XPUB: would block instead of dropping for a slow subscriber. One slow one then stops all.
    package var xpubNoDrop = false
    /// Also use IPv6.
    package var ipv6 = false
    /// Connections that may wait for acceptance.
    package var backlog: Int32 = 100
    /// Kernel send buffer in bytes; `nil` leaves it to the system.
    package var kernelSendBufferBytes: Int32?
    /// Kernel receive buffer in bytes; `nil` leaves it to the system.
    package var kernelReceiveBufferBytes: Int32?

    /// Options with every bound named.
    package init(
        sendHighWaterMark: Int32, receiveHighWaterMark: Int32, linger: Duration, maximumMessageBytes: Int64,
        handshakeInterval: Duration, security: SocketSecurity
    ) {
        self.sendHighWaterMark = sendHighWaterMark
        self.receiveHighWaterMark = receiveHighWaterMark
        self.linger = linger
        self.maximumMessageBytes = maximumMessageBytes
        self.handshakeInterval = handshakeInterval
        self.security = security
    }

    /// For sockets between threads of this process (`inproc`): small queues, no encryption, no network.
    package static func inProcess(highWaterMark: Int32 = 1_000) -> SocketOptions {
        SocketOptions(
            sendHighWaterMark: highWaterMark, receiveHighWaterMark: highWaterMark, linger: .zero,
            maximumMessageBytes: 64 << 20, handshakeInterval: .seconds(5), security: .clear)
    }

    /// Sets everything on a fresh socket.
    /// - Throws: `ZMQError` naming the option that libzmq refuses; retrying does not help.
    func apply(to socket: NativeSocket, kind: SocketKind) throws(ZMQError) {
        try checkBounds()
        try socket.set(ZMQ_SNDHWM, sendHighWaterMark, "sendHighWaterMark")
        try socket.set(ZMQ_RCVHWM, receiveHighWaterMark, "receiveHighWaterMark")
        try socket.set(ZMQ_LINGER, linger.wholeMilliseconds, "linger")
        try socket.set(ZMQ_MAXMSGSIZE, maximumMessageBytes, "maximumMessageBytes")
        try socket.set(ZMQ_HANDSHAKE_IVL, handshakeInterval.wholeMilliseconds, "handshakeInterval")
        try socket.set(ZMQ_RECONNECT_IVL, reconnectInterval.wholeMilliseconds, "reconnectInterval")
        try socket.set(ZMQ_RECONNECT_IVL_MAX, reconnectMaximum.wholeMilliseconds, "reconnectMaximum")
        try socket.set(ZMQ_IMMEDIATE, immediate ? 1 : 0 as Int32, "immediate")
        try socket.set(ZMQ_IPV6, ipv6 ? 1 : 0 as Int32, "ipv6")
        try socket.set(ZMQ_BACKLOG, backlog, "backlog")
        if let silenceLimit { try watch(socket, upTo: silenceLimit) }
        if let connectTimeout {
            try socket.set(ZMQ_CONNECT_TIMEOUT, connectTimeout.wholeMilliseconds, "connectTimeout")
        }
        if let kernelSendBufferBytes { try socket.set(ZMQ_SNDBUF, kernelSendBufferBytes, "kernelSendBufferBytes") }
        if let kernelReceiveBufferBytes {
            try socket.set(ZMQ_RCVBUF, kernelReceiveBufferBytes, "kernelReceiveBufferBytes")
        }
        try applyKind(to: socket, kind: kind)
        try security.apply(to: socket)
    }

    /// A question after a quarter of the time without a word, three without an answer; what was sent and is not
    /// acknowledged, or finds no room, for the whole of it.
    private func watch(_ socket: NativeSocket, upTo limit: Duration) throws(ZMQError) {
        let quarter = max(1, Int32(clamping: limit.components.seconds / 4))
        try socket.set(ZMQ_TCP_KEEPALIVE, 1 as Int32, "silenceLimit")
        try socket.set(ZMQ_TCP_KEEPALIVE_IDLE, quarter, "silenceLimit")
        try socket.set(ZMQ_TCP_KEEPALIVE_INTVL, quarter, "silenceLimit")
        try socket.set(ZMQ_TCP_KEEPALIVE_CNT, 3 as Int32, "silenceLimit")
        try socket.set(ZMQ_TCP_MAXRT, limit.wholeMilliseconds, "silenceLimit")
    }

    private func applyKind(to socket: NativeSocket, kind: SocketKind) throws(ZMQError) {
        switch kind {
        case .router:
            try socket.set(ZMQ_ROUTER_MANDATORY, routerMandatory ? 1 : 0 as Int32, "routerMandatory")
            if probeRouter { try socket.set(ZMQ_PROBE_ROUTER, 1 as Int32, "probeRouter") }
        case .dealer, .req:
            if probeRouter { try socket.set(ZMQ_PROBE_ROUTER, 1 as Int32, "probeRouter") }
        case .xpub:
            if xpubVerbose { try socket.set(ZMQ_XPUB_VERBOSER, 1 as Int32, "xpubVerbose") }
            if xpubManual { try socket.set(ZMQ_XPUB_MANUAL, 1 as Int32, "xpubManual") }
            if xpubNoDrop { try socket.set(ZMQ_XPUB_NODROP, 1 as Int32, "xpubNoDrop") }
        case .pub:
            if xpubNoDrop { try socket.set(ZMQ_XPUB_NODROP, 1 as Int32, "xpubNoDrop") }
        case .pair, .sub, .rep, .pull, .push, .xsub:
            break
        }
        if let routingID { try socket.set(ZMQ_ROUTING_ID, bytes: routingID, "routingID") }
    }

    /// libzmq reads 0 or a negative number as "no limit"; nothing here may be without one.
    private func checkBounds() throws(ZMQError) {
        guard sendHighWaterMark > 0 else { throw .invalid("sendHighWaterMark") }
        guard receiveHighWaterMark > 0 else { throw .invalid("receiveHighWaterMark") }
        guard maximumMessageBytes > 0 else { throw .invalid("maximumMessageBytes") }
        guard handshakeInterval.wholeMilliseconds > 0 else { throw .invalid("handshakeInterval") }
        guard linger.wholeMilliseconds >= 0 else { throw .invalid("linger") }
        if let silenceLimit, silenceLimit < .seconds(4) { throw .invalid("silenceLimit") }
    }
}

extension Duration {
    /// Whole milliseconds, rounded up so that a short positive time never becomes zero; clamped to `Int32`.
    var wholeMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return Int32(clamping: product &+ fraction)
    }
}
