import Testing
import ZeroMQ

@testable import MessageBus

@Suite("Both feeds over real sockets", .serialized, .timeLimit(.minutes(10)))
struct FeedIntegrationTests {
    /// Appends through the archive's inbox, in many turns.
    private func append(_ archive: RunningArchive, times: Int, events: Int) async {
        for _ in 0..<times {
            while !archive.reactor.post(.append(events)) { await Task.yield() }
        }
    }

    @Test("A reader of feed (a) gets everything once and in order, although the feed drops frames")
    func feedWithGaps() async throws {
        let deployment = try Deployment()
        let archive = try await deployment.startArchive { configuration in
            configuration.feedHighWaterMark = 1
            // A frame for each segment: many frames, few of which fit.
            configuration.settings.publisher.frameBytes = 1
        }
        let follower = try await deployment.startFollower(archive)
        await follower.states.wait { $0.last == .live }
        await append(archive, times: 2_000, events: 20)
        await follower.positions.wait { $0.count >= 40_000 }
        #expect(follower.positions.read() == Array(1...40_000))
        try await follower.stop()
        try await archive.stop()
    }

    @Test("A reader of feed (a) survives restarts of the archive")
    func feedRestart() async throws {
        let deployment = try Deployment()
        let first = try await deployment.startArchive()
        let follower = try await deployment.startFollower(first)
        await append(first, times: 10, events: 10)
        await follower.positions.wait { $0.count >= 100 }
        try await first.stop()
        let second = try await deployment.startArchive(first.addresses)
        await append(second, times: 10, events: 10)
        await follower.positions.wait { $0.count >= 200 }
        #expect(follower.positions.read() == Array(1...200))
        try await follower.stop()
        try await second.stop()
    }

    @Test("A subscriber of feed (b) gets history, then what comes, also across a restart; its window bounds what waits")
    func catchUp() async throws {
        let deployment = try Deployment()
        let first = try await deployment.startArchive()
        await append(first, times: 100, events: 20)
        await deployment.log.wait { $0.count == 2_000 }
        var settings = BusNodeSettings()
        settings.subscription.windowBytes = 16 << 10
        settings.subscription.silenceLimit = .seconds(1)
        try await deployment.withClient(first, settings) { client in
            let subscription = try client.follow(from: .start)
            var positions: [UInt64] = []
            var archive = first
            for try await batch in subscription {
                #expect(batch.price <= 16 << 10)
                positions.append(contentsOf: batch.events.map(\.position))
                if positions.count == 2_000 {
                    try await archive.stop()
                    archive = try await deployment.startArchive(first.addresses)
                    await append(archive, times: 50, events: 20)
                }
                if positions.count == 3_000 { break }
            }
            #expect(positions == Array(1...3_000))
            subscription.end()
            try await archive.stop()
        }
    }

    @Test("A subscriber that starts at the head sees only what comes")
    func fromHead() async throws {
        let deployment = try Deployment()
        let archive = try await deployment.startArchive()
        await append(archive, times: 1, events: 50)
        await deployment.log.wait { $0.count == 50 }
        try await deployment.withClient(archive) { client in
            var batches = try client.follow(from: .start, fromHead: true).makeAsyncIterator()
            let start = try #require(try await batches.next())
            #expect(start.events.isEmpty && start.cursorAfter == cursor(50))
            await append(archive, times: 1, events: 1)
            #expect(try await batches.next()?.events.map(\.position) == [51])
        }
        try await archive.stop()
    }

    @Test("A withdrawn key is told why, is cut from both feeds and from requests, and gets nothing more")
    func withdrawal() async throws {
        let deployment = try Deployment()
        let archive = try await deployment.startArchive()
        let follower = try await deployment.startFollower(archive)
        await follower.states.wait { $0.last == .live }
        await append(archive, times: 1, events: 10)
        await follower.positions.wait { $0.count == 10 }
        try await deployment.withClient(archive) { client in
            var batches = try client.follow(from: .start).makeAsyncIterator()
            #expect(try await batches.next()?.events.count == 10)
            archive.reactor.replacePeers(
                try deployment.registry(generation: 2, withClient: false, withService: false))
            do throws(BusError) {
                while try await batches.next() != nil {}
                Issue.record("the subscription ended without a reason")
            } catch {
                #expect(error.reply.code == BusProblem.keyWithdrawn.code)
            }
            await #expect(throws: BusError.self) {
                _ = try await client.call(.query, [1], timeout: .milliseconds(500))
            }
            await append(archive, times: 1, events: 10)
            // The key comes back on the list: what was missed is read then, and not before.
            await deployment.log.wait { $0.count == 20 }
            #expect(follower.positions.read().count == 10)
            archive.reactor.replacePeers(try deployment.registry(generation: 3))
            await follower.positions.wait { $0.count == 20 }
            #expect(follower.positions.read() == Array(1...20))
            let reply1 = try await client.call(.query, [1], timeout: .seconds(20))
            #expect(reply1.body == [1])
        }
        try await follower.stop()
        try await archive.stop()
    }
}
