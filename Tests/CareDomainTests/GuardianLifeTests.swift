import CareDomain
import CareTestKit
import Testing

/// 监护随被监护人去世而终止: what stands after a death, and what can be recorded of the time before it.
/// - Source: CZ-2.13a
@Suite("监护与去世")
struct GuardianLifeTests {
    private static func family() -> Family {
        var family = Family()
        family.accept(.guardian(), on: "2014-09-01")
        family.accept(.consent(), on: "2014-09-10")
        return family
    }

    @Test("被监护人去世当日起监护终止；当日起不再同意、公证，去世以前的照常登记")
    func wardDies() {
        var family = Self.family()
        family.accept(.death(Family.wife), on: "2015-02-01")
        family.refuse(.alreadyDead, .notarise(), on: "2015-02-01")
        family.refuse(.alreadyDead, .consent(), on: "2015-03-01")
        family.accept(.notarise(), on: "2015-01-31")
        let guardianship = family.state.guardianships[0]
        #expect(guardianship.state(on: Family.day("2015-01-31")) == .active)
        #expect(guardianship.state(on: Family.day("2015-02-01")) == .ended)
        #expect(guardianship.endedOn == nil)
        #expect(guardianship.lapsedOn?.day == Family.day("2015-02-01"))
        #expect(guardianship.lapsedOn?.reason == RecordWords.wardDied)
        #expect(RecordWords.chinese["ward_died"] == "被监护人已故")
    }

    @Test("早先终止的照旧；死亡撤回的，监护照旧")
    func endedBefore() {
        var family = Self.family()
        family.accept(.death(Family.wife), on: "2015-02-01")
        let death = family.last
        family.accept(.endGuardian(), on: "2015-01-10")
        #expect(family.state.guardianships[0].lapsedOn?.day == Family.day("2015-01-10"))
        #expect(family.state.guardianships[0].lapsedOn?.reason == Family.code("moved_away"))
        family.accept(.withdraw, on: "2015-02-01", correcting: death)
        #expect(family.state.guardianships[0].wardDiedOn == nil)
        family.accept(.guardian(51), on: "2015-03-01")
        #expect(family.state.guardianships[1].lapsedOn == nil)
    }

    @Test("监护人是本户成员而已故的，不能公证、同意；不相干的人去世不影响监护")
    func guardianDied() {
        var family = Family()
        family.accept(.guardian(2), on: "2014-09-01")
        family.accept(.consent(2), on: "2014-09-10")
        family.accept(.death(Family.child), on: "2014-12-01")
        #expect(family.state.guardianships[0].lapsedOn == nil)
        family.accept(.death(Family.husband), on: "2015-02-01")
        family.refuse(.alreadyDead, .notarise(2), on: "2015-02-02")
        family.refuse(.alreadyDead, .consent(2), on: "2015-02-02")
        family.accept(.notarise(2), on: "2015-01-31")
    }
}
