import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

/// Commands that come again when the world has moved on, and what a first attempt left behind. Found by the simulation.
@Suite("受理：重发与遗留的占位")
struct RepeatedCommandTests {
    private typealias World = IntakeWorldTests

    private static func leave(_ number: UInt64, _ registration: HouseholdCommand, place: Int) -> HouseholdCommand {
        HouseholdCommand(
            id: World.identifier(number), household: registration.household, occurredOn: World.today,
            action: .removePerson(
                PersonLeft(
                    person: PersonID.derived(from: registration.id, place: place), reason: Code(unchecked: "moved_out"))
            ))
    }

    /// The first person of a command.
    private static func person(_ number: UInt64) -> PersonID {
        PersonID.derived(from: World.identifier(number), place: 0)
    }

    private static func registration(_ number: UInt64, of members: [PersonJoined]) -> HouseholdCommand {
        let id = World.identifier(number)
        let register = RegisterHousehold(
            household: HouseholdRegistered(division: World.division), members: members)
        return HouseholdCommand(
            id: id, household: HouseholdID.derived(from: id), occurredOn: World.today,
            action: .registerHousehold(register))
    }

    /// Sends a command and gives what was answered to it.
    private static func answer(
        _ command: HouseholdCommand, _ world: inout IntakeWorld, intake: Int = 0
    ) throws -> CommandResult? {
        let token = try world.send(command, to: intake, as: World.clerk)
        try world.run(steps: 300)
        return world.answers[token]
    }

    private static func isRecorded(_ answer: CommandResult?) -> Bool {
        if case .recorded? = answer { true } else { false }
    }

    @Test("建档已记，成员后来去了别户，受理重启后再发：仍答已记，不说人在别户")
    func registrationAfterItsPeopleMoved() throws {
        var world = try World.ready(1, seed: 1)
        let first = World.registration(1, tokens: [1, 2])
        #expect(Self.isRecorded(try Self.answer(first, &world)))
        #expect(Self.isRecorded(try Self.answer(Self.leave(2, first, place: 1), &world)))
        #expect(Self.isRecorded(try Self.answer(World.registration(3, tokens: [2]), &world)))
        world.kill(0)
        try world.run(steps: 40)
        guard case .recorded(let again)? = try Self.answer(first, &world) else {
            Issue.record("the registration was recorded and is refused now")
            return
        }
        #expect(again.isRepeated && again.place.first == 1 && again.place.last == 3)
    }

    @Test("别人登记过的命令，无权登记的再发：照样退回，不答已登记；有权的同事、本人再发，答已登记")
    func repeatedByOthers() throws {
        var world = try World.ready(1, seed: 3)
        let first = World.registration(1, tokens: [1, 2])
        #expect(Self.isRecorded(try Self.answer(first, &world)))
        func answer(_ actor: String, _ department: String) throws -> CommandResult? {
            var caller = World.clerk
            caller.principal.actor = Code(unchecked: actor)
            caller.principal.department = DepartmentID(unchecked: department)
            let token = try world.send(first, to: 0, as: caller)
            try world.run(steps: 300)
            return world.answers[token]
        }
        guard case .refused(let refusal)? = try answer("water-1", "dept.water") else {
            Issue.record("a department that keeps no files is told that it recorded one")
            return
        }
        #expect(refusal.reason == .fileOwner && refusal.isOfRepeat)
        #expect(Self.isRecorded(try answer("fp-2", "dept.fp")))
        #expect(Self.isRecorded(try Self.answer(first, &world)))
        #expect(try world.household(first.household).household.members.count == 2)
    }

    @Test("被拒的建档还了占位；同一编号再来，不把旧占位当作仍在")
    func oldReservationIsNotReliedOn() throws {
        var world = try World.ready(1, seed: 2)
        let holder = World.registration(1, tokens: [2])
        #expect(Self.isRecorded(try Self.answer(holder, &world)))
        let both = World.registration(2, tokens: [1, 2])
        #expect(!Self.isRecorded(try Self.answer(both, &world)))
        #expect(Self.isRecorded(try Self.answer(World.registration(3, tokens: [1]), &world)))
        #expect(Self.isRecorded(try Self.answer(Self.leave(4, holder, place: 0), &world)))
        guard case .refused(let refusal)? = try Self.answer(both, &world) else {
            Issue.record("person 1 is in two households")
            return
        }
        #expect(refusal.reason == .personElsewhere)
    }

    @Test("两个受理同时办同一建档，一个作罢：另一个所靠的占位还在", arguments: UInt64(1)...60)
    func anotherAttemptGivesUp(seed: UInt64) throws {
        let weather = IntakeWorld.Weather(callsLost: 60, answersLost: 60, kills: 5)
        var world = try World.ready(2, seed: seed, weather: weather)
        let commands = [
            World.registration(1, tokens: [2]), World.registration(2, tokens: [1, 2, 3]),
            World.registration(3, tokens: [1]),
        ]
        for round in 0..<4 {
            for command in commands { try world.send(command, to: round % 2, as: World.clerk) }
            for command in commands { try world.send(command, to: 1 - round % 2, as: World.clerk) }
            try world.run(steps: 60)
            if round == 1 {
                try world.send(Self.leave(10, commands[0], place: 0), to: 0, as: World.clerk)
                try world.run(steps: 20)
            }
        }
        try world.calm()
        var homes: [PersonToken: Int] = [:]
        for command in commands {
            for token in heldPersons(of: try world.household(command.household).household, by: nil).keys {
                homes[token, default: 0] += 1
            }
        }
        #expect(homes.values.allSatisfy { $0 == 1 }, "seed \(seed): \(homes)")
    }

    @Test("并户时无人有证件号码：照样办完，不在空的人员流上打转")
    func mergerWithoutNumberedPersons() throws {
        var world = try World.ready(1, seed: 4)
        let nobody = Self.registration(1, of: [PersonJoined(person: Self.person(1), role: .other)])
        let target = World.registration(2, tokens: [3])
        #expect(Self.isRecorded(try Self.answer(nobody, &world)))
        #expect(Self.isRecorded(try Self.answer(target, &world)))
        let merger = MoveTests.merge(3, nobody.household, into: target.household)
        #expect(Self.isRecorded(try Self.answer(merger, &world)))
    }

    @Test("本户已有此人，另一受理不知情又要添一次：拒绝之后仍占着，别户登记不了")
    func refusedAdditionKeepsTheHold() throws {
        var world = try World.ready(2, seed: 6)
        let first = World.registration(1, tokens: [1])
        #expect(Self.isRecorded(try Self.answer(first, &world, intake: 0)))
        // Both intakes know the household as it is now.
        for intake in [0, 1] {
            let visit = HouseholdCommand(
                id: World.identifier(UInt64(20 + intake)), household: first.household, occurredOn: World.today,
                action: Self.adding(UInt64(5 + intake), by: UInt64(20 + intake)))
            #expect(Self.isRecorded(try Self.answer(visit, &world, intake: intake)))
        }
        for (number, intake) in [(UInt64(30), 1), (31, 0)] {
            let command = HouseholdCommand(
                id: World.identifier(number), household: first.household, occurredOn: World.today,
                action: Self.adding(2, by: number))
            #expect(Self.isRecorded(try Self.answer(command, &world, intake: intake)) == (number == 30))
        }
        #expect(!Self.isRecorded(try Self.answer(World.registration(40, tokens: [2]), &world)))
        guard case .held(let claim) = try MoveTests.standing(world, 2).state else {
            Issue.record("the person is not held")
            return
        }
        #expect(claim.household == first.household)
    }

    private static func adding(_ token: UInt64, by command: UInt64) -> HouseholdAction {
        .addPerson(
            PersonJoined(
                person: PersonID.derived(from: World.identifier(command), place: 0), role: .other,
                token: World.token(token)))
    }

    @Test("另一受理不知道的命令，看过日志才拒绝")
    func refusedOnlyAfterALook() throws {
        var world = try World.ready(2, seed: 5)
        let first = World.registration(1, tokens: [1, 2])
        #expect(Self.isRecorded(try Self.answer(first, &world)))
        // The second intake knows the household as it is now; the first takes a person out of it.
        #expect(Self.isRecorded(try Self.answer(Self.leave(2, first, place: 1), &world, intake: 1)))
        let back = HouseholdCommand(
            id: World.identifier(3), household: first.household, occurredOn: World.today,
            action: .addPerson(
                PersonJoined(
                    person: PersonID.derived(from: first.id, place: 1), role: .other, token: World.token(2))))
        #expect(Self.isRecorded(try Self.answer(back, &world, intake: 0)))
        #expect(Self.isRecorded(try Self.answer(back, &world, intake: 1)))
    }

    @Test("磁盘已满，已记的建档再来一次：看过日志，照样答已记；没有记过的请稍后再来")
    func repeatedOnAFullDisk() throws {
        var world = try World.ready(1, seed: 7)
        let first = World.registration(1, tokens: [1, 2])
        #expect(Self.isRecorded(try Self.answer(first, &world)))
        world.kill(0)
        try world.run(steps: 40)
        world.isDiskFull = true
        guard case .recorded(let again)? = try Self.answer(first, &world) else {
            Issue.record("the registration is in the log")
            return
        }
        #expect(again.isRepeated && again.place.last == 3)
        guard case .failed(let failure)? = try Self.answer(World.registration(2, tokens: [3]), &world) else {
            Issue.record("nothing can be recorded on a full disk")
            return
        }
        #expect(failure.code == "CARE-3101" && failure.isRetriable)
    }

    @Test("离户再来一次，其间此人在另一受理回来了：人仍属本户，不被放走")
    func repeatedRemovalAfterTheReturn() throws {
        var world = try World.ready(2, seed: 8)
        let first = World.registration(1, tokens: [1, 2])
        #expect(Self.isRecorded(try Self.answer(first, &world)))
        let leave = Self.leave(2, first, place: 1)
        #expect(Self.isRecorded(try Self.answer(leave, &world)))
        #expect(try MoveTests.standing(world, 2).state == .free)
        let back = HouseholdCommand(
            id: World.identifier(3), household: first.household, occurredOn: World.today,
            action: .addPerson(
                PersonJoined(
                    person: PersonID.derived(from: first.id, place: 1), role: .other, token: World.token(2))))
        #expect(Self.isRecorded(try Self.answer(back, &world, intake: 1)))
        // The first intake remembers the household as it was before the return.
        #expect(Self.isRecorded(try Self.answer(leave, &world)))
        guard case .held(let claim) = try MoveTests.standing(world, 2).state else {
            Issue.record("a person of a living household is free")
            return
        }
        #expect(claim.household == first.household && claim.command == back.id)
    }

    @Test("建档再来一次，其间有人在另一受理离户：此人仍是自由的")
    func repeatedRegistrationAfterALeave() throws {
        var world = try World.ready(2, seed: 10)
        let first = World.registration(1, tokens: [1, 2])
        #expect(Self.isRecorded(try Self.answer(first, &world)))
        #expect(Self.isRecorded(try Self.answer(Self.leave(2, first, place: 1), &world, intake: 1)))
        #expect(Self.isRecorded(try Self.answer(first, &world)))
        #expect(try MoveTests.standing(world, 2).state == .free)
        #expect(try MoveTests.standing(world, 1).isClaimed(by: first.household))
    }

    @Test("并户之前的一次尝试占过早已离户的人：到时还给他，不一再续办并户")
    func reservationOfOneWhoDidNotCome() throws {
        var world = try World.ready(1, seed: 11)
        let source = World.registration(1, tokens: [1, 2])
        let target = Self.registration(
            2, of: [PersonJoined(person: Self.person(2), role: .other, token: World.token(3))])
        let merger = MoveTests.merge(3, source.household, into: target.household)
        for command in [source, target, Self.leave(4, source, place: 1), merger] {
            #expect(Self.isRecorded(try Self.answer(command, &world)))
        }
        var known = CachedHousehold(id: target.household)
        for event in try world.read("household-\(target.household)", after: 0) {
            known.append(try ArchiveMessages.household(event))
        }
        func settled(_ place: Int, _ token: UInt64) -> ReservationFlow.Need {
            let claim = PersonClaim(
                household: target.household, person: PersonID.derived(from: source.id, place: place),
                command: CommandID.derived(merger.id, "arrive"))
            var flow = ReservationFlow(token: World.token(token), claim: claim, today: World.today)
            if case .goOn(let move) = flow.start(known) { return .goOn(move) }
            return flow.read([ReadPersonEvent(sequence: 9, recordedAt: World.start, event: .reserved(claim))])
        }
        guard case .appendPerson(expected: 9, _, .released) = settled(1, 2) else {
            Issue.record("who had left before the merger is reserved for ever")
            return
        }
        #expect(try MoveTests.standing(world, 2).state == .free)
        guard case .goOn = settled(0, 1) else {
            Issue.record("who came along belongs to the merger")
            return
        }
    }
}
