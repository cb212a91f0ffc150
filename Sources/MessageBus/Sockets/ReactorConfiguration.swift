import ZeroMQ

/// Where a service listens and whom it talks to. Addresses are ZeroMQ's: `tcp://127.0.0.1:5701`, port `*` = a free one.
package struct ReactorConfiguration: Sendable {
    /// Another service: one of several endpoints of the same service, tried in turn.
    package struct Link: Sendable {
        /// Name for logs.
        package var name: String
        /// Address and key of each endpoint, at least one.
        package var endpoints: [Endpoint]

        /// A link with its endpoints.
        package init(name: String, endpoints: [Endpoint]) {
            self.name = name
            self.endpoints = endpoints
        }
    }

    /// An address and the key that must answer there.
    package struct Endpoint: Sendable, Hashable {
        /// ZeroMQ address.
        package var address: String
        /// The service's key.
        package var serverKey: CurvePublicKey

        /// An endpoint.
        package init(address: String, serverKey: CurvePublicKey) {
            self.address = address
            self.serverKey = serverKey
        }
    }

    /// Name for threads and logs.
    package var name: String
    /// This service's key pair.
    package var keys: CurveKeyPair
    /// Where requests are taken; `nil` for clients.
    package var serverAddress: String?
    /// Where feed (a) is sent; only care-archive.
    package var feedAddress: String?
    /// Other services, in the order of their ``LinkID``.
    package var links: [Link] = []
    /// Feed (a) to follow.
    package var followedFeed: Endpoint?
    /// The key list.
    package var peers = PeerRegistry.empty
    /// Bounds and times of the machines.
    package var settings = BusNodeSettings()
    /// Largest frame that is received from clients; a larger one cuts the connection. Twice what the protocol allows
    /// (`RequestServer.Settings.maximumFrameBytes`), so that a frame somewhat too large is answered.
    package var maximumFrameBytes: Int64 = 16 << 20
    /// Largest message of feed (a) that is received.
    package var maximumFeedMessageBytes: Int64 = 64 << 20
    /// Time a peer has for its handshake.
    package var handshakeInterval: Duration = .seconds(3)
    /// Frames that may wait for one client; beyond, replies are dropped and asked for again. Twice what may wait from it:
    /// all that came at once may be refused at once.
    package var sendHighWaterMark: Int32 = 8_192
    /// Frames that may wait from another service before TCP slows it down.
    package var receiveHighWaterMark: Int32 = 512
    /// Frames that may wait from one client before TCP slows it down. More than a client that keeps to the protocol has
    /// under way, each twice (`RequestServer.Settings.maximumPerPeer`): libzmq ends the process when it meets a ZMTP ping
    /// of a client whose connection broke while its queue was full.
    package var requestHighWaterMark: Int32 = 4_096
    /// Time without a sign of the other machine until a connection is dropped.
    package var silenceLimit: Duration = .seconds(20)
    /// Frames of feed (a) that may wait for one reader; at most 4, for a frame holds up to 256 KiB.
    package var feedHighWaterMark: Int32 = 4
    /// Subscriptions of feed (a) that may wait from one reader, each up to 4 KiB.
    package var subscriptionHighWaterMark: Int32 = 1_024
    /// Frames that are taken from each socket in one turn.
    package var framesPerTurn = 512
    /// Values that other threads may have posted and not yet seen taken.
    package var inboxCapacity = 4_096
    /// Jobs that may wait for the worker.
    package var workCapacity = 64
    /// Whether stopping waits for the jobs that the worker was given; otherwise they are dropped, but for the present one.
    package var finishesWork = false
    /// How long stopping waits for the core to settle.
    package var stopTimeout: Duration = .seconds(10)
    /// How long unsent frames are kept after closing.
    package var linger: Duration = .milliseconds(500)

    /// A configuration; set the rest by name.
    package init(name: String, keys: CurveKeyPair) {
        self.name = name
        self.keys = keys
    }

    /// Security domain of the request endpoint.
    static let serverDomain = "care.bus"
    /// Security domain of feed (a).
    static let feedDomain = "care.feed"
    /// Topic of the one shard's feed.
    static let feedTopic = Array("care.feed.0".utf8)

    func options(_ security: SocketSecurity, send: Int32, receive: Int32, maximumBytes: Int64) -> SocketOptions {
        var options = SocketOptions(
            sendHighWaterMark: send, receiveHighWaterMark: receive, linger: linger, maximumMessageBytes: maximumBytes,
            handshakeInterval: handshakeInterval, security: security)
        options.silenceLimit = silenceLimit
        // As long as the system lets it be: where strangers fill it, a peer's first packet is lost and comes again only
        // after a second, then after two more, then four.
        options.backlog = 4_096
        options.reconnectInterval = .milliseconds(50)
        options.reconnectMaximum = .seconds(1)
        return options
    }
}

/// Where a reactor really listens, with the ports it was given.
package struct BoundAddresses: Sendable, Hashable {
    /// Of the request endpoint.
    package var server: String?
    /// Of feed (a).
    package var feed: String?
}
