import ArchiveClient
import CareDomain
import CareTestKit
import EventLog
import IntakeCore
import Testing

/// An archive number belongs to one family of a county, whoever types it and however many intakes there are.
@Suite("受理：档案号")
struct ArchiveNumberTests {
    private typealias World = IntakeWorldTests

    private static func registration(
        _ number: UInt64, _ archiveNumber: String, in division: DivisionCode = World.division, tokens: [UInt64]
    ) -> HouseholdCommand {
        var command = World.registration(number, tokens: tokens)
        guard case .registerHousehold(var register) = command.action else { return command }
        register.household = HouseholdRegistered(division: division, archiveNumber: archiveNumber)
        command.action = .registerHousehold(register)
        return command
    }

    private static func reason(_ answer: CommandResult?) -> Refusal.Reason? {
        if case .refused(let refusal)? = answer { refusal.reason } else { nil }
    }

    private static func isRecorded(_ answer: CommandResult?) -> Bool {
        if case .recorded? = answer { true } else { false }
    }

    private static func send(_ command: HouseholdCommand, _ world: inout IntakeWorld, to intake: Int = 0) throws
        -> CommandResult?
    {
        let token = try world.send(command, to: intake, as: World.clerk)
        try world.run(steps: 300)
        return world.answers[token]
    }

    @Test("同县同号：第二户退回；邻县同号、他号可以；人已在册的先说人")
    func oneFamilyForANumber() throws {
        var world = try World.ready(2, seed: 1)
        #expect(Self.isRecorded(try Self.send(Self.registration(1, "B-7", tokens: [1, 2]), &world)))
        let second = try Self.send(Self.registration(2, "B-7", tokens: [3]), &world, to: 1)
        #expect(Self.reason(second) == .archiveNumberTaken)
        if case .refused(let refusal)? = second {
            #expect(refusal.field == "household.archive_number" && refusal.code == "CARE-1423")
            #expect(refusal.candidate == World.registration(1, tokens: []).household)
        }
        // Who was reserved for the refused family is free again.
        #expect(Self.isRecorded(try Self.send(Self.registration(3, "B-8", tokens: [3]), &world, to: 1)))
        let neighbour = try #require(DivisionCode("431003001"))
        #expect(Self.isRecorded(try Self.send(Self.registration(4, "B-7", in: neighbour, tokens: [4]), &world)))
        #expect(Self.reason(try Self.send(Self.registration(5, "B-7", tokens: [1]), &world)) == .personElsewhere)
        let village = try #require(DivisionCode("431002003001"))
        #expect(
            Self.reason(try Self.send(Self.registration(6, "B-7", in: village, tokens: []), &world))
                == .noMembers)
        #expect(
            Self.reason(try Self.send(Self.registration(7, "B-7", in: village, tokens: [7]), &world))
                == .archiveNumberTaken)
    }

    @Test("登记错误作废之后，号可以给另一户；更正档案号，旧号让出、新号占住")
    func numbersAreGivenUp() throws {
        var world = try World.ready(1, seed: 2)
        let first = Self.registration(1, "B-7", tokens: [1])
        #expect(Self.isRecorded(try Self.send(first, &world)))
        var correction = HouseholdCommand(
            id: World.identifier(2), household: first.household, occurredOn: World.today,
            action: .registerHousehold(
                RegisterHousehold(
                    household: HouseholdRegistered(division: World.division, archiveNumber: "B-9"), members: [])))
        correction.correction = Correction(
            corrects: EventReference(sequence: 1), reason: Code(unchecked: "typing_error"))
        #expect(Self.isRecorded(try Self.send(correction, &world)))
        #expect(
            Self.reason(try Self.send(Self.registration(3, "B-9", tokens: [3]), &world)) == .archiveNumberTaken)
        #expect(Self.isRecorded(try Self.send(Self.registration(4, "B-7", tokens: [4]), &world)))
        let error = HouseholdCommand(
            id: World.identifier(5), household: first.household, occurredOn: World.today,
            action: .markRegisteredInError(HouseholdRegisteredInError(reason: Code(unchecked: "typing_error"))))
        #expect(Self.isRecorded(try Self.send(error, &world)))
        #expect(Self.isRecorded(try Self.send(Self.registration(6, "B-9", tokens: [6]), &world)))
    }

    private static func move(_ number: UInt64, _ household: HouseholdID, _ archiveNumber: String) -> HouseholdCommand {
        HouseholdCommand(
            id: World.identifier(number), household: household, occurredOn: World.today,
            action: .moveHousehold(
                HouseholdMoved(
                    kind: .registration, division: DivisionCode("431003001")!, archiveNumber: archiveNumber)))
    }

    @Test("迁到邻县带新号：旧号让出，新号占住；邻县已有的号退回；号给了别户，迁移就撤不回")
    func numbersOfAMove() throws {
        var world = try World.ready(2, seed: 3)
        let first = Self.registration(1, "B-7", tokens: [1])
        let second = Self.registration(2, "B-8", tokens: [2])
        #expect(Self.isRecorded(try Self.send(first, &world)))
        #expect(Self.isRecorded(try Self.send(second, &world)))
        #expect(Self.isRecorded(try Self.send(Self.move(3, first.household, "C-1"), &world)))
        let moved = EventReference(sequence: try world.household(first.household).lastSequence)
        let taken = try Self.send(Self.move(4, second.household, "C-1"), &world)
        #expect(Self.reason(taken) == .archiveNumberTaken)
        if case .refused(let refusal)? = taken { #expect(refusal.field == "archive_number") }
        #expect(Self.isRecorded(try Self.send(Self.registration(5, "B-7", tokens: [5]), &world, to: 1)))
        var withdrawal = HouseholdCommand(
            id: World.identifier(6), household: first.household, occurredOn: World.today, action: .withdraw)
        withdrawal.correction = Correction(corrects: moved, reason: Code(unchecked: "typing_error"))
        #expect(Self.reason(try Self.send(withdrawal, &world)) == .archiveNumberTaken)
        // The number of the second is its own still.
        #expect(Self.reason(try Self.send(Self.registration(7, "B-8", tokens: [7]), &world)) == .archiveNumberTaken)
    }

    @Test("两个受理同时建两户、同一个号，消息会丢：最多成一户，占位都有了结", arguments: 1...30)
    func atTheSameMoment(seed: UInt64) throws {
        var weather = IntakeWorld.Weather()
        weather.callsLost = 5
        weather.answersLost = 5
        var world = try World.ready(2, seed: seed, weather: weather)
        let commands = (0..<4).map { Self.registration(UInt64(10 + $0), "B-7", tokens: [UInt64(20 + $0)]) }
        for (number, command) in commands.enumerated() {
            try world.send(command, to: number % 2, as: World.clerk)
        }
        try world.run(steps: 600)
        try world.calm()
        var holders = 0
        var standings: [PersonToken: PersonStanding] = [:]
        for event in try world.allEvents() where event.stream.category == .person {
            let token = try #require(PersonToken(event.stream.key))
            guard standings[token] == nil else { continue }
            var standing = PersonStanding()
            for event in try world.read("person-\(token)", after: 0).map(ArchiveMessages.person) {
                standing.evolve(event.event, sequence: event.sequence, recordedAt: event.recordedAt)
            }
            standings[token] = standing
            if case .reserved = standing.state { Issue.record("seed \(seed): a reservation was never settled") }
        }
        for command in commands where try world.household(command.household).household.status == .active {
            holders += 1
        }
        #expect(holders <= 1, "seed \(seed): \(holders) families have the number")
    }
}
