import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import SwiftProtobuf
import Testing
import ZeroMQ

@testable import IntakeCore
@testable import MessageBus

@Suite("受理：一轮里的追加合成一条消息")
struct AppendBundleTests {
    private static func bundle() -> AppendBundle {
        var bundle = AppendBundle()
        bundle.add(.household(CallID(1)), 1)
        bundle.add(.persons(CallID(2)), 2)
        bundle.add(.household(CallID(3)), 1)
        return bundle
    }

    private static func appended(_ sequence: UInt64, events: UInt64 = 1) -> Care_V1_AppendReply {
        .with {
            $0.appended = .with {
                $0.stream = "household-a"
                $0.firstSequence = sequence
                $0.lastSequence = sequence + events - 1
                $0.cursor = .init([1, 0, UInt8(sequence)])
                $0.recordedAt = 1
                $0.hash = .init(repeating: 9, count: 32)
            }
        }
    }

    private static func reply(_ replies: [Care_V1_AppendReply]) throws -> BusReply {
        .ok(try Care_V1_AppendBatchReply.with { $0.replies = replies }.serializedBytes())
    }

    /// Call and first sequences, -1 for anything but "appended".
    private static func seen(_ inputs: [IntakeInput]) -> [[Int]] {
        func number<Event: Hashable & Sendable>(_ answer: AppendAnswer<Event>) -> Int {
            if case .appended(let place) = answer { Int(place.first) } else { -1 }
        }
        return inputs.map { input in
            switch input {
            case .householdAppended(let call, let answer): [Int(call.rawValue), number(answer)]
            case .personsAppended(let call, let answers): [Int(call.rawValue)] + answers.map(number)
            case .callFailed(let call, _): [Int(call.rawValue)]
            default: []
            }
        }
    }

    @Test("每个追加得到自己的答复，次序不变")
    func answersInOrder() throws {
        let all = try Self.reply([5, 6, 7, 8].map { Self.appended($0) })
        #expect(Self.seen(Self.bundle().inputs(from: all)) == [[1, 5], [2, 6, 7], [3, 8]])
        var mixed = [5, 6, 7, 8].map { Self.appended($0) }
        mixed[2] = .with { $0.idReused = .with { $0.appendID = .init(repeating: 1, count: 16) } }
        #expect(Self.seen(Self.bundle().inputs(from: try Self.reply(mixed))) == [[1, 5], [2, 6, -1], [3, 8]])
    }

    @Test("重发过的追加，答已有：登记于开始之后的是自己的，开始之前的、没有重发的是此前的")
    func repeatsThatAreOwn() throws {
        let household = HouseholdID(Identifier128(high: 0, low: 1))
        let claim = PersonClaim(
            household: household, person: PersonID(Identifier128(high: 0, low: 2)),
            command: CommandID(Identifier128(high: 0, low: 3)))
        let settling = ReservationFlow(
            token: PersonToken(Identifier128(high: 0, low: 4)), claim: claim, today: CivilDay(dayNumber: 17_000))
        func mayBeOwn(isResent: Bool, recordedAt: Int64, begun: Int64?) throws -> Bool? {
            var bundle = AppendBundle()
            bundle.add(.household(CallID(1)), 1)
            var known = Self.appended(5)
            known.alreadyAppended = known.appended
            known.alreadyAppended.recordedAt = recordedAt
            var reply = try Self.reply([known])
            reply.isResent = isResent
            guard case .householdAppended(_, let answer)? = bundle.inputs(from: reply).first else { return nil }
            let entry = ActiveHousehold(
                CachedHousehold(id: household), .reservation(settling),
                since: begun.map { Moment(microseconds: $0) })
            guard case .repeated(let place) = entry.told(answer) else { return nil }
            return place.mayBeOwn
        }
        #expect(try mayBeOwn(isResent: true, recordedAt: 150, begun: 100) == true)
        #expect(try mayBeOwn(isResent: true, recordedAt: 100, begun: 100) == false)
        #expect(try mayBeOwn(isResent: false, recordedAt: 150, begun: 100) == false)
        #expect(try mayBeOwn(isResent: true, recordedAt: 150, begun: nil) == false)
    }

    @Test("没有答复、答复少了一份：每一个都失败，无一当作已记")
    func failsWhole() throws {
        let few = try Self.reply([5, 6, 7].map { Self.appended($0) })
        for reply in [few, .problem(.deadline), .ok([0xff])] {
            #expect(Self.seen(Self.bundle().inputs(from: reply)) == [[1], [2], [3]])
        }
    }

    @Test("同一轮的两条命令：一条追加消息，各得答复")
    func oneMessagePerTurn() throws {
        let now = BusMoment(
            monotonic: MonotonicTime(nanoseconds: 1), utcMicroseconds: IntakeWorldTests.start.microseconds)
        var service = IntakeService(
            core: IntakeCore(principal: IntakeWorld.principal(of: 0)),
            tokenKey: TokenKey(bytes: Array(repeating: 7, count: 32))!, idSeed: 1)
        var actions: [ServiceAction<IntakeWork>] = []
        service.step(.started, now: now, actions: &actions)
        let news: [UInt8] = try Care_V1_ReadAllReply.with { $0.atHead = true }.serializedBytes()
        for action in actions {
            if case .request(let link, let tag, _) = action {
                service.step(.reply(link, tag: tag, .ok(news)), now: now, actions: &actions)
            }
        }
        actions = []
        service.turnEnded(now: now, actions: &actions)
        // First of all the key for tokens is put on record.
        for action in actions {
            if case .request(let link, let tag, _) = action {
                let reply = try Self.reply([Self.appended(1)])
                service.step(.reply(link, tag: tag, reply), now: now, actions: &actions)
            }
        }
        actions = []
        let key = CurvePublicKey(raw: Array(repeating: 3, count: 32))!
        let peer = Peer(name: "township", key: key, divisions: ["431000"], rights: [.command])
        for number in 1...2 as ClosedRange<UInt64> {
            let command = IntakeWorldTests.registration(number, tokens: [number])
            service.step(
                .request(
                    IncomingRequest(
                        token: ReplyToken(number: number), peer: peer, id: RequestID(1, number),
                        method: .submitCommand, body: try CommandCodec.encode(command),
                        deadline: MonotonicTime(nanoseconds: .max))), now: now, actions: &actions)
        }
        #expect(actions.isEmpty)
        service.turnEnded(now: now, actions: &actions)
        guard actions.count == 1, case .request(let link, let tag, let request) = actions[0] else {
            Issue.record("not one request: \(actions.count)")
            return
        }
        #expect(try Care_V1_AppendBatch(serializedBytes: request.body).appends.count == 2)
        actions = []
        service.step(
            .reply(link, tag: tag, try Self.reply([Self.appended(1, events: 2), Self.appended(1, events: 2)])),
            now: now, actions: &actions)
        let answered = actions.compactMap { action in
            if case .reply(let token, let reply) = action, reply.status == .ok { token.number } else { nil }
        }
        #expect(answered == [1, 2])
    }

    @Test("说是不改变家庭成员的事件，确实不改变")
    func eventsThatKeepPersons() {
        let family = InventedFamily()
        var history = HouseholdHistory(id: family.stream.id)
        var changes = 0
        for event in family.stream.events {
            var event = event
            if case .personJoined(var joined) = event.proposed.event {
                joined.token = PersonToken(joined.person.value)
                event.proposed.event = .personJoined(joined)
            }
            let before = heldPersons(of: history.household, by: nil)
            history.append(event)
            guard heldPersons(of: history.household, by: nil) != before else { continue }
            changes += 1
            #expect(event.proposed.mayChangePersons)
        }
        #expect(changes >= 3)
    }

    @Test("密钥的几个角色都算；记录里写的是代码最前的一个")
    func everyRoleOfAKey() throws {
        let key = try #require(CurvePublicKey(raw: Array(repeating: 3, count: 32)))
        let peer = Peer(
            name: "county", key: key, department: "dept.fp", divisions: ["431002"], roles: ["reviewer", "clerk"],
            rights: [.command])
        let principal = try #require(Principal(peer: peer))
        #expect(principal.roles == [Code(unchecked: "clerk"), Code(unchecked: "reviewer")])
        #expect(principal.role.rawValue == "clerk")
    }
}
