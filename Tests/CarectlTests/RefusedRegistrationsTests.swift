import CareDomain
import CaseImport
import ServiceKit
import Testing

@testable import carectl

/// A line that rests on a refused registration says so, instead of asking for a household number that was never wrong.
struct RefusedRegistrationsTests {
    private static let household = HouseholdID(Identifier128(high: 1, low: 1))

    private static func draft(_ line: Int, _ action: HouseholdAction, of household: HouseholdID) -> CommandDraft {
        CommandDraft(
            line: line,
            command: HouseholdCommand(
                id: CommandID(Identifier128(high: 2, low: UInt64(line))), household: household,
                occurredOn: CivilDay(year: 2025, month: 1, day: 5)!, action: action))
    }

    @Test("建档被退回以后，这一户后面的各行写明是因为哪一行，不说户编号错了；别的户、别的原因照旧")
    func explained() {
        var registrations = RefusedRegistrations()
        let registration = HouseholdAction.registerHousehold(
            RegisterHousehold(
                household: HouseholdRegistered(division: DivisionCode("431002001")!), members: [], facts: []))
        let visit = HouseholdAction.recordVisit(
            RecordVisit(visit: VisitRecorded(kind: Code(unchecked: "routine")), needs: []))
        let wrong = Failure(1307, UserText(zh: "身份证号不正确", en: "wrong ID number"), exit: .badData)
        let unknown = Failure(1101, UserText(zh: "没有这一户档案", en: "no such household"), exit: .badData)
        #expect(registrations.explain(wrong, of: Self.draft(1, registration, of: Self.household)) == wrong)
        let told = registrations.explain(unknown, of: Self.draft(4, visit, of: Self.household))
        #expect(told.code == "CARE-1101" && told.text.zh.contains("第 1 行"))
        #expect(told.advice?.zh.contains("第 1 行") == true && told.advice?.en.contains("line 1") == true)
        #expect(registrations.explain(wrong, of: Self.draft(5, visit, of: Self.household)) == wrong)
        let other = HouseholdID(Identifier128(high: 1, low: 2))
        #expect(registrations.explain(unknown, of: Self.draft(6, visit, of: other)) == unknown)
    }
}
