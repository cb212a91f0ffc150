import CareDomain
import CareTestKit
import Testing

/// Another member who may be a child of the couple: asked about, never refused.
/// - Source: CZ-1.1 未再生育
@Suite("像是再生育的子女")
struct LaterChildTests {
    private static let died = ProposedEvent(
        occurredOn: Family.day("2010-02-01"), event: .personDied(PersonDied(person: Family.child)))

    private static func other(_ birth: String, _ role: MemberRole = .other) -> PersonJoined {
        PersonJoined(person: Family.person(4), role: role, birthDate: Family.day(birth))
    }

    private static func remarks(_ decision: Decision) -> [Refusal.Reason]? {
        if case .events(_, let warnings) = decision { warnings.map(\.reason) } else { nil }
    }

    private static func told(_ other: PersonJoined, _ facts: [ProposedEvent] = [died]) -> [Refusal.Reason]? {
        var family = Family(registered: false)
        return remarks(family.say(Family.registration(Family.members() + [other], facts), on: "2014-08-01"))
    }

    /// The mother was born on 1965-09-10, the only child on 1990-05-06.
    @Test("失独家庭的其他成员，生育时母亲 14 至 50 岁的提醒；双胞胎、后来出生的都算；长辈、更晚的不提醒")
    func ages() {
        for birth in ["1990-05-06", "2012-05-05", "1979-09-10", "2014-07-31"] {
            #expect(Self.told(Self.other(birth)) == [.mayBeLaterChild], "\(birth)")
        }
        for birth in ["1979-09-09", "1940-01-01"] { #expect(Self.told(Self.other(birth)) == [], "\(birth)") }
        let parents = [LaterChild.Parent(role: .wife, sex: nil, birthDate: Family.day("1950-01-01"))]
        #expect(LaterChild.isPossible(born: Family.day("2000-12-31"), of: parents))
        #expect(!LaterChild.isPossible(born: Family.day("2001-01-01"), of: parents))
        // Of a mother whose birth date is known the father's does not count.
        let both = parents + [LaterChild.Parent(role: .husband, sex: nil, birthDate: Family.day("1970-01-01"))]
        #expect(!LaterChild.isPossible(born: Family.day("2001-01-01"), of: both))
        #expect(LaterChild.isPossible(born: Family.day("2001-01-01"), of: Array(both.dropFirst())))
        #expect(Refusal(.mayBeLaterChild).code == "CARE-1313")
    }

    @Test("登记了生育的、孩子健在的、身份是收养子女的不提醒；独生子女去世、加入之时才提醒，只提醒一次")
    func once() {
        let born = ProposedEvent(
            occurredOn: Family.day("2012-05-05"), event: .childBorn(ChildBorn(child: Family.person(4))))
        #expect(Self.told(Self.other("2012-05-05"), [Self.died, born]) == [])
        #expect(Self.told(Self.other("2012-05-05"), []) == [])
        #expect(Self.told(Self.other("2012-05-05", .adoptedChild)) == [.adoptionUndated])

        var family = Family()
        #expect(Self.remarks(family.say(.addPerson(Self.other("2012-05-05")), on: "2015-01-05")) == [])
        let death = HouseholdAction.recordDeath(PersonDied(person: Family.child))
        #expect(Self.remarks(family.say(death, on: "2015-02-01")) == [.mayBeLaterChild])
        #expect(family.state.possibleLaterChildren.map(\.id) == [Family.person(4)])
        let renewed = HouseholdAction.changePersonDetails(
            PersonDetailsChanged(person: Family.person(4), sex: .female))
        #expect(Self.remarks(family.say(renewed, on: "2015-02-02")) == [])
        let birth = HouseholdAction.recordBirth(ChildBorn(child: Family.person(4)))
        #expect(Self.remarks(family.say(birth, on: "2012-05-05")) == [])
        #expect(family.state.possibleLaterChildren.isEmpty && family.state.hardshipPeriods().isEmpty)
        // Taken back, the question is open again.
        #expect(
            Self.remarks(family.say(.withdraw, on: "2015-03-01", correcting: family.last)) == [.mayBeLaterChild])
    }

    /// The only child was born on 1990-05-06.
    @Test("登记的生育比独生子女早一天以上：提醒核对，只提醒一次；同一天、隔一天、后来的不提醒")
    func bornBefore() {
        func born(_ day: String) -> ProposedEvent {
            ProposedEvent(occurredOn: Family.day(day), event: .childBorn(ChildBorn(child: Family.person(4))))
        }
        for (day, remarks) in [
            ("1988-01-01", [Refusal.Reason.bornBeforeOnlyChild]), ("1990-05-04", [.bornBeforeOnlyChild]),
            ("1990-05-05", []), ("1990-05-06", []), ("2012-05-05", []),
        ] {
            #expect(Self.told(Self.other(day), [Self.died, born(day)]) == remarks, "\(day)")
        }
        var family = Family()
        family.accept(.addPerson(Self.other("1988-01-01")), on: "2015-01-05")
        let birth = family.say(.recordBirth(ChildBorn(child: Family.person(4))), on: "1988-01-01")
        #expect(Self.remarks(birth) == [.bornBeforeOnlyChild])
        let renewed = HouseholdAction.changePersonDetails(
            PersonDetailsChanged(person: Family.person(4), sex: .female))
        #expect(Self.remarks(family.say(renewed, on: "2015-02-02")) == [])
        let told = Refusal(.bornBeforeOnlyChild, detail: "1988-01-01")
        #expect(told.code == "CARE-1492" && told.chinese.contains("1988-01-01") && told.english.contains("twins"))
    }
}
