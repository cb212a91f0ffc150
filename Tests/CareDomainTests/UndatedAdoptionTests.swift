import CareDomain
import CareTestKit
import Testing

/// An adopted child without a day of adoption: that the family did not adopt is not known, and is no "no".
/// - Source: CZ-1.1 未收养子女
@Suite("收养子女没有收养日期")
struct UndatedAdoptionTests {
    private static let adopted = PersonJoined(
        person: Family.person(4), role: .adoptedChild, birthDate: Family.day("2011-01-01"))

    private static func remarks(_ decision: Decision) -> [Refusal.Reason]? {
        if case .events(_, let warnings) = decision { warnings.map(\.reason) } else { nil }
    }

    private static func family(_ members: [PersonJoined], _ facts: [(HouseholdEvent, String)] = []) -> (
        family: Family, remarks: [Refusal.Reason]?
    ) {
        var family = Family(registered: false)
        let told = facts.map { ProposedEvent(occurredOn: Family.day($0.1), event: $0.0) }
        let decision = family.say(Family.registration(Family.members() + members, told), on: "2014-08-01")
        return (family, remarks(decision))
    }

    private static let died = HouseholdEvent.personDied(PersonDied(person: Family.child))

    @Test("随建档登记：提醒；自收养子女出生起是否失独不知道；补登收养日期以后，收养前一日还是失独")
    func withTheFile() {
        var (family, told) = Self.family([Self.adopted], [(Self.died, "2010-02-01")])
        #expect(told == [.adoptionUndated])
        #expect(Refusal(.adoptionUndated).code == "CARE-1490")
        #expect(family.state.undatedAdoptions.map(\.person) == [Family.person(4)])
        #expect(family.state.undatedAdoptions.map(\.from) == [Family.day("2011-01-01")])
        #expect(family.state.hardshipPeriods().map(\.period.end) == [Family.day("2011-01-01")])
        let adoption = HouseholdAction.recordAdoption(ChildAdopted(child: Family.person(4)))
        #expect(Self.remarks(family.say(adoption, on: "2013-05-05")) == [])
        #expect(family.state.undatedAdoptions.isEmpty)
        #expect(family.state.hardshipPeriods().map(\.period.end) == [Family.day("2013-05-05")])
        // Taken back, nobody knows the day again.
        #expect(
            Self.remarks(family.say(.withdraw, on: "2015-03-01", correcting: family.last)) == [.adoptionUndated])
    }

    @Test("随建档写了收养日期的不提醒；户上记的收养是唯一一名收养子女的，两名的不是任何一名的")
    func dated() {
        let adoption = HouseholdEvent.childAdopted(ChildAdopted(child: Family.person(4)))
        #expect(Self.family([Self.adopted], [(Self.died, "2010-02-01"), (adoption, "2013-05-05")]).remarks == [])
        let ofTheFamily = HouseholdEvent.childAdopted(ChildAdopted())
        let one = Self.family([Self.adopted], [(Self.died, "2010-02-01"), (ofTheFamily, "2013-05-05")])
        #expect(one.remarks == [] && one.family.state.undatedAdoptions.isEmpty)
        let other = PersonJoined(
            person: Family.person(5), role: .adoptedChild, birthDate: Family.day("2012-01-01"))
        let two = Self.family([Self.adopted, other], [(Self.died, "2010-02-01"), (ofTheFamily, "2013-05-05")])
        #expect(two.family.state.undatedAdoptions.count == 2)
        let known = Self.family([Self.adopted, other], [(Self.died, "2010-02-01"), (adoption, "2011-05-05")])
        #expect(known.family.state.undatedAdoptions.map(\.person) == [Family.person(5)])
        #expect(known.family.state.hardshipPeriods().map(\.period.end) == [Family.day("2011-05-05")])
    }

    @Test("后来加入的收养子女，自加入之日起不知道；以前的日子仍属失独")
    func later() {
        var (family, _) = Self.family([], [(Self.died, "2010-02-01")])
        #expect(Self.remarks(family.say(.addPerson(Self.adopted), on: "2015-01-10")) == [.adoptionUndated])
        #expect(family.state.hardshipPeriods().map(\.period.end) == [Family.day("2015-01-10")])
    }

    @Test("只有收养子女、收养子女去世：提醒不据此认定失独；有独生子女的不提醒")
    func adoptedChildDied() {
        var family = Family(registered: false)
        let adoption = ProposedEvent(
            occurredOn: Family.day("2011-05-05"), event: .childAdopted(ChildAdopted(child: Family.person(4))))
        let died = ProposedEvent(
            occurredOn: Family.day("2013-02-01"), event: .personDied(PersonDied(person: Family.person(4))))
        let members = Family.members().filter { $0.role != .onlyChild } + [Self.adopted]
        let decision = family.say(Family.registration(members, [adoption, died]), on: "2014-08-01")
        #expect(Self.remarks(decision) == [.adoptedChildDied])
        #expect(Refusal(.adoptedChildDied).code == "CARE-1491")
        #expect(family.state.hardshipPeriods().isEmpty)
        let both = Self.family([Self.adopted], [(adoption.event, "2011-05-05"), (died.event, "2013-02-01")])
        #expect(both.remarks == [])
    }
}
