import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import EventLog
import IntakeCore
import Testing

@Suite("受理：多个受理服务共用一份日志")
struct IntakeWorldTests {
    static let today = CivilDay(year: 2024, month: 6, day: 3)!
    static let start = Moment(microseconds: Int64(today.dayNumber) * 86_400_000_000)
    static let division = DivisionCode("431002")!

    static let clerk = Caller(
        principal: Principal(
            peer: "township", actor: Code(unchecked: "clerk-1"), role: Code(unchecked: "clerk"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [DivisionCode("431000")!],
            rights: [.command, .query]))

    static func identifier(_ number: UInt64) -> CommandID { CommandID(Identifier128(high: 7, low: number)) }

    static func token(_ number: UInt64) -> PersonToken { PersonToken(Identifier128(high: 9, low: number)) }

    static func registration(_ number: UInt64, tokens: [UInt64]) -> HouseholdCommand {
        let id = identifier(number)
        let roles: [MemberRole] = [.wife, .husband, .onlyChild, .other]
        let members = tokens.enumerated().map { place, person in
            PersonJoined(
                person: PersonID.derived(from: id, place: place), role: roles[place], token: token(person))
        }
        let register = RegisterHousehold(household: HouseholdRegistered(division: division), members: members)
        return HouseholdCommand(
            id: id, household: HouseholdID.derived(from: id), occurredOn: today, action: .registerHousehold(register))
    }

    static func ready(_ intakes: Int, seed: UInt64, weather: IntakeWorld.Weather = .init()) throws -> IntakeWorld {
        var world = try IntakeWorld(intakes: intakes, seed: seed, start: start)
        try world.run(steps: 40)
        world.weather = weather
        return world
    }

    @Test("建档：占位、入户、确认，各记一次")
    func registersOnce() throws {
        var world = try Self.ready(1, seed: 1)
        let command = Self.registration(1, tokens: [1, 2, 3])
        let first = try world.send(command, to: 0, as: Self.clerk)
        try world.run(steps: 200)
        guard case .recorded(let recorded)? = world.answers[first] else {
            Issue.record("not recorded: \(String(describing: world.answers[first]))")
            return
        }
        #expect(recorded.household == command.household)
        #expect(!recorded.isRepeated)
        let again = try world.send(command, to: 0, as: Self.clerk)
        try world.run(steps: 200)
        guard case .recorded(let repeated)? = world.answers[again] else {
            Issue.record("not repeated")
            return
        }
        #expect(repeated.isRepeated)
        #expect(repeated.place.last == recorded.place.last)
        #expect(try world.allEvents().count == 4 + 3 + 3)
    }

    @Test("同一编号、不同内容：拒绝")
    func sameIdOtherContent() throws {
        var world = try Self.ready(1, seed: 2)
        try world.send(Self.registration(1, tokens: [1]), to: 0, as: Self.clerk)
        try world.run(steps: 100)
        let other = try world.send(Self.registration(1, tokens: [2]), to: 0, as: Self.clerk)
        try world.run(steps: 100)
        #expect(world.answers[other] == .failed(.idReused))
    }

    @Test("更正只改加入日期、没有重写证号：人仍由本户占住，别户登记不了")
    func correctedWithoutNumber() throws {
        var world = try Self.ready(1, seed: 12)
        let first = Self.registration(1, tokens: [1])
        try world.send(first, to: 0, as: Self.clerk)
        try world.run(steps: 200)
        let joined = PersonJoined(person: PersonID.derived(from: first.id, place: 0), role: .wife)
        var correction = HouseholdCommand(
            id: Self.identifier(2), household: first.household, occurredOn: Self.today - 1, action: .addPerson(joined))
        correction.correction = Correction(
            corrects: EventReference(sequence: 2), reason: Code(unchecked: "typing_error"))
        let corrected = try world.send(correction, to: 0, as: Self.clerk)
        try world.run(steps: 200)
        guard case .recorded? = world.answers[corrected] else {
            Issue.record("not recorded: \(String(describing: world.answers[corrected]))")
            return
        }
        let other = try world.send(Self.registration(3, tokens: [1]), to: 0, as: Self.clerk)
        try world.run(steps: 200)
        guard case .refused(let refusal)? = world.answers[other] else {
            Issue.record("not refused: \(String(describing: world.answers[other]))")
            return
        }
        #expect(refusal.reason == .personElsewhere)
    }

    @Test("建档内容可以更正；户在别处的当没有这一户")
    func correctedRegistration() throws {
        var world = try Self.ready(1, seed: 13)
        let first = Self.registration(1, tokens: [1])
        try world.send(first, to: 0, as: Self.clerk)
        try world.run(steps: 200)
        let right = HouseholdRegistered(division: DivisionCode("431003")!, area: .rural)
        func correction(_ number: UInt64) -> HouseholdCommand {
            var command = HouseholdCommand(
                id: Self.identifier(number), household: first.household, occurredOn: Self.today,
                action: .registerHousehold(RegisterHousehold(household: right, members: [])))
            command.correction = Correction(
                corrects: EventReference(sequence: 1), reason: Code(unchecked: "typing_error"))
            return command
        }
        var elsewhere = Self.clerk
        elsewhere.principal.divisions = [right.division]
        let strange = try world.send(correction(2), to: 0, as: elsewhere)
        try world.run(steps: 200)
        guard case .refused(let refusal)? = world.answers[strange] else {
            Issue.record("not refused: \(String(describing: world.answers[strange]))")
            return
        }
        #expect(refusal.reason == .householdNotFound)
        let corrected = try world.send(correction(3), to: 0, as: Self.clerk)
        try world.run(steps: 200)
        guard case .recorded? = world.answers[corrected] else {
            Issue.record("not recorded: \(String(describing: world.answers[corrected]))")
            return
        }
        let household = try world.household(first.household).household
        #expect(household.division(on: Self.today) == right.division && household.area(on: Self.today) == .rural)
    }

    @Test("辖区之外：建档被拒")
    func otherDivision() throws {
        var world = try Self.ready(1, seed: 3)
        var stranger = Self.clerk
        stranger.principal.divisions = [DivisionCode("330300")!]
        let token = try world.send(Self.registration(1, tokens: [1]), to: 0, as: stranger)
        try world.run(steps: 100)
        #expect(world.answers[token] == .refused(Refusal(.notYourDivision, field: "household.division")))
        #expect(try world.allEvents().isEmpty)
    }

    @Test("别处写进该户的事，受理还不知道：先看日志，再拒绝")
    func refusalsAreNotFromMemory() throws {
        var world = try Self.ready(2, seed: 9)
        let first = Self.registration(1, tokens: [1, 2])
        try world.send(first, to: 0, as: Self.clerk)
        try world.run(steps: 200)
        let person = PersonID.derived(from: first.id, place: 1)
        func command(_ number: UInt64, _ action: HouseholdAction) -> HouseholdCommand {
            HouseholdCommand(
                id: Self.identifier(number), household: first.household, occurredOn: Self.today, action: action)
        }
        // The second intake takes the person out; the first one has the family in memory, as it was.
        let left = PersonLeft(person: person, reason: Code(unchecked: "moved_out"))
        try world.send(command(2, .removePerson(left)), to: 1, as: Self.clerk)
        try world.run(steps: 200)
        let back = PersonJoined(person: person, role: .husband, token: Self.token(2))
        let answer = try world.send(command(3, .addPerson(back)), to: 0, as: Self.clerk)
        try world.run(steps: 300)
        guard case .recorded? = world.answers[answer] else {
            Issue.record("refused from memory: \(String(describing: world.answers[answer]))")
            return
        }
        // What is refused by what the log says stays refused.
        let again = try world.send(command(4, .addPerson(back)), to: 0, as: Self.clerk)
        try world.run(steps: 300)
        guard case .refused? = world.answers[again] else {
            Issue.record("the person is in the household already")
            return
        }
    }

    @Test("离户之后，此人可在别户登记；离户之前不可")
    func leavingFreesThePerson() throws {
        var world = try Self.ready(2, seed: 4)
        let first = Self.registration(1, tokens: [1, 2])
        try world.send(first, to: 0, as: Self.clerk)
        try world.run(steps: 200)
        let early = try world.send(Self.registration(2, tokens: [2]), to: 1, as: Self.clerk)
        try world.run(steps: 200)
        guard case .refused(let refusal)? = world.answers[early] else {
            Issue.record("expected a refusal")
            return
        }
        #expect(refusal.reason == .personElsewhere)
        let leave = HouseholdCommand(
            id: Self.identifier(3), household: first.household, occurredOn: Self.today,
            action: .removePerson(
                PersonLeft(
                    person: PersonID.derived(from: first.id, place: 1), reason: Code(unchecked: "moved_out"))))
        try world.send(leave, to: 1, as: Self.clerk)
        try world.run(steps: 200)
        let late = try world.send(Self.registration(4, tokens: [2]), to: 0, as: Self.clerk)
        try world.run(steps: 200)
        guard case .recorded? = world.answers[late] else {
            Issue.record("expected a record: \(String(describing: world.answers[late]))")
            return
        }
    }

    /// Two intakes, the same persons at the same moment, calls lost and intakes killed: one living household each.
    @Test("两个受理同时登记同一人，一千次，其间断线、被杀：一人一户", .timeLimit(.minutes(10)))
    func onePersonOneHousehold() throws {
        for seed in 0..<UInt64(1000) {
            try Self.race(seed: seed)
        }
    }

    static func race(seed: UInt64) throws {
        let weather = IntakeWorld.Weather(callsLost: 20, answersLost: 20, kills: 10)
        var world = try ready(2, seed: seed, weather: weather)
        let shared = [UInt64(1), 2]
        var sent: [(HouseholdCommand, Int)] = [
            (registration(100, tokens: shared), 0), (registration(200, tokens: shared.reversed()), 1),
        ]
        if seed % 3 == 0 { sent.append((registration(300, tokens: [2, 3]), 0)) }
        var recorded: Set<HouseholdID> = []
        var tokens: [(RequestToken, HouseholdCommand, Int)] = []
        for (command, intake) in sent {
            tokens.append((try world.send(command, to: intake, as: clerk), command, intake))
        }
        for _ in 0..<3 {
            try world.run(steps: 60)
            // A client that heard nothing, or "not now", sends the same command again.
            tokens = try tokens.map { token, command, intake in
                switch world.answers[token] {
                case .recorded?:
                    recorded.insert(command.household)
                    return (token, command, intake)
                case .refused?, .acceptable?:
                    return (token, command, intake)
                case .failed?, nil:
                    return (try world.send(command, to: 1 - intake, as: clerk), command, 1 - intake)
                }
            }
        }
        try world.calm()
        for (token, command, _) in tokens {
            if case .recorded? = world.answers[token] { recorded.insert(command.household) }
        }
        try verify(world, recorded: recorded, seed: seed)
    }

    static func verify(_ world: IntakeWorld, recorded: Set<HouseholdID>, seed: UInt64) throws {
        #expect(world.discardedImages == 0, "seed \(seed): an image of this very log was thrown away")
        var households: [PersonToken: Set<HouseholdID>] = [:]
        var commands: [String: Set<AppendID>] = [:]
        for event in try world.allEvents() {
            let key = "\(event.stream)/\(event.sequence)"
            #expect(commands[key] == nil, "seed \(seed): two events at one place")
            commands[key] = [event.appendID]
            guard
                case .household(.personJoined(let joined)) = try EventCodec.decodeAny(
                    kind: event.kind, version: event.version, payload: event.payload),
                let token = joined.token, let household = HouseholdID(event.stream.key)
            else { continue }
            households[token, default: []].insert(household)
        }
        for (_, found) in households {
            #expect(found.count == 1, "seed \(seed): one person in \(found.count) households")
        }
        let standing = Set(households.values.joined())
        #expect(recorded.isSubset(of: standing), "seed \(seed): an acknowledged household is missing")
        for (token, found) in households {
            var person = PersonStanding()
            for event in try world.read("person-\(token)", after: 0).map(ArchiveMessages.person) {
                person.evolve(event.event, sequence: event.sequence, recordedAt: event.recordedAt)
            }
            let holder = try #require(found.first)
            #expect(person.isClaimed(by: holder), "seed \(seed): the person stream names another household")
            if case .held = person.state {} else { Issue.record("seed \(seed): reservation not settled") }
        }
    }
}
