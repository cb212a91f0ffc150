import CareDomain
import CareTestKit
import Testing

/// Given applications that came to nothing or late, when they are asked about or ended, then nothing stays in the way for ever
/// and a late step does not make those after it timely.
@Suite("申报的了结与期限")
struct ApplicationEndsTests {
    /// The sample with a window for the entry, and nothing that is looked at every year.
    private static func family() -> Family {
        var family = ApplicationSample.family(today: "2016-12-31")
        family.bench.context.policy.workflows[0].steps[6].window = .init(
            clause: ApplicationSample.clause, from: (5, 10), to: (11, 20))
        family.bench.context.policy.workflows[0].reverification = nil
        family.confirmAll()
        return family
    }

    private static func refusal(_ decision: Decision) -> Refusal? {
        if case .refused(let refusal) = decision { refusal } else { nil }
    }

    @Test("已确认而错过录入期、没有资助的：再报时说明怎样结束；结束以后可以再报")
    func missedWindow() throws {
        var family = Self.family()
        let first = family.application.reference
        family.refuse(.applicationState, .takeBack(first), on: "2015-11-20")
        let early = try #require(Self.refusal(family.say(.submit(), on: "2015-11-20")))
        #expect(early.code == "CARE-1771" && early.chinese.contains("还没有办完“录入”"))
        let barred = try #require(Self.refusal(family.say(.submit(), on: "2016-01-05")))
        #expect(barred.code == "CARE-1771")
        #expect(barred.chinese.contains("“录入”的开放时间 2015-11-20 已过而没有办"))
        #expect(barred.chinese.contains("carectl apply withdraw"))
        family.accept(.takeBack(first), on: "2016-01-05")
        #expect(!family.application.isOpen(under: family.bench.context.policy.workflows[0]))
        family.apply(on: "2016-01-06")
        #expect(family.application.reference != first && family.application.previous == first)
    }

    @Test("办理中的再报：说在哪一步")
    func underWay() throws {
        var family = ApplicationSample.family()
        family.apply()
        let refused = try #require(Self.refusal(family.say(.submit(), on: "2015-01-06")))
        #expect(refused.chinese.contains("办理中，在“村级初核”这一步"))
    }

    @Test("上一步逾期，下一步的季末、年内期限仍按本该到的时候算；按天数的从到达那天算")
    func lateAfterLate() {
        var family = ApplicationSample.family(today: "2016-12-31")
        family.bench.context.policy.workflows[0].steps[6].deadline = .quarterEnd
        family.confirmAll()
        let application = family.application.reference
        let workflow = family.bench.context.policy.workflows[0]
        #expect(family.application.dueOn(workflow) == Family.day("2015-03-31"))
        family.accept(.forward(application, "enter"), on: "2015-04-01")
        #expect(family.application.isLate(family.application.acts.count - 1, workflow))
        // Had it been entered in time, it would have been to pay by the same day.
        #expect(family.application.dueOn(workflow) == Family.day("2015-03-31"))
        family.act(as: "payer-1")
        family.accept(.forward(application, "pay", ["receipt"]), on: "2015-04-02")
        #expect(family.application.isLate(family.application.acts.count - 1, workflow))
        #expect(family.application.dueOn(workflow) == nil)
        // Each of the reviews has its days from when it was reached.
        var other = ApplicationSample.family()
        other.apply(on: "2015-01-05")
        other.act(as: "village-1")
        other.accept(.forward(other.application.reference, "village"), on: "2015-01-20")
        #expect(other.application.dueOn(ApplicationSample.workflow) == Family.day("2015-01-30"))
    }
}
