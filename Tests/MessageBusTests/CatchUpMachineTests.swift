import Testing
import ZeroMQ

@testable import MessageBus

@Suite("Feed (b) without a network")
struct CatchUpMachineTests {
    private static let list = try? PeerRegistry([peer("a", 1), peer("b", 2)], generation: 1)

    private func subscribe(
        _ server: inout CatchUpServer, _ list: PeerRegistry, credit: UInt64, id: UInt64 = 1, peerNumber: UInt8 = 1
    ) -> [CatchUpServer.Action] {
        var actions: [CatchUpServer.Action] = []
        server.received(
            .subscribe(RequestID(5, id), cursor: .start, fromHead: false, filter: .all, credit: credit, grant: []),
            from: route(peerNumber), peer: peer("p", peerNumber), registry: list, now: moment(0), actions: &actions)
        return actions
    }

    private func reads(_ actions: [CatchUpServer.Action]) -> [SubscriptionRead] {
        actions.compactMap { if case .read(let read) = $0 { read } else { nil } }
    }

    private func frames(_ actions: [CatchUpServer.Action]) throws -> [ServerFrame] {
        try actions.compactMap { action in
            guard case .send(_, let bytes, _) = action else { return nil }
            return try ServerFrame(decoding: bytes)
        }
    }

    @Test("A subscriber gets no more than its credit; more credit goes on where it stopped")
    func credit() throws {
        let list = try #require(Self.list)
        var server = CatchUpServer(settings: .init())
        var actions = subscribe(&server, list, credit: 100)
        let first = try #require(reads(actions).first)
        #expect(first.maximumBytes == 100 && first.cursor == .start && first.peer.name == "a")
        actions = []
        let page = LogPage(events: segment(0, 3).events, cursorAfter: cursor(3), atHead: false)
        server.page(first.token, .events(page), registry: list, now: moment(1), actions: &actions)
        #expect(reads(actions).isEmpty)
        #expect(try frames(actions).count == 1)
        actions = []
        server.headMoved(registry: list, now: moment(2), actions: &actions)
        #expect(actions.isEmpty)
        // Whoever asks how far it is, is told where it stopped and that it takes no more.
        let stopped = server.followers.map(\.follower)
        #expect(stopped.map(\.cursor) == [cursor(3)] && stopped.map(\.state) == [.withoutCredit])
        #expect(server.followers.map(\.key) == [peer("a", 1).key] && stopped.map(\.number) == [1])
        server.received(
            .credit(RequestID(5, 1), totalBytes: 500), from: route(1), peer: peer("a", 1), registry: list,
            now: moment(3), actions: &actions)
        #expect(reads(actions).map(\.cursor) == [cursor(3)])
        #expect(reads(actions).map(\.maximumBytes) == [380])
        #expect(server.followers.map(\.follower.state) == [.reading])
    }

    @Test("What is appended while a page is read is not forgotten")
    func appendWhileReading() throws {
        let list = try #require(Self.list)
        var server = CatchUpServer(settings: .init())
        var actions = subscribe(&server, list, credit: 10_000)
        let first = try #require(reads(actions).first)
        actions = []
        server.headMoved(registry: list, now: moment(1), actions: &actions)
        let page = LogPage(events: [], cursorAfter: cursor(3), atHead: true)
        server.page(first.token, .events(page), registry: list, now: moment(1), actions: &actions)
        #expect(reads(actions).map(\.cursor) == [cursor(3)])
    }

    /// Checkpoints in the frames, where there is one.
    private func checkpoints(_ actions: [CatchUpServer.Action]) throws -> [String] {
        try frames(actions).compactMap { if case .catchUp(let batch) = $0 { batch.checkpoint } else { nil } }
            .filter { !$0.isEmpty }
    }

    @Test("Each subscriber is sent a newer checkpoint once, with its next frame, and again when that frame was lost")
    func checkpoint() throws {
        let list = try #require(Self.list)
        var server = CatchUpServer(settings: .init())
        var actions = subscribe(&server, list, credit: 10_000)
        let first = try #require(reads(actions).first)
        server.announce(checkpoint: "one")
        actions = []
        let page = LogPage(events: [], cursorAfter: cursor(3), atHead: true)
        server.page(first.token, .events(page), registry: list, now: moment(1), actions: &actions)
        #expect(try checkpoints(actions) == ["one"])
        actions = []
        server.tick(registry: list, now: moment(1001), actions: &actions)
        #expect(try frames(actions).count == 1 && checkpoints(actions).isEmpty)
        server.announce(checkpoint: "two")
        server.announce(checkpoint: "three")
        actions = []
        server.tick(registry: list, now: moment(2001), actions: &actions)
        #expect(try checkpoints(actions) == ["three"])
        // Its queue was full: the frame never left.
        server.notSent(route(1), subscription: RequestID(5, 1), .wouldBlock, now: at(2001))
        actions = []
        server.tick(registry: list, now: moment(2101), actions: &actions)
        let second = try #require(reads(actions).first)
        server.page(second.token, .events(page), registry: list, now: moment(2102), actions: &actions)
        #expect(try checkpoints(actions) == ["three"])
    }

    @Test("A checkpoint reaches the consumer also when there is no event")
    func checkpointDelivered() throws {
        var client = CatchUpClient(settings: .init(), cursor: cursor(3), filter: .all, now: moment(0).monotonic)
        var actions: [CatchUpClient.Action] = []
        client.tick(now: moment(0).monotonic, actions: &actions)
        for text in ["", "one", ""] {
            client.received(
                CatchUpBatch(
                    subscription: client.subscription, cursorBefore: cursor(3), cursorAfter: cursor(3), events: [],
                    live: true, checkpoint: text), now: moment(1).monotonic, actions: &actions)
        }
        let delivered = actions.compactMap { if case .deliver(let batch) = $0 { batch.checkpoint } else { nil } }
        #expect(delivered == ["one"])
    }

    @Test("A frame that would block is sent again later; a subscriber that is gone costs nothing more")
    func blocked() throws {
        let list = try #require(Self.list)
        var server = CatchUpServer(settings: .init())
        var actions = subscribe(&server, list, credit: 10_000)
        let first = try #require(reads(actions).first)
        actions = []
        let page = LogPage(events: segment(0, 3).events, cursorAfter: cursor(3), atHead: true)
        server.page(first.token, .events(page), registry: list, now: moment(1), actions: &actions)
        server.notSent(route(1), subscription: RequestID(5, 1), .wouldBlock, now: at(1))
        actions = []
        server.tick(registry: list, now: moment(101), actions: &actions)
        #expect(reads(actions).map(\.cursor) == [.start])
        server.notSent(route(1), subscription: RequestID(5, 1), .gone, now: at(102))
        #expect(server.count == 0)
    }

    @Test("Reads are shared out: many subscribers wait their turn, none is forgotten")
    func fairness() throws {
        let list = try #require(Self.list)
        var settings = CatchUpServer.Settings()
        settings.maximumReads = 2
        var server = CatchUpServer(settings: settings)
        var waiting: [SubscriptionRead] = []
        for id in 1...20 as ClosedRange<UInt64> {
            waiting += reads(subscribe(&server, list, credit: 1_000, id: id))
        }
        #expect(waiting.count == 2)
        var served = 0
        while let read = waiting.popLast() {
            served += 1
            var actions: [CatchUpServer.Action] = []
            let page = LogPage(events: [], cursorAfter: .start, atHead: true)
            server.page(read.token, .events(page), registry: list, now: moment(1), actions: &actions)
            waiting += reads(actions)
        }
        #expect(served == 20)
    }

    @Test("Too many subscriptions, silence, a withdrawn key and stopping each end with their reason")
    func endings() throws {
        let list = try #require(Self.list)
        var settings = CatchUpServer.Settings()
        settings.maximumPerPeer = 1
        var server = CatchUpServer(settings: settings)
        func codes(_ actions: [CatchUpServer.Action]) throws -> [String] {
            try frames(actions).compactMap { frame in
                if case .subscriptionEnded(_, let reply, _) = frame { reply.code } else { nil }
            }
        }
        _ = subscribe(&server, list, credit: 1)
        var actions = subscribe(&server, list, credit: 1, id: 2)
        #expect(try codes(actions) == [BusProblem.tooManySubscriptions.code])
        actions = []
        server.tick(registry: list, now: moment(30_000), actions: &actions)
        #expect(try codes(actions) == [BusProblem.subscriberStalled.code])
        _ = subscribe(&server, list, credit: 1)
        actions = []
        server.withdraw([key(1)], .keyWithdrawn, actions: &actions)
        #expect(try codes(actions) == [BusProblem.keyWithdrawn.code])
        _ = subscribe(&server, list, credit: 1, peerNumber: 2)
        actions = []
        server.endAll(actions: &actions)
        #expect(try codes(actions) == [BusProblem.stopping.code])
        #expect(server.count == 0)
        // Credit for a subscription that is not known (after a restart) makes the client subscribe again.
        actions = []
        server.received(
            .credit(RequestID(5, 9), totalBytes: 1), from: route(1), peer: peer("a", 1), registry: list,
            now: moment(0), actions: &actions)
        #expect(try codes(actions) == [BusProblem.starting.code])
    }

    @Test(
        "Whatever the network does, each event comes once and in order, never more than a window at a time",
        arguments: 1...60 as ClosedRange<UInt64>)
    func lossyNetwork(seed: UInt64) throws {
        let list = try #require(Self.list)
        var network = SimulatedNetwork<(toServer: Bool, bytes: [UInt8])>(seed: seed)
        network.lossPercent = 10
        var settings = CatchUpClient.Settings()
        settings.windowBytes = 400
        settings.heartbeatInterval = .milliseconds(300)
        settings.silenceLimit = .milliseconds(1_500)
        var client = CatchUpClient(settings: settings, cursor: .start, filter: .all, now: at(0))
        var server = CatchUpServer(settings: .init())
        var head: UInt64 = 0
        var handed: [UInt64] = []
        var waiting: UInt64 = 0
        var time: Int64 = 0
        while position(client.cursor) < 300 {
            var serverActions: [CatchUpServer.Action] = []
            var clientActions: [CatchUpClient.Action] = []
            if head < 300, network.random.chance(30) {
                head = min(300, head + UInt64.random(in: 1...5, using: &network.random))
                server.headMoved(registry: list, now: moment(time), actions: &serverActions)
            }
            for arrival in network.arrivals(now: at(time)) {
                if arrival.toServer {
                    Self.serve(&server, arrival.bytes, list, time, &serverActions)
                } else if case .catchUp(let batch) = try ServerFrame(decoding: arrival.bytes) {
                    client.received(batch, now: at(time), actions: &clientActions)
                } else if case .subscriptionEnded(let id, let reply, _) = try ServerFrame(decoding: arrival.bytes) {
                    client.ended(id, reply, now: at(time), actions: &clientActions)
                }
            }
            if waiting > 0, network.random.chance(50) {
                let bytes = min(waiting, UInt64.random(in: 40...200, using: &network.random))
                waiting -= bytes
                client.consumed(bytes, now: at(time), actions: &clientActions)
            }
            server.tick(registry: list, now: moment(time), actions: &serverActions)
            client.tick(now: at(time), actions: &clientActions)
            for action in clientActions {
                switch action {
                case .send(let bytes): network.send((true, bytes), now: at(time))
                case .deliver(let batch):
                    handed.append(contentsOf: batch.events.map(\.position))
                    waiting += batch.price
                    #expect(waiting <= settings.windowBytes + 40)
                case .ended(let reply, _): Issue.record("seed \(seed): ended with \(reply.code)")
                }
            }
            while !serverActions.isEmpty {
                let action = serverActions.removeFirst()
                switch action {
                case .send(_, let bytes, _): network.send((false, bytes), now: at(time))
                case .read(let read):
                    // Every third event is left out by the filter; the cursor moves past it.
                    let start = position(read.cursor)
                    let end = min(head, start + max(1, UInt64(read.maximumBytes) / 40))
                    let page = LogPage(
                        events: segment(start, end).events.filter { $0.position % 3 != 0 }, cursorAfter: cursor(end),
                        atHead: end == head)
                    server.page(
                        read.token, .events(page), registry: list, now: moment(time), actions: &serverActions)
                }
            }
            time += 5
            try #require(time < 600_000, "seed \(seed): not caught up in ten minutes of simulated time")
        }
        #expect(handed == (1...300).filter { $0 % 3 != 0 })
    }

    private static func serve(
        _ server: inout CatchUpServer, _ bytes: [UInt8], _ list: PeerRegistry, _ time: Int64,
        _ actions: inout [CatchUpServer.Action]
    ) {
        var checker = RequestServer(settings: .init())
        guard
            case .subscription(let request, let peer) = checker.received(
                bytes, from: route(1), key: key(1), registry: list, now: moment(time))
        else { return }
        server.received(
            request, from: route(1), peer: peer, registry: list, now: moment(time), actions: &actions)
    }
}
