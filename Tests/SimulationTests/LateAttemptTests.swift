import CareDomain
import CareWire
import EventLog
import Testing
import ZeroMQ

@testable import ArchiveCore
@testable import MessageBus

/// A clerk is told that a command is refused; then an earlier attempt at it, which was on its way to either intake all the
/// time, arrives, and by now it would be in order.
@Suite("模拟：拒绝以后才到的旧发送")
struct LateAttemptTests {
    /// What became of the command.
    private struct Outcome: Equatable {
        /// Whether a late attempt was carried out.
        var isLateOneDone: Bool
        /// Whether it stands in the log once it was submitted again.
        var isDone: Bool
    }

    private static func identifier(_ number: UInt64) -> CommandID { CommandID(Identifier128(high: 77, low: number)) }

    /// The family as it is registered, with one member.
    private static func registration(_ today: CivilDay) -> HouseholdCommand {
        let id = identifier(1)
        let person = PersonID.derived(from: id, place: 0)
        let mother = PersonJoined(
            person: person, role: .wife,
            sealed: [
                SealedPart(subject: person, details: PersonalDetails(name: "某人", idNumber: People.idNumber(0)))
            ])
        return HouseholdCommand(
            id: id, household: HouseholdID.derived(from: id), occurredOn: today,
            action: .registerHousehold(
                RegisterHousehold(household: HouseholdRegistered(division: People.home), members: [mother])))
    }

    /// What is said of it before it is registered.
    private static func fact(_ today: CivilDay) -> HouseholdCommand {
        HouseholdCommand(
            id: identifier(2), household: HouseholdID.derived(from: identifier(1)), occurredOn: today,
            action: .stateFact(
                FactStated(
                    fact: FactID(unchecked: "household.poor"), subject: .household, value: .bool(true),
                    source: Code(unchecked: "certificate"))))
    }

    /// Lets time pass until something is so, a minute at most.
    private static func wait(_ world: World, until isSo: () -> Bool) {
        let end = world.now + 60_000_000
        while !isSo(), world.now < end, world.failures.isEmpty { world.run(until: world.now + 100_000) }
    }

    /// Has the clerk send a command, and waits for the answer.
    private static func answer(_ command: HouseholdCommand, _ world: World) throws -> Ledger.Answer? {
        world.ledger.add(
            Ledger.Entry(
                command: command, bytes: try CommandCodec.encode(command), clerk: .clerk, firstSent: world.now))
        // It goes on with what stands on its disk and has no answer.
        world.end(.clerk, startingAgainAfter: 1_000)
        wait(world) { world.ledger.entry(command.id)?.answer != nil }
        return world.ledger.entry(command.id)?.answer
    }

    /// An attempt arrives at both intakes, on connections that nobody listens to any more.
    private static func arrive(_ command: HouseholdCommand, submission: UInt64, _ world: World) throws {
        let id = try #require(RequestID(command.id.value.bytes))
        let frame = RequestFrame(
            id: id, remainingMilliseconds: 10_000, method: .submitCommand, body: try CommandCodec.encode(command),
            attempt: 1, submission: submission)
        for (number, name) in [MachineName.intake, .secondIntake].enumerated() {
            let route = try #require(RoutingID([0, 255, 0, 0, 0, 0, 0, 0, UInt8(number)]))
            let bytes = ClientFrame.request(frame).encoded()
            world.deliver(to: name) { $0.receive(bytes, from: route, key: MachineName.clerk.key, $1) }
        }
        world.run(until: world.now + 5_000_000)
    }

    /// How care-archive ends between the refusal and the late attempt.
    private enum End: CaseIterable {
        case killed, powerLost
    }

    private static func run(_ mutant: Mutant?, archive end: End? = nil) throws -> Outcome {
        let world = try World(seed: 7, mutant: mutant)
        defer { world.close() }
        world.becomeCalm()
        for name in [MachineName.archive, .intake, .secondIntake, .clerk] { world.start(name) }
        wait(world) { world.people.hasPack }
        try #require(world.people.hasPack)
        let (fact, registration) = (fact(world.today), registration(world.today))
        // The number that an attempt had which the clerk made now.
        let early = UInt64(World.beginning + world.now)
        let refused = try answer(fact, world)
        guard case .refused? = refused else {
            Issue.record("a fact about a family that is not registered: \(String(describing: refused))")
            return Outcome(isLateOneDone: false, isDone: false)
        }
        let recorded = try answer(registration, world)
        guard case .recorded(let household, _, let last, _)? = recorded else {
            Issue.record("the family was not registered: \(String(describing: recorded))")
            return Outcome(isLateOneDone: false, isDone: false)
        }
        if let end {
            world.archive.losesPower = end == .powerLost
            world.end(.archive, startingAgainAfter: 100_000)
            world.run(until: world.now + 5_000_000)
        }
        func events() throws -> UInt64 {
            let log = try #require(world.archive.node?.core.log)
            return log.streamHead(try StreamName(.household, "\(household)"))?.sequence.rawValue ?? 0
        }
        try arrive(fact, submission: early, world)
        let isLateOneDone = try events() > last
        try arrive(fact, submission: UInt64(World.beginning + world.now), world)
        #expect(world.failures == [])
        return Outcome(isLateOneDone: isLateOneDone, isDone: try events() > last)
    }

    @Test("旧发送不办，重新提交的照办")
    func lateAttemptsAreNotCarriedOut() throws {
        #expect(try Self.run(nil) == Outcome(isLateOneDone: false, isDone: true))
    }

    @Test("档案服务其间被杀、断电，重新启动后也一样", arguments: End.allCases)
    private func acrossStarts(_ end: End) throws {
        #expect(try Self.run(nil, archive: end) == Outcome(isLateOneDone: false, isDone: true))
    }

    @Test("忘了拒绝过的，会被发现")
    func mutantIsFound() throws {
        #expect(try Self.run(.forgetsRefusals) == Outcome(isLateOneDone: true, isDone: true))
    }
}
