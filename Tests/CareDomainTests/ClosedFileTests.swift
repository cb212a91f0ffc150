import CareDomain
import CareTestKit
import Testing

/// What was open when a file was closed is told, and can be brought to its end in the closed file; nothing begins in it.
@Suite("销档以后")
struct ClosedFileTests {
    private static let close = HouseholdAction.closeHousehold(HouseholdClosed(reason: Family.code("moved_away")))
    private static let plan = HouseholdAction.openPlanItem(
        PlanItemOpened(department: DepartmentID(unchecked: "dept.fp")))

    private static func warnings(_ decision: Decision) -> [Refusal] {
        guard case .events(_, let warnings) = decision else {
            Issue.record("refused")
            return []
        }
        return warnings
    }

    @Test("还有没办完的申请、帮扶计划时销档：提醒是哪几条；销档后可撤回申请、登记计划完成，不能审核、确认、新开")
    func whatIsOpen() {
        var family = ApplicationSample.family()
        let application = family.apply()
        family.accept(Self.plan, on: "2015-01-06")
        let item = family.last
        let warnings = Self.warnings(family.say(Self.close, on: "2015-02-01"))
        #expect(warnings.map(\.code) == ["CARE-1108"])
        let told = "申请 #\(application.sequence)；帮扶计划 #\(item.sequence)"
        #expect(warnings.first?.chinese.contains("（\(told)）") == true)
        family.refuse(.householdNotActive, .forward(application, "village"), on: "2015-02-02")
        family.refuse(.householdNotActive, .confirm(application, "village"), on: "2015-02-02")
        family.refuse(.householdNotActive, Self.plan, on: "2015-02-02")
        family.refuse(.householdNotActive, .submit(), on: "2015-02-02")
        family.accept(.completePlanItem(PlanItemDone(item: item)), on: "2015-02-03")
        #expect(family.state.planItems.map(\.doneOn) == [Family.day("2015-02-03")])
        family.accept(.takeBack(application), on: "2015-02-03")
        #expect(family.application.state == .withdrawn(Family.code("own_wish")))
        family.refuse(.applicationState, .takeBack(application), on: "2015-02-04")
        family.refuse(.unknownPlanItem, .completePlanItem(PlanItemDone(item: item)), on: "2015-02-04")
    }

    @Test("销档后可不予通过；没有没办完的，销档不提醒")
    func rejected() {
        var family = ApplicationSample.family()
        let application = family.apply()
        family.accept(Self.close, on: "2015-02-01")
        family.accept(.reject(application, "village"), on: "2015-02-03")
        #expect(family.application.state == .rejected(Family.code("not_eligible")))
        var other = ApplicationSample.family()
        let earlier = other.apply()
        other.accept(.takeBack(earlier), on: "2015-01-10")
        #expect(Self.warnings(other.say(Self.close, on: "2015-02-01")).isEmpty)
    }

    @Test("销档后作过的决定仍可撤销，名额因此空得出来；不能作新的决定")
    func revoked() throws {
        let clause = try #require(ClauseID("CZ-2.10d"))
        var family = Family()
        family.bench.context.policy.clauses[clause] = .init(
            clause: clause, title: "升学奖励", subject: .person, amountType: .floor)
        let child = FactSubject.person(Family.child)
        family.determine(clause, child, .floor, .proposed, .yuan(5000), from: "2014-09-01")
        family.accept(.decide(clause, child, .granted(.yuan(5000))), on: "2014-10-08")
        let award = family.last
        family.accept(Self.close, on: "2015-02-01")
        family.refuse(.householdNotActive, .decide(clause, child, .granted(.yuan(6000))), on: "2015-02-02")
        family.accept(.decide(clause, child, .revoked(award)), on: "2015-02-03")
        #expect(family.state.awards.map(\.revokedFrom) == [Family.day("2014-09-01")])
    }
}
