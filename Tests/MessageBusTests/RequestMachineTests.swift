import Testing
import ZeroMQ

@testable import MessageBus

@Suite("Requests without a network")
struct RequestMachineTests {
    private func registry(_ peers: Peer...) throws -> PeerRegistry { try PeerRegistry(peers, generation: 1) }

    private func request(_ number: UInt64, timeout: Duration = .seconds(10)) -> OutgoingRequest {
        OutgoingRequest(id: RequestID(1, number), method: .query, body: [1], timeout: timeout)
    }

    private func completions(_ actions: [RequestClient.Action]) -> [UInt64: BusReply] {
        var found: [UInt64: BusReply] = [:]
        for case .complete(let tag, let reply) in actions { found[tag] = reply }
        return found
    }

    @Test("A request without an answer is sent again with the same id and less time, then ends with its deadline")
    func retryAndDeadline() throws {
        var client = RequestClient(settings: .init(), now: at(0))
        var actions: [RequestClient.Action] = []
        client.connected(now: at(0), actions: &actions)
        client.submit(request(1, timeout: .seconds(5)), tag: 1, now: at(0), actions: &actions)
        var sent: [RequestFrame] = []
        var time: Int64 = 0
        while completions(actions).isEmpty {
            for case .send(let bytes) in actions {
                if case .request(let frame) = try ClientFrame(decoding: bytes) { sent.append(frame) }
            }
            // The service lives but does not answer this one.
            client.received(ServerFrame.pong(nonce: 1).encoded(), now: at(time), actions: &actions)
            actions.removeAll()
            time += 100
            client.tick(now: at(time), actions: &actions)
        }
        #expect(time == 5_000)
        #expect(sent.count == 3 && Set(sent.map(\.id)).count == 1)
        #expect(sent.map(\.remainingMilliseconds) == [5_000, 3_000, 1_000])
        #expect(completions(actions)[1]?.status == .deadline)
        #expect(client.inFlight == 0)
    }

    @Test("More requests than allowed, or one twice, are refused at once")
    func bounds() {
        var settings = RequestClient.Settings()
        settings.maximumInFlight = 2
        var client = RequestClient(settings: settings, now: at(0))
        var actions: [RequestClient.Action] = []
        for number in 1...3 as ClosedRange<UInt64> {
            client.submit(request(number), tag: number, now: at(0), actions: &actions)
        }
        #expect(completions(actions).mapValues(\.code) == [3: BusProblem.tooManyInFlight.code])
        actions = []
        client.cancel(RequestID(1, 1), actions: &actions)
        client.submit(request(2), tag: 9, now: at(0), actions: &actions)
        #expect(completions(actions)[9]?.code == BusProblem.tooManyInFlight.code)
        #expect(completions(actions)[1]?.code == BusProblem.cancelled.code)
    }

    @Test("A silent service is given up: the next endpoint is tried, and requests follow")
    func failover() {
        var settings = RequestClient.Settings()
        settings.endpointCount = 2
        var client = RequestClient(settings: settings, now: at(0))
        var actions: [RequestClient.Action] = []
        client.submit(request(1, timeout: .seconds(60)), tag: 1, now: at(0), actions: &actions)
        var endpoints: [Int] = []
        for time in stride(from: 0 as Int64, through: 10_000, by: 100) {
            client.tick(now: at(time), actions: &actions)
            for case .connect(let endpoint) in actions { endpoints.append(endpoint) }
            actions.removeAll()
        }
        #expect(endpoints == [1, 0, 1])
        #expect(!client.isUp(now: at(10_000)))
        client.received(ServerFrame.reply(id: RequestID(1, 1), .ok([3])).encoded(), now: at(10_000), actions: &actions)
        #expect(completions(actions)[1]?.body == [3] && completions(actions)[1]?.status == .ok)
        #expect(client.isUp(now: at(10_000)))
    }

    @Test("A reconnect sends what is under way again at once; the first connect does not")
    func reconnect() throws {
        var client = RequestClient(settings: .init(), now: at(0))
        var actions: [RequestClient.Action] = []
        client.submit(request(1), tag: 1, now: at(0), actions: &actions)
        actions = []
        client.connected(now: at(1), actions: &actions)
        #expect(actions.isEmpty)
        client.disconnected(now: at(2))
        client.submit(request(2), tag: 2, now: at(3), actions: &actions)
        actions = []
        client.connected(now: at(4), actions: &actions)
        // What was asked after the loss waits in the socket and is sent by it.
        #expect(actions.count == 2 && actions.first == .linkReset)
        guard case .send(let bytes) = actions.last, case .request(let frame) = try ClientFrame(decoding: bytes) else {
            Issue.record("nothing was sent again")
            return
        }
        #expect(frame.id == RequestID(1, 1))
    }

    @Test("A late refusal of an earlier attempt is no answer to the last one; a receipt is, whichever it answers")
    func lateRefusal() throws {
        let refusal = BusReply(status: .refused, code: "CARE-1201")
        let list = try registry(peer("a", 1))
        for isRecordedFirst in [false, true] {
            var client = RequestClient(settings: .init(), now: at(0))
            var server = RequestServer(settings: .init())
            var actions: [RequestClient.Action] = []
            client.submit(request(1), tag: 1, now: at(0), actions: &actions)
            client.tick(now: at(2_000), actions: &actions)
            var replies: [[UInt8]] = []
            for case .send(let bytes) in actions {
                let outcome = server.received(
                    bytes, from: route(1), key: key(1), registry: list, now: moment(0))
                guard case .request(let request) = outcome else { continue }
                let isRecorded = isRecordedFirst == replies.isEmpty
                let answer = server.reply(
                    request.token, isRecorded ? .ok([7]) : refusal, registry: list, now: moment(0))
                replies.append(try #require(answer).frame)
            }
            #expect(replies.count == 2)
            actions = []
            for bytes in replies { client.received(bytes, now: at(2_100), actions: &actions) }
            #expect(completions(actions).mapValues(\.body) == [1: [7]])
            // Nobody repeats what is answered; whoever asks anew under the id is not told what an earlier time was.
            client.submit(request(1), tag: 2, now: at(3_000), actions: &actions)
            actions = []
            for bytes in replies where !isRecordedFirst { client.received(bytes, now: at(3_001), actions: &actions) }
            #expect(completions(actions)[2] != refusal)
        }
    }

    @Test("A request that waited to be read until its time was over is not carried out; who still waits comes again")
    func readTooLate() throws {
        let list = try registry(peer("a", 1))
        var server = RequestServer(settings: .init())
        func take(_ attempt: UInt64, remaining: UInt32) -> RequestServer.Outcome {
            let frame = RequestFrame(
                id: RequestID(1, 1), remainingMilliseconds: remaining, method: .submitCommand, body: [1],
                attempt: attempt)
            return server.received(
                ClientFrame.request(frame).encoded(), from: route(1), key: key(1), registry: list, arrived: at(1_000),
                now: moment(6_000))
        }
        guard case .answer(let bytes) = take(1, remaining: 5_000),
            case .reply(_, let reply) = try ServerFrame(decoding: bytes)
        else {
            Issue.record("given to the core")
            return
        }
        #expect(reply.status == .overloaded && reply.attempt == 1 && reply.retryAfterMilliseconds > 0)
        #expect(server.inFlight == 0 && server.counters.expired == 1)
        guard case .request(let request) = take(2, remaining: 5_001) else {
            Issue.record("not given to the core")
            return
        }
        // What is left of its time began when it came.
        #expect(request.deadline == at(6_001))
    }

    @Test("Submissions are numbered by the clock: the same in all attempts, more in the next, also after a new start")
    func submissions() throws {
        func numbers(_ client: inout RequestClient, from start: Int64) throws -> [UInt64] {
            var actions: [RequestClient.Action] = []
            client.submit(request(1), tag: 1, now: at(start), actions: &actions)
            client.submit(request(2), tag: 2, now: at(start), actions: &actions)
            client.tick(now: at(start + 2_000), actions: &actions)
            return try actions.compactMap { action in
                guard case .send(let bytes) = action, case .request(let frame) = try ClientFrame(decoding: bytes)
                else { return nil }
                return frame.submission
            }
        }
        var first = RequestClient(settings: .init(), now: at(0), utcMicroseconds: 1_000_000)
        #expect(try numbers(&first, from: 500) == [1_500_000, 1_500_001, 1_500_000, 1_500_001])
        // Its monotonic clock begins anew, its day goes on.
        var second = RequestClient(settings: .init(), now: at(0), utcMicroseconds: 9_000_000)
        #expect(try numbers(&second, from: 0) == [9_000_000, 9_000_001, 9_000_000, 9_000_001])
        var unnumbered = RequestClient(settings: .init(), now: at(0))
        #expect(try numbers(&unnumbered, from: 0) == [0, 0, 0, 0])
    }

    @Test("While a submission is under way a later one comes again, an earlier one is dropped, its own attempts join")
    func laterSubmission() throws {
        let list = try registry(peer("a", 1))
        var server = RequestServer(settings: .init())
        func take(_ submission: UInt64, attempt: UInt64) -> RequestServer.Outcome {
            let frame = RequestFrame(
                id: RequestID(1, 1), method: .submitCommand, body: [1], attempt: attempt, submission: submission)
            return server.received(
                ClientFrame.request(frame).encoded(), from: route(1), key: key(1), registry: list, now: moment(0))
        }
        guard case .request(let request) = take(50, attempt: 1) else {
            Issue.record("not given to the core")
            return
        }
        #expect(request.submission == 50)
        guard case .nothing = take(50, attempt: 2), case .nothing = take(49, attempt: 9) else {
            Issue.record("answered or given to the core twice")
            return
        }
        guard case .answer(let bytes) = take(51, attempt: 3),
            case .reply(_, let early) = try ServerFrame(decoding: bytes)
        else {
            Issue.record("not asked to come again")
            return
        }
        #expect(early.status == .overloaded && early.retryAfterMilliseconds == 100 && early.attempt == 3)
        let reply = server.reply(request.token, .ok([7]), registry: list, now: moment(0))
        guard case .reply(_, let answer) = try ServerFrame(decoding: #require(reply).frame) else {
            Issue.record("no reply")
            return
        }
        #expect(answer.body == [7] && answer.attempt == 2)
        guard case .request(let next) = take(51, attempt: 4) else {
            Issue.record("not given to the core when the earlier one was answered")
            return
        }
        #expect(next.submission == 51)
    }

    @Test("Frames count as come before a standstill until all that waited is read")
    func standstill() {
        var standstill = Standstill()
        for time in [0, 900, 1_800, 3_800] as [Int64] {
            standstill.look(at: at(time))
            #expect(standstill.arrival(at: at(time)) == at(time))
        }
        standstill.look(at: at(9_000))
        #expect(standstill.arrival(at: at(9_000)) == at(3_800))
        // More may still be on its way through libzmq.
        standstill.foundNothing(at: at(9_100))
        standstill.look(at: at(9_500))
        #expect(standstill.arrival(at: at(9_500)) == at(3_800))
        // Again, before all was read: the earlier look counts.
        standstill.look(at: at(12_000))
        #expect(standstill.arrival(at: at(12_000)) == at(3_800))
        standstill.foundNothing(at: at(12_999))
        #expect(standstill.arrival(at: at(12_999)) == at(3_800))
        standstill.foundNothing(at: at(13_000))
        #expect(standstill.arrival(at: at(13_000)) == at(13_000))
    }

    @Test("Overload is retried after the time that the service named; without retries the caller gets it")
    func retryAfter() {
        var client = RequestClient(settings: .init(), now: at(0))
        var actions: [RequestClient.Action] = []
        client.submit(request(1), tag: 1, now: at(0), actions: &actions)
        var impatient = request(2)
        impatient.retriesRefusals = false
        client.submit(impatient, tag: 2, now: at(0), actions: &actions)
        actions = []
        let busy = BusReply.problem(.overloaded, retryAfter: .milliseconds(700))
        client.received(ServerFrame.reply(id: RequestID(1, 1), busy).encoded(), now: at(10), actions: &actions)
        client.received(ServerFrame.reply(id: RequestID(1, 2), busy).encoded(), now: at(10), actions: &actions)
        #expect(completions(actions) == [2: busy])
        actions = []
        client.tick(now: at(709), actions: &actions)
        #expect(actions.isEmpty)
        client.tick(now: at(710), actions: &actions)
        #expect(actions.count == 1)
    }

    @Test("A farewell ends everything under way with its reason; broken frames are counted and do nothing")
    func farewell() {
        var client = RequestClient(settings: .init(), now: at(0))
        var actions: [RequestClient.Action] = []
        client.submit(request(1), tag: 1, now: at(0), actions: &actions)
        actions = []
        client.received([0xFF, 1, 2], now: at(1), actions: &actions)
        #expect(actions.isEmpty && client.malformedFrames == 1)
        client.received(ServerFrame.farewell(.problem(.keyWithdrawn)).encoded(), now: at(1), actions: &actions)
        #expect(completions(actions)[1]?.code == BusProblem.keyWithdrawn.code)
        #expect(client.farewell?.status == .unauthorised)
        // What is asked afterwards ends with the same reason, not with "cannot be reached": nobody lets this key in again.
        actions = []
        client.submit(request(2), tag: 2, now: at(2), actions: &actions)
        for second in 1...300 as ClosedRange<Int64> { client.tick(now: at(second * 1_000), actions: &actions) }
        #expect(completions(actions)[2]?.code == BusProblem.keyWithdrawn.code)
        // Let in again, it is forgotten.
        actions = []
        client.connected(now: at(300_001), actions: &actions)
        #expect(client.farewell == nil)
    }

    @Test("The server bounds each peer, joins retries, answers unreadable frames when it knows to whom")
    func serverBounds() throws {
        var settings = RequestServer.Settings()
        settings.maximumPerPeer = 1
        var server = RequestServer(settings: settings)
        let list = try registry(peer("a", 1), peer("b", 2))
        func send(_ frame: RequestFrame, _ number: UInt8, via: UInt8) -> RequestServer.Outcome {
            server.received(
                ClientFrame.request(frame).encoded(), from: route(via), key: key(number), registry: list,
                now: moment(0))
        }
        let first = RequestFrame(id: RequestID(1, 1), method: .query)
        guard case .request(let taken) = send(first, 1, via: 1) else {
            Issue.record("the first request was not taken")
            return
        }
        #expect(taken.peer.name == "a")
        // The same request from a new connection is joined; its reply goes there.
        guard case .nothing = send(first, 1, via: 2) else {
            Issue.record("a retry reached the core a second time")
            return
        }
        let second = RequestFrame(id: RequestID(1, 2), method: .query)
        #expect(try status(send(second, 1, via: 1)) == .overloaded)
        // Another peer has room, also under the same id.
        guard case .request = send(first, 2, via: 3) else {
            Issue.record("one peer's load refused another")
            return
        }
        let answer = server.reply(taken.token, .ok(), registry: list, now: moment(1))
        #expect(answer?.route == route(2))
        let again = server.reply(taken.token, .ok(), registry: list, now: moment(1))
        #expect(again == nil)
        var broken = ClientFrame.request(second).encoded()
        broken[1] = 9
        let outcome = server.received(broken, from: route(1), key: key(1), registry: list, now: moment(0))
        #expect(try status(outcome) == .unsupportedVersion)
        let garbage = server.received([1, 2, 3], from: route(1), key: key(1), registry: list, now: moment(0))
        guard case .answer(let bytes) = garbage, case .farewell(let farewell) = try ServerFrame(decoding: bytes) else {
            Issue.record("an unreadable frame without id has no farewell")
            return
        }
        #expect(farewell == .problem(.malformed))
        #expect(server.counters.malformed == 2 && server.counters.joined == 1 && server.counters.overloaded == 1)
    }

    private func status(_ outcome: RequestServer.Outcome) throws -> BusStatus? {
        guard case .answer(let bytes) = outcome, case .reply(_, let reply) = try ServerFrame(decoding: bytes) else {
            return nil
        }
        return reply.status
    }

    @Test("Unknown, expired and withdrawn keys are refused, also for replies that were under way")
    func keys() throws {
        var server = RequestServer(settings: .init())
        var old = peer("old", 3)
        old.expiresAt = 500_000
        let list = try registry(peer("a", 1), old)
        let frame = ClientFrame.request(RequestFrame(id: RequestID(1, 1), method: .query)).encoded()
        let stranger = server.received(frame, from: route(1), key: key(9), registry: list, now: moment(0))
        #expect(try status(stranger) == .unauthorised)
        let clear = server.received(frame, from: route(1), key: nil, registry: list, now: moment(0))
        #expect(try status(clear) == .unauthorised)
        let expired = server.received(frame, from: route(1), key: key(3), registry: list, now: moment(500))
        #expect(try status(expired) == .unauthorised)
        guard
            case .request(let taken) = server.received(
                frame, from: route(1), key: key(1), registry: list, now: moment(0))
        else {
            Issue.record("a listed key was refused")
            return
        }
        let answer = server.reply(taken.token, .ok([1, 2]), registry: .empty, now: moment(1))
        guard case .reply(_, let reply) = try ServerFrame(decoding: try #require(answer).frame) else { return }
        #expect(reply.code == BusProblem.keyWithdrawn.code && reply.body.isEmpty)
    }

    @Test("One reason for a withdrawn key: for what is under way, for what comes after, and for subscriptions")
    func withdrawnKeys() throws {
        var server = RequestServer(settings: .init())
        let before = try PeerRegistry([peer("a", 1), peer("b", 2)], generation: 1)
        let after = try PeerRegistry([peer("b", 2)], generation: 2).replacing(before)
        let later = try PeerRegistry([peer("b", 2)], generation: 3).replacing(after)
        for list in [after, later] {
            #expect(list.verdict(on: key(1), utcMicroseconds: 0) == .withdrawn)
            #expect(list.verdict(on: key(9), utcMicroseconds: 0) == .unknown)
            for frame in [
                ClientFrame.request(RequestFrame(id: RequestID(1, 1), method: .query)), .ping(nonce: 1),
                .subscribe(
                    SubscribeFrame(
                        id: RequestID(1, 2), cursor: .start, fromHead: true, filter: EventFilter(), creditBytes: 1,
                        grant: [])),
            ] {
                let outcome = server.received(
                    frame.encoded(), from: route(1), key: key(1), registry: list, now: moment(0))
                guard case .answer(let bytes) = outcome else {
                    Issue.record("no answer to \(frame)")
                    continue
                }
                switch try ServerFrame(decoding: bytes) {
                case .reply(_, let reply), .farewell(let reply), .subscriptionEnded(_, let reply, _):
                    #expect(reply.code == BusProblem.keyWithdrawn.code)
                default: Issue.record("something else")
                }
            }
        }
        let back = try PeerRegistry([peer("a", 1)], generation: 4).replacing(later)
        #expect(back.verdict(on: key(1), utcMicroseconds: 0) == .known(peer("a", 1)))
        #expect(back.verdict(on: key(2), utcMicroseconds: 0) == .withdrawn)
    }

    @Test("Where a listed peer spoke from is remembered, bounded, so that it can be told when its key is withdrawn")
    func idlePeers() throws {
        var server = RequestServer(settings: .init())
        let list = try registry(peer("a", 1), peer("b", 2))
        let ping = ClientFrame.ping(nonce: 1).encoded()
        for number in 1...20 {
            _ = server.received(ping, from: route(UInt8(number)), key: key(1), registry: list, now: moment(0))
        }
        _ = server.received(ping, from: route(30), key: key(2), registry: list, now: moment(0))
        _ = server.received(ping, from: route(20), key: key(1), registry: list, now: moment(1))
        _ = server.received(ping, from: route(40), key: key(9), registry: list, now: moment(1))
        #expect(server.routes(of: key(1)) == (13...20).map { route(UInt8($0)) })
        #expect(server.routes(of: key(2)) == [route(30)] && server.routes(of: key(9)).isEmpty)
        server.forget([key(1)])
        #expect(server.routes(of: key(1)).isEmpty && server.routes(of: key(2)) == [route(30)])
    }

    @Test("A request whose time is over is answered so, keeps its place until the core is done, then frees it")
    func serverDeadline() throws {
        var server = RequestServer(settings: .init())
        let list = try registry(peer("a", 1))
        let frame = RequestFrame(id: RequestID(1, 1), remainingMilliseconds: 100, method: .query)
        guard
            case .request(let taken) = server.received(
                ClientFrame.request(frame).encoded(), from: route(1), key: key(1), registry: list, now: moment(0))
        else { return }
        #expect(taken.deadline == at(100) && server.nextTick == at(100))
        let (early, due) = (server.tick(now: at(99)), server.tick(now: at(100)))
        #expect(early.isEmpty && due.count == 1)
        #expect(server.inFlight == 1)
        let late = server.reply(taken.token, .ok(), registry: list, now: moment(200))
        #expect(late == nil)
        #expect(server.inFlight == 0)
        server.refusesNew = true
        let refused = server.received(
            ClientFrame.request(frame).encoded(), from: route(1), key: key(1), registry: list, now: moment(300))
        #expect(try status(refused) == .unavailable)
    }

    @Test(
        "Over a network that loses, repeats and reorders, every request completes exactly once with its own answer",
        arguments: 1...30 as ClosedRange<UInt64>)
    func lossyNetwork(seed: UInt64) throws {
        var network = SimulatedNetwork<(toServer: Bool, bytes: [UInt8])>(seed: seed)
        var settings = RequestClient.Settings()
        settings.attemptTimeout = .milliseconds(150)
        var client = RequestClient(settings: settings, now: at(0))
        var server = RequestServer(settings: .init())
        let list = try registry(peer("a", 1))
        var working: [(due: Int64, request: IncomingRequest)] = []
        var done: [UInt64: BusReply] = [:]
        var next: UInt64 = 1
        var time: Int64 = 0
        while done.count < 100 {
            var actions: [RequestClient.Action] = []
            if next <= 100, network.random.chance(40) {
                var asked = request(next, timeout: .seconds(600))
                asked.body = [UInt8(next)]
                client.submit(asked, tag: next, now: at(time), actions: &actions)
                next += 1
            }
            for arrival in network.arrivals(now: at(time)) {
                guard arrival.toServer else {
                    client.received(arrival.bytes, now: at(time), actions: &actions)
                    continue
                }
                switch server.received(
                    arrival.bytes, from: route(1), key: key(1), registry: list, now: moment(time))
                {
                case .request(let request):
                    let effort = Int64.random(in: 0...300, using: &network.random)
                    working.append((time + effort, request))
                case .answer(let bytes): network.send((false, bytes), now: at(time))
                case .subscription, .nothing: break
                }
            }
            for job in working where job.due <= time {
                let reply = BusReply.ok(job.request.body)
                if let answer = server.reply(job.request.token, reply, registry: list, now: moment(time)) {
                    network.send((false, answer.frame), now: at(time))
                }
            }
            working.removeAll { $0.due <= time }
            client.tick(now: at(time), actions: &actions)
            for action in actions {
                switch action {
                case .send(let bytes): network.send((true, bytes), now: at(time))
                case .complete(let tag, let reply):
                    #expect(done.updateValue(reply, forKey: tag) == nil)
                    #expect(reply.status == .ok && reply.body == [UInt8(tag)])
                case .connect: network.cut()
                case .subscription, .linkReset: break
                }
            }
            time += 5
            try #require(time < 300_000, "seed \(seed): not done in five minutes of simulated time")
        }
        #expect(client.inFlight == 0)
    }
}
