import CareDomain
import CareTestKit
import Testing

/// A death that an accident alone tells has no day: nothing follows from it, and whoever tells the accident is reminded of it.
/// - Source: CZ-1.1, CZ-2.2
@Suite("去世只由突发事件说到")
struct UnrecordedDeathTests {
    private static func accident(_ outcomes: [(PersonID, String)]) -> HouseholdAction {
        let victims = outcomes.map { IncidentReported.Victim(person: $0.0, outcome: Family.code($0.1)) }
        return .reportIncident(IncidentReported(kind: Family.code("accident"), victims: victims))
    }

    private static func remarks(_ decision: Decision) -> [Refusal.Reason]? {
        if case .events(_, let warnings) = decision { warnings.map(\.reason) } else { nil }
    }

    @Test("登记突发事件时提醒去世未登记，在世、不算失独；登记去世后都没有了，当天以前的不收")
    func told() throws {
        var family = Family()
        let decision = family.say(
            Self.accident([(Family.child, "death"), (Family.wife, "disability")]), on: "2015-02-01")
        #expect(Self.remarks(decision) == [.deathUnrecorded])
        let death = try #require(family.state.unrecordedDeaths.first)
        #expect(family.state.unrecordedDeaths.count == 1)
        #expect(death.person == Family.child && death.day == Family.day("2015-02-01") && death.incident == family.last)
        #expect(family.state.member(Family.child)?.diedOn == nil && family.state.hardshipPeriods().isEmpty)
        family.refuse(.dayOrder, .death(Family.child), on: "2015-01-31")
        #expect(Self.remarks(family.say(.death(Family.child), on: "2015-02-03")) == [])
        #expect(family.state.unrecordedDeaths.isEmpty)
        #expect(family.state.hardshipPeriods().map(\.kind) == [.bereaved])

        // Taken back, the death stands nowhere again.
        #expect(
            Self.remarks(family.say(.withdraw, on: "2015-03-01", correcting: family.last)) == [.deathUnrecorded])
        #expect(family.state.unrecordedDeaths == [death] && family.state.hardshipPeriods().isEmpty)
    }

    @Test("去世先登记的不提醒；更正出来的死亡提醒；撤回的事件不再说到；随建档一起登记去世的不提醒")
    func notTold() {
        var family = Family()
        family.accept(.death(Family.child), on: "2015-02-03")
        #expect(Self.remarks(family.say(Self.accident([(Family.child, "death")]), on: "2015-02-01")) == [])

        family = Family()
        #expect(Self.remarks(family.say(Self.accident([(Family.wife, "disability")]), on: "2015-02-01")) == [])
        let put = Self.accident([(Family.wife, "death")])
        #expect(Self.remarks(family.say(put, on: "2015-02-01", correcting: family.last)) == [.deathUnrecorded])
        #expect(family.state.unrecordedDeaths.map(\.person) == [Family.wife])
        #expect(Self.remarks(family.say(.withdraw, on: "2015-02-02", correcting: family.last)) == [])
        #expect(family.state.unrecordedDeaths.isEmpty)

        func registered(_ facts: [HouseholdEvent]) -> [Refusal.Reason]? {
            var family = Family(registered: false)
            let told = facts.map { ProposedEvent(occurredOn: Family.day("2010-02-01"), event: $0) }
            return Self.remarks(family.say(Family.registration(Family.members(), told), on: "2014-08-01"))
        }
        let victim = IncidentReported.Victim(person: Family.child, outcome: Family.code("death"))
        let incident = HouseholdEvent.incidentReported(
            IncidentReported(kind: Family.code("accident"), victims: [victim]))
        #expect(registered([incident]) == [.deathUnrecorded])
        #expect(registered([incident, .personDied(PersonDied(person: Family.child))]) == [])
    }

    @Test("撤回去世登记的看不见意外，就不对他说；说意外的是他自己，照说")
    func kept() {
        var family = Family()
        family.accept(Self.accident([(Family.child, "death")]), on: "2015-02-01")
        let accident = family.last
        family.accept(.death(Family.child), on: "2015-02-03")
        family.bench.context.kept = [accident]
        #expect(Self.remarks(family.say(.withdraw, on: "2015-03-01", correcting: family.last)) == [])
        #expect(
            Self.remarks(family.say(Self.accident([(Family.wife, "death")]), on: "2015-03-02")) == [.deathUnrecorded])
    }

    @Test("看不见那起意外的部门：照样不收，但不说是哪一条、哪一天")
    func refusedWithoutSight() {
        var family = Family()
        family.accept(Self.accident([(Family.child, "death"), (Family.wife, "disability")]), on: "2015-02-01")
        let accident = family.last
        func refusal(_ action: HouseholdAction, _ day: String, keeping: Set<EventReference>) -> Refusal? {
            var family = family
            family.bench.context.kept = keeping
            if case .refused(let refusal) = family.say(action, on: day) { return refusal }
            return nil
        }
        let again = Self.accident([(Family.child, "death")])
        #expect(refusal(again, "2015-02-02", keeping: [])?.detail == "#\(accident.sequence)")
        let quiet = refusal(again, "2015-02-02", keeping: [accident])
        #expect(quiet?.reason == .incidentReported && quiet?.detail == nil)
        #expect(refusal(.death(Family.child), "2015-01-31", keeping: [])?.chinese.contains("2015-02-01") == true)
        let death = refusal(.death(Family.child), "2015-01-31", keeping: [accident])
        #expect(death?.reason == .dayOrder && death?.chinese.contains("2015-02-01") == false)
        #expect(death?.english.contains("2015-02-01") == false)
        family.bench.context.kept = [accident]
        let flood = HouseholdAction.reportIncident(
            IncidentReported(
                kind: Family.code("natural_disaster"),
                victims: [.init(person: Family.wife, outcome: Family.code("disability"))]))
        #expect(Self.remarks(family.say(flood, on: "2015-02-01")) == [])
    }

    @Test("两种语言都说清后果和办法")
    func words() {
        let refusal = Refusal(
            .deathUnrecorded, detail: "2015-02-01", words: "2015-02-01 的突发事件", english: "what happened on 2015-02-01")
        #expect(refusal.code == "CARE-1447")
        #expect(refusal.chinese.contains("2015-02-01 的突发事件") && refusal.chinese.contains("请登记去世"))
        #expect(refusal.english.contains("what happened on 2015-02-01") && refusal.english.contains("record_death"))
    }
}
