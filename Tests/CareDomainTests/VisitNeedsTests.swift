import CareDomain
import CareTestKit
import Testing

/// Needs were told because there was a visit: they go where it goes.
@Suite("走访撤回、改日期时的需求")
struct VisitNeedsTests {
    private static func warnings(_ decision: Decision) -> [Refusal] {
        if case .events(_, let warnings) = decision { return warnings }
        Issue.record("refused")
        return []
    }

    private static func needs(_ family: Family) -> [EventReference] { family.state.needs.map(\.reference) }

    @Test("撤回走访，没人办过的需求一并撤回并说明；有答复的、办结的、改过日期的、另行登记的留下")
    func withdrawn() throws {
        var family = Family()
        let kinds = ["need_other", "need_farming", "need_visit", "need_other", "need_farming"]
        family.accept(.visit(needs: kinds), on: "2015-01-10")
        let visit = family.state.visits[0].reference
        let found = Self.needs(family)
        family.accept(.raiseNeed(NeedRaised(kind: Family.code("need_other"))), on: "2015-01-10")
        let own = family.last
        family.accept(.answerNeed(NeedAnswered(need: found[0], outcome: Family.code("relayed"))), on: "2015-01-20")
        family.accept(.closeNeed(NeedClosed(need: found[1], reason: Family.code("settled"))), on: "2015-01-20")
        family.accept(.raiseNeed(NeedRaised(kind: Family.code("need_visit"))), on: "2015-01-12", correcting: found[2])
        // The number of items was put right: the need still stands on the visit's day.
        family.accept(
            .raiseNeed(NeedRaised(kind: Family.code("need_other"), items: 2)), on: "2015-01-10", correcting: found[3])
        let warnings = Self.warnings(family.say(.withdraw, on: "2015-01-25", correcting: visit))
        #expect(family.state.visits.isEmpty)
        #expect(Self.needs(family) == [found[0], found[1], found[2], own])
        #expect(warnings.map(\.code) == ["CARE-1806", "CARE-1807"])
        func numbers(_ needs: [EventReference]) -> String { needs.map { "#\($0.sequence)" }.joined(separator: " ") }
        #expect(warnings.map(\.detail) == [numbers([found[3], found[4]]), numbers(Array(found[0...2]))])
        #expect(family.bench.history.visitsOfNeeds.filter { $0.value == visit }.count == 5)
        #expect(HouseholdHistory(id: Family.household, events: family.bench.history.events) == family.bench.history)
    }

    @Test("没有需求的走访撤回时不多说；一次走访撤回不动另一次的需求")
    func others() {
        var family = Family()
        family.accept(.visit(), on: "2015-01-10")
        #expect(Self.warnings(family.say(.withdraw, on: "2015-01-11", correcting: family.last)).isEmpty)
        family.accept(.visit(needs: ["need_other"]), on: "2015-01-12")
        family.accept(.visit(needs: ["need_farming"]), on: "2015-01-12")
        let second = family.state.visits[1].reference
        family.accept(.withdraw, on: "2015-01-13", correcting: second)
        #expect(family.state.needs.map(\.raised.kind) == [Family.code("need_other")])
    }

    @Test("编号随走访更正、撤回变了的需求，按原编号更正时说明现在是第几条")
    func renumbered() {
        var family = Family()
        family.accept(.visit(needs: ["need_other"]), on: "2015-01-10")
        let visit = family.state.visits[0].reference
        let need = family.state.needs[0].reference
        let other = HouseholdAction.raiseNeed(NeedRaised(kind: Family.code("need_farming")))
        func said(_ correcting: EventReference) -> String? {
            var family = family
            guard case .refused(let refusal) = family.say(other, on: "2015-01-11", correcting: correcting),
                refusal.reason == .correctionTarget
            else { return nil }
            return refusal.chinese + refusal.english
        }
        family.accept(.visit(), on: "2015-01-11", correcting: visit)
        let moved = family.last
        #expect(said(need)?.contains("走访记录更正日期时已一并改为第 \(moved.sequence) 条，请写 #\(moved.sequence)") == true)
        #expect(said(need)?.contains("when the day of its visit was put right: name \(moved.sequence)") == true)
        #expect(said(visit)?.contains("已由第 \(moved.sequence - 1) 条更正") == true)
        family.accept(
            .withdraw, on: "2015-01-12", correcting: EventReference(sequence: moved.sequence - 1))
        #expect(said(moved)?.contains("走访记录撤回时已一并撤回（第 \(family.last.sequence) 条）") == true)
        #expect(said(EventReference(sequence: 900))?.contains("第") == false)
    }
}
