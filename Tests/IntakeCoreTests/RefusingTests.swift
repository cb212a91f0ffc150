import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import MessageBus
import SwiftProtobuf
import Testing
import ZeroMQ

@testable import IntakeCore

/// A refusal is told only when care-archive knows of it, and takes no late attempt any more.
@Suite("受理：先告知档案服务，再答拒绝")
struct RefusingTests {
    private typealias World = IntakeWorldTests

    private static let now = BusMoment(
        monotonic: MonotonicTime(nanoseconds: 1), utcMicroseconds: World.start.microseconds)

    private static func step(
        _ service: inout IntakeService, _ input: ServiceInput<IntakeWork, IntakeNews>
    ) -> [ServiceAction<IntakeWork>] {
        var actions: [ServiceAction<IntakeWork>] = []
        service.step(input, now: now, actions: &actions)
        service.turnEnded(now: now, actions: &actions)
        return actions
    }

    private static func requests(
        _ actions: [ServiceAction<IntakeWork>]
    ) -> [(link: LinkID, tag: UInt64, request: OutgoingRequest)] {
        actions.compactMap { action in
            if case .request(let link, let tag, let request) = action { (link, tag, request) } else { nil }
        }
    }

    private static func replies(_ actions: [ServiceAction<IntakeWork>]) -> [BusReply] {
        actions.compactMap { action in if case .reply(_, let reply) = action { reply } else { nil } }
    }

    /// A service that has read the log, which holds nothing, and put its key on record.
    private static func ready() throws -> IntakeService {
        var service = IntakeService(
            core: IntakeCore(principal: IntakeWorld.principal(of: 0)),
            tokenKey: TokenKey(bytes: Array(repeating: 7, count: 32))!, idSeed: 1)
        let news: [UInt8] = try Care_V1_ReadAllReply.with { $0.atHead = true }.serializedBytes()
        let first = try #require(requests(step(&service, .started)).first { $0.request.method == .readAll })
        let second = requests(step(&service, .reply(first.link, tag: first.tag, .ok(news))))
        let key = try #require(second.first { $0.request.method == .append })
        let appended = Care_V1_AppendReply.with {
            $0.appended = .with {
                $0.stream = "deployment-tokens"
                $0.firstSequence = 1
                $0.lastSequence = 1
                $0.cursor = .init([1, 0, 1])
                $0.recordedAt = 1
                $0.hash = .init(repeating: 9, count: 32)
            }
        }
        let taken: [UInt8] = try Care_V1_AppendBatchReply.with { $0.replies = [appended] }.serializedBytes()
        _ = step(&service, .reply(key.link, tag: key.tag, .ok(taken)))
        return service
    }

    private static func incoming(
        _ command: HouseholdCommand, _ method: BusMethod = .submitCommand, submission: UInt64
    ) throws -> ServiceInput<IntakeWork, IntakeNews> {
        let key = try #require(CurvePublicKey(raw: Array(repeating: 3, count: 32)))
        let peer = Peer(name: "township", key: key, divisions: ["431000"], rights: [.command])
        return .request(
            IncomingRequest(
                token: ReplyToken(number: 1), peer: peer, id: RequestID(1, 1), method: method,
                body: try CommandCodec.encode(command), deadline: MonotonicTime(nanoseconds: .max),
                submission: submission))
    }

    /// About a family that is not registered.
    private static let command = HouseholdCommand(
        id: World.identifier(5), household: HouseholdID.derived(from: World.identifier(1)), occurredOn: World.today,
        action: .stateFact(
            FactStated(
                fact: FactID(unchecked: "household.poor"), subject: .household, value: .bool(true),
                source: Code(unchecked: "certificate"))))

    /// Sends the command, lets care-archive say that there is no such family, and gives what intake does then.
    private static func refused(
        _ service: inout IntakeService, _ method: BusMethod = .submitCommand, submission: UInt64
    ) throws -> [ServiceAction<IntakeWork>] {
        let asked = requests(step(&service, try incoming(command, method, submission: submission)))
        let reading = try #require(asked.first { $0.request.method == .readStream })
        let none: [UInt8] = try Care_V1_ReadStreamReply().serializedBytes()
        return step(&service, .reply(reading.link, tag: reading.tag, .ok(none)))
    }

    @Test("拒绝之前告知：哪条流、哪个追加、第几次提交；得到答复才答")
    func tellsFirst() throws {
        var service = try Self.ready()
        let actions = try Self.refused(&service, submission: 40)
        #expect(Self.replies(actions).isEmpty)
        let told = try #require(Self.requests(actions).first)
        #expect(told.request.method == .refuseCommand)
        let wire = try Care_V1_RefuseCommand(serializedBytes: told.request.body)
        #expect(wire.stream == ArchiveMessages.stream(of: Self.command.household))
        #expect(Array(wire.appendID) == Self.command.id.value.bytes && wire.submission == 40)
        let received = try CommandCodec.decode(try CommandCodec.encode(Self.command))
        #expect(Array(wire.contentDigest) == received.digest.bytes)
        let answer = Self.step(&service, .reply(told.link, tag: told.tag, .ok()))
        #expect(Self.replies(answer).map(\.status) == [.notFound])
    }

    @Test("另一次发送已记、档案服务没有应答：都不答拒绝，请再来；旧版档案服务不懂，照旧答拒绝")
    func otherAnswers() throws {
        let recorded: [UInt8] = try Care_V1_RefuseCommandReply.with { $0.recorded = true }.serializedBytes()
        let cases: [(BusReply, BusStatus, String?)] = [
            (.ok(recorded), .unavailable, "CARE-6529"),
            (.problem(.unreachable), .unavailable, BusProblem.unreachable.code),
            (.problem(.overloaded), .unavailable, BusProblem.overloaded.code),
            (.problem(.unknownMethod), .notFound, nil),
        ]
        for (reply, status, code) in cases {
            var service = try Self.ready()
            let told = try #require(Self.requests(try Self.refused(&service, submission: 40)).first)
            let answers = Self.replies(Self.step(&service, .reply(told.link, tag: told.tag, reply)))
            #expect(answers.map(\.status) == [status])
            if let code { #expect(answers.first?.code == code) }
        }
    }

    @Test("没有编号的、只是试一试的、按密钥就能拒绝的：不必告知，立刻答")
    func notTold() throws {
        for (method, submission) in [(BusMethod.submitCommand, 0), (.tryCommand, 40)] as [(BusMethod, UInt64)] {
            var service = try Self.ready()
            let actions = try Self.refused(&service, method, submission: submission)
            #expect(Self.replies(actions).map(\.status) == [.notFound])
        }
        // Of a repeat care-archive could only say that the command stands, every time.
        let unheard = Refusal(.fileOwner)
        #expect(IntakeService.isDecidedByKey(unheard.ofRepeat) && !IntakeService.isDecidedByKey(unheard))
        var service = try Self.ready()
        var elsewhere = World.registration(9, tokens: [1])
        guard case .registerHousehold(let register) = elsewhere.action else { return }
        elsewhere.action = .registerHousehold(
            RegisterHousehold(
                household: HouseholdRegistered(division: DivisionCode("440100")!), members: register.members))
        let actions = Self.step(&service, try Self.incoming(elsewhere, submission: 40))
        #expect(Self.requests(actions).allSatisfy { $0.request.method == .readStream })
        guard let reading = Self.requests(actions).first else {
            #expect(Self.replies(actions).map(\.status) == [.unauthorised])
            return
        }
        let none: [UInt8] = try Care_V1_ReadStreamReply().serializedBytes()
        let after = Self.step(&service, .reply(reading.link, tag: reading.tag, .ok(none)))
        #expect(Self.replies(after).map(\.status) == [.unauthorised])
    }

    @Test("决定命令的追加带着提交的编号；答复以后不再带")
    func appendsCarryIt() throws {
        var service = try Self.ready()
        let registration = World.registration(3, tokens: [1])
        let actions = Self.step(&service, try Self.incoming(registration, submission: 41))
        let sent = try #require(Self.requests(actions).first { $0.request.method == .append })
        let appends = try Care_V1_AppendBatch(serializedBytes: sent.request.body).appends
        #expect(appends.map(\.submission) == [41])
        #expect(appends.map { Array($0.appendID) } == [registration.id.value.bytes])
        #expect(service.submissions.number(of: registration.id) == 41)
        _ = Self.step(&service, .reply(sent.link, tag: sent.tag, .problem(.unreachable)))
        #expect(service.submissions.number(of: registration.id) == 0)
    }

    @Test("同一命令的两次提交同时在办：追加带较早的编号，都答完才算完")
    func twoAtATime() throws {
        var submissions = Submissions()
        let append = DecidingAppend(Self.command)
        func entry(_ number: UInt64) -> Submissions.Entry {
            Submissions.Entry(append: append, digest: Self.command.id.value, number: number)
        }
        submissions.begin(RequestToken(1), entry(8))
        submissions.begin(RequestToken(2), entry(5))
        submissions.begin(RequestToken(3), entry(0))
        #expect(submissions.number(of: Self.command.id) == 5)
        #expect(submissions.end(RequestToken(3)) == nil)
        #expect(submissions.end(RequestToken(2))?.number == 5)
        #expect(submissions.number(of: Self.command.id) == 5)
        #expect(submissions.end(RequestToken(1))?.number == 8)
        #expect(submissions.number(of: Self.command.id) == 0)
    }

    @Test("决定命令的是哪个追加：归并看去处的档案，发放看受助家庭，收回只有编号")
    func deciding() {
        let id = World.identifier(4)
        let (one, other) = (HouseholdID(Identifier128(high: 1, low: 1)), HouseholdID(Identifier128(high: 1, low: 2)))
        let merge = HouseholdCommand(
            id: id, household: one, occurredOn: World.today, action: .mergeHousehold(MergeHousehold(into: other)))
        #expect(DecidingAppend(merge).place == .household(other))
        #expect(DecidingAppend(merge).id == CommandID.derived(id, "arrive"))
        let unit = DivisionCode("431002")!
        let release = UnitCommand(
            id: id, unit: unit, occurredOn: World.today,
            action: .release(GrantEnd(grant: GrantID(World.identifier(2)), reason: Code(unchecked: "error"))))
        #expect(DecidingAppend(release).stream.isEmpty)
        #expect(DecidingAppend(release).id == CommandID.derived(id, "revoke"))
    }
}
