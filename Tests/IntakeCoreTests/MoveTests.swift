import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

@Suite("受理：并户与分户")
struct MoveTests {
    private typealias World = IntakeWorldTests

    static func merge(_ number: UInt64, _ source: HouseholdID, into target: HouseholdID) -> HouseholdCommand {
        HouseholdCommand(
            id: World.identifier(number), household: source, occurredOn: World.today,
            action: .mergeHousehold(MergeHousehold(into: target)))
    }

    static func split(_ number: UInt64, _ source: HouseholdID, _ persons: [PersonID]) -> HouseholdCommand {
        HouseholdCommand(
            id: World.identifier(number), household: source, occurredOn: World.today,
            action: .splitHousehold(
                SplitHousehold(persons: persons, household: HouseholdRegistered(division: World.division))))
    }

    /// A file with a single parent (place 0) and a child that died (place 1).
    static func bereaved(_ number: UInt64, parent: UInt64, child: UInt64, role: MemberRole = .singleParent)
        -> HouseholdCommand
    {
        let id = World.identifier(number)
        let childID = PersonID.derived(from: id, place: 1)
        let register = RegisterHousehold(
            household: HouseholdRegistered(division: World.division),
            members: [
                PersonJoined(person: PersonID.derived(from: id, place: 0), role: role, token: World.token(parent)),
                PersonJoined(person: childID, role: .onlyChild, token: World.token(child)),
            ],
            facts: [
                ProposedEvent(
                    occurredOn: CivilDay(year: 2012, month: 3, day: 1)!, event: .personDied(PersonDied(person: childID))
                )
            ])
        return HouseholdCommand(
            id: id, household: HouseholdID.derived(from: id), occurredOn: World.today,
            action: .registerHousehold(register))
    }

    static func history(_ world: IntakeWorld, _ id: HouseholdID) throws -> HouseholdHistory {
        HouseholdHistory(
            id: id, events: try world.read("household-\(id)", after: 0).map { try ArchiveMessages.household($0).known })
    }

    static func standing(_ world: IntakeWorld, _ token: UInt64) throws -> PersonStanding {
        var person = PersonStanding()
        for event in try world.read("person-\(World.token(token))", after: 0).map(ArchiveMessages.person) {
            person.evolve(event.event, sequence: event.sequence, recordedAt: event.recordedAt)
        }
        return person
    }

    private static func recorded(_ world: IntakeWorld, _ token: RequestToken) throws -> CommandResult.Recorded {
        guard case .recorded(let recorded)? = world.answers[token] else {
            throw Unexpected(answer: String(describing: world.answers[token]))
        }
        return recorded
    }

    private struct Unexpected: Error { let answer: String }

    @Test("并户：两边各记一笔，成员带着已知的事过去，原户不再占人；再发一次答复相同")
    func merges() throws {
        var world = try World.ready(1, seed: 1)
        let first = Self.bereaved(1, parent: 1, child: 2)
        let second = World.registration(2, tokens: [3])
        try world.send(first, to: 0, as: World.clerk)
        try world.send(second, to: 0, as: World.clerk)
        try world.run(steps: 300)
        let command = Self.merge(3, first.household, into: second.household)
        let done = try world.send(command, to: 0, as: World.clerk)
        try world.run(steps: 300)
        #expect(try Self.recorded(world, done).household == second.household)

        let source = try Self.history(world, first.household).household
        let target = try Self.history(world, second.household).household
        #expect(source.status == .absorbed(into: second.household, on: World.today))
        #expect(target.mergedFrom == [first.household])
        #expect(target.members.count == 3)
        let child = try #require(target.members.first { $0.role == .onlyChild })
        #expect(child.diedOn == CivilDay(year: 2012, month: 3, day: 1))
        for token: UInt64 in [1, 2, 3] {
            guard case .held(let claim) = try Self.standing(world, token).state else {
                Issue.record("person \(token) is not held")
                continue
            }
            #expect(claim.household == second.household)
        }

        let count = try world.allEvents().count
        let again = try world.send(command, to: 0, as: World.clerk)
        try world.run(steps: 300)
        #expect(try Self.recorded(world, again).isRepeated)
        #expect(try world.allEvents().count == count)
    }

    @Test("分户：新户有走的人，也记着亡故的独生子女；原户只少了走的人")
    func splits() throws {
        var world = try World.ready(1, seed: 2)
        let id = World.identifier(1)
        var register = Self.bereaved(1, parent: 1, child: 2, role: .wife)
        if case .registerHousehold(var form) = register.action {
            form.members.append(
                PersonJoined(person: PersonID.derived(from: id, place: 2), role: .husband, token: World.token(3)))
            register.action = .registerHousehold(form)
        }
        try world.send(register, to: 0, as: World.clerk)
        try world.run(steps: 300)
        let leaving = PersonID.derived(from: id, place: 2)
        let command = Self.split(2, register.household, [leaving])
        let done = try world.send(command, to: 0, as: World.clerk)
        try world.run(steps: 300)
        let new = try Self.recorded(world, done).household
        #expect(new == HouseholdID.derived(from: command.id))
        let source = try Self.history(world, register.household).household
        let target = try Self.history(world, new).household
        #expect(source.members.filter { $0.leftOn == nil }.map(\.role) == [.wife, .onlyChild])
        #expect(target.members.map(\.role) == [.husband, .onlyChild])
        #expect(target.members.last?.diedOn == CivilDay(year: 2012, month: 3, day: 1))
        #expect(target.members.last?.token == nil)
        #expect(try Self.standing(world, 3).isClaimed(by: new))
        #expect(try Self.standing(world, 2).isClaimed(by: register.household))
    }

    @Test("不能成的并户、分户：说明原因，什么都没变")
    func refusals() throws {
        var world = try World.ready(1, seed: 3)
        let first = World.registration(1, tokens: [1])
        let second = World.registration(2, tokens: [3])
        let far = World.registration(3, tokens: [4])
        for command in [first, second] { try world.send(command, to: 0, as: World.clerk) }
        try world.run(steps: 300)
        let before = try world.allEvents().count
        let wife = PersonID.derived(from: first.id, place: 0)
        let cases: [(HouseholdCommand, Refusal.Reason)] = [
            (Self.merge(10, first.household, into: second.household), .roleTaken),
            (Self.merge(11, first.household, into: far.household), .householdNotFound),
            (Self.merge(12, first.household, into: first.household), .nothingToDo),
            (Self.merge(13, far.household, into: first.household), .householdNotFound),
            (Self.split(14, first.household, [wife]), .nothingToDo),
            (Self.split(15, first.household, []), .nothingToDo),
            (Self.split(16, first.household, [PersonID.derived(from: second.id, place: 0)]), .personUnknown),
        ]
        for (command, reason) in cases {
            let token = try world.send(command, to: 0, as: World.clerk)
            try world.run(steps: 200)
            guard case .refused(let refusal)? = world.answers[token] else {
                Issue.record("\(reason): \(String(describing: world.answers[token]))")
                continue
            }
            #expect(refusal.reason == reason)
        }
        #expect(try world.allEvents().count == before)
    }

    @Test("别户有此人：看得见的才告知是哪一户")
    func candidateOnlyForThoseWhoMaySee() throws {
        var world = try World.ready(1, seed: 4)
        let first = World.registration(1, tokens: [1])
        try world.send(first, to: 0, as: World.clerk)
        try world.run(steps: 200)
        var stranger = World.clerk
        stranger.principal.divisions = [DivisionCode("330300")!]
        var elsewhere = World.registration(2, tokens: [1])
        if case .registerHousehold(var form) = elsewhere.action {
            form.household.division = DivisionCode("330302")!
            elsewhere.action = .registerHousehold(form)
        }
        for (caller, command, candidate) in [
            (World.clerk, World.registration(3, tokens: [1]), Optional(first.household)), (stranger, elsewhere, nil),
        ] {
            let token = try world.send(command, to: 0, as: caller)
            try world.run(steps: 200)
            #expect(
                world.answers[token]
                    == .refused(Refusal(.personElsewhere, field: "members[0].id_number", candidate: candidate)))
        }
    }

    /// Merges, splits and registrations of the same persons at once; calls lost, intakes killed.
    @Test("并户、分户、登记同时进行，三百次，其间断线、被杀：每人恰在一户，半途的都接着办完", .timeLimit(.minutes(10)))
    func storms() throws {
        for seed in 0..<UInt64(300) { try Self.storm(seed: 10_000 + seed) }
    }

    private static func storm(seed: UInt64) throws {
        var world = try World.ready(2, seed: seed)
        let first = bereaved(1, parent: 1, child: 2)
        let second = World.registration(2, tokens: [3, 4])
        for command in [first, second] { try world.send(command, to: 0, as: World.clerk) }
        try world.run(steps: 300)
        world.weather = IntakeWorld.Weather(callsLost: 25, answersLost: 25, kills: 12)
        let husband = PersonID.derived(from: second.id, place: 1)
        let sent: [(HouseholdCommand, Int)] = [
            (merge(10, first.household, into: second.household), 0), (split(11, second.household, [husband]), 1),
            (World.registration(12, tokens: [4, 5]), 0), (merge(13, second.household, into: first.household), 1),
        ]
        var waiting = sent
        for round in 0..<3 {
            var tokens: [(RequestToken, HouseholdCommand, Int)] = []
            for (command, intake) in waiting {
                tokens.append((try world.send(command, to: intake, as: World.clerk), command, intake))
            }
            try world.run(steps: 120)
            // A client whose line broke asks once or twice more; some never do.
            waiting = tokens.compactMap { token, command, intake in
                switch world.answers[token] {
                case .recorded?, .refused?, .acceptable?: nil
                case .failed?, nil: (seed + UInt64(round)) % 3 == 0 ? nil : (command, 1 - intake)
                }
            }
        }
        try world.calm()
        try verify(world, seed: seed)
    }

    private static func verify(_ world: IntakeWorld, seed: UInt64) throws {
        #expect(world.discardedImages == 0, "seed \(seed): an image of this very log was thrown away")
        var holders: [PersonToken: [HouseholdID]] = [:]
        var households: [HouseholdID: Household] = [:]
        for event in try world.allEvents() {
            guard event.stream.category == .household, let id = HouseholdID(event.stream.key), households[id] == nil
            else { continue }
            households[id] = try history(world, id).household
        }
        for (id, household) in households {
            for token in heldPersons(of: household, by: nil).keys { holders[token, default: []].append(id) }
            if case .absorbed(let other, _) = household.status {
                #expect(households[other]?.mergedFrom.contains(id) == true, "seed \(seed): merged into nothing")
            }
            for other in household.mergedFrom {
                let isTold = try history(world, other).events.contains { event in
                    switch event.event {
                    case .merged(let merged): merged.other == id && merged.side == .absorbed
                    case .split(let split): split.other == id && split.side == .remaining
                    default: false
                    }
                }
                #expect(isTold, "seed \(seed): the source of a merge was not told")
            }
        }
        for token: UInt64 in 1...4 {
            let found = holders[World.token(token)] ?? []
            #expect(found.count == 1, "seed \(seed): person \(token) in \(found.count) households")
            guard case .held(let claim) = try standing(world, token).state else {
                Issue.record("seed \(seed): person \(token) not settled: \(try standing(world, token).state)")
                continue
            }
            #expect(found == [claim.household], "seed \(seed): the stream of person \(token) names another household")
        }
    }
}
