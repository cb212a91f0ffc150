import CareTestKit
import Testing

@testable import CareDomain

/// Numbers that follow from a seed.
private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(((state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD >> 11) % UInt64(sides))
    }
}

/// Claims on the accident insurance follow from what is on record: in whatever order that was told, whatever has been worked
/// out of it by then, and only for as long as it stands.
/// - Source: CZ-2.3
@Suite("意外伤害保险的理赔由事实得出")
struct InsuranceClaimTests {
    private static let insurance = PolicyCatalog.chenzhouSample.accidentInsurance

    /// A claim without the numbers of events, which hang on the order in which they were told.
    private struct Told: Hashable {
        let person: PersonID
        let day: CivilDay
        let isAccident: Bool
        let isDeath: Bool
    }

    private static func told(_ claims: [InsuranceClaim]) -> Set<Told> {
        Set(
            claims.map {
                Told(person: $0.person, day: $0.day, isAccident: $0.incident != nil, isDeath: $0.death != nil)
            })
    }

    private static func claims(_ family: Family) -> [InsuranceClaim] { family.state.insuranceClaims(insurance) }

    private static func accident(
        _ outcomes: [(PersonID, String)], kind: String = "accident"
    ) -> HouseholdAction {
        let victims = outcomes.map { IncidentReported.Victim(person: $0.0, outcome: Family.code($0.1)) }
        return .reportIncident(IncidentReported(kind: Family.code(kind), victims: victims))
    }

    /// A family whose child is certified disabled: all three are insured.
    private static func family() -> Family {
        var family = Family()
        family.accept(.assess(Family.child, grade: 2), on: "2014-08-01")
        return family
    }

    @Test("有参保人的意外、因意外身故、因病身故，各一项理赔；死亡先登还是意外先登都一样，已办的不再开")
    func opens() throws {
        var family = Self.family()
        family.accept(Self.accident([(Family.wife, "disability")]), on: "2014-10-08")
        #expect(family.state.planItems.isEmpty, "nothing is written: it follows")
        let first = try #require(Self.claims(family).first)
        #expect(first.person == Family.wife && first.day == Family.day("2014-10-08") && first.incident == family.last)
        let registration = EventReference(sequence: 1)
        family.refuse(.unknownPlanItem, .completePlanItem(PlanItemDone(item: registration)), on: "2014-11-01")
        family.refuse(.dayOrder, .completePlanItem(PlanItemDone(item: family.last)), on: "2014-10-07")
        family.accept(.completePlanItem(PlanItemDone(item: family.last)), on: "2014-11-03")
        #expect(Self.claims(family).first?.doneOn == Family.day("2014-11-03"))
        family.refuse(.unknownPlanItem, .completePlanItem(PlanItemDone(item: first.reference)), on: "2014-11-04")

        // A natural death opens one; the accident that is told later is the same.
        family.accept(.death(Family.husband), on: "2015-01-02")
        let death = family.last
        #expect(Self.claims(family).map(\.reference) == [first.reference, death])
        family.accept(.completePlanItem(PlanItemDone(item: death)), on: "2015-02-01")
        family.accept(Self.accident([(Family.husband, "death")]), on: "2015-01-01")
        #expect(Self.claims(family).map(\.person) == [Family.wife, Family.husband])
        #expect(Self.claims(family).last?.day == Family.day("2015-01-01"))
        #expect(Self.claims(family).allSatisfy { $0.doneOn != nil })
    }

    @Test("没有参保的没有：不属特殊困难家庭、当日才成为的、外地的、建档以前的、文件施行以前的、决定不批的；决定批准的有")
    func insured() throws {
        var family = Family()
        family.accept(Self.accident([(Family.child, "death"), (Family.wife, "disability")]), on: "2015-01-02")
        family.accept(.death(Family.child), on: "2015-01-02")
        #expect(Self.claims(family).isEmpty, "the family was none before")
        // From the next day on it is one.
        family.accept(.death(Family.husband), on: "2015-02-01")
        #expect(Self.claims(family).map(\.person) == [Family.husband])

        family = Self.family()
        family.accept(.death(Family.wife), on: "2014-08-01")
        #expect(Self.claims(family).isEmpty, "there was no file yet")

        family = Self.family()
        let away = HouseholdMoved(kind: .registration, division: DivisionCode("330302")!, area: nil)
        family.accept(.moveHousehold(away), on: "2015-01-01")
        family.accept(.death(Family.wife), on: "2015-01-02")
        family.accept(.death(Family.husband), on: "2014-12-31")
        #expect(Self.claims(family).map(\.person) == [Family.husband])
        #expect(family.state.insuranceClaims(nil).isEmpty)
        var later = Self.insurance
        later?.inForce = DayPeriod(start: Family.day("2015-01-01"))
        #expect(family.state.insuranceClaims(later).isEmpty)
    }

    @Test("人的决定算数：不批的没有理赔，批准的有", arguments: [true, false])
    func decided(isGranted: Bool) throws {
        var family = isGranted ? Family() : Self.family()
        family.bench.context.policy.clauses[AccidentInsurance.clause] = .init(
            clause: AccidentInsurance.clause, title: "做好保险理赔", subject: .person, amountType: .floor)
        family.determine(
            AccidentInsurance.clause, .person(Family.wife), .floor, .proposed, .yuan(30), from: "2014-09-01")
        family.accept(
            .decide(AccidentInsurance.clause, .person(Family.wife), isGranted ? .granted(.yuan(30)) : .refused),
            on: "2014-09-10")
        family.accept(.death(Family.wife), on: "2015-01-02")
        #expect(Self.claims(family).count == (isGranted ? 1 : 0))
    }

    @Test("撤回的死亡、改成别人的意外，理赔随之没有，并留下“依据已撤回”的一条；办过的仍写明何时办的")
    func withdrawn() throws {
        var family = Self.family()
        family.accept(.death(Family.wife), on: "2015-01-02")
        let death = family.last
        family.accept(.completePlanItem(PlanItemDone(item: death)), on: "2015-02-01")
        family.accept(.withdraw, on: "2015-02-10", correcting: death)
        #expect(Self.claims(family).isEmpty)
        func gone() -> [InsuranceClaim] {
            HouseholdHistory.claimsWithoutGround(family.bench.history.events, of: Family.household, Self.insurance)
        }
        #expect(gone().map(\.reference) == [death] && gone().first?.doneOn == Family.day("2015-02-01"))
        // Told anew it is another one, which nobody has seen to.
        family.accept(.death(Family.wife), on: "2015-01-03")
        #expect(Self.claims(family).map(\.doneOn) == [nil] && gone().count == 1)
        // A day that is put right leaves the claim what it was.
        family.accept(.death(Family.wife), on: "2015-01-04", correcting: family.last)
        #expect(Self.claims(family).map(\.day) == [Family.day("2015-01-04")] && gone().count == 1)

        family.accept(Self.accident([(Family.husband, "disability")]), on: "2015-03-01")
        let accident = family.last
        family.accept(Self.accident([(Family.child, "disability")]), on: "2015-03-01", correcting: accident)
        #expect(Self.claims(family).map(\.person) == [Family.wife, Family.child])
        #expect(gone().map(\.person) == [Family.wife, Family.husband])
    }

    @Test("销档时没办的理赔逐项提醒；依据已撤回的帮扶计划不提")
    func closing() throws {
        var family = Self.family()
        family.accept(.death(Family.wife), on: "2015-01-02")
        let death = family.last
        let closed = HouseholdAction.closeHousehold(HouseholdClosed(reason: Family.code("moved_away")))
        guard case .events(_, let warnings) = family.say(closed, on: "2015-03-01") else {
            Issue.record("refused")
            return
        }
        #expect(warnings.map(\.reason) == [.closedWithOpen] && warnings.first?.detail == "#\(death.sequence)")
        family.accept(.completePlanItem(PlanItemDone(item: death)), on: "2015-03-02")
    }

    @Test("意外对销档的部门遮着：不说没有身故的那项，因意外身故的说身故")
    func closingWithoutSight() throws {
        var family = Self.family()
        family.accept(Self.accident([(Family.wife, "disability")]), on: "2014-10-08")
        let first = family.last
        family.accept(Self.accident([(Family.husband, "death")]), on: "2014-10-09")
        let second = family.last
        let closed = HouseholdAction.closeHousehold(HouseholdClosed(reason: Family.code("moved_away")))
        func told(_ family: Family, keeping: Set<EventReference>) -> [String?]? {
            var family = family
            family.bench.context.kept = keeping
            guard case .events(_, let warnings) = family.say(closed, on: "2015-03-01") else { return nil }
            return warnings.map(\.detail)
        }
        #expect(told(family, keeping: []) == ["#\(first.sequence) #\(second.sequence)"])
        #expect(told(family, keeping: [first, second]) == [])
        family.accept(.death(Family.husband), on: "2014-10-12")
        #expect(told(family, keeping: [first, second]) == ["#\(family.last.sequence)"])
    }

    @Test("以前的版本随意外开出的事项就是这项理赔；意外撤回，它就没有依据")
    func itemsOfEarlierVersions() throws {
        var family = Self.family()
        let command = family.command(.withdraw, on: "2014-10-08", number: 9000).id
        func take(_ event: HouseholdEvent) {
            family.bench.record(event, on: Family.day("2014-10-08"), of: command)
        }
        take(
            .incidentReported(
                IncidentReported(
                    kind: Family.code("accident"),
                    victims: [.init(person: Family.wife, outcome: Family.code("disability"))])))
        let accident = family.last
        take(
            .planItemOpened(
                PlanItemOpened(clause: AccidentInsurance.clause, department: DepartmentID(unchecked: "dept.fp"))))
        let item = family.last
        let claim = try #require(Self.claims(family).first)
        #expect(claim.item == item && claim.incident == accident && claim.reference == item)
        var done = family
        done.accept(.completePlanItem(PlanItemDone(item: item)), on: "2014-11-03")
        #expect(Self.claims(done).map(\.doneOn) == [Family.day("2014-11-03")])
        done.refuse(.unknownPlanItem, .completePlanItem(PlanItemDone(item: accident)), on: "2014-11-04")
        family.accept(.withdraw, on: "2014-12-01", correcting: accident)
        let events = family.bench.history.events
        #expect(Self.claims(family).isEmpty && HouseholdHistory.itemsWithoutGround(events) == [item])
        let closed = HouseholdAction.closeHousehold(HouseholdClosed(reason: Family.code("moved_away")))
        guard case .events(_, let warnings) = family.say(closed, on: "2015-03-01") else {
            Issue.record("refused")
            return
        }
        #expect(warnings.isEmpty)
    }

    @Test("同样的事实按任意先后登记，得出同样的理赔；其间有没有认定结果也一样", arguments: 0..<60)
    func anyOrder(seed: Int) {
        var facts: [(HouseholdAction, String)] = [
            (.assess(Family.child, grade: 3), "2014-08-03"),
            (Self.accident([(Family.wife, "disability")]), "2014-10-08"),
            (Self.accident([(Family.husband, "death"), (Family.child, "disability")]), "2014-12-01"),
            (.death(Family.husband), "2014-12-05"),
            (.death(Family.child), "2015-02-01"),
            (Self.accident([(Family.wife, "death")], kind: "natural_disaster"), "2015-05-01"),
            (.death(Family.wife), "2015-05-01"),
        ]
        var family = Family()
        for (action, day) in facts { family.accept(action, on: day) }
        let expected = Self.told(Self.claims(family))
        #expect(expected.count == 5)

        var random = Dice(state: UInt64(seed))
        for place in facts.indices.reversed() { facts.swapAt(place, random.roll(place + 1)) }
        family = Family()
        for (action, day) in facts {
            if random.roll(3) == 0 {
                family.determine(
                    AccidentInsurance.clause, .person(Family.wife), .floor, .proposed, .yuan(30), from: "2014-09-01",
                    until: random.roll(2) == 0 ? "2014-09-02" : nil)
            }
            family.accept(action, on: day)
        }
        #expect(Self.told(Self.claims(family)) == expected, "\(facts)")
        #expect(family.state.planItems.isEmpty)
    }
}
