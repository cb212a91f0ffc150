import CareDomain
import CareTestKit
import Testing

/// What stands beside what somebody takes back.
@Suite("撤回：与后来登记的相抵触的不收，不相抵触的照收")
struct WithdrawalTests {
    private static let second = Family.person(9)
    private static let husband = HouseholdAction.addPerson(
        PersonJoined(person: second, role: .husband, sex: .male, birthDate: Family.day("1960-01-02")))
    private static let leaving = HouseholdAction.removePerson(
        PersonLeft(person: Family.husband, reason: Family.code("divorce")))

    @Test("撤回离开、去世，而后来另有丈夫：退回，说出是哪一条；那一条撤回之后照收")
    func secondHusband() {
        let endings = [(Self.leaving, "2014-10-01"), (HouseholdAction.death(Family.husband), "2014-10-02")]
        for (ending, day) in endings {
            var family = Family()
            family.accept(ending, on: day)
            let ended = family.last
            family.accept(Self.husband, on: "2014-12-01")
            let joined = family.last
            family.refuse(.roleTaken, .withdraw, on: "2015-01-01", correcting: ended)
            guard case .refused(let refusal) = family.say(.withdraw, on: "2015-01-01", correcting: ended) else {
                Issue.record("accepted")
                continue
            }
            #expect(refusal.code == "CARE-1305" && refusal.field == "correction")
            #expect(refusal.detail == "#\(joined.sequence)" && refusal.chinese.contains("2014-12-01"))
            family.accept(.withdraw, on: "2015-01-01", correcting: joined)
            family.accept(.withdraw, on: "2015-01-01", correcting: ended)
            #expect(family.state.members(on: Family.day("2015-01-01")).filter { $0.role == .husband }.count == 1)
        }
    }

    @Test("后来的丈夫也已离开的一样不收；与此无关的照收")
    func others() {
        var family = Family()
        family.accept(Self.leaving, on: "2014-10-01")
        let left = family.last
        family.accept(.visit(), on: "2014-11-01")
        family.accept(.assign("cadre", 20), on: "2014-11-02")
        family.accept(.withdraw, on: "2015-01-01", correcting: left)
        #expect(family.state.member(Family.husband)?.leftOn == nil)

        family.accept(Self.leaving, on: "2014-10-01")
        let again = family.last
        family.accept(Self.husband, on: "2014-12-01")
        family.accept(
            .removePerson(PersonLeft(person: Self.second, reason: Family.code("divorce"))), on: "2015-02-01")
        family.refuse(.roleTaken, .withdraw, on: "2015-03-01", correcting: again)
    }

    @Test("离开之后以原编号回来的，不能单撤回离开")
    func back() {
        var family = Family()
        family.accept(Self.leaving, on: "2014-10-01")
        let left = family.last
        family.accept(.addPerson(PersonJoined(person: Family.husband, role: .husband)), on: "2014-12-01")
        family.refuse(.personInHousehold, .withdraw, on: "2015-01-01", correcting: left)
    }

    @Test("结对结束之后又登记同一人的，不能单撤回结束；失去依据的不妨碍撤回")
    func helpers() {
        var family = Family()
        family.accept(.assign("cadre", 20), on: "2014-09-01")
        let begun = family.last
        family.accept(.endPairing("cadre", 20), on: "2014-10-01")
        let ended = family.last
        family.accept(.assign("cadre", 20), on: "2014-11-01")
        let again = family.last
        family.refuse(.alreadyPaired, .withdraw, on: "2015-01-01", correcting: ended)
        family.accept(.withdraw, on: "2015-01-01", correcting: again)
        // The end that is left ends nothing any more.
        family.accept(.withdraw, on: "2015-01-01", correcting: begun)
        #expect(family.state.pairings.isEmpty)
    }
}
