import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

/// A family's record that cannot be read: who acts where the family is learns why, everybody else what they learn of a
/// family that does not exist.
@Suite("受理：读不了的档案不让外人知道")
struct UnreadableRecordTests {
    static let none = CommandResult.refused(Refusal(.householdNotFound))
    static let stranger = caller(["330302"])
    static let everywhere = caller(["000000"])

    private static func caller(_ divisions: [String]) -> Caller {
        var caller = IntakeWorldTests.clerk
        caller.principal.divisions = divisions.map { DivisionCode($0)! }
        return caller
    }

    private static func command(_ number: UInt64, _ household: HouseholdID) -> HouseholdCommand {
        HouseholdCommand(
            id: IntakeWorldTests.identifier(number), household: household, occurredOn: IntakeWorldTests.today,
            action: .openPlanItem(PlanItemOpened(department: DepartmentID(unchecked: "dept.fp"))))
    }

    /// A world with two families: of the first a newer program wrote, the second is fenced.
    private static func world() throws -> (world: IntakeWorld, newer: HouseholdID, damaged: HouseholdID) {
        var world = try IntakeWorldTests.ready(1, seed: 11)
        let families = [UInt64(1), 2].map { IntakeWorldTests.registration($0, tokens: [$0]) }
        for family in families {
            try world.send(family, to: 0, as: IntakeWorldTests.clerk)
            try world.run(steps: 200)
        }
        let (newer, damaged) = (families[0].household, families[1].household)
        let history = try world.household(newer)
        let person = try #require(history.household.members.first?.id)
        let fact = FactStated(
            fact: FactID(unchecked: "person.account_ref"), subject: .person(person), value: .reference("acc-1"),
            source: Code(unchecked: "form"))
        let id = IntakeWorldTests.identifier(70)
        var wire = try ArchiveMessages.message(
            HouseholdAppend(
                household: newer, expected: history.lastSequence, id: id, contentDigest: id.value,
                context: EventContext(principal: IntakeWorldTests.clerk.principal, command: id),
                events: [ProposedEvent(occurredOn: IntakeWorldTests.today, event: .factStated(fact))]))
        wire.events[0].version = 9
        try world.put(wire)
        try world.fence(damaged)
        return (world, newer, damaged)
    }

    private static func code(_ result: CommandResult?) -> String? {
        if case .failed(let failure)? = result { failure.code } else { nil }
    }

    @Test("外区划的人登记、试办都答没有这一户，和真没有时一样；本区划和全国的钥匙知道原因", arguments: [false, true])
    func concealed(startedAnew: Bool) throws {
        var (world, newer, damaged) = try Self.world()
        if startedAnew {
            world.restart(withKeys: [])
            try world.run(steps: 40)
        }
        let nobody = HouseholdID(Identifier128(high: 5, low: 5))
        var number: UInt64 = 100
        for household in [newer, damaged, nobody] {
            for caller in [Self.stranger, IntakeWorldTests.clerk, Self.everywhere] {
                number += 1
                let command = Self.command(number, household)
                let tried = try world.ask(command, of: 0, as: caller)
                try world.run(steps: 100)
                let sent = try world.send(command, to: 0, as: caller)
                try world.run(steps: 100)
                for token in [tried, sent] {
                    if caller == Self.stranger || household == nobody {
                        #expect(world.answers[token] == Self.none)
                    } else {
                        #expect(Self.code(world.answers[token]) == (household == newer ? "CARE-2007" : "CARE-2003"))
                    }
                }
            }
        }
    }

    @Test("并入外区划读不了的户：答没有要并入的那一户")
    func mergedInto() throws {
        var (world, newer, damaged) = try Self.world()
        let own = caller(in: "330302")
        var register = IntakeWorldTests.registration(3, tokens: [3])
        register.action = .registerHousehold(
            RegisterHousehold(
                household: HouseholdRegistered(division: DivisionCode("330302")!),
                members: [
                    PersonJoined(
                        person: PersonID.derived(from: register.id, place: 0), role: .wife,
                        token: IntakeWorldTests.token(3))
                ]))
        try world.send(register, to: 0, as: own)
        try world.run(steps: 200)
        for (number, target) in [(UInt64(80), newer), (81, damaged)] {
            let merge = HouseholdCommand(
                id: IntakeWorldTests.identifier(number), household: register.household,
                occurredOn: IntakeWorldTests.today, action: .mergeHousehold(MergeHousehold(into: target)))
            let token = try world.send(merge, to: 0, as: own)
            try world.run(steps: 200)
            #expect(world.answers[token] == .refused(Refusal(.householdNotFound, field: "into")))
        }
    }

    private func caller(in division: String) -> Caller { Self.caller([division]) }

    @Test("区划只从读得出的前段得知；第一条就坏时只有全国的钥匙知道原因")
    func divisionOfAPart() throws {
        let (world, _, damaged) = try Self.world()
        let events = try world.read("household-\(damaged)", after: 0)
        func failure(_ change: (inout Care_V1_ReadStreamReply) -> Void) -> FlowFailure? {
            var reply = Care_V1_ReadStreamReply()
            reply.events = events
            change(&reply)
            if case .failed(let failure) = HouseholdReading(reply) { return failure } else { return nil }
        }
        let behind = failure {
            $0.events.removeLast()
            $0.damagedSequences = [UInt64(events.count)]
        }
        let first = failure {
            $0.events.removeFirst()
            $0.damagedSequences = [1]
        }
        let fenced = failure { $0.fenced.reason = "damaged" }
        #expect(behind?.division == IntakeWorldTests.division && behind?.isFenced == true)
        #expect(fenced?.division == IntakeWorldTests.division)
        let unknown = try #require(first)
        #expect(unknown.division == nil)
        #expect(unknown.concealed(from: IntakeWorldTests.clerk.principal, at: nil)?.reason == .householdNotFound)
        #expect(unknown.concealed(from: IntakeWorldTests.clerk.principal, at: IntakeWorldTests.division) == nil)
        #expect(unknown.concealed(from: Self.everywhere.principal, at: nil) == nil)
        #expect(FlowFailure.contention.concealed(from: Self.stranger.principal, at: nil) == nil)
    }
}
