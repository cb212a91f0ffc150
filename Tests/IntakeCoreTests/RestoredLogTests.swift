import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import MessageBus
import SwiftProtobuf
import Testing
import ZeroMQ

@testable import IntakeCore

/// An intake that goes on running while the log behind it is put back to an older state.
@Suite("受理：日志在运行中被恢复成旧的")
struct RestoredLogTests {
    /// The service with what it wants done, and a clock.
    private struct Desk {
        var service = IntakeService(
            core: IntakeCore(principal: IntakeWorld.principal(of: 0)),
            tokenKey: TokenKey(bytes: Array(repeating: 7, count: 32))!, idSeed: 1)
        var actions: [ServiceAction<IntakeWork>] = []
        private var time: Int64 = 0

        private var now: BusMoment {
            BusMoment(
                monotonic: MonotonicTime(nanoseconds: time * 1_000 + 1),
                utcMicroseconds: IntakeWorldTests.start.microseconds + time)
        }

        /// Gives an input after a second, ends the turn, and keeps only what comes of it.
        mutating func give(_ input: ServiceInput<IntakeWork, IntakeNews>) {
            time += 1_000_000
            actions = []
            service.step(input, now: now, actions: &actions)
            service.turnEnded(now: now, actions: &actions)
        }

        /// The request for a method among what it wants.
        func request(_ method: BusMethod) -> (link: LinkID, tag: UInt64, body: [UInt8])? {
            for case .request(let link, let tag, let request) in actions where request.method == method {
                return (link, tag, request.body)
            }
            return nil
        }

        mutating func answer(_ method: BusMethod, _ reply: BusReply) throws {
            let asked = try #require(request(method))
            give(.reply(asked.link, tag: asked.tag, reply))
        }

        mutating func submit(_ command: HouseholdCommand) throws {
            let key = CurvePublicKey(raw: Array(repeating: 3, count: 32))!
            let peer = Peer(name: "township", key: key, divisions: ["431000"], rights: [.command])
            give(
                .request(
                    IncomingRequest(
                        token: ReplyToken(number: UInt64(time) + 1), peer: peer, id: RequestID(1, UInt64(time) + 1),
                        method: .submitCommand, body: try CommandCodec.encode(command),
                        deadline: MonotonicTime(nanoseconds: .max))))
        }

        /// How the command that waits was answered.
        var status: BusStatus? {
            for case .reply(_, let reply) in actions { return reply.status }
            return nil
        }
    }

    private static func appended() throws -> BusReply {
        let reply = Care_V1_AppendReply.with {
            $0.appended = .with {
                $0.stream = "household-a"
                $0.firstSequence = 1
                $0.lastSequence = 2
                $0.cursor = .init([1, 0, 1])
                $0.recordedAt = 1
                $0.hash = .init(repeating: 9, count: 32)
            }
        }
        return .ok(try Care_V1_AppendBatchReply.with { $0.replies = [reply] }.serializedBytes())
    }

    @Test("不拿丢失的登记当作已记：全部忘掉，从头读起，再交的命令再登记一次")
    func forgets() throws {
        let news = BusReply.ok(try Care_V1_ReadAllReply.with { $0.atHead = true }.serializedBytes())
        let command = IntakeWorldTests.registration(1, tokens: [1])
        var desk = Desk()
        desk.give(.started)
        try desk.answer(.readAll, news)
        // The log rests on no key for tokens yet: this one is put on record first.
        try desk.answer(.append, try Self.appended())
        try desk.submit(command)
        try desk.answer(.append, try Self.appended())
        #expect(desk.status == .ok)
        try desk.submit(command)
        #expect(desk.status == .ok && desk.request(.append) == nil, "known without asking")

        desk.give(.timer(TimerID(rawValue: 1)))
        try desk.answer(.readAll, .problem(.placeUnknown))
        let again = try #require(desk.request(.readAll))
        #expect(try Care_V1_ReadAll(serializedBytes: again.body).cursor.isEmpty)
        let (link, tag) = (again.link, again.tag)
        try desk.submit(command)
        #expect(desk.status?.isRetriable == true, "nothing is known yet: come again")
        desk.give(.reply(link, tag: tag, news))
        try desk.answer(.append, try Self.appended())
        try desk.submit(command)
        #expect(desk.status == nil && desk.request(.append) != nil, "it is not recorded in this log")
    }
}
