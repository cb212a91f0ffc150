import CareDomain
import Foundation
import ServiceKit
import Testing

@testable import carectl

@Suite("去世和帮扶计划的命令")
struct CaseworkCommandsTests {
    private let household = HouseholdID(Identifier128(high: 1, low: 2))
    private let person = PersonID(Identifier128(high: 3, low: 4))

    @Test("case death 登记的就是那一天那一人去世")
    func death() throws {
        let typed = try #require(
            try Carectl.parseAsRoot(["case", "death", "abc", "only_child", "--on", "2015-03-02"]) as? CaseDeath)
        #expect(typed.household == "abc" && typed.member == "only_child" && typed.on == "2015-03-02")
        let day = try #require(CivilDay(parsing: "2015-03-02"))
        let id = CommandID(Identifier128(high: 5, low: 6))
        let command = CaseDeath.command(id: id, household: household, person: person, on: day)
        #expect(command.household == household && command.occurredOn == day && command.id == id)
        #expect(command.action == .recordDeath(PersonDied(person: person)) && command.correction == nil)
        #expect(throws: (any Error).self) { try Carectl.parseAsRoot(["case", "death", "abc"]) }
    }

    @Test("plan open 带条款、部门、期限；不是代码或日期的退回")
    func openItem() throws {
        let desk = Desk(try CommonOptions.parse([]))
        func item(_ words: String...) throws -> PlanItemOpened { try PlanOpen.parse(["abc"] + words).item(desk) }
        #expect(
            try item("--department", "dept.fp", "--clause", "cz-2.6a", "--due", "2015-06-30")
                == PlanItemOpened(
                    clause: ClauseID("CZ-2.6a"), department: DepartmentID(unchecked: "dept.fp"),
                    dueOn: CivilDay(parsing: "2015-06-30")))
        #expect(try item("--department", "dept.fp").clause == nil)
        #expect(throws: (any Error).self) { try item("--due", "2015-06-30") }
        #expect(throws: Failure.self) { try item("--department", "dept.fp", "--due", "2015-06-31") }
        #expect(throws: Failure.self) { try item("--department", "计生 局") }
    }

    @Test("plan done 指明那一项的序号")
    func itemDone() throws {
        #expect(try PlanDone.parse(["abc", "7"]).done == PlanItemDone(item: EventReference(sequence: 7)))
        #expect(throws: (any Error).self) { try PlanDone.parse(["abc", "seven"]) }
    }
}
