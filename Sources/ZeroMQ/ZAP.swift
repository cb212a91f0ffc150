/// A question of libzmq to the authentication handler (ZeroMQ RFC 27): may this peer connect?
package struct ZAPRequest: Sendable, Equatable {
    /// Number that the answer repeats.
    package let requestID: [UInt8]
    /// The server's security domain.
    package let domain: String
    /// Where the peer comes from.
    package let address: String
    /// "CURVE" for the only mechanism we accept.
    package let mechanism: String
    /// For CURVE one frame with the peer's public key, 32 raw bytes.
    package let credentials: [[UInt8]]

    /// Reads the frames of a request; `nil` when they are not one (RFC 27 version 1.0).
    package init?(frames: [[UInt8]]) {
        guard frames.count >= 6, frames[0] == Array("1.0".utf8) else { return nil }
        requestID = frames[1]
        domain = String(decoding: frames[2], as: UTF8.self)
        address = String(decoding: frames[3], as: UTF8.self)
        mechanism = String(decoding: frames[5], as: UTF8.self)
        credentials = Array(frames.dropFirst(6))
    }
}

/// The handler's answer.
package enum ZAPDecision: Sendable, Equatable {
    /// The peer may connect; its key becomes the "User-Id" of each of its messages.
    case accept(CurvePublicKey)
    /// The peer may not connect.
    case refuse(Reason)

    /// Why a peer was refused, for counting. The peer itself learns only "400".
    package enum Reason: String, Sendable, CaseIterable {
        /// The key is not on the list.
        case unknownKey
        /// The server's domain has no list.
        case wrongDomain
        /// Not CURVE.
        case wrongMechanism
        /// Not one key of 32 bytes.
        case malformedCredentials
    }
}

/// Which keys may connect, per domain. A value: the decision depends on nothing else.
package struct ZAPAllowList: Sendable, Equatable {
    private var keysByDomain: [String: Set<CurvePublicKey>]

    /// A list of keys for each domain; a domain that is not named lets nobody in.
    package init(_ keysByDomain: [String: Set<CurvePublicKey>] = [:]) {
        self.keysByDomain = keysByDomain
    }

    /// Decides one request.
    package func decide(_ request: ZAPRequest) -> ZAPDecision {
        guard request.mechanism == "CURVE" else { return .refuse(.wrongMechanism) }
        guard request.credentials.count == 1, let key = CurvePublicKey(raw: request.credentials[0]) else {
            return .refuse(.malformedCredentials)
        }
        guard let keys = keysByDomain[request.domain] else { return .refuse(.wrongDomain) }
        return keys.contains(key) ? .accept(key) : .refuse(.unknownKey)
    }
}

/// Answers libzmq's authentication requests for one context. Lives on one thread, in that thread's watch.
///
/// While it is not served, new connections wait in their handshake; standing connections are not touched. Changing the
/// list does not end a standing connection either: whoever changes it must also cut those (see MessageBus).
package struct ZAPHandler: ~Copyable {
    /// The socket requests arrive on, for a ``SocketWatch``.
    package let socket: Socket
    /// The list in force.
    package var allowList: ZAPAllowList
    /// How many peers were let in.
    package private(set) var accepted = 0
    /// How many peers were refused, by reason.
    package private(set) var refused: [ZAPDecision.Reason: Int] = [:]
    /// Requests that could not be read.
    package private(set) var malformed = 0
    private let context: ZMQContext

    /// Takes the context's one authentication address. From now on CURVE servers of the context may bind.
    /// - Throws: `ZMQError` (`isAddressInUse`) when the context has a handler already.
    package init(_ context: ZMQContext, allowList: ZAPAllowList) throws(ZMQError) {
        let opened = try Socket(context, .rep, .inProcess())
        try opened.bind("inproc://zeromq.zap.01")
        socket = opened
        self.allowList = allowList
        self.context = context
        context.setAuthenticator(true)
    }

    /// Answers everything that waits, at most `limit` requests.
    /// - Returns: whether more may wait.
    /// - Throws: `ZMQError` when the context ended.
    @discardableResult
    package mutating func serve(limit: Int = 64) throws(ZMQError) -> Bool {
        for _ in 0..<limit {
            guard let frames = try socket.receiveFrames() else { return false }
            _ = try socket.send(frames: answer(to: frames))
        }
        return true
    }

    private mutating func answer(to frames: [[UInt8]]) -> [[UInt8]] {
        guard let request = ZAPRequest(frames: frames) else {
            malformed += 1
            return Self.reply(requestID: frames.count > 1 ? frames[1] : [], status: "500", userID: [])
        }
        switch allowList.decide(request) {
        case .accept(let key):
            accepted += 1
            return Self.reply(requestID: request.requestID, status: "200", userID: key.z85)
        case .refuse(let reason):
            refused[reason, default: 0] += 1
            return Self.reply(requestID: request.requestID, status: "400", userID: [])
        }
    }

    private static func reply(requestID: [UInt8], status: String, userID: [UInt8]) -> [[UInt8]] {
        [Array("1.0".utf8), requestID, Array(status.utf8), [], userID, []]
    }

    deinit {
        context.setAuthenticator(false)
    }
}
