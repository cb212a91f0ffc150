import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

extension PaymentRunTests {
    @Test("受益人已故：有账户的照送，没有账户的不说照送，说明要办什么，补上账户再送")
    func theDead() throws {
        var (world, households) = try Self.world(1, seed: 12)
        let scope = Self.scope(2...3)
        let batch = BatchID.derived(from: scope)
        try Self.insist(Self.command(scope, "p", .prepare(scope, households: households)), &world, intakes: 1)
        try Self.insist(Self.command(scope, "c", .close), &world, intakes: 1)
        // Both died in the last month of their lines; of the second the account is not known any more.
        for (place, household) in households.prefix(2).enumerated() {
            let person = try #require(try world.household(household).household.members.first?.id)
            let account = HouseholdEvent.factStated(
                FactStated(
                    fact: .accountReference, subject: .person(person), value: nil, source: Code(unchecked: "form")))
            try Self.tell([.personDied(PersonDied(person: person))] + (place == 1 ? [account] : []), household, &world)
        }
        var payer = IntakeWorldTests.clerk
        payer.principal.actor = Code(unchecked: "payer-1")
        let lines = try world.batch(batch).lines
        func note(_ reason: Refusal.Reason, _ household: HouseholdID) throws -> Refusal {
            let line = try #require(lines.first { $0.ordered.household == household })
            return Refusal(reason, detail: "第 \(line.number) 笔，户 \(household)")
        }
        let expected = [try note(.payeeDied, households[0]), try note(.payeeDiedUnsent, households[1])]
        let noted = try Self.noted(Self.command(scope, "i", .issue), &world, as: payer)
        #expect(noted.count == 2 && expected.allSatisfy(noted.contains))
        #expect(expected[1].code == "CARE-1438")
        let sent = try #require(try world.batch(batch).files.first).entries.map(\.line)
        #expect(sent.count == Self.families - 1)
        let waiting = try #require(lines.first { $0.ordered.household == households[1] }).number
        #expect(!sent.contains(waiting))
        let person = try #require(try world.household(households[1]).household.members.first?.id)
        let heir = FactStated(
            fact: .accountReference, subject: .person(person), value: .reference("acc-heir"),
            source: Code(unchecked: "form"))
        try Self.tell([.factStated(heir)], households[1], &world)
        #expect(
            try Self.noted(Self.command(scope, "i2", .issue), &world, as: payer) == [
                try note(.payeeDied, households[1])
            ])
        #expect(try world.batch(batch).files.last?.entries.map(\.line) == [waiting])
    }

    @Test("突发事件记受益人已死、去世未登记：列户、截止、送银行都提醒，照样办；登记去世以后不再这样提醒")
    func toldByAnAccident() throws {
        var (world, households) = try Self.world(1, seed: 13)
        let person = try #require(try world.household(households[0]).household.members.first?.id)
        let victim = IncidentReported.Victim(person: person, outcome: IncidentReported.death)
        let incident = IncidentReported(kind: Code(unchecked: "accident"), victims: [victim])
        try Self.tell([.incidentReported(incident)], households[0], &world)
        let what = "\(IntakeWorldTests.today)"
        func note(_ line: Int?) -> Refusal {
            Refusal(
                .payeeDeathUnrecorded,
                detail: "\(line.map { "第 \($0) 笔，" } ?? "")户 \(households[0])，\(what) 的突发事件",
                english: "\(line.map { "line \($0), " } ?? "")household \(households[0]), what happened on \(what)")
        }
        #expect(note(nil).code == "CARE-1460")
        var payer = IntakeWorldTests.clerk
        payer.principal.actor = Code(unchecked: "payer-1")
        let scope = Self.scope(2...3)
        let batch = BatchID.derived(from: scope)
        #expect(
            try Self.noted(Self.command(scope, "p", .prepare(scope, households: households)), &world) == [note(nil)])
        #expect(try Self.noted(Self.command(scope, "c", .close), &world) == [note(nil)])
        let lines = try world.batch(batch).lines
        let own = try #require(lines.first { $0.ordered.household == households[0] }?.number)
        #expect(try Self.noted(Self.command(scope, "i", .issue), &world, as: payer) == [note(own)])
        #expect(try world.batch(batch).files.first?.entries.count == lines.count)

        try Self.tell([.personDied(PersonDied(person: person))], households[0], &world)
        let next = Self.scope(4...4)
        let later = try Self.noted(Self.command(next, "p", .prepare(next, households: households)), &world)
        #expect(later.allSatisfy { $0.reason != .payeeDeathUnrecorded })
    }

    /// Records events of a family that somebody else wrote: a death on 10 March 2024, the rest today.
    private static func tell(
        _ events: [HouseholdEvent], _ household: HouseholdID, _ world: inout IntakeWorld
    ) throws {
        let last = try world.household(household).lastSequence
        let id = CommandID.derived(CommandID(household.value), "told.\(last)")
        try world.record(
            HouseholdAppend(
                household: household, expected: last, id: id, contentDigest: id.value,
                context: EventContext(principal: IntakeWorldTests.clerk.principal, command: id),
                events: events.map { event in
                    guard case .personDied = event else {
                        return ProposedEvent(occurredOn: IntakeWorldTests.today, event: event)
                    }
                    return ProposedEvent(occurredOn: CivilDay(year: 2024, month: 3, day: 10)!, event: event)
                }))
    }
}
