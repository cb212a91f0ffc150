import CareDomain
import CareTestKit
import Testing

@Suite("更正只说改动的：姓名、证号、身份不因没有重写而丢失")
struct DecisionsCorrectedPeopleTests {
    /// 431002 1965-09-10, sequence 002 is female.
    private static let number = "431002196509100022"
    private static let token = PersonToken(Identifier128(high: 3, low: 3))

    private func part(_ person: PersonID, _ details: PersonalDetails) -> [SealedPart] {
        [SealedPart(subject: person, details: details)]
    }

    private func registered() -> Family {
        var family = Family(registered: false)
        let wife = PersonJoined(
            person: Family.wife, role: .wife, sex: .female, birthDate: Family.day("1965-09-10"), token: Self.token,
            sealed: part(Family.wife, PersonalDetails(name: "李某", idNumber: Self.number)))
        family.accept(Family.registration([wife]), on: "2014-08-01")
        return family
    }

    @Test("只改加入日期：姓名、身份证号、登记号、性别、出生日期照旧")
    func dayOfJoining() {
        var family = registered()
        let plain = PersonJoined(person: Family.wife, role: .wife)
        family.accept(.addPerson(plain), on: "2014-07-20", correcting: EventReference(sequence: 2))
        let wife = family.state.member(Family.wife)
        #expect(wife?.joinedOn == Family.day("2014-07-20"))
        #expect(wife?.details == PersonalDetails(name: "李某", idNumber: Self.number))
        #expect(wife?.token == Self.token && wife?.sex == .female && wife?.birthDate == Family.day("1965-09-10"))
        family.refuse(.nothingToDo, .addPerson(plain), on: "2014-07-20", correcting: family.last)
        // What is said anew is taken, the rest stays; and what stays still has to agree.
        var renamed = plain
        renamed.sealed = part(Family.wife, PersonalDetails(name: "李梅"))
        family.accept(.addPerson(renamed), on: "2014-07-20", correcting: family.last)
        #expect(
            family.state.member(Family.wife)?.details == PersonalDetails(name: "李梅", idNumber: Self.number))
        var younger = plain
        younger.birthDate = Family.day("1965-09-11")
        family.refuse(.idNumberDisagrees, .addPerson(younger), on: "2014-07-20", correcting: family.last)
    }

    @Test("变更不能换上另一个身份证号：那是另一个人；还没有号码的可以补，更正可以改")
    func numbersNeverChange() {
        var family = registered()
        let other = PersonDetailsChanged(
            person: Family.wife, birthDate: Family.day("1965-10-10"),
            token: PersonToken(Identifier128(high: 4, low: 4)),
            sealed: part(Family.wife, PersonalDetails(name: "柳某", idNumber: "43100219651010002X")))
        var numberAlone = other
        numberAlone.token = nil
        family.refuse(.numberNeverChanges, .changePersonDetails(other), on: "2014-10-01")
        family.refuse(.numberNeverChanges, .changePersonDetails(numberAlone), on: "2014-10-01")
        // The number says the birth date and the sex.
        let younger = PersonDetailsChanged(person: Family.wife, birthDate: Family.day("1983-05-05"))
        family.refuse(.numberNeverChanges, .changePersonDetails(younger), on: "2014-10-01")
        let same = PersonDetailsChanged(
            person: Family.wife, token: Self.token, sealed: part(Family.wife, PersonalDetails(phone: "14000000002")))
        family.accept(.changePersonDetails(same), on: "2014-10-01")
    }

    @Test("信息变更的更正同样：没有重写的证号和登记号照旧")
    func changedDetails() {
        var family = Family()
        let change = PersonDetailsChanged(
            person: Family.wife, token: Self.token,
            sealed: part(Family.wife, PersonalDetails(name: "李梅", idNumber: Self.number)))
        family.accept(.changePersonDetails(change), on: "2014-10-01")
        let again = PersonDetailsChanged(
            person: Family.wife, sealed: part(Family.wife, PersonalDetails(phone: "14000000002")))
        family.accept(.changePersonDetails(again), on: "2014-10-02", correcting: family.last)
        let wife = family.state.member(Family.wife)
        #expect(wife?.details == PersonalDetails(name: "李梅", idNumber: Self.number, phone: "14000000002"))
        #expect(wife?.token == Self.token)
    }

    @Test("帮扶人、监护人只改日期：姓名、单位、实名照旧；换了人的，不带旧人的姓名")
    func helpersAndGuardians() {
        var family = Family()
        let helper = Family.person(20)
        family.accept(
            .assignHelper(
                PairingAssigned(
                    kind: PairingKind(unchecked: "cadre"), helper: Helper(id: helper, unit: "镇政府", hasRealName: true),
                    sealed: part(helper, PersonalDetails(name: "王某")))), on: "2014-09-01")
        family.accept(.assign("cadre", 20, named: false), on: "2014-09-05", correcting: family.last)
        #expect(family.state.pairings[0].details?.name == "王某" && family.state.pairings[0].helper.hasRealName)
        #expect(family.state.pairings[0].helper.unit == "镇政府")
        #expect(family.state.pairings[0].period.start == Family.day("2014-09-05"))
        let other = Helper(id: Family.person(21), unit: "村委会", hasRealName: false)
        family.accept(
            .assignHelper(PairingAssigned(kind: PairingKind(unchecked: "cadre"), helper: other)), on: "2014-09-05",
            correcting: family.last)
        #expect(family.state.pairings[0].details == nil && !family.state.pairings[0].helper.hasRealName)

        let guardian = Family.person(50)
        let named = GuardianNamed(
            person: Family.wife, guardian: guardian, namedBy: DepartmentID(unchecked: "org.community"),
            relation: Family.code("relative"), sealed: part(guardian, PersonalDetails(name: "吴某")))
        family.accept(.nameGuardian(named), on: "2015-03-01")
        family.accept(.guardian(50), on: "2015-03-02", correcting: family.last)
        #expect(family.state.guardianships[0].details?.name == "吴某")
        #expect(family.state.guardianships[0].namedOn == Family.day("2015-03-02"))
    }

    @Test("分户以后更正旧户里两边都有的记录：照改，并说明另一户是哪一户")
    func toldInTheOtherFile() {
        let other = HouseholdID(Identifier128(high: 7, low: 8))
        var family = Family()
        family.accept(.assess(Family.child, grade: 3), on: "2014-01-10")
        let child = family.last
        family.accept(.assess(Family.husband, grade: 4), on: "2014-01-11")
        let husband = family.last
        family.accept(.death(Family.child), on: "2014-03-02")
        family.bench.record(
            .split(HouseholdSplit(other: other, side: .remaining, persons: [Family.wife])), on: Family.day("2015-01-01")
        )
        func warnings(_ decision: Decision) -> [Refusal]? {
            if case .events(_, let warnings) = decision { warnings } else { nil }
        }
        let corrected = warnings(family.say(.assess(Family.child, grade: 3), on: "2014-01-05", correcting: child))
        #expect(corrected?.map(\.code) == ["CARE-1446"] && corrected?.first?.detail == other.description)
        #expect(corrected?.first?.chinese.contains(other.description) == true)
        let own = warnings(family.say(.assess(Family.husband, grade: 3), on: "2014-01-11", correcting: husband))
        #expect(own == [])
    }
}
