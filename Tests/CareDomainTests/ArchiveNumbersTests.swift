import CareDomain
import Testing

/// Each county gives its own archive numbers: a move to another one may bring its number, from that day on.
@Suite("档案号随户籍迁移")
struct ArchiveNumbersTests {
    private static func registered(_ number: String?) -> Family {
        var family = Family(registered: false)
        family.accept(
            .registerHousehold(
                RegisterHousehold(
                    household: HouseholdRegistered(division: DivisionCode("431002001")!, archiveNumber: number),
                    members: Family.members())), on: "2014-08-01")
        return family
    }

    private static func move(
        _ division: String, _ number: String?, kind: HouseholdMoved.Kind = .registration
    ) -> HouseholdAction {
        .moveHousehold(HouseholdMoved(kind: kind, division: DivisionCode(division)!, archiveNumber: number))
    }

    private static func numbers(_ family: Family, _ days: String...) -> [String?] {
        days.map { family.state.archiveNumber(on: Family.day($0))?.number }
    }

    @Test("迁到另一县带新号：从那天起是新号，旧号留在以前；建档以前按第一个号；不带号的，原号不变")
    func numbersByDay() {
        var family = Self.registered("BH-1")
        family.accept(Self.move("431003001", nil), on: "2015-01-01")
        #expect(Self.numbers(family, "2014-01-01", "2015-02-01") == ["BH-1", "BH-1"])
        #expect(family.state.archiveNumberDivision == DivisionCode("431002001"))
        family.accept(Self.move("431102001", "W-9"), on: "2015-03-01")
        #expect(Self.numbers(family, "2014-01-01", "2015-02-28", "2015-03-01") == ["BH-1", "BH-1", "W-9"])
        #expect(family.state.archiveNumber == "W-9" && family.state.archiveNumberDivision?.county.rawValue == "431102")
        // What is told later of an earlier day stands in its place.
        family.accept(Self.move("431003001", "GY-3"), on: "2015-01-10")
        #expect(Self.numbers(family, "2015-01-09", "2015-01-10", "2015-03-01") == ["BH-1", "GY-3", "W-9"])
    }

    @Test("居住地迁移不带号；同县不换号，同一个号可以写；原来没有号的可以给")
    func refused() {
        var family = Self.registered("BH-1")
        family.refuse(.numberOfResidence, Self.move("431003001", "GY-1", kind: .residence), on: "2015-01-01")
        family.refuse(.numberOfCounty, Self.move("431002002", "BH-2"), on: "2015-01-01")
        family.accept(Self.move("431002002", "BH-1"), on: "2015-01-01")
        var unnumbered = Self.registered(nil)
        unnumbered.accept(Self.move("431002002", "BH-2"), on: "2015-01-01")
        #expect(Self.numbers(unnumbered, "2014-12-31", "2015-01-01") == [nil, "BH-2"])
    }

    @Test("迁移撤回，号也回到原来的；更正迁移可以补上号、改号")
    func correctedWithTheMove() {
        var family = Self.registered("BH-1")
        family.accept(Self.move("431003001", nil), on: "2015-01-01")
        let moved = family.last
        family.accept(Self.move("431003001", "GY-1"), on: "2015-01-01", correcting: moved)
        let corrected = family.last
        #expect(Self.numbers(family, "2014-12-31", "2015-01-01") == ["BH-1", "GY-1"])
        family.refuse(.numberOfCounty, Self.move("431002003", "BH-7"), on: "2015-01-01", correcting: corrected)
        family.accept(.withdraw, on: "2015-01-01", correcting: corrected)
        #expect(family.state.archiveNumber == "BH-1" && family.state.archiveNumbers.count == 1)
    }
}
