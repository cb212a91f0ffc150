import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import MessageBus
import SwiftProtobuf
import Testing
import ZeroMQ

@testable import IntakeCore

@Suite("受理：一份日志只认一把证件密钥", .timeLimit(.minutes(5)))
struct TokenKeyTests {
    private static func key(_ byte: UInt8) -> TokenKey { TokenKey(bytes: Array(repeating: byte, count: 32))! }
    private static let number = "431002196503071224"

    /// Everything `deployment-token-key` says.
    private func adopted(_ world: IntakeWorld) throws -> [TokenKeyAdopted] {
        try world.read(TokenKeyAppend.stream, after: 0).map(ArchiveMessages.tokenKey)
    }

    /// A log of an earlier release: a family in it, no key named.
    private func earlierLog(
        tokens key: TokenKey, readable: Bool = true, seed: UInt64 = 3
    ) throws -> (world: IntakeWorld, household: HouseholdID) {
        var world = try IntakeWorldTests.ready(2, seed: seed)
        var command = IntakeWorldTests.registration(1, tokens: [1])
        if case .registerHousehold(var register) = command.action {
            register.members[0].token = key.token(of: try ResidentIDNumber(Self.number))
            if readable {
                register.members[0].sealed = [
                    SealedPart(
                        subject: register.members[0].person, details: PersonalDetails(idNumber: Self.number))
                ]
            }
            command.action = .registerHousehold(register)
        }
        let token = try world.send(command, to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 400)
        guard case .recorded? = world.answers[token] else {
            Issue.record("not registered: \(String(describing: world.answers[token]))")
            return (world, command.household)
        }
        return (world, command.household)
    }

    @Test("空日志：几个受理服务同时启动，指纹只登记一次，都开始受理")
    func agree() throws {
        for seed in 1...40 as ClosedRange<UInt64> {
            var world = try IntakeWorld(intakes: 3, seed: seed, start: IntakeWorldTests.start)
            world.restart(withKeys: Array(repeating: Self.key(7), count: 3))
            world.weather = .init(callsLost: 80, answersLost: 80)
            try world.run(steps: 300)
            world.weather = .init()
            try world.run(steps: 300)
            #expect((0..<3).allSatisfy(world.isReady))
            #expect(
                try adopted(world) == [TokenKeyAdopted(fingerprint: Self.key(7).fingerprint, basis: .nobodyYet)])
        }
    }

    @Test("空日志，两把不同的密钥同时来：先到的算数，另一个不受理")
    func oneOfTwo() throws {
        for seed in 1...40 as ClosedRange<UInt64> {
            var world = try IntakeWorld(intakes: 2, seed: seed, start: IntakeWorldTests.start)
            world.restart(withKeys: [Self.key(7), Self.key(8)])
            try world.run(steps: 400)
            let first = try #require(try adopted(world).first)
            let loser = first.fingerprint == Self.key(7).fingerprint ? 1 : 0
            #expect(try adopted(world).count == 1)
            #expect(world.isReady(1 - loser) && !world.isReady(loser))
            #expect(world.refusedKeys == [loser: .otherThanRecorded])
            // Also when it comes again, with or without what it remembers.
            world.kill(loser)
            try world.run(steps: 200)
            #expect(!world.isReady(loser))
        }
    }

    @Test("旧日志：对得上在册证件号的密钥才登记，对不上的不受理、什么也不写")
    func earlierRelease() throws {
        var (world, _) = try earlierLog(tokens: Self.key(7))
        let before = try world.allEvents().count
        world.restart(withKeys: [Self.key(8), Self.key(8)])
        try world.run(steps: 300)
        #expect(world.refusedKeys == [0: .otherThanPeople, 1: .otherThanPeople])
        #expect(try world.allEvents().count == before && !world.isReady(0))
        world.restart(withKeys: [Self.key(7), Self.key(7)])
        try world.run(steps: 300)
        #expect(world.isReady(0) && world.isReady(1))
        #expect(
            try adopted(world) == [TokenKeyAdopted(fingerprint: Self.key(7).fingerprint, basis: .matchesRecord)])
    }

    @Test("旧日志里读不到证件号：第一把密钥算数，并如实记下“无从核对”")
    func nothingToCheck() throws {
        var (world, _) = try earlierLog(tokens: Self.key(7), readable: false)
        world.restart(withKeys: [Self.key(8), Self.key(8)])
        try world.run(steps: 300)
        #expect(try adopted(world) == [TokenKeyAdopted(fingerprint: Self.key(8).fingerprint, basis: .unchecked)])
    }

    @Test("指纹那一条损坏：与在册人员相符的密钥照常受理")
    func damagedRecord() throws {
        var (world, _) = try earlierLog(tokens: Self.key(7))
        try world.fence(stream: TokenKeyAppend.stream)
        world.restart(withKeys: [Self.key(7), Self.key(8)])
        try world.run(steps: 400)
        #expect(world.isReady(0) && !world.isReady(1) && world.refusedKeys == [1: .otherThanPeople])
    }

    @Test("连不上档案服务：密钥不是上次的那一把，命令不收也不暂存")
    func cutOff() throws {
        var (world, household) = try earlierLog(tokens: Self.key(7))
        world.restart(withKeys: [Self.key(7), Self.key(7)])
        try world.run(steps: 300)
        let image = try #require(world.image(of: 0))
        #expect(image.tokenKey == Self.key(7).fingerprint)
        #expect(try IntakeImage(decoding: image.encoded()) == image)
        for (own, code) in [(Self.key(7), "CARE-2005"), (Self.key(8), "CARE-6343")] {
            var service = IntakeService(
                core: IntakeCore(principal: IntakeWorld.principal(of: 0), image: image), tokenKey: own, idSeed: 1)
            let now = BusMoment(
                monotonic: MonotonicTime(nanoseconds: 1), utcMicroseconds: IntakeWorldTests.start.microseconds)
            var actions: [ServiceAction<IntakeWork>] = []
            service.step(.started, now: now, actions: &actions)
            actions = []
            let command = HouseholdCommand(
                id: IntakeWorldTests.identifier(9), household: household, occurredOn: IntakeWorldTests.today,
                action: .openPlanItem(PlanItemOpened(department: DepartmentID(unchecked: "dept.fp"))))
            let peer = Peer(
                name: "township", key: CurvePublicKey(raw: Array(repeating: 3, count: 32))!, divisions: ["431000"],
                rights: [.command])
            service.step(
                .request(
                    IncomingRequest(
                        token: ReplyToken(number: 1), peer: peer, id: RequestID(1, 1), method: .submitCommand,
                        body: try CommandCodec.encode(command), deadline: MonotonicTime(nanoseconds: .max))),
                now: now, actions: &actions)
            guard case .reply(_, let reply)? = actions.first else {
                Issue.record("no answer")
                continue
            }
            #expect(reply.code == code)
        }
    }
}
