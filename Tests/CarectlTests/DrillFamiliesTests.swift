import CareDomain
import CareWire
import CaseImport
import Testing

@testable import carectl

/// Commands of a drill.
struct DrillFamiliesTests {
    @Test("恰好那么多条事件，每户先建档再登记，编号不重", arguments: [(1, 32), (7, 3), (100, 32), (1_000, 5), (513, 64)])
    func commands(count: Int, width: Int) throws {
        let run = CommandID(Identifier128(high: UInt64(count), low: UInt64(width)))
        let day = try #require(CivilDay(parsing: "2025-06-01"))
        var families = DrillFamilies(count: count, width: width, run: run, day: day)
        var ids: Set<CommandID> = []
        var registered: Set<HouseholdID> = []
        var events = 0
        while let draft = families.next() {
            #expect(ids.insert(draft.command.id).inserted)
            switch draft.command.action {
            case .registerHousehold(let register):
                #expect(registered.insert(draft.command.household).inserted)
                #expect(HouseholdEvent.registered(register.household).isOfDrill)
            case .openPlanItem(let item):
                #expect(registered.contains(draft.command.household))
                #expect(HouseholdEvent.planItemOpened(item).isOfDrill)
                events += 1
            default: Issue.record("\(draft.command.action)")
            }
            // What cannot be encoded cannot be sent.
            _ = try CommandCodec.encode(draft.command)
        }
        #expect(events == count && families.left == 0)
        // No household more than the width and the length of its stream ask for.
        #expect(registered.count <= count / 16 + width)
    }

    @Test("别人的事件不算演练")
    func others() {
        let item = PlanItemOpened(department: DepartmentID(unchecked: "dept.fp"))
        #expect(!HouseholdEvent.planItemOpened(item).isOfDrill)
        #expect(!HouseholdEvent.closed(HouseholdClosed(reason: Code(unchecked: "no_members"))).isOfDrill)
    }
}
