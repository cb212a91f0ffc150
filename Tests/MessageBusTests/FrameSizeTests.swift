import Testing

@testable import MessageBus

/// libzmq cuts a connection on which a far too large frame comes, without a word: so it is never sent.
@Suite("Frames that are too large")
struct FrameSizeTests {
    private let request = OutgoingRequest(id: RequestID(1, 1), method: .query, body: [])

    private func completions(_ actions: [RequestClient.Action]) -> [UInt64: BusReply] {
        var found: [UInt64: BusReply] = [:]
        for case .complete(let tag, let reply) in actions { found[tag] = reply }
        return found
    }

    @Test("What is too large is answered with size, limit and what to do: before it is sent, and when it comes")
    func sizes() throws {
        var settings = RequestClient.Settings()
        let limit = settings.maximumFrameBytes
        #expect(limit == RequestServer.Settings().maximumFrameBytes)
        // Far beyond what libzmq cuts off without a word, and one byte too many.
        for excess in [limit, 1] {
            var client = RequestClient(settings: settings, now: at(0))
            var actions: [RequestClient.Action] = []
            var big = request
            big.body = [UInt8](repeating: 1, count: limit - 1_200 + excess)
            client.submit(big, tag: 1, now: at(0), actions: &actions)
            let reply = try #require(completions(actions)[1])
            #expect(actions.count == 1 && client.inFlight == 0, "nothing is sent")
            #expect(reply.code == "CARE-8010" && reply.status == .badRequest && !reply.status.isRetriable)
            for text in [reply.textZH, reply.textEN] {
                #expect(text.contains("\(limit + excess) ") && text.contains("\(limit) "))
            }
            #expect(reply.textZH.contains("没有发出；请分成几条") && reply.textEN.contains("nothing was sent; part it"))
        }
        // The largest that is sent is taken: what stands around it fits into the room that is kept for it.
        settings.maximumFrameBytes = 4_096
        var client = RequestClient(settings: settings, now: at(0))
        var actions: [RequestClient.Action] = []
        var fitting = request
        fitting.body = [UInt8](repeating: 1, count: 4_096 - 1_200)
        client.connected(now: at(0), actions: &actions)
        client.submit(fitting, tag: 2, now: at(0), actions: &actions)
        let frames = actions.compactMap { action -> [UInt8]? in
            if case .send(let bytes) = action { bytes } else { nil }
        }
        #expect(frames.contains { $0.count > 4_096 - 1_200 } && frames.allSatisfy { $0.count <= 4_096 })

        var serverSettings = RequestServer.Settings()
        serverSettings.maximumFrameBytes = 4_096
        var server = RequestServer(settings: serverSettings)
        var larger = request
        larger.body = [UInt8](repeating: 1, count: 5_000)
        let frame = ClientFrame.request(
            RequestFrame(
                id: larger.id, remainingMilliseconds: 1_000, method: larger.method, body: larger.body)
        ).encoded()
        let outcome = server.received(
            frame, from: route(1), key: key(1), registry: try PeerRegistry([peer("a", 1)], generation: 1),
            now: moment(0))
        guard case .answer(let bytes) = outcome, case .reply(let id, let reply) = try ServerFrame(decoding: bytes)
        else {
            Issue.record("\(outcome)")
            return
        }
        #expect(id == larger.id && reply.code == "CARE-8010")
        #expect(reply.textZH.contains("一帧 \(frame.count) 字节，至多 4096 字节，没有办理"))
    }
}
