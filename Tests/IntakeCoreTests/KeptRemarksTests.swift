import ArchiveClient
import CareDomain
import CareProjections
import CareTestKit
import IntakeCore
import Testing

/// Whoever closes a file is told what is open in it, without what their department may not see.
@Suite("受理：提示里不说对本部门遮着的事")
struct KeptRemarksTests {
    private static let office = DepartmentID(unchecked: "dept.fp")
    private static let treasury = DepartmentID(unchecked: "treasury")

    /// Chenzhou shows accidents to the office that insures, and to nobody else.
    private static let restrictions: FactRestrictions = {
        var restrictions = FactRestrictions()
        let kind = FactID(unchecked: "incident.kind")
        restrictions.add(
            FactRestrictions.Version(
                territory: DivisionCode("431000"), inForce: DayPeriod(start: .invented("2014-07-16")), facts: [kind],
                shownTo: [kind: [office]]), of: PackID(unchecked: "chenzhou-2014"))
        return restrictions
    }()

    @Test("销档：意外的理赔只说给看得见意外的部门")
    func closing() {
        let people = (1...2).map { PersonID(Identifier128(high: 3, low: $0)) }
        var stream = InventedStream(71)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2014-08-01")
        for (person, role) in zip(people, [MemberRole.wife, .onlyChild]) {
            stream.add(.personJoined(PersonJoined(person: person, role: role)), on: "2014-08-01")
        }
        stream.add(.disabilityAssessed(DisabilityAssessed(person: people[1], grade: 2)), on: "2014-08-01")
        let victim = IncidentReported.Victim(person: people[0], outcome: Code(unchecked: "disability"), grade: 2)
        let accident = stream.add(
            .incidentReported(IncidentReported(kind: Code(unchecked: "accident"), victims: [victim])),
            on: "2014-10-08")
        var known = CachedHousehold(id: stream.id)
        for event in stream.events {
            known.append(ReadHouseholdEvent(known: event, contentDigest: Identifier128(high: 0, low: 1)))
        }

        func remarks(_ department: DepartmentID) -> [Refusal]? {
            let today = IntakeWorldTests.today
            var caller = IntakeWorldTests.clerk.principal
            caller.department = department
            let command = HouseholdCommand(
                id: IntakeWorldTests.identifier(9), household: stream.id, occurredOn: .invented("2015-01-01"),
                action: .closeHousehold(HouseholdClosed(reason: Code(unchecked: "moved_away"))))
            let context = DecisionContext(
                today: today, policy: .chenzhouSample, rights: [.command], newHousehold: stream.id,
                department: department)
            var flow = CommandFlow(
                command: command, contentDigest: Identifier128(high: 0, low: 2), context: context, principal: caller,
                sight: FactSight(Self.restrictions, department: department, today: today), isTrial: true)
            guard case .finished(.acceptable(_, let warnings)) = flow.start(known) else { return nil }
            return warnings
        }
        #expect(remarks(Self.office)?.map(\.detail) == ["#\(accident.sequence)"])
        #expect(remarks(Self.treasury) == [])
    }
}
