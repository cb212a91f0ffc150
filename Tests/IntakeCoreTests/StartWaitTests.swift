import ArchiveClient
import CareTestKit
import CareWire
import MessageBus
import SwiftProtobuf
import Testing
import ZeroMQ

@testable import IntakeCore

/// An intake that cannot decide yet, because care-archive is not there or does not give its log out.
@Suite("受理：启动时说明在等什么")
struct StartWaitTests {
    /// What a service told.
    private final class Told {
        var waits: [StartWait?] = []
    }

    private static func step(
        _ service: inout IntakeService, _ input: ServiceInput<IntakeWork, IntakeNews>, at second: Int64
    ) -> [ServiceAction<IntakeWork>] {
        let now = BusMoment(
            monotonic: MonotonicTime(nanoseconds: second * 1_000_000_000 + 1),
            utcMicroseconds: 1_717_344_000_000_000 + second * 1_000_000)
        var actions: [ServiceAction<IntakeWork>] = []
        service.step(input, now: now, actions: &actions)
        service.turnEnded(now: now, actions: &actions)
        return actions
    }

    private static func reading(_ actions: [ServiceAction<IntakeWork>]) -> (link: LinkID, tag: UInt64)? {
        for case .request(let link, let tag, let request) in actions where request.method == .readAll {
            return (link, tag)
        }
        return nil
    }

    private static func append(_ actions: [ServiceAction<IntakeWork>]) -> (link: LinkID, tag: UInt64)? {
        for case .request(let link, let tag, let request) in actions where request.method == .append {
            return (link, tag)
        }
        return nil
    }

    private static func answerAppend(
        _ actions: inout [ServiceAction<IntakeWork>], _ service: inout IntakeService, at second: Int64,
        _ reply: Care_V1_AppendReply
    ) throws {
        let asked = try #require(append(actions))
        let body: [UInt8] = try Care_V1_AppendBatchReply.with { $0.replies = [reply] }.serializedBytes()
        actions = step(&service, .reply(asked.link, tag: asked.tag, .ok(body)), at: second)
    }

    @Test("无人应答、拒绝、正在读、读完：依次说明，各说一次")
    func saysWhat() throws {
        let told = Told()
        var service = IntakeService(
            core: IntakeCore(principal: IntakeWorld.principal(of: 0)),
            tokenKey: TokenKey(bytes: Array(repeating: 7, count: 32))!, idSeed: 1,
            onWait: { told.waits.append($0) })
        var actions = Self.step(&service, .started, at: 0)
        #expect(told.waits == [.archiveSilent])
        let replies: [BusReply] = [
            .problem(.unreachable), .problem(.starting), .problem(.starting),
            .ok(try Care_V1_ReadAllReply.with { $0.cursor = .init([1, 0, 1]) }.serializedBytes()),
            .ok(
                try Care_V1_ReadAllReply.with {
                    $0.cursor = .init([1, 0, 1])
                    $0.atHead = true
                }.serializedBytes()),
        ]
        var second: Int64 = 0
        for reply in replies {
            while Self.reading(actions) == nil, second < 200 {
                second += 1
                actions = Self.step(&service, .timer(TimerID(rawValue: 1)), at: second)
            }
            let asked = try #require(Self.reading(actions))
            second += 1
            actions = Self.step(&service, .reply(asked.link, tag: asked.tag, reply), at: second)
        }
        #expect(told.waits == [.archiveSilent, .archiveRefuses(code: "CARE-8017"), .reading])
        // Then the key for tokens is put on record, and this key may not yet write that.
        let refusal = Care_V1_Refusal.with {
            $0.code = "CARE-3002"
            $0.textZh = "此密钥无权追加 409 类事件"
        }
        try Self.answerAppend(&actions, &service, at: second, Care_V1_AppendReply.with { $0.refused = refusal })
        guard case .tokenKeyNotTaken(let failure)?? = told.waits.last else {
            Issue.record("not told: \(told.waits)")
            return
        }
        #expect(failure.code == "CARE-3002")
        #expect(told.waits.last??.chinese.contains("bus keys upgrade") ?? false)
        // A full disk is another matter.
        let full = StartWait.tokenKeyNotTaken(
            FlowFailure(code: "CARE-3101", chinese: "磁盘已满", english: "the disk is full", isRetriable: true))
        #expect(full.chinese.hasSuffix("CARE-3101 磁盘已满") && full.english.hasSuffix("CARE-3101 the disk is full"))
        while Self.append(actions) == nil, second < 400 {
            second += 1
            actions = Self.step(&service, .timer(TimerID(rawValue: 1)), at: second)
            guard let asked = Self.reading(actions), let reply = replies.last else { continue }
            actions = Self.step(&service, .reply(asked.link, tag: asked.tag, reply), at: second)
        }
        let receipt = Care_V1_AppendReceipt.with {
            $0.firstSequence = 1
            $0.lastSequence = 1
        }
        try Self.answerAppend(&actions, &service, at: second, Care_V1_AppendReply.with { $0.appended = receipt })
        #expect(told.waits.last == .some(nil))
        for wait in told.waits.compactMap({ $0 }) {
            #expect(wait.chinese.contains("care-archive") && wait.english.contains("care-archive"))
        }
    }

    @Test("第一轮还没完就读完了，也说可以受理")
    func readWithinTheFirstTurn() throws {
        let key = TokenKey(bytes: Array(repeating: 7, count: 32))!
        var world = try IntakeWorld(intakes: 1, seed: 3, start: IntakeWorldTests.start)
        world.restart(withKeys: [key])
        try world.run(steps: 300)
        let recorded = try world.read(TokenKeyAppend.stream, after: 0)
        #expect(recorded.count == 1)
        let told = Told()
        var service = IntakeService(
            core: IntakeCore(principal: IntakeWorld.principal(of: 0)), tokenKey: key, idSeed: 1,
            onWait: { told.waits.append($0) })
        let now = BusMoment(
            monotonic: MonotonicTime(nanoseconds: 1), utcMicroseconds: IntakeWorldTests.start.microseconds)
        var actions: [ServiceAction<IntakeWork>] = []
        service.step(.started, now: now, actions: &actions)
        let asked = try #require(Self.reading(actions))
        let all = Care_V1_ReadAllReply.with {
            $0.events = recorded
            $0.cursor = .init([1, 0, 1])
            $0.atHead = true
        }
        let reply = BusReply.ok(try all.serializedBytes())
        service.step(.reply(asked.link, tag: asked.tag, reply), now: now, actions: &actions)
        service.turnEnded(now: now, actions: &actions)
        #expect(told.waits == [nil])
        service.turnEnded(now: now, actions: &actions)
        #expect(told.waits.count == 1)
    }
}
