import CareDomain
import CareTestKit
import Testing

/// One person is one member, whatever the role.
@Suite("一人在一户只登记一次")
struct SamePersonTests {
    private static let birth = Family.day("1972-03-03")

    private static func person(
        _ number: UInt64, _ role: MemberRole, name: String? = "单某", sex: Sex? = nil, birth: CivilDay? = birth,
        token: UInt64? = nil
    ) -> PersonJoined {
        let id = Family.person(number)
        return PersonJoined(
            person: id, role: role, sex: sex, birthDate: birth,
            token: token.map { PersonToken(Identifier128(high: 5, low: $0)) },
            sealed: name.map { [SealedPart(subject: id, details: PersonalDetails(name: $0))] } ?? [])
    }

    @Test("建档时同姓名、同性别、同出生日期的两名成员：退回第二名；双胞胎、性别不同、证号各一的照收")
    func registration() {
        let mother = Self.person(1, .singleParent, sex: .female)
        for twice in [Self.person(2, .wife), Self.person(2, .other), Self.person(2, .wife, name: "单 某")] {
            var family = Family(registered: false)
            guard case .refused(let refusal) = family.say(Family.registration([mother, twice]), on: "2014-08-01") else {
                Issue.record("accepted as \(twice.role)")
                continue
            }
            #expect(refusal.code == "CARE-1312" && refusal.field == "members[1].name")
            #expect(refusal.chinese.contains("单亲父母") && !refusal.chinese.contains("单某"))
        }
        let others = [
            Self.person(2, .other, name: "单二"), Self.person(2, .other, sex: .male), Self.person(2, .other, name: nil),
            Self.person(2, .other, birth: Family.day("1972-03-04")), Self.person(2, .other, birth: nil),
        ]
        for other in others {
            var family = Family(registered: false)
            family.accept(Family.registration([mother, other]), on: "2014-08-01")
        }
        var numbered = Family(registered: false)
        let both = [Self.person(1, .singleParent, sex: .female, token: 1), Self.person(2, .other, token: 2)]
        numbered.accept(Family.registration(both), on: "2014-08-01")
    }

    @Test("后来加入、后来补上姓名而成为同一人的退回；改身份照收；离开之后可以再加入")
    func later() {
        var family = Family(registered: false)
        family.accept(
            Family.registration([Self.person(1, .singleParent, sex: .female), Self.person(2, .other, name: nil)]),
            on: "2014-08-01")
        family.refuse(.personTwice, .addPerson(Self.person(3, .wife)), on: "2015-01-01")
        let named = PersonDetailsChanged(
            person: Family.person(2),
            sealed: [SealedPart(subject: Family.person(2), details: PersonalDetails(name: "单某"))])
        family.refuse(.personTwice, .changePersonDetails(named), on: "2015-01-01")
        family.accept(
            .changePersonDetails(PersonDetailsChanged(person: Family.person(1), role: .wife)), on: "2015-01-01")
        family.accept(
            .removePerson(PersonLeft(person: Family.person(1), reason: Family.code("divorce"))), on: "2015-02-01")
        // Who comes back is the same member, not another one.
        family.refuse(.personBack, .addPerson(Self.person(3, .wife)), on: "2015-03-01")
        family.accept(.addPerson(Self.person(1, .wife)), on: "2015-03-01")
    }

    @Test("回来的仍是原来的人：情况照旧；别人不能用这个编号，也不早于离开之日")
    func back() {
        var family = Family(registered: false)
        family.accept(
            Family.registration([
                Self.person(1, .singleParent, sex: .female, token: 1), Self.person(2, .other, name: nil, birth: nil),
                Self.person(3, .other, name: "单三", birth: nil),
            ]), on: "2014-08-01")
        for number in [1, 2] as [UInt64] {
            let left = PersonLeft(person: Family.person(number), reason: Family.code("divorce"))
            family.accept(.removePerson(left), on: "2015-02-01")
        }
        let alone = PersonJoined(person: Family.person(1), role: .singleParent)
        family.refuse(.dayOrder, .addPerson(alone), on: "2015-01-31")
        let others = [
            Self.person(1, .singleParent, name: "别人"), Self.person(1, .singleParent, token: 2),
            Self.person(1, .singleParent, birth: Family.day("1980-05-05"), token: 1),
            Self.person(1, .singleParent, name: nil, sex: .male),
            // Whose name nobody knows, or nobody can see here, cannot be compared.
            Self.person(2, .other, name: "单二", birth: nil), Self.person(2, .other, name: nil, birth: nil, token: 2),
        ]
        for other in others { family.refuse(.backAsKnown, .addPerson(other), on: "2015-03-01") }
        #expect(Refusal(.backAsKnown).code == "CARE-1320")
        family.accept(.addPerson(alone), on: "2015-03-01")
        let member = family.state.member(Family.person(1))
        #expect(member?.leftOn == nil && member?.joinedOn == Family.day("2015-03-01"))
        #expect(member?.token == PersonToken(Identifier128(high: 5, low: 1)) && member?.sex == .female)
        #expect(member?.birthDate == Self.birth && member?.details == PersonalDetails(name: "单某"))
        let correction = PersonDetailsChanged(
            person: Family.person(1),
            sealed: [SealedPart(subject: Family.person(1), details: PersonalDetails(phone: "14000000001"))])
        family.accept(.changePersonDetails(correction), on: "2015-03-02")
        #expect(family.state.member(Family.person(1))?.details?.name == "单某")
    }

    @Test("同一身份的两人不能同时在世在户：以加入之日为准，不以今天为准")
    func oneAtATime() {
        var family = Family(registered: false)
        family.accept(
            Family.registration([
                Self.person(1, .wife, sex: .female), Self.person(2, .husband, name: "单二", sex: .male),
            ]), on: "2014-08-01")
        family.accept(
            .removePerson(PersonLeft(person: Family.person(2), reason: Family.code("divorce"))), on: "2014-09-01")
        let next = HouseholdAction.addPerson(Self.person(3, .husband, name: "单三", sex: .male))
        family.refuse(.roleTaken, next, on: "2014-08-31")
        family.accept(next, on: "2014-09-01")
        family.accept(.death(Family.person(3)), on: "2014-11-01")
        let third = HouseholdAction.addPerson(Self.person(4, .husband, name: "单四", sex: .male))
        family.refuse(.roleTaken, third, on: "2014-10-31")
        family.accept(third, on: "2014-11-01")
    }

    @Test("一户只有一名独生子女：出嫁离户的也算；被他人收养的、登记错户的不算")
    func oneOnlyChild() {
        func family(_ reason: String) -> Family {
            var family = Family(registered: false)
            family.accept(
                Family.registration([
                    Self.person(1, .wife, sex: .female),
                    Self.person(2, .onlyChild, name: "单二", birth: Family.day("1995-03-03")),
                ]), on: "2014-08-01")
            let left = PersonLeft(person: Family.person(2), reason: Family.code(reason))
            family.accept(.removePerson(left), on: "2014-09-01")
            return family
        }
        let second = HouseholdAction.addPerson(
            Self.person(3, .onlyChild, name: "单三", birth: Family.day("1997-03-03")))
        for reason in ["marriage", "moved_out"] {
            var family = family(reason)
            family.refuse(.roleTaken, second, on: "2014-10-01")
        }
        for reason in ["adopted", "wrong_family"] {
            var family = family(reason)
            family.accept(second, on: "2014-10-01")
        }
    }

    @Test("去世的人没有离开，也不再回来；父母不能被收养")
    func theDead() {
        var family = Family(registered: false)
        family.accept(
            Family.registration([
                Self.person(1, .wife, sex: .female), Self.person(2, .husband, name: "单二", sex: .male),
                Self.person(3, .other, name: "单三", birth: Family.day("2012-01-01")),
            ]), on: "2014-08-01")
        let left = { PersonLeft(person: Family.person($0), reason: Family.code("divorce")) }
        family.accept(.death(Family.person(1)), on: "2014-09-01")
        family.refuse(.afterDeath, .removePerson(left(1)), on: "2014-09-02")
        family.accept(.removePerson(left(2)), on: "2014-09-03")
        family.accept(.death(Family.person(2)), on: "2014-10-01")
        let back = HouseholdAction.addPerson(PersonJoined(person: Family.person(2), role: .husband))
        family.refuse(.afterDeath, back, on: "2014-11-01")
        family.refuse(.adoptedParent, .recordAdoption(ChildAdopted(child: Family.person(1))), on: "2014-08-15")
        family.accept(.recordAdoption(ChildAdopted(child: Family.person(3))), on: "2014-08-15")
    }

    @Test("身份变更以前，失独照旧算；从变更那天起按新的身份算")
    func roleOfTheDay() {
        var family = Family(registered: false)
        family.accept(
            Family.registration([
                Self.person(1, .wife, sex: .female),
                Self.person(2, .onlyChild, name: "单二", birth: Family.day("1995-03-03")),
            ]), on: "2014-08-01")
        family.accept(.assess(Family.person(2), grade: 2), on: "2014-10-01")
        let other = PersonDetailsChanged(person: Family.person(2), role: .other)
        family.accept(.changePersonDetails(other), on: "2014-12-01")
        let again = PersonDetailsChanged(person: Family.person(2), role: .onlyChild)
        family.accept(.changePersonDetails(again), on: "2015-02-01")
        let periods = family.state.hardshipPeriods().map(\.period)
        #expect(
            periods == [
                DayPeriod(start: Family.day("2014-10-01"), end: Family.day("2014-12-01")),
                DayPeriod(start: Family.day("2015-02-01")),
            ])
    }

    @Test("没有身份证号的，出生日期也只能更正；去世的人身份不再变更")
    func neverChanges() {
        var family = Family(registered: false)
        family.accept(
            Family.registration([
                Self.person(1, .wife, sex: .female),
                Self.person(2, .onlyChild, name: "单二", birth: Family.day("1995-03-03")),
            ]),
            on: "2014-08-01")
        let younger = PersonDetailsChanged(person: Family.person(1), birthDate: Family.day("1983-05-05"))
        family.refuse(.numberNeverChanges, .changePersonDetails(younger), on: "2014-10-01")
        family.accept(.death(Family.person(2)), on: "2014-10-01")
        let role = HouseholdAction.changePersonDetails(PersonDetailsChanged(person: Family.person(2), role: .other))
        family.refuse(.afterDeath, role, on: "2015-05-01")
    }

    @Test("改成单亲父母而配偶还在户的提醒登记离开，只说一次；离开以后、去世的不提醒")
    func spouse() {
        func remarks(_ decision: Decision) -> [Refusal.Reason]? {
            if case .events(_, let warnings) = decision { warnings.map(\.reason) } else { nil }
        }
        let alone = HouseholdAction.changePersonDetails(
            PersonDetailsChanged(person: Family.wife, role: .singleParent))
        var family = Family()
        #expect(remarks(family.say(alone, on: "2015-01-01")) == [.spouseStays])
        #expect(Refusal(.spouseStays).code == "CARE-1315")
        let left = HouseholdAction.removePerson(PersonLeft(person: Family.husband, reason: Family.code("divorce")))
        #expect(remarks(family.say(left, on: "2015-01-01")) == [])
        var divorced = Family()
        divorced.accept(left, on: "2015-01-01")
        #expect(remarks(divorced.say(alone, on: "2015-01-01")) == [])
        var widow = Family()
        widow.accept(.death(Family.husband), on: "2015-01-01")
        #expect(remarks(widow.say(alone, on: "2015-01-02")) == [])
    }
}
