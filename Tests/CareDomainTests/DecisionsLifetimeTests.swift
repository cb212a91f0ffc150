import CareDomain
import CareTestKit
import Testing

@Suite("不可能的日期：出生之前、年龄不够、早于有帮扶之时")
struct DecisionsLifetimeTests {
    private func joined(_ number: UInt64, _ role: MemberRole, born: String) -> PersonJoined {
        PersonJoined(person: Family.person(number), role: role, birthDate: Family.day(born))
    }

    /// What is said to a family registered with these members.
    private func registering(_ members: [PersonJoined], on day: String) -> Refusal? {
        var family = Family(registered: false)
        if case .refused(let refusal) = family.say(Family.registration(members), on: day) { return refusal }
        return nil
    }

    @Test("登记时还没有出生的、做父母不满 14 岁的，退回并写明日期")
    func members() {
        let unborn = registering([joined(1, .wife, born: "2015-03-01")], on: "2015-01-01")
        #expect(unborn?.reason == .dayOrder && unborn?.field == "members[0].birth_date")
        #expect(unborn?.chinese.contains("2015-03-01 出生，2015-01-01 还不能在本户") == true)
        let young = registering([joined(1, .wife, born: "2001-01-02")], on: "2015-01-01")
        #expect(young?.reason == .dayOrder && young?.chinese.contains("才 13 岁，不会是妻子") == true)
        #expect(registering([joined(1, .wife, born: "2001-01-01")], on: "2015-01-01") == nil)
        #expect(registering([joined(1, .onlyChild, born: "2015-01-01")], on: "2015-01-01") == nil)
        var family = Family()
        family.refuse(.dayOrder, .addPerson(joined(9, .other, born: "2015-02-01")), on: "2015-01-31")
        family.accept(.addPerson(joined(9, .other, born: "2015-02-01")), on: "2015-02-01")
    }

    @Test("出生之前没有关于此人的事项、评定、监护；出生当天起照收")
    func beforeBirth() {
        var family = Family()
        let home = HouseholdAction.fact("person.living_arrangement", .code(Family.code("home")), .person(Family.wife))
        family.refuse(.dayOrder, home, on: "1965-09-09")
        guard case .refused(let refusal) = family.say(home, on: "1965-09-09") else { return }
        #expect(refusal.field == "occurred_on" && refusal.chinese.contains("1965-09-10"))
        family.accept(home, on: "1965-09-10")
        family.refuse(.dayOrder, .assess(Family.child, grade: 3), on: "1990-05-05")
        family.accept(.assess(Family.child, grade: 3), on: "1990-05-06")
    }

    @Test("改出生日期：不晚于登记在本户之日，不晚于已有的记录，父母要够年龄")
    func changedBirth() {
        var family = Family()
        family.accept(.assess(Family.child, grade: 3), on: "2012-01-01")
        func born(_ person: PersonID, _ day: String) -> HouseholdAction {
            .changePersonDetails(PersonDetailsChanged(person: person, birthDate: Family.day(day)))
        }
        family.refuse(.dayOrder, born(Family.child, "2014-08-02"), on: "2014-09-01")
        family.refuse(.dayOrder, born(Family.child, "2013-01-01"), on: "2014-09-01")
        family.refuse(.numberNeverChanges, born(Family.child, "2011-12-31"), on: "2014-09-01")
        family.refuse(.dayOrder, born(Family.husband, "2000-08-02"), on: "2014-09-01")
        family.refuse(.numberNeverChanges, born(Family.husband, "2000-08-01"), on: "2014-09-01")
        family.refuse(.dayTooEarly, born(Family.wife, "1899-12-31"), on: "2014-09-01")
    }

    @Test("走访、结对不早于 2000 年；生育时父母总要有一人满 12 岁")
    func careAndBirths() {
        var family = Family()
        family.refuse(.dayTooEarly, .visit(), on: "1999-12-31")
        guard case .refused(let refusal) = family.say(.visit(), on: "1901-05-01") else { return }
        #expect(refusal.chinese.contains("2000-01-01"))
        family.accept(.visit(), on: "2000-01-01")
        family.refuse(.dayTooEarly, .assign("cadre", 20), on: "1999-12-31")
        // The husband is born on 1963-02-03, the wife in 1965.
        family.refuse(.dayOrder, .recordBirth(ChildBorn()), on: "1975-02-02")
        family.accept(.recordBirth(ChildBorn()), on: "1975-02-03")
    }
}
