import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import RuleEngine
import RulePacks
import Testing

/// A family with a student in senior school and one in university, registered in one unit and living in another: one project
/// of the household in a year, whoever of them it is for and whichever unit grants it.
/// - Source: WZ-3.7, WZ-3.8
@Suite("受理：一户两名学生，当年一项")
struct StudentGrantTests {
    private typealias Units = UnitRunTests

    private static let senior = ClauseID("WZ-3.3a")!
    private static let university = ClauseID("WZ-3.3b")!
    private static let household = HouseholdID.derived(from: IntakeWorldTests.identifier(1001))
    private static let pupil = PersonID.derived(from: IntakeWorldTests.identifier(1001), place: 0)
    private static let student = PersonID.derived(from: IntakeWorldTests.identifier(1001), place: 1)

    /// A world that knows the Wenzhou pack, with five places of both projects in both units.
    /// - Parameter isHelpedBefore: Whether the pupil was granted 2,000 yuan the year before.
    private static func world(_ intakes: Int, seed: UInt64, isHelpedBefore: Bool = false) throws -> IntakeWorld {
        var world = try IntakeWorld(intakes: intakes, seed: seed, start: Units.start)
        try world.run(steps: 40)
        let file = try #require(try PackLibrary.bundled.packFiles(of: "wenzhou-2021").first)
        let pack = try RulePack.load(bytes: file.bytes, name: "wenzhou-2021")
        let published = PackPublished(
            pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash, bytes: file.bytes)
        try world.send(
            PackCommand(
                id: IntakeWorldTests.identifier(1), pack: pack.id, occurredOn: pack.dated, event: .published(published)
            ), to: 0, as: Units.city)
        try world.run(steps: 400)
        for unit in Units.units {
            let numbers = [senior, university].map { GuidanceSet.Number(clause: $0, places: 5) }
            try Units.insist(
                UnitCommand(
                    id: IntakeWorldTests.identifier(UInt64(unit.rawValue)!), unit: unit, occurredOn: Units.today,
                    action: .setGuidance(GuidanceSet(year: 2021, numbers: numbers))), &world, intakes: intakes,
                as: Units.city)
        }
        let id = IntakeWorldTests.identifier(1001)
        try world.record(
            HouseholdAppend(
                household: household, expected: 0, id: id, contentDigest: id.value,
                context: EventContext(principal: Units.city.principal, command: id),
                events: family(isHelpedBefore).map {
                    ProposedEvent(occurredOn: CivilDay(parsing: "2021-06-01")!, event: $0)
                }))
        return world
    }

    private static func family(_ isHelpedBefore: Bool) -> [HouseholdEvent] {
        var events: [HouseholdEvent] = [
            .registered(HouseholdRegistered(division: Units.units[0])),
            .personJoined(PersonJoined(person: pupil, role: .other)),
            .personJoined(PersonJoined(person: student, role: .other)),
            .moved(HouseholdMoved(kind: .residence, division: Units.units[1])),
        ]
        if isHelpedBefore {
            let period = DayPeriod(start: CivilDay(parsing: "2020-01-01")!, end: CivilDay(parsing: "2021-01-01"))
            events.append(
                .awardDecided(
                    AwardDecided(
                        clause: senior, subject: .person(pupil), outcome: .granted(.yuan(2000)), period: period,
                        reason: Code(unchecked: "standard"))))
        }
        for (clause, person, yuan) in [(senior, pupil, Int64(2000)), (university, student, 4000)] {
            let interval = DeterminationMade.Interval(
                period: DayPeriod(start: CivilDay(parsing: "2021-04-27")!, end: CivilDay(parsing: "2022-01-01")),
                status: .proposed, amount: .yuan(yuan))
            events.append(
                .determinationMade(
                    DeterminationMade(
                        clause: clause, subject: .person(person), pack: PackID(unchecked: "wenzhou-2021"),
                        packVersion: CivilDay(parsing: "2021-04-27")!, packHash: Array(repeating: 7, count: 32),
                        cadence: Code(unchecked: "year"), amountType: .inPrinciple, intervals: [interval], facts: [],
                        readThrough: EventReference(sequence: 4))))
            events.append(
                .application(
                    .submitted(
                        ApplicationSubmitted(
                            clause: clause, subject: .person(person), workflow: Code(unchecked: "project"),
                            step: Code(unchecked: "review")))))
            events.append(
                .application(
                    .confirmed(
                        ApplicationConfirmed(
                            application: EventReference(sequence: UInt64(events.count)),
                            step: Code(unchecked: "confirm")))))
        }
        return events
    }

    /// The first unit grants the pupil, the second the student.
    private static func give(
        _ number: UInt64, _ place: Int, reason: String? = nil, second: String? = nil, isException: Bool = false
    ) -> UnitCommand {
        UnitCommand(
            id: CommandID(Identifier128(high: 0x6E, low: number)), unit: Units.units[place], occurredOn: Units.today,
            action: .give(
                GrantOrder(
                    household: household, clause: place == 0 ? senior : university,
                    subject: .person(place == 0 ? pupil : student), year: 2021,
                    reason: reason.map { Code(unchecked: $0) }, isException: isException,
                    secondApprover: second.map { Code(unchecked: $0) })))
    }

    private static func standing(_ world: IntakeWorld, of year: Int = 2021) throws -> [AwardDecided] {
        try world.household(household).household.awards.filter { $0.stands && $0.decided.year == year }.map(\.decided)
    }

    @Test("一名学生得了，另一名同年不再给，例外也不行；前一项取消以后可以给另一名")
    func oneAfterTheOther() throws {
        var world = try Self.world(1, seed: 3)
        #expect(try Units.insist(Self.give(1, 0), &world, intakes: 1, as: Units.clerks[0]) == nil)
        let refusal = try Units.insist(Self.give(2, 1), &world, intakes: 1, as: Units.clerks[1])
        #expect(refusal?.reason == .grantStands && refusal?.clause?.rawValue == "WZ-3.8")
        #expect(refusal?.detail?.hasPrefix("2021 WZ-3.3a ") ?? false)
        let exception = try Units.insist(
            Self.give(3, 1, reason: "flood", second: "head-1", isException: true), &world, intakes: 1,
            as: Units.clerks[1])
        #expect(exception?.reason == .grantStands)
        #expect(try Self.standing(world).map(\.subject) == [.person(Self.pupil)])
        #expect(try world.unit(Units.units[1]).taken(Self.university, in: 2021).isEmpty)

        let taken = try Units.insist(
            Units.end(1, 1, Units.units[0]), &world, intakes: 1, as: Units.clerks[0])
        #expect(taken == nil)
        #expect(try Units.insist(Self.give(4, 1), &world, intakes: 1, as: Units.clerks[1]) == nil)
        #expect(try Self.standing(world).map(\.outcome) == [.granted(.yuan(4000))])
    }

    @Test("两个单位同一刻各资助一名：一个成，另一个说明已有什么，名额不多占", arguments: 1...20)
    func race(seed: UInt64) throws {
        var world = try Self.world(2, seed: seed)
        let tokens = try (0..<2).map { try world.send(Self.give(UInt64($0), $0), to: $0, as: Units.clerks[$0]) }
        try world.run(steps: 600)
        let refused = tokens.compactMap { token -> Refusal? in
            if case .refused(let refusal)? = world.answers[token] { refusal } else { nil }
        }
        #expect(refused.map(\.reason) == [.grantStands], "seed \(seed)")
        #expect(refused.first?.detail?.hasPrefix("2021 WZ-3.3") ?? false)
        #expect(try Self.standing(world).count == 1, "seed \(seed)")
        let places = try zip(Units.units, [Self.senior, Self.university]).map { unit, clause in
            try world.unit(unit).taken(clause, in: 2021).count
        }
        #expect(places.reduce(0, +) == 1, "seed \(seed): \(places)")
    }

    @Test("上年一名学生受过助：今年另一名原则上不给；例外要有理由和另一复核人，记在决定里")
    func helpedBefore() throws {
        var world = try Self.world(1, seed: 5, isHelpedBefore: true)
        func refusal(_ command: UnitCommand) throws -> Refusal? {
            try Units.insist(command, &world, intakes: 1, as: Units.clerks[1])
        }
        let barred = try refusal(Self.give(1, 1))
        #expect(barred?.reason == .grantPriorYear && barred?.clause?.rawValue == "WZ-3.7")
        #expect(barred?.detail?.hasPrefix("2020 WZ-3.3a ") ?? false)
        #expect(try refusal(Self.give(2, 1, second: "head-1", isException: true))?.reason == .grantReasonMissing)
        #expect(try refusal(Self.give(3, 1, reason: "flood", isException: true))?.reason == .secondApproverMissing)
        // The unit's own clerk is not a second person.
        let same = try refusal(Self.give(4, 1, reason: "flood", second: "longwan-1", isException: true))
        #expect(same?.reason == .secondApproverSame)
        #expect(try refusal(Self.give(5, 1, reason: "flood", second: "head-1", isException: true)) == nil)
        let award = try #require(try Self.standing(world).first)
        #expect(award.outcome == .excepted(.yuan(4000)) && award.secondApprover == Code(unchecked: "head-1"))
        #expect(award.subject == .person(Self.student) && award.place?.unit == Units.units[1])
    }
}
