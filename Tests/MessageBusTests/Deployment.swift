import Testing
import ZeroMQ

@testable import MessageBus

/// An archive on loopback with its keys and log, for tests with real sockets. The log outlives restarts.
final class Deployment: Sendable {
    let archiveKeys: CurveKeyPair
    let clientKeys: CurveKeyPair
    let serviceKeys: CurveKeyPair
    let log = Shared<[BusEvent]>([])
    let seen = Shared<[RequestID]>([])

    init() throws {
        archiveKeys = try CurveKeyPair.generate()
        clientKeys = try CurveKeyPair.generate()
        serviceKeys = try CurveKeyPair.generate()
    }

    func registry(generation: UInt64 = 1, withClient: Bool = true, withService: Bool = true) throws -> PeerRegistry {
        var peers: [Peer] = []
        if withClient { peers.append(Peer(name: "carectl", key: clientKeys.publicKey, rights: [.command, .query])) }
        if withService { peers.append(Peer(name: "eligibility", key: serviceKeys.publicKey, rights: [.append])) }
        return try PeerRegistry(peers, generation: generation)
    }

    /// Starts the archive; `change` may set bounds.
    func startArchive(
        _ addresses: BoundAddresses = BoundAddresses(server: "tcp://127.0.0.1:*", feed: "tcp://127.0.0.1:*"),
        _ change: (inout ReactorConfiguration) -> Void = { _ in }
    ) async throws -> RunningArchive {
        var configuration = ReactorConfiguration(name: "archive", keys: archiveKeys)
        configuration.serverAddress = addresses.server
        configuration.feedAddress = addresses.feed
        configuration.peers = try registry()
        configuration.linger = .milliseconds(50)
        change(&configuration)
        let context = try ZMQContext()
        let (log, seen) = (log, seen)
        let reactor = try Reactor(configuration, context: context) { MiniArchive(log: log, seen: seen) }
        return RunningArchive(reactor: reactor, context: context, addresses: try await reactor.start())
    }

    func startFollower(_ archive: RunningArchive) async throws -> RunningFollower {
        var configuration = ReactorConfiguration(name: "follower", keys: serviceKeys)
        configuration.links = [
            .init(name: "archive", endpoints: [endpoint(archive)])
        ]
        configuration.followedFeed = .init(
            address: archive.addresses.feed ?? "", serverKey: archiveKeys.publicKey)
        configuration.settings.idSeed = 77
        let context = try ZMQContext()
        let positions = Shared<[UInt64]>([])
        let states = Shared<[FeedFollower.State]>([])
        let reactor = try Reactor(configuration, context: context) {
            MiniFollower(positions: positions, states: states)
        }
        try await reactor.start()
        return RunningFollower(reactor: reactor, context: context, positions: positions, states: states)
    }

    func endpoint(_ archive: RunningArchive) -> ReactorConfiguration.Endpoint {
        .init(address: archive.addresses.server ?? "", serverKey: archiveKeys.publicKey)
    }

    /// Runs `body` with a client, and stops it afterwards.
    func withClient(
        _ archive: RunningArchive, keys: CurveKeyPair? = nil, _ settings: BusNodeSettings = BusNodeSettings(),
        _ body: (BusClient) async throws -> Void
    ) async throws {
        let context = try ZMQContext()
        let client = try await BusClient.connect(
            context: context, endpoints: [endpoint(archive)], keys: keys ?? clientKeys, settings: settings)
        do { try await body(client) } catch {
            await client.stop()
            throw error
        }
        await client.stop()
        #expect(context.openSocketCount == 0)
        try context.terminate()
    }
}

/// An archive that runs.
struct RunningArchive: Sendable {
    let reactor: Reactor<MiniArchive>
    let context: ZMQContext
    let addresses: BoundAddresses

    func stop() async throws {
        try await reactor.stop()
        #expect(context.openSocketCount == 0)
        try context.terminate()
    }
}

/// A follower of feed (a) that runs.
struct RunningFollower: Sendable {
    let reactor: Reactor<MiniFollower>
    let context: ZMQContext
    let positions: Shared<[UInt64]>
    let states: Shared<[FeedFollower.State]>

    func stop() async throws {
        try await reactor.stop()
        try context.terminate()
    }
}
