import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

/// Who decides about the money of a family that moved to another city: the place whose months it is, and nobody else; that
/// place may do nothing else with the family.
@Suite("受理：迁走的家庭，款项由所属地决定")
struct DuePlaceTests {
    private static let months = CivilMonth(year: 2024, month: 2)...CivilMonth(year: 2024, month: 3)

    private static func caller(_ division: String) -> Caller {
        var caller = IntakeWorldTests.clerk
        caller.principal.divisions = [DivisionCode(division)!]
        return caller
    }

    /// A family of 431002 that moved to 330302 on 10 April 2024 and is owed 300 yuan for February and for March.
    private static func world() throws -> (world: IntakeWorld, household: HouseholdID, decided: DueDecided) {
        var world = try IntakeWorldTests.ready(1, seed: 21)
        var command = IntakeWorldTests.registration(1, tokens: [1])
        command.occurredOn = CivilDay(year: 2024, month: 1, day: 5)!
        try world.send(command, to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 120)
        let history = try world.household(command.household)
        let person = try #require(history.household.members.first?.id)
        var made = PaymentBench.determination(
            person, [("2024-02-10", "2024-04-10", 300)], [PayerShare(payer: Code(unchecked: "finance"), parts: 1)],
            readThrough: history.lastSequence + 1,
            changes: [
                DueChange(first: months.lowerBound, last: months.upperBound, before: .zero, after: .yuan(300))
            ])
        made.packHash = Array(repeating: 7, count: 32)
        let id = CommandID.derived(command.id, "determination")
        try world.record(
            HouseholdAppend(
                household: command.household, expected: history.lastSequence, id: id, contentDigest: id.value,
                context: EventContext(principal: IntakeWorldTests.clerk.principal, command: id),
                events: [
                    ProposedEvent(
                        occurredOn: CivilDay(year: 2024, month: 4, day: 10)!,
                        event: .moved(HouseholdMoved(kind: .registration, division: DivisionCode("330302")!))),
                    ProposedEvent(occurredOn: IntakeWorldTests.today, event: .determinationMade(made)),
                ]))
        let decided = DueDecided(
            determination: EventReference(sequence: history.lastSequence + 2), clause: made.clause,
            subject: made.subject, kind: .arrears, isCarriedOut: false, reason: Code(unchecked: "late_record"))
        return (world, command.household, decided)
    }

    private static func command(_ number: UInt64, _ household: HouseholdID, _ action: HouseholdAction)
        -> HouseholdCommand
    {
        HouseholdCommand(
            id: IntakeWorldTests.identifier(number), household: household, occurredOn: IntakeWorldTests.today,
            action: action)
    }

    @Test("今天所在地的密钥不能把原地欠的钱一笔勾销；原地的能决定，再发一遍是同一条；别处的当没有这一户")
    func letGo() throws {
        var (world, household, decided) = try Self.world()
        func answer(_ command: HouseholdCommand, _ caller: Caller, isTrial: Bool = false) throws -> CommandResult? {
            let token =
                isTrial ? try world.ask(command, of: 0, as: caller) : try world.send(command, to: 0, as: caller)
            try world.run(steps: 300)
            return world.answers[token]
        }
        let before = try world.household(household).lastSequence
        for isTrial in [true, false] {
            let number: UInt64 = isTrial ? 50 : 51
            let refused = try answer(
                Self.command(number, household, .decideDue(decided)), Self.caller("330300"), isTrial: isTrial)
            guard case .refused(let refusal)? = refused else {
                Issue.record("the new place: \(String(describing: refused))")
                continue
            }
            #expect(refusal.code == "CARE-1436")
            #expect(refusal.detail == "#\(decided.determination.sequence) 431002: 2")
        }
        let stranger = try answer(Self.command(52, household, .decideDue(decided)), Self.caller("431021"))
        #expect(stranger == .refused(Refusal(.householdNotFound)))
        let plan = HouseholdAction.openPlanItem(PlanItemOpened(department: DepartmentID(unchecked: "dept.fp")))
        let other = try answer(Self.command(53, household, plan), Self.caller("431002"))
        #expect(other == .refused(Refusal(.householdNotFound)))
        #expect(try world.household(household).lastSequence == before)

        let own = Self.command(54, household, .decideDue(decided))
        for isRepeated in [false, true] {
            let recorded = try answer(own, Self.caller("431002"))
            guard case .recorded(let place)? = recorded else {
                Issue.record("the old place: \(String(describing: recorded))")
                continue
            }
            #expect(place.isRepeated == isRepeated && place.place.last == before + 1)
        }
        guard case .dueDecided(let stands)? = try world.household(household).events.last?.event else {
            Issue.record("nothing is decided")
            return
        }
        #expect(stands.division == DivisionCode("431002") && stands.months == [Self.months])
        #expect(try world.household(household).household.dueStandings.flatMap(\.entries).isEmpty)
    }
}
