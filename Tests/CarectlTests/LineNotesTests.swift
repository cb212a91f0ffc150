import CareDomain
import ServiceKit
import Testing

@testable import carectl

@Suite("导入时的提示")
struct LineNotesTests {
    private static let house = HouseholdID(Identifier128(high: 1, low: 2))
    private static func person(_ number: UInt64) -> PersonID { PersonID(Identifier128(high: 3, low: number)) }

    private static func command(_ action: HouseholdAction, _ household: HouseholdID = house) -> HouseholdCommand {
        HouseholdCommand(
            id: CommandID(Identifier128(high: 1, low: 1)), household: household,
            occurredOn: CivilDay(dayNumber: 16_000), action: action)
    }

    private static func accident(_ people: PersonID...) -> HouseholdCommand {
        let victims = people.map { IncidentReported.Victim(person: $0, outcome: IncidentReported.death) }
        return command(.reportIncident(IncidentReported(kind: Code(unchecked: "accident"), victims: victims)))
    }

    private static func remark(_ code: String, _ text: String) -> (remark: UserText, text: UserText) {
        (UserText(zh: "\(code) x", en: "\(code) x"), .plain(text))
    }

    @Test("--status 收办公室的说法，也收代码")
    func statusWords() {
        #expect(
            HouseholdFind.code(ofStatus: "失独") == "bereaved" && HouseholdFind.code(ofStatus: "伤残") == "disabled_child")
        #expect(HouseholdFind.code(ofStatus: "any") == "any" && HouseholdFind.code(ofStatus: "") == "")
    }

    @Test("收养日期未登记的等到最后才说，后面一行登记了收养的不说")
    func adoptions() {
        var notes = LineNotes()
        func added(_ number: UInt64) -> HouseholdCommand {
            Self.command(.addPerson(PersonJoined(person: Self.person(number), role: .adoptedChild)))
        }
        #expect(notes.take([Self.remark("CARE-1490", "line 2")], of: added(1)).isEmpty)
        #expect(notes.take([Self.remark("CARE-1490", "line 3")], of: added(2)).isEmpty)
        #expect(
            notes.take([], of: Self.command(.recordAdoption(ChildAdopted(child: Self.person(1))))).isEmpty)
        #expect(notes.rest().map(\.zh) == ["line 3"])
    }

    @Test("像是再生育的子女等到最后才说，后面一行登记了生育的不说")
    func births() {
        var notes = LineNotes()
        for number in [UInt64(1), 2] {
            let added = Self.command(.addPerson(PersonJoined(person: Self.person(number), role: .other)))
            #expect(notes.take([Self.remark("CARE-1313", "line \(number)")], of: added).isEmpty)
        }
        #expect(notes.take([], of: Self.command(.recordBirth(ChildBorn(child: Self.person(1))))).isEmpty)
        #expect(notes.rest().map(\.zh) == ["line 2"])
    }

    @Test("去世未登记的等到最后才说，后面几行已登记的不说；别的当时就说")
    func deaths() {
        var notes = LineNotes()
        let dead = Self.remark("CARE-1447", "line 2")
        #expect(
            notes.take([dead, Self.remark("CARE-6622", "line 2b")], of: Self.accident(Self.person(1))).map(\.zh) == [
                "line 2b"
            ])
        #expect(
            notes.take([Self.remark("CARE-1447", "line 3")], of: Self.accident(Self.person(2), Self.person(3))).isEmpty)
        let others = Self.command(
            .recordDeath(PersonDied(person: Self.person(1))), HouseholdID(Identifier128(high: 9, low: 9)))
        #expect(notes.take([], of: others).isEmpty)
        for number in [UInt64(1), 2] {
            #expect(notes.take([], of: Self.command(.recordDeath(PersonDied(person: Self.person(number))))).isEmpty)
        }
        #expect(notes.rest().map(\.zh) == ["line 3"])
        #expect(notes.rest().isEmpty)
    }

    @Test("最多说二十处，其余只说有多少处；更正的全说")
    func few() {
        var notes = LineNotes()
        for number in 1...25 {
            let told = notes.take([Self.remark("CARE-1604", "\(number)")], of: Self.command(.withdraw))
            #expect(told.map(\.zh) == (number <= 20 ? ["\(number)"] : []))
        }
        var correction = Self.command(.withdraw)
        correction.correction = Correction(
            corrects: EventReference(sequence: 1), reason: Code(unchecked: "typing_error"))
        #expect(notes.take([Self.remark("CARE-1806", "a"), Self.remark("CARE-1807", "b")], of: correction).count == 2)
        #expect(notes.rest().map(\.zh) == ["另有 5 处提示没有列出"])
    }
}
