import CareDomain
import Foundation
import ServiceKit
import Testing

@testable import carectl

@Suite("去世、突发事件、监护和帮扶计划的命令")
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

    @Test("case leave 登记的就是那一天那一人因何离开；不写原因的退回")
    func leaving() throws {
        let words = ["case", "leave", "abc", "husband", "--reason", "divorce", "--on", "2015-03-02"]
        let typed = try #require(try Carectl.parseAsRoot(words) as? CaseLeave)
        #expect(typed.member == "husband" && typed.reason == "divorce" && typed.on == "2015-03-02")
        let day = try #require(CivilDay(parsing: "2015-03-02"))
        let id = CommandID(Identifier128(high: 5, low: 6))
        let divorce = Code(unchecked: "divorce")
        let command = CaseLeave.command(id: id, household: household, person: person, for: divorce, on: day)
        #expect(command.household == household && command.occurredOn == day && command.id == id)
        #expect(command.action == .removePerson(PersonLeft(person: person, reason: divorce)))
        #expect(throws: (any Error).self) { try Carectl.parseAsRoot(["case", "leave", "abc", "husband"]) }
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

    @Test("incident report 的 --victim：成员、后果、等级；写错的退回")
    func victims() throws {
        let wife = try IncidentReport.victim("wife=disability:2")
        #expect(wife.outcome == Code(unchecked: "disability") && wife.grade == 2)
        if case .role(let role) = wife.member { #expect(role == .wife) } else { Issue.record("not a role") }
        let other = try IncidentReport.victim("\(person)=death")
        if case .person(let found) = other.member { #expect(found == person) } else { Issue.record("not a person") }
        #expect(other.outcome == IncidentReported.death && other.grade == nil)
        for text in ["wife", "wife=", "=death", "wife=disability:two", "aunt=death"] {
            #expect(throws: Failure.self) { try IncidentReport.victim(text) }
        }
        #expect(throws: (any Error).self) { try IncidentReport.parse(["abc", "--kind", "accident"]) }
        let report = ["abc", "--kind", "accident", "--victim", "wife=death"]
        #expect(try IncidentReport.parse(report).putRight.corrects == nil)
        #expect(throws: (any Error).self) { try IncidentReport.parse(report + ["--corrects", "7"]) }
        #expect(try IncidentReport.parse(report + ["--corrects", "7", "--reason", "duplicate"]).putRight.corrects == 7)
    }

    @Test("guardian name 的姓名封存；notarise 的免费写不写都行；都要写明监护谁")
    func guardians() throws {
        let named = ["abc", "wife", "--named-by", "org.community", "--relation", "relative"]
        let id = CommandID(Identifier128(high: 5, low: 6))
        let typed = try GuardianName.parse(named + ["--name", "试亲"]).named(person, by: id)
        #expect(typed.person == person && typed.namedBy == DepartmentID(unchecked: "org.community"))
        #expect(typed.sealed.map(\.subject) == [typed.guardian] && typed.sealed.first?.details?.name == "试亲")
        #expect(try GuardianName.parse(named + ["--guardian", "\(person)"]).named(person, by: id).sealed.isEmpty)
        #expect(throws: (any Error).self) { try GuardianName.parse(named) }
        let notarised = ["abc", "wife", "--certificate", "2015-7"]
        #expect(try GuardianNotarise.parse(notarised).feeWaived == nil)
        #expect(try GuardianNotarise.parse(notarised + ["--fee-waived"]).feeWaived == true)
        #expect(try GuardianNotarise.parse(notarised + ["--no-fee-waived", "--scope", "surgery"]).feeWaived == false)
        #expect(throws: (any Error).self) { try GuardianEnd.parse(["abc", "wife"]) }
    }

    @Test("case withdraw 指明哪一条、为什么")
    func withdrawal() throws {
        let typed = try CaseWithdraw.parse(["abc", "7", "--reason", "duplicate"])
        #expect(typed.entry == 7 && typed.reason == "duplicate")
        #expect(throws: (any Error).self) { try CaseWithdraw.parse(["abc", "7"]) }
    }

    @Test("plan done 指明那一项的序号")
    func itemDone() throws {
        #expect(try PlanDone.parse(["abc", "7"]).done == PlanItemDone(item: EventReference(sequence: 7)))
        #expect(throws: (any Error).self) { try PlanDone.parse(["abc", "seven"]) }
    }
}
