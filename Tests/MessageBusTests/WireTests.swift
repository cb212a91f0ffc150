import CareWire
import Foundation
import SwiftProtobuf
import Testing

@testable import MessageBus

@Suite("Frames on the wire")
struct WireTests {
    private let id = RequestID(0x0102_0304_0506_0708, 9)

    @Test("A request written by hand is the one the generated types write, byte for byte")
    func requestBytes() throws {
        let frame = RequestFrame(
            id: id, remainingMilliseconds: 1_500, method: .append, body: [1, 2, 3], traceparent: "00-ab-cd-01",
            grant: [9], receipt: cursor(77), attempt: 3, submission: 1_764_361_000_000_000)
        var request = Care_V1_Request()
        request.requestID = Data(id.bytes)
        request.remainingMs = 1_500
        request.method = .append
        request.body = Data([1, 2, 3])
        request.traceparent = "00-ab-cd-01"
        request.grant = Data([9])
        request.receipt = Data(cursor(77).bytes)
        request.attempt = 3
        request.submission = 1_764_361_000_000_000
        var expected = Care_V1_ClientFrame()
        expected.protocolVersion = 1
        expected.request = request
        let bytes = ClientFrame.request(frame).encoded()
        #expect(bytes == [UInt8](try expected.serializedData()))
        #expect(try ClientFrame(decoding: bytes) == .request(frame))
    }

    @Test("Subscriptions, credit and pings agree with the generated types")
    func clientFrames() throws {
        let filter = EventFilter(categories: ["household"], kinds: [1, 300], streams: ["fund-1"], divisions: ["4310"])
        let subscribe = ClientFrame.subscribe(
            SubscribeFrame(
                id: id, cursor: cursor(5), fromHead: true, filter: filter, creditBytes: 1 << 20, grant: [1, 2]))
        let generated = try Care_V1_ClientFrame(serializedBytes: subscribe.encoded())
        #expect(generated.subscribe.subscriptionID == Data(id.bytes))
        #expect(generated.subscribe.fromHead)
        #expect(generated.subscribe.filter.categories == ["household"])
        #expect(generated.subscribe.filter.kinds.map(\.rawValue) == [1, 300])
        #expect(generated.subscribe.filter.divisions == ["4310"])
        #expect(generated.subscribe.creditBytes == 1 << 20)
        #expect(generated.unknownFields.data.isEmpty && generated.subscribe.unknownFields.data.isEmpty)
        #expect(try ClientFrame(decoding: subscribe.encoded()) == subscribe)
        for frame in [
            ClientFrame.ping(nonce: 7), .credit(subscription: id, totalBytes: 9_000), .unsubscribe(subscription: id),
        ] {
            let generated = try Care_V1_ClientFrame(serializedBytes: frame.encoded())
            #expect([UInt8](try generated.serializedData()) == frame.encoded())
            #expect(try ClientFrame(decoding: frame.encoded()) == frame)
        }
    }

    @Test("Replies, batches and ends agree with the generated types")
    func serverFrames() throws {
        let refusal = BusReply.problem(.overloaded, retryAfter: .milliseconds(300))
        let batch = CatchUpBatch(
            subscription: id, cursorBefore: cursor(1), cursorAfter: cursor(3), events: [event(2), event(3)], live: true,
            checkpoint: "guanhuai-checkpoint 1")
        for frame in [
            ServerFrame.reply(id: id, .ok([1, 2, 3])), .reply(id: id, refusal), .pong(nonce: 0), .catchUp(batch),
            .subscriptionEnded(id: id, refusal, cursor: cursor(3)), .farewell(refusal),
        ] {
            let generated = try Care_V1_ServerFrame(serializedBytes: frame.encoded())
            #expect([UInt8](try generated.serializedData()) == frame.encoded())
            if case .subscriptionEnded = frame {
                #expect(try ServerFrame(decoding: frame.encoded()).encoded() == frame.encoded())
            } else if case .farewell = frame {
                #expect(try ServerFrame(decoding: frame.encoded()).encoded() == frame.encoded())
            } else {
                #expect(try ServerFrame(decoding: frame.encoded()) == frame)
            }
        }
    }

    @Test("Feed messages and pages of the log agree with the generated types")
    func feedFrames() throws {
        for message in [FeedMessage.frame(epoch: 4, segment(10, 13)), .heartbeat(epoch: 4, head: cursor(13))] {
            let generated = try Care_V1_FeedMessage(serializedBytes: message.encoded())
            #expect([UInt8](try generated.serializedData()) == message.encoded())
            #expect(try FeedMessage(decoding: message.encoded()) == message)
        }
        let page = LogPage(events: [event(1), event(2)], cursorAfter: cursor(2), atHead: true)
        let generated = try Care_V1_ReadAllReply(serializedBytes: page.encoded())
        #expect([UInt8](try generated.serializedData()) == page.encoded())
        #expect(try LogPage(decoding: page.encoded()) == page)
        let question = LogPageRequest(cursor: cursor(9), maximumBytes: 1 << 20, maximumEvents: 100)
        let read = try Care_V1_ReadAll(serializedBytes: question.encoded())
        #expect(read.maxBytes == 1 << 20 && read.maxEvents == 100)
        #expect(try LogPageRequest(decoding: question.encoded()) == question)
    }

    @Test("Unknown fields of a later version of a message are skipped")
    func unknownFields() throws {
        var bytes = ClientFrame.ping(nonce: 3).encoded()
        bytes += [0xFA, 0x01, 0x02, 0x01, 0x02, 0xF9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8, 0xFD, 0x01, 1, 2, 3, 4]
        #expect(try ClientFrame(decoding: bytes) == .ping(nonce: 3))
    }

    @Test("A frame of another version names the version, and the request id when it stands where it stands today")
    func otherVersion() throws {
        var bytes = ClientFrame.request(RequestFrame(id: id, method: .query)).encoded()
        bytes[1] = 2
        #expect(throws: ClientFrame.Unreadable(error: .unsupportedVersion(2), requestID: id)) {
            _ = try ClientFrame(decoding: bytes)
        }
    }

    @Test("Every cut of a frame is refused or read, never a crash; a request's id is found when it is whole")
    func truncation() {
        let frame = ClientFrame.request(RequestFrame(id: id, method: .query, body: [1, 2, 3, 4]))
        let bytes = frame.encoded()
        for length in 0..<bytes.count {
            #expect(throws: ClientFrame.Unreadable.self) { _ = try ClientFrame(decoding: Array(bytes.prefix(length))) }
        }
    }

    @Test("Random and damaged bytes never crash a reader", arguments: [1, 2, 3] as [UInt64])
    func fuzz(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let filter = EventFilter(categories: ["household"], kinds: [1], streams: ["a"], divisions: ["43"])
        let seeds: [[UInt8]] = [
            ClientFrame.request(RequestFrame(id: id, method: .append, body: [1, 2, 3])).encoded(),
            ClientFrame.subscribe(
                SubscribeFrame(id: id, cursor: cursor(4), fromHead: false, filter: filter, creditBytes: 9)
            ).encoded(),
            FeedMessage.frame(epoch: 1, segment(0, 5)).encoded(),
            ServerFrame.reply(id: id, .problem(.fault)).encoded(),
        ]
        for round in 0..<20_000 {
            var bytes: [UInt8]
            if round % 4 == 0 {
                let length = Int.random(in: 0..<80, using: &random)
                bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            } else {
                bytes = seeds[round % seeds.count]
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                if random.chance(30) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            }
            _ = try? ClientFrame(decoding: bytes)
            _ = try? ServerFrame(decoding: bytes)
            _ = try? FeedMessage(decoding: bytes)
            _ = try? LogPage(decoding: bytes)
        }
    }

    @Test("Routing ids keep their bytes; empty and long ones are none")
    func routingIDs() {
        for count in 1...15 {
            let bytes = (0..<count).map { UInt8(200 + $0) }
            #expect(RoutingID(bytes)?.bytes == bytes)
        }
        #expect(RoutingID([]) == nil)
        #expect(RoutingID([UInt8](repeating: 1, count: 16)) == nil)
        #expect(RoutingID([1]) != RoutingID([1, 0]))
    }

    @Test("Every problem has its own code and both texts")
    func problems() {
        #expect(Set(BusProblem.allCases.map(\.code)).count == BusProblem.allCases.count)
        for problem in BusProblem.allCases {
            #expect(!problem.textZH.isEmpty && !problem.textEN.isEmpty && problem.status != .ok)
        }
    }
}
