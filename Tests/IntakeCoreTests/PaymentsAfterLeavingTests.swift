import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

/// A man leaves one family and joins another on one day: his own stream links the files, and nothing else does.
extension PaymentRunTests {
    private static let changed = CivilDay(year: 2024, month: 5, day: 20)!

    /// - Parameter isNumbered: whether the second family tells his number when he joins it.
    private static func remarried(
        seed: UInt64, isNumbered: Bool
    ) throws -> (world: IntakeWorld, left: HouseholdID, joined: HouseholdID, man: PersonID) {
        var world = try IntakeWorldTests.ready(1, seed: seed)
        var families: [HouseholdID] = []
        for (number, tokens) in [(UInt64(1), [UInt64(1), 2]), (2, [3])] {
            var register = IntakeWorldTests.registration(number, tokens: tokens)
            register.occurredOn = CivilDay(year: 2024, month: 5, day: 2)!
            try say(register, &world)
            families.append(register.household)
        }
        let former = try #require(try world.household(families[0]).household.members.last?.id)
        try say(
            HouseholdCommand(
                id: IntakeWorldTests.identifier(90), household: families[0], occurredOn: changed,
                action: .removePerson(PersonLeft(person: former, reason: Code(unchecked: "left")))), &world)
        let join = IntakeWorldTests.identifier(91)
        let man = PersonID.derived(from: join, place: 0)
        let joined = PersonJoined(
            person: man, role: .husband, token: isNumbered ? IntakeWorldTests.token(2) : nil)
        try say(
            HouseholdCommand(
                id: join, household: families[1], occurredOn: changed, action: .addPerson(joined)), &world)
        try entitle(former, from: "2024-05-02", until: "\(changed)", in: families[0], &world)
        try entitle(man, from: "\(changed)", until: nil, in: families[1], &world)
        return (world, families[0], families[1], man)
    }

    private static func say(_ command: HouseholdCommand, _ world: inout IntakeWorld) throws {
        let token = try world.send(command, to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 300)
        guard case .recorded? = world.answers[token] else {
            Issue.record("not recorded: \(String(describing: world.answers[token]))")
            return
        }
    }

    /// Gives a person a right of 300 yuan a month, as eligibility would, and an account.
    private static func entitle(
        _ person: PersonID, from day: String, until end: String?, in household: HouseholdID,
        _ world: inout IntakeWorld
    ) throws {
        let last = try world.household(household).lastSequence
        var made = PaymentBench.determination(
            person, [(day, end, 300)], [PayerShare(payer: Code(unchecked: "finance"), parts: 1)], readThrough: last)
        made.packHash = Array(repeating: 7, count: 32)
        let account = FactStated(
            fact: .accountReference, subject: .person(person), value: .reference("acc-\(day)"),
            source: Code(unchecked: "form"))
        let id = CommandID.derived(CommandID(household.value), "entitled")
        let events: [HouseholdEvent] = [.factStated(account), .determinationMade(made)]
        try world.record(
            HouseholdAppend(
                household: household, expected: last, id: id, contentDigest: id.value,
                context: EventContext(principal: IntakeWorldTests.clerk.principal, command: id),
                events: events.map { ProposedEvent(occurredOn: IntakeWorldTests.today, event: $0) }))
    }

    @Test("同一天离开一户、加入另一户：两户同列一批，当月只在先在的一户列一笔，列户、截止都说明")
    func paidOnce() throws {
        var (world, left, joined, _) = try Self.remarried(seed: 31, isNumbered: true)
        let scope = Self.scope(5...6)
        let expected = [Refusal(.dueInOtherFile, detail: joined.description)]
        #expect(
            try Self.insist(Self.command(scope, "p", .prepare(scope, households: [left, joined])), &world, intakes: 1)
                == expected)
        #expect(try Self.insist(Self.command(scope, "c", .close), &world, intakes: 1) == expected)
        let batch = try world.batch(BatchID.derived(from: scope))
        #expect(batch.isFrozen && batch.total == .yuan(600))
        let months = batch.lines.map { ($0.ordered.household, $0.ordered.line.first, $0.ordered.line.last) }
        let (may, june) = (CivilMonth(year: 2024, month: 5), CivilMonth(year: 2024, month: 6))
        #expect(months.count == 2)
        #expect(months.contains { $0 == (left, may, may) } && months.contains { $0 == (joined, june, june) })
    }

    @Test("列了以后才补登身份证号：后列的一笔不送银行并说明（CARE-1479），先列的照送")
    func numberToldLater() throws {
        var (world, left, joined, man) = try Self.remarried(seed: 32, isNumbered: false)
        let scope = Self.scope(5...5)
        try Self.insist(Self.command(scope, "p", .prepare(scope, households: [left, joined])), &world, intakes: 1)
        try Self.insist(Self.command(scope, "c", .close), &world, intakes: 1)
        let batch = BatchID.derived(from: scope)
        #expect(try world.batch(batch).total == .yuan(600))
        try Self.say(
            HouseholdCommand(
                id: IntakeWorldTests.identifier(92), household: joined, occurredOn: IntakeWorldTests.today,
                action: .changePersonDetails(
                    PersonDetailsChanged(person: man, token: IntakeWorldTests.token(2)))), &world)
        var payer = IntakeWorldTests.clerk
        payer.principal.actor = Code(unchecked: "payer-1")
        let noted = try Self.noted(Self.command(scope, "i", .issue), &world, as: payer)
        #expect(noted.map(\.code) == ["CARE-1479"])
        let file = try #require(try world.batch(batch).files.first)
        let sent = try #require(file.entries.first)
        #expect(file.entries.count == 1 && file.total == .yuan(300))
        // Whichever was ordered first is sent, the other one waits and its file is named.
        let other = try #require(try world.batch(batch).lines.first { $0.number != sent.line })
        #expect(noted.first?.detail?.contains(other.ordered.household.description) == true)
    }
}
