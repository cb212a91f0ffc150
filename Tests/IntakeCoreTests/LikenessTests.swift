import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import EventLog
import IntakeCore
import Testing

/// Whoever has no ID number is known by name and birth date: a family is registered once, whoever types it and however many
/// intakes there are (Decision 0053).
@Suite("受理：同名同日", .timeLimit(.minutes(5)))
struct LikenessTests {
    private typealias World = IntakeWorldTests

    private static let key = TokenKey(bytes: Array(repeating: 7, count: 32))!
    private static let birth = CivilDay(year: 1965, month: 3, day: 7)!
    private static let otherBirth = CivilDay(year: 1963, month: 2, day: 3)!

    /// Somebody of a form.
    private struct Somebody {
        var name: String
        var birth = LikenessTests.birth
        var number: UInt64?
        var isNamesake: Bool?
        var reason: String?

        var details: PersonalDetails { PersonalDetails(name: name, text: reason) }
    }

    private static func ready(
        _ intakes: Int, seed: UInt64, weather: IntakeWorld.Weather = .init()
    ) throws -> IntakeWorld {
        var world = try IntakeWorld(intakes: intakes, seed: seed, start: World.start)
        world.restart(withKeys: Array(repeating: key, count: intakes))
        try world.run(steps: 300)
        world.weather = weather
        return world
    }

    private static func registration(
        _ number: UInt64, _ people: [Somebody], in division: DivisionCode = World.division,
        as roles: [MemberRole] = [.wife, .husband, .other]
    ) -> HouseholdCommand {
        let id = World.identifier(number)
        let members = people.enumerated().map { place, somebody in
            let person = PersonID.derived(from: id, place: place)
            return PersonJoined(
                person: person, role: roles[place], birthDate: somebody.birth,
                token: somebody.number.map(World.token), namesake: somebody.isNamesake,
                sealed: [SealedPart(subject: person, details: somebody.details)])
        }
        let register = RegisterHousehold(household: HouseholdRegistered(division: division), members: members)
        return HouseholdCommand(
            id: id, household: HouseholdID.derived(from: id), occurredOn: World.today,
            action: .registerHousehold(register))
    }

    private static func couple() -> [Somebody] {
        [Somebody(name: "李某"), Somebody(name: "陈某", birth: otherBirth)]
    }

    private static func command(
        _ number: UInt64, _ household: HouseholdID, _ action: HouseholdAction, correcting sequence: UInt64? = nil
    ) -> HouseholdCommand {
        var command = HouseholdCommand(
            id: World.identifier(number), household: household, occurredOn: World.today, action: action)
        command.correction = sequence.map {
            Correction(corrects: EventReference(sequence: $0), reason: Code(unchecked: "typing_error"))
        }
        return command
    }

    private static func renamed(_ person: PersonID, _ name: String) -> HouseholdAction {
        .changePersonDetails(
            PersonDetailsChanged(
                person: person, sealed: [SealedPart(subject: person, details: PersonalDetails(name: name))]))
    }

    private static func send(
        _ command: HouseholdCommand, _ world: inout IntakeWorld, to intake: Int = 0, as caller: Caller = World.clerk
    ) throws -> CommandResult? {
        let token = try world.send(command, to: intake, as: caller)
        try world.run(steps: 400)
        return world.answers[token]
    }

    private static func reason(_ answer: CommandResult?) -> Refusal.Reason? {
        if case .refused(let refusal)? = answer { refusal.reason } else { nil }
    }

    private static func isRecorded(_ answer: CommandResult?) -> Bool {
        if case .recorded? = answer { true } else { false }
    }

    private static func standing(_ world: IntakeWorld, _ name: String, _ birth: CivilDay = birth) throws
        -> PersonStanding
    {
        var person = PersonStanding()
        let token = key.likeness(name: name, birthDate: birth)
        for event in try world.read("person-\(token)", after: 0).map(ArchiveMessages.person) {
            person.evolve(event.event, sequence: event.sequence, recordedAt: event.recordedAt)
        }
        return person
    }

    private static func holder(_ world: IntakeWorld, _ name: String, _ birth: CivilDay = birth) throws -> HouseholdID? {
        if case .held(let claim) = try standing(world, name, birth).state { claim.household } else { nil }
    }

    // MARK: One family twice

    @Test("没有身份证号的一家建第二次档：退回并指出那一户；换受理、换县、姓名写开都一样；试办说的相同，什么都不写")
    func aFamilyIsRegisteredOnce() throws {
        var world = try Self.ready(2, seed: 1)
        let first = Self.registration(1, Self.couple())
        #expect(Self.isRecorded(try Self.send(first, &world)))
        let again = Self.registration(2, [Somebody(name: "李　某"), Somebody(name: "周某")])
        let refused = CommandResult.refused(
            Refusal(.namesakeElsewhere, field: "members[0].name", candidate: first.household))
        let count = try world.allEvents().count
        let tried = try world.ask(again, of: 1, as: World.clerk)
        try world.run(steps: 300)
        #expect(world.answers[tried] == refused)
        #expect(try world.allEvents().count == count)
        #expect(try Self.send(again, &world, to: 1) == refused)
        let neighbour = try #require(DivisionCode("431003001"))
        let elsewhere = Self.registration(3, Self.couple(), in: neighbour)
        #expect(Self.reason(try Self.send(elsewhere, &world)) == .namesakeElsewhere)
        // Who was reserved for a refused family is free again, and another birth date is another person.
        let other = [Somebody(name: "周某"), Somebody(name: "李某", birth: Self.otherBirth)]
        #expect(Self.isRecorded(try Self.send(Self.registration(4, other), &world, to: 1)))
        #expect(Self.isRecorded(try Self.send(first, &world, to: 1)), "sent again it is the same command")
    }

    @Test("看不到那一户的人只听说有，不知道是哪一户")
    func othersAreNotTold() throws {
        var world = try Self.ready(1, seed: 2)
        #expect(Self.isRecorded(try Self.send(Self.registration(1, Self.couple()), &world)))
        var stranger = World.clerk
        stranger.principal.divisions = [try #require(DivisionCode("330300"))]
        let elsewhere = Self.registration(2, [Somebody(name: "李某")], in: try #require(DivisionCode("330302")))
        let answer = try Self.send(elsewhere, &world, as: stranger)
        #expect(answer == .refused(Refusal(.namesakeElsewhere, field: "members[0].name")))
    }

    @Test("后来加入、后来改名而成为别户在册的人：退回")
    func later() throws {
        var world = try Self.ready(1, seed: 3)
        let first = Self.registration(1, Self.couple())
        let other = Self.registration(2, [Somebody(name: "周某")])
        for command in [first, other] { #expect(Self.isRecorded(try Self.send(command, &world))) }
        let person = PersonID.derived(from: World.identifier(3), place: 0)
        let joins = PersonJoined(
            person: person, role: .husband, birthDate: Self.otherBirth,
            sealed: [SealedPart(subject: person, details: PersonalDetails(name: "陈某"))])
        let refused = CommandResult.refused(Refusal(.namesakeElsewhere, field: "name", candidate: first.household))
        #expect(try Self.send(Self.command(3, other.household, .addPerson(joins)), &world) == refused)
        let wife = PersonID.derived(from: other.id, place: 0)
        #expect(try Self.send(Self.command(4, other.household, Self.renamed(wife, "李某")), &world) == refused)
    }

    // MARK: Two people

    @Test("两人各有身份证号：是两个人，照收；有一人没有的退回；说明另有其人的照收，不写理由的退回")
    func namesakes() throws {
        var world = try Self.ready(2, seed: 4)
        let first = Self.registration(1, [Somebody(name: "李某", number: 1)])
        #expect(Self.isRecorded(try Self.send(first, &world)))
        let second = Self.registration(2, [Somebody(name: "李某", number: 2), Somebody(name: "周某")])
        #expect(Self.isRecorded(try Self.send(second, &world, to: 1)))
        #expect(try Self.holder(world, "李某") == first.household)
        #expect(try Self.holder(world, "周某") == second.household)
        // The number speaks for itself.
        let same = Self.registration(3, [Somebody(name: "李某", number: 2)])
        #expect(Self.reason(try Self.send(same, &world)) == .personElsewhere)
        let without = Self.registration(4, [Somebody(name: "李某")])
        #expect(Self.reason(try Self.send(without, &world)) == .namesakeElsewhere)
        let silent = Self.registration(5, [Somebody(name: "李某", isNamesake: true)])
        #expect(Self.reason(try Self.send(silent, &world)) == .namesakeWithoutReason)
        let said = Self.registration(6, [Somebody(name: "李某", isNamesake: true, reason: "已与该户核对，是两个人")])
        #expect(Self.isRecorded(try Self.send(said, &world)))
        #expect(try world.household(said.household).household.members[0].isNamesake)
        // It is left with the first, and of a third nothing is assumed.
        #expect(try Self.holder(world, "李某") == first.household)
        #expect(Self.reason(try Self.send(Self.registration(7, [Somebody(name: "李某")]), &world)) == .namesakeElsewhere)
    }

    @Test("在册的人没有身份证号，新来的有：仍退回，不当作两个人")
    func aNumberOnOneSide() throws {
        var world = try Self.ready(1, seed: 5)
        #expect(Self.isRecorded(try Self.send(Self.registration(1, Self.couple()), &world)))
        let numbered = Self.registration(2, [Somebody(name: "李某", number: 2)])
        #expect(Self.reason(try Self.send(numbered, &world)) == .namesakeElsewhere)
        // Neither is reserved any more: the number may be given to another family.
        #expect(Self.isRecorded(try Self.send(Self.registration(3, [Somebody(name: "周某", number: 2)]), &world)))
    }

    @Test("离婚的父母各立一户，都写着亡故的独生子女：照收，由先建的一户占住；同一位父母再立一户的退回")
    func mournedByBoth() throws {
        var world = try Self.ready(1, seed: 10)
        func registration(_ number: UInt64, _ parent: Somebody, died: Bool = true) -> HouseholdCommand {
            let child = Somebody(name: "陈小某", birth: CivilDay(year: 1990, month: 5, day: 6)!)
            var command = Self.registration(number, [parent, child], as: [.singleParent, .onlyChild])
            guard died, case .registerHousehold(var form) = command.action else { return command }
            form.facts = [
                ProposedEvent(
                    occurredOn: CivilDay(year: 2012, month: 3, day: 1)!,
                    event: .personDied(PersonDied(person: form.members[1].person)))
            ]
            command.action = .registerHousehold(form)
            return command
        }
        let mother = registration(1, Somebody(name: "李某"))
        let father = registration(2, Somebody(name: "陈某", birth: Self.otherBirth))
        for command in [mother, father] { #expect(Self.isRecorded(try Self.send(command, &world))) }
        #expect(try Self.holder(world, "陈小某", CivilDay(year: 1990, month: 5, day: 6)!) == mother.household)
        // The mother with another birth date: the child tells that it is the same family.
        let again = try Self.send(registration(3, Somebody(name: "李某", birth: Self.otherBirth)), &world)
        #expect(
            again == .refused(Refusal(.namesakeElsewhere, field: "members[1].name", candidate: mother.household)))
    }

    // MARK: What frees

    @Test("离户、销户、误登之后，可在别户建档；更正姓名，旧的让出，新的占住")
    func freed() throws {
        var world = try Self.ready(2, seed: 6)
        let first = Self.registration(1, Self.couple())
        #expect(Self.isRecorded(try Self.send(first, &world)))
        let husband = PersonID.derived(from: first.id, place: 1)
        let left = HouseholdAction.removePerson(PersonLeft(person: husband, reason: Code(unchecked: "divorce")))
        #expect(Self.isRecorded(try Self.send(Self.command(2, first.household, left), &world)))
        let his = Self.registration(3, [Somebody(name: "陈某", birth: Self.otherBirth)])
        #expect(Self.isRecorded(try Self.send(his, &world, to: 1)))
        #expect(try Self.holder(world, "陈某", Self.otherBirth) == his.household)

        let wife = PersonID.derived(from: first.id, place: 0)
        let joined = PersonJoined(
            person: wife, role: .wife, sealed: [SealedPart(subject: wife, details: PersonalDetails(name: "李芳"))])
        let corrected = Self.command(4, first.household, .addPerson(joined), correcting: 2)
        #expect(Self.isRecorded(try Self.send(corrected, &world)))
        #expect(try Self.standing(world, "李某").state == .free)
        // The birth date was not typed again: what stands in the event is kept.
        #expect(try Self.holder(world, "李芳") == first.household)
        #expect(Self.isRecorded(try Self.send(Self.registration(5, [Somebody(name: "李某")]), &world, to: 1)))
        #expect(Self.reason(try Self.send(Self.registration(6, [Somebody(name: "李芳")]), &world)) == .namesakeElsewhere)

        let error = HouseholdAction.markRegisteredInError(
            HouseholdRegisteredInError(reason: Code(unchecked: "typing_error")))
        #expect(Self.isRecorded(try Self.send(Self.command(7, first.household, error), &world)))
        #expect(Self.isRecorded(try Self.send(Self.registration(8, [Somebody(name: "李芳")]), &world)))
    }

    // MARK: Moves

    @Test("分户、并户：走到哪一户就由哪一户占住；亡故的独生子女两户都有，由原户占住")
    func moves() throws {
        var world = try Self.ready(1, seed: 7)
        let died = CivilDay(year: 2012, month: 3, day: 1)!
        let childBirth = CivilDay(year: 1990, month: 5, day: 6)!
        var first = Self.registration(1, Self.couple())
        guard case .registerHousehold(var form) = first.action else { return }
        let child = PersonID.derived(from: first.id, place: 2)
        form.members.append(
            PersonJoined(
                person: child, role: .onlyChild, birthDate: childBirth,
                sealed: [SealedPart(subject: child, details: PersonalDetails(name: "陈小某"))]))
        form.facts = [ProposedEvent(occurredOn: died, event: .personDied(PersonDied(person: child)))]
        first.action = .registerHousehold(form)
        #expect(Self.isRecorded(try Self.send(first, &world)))
        let split = MoveTests.split(2, first.household, [PersonID.derived(from: first.id, place: 1)])
        guard case .recorded(let recorded)? = try Self.send(split, &world) else {
            Issue.record("the split was not recorded")
            return
        }
        let second = recorded.household
        #expect(try Self.holder(world, "陈某", Self.otherBirth) == second)
        #expect(try Self.holder(world, "李某") == first.household)
        #expect(try Self.holder(world, "陈小某", childBirth) == first.household)
        let there = try #require(try world.household(second).household.members.first { $0.id == child })
        #expect(there.isAlsoElsewhere && there.diedOn == died)
        let his = [Somebody(name: "陈某", birth: Self.otherBirth)]
        #expect(
            try Self.send(Self.registration(3, his), &world)
                == .refused(Refusal(.namesakeElsewhere, field: "members[0].name", candidate: second)))

        let merge = MoveTests.merge(4, second, into: first.household)
        #expect(Self.isRecorded(try Self.send(merge, &world)))
        #expect(try Self.holder(world, "陈某", Self.otherBirth) == first.household)
        #expect(
            try Self.send(Self.registration(5, his), &world)
                == .refused(Refusal(.namesakeElsewhere, field: "members[0].name", candidate: first.household)))
    }

    @Test("说明过另有其人的一户并走、分走：照办，占住的仍是原来那一户")
    func namesakesMove() throws {
        var world = try Self.ready(1, seed: 8)
        let first = Self.registration(1, [Somebody(name: "李某")])
        let namesake = Self.registration(2, [Somebody(name: "李某", isNamesake: true, reason: "已核对是两个人")])
        let third = Self.registration(3, [Somebody(name: "周某", number: 3)])
        for command in [first, namesake, third] { #expect(Self.isRecorded(try Self.send(command, &world))) }
        var husband = namesake
        husband.id = World.identifier(4)
        let role = PersonDetailsChanged(person: PersonID.derived(from: namesake.id, place: 0), role: .other)
        husband.action = .changePersonDetails(role)
        #expect(Self.isRecorded(try Self.send(husband, &world)))
        let merge = MoveTests.merge(5, namesake.household, into: third.household)
        #expect(Self.isRecorded(try Self.send(merge, &world)))
        #expect(try Self.holder(world, "李某") == first.household)
        #expect(try world.household(third.household).household.members.contains { $0.isNamesake })
    }

    /// Merges, splits and registrations of the same people at once; calls lost, intakes killed.
    @Test("没有身份证号的并户、分户、登记同时进行，其间断线、被杀：每人恰在一户，由那一户占住", arguments: 1...60)
    func storms(seed: UInt64) throws {
        var world = try Self.ready(2, seed: 500 + seed)
        let first = Self.registration(1, [Somebody(name: "李某")], as: [.singleParent])
        let husbandBorn = Somebody(name: "陈某", birth: Self.otherBirth)
        let second = Self.registration(2, [Somebody(name: "周某"), husbandBorn])
        for command in [first, second] { #expect(Self.isRecorded(try Self.send(command, &world))) }
        world.weather = IntakeWorld.Weather(callsLost: 25, answersLost: 25, kills: 12)
        let husband = PersonID.derived(from: second.id, place: 1)
        let sent: [(HouseholdCommand, Int)] = [
            (MoveTests.merge(10, first.household, into: second.household), 0),
            (MoveTests.split(11, second.household, [husband]), 1),
            (Self.registration(12, [husbandBorn, Somebody(name: "吴某")]), 0),
            (MoveTests.merge(13, second.household, into: first.household), 1),
        ]
        for (command, intake) in sent { try world.send(command, to: intake, as: World.clerk) }
        try world.run(steps: 120)
        for (command, intake) in sent { try world.send(command, to: 1 - intake, as: World.clerk) }
        try world.run(steps: 120)
        try world.calm()
        var homes: [PersonToken: [HouseholdID]] = [:]
        var seen: Set<HouseholdID> = []
        for event in try world.allEvents() where event.stream.category == .household {
            guard let id = HouseholdID(event.stream.key), seen.insert(id).inserted else { continue }
            for token in heldPersons(of: try world.household(id).household, by: Self.key).keys {
                homes[token, default: []].append(id)
            }
        }
        for (name, birth) in [("李某", Self.birth), ("周某", Self.birth), ("陈某", Self.otherBirth)] {
            let found = homes[Self.key.likeness(name: name, birthDate: birth)] ?? []
            #expect(found.count == 1, "seed \(seed): somebody is in \(found.count) households")
            #expect(
                try found.first == Self.holder(world, name, birth),
                "seed \(seed): the stream names another household")
        }
    }

    // MARK: Families from before

    @Test("以前建的档没有占位：照常办理；再说到姓名时占住，此后第二次建档退回；以前就重复的不为此退回")
    func familiesFromBefore() throws {
        var world = try IntakeWorld(intakes: 1, seed: 9, start: World.start)
        try world.run(steps: 40)
        let (one, other) = (Self.registration(1, Self.couple()), Self.registration(2, Self.couple()))
        for command in [one, other] { #expect(Self.isRecorded(try Self.send(command, &world))) }
        world.restart(withKeys: [Self.key])
        try world.run(steps: 300)
        let wife = { (command: HouseholdCommand) in PersonID.derived(from: command.id, place: 0) }
        let phone = PersonDetailsChanged(
            person: wife(one),
            sealed: [SealedPart(subject: wife(one), details: PersonalDetails(phone: "14000000001"))])
        #expect(Self.isRecorded(try Self.send(Self.command(3, one.household, .changePersonDetails(phone)), &world)))
        #expect(try Self.standing(world, "李某").state == .free)
        let named = { (number: UInt64, command: HouseholdCommand) in
            Self.command(number, command.household, Self.renamed(wife(command), "李某"))
        }
        #expect(Self.isRecorded(try Self.send(named(4, one), &world)))
        #expect(try Self.holder(world, "李某") == one.household)
        let count = try world.read("person-\(Self.key.likeness(name: "李某", birthDate: Self.birth))", after: 0).count
        #expect(Self.isRecorded(try Self.send(named(5, other), &world)))
        #expect(Self.isRecorded(try Self.send(named(6, one), &world)))
        #expect(
            try world.read("person-\(Self.key.likeness(name: "李某", birthDate: Self.birth))", after: 0).count == count)
        let third = try Self.send(Self.registration(7, [Somebody(name: "李某")]), &world)
        #expect(
            third == .refused(Refusal(.namesakeElsewhere, field: "members[0].name", candidate: one.household)))
    }

    // MARK: At the same moment

    @Test("两个受理同时建同一家的档，断线、被杀：至多成一户，占位都有了结；再发一次恰成一户", arguments: 1...30)
    func atTheSameMoment(seed: UInt64) throws {
        let weather = IntakeWorld.Weather(callsLost: 25, answersLost: 25, kills: 12)
        var world = try Self.ready(2, seed: seed, weather: weather)
        let commands = (0..<4).map { Self.registration(UInt64(10 + $0), Self.couple()) }
        for (number, command) in commands.enumerated() {
            try world.send(command, to: number % 2, as: World.clerk)
        }
        try world.run(steps: 600)
        try world.calm()
        #expect(try Self.settled(world, commands, seed: seed) <= 1)
        for command in commands { _ = try Self.send(command, &world) }
        try world.calm()
        #expect(try Self.settled(world, commands, seed: seed) <= 1)
        // Each was abandoned where its intake was killed; a family that is typed again is taken.
        _ = try Self.send(Self.registration(20, Self.couple()), &world)
        let all = commands + [Self.registration(20, Self.couple())]
        #expect(try Self.settled(world, all, seed: seed) == 1)
    }

    /// How many of the families are on record, with every reservation settled and the claims theirs.
    private static func settled(_ world: IntakeWorld, _ commands: [HouseholdCommand], seed: UInt64) throws -> Int {
        var holders: [HouseholdID] = []
        for command in commands where try world.household(command.household).household.status == .active {
            holders.append(command.household)
        }
        for (name, birth) in [("李某", birth), ("陈某", otherBirth)] {
            if case .reserved = try standing(world, name, birth).state {
                Issue.record("seed \(seed): a reservation was never settled")
            }
            if let home = holders.first {
                #expect(try holder(world, name, birth) == home, "seed \(seed): the stream names another household")
            }
        }
        return holders.count
    }

    @Test("同名同日、各有身份证号的两人同时建档：都成，没有一户因此退回", arguments: 1...20)
    func namesakesAtTheSameMoment(seed: UInt64) throws {
        var world = try Self.ready(2, seed: 100 + seed)
        let commands = (1...2).map { Self.registration($0, [Somebody(name: "李某", number: $0)]) }
        var waiting = Array(commands.enumerated())
        for _ in 0..<4 where !waiting.isEmpty {
            let sent = try waiting.map { ($0, try world.send($0.element, to: $0.offset, as: World.clerk)) }
            try world.run(steps: 400)
            waiting = sent.compactMap { one, token in
                #expect(Self.reason(world.answers[token]) == nil, "seed \(seed): refused")
                return Self.isRecorded(world.answers[token]) ? nil : one
            }
        }
        #expect(waiting.isEmpty, "seed \(seed)")
    }
}
