import CareDomain
import CareTestKit
import Testing

/// Who is who within a family: the table of cases.
@Suite("两份资料是不是同一个人")
struct PersonComparisonTests {
    struct Case: CustomTestStringConvertible {
        let first: PersonTraits
        let second: PersonTraits
        let verdict: PersonComparison.Verdict
        let testDescription: String
    }

    // 431002 1965-09-10, sequence 002 is female; 1963-09-10, sequence 001 is male.
    private static let number = "431002196509100022"
    private static let birth = Family.day("1965-09-10")

    private static func token(_ low: UInt64) -> PersonToken { PersonToken(Identifier128(high: 5, low: low)) }

    private static func person(
        _ name: String? = "单某", number: String? = nil, token: PersonToken? = nil, born: CivilDay? = nil,
        _ sex: Sex? = nil,
        _ role: MemberRole? = nil
    ) -> PersonTraits {
        PersonTraits(name: name, idNumber: number, token: token, birthDate: born, sex: sex, role: role)
    }

    private static func one(
        _ description: String, _ first: PersonTraits, _ second: PersonTraits, _ verdict: PersonComparison.Verdict
    ) -> Case { Case(first: first, second: second, verdict: verdict, testDescription: description) }

    static let cases = [
        one("什么也没说", PersonTraits(), PersonTraits(), .unknown),
        one("只有姓名", person(), person(), .unknown),
        one("姓名、出生日期相同", person(born: birth), person(born: birth), .same(by: .nameAndBirthDate)),
        one("姓名写得开", person("单　某", born: birth), person(born: birth), .same(by: .nameAndBirthDate)),
        one("间隔号不同", person("买买提•吐", born: birth), person("买买提 · 吐", born: birth), .same(by: .nameAndBirthDate)),
        one("同名，出生日期不同", person(born: birth), person(born: birth + 1), .different(by: .birthDate)),
        one("同名同日，性别不同", person(born: birth, .female), person(born: birth, .male), .different(by: .sex)),
        one("身份说出性别", person(nil, .female), person(nil, nil, .husband), .different(by: .sex)),
        one(
            "写明的性别胜过身份", person(born: birth, .female, .husband), person(born: birth, .female),
            .same(by: .nameAndBirthDate)),
        one("双胞胎：同日不同名", person("单大", born: birth), person("单小", born: birth), .unknown),
        one("录错的姓名与另一个人分不清", person("单大"), person("单小"), .unknown),
        one("姓名未见", person(nil, born: birth), person(born: birth), .unknown),
        one("证号相同，姓名不同", person("单大", number: number), person("单小", number: number), .same(by: .idNumber)),
        one(
            "证号不同，其余都相同", person(number: number, born: birth), person(number: "431002196509100049", born: birth),
            .different(by: .idNumber)),
        one("登记号相同", person("单大", token: token(1)), person("单小", token: token(1)), .same(by: .idNumber)),
        one(
            "登记号不同", person(token: token(1), born: birth), person(token: token(2), born: birth),
            .different(by: .idNumber)),
        one(
            "登记号胜过读得到的号码", person(number: number, token: token(1)), person(number: number, token: token(2)),
            .different(by: .idNumber)),
        one("一边有号码：看姓名和出生日期", person(number: number), person(born: birth), .same(by: .nameAndBirthDate)),
        one("号码说出出生日期", person(number: number), person(born: birth + 1), .different(by: .birthDate)),
        one("号码说出性别", person(number: number), person(born: birth, .male), .different(by: .sex)),
        one("号码与登记号比不了", person(number: number), person(token: token(1)), .unknown),
        one("父母，姓名未见", PersonTraits(role: .singleParent), PersonTraits(role: .wife), .unknown),
        one("父母中同名", person(.singleParent), person(.wife), .same(by: .nameAmongParents)),
        one("父母中同名，一边有出生日期", person(born: birth, nil, .wife), person(.wife), .same(by: .nameAmongParents)),
        one("夫妻同名", person(.husband), person(.wife), .different(by: .sex)),
        one("同名的孩子缺出生日期", person(.onlyChild), person(.other), .unknown),
        one("孩子与父母同名", person(.onlyChild), person(.wife), .unknown),
    ]

    private static func person(_ role: MemberRole) -> PersonTraits { person("单某", nil, role) }

    @Test("逐例：同一人、另一人、说不定，凭什么；谁在前都一样", arguments: cases)
    func table(_ one: Case) {
        #expect(PersonComparison(one.first, one.second).verdict == one.verdict)
        #expect(PersonComparison(one.second, one.first).verdict == one.verdict)
        let comparison = PersonComparison(one.first, one.second)
        #expect(!(comparison.isSame && comparison.isDifferent))
    }

    @Test("每一种依据都有例子")
    func grounds() {
        let told = Self.cases.compactMap { one -> PersonComparison.Grounds? in
            switch one.verdict {
            case .same(let grounds), .different(let grounds): grounds
            case .unknown: nil
            }
        }
        #expect(Set(told) == Set(PersonComparison.Grounds.allCases))
    }

    @Test("逐项：姓名、号码、出生日期、性别、身份各自相同、不同、不知")
    func traits() {
        let comparison = PersonComparison(
            Self.person("甲", born: Self.birth, .female, .wife), Self.person("乙", born: Self.birth, nil, .singleParent))
        #expect(comparison.name == .differs && comparison.birthDate == .same && comparison.role == .differs)
        #expect(comparison.idNumber == .unknown && comparison.sex == .unknown)
    }

    @Test("门口与导入一样：同名的父母缺出生日期也是同一人；号码各一的照收；离开又回来的认得出来")
    func door() {
        func joined(_ number: UInt64, _ role: MemberRole, born: CivilDay? = nil, token: UInt64? = nil) -> PersonJoined {
            let id = Family.person(number)
            return PersonJoined(
                person: id, role: role, birthDate: born, token: token.map(Self.token),
                sealed: [SealedPart(subject: id, details: PersonalDetails(name: "单•某"))])
        }
        var family = Family(registered: false)
        family.refuse(
            .personTwice, Family.registration([joined(1, .singleParent), joined(2, .wife)]), on: "2014-08-01")
        family.accept(
            Family.registration([joined(1, .singleParent, token: 1), joined(2, .wife, token: 2)]), on: "2014-08-01")
        family.accept(
            .removePerson(PersonLeft(person: Family.person(2), reason: Family.code("divorce"))), on: "2015-02-01")
        family.refuse(.personBack, .addPerson(joined(3, .wife, born: Self.birth, token: 2)), on: "2015-03-01")
        family.accept(.addPerson(joined(3, .wife, born: Self.birth, token: 3)), on: "2015-03-01")
    }

    @Test("一名在世的妻子：建档时已故的前妻照收，先后不论；建档以后才去世的、没有去世的退回；更正去世之日不让两人同时在世")
    func wives() {
        func wife(_ number: UInt64, _ name: String) -> PersonJoined {
            let id = Family.person(number)
            return PersonJoined(
                person: id, role: .wife, sealed: [SealedPart(subject: id, details: PersonalDetails(name: name))])
        }
        func death(_ day: String) -> ProposedEvent {
            ProposedEvent(
                occurredOn: Family.day(day), event: .personDied(PersonDied(person: Family.person(1))))
        }
        let both = [wife(1, "甲妻"), wife(2, "乙妻")]
        for members in [both, both.reversed()] {
            var family = Family(registered: false)
            family.refuse(.roleTaken, Family.registration(members), on: "2014-08-01")
            family.refuse(.roleTaken, Family.registration(members, [death("2014-08-02")]), on: "2014-08-01")
            family.accept(Family.registration(members, [death("2010-02-01")]), on: "2014-08-01")
            #expect(family.state.members.map { $0.diedOn == nil } == members.map { $0.person == Family.person(2) })
            let reference = family.last
            family.refuse(
                .dayOrder, .recordDeath(PersonDied(person: Family.person(1))), on: "2014-10-01", correcting: reference)
            family.accept(
                .recordDeath(PersonDied(person: Family.person(1))), on: "2011-02-01", correcting: reference)
            // What was registered stays correctable, whoever stands first.
            for (place, member) in members.enumerated() {
                var changed = member
                changed.birthDate = Family.day("1965-09-10")
                family.accept(
                    .addPerson(changed), on: "2014-08-01", correcting: EventReference(sequence: UInt64(place + 2)))
            }
        }
        var widower = Family()
        widower.accept(.death(Family.wife), on: "2015-02-02")
        widower.refuse(.roleTaken, .addPerson(wife(9, "乙妻")), on: "2015-01-01")
        widower.accept(.addPerson(wife(9, "乙妻")), on: "2015-02-02")
    }
}
