import CareTestKit
import Testing

@testable import CareDomain

/// Random commands by random people on random days; what must hold is counted from the accepted events alone.
@Suite("随机办理申报")
struct ApplicationsPropertyTests {
    @Test("从不在公示期满前或有异议时确认；同一条款同一对象从不有两件在办；同一人从不兼两项职能", arguments: 1...60)
    func randomActs(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        var family = ApplicationSample.family(today: "2016-12-31")
        var accepted = 0
        var confirmed = 0
        var day = Family.day("2015-01-01")
        for _ in 0..<250 {
            family.act(
                as: ["a", "b", "c", "d"].randomElement(using: &dice) ?? "a", role: "reviewer",
                in: ["431002", "431002001", "431002"].randomElement(using: &dice) ?? "431002")
            day = day + Int32.random(in: -1...3, using: &dice)
            let action = Self.action(&dice, family.state)
            if case .events = family.say(action, on: day.description) {
                accepted += 1
                if case .application(.confirmed) = action { confirmed += 1 }
            }
        }
        let history = family.bench.history
        #expect(accepted > 10)
        #expect(HouseholdHistory(id: history.id, events: history.events) == history)
        Self.check(history.events, seed)
    }

    @Test("随机序列里确有办到确认、退出和重报的，不是空转")
    func reachesTheEnd() {
        var states: Set<String> = []
        for seed in UInt64(1)...200 {
            var dice = SeededGenerator(seed: seed)
            var family = ApplicationSample.family(today: "2016-12-31")
            var day = Family.day("2015-01-01")
            for _ in 0..<250 {
                family.act(as: ["a", "b", "c", "d"].randomElement(using: &dice) ?? "a")
                day = day + Int32.random(in: -1...3, using: &dice)
                _ = family.say(Self.action(&dice, family.state), on: day.description)
            }
            states.formUnion(family.state.applications.map(\.state.code))
        }
        #expect(states.isSuperset(of: ["confirmed", "rejected", "withdrawn", "exited"]))
    }

    private static func action(_ dice: inout SeededGenerator, _ household: Household) -> HouseholdAction {
        let subject: FactSubject =
            [.person(Family.wife), .person(Family.husband)].randomElement(using: &dice) ?? .household
        guard let found = household.applications.randomElement(using: &dice), Int.random(in: 0..<8, using: &dice) > 0
        else { return .submit(subject, ["form", "identity"]) }
        let steps = ApplicationSample.workflow.steps.map(\.code.rawValue)
        let present = found.step?.rawValue ?? "village"
        let step =
            Int.random(in: 0..<6, using: &dice) == 0 ? steps.randomElement(using: &dice) ?? present : present
        let reference = found.reference
        switch Int.random(in: 0..<16, using: &dice) {
        case 0: return .sendBack(reference, step)
        case 1: return Int.random(in: 0..<4, using: &dice) == 0 ? .reject(reference, step) : .object(reference)
        case 2: return Int.random(in: 0..<6, using: &dice) == 0 ? .takeBack(reference) : .confirm(reference, step)
        case 3, 4: return .publish(reference, step: step)
        case 5, 6:
            let objection = found.objections.randomElement(using: &dice)?.reference ?? reference
            return .answer(reference, objection, upheld: Bool.random(using: &dice))
        case 7, 8, 9: return .confirm(reference, step)
        case 10:
            let year = Int.random(in: 2015...2016, using: &dice)
            return .lookAgain(
                reference, year, Bool.random(using: &dice) ? .continues : .exits(Family.code("adopted")))
        default: return .forward(reference, step, step == "notice" ? ["sheet", "receipt"] : ["receipt"])
        }
    }

    /// Goes over the events with books of its own.
    private static func check(_ events: [KnownEvent], _ seed: UInt64) {
        var open: [FactSubject: EventReference] = [:]
        var subjects: [EventReference: FactSubject] = [:]
        var lastNoticeDay: [EventReference: CivilDay] = [:]
        var objections: [EventReference: Set<EventReference>] = [:]
        var upheld: Set<EventReference> = []
        var functions: [FactSubject: [Code: Set<CaseFunction>]] = [:]
        for event in events {
            guard case .application(let act) = event.event else { continue }
            let name = act.application ?? event.reference
            switch act {
            case .submitted(let submitted):
                #expect(open[submitted.subject] == nil, "seed \(seed): two open applications")
                open[submitted.subject] = event.reference
                subjects[event.reference] = submitted.subject
            case .rejected, .withdrawn: open[subjects[name] ?? .household] = nil
            case .returned:
                lastNoticeDay[name] = nil
                upheld.remove(name)
            case .noticeOpened(let notice): lastNoticeDay[name] = event.occurredOn + Int32(notice.days ?? 9999)
            case .objectionRaised: objections[name, default: []].insert(event.reference)
            case .objectionDecided(let decided):
                objections[name]?.remove(decided.objection)
                if decided.isUpheld { upheld.insert(name) }
            case .confirmed:
                let last = lastNoticeDay[name]
                #expect(last != nil && event.occurredOn > last ?? event.occurredOn, "seed \(seed): confirmed early")
                #expect(objections[name]?.isEmpty ?? true, "seed \(seed): confirmed with an open objection")
                #expect(!upheld.contains(name), "seed \(seed): confirmed although an objection was upheld")
            case .reverified(let again):
                if case .exits = again.outcome { open[subjects[name] ?? .household] = nil }
            case .forwarded: break
            }
            if let actor = event.actor, let function = act.function, let subject = subjects[name] {
                functions[subject, default: [:]][actor, default: []].insert(function)
            }
        }
        for (_, actors) in functions {
            #expect(actors.allSatisfy { $0.value.count == 1 }, "seed \(seed): somebody holds two functions")
        }
    }
}
