import CareDomain
import CareTestKit
import Testing

/// The workflow of these tests: declare, village, township, county, notice, confirm, enter, pay, archive.
enum ApplicationSample {
    static let clause = ClauseID("CZ-2.1")!
    static let household = ClauseID("CZ-2.9")!

    static func code(_ text: String) -> Code { Code(unchecked: text) }

    static let workflow = ApplicationWorkflow(
        code: code("assistance"), title: "扶助待遇申报", clauses: [clause, household],
        papers: [
            .init(code: code("form"), title: "申请表"), .init(code: code("identity"), title: "身份证复印件"),
            .init(code: code("lease"), title: "租房证明", clauses: [household]),
            .init(code: code("sheet"), title: "公示单"), .init(code: code("receipt"), title: "领取凭据"),
        ],
        steps: [
            .init(code: code("declare"), title: "个人申报", kind: .declare, level: .village, papers: [code("form")]),
            .init(
                code: code("village"), title: "村级初核", kind: .review, level: .village, function: .review,
                papers: [code("identity"), code("lease")], deadline: .days(5)),
            .init(
                code: code("township"), title: "乡镇审核", kind: .review, level: .township, function: .review,
                deadline: .days(10)),
            .init(
                code: code("county"), title: "县级审核", kind: .review, level: .county, roles: [code("reviewer")],
                function: .review, deadline: .days(20)),
            .init(
                code: code("notice"), title: "公示", kind: .notice, level: .county, function: .review,
                noticePeriods: [.init(days: 7)]),
            .init(
                code: code("confirm"), title: "确认", kind: .confirm, level: .county, function: .review,
                papers: [code("sheet")]),
            .init(
                code: code("enter"), title: "录入", kind: .record, level: .county, deadline: .yearly(month: 11, day: 10)),
            .init(
                code: code("pay"), title: "发放", kind: .record, level: .county, function: .payment,
                papers: [code("receipt")], deadline: .quarterEnd),
            .init(code: code("archive"), title: "归档", kind: .record, level: .village),
        ],
        reverification: .init(
            level: .county, month: 3, day: 31,
            exitReasons: [.init(code: code("died"), title: "死亡"), .init(code: code("adopted"), title: "收养子女")]))

    /// A family whose pack has the workflow, and somebody who may do everything.
    static func family(today: String = "2015-06-30") -> Family {
        var family = Family()
        let sample = family.bench.context.policy
        var policy = sample
        policy.workflows = [workflow]
        policy.clauses[clause] = .init(clause: clause, title: "特扶", subject: .person, amountType: .exact)
        policy.clauses[household] = .init(clause: household, title: "住房", subject: .household, amountType: .none)
        family.bench.context.policy = policy
        family.bench.context.today = Family.day(today)
        family.act(as: "clerk-1")
        return family
    }
}

extension Family {
    /// Whoever speaks from now on.
    mutating func act(as actor: String, role: String = "reviewer", in division: String = "431002") {
        bench.context.actor = Self.code(actor)
        bench.context.roles = Set(role.split(separator: " ").map { Self.code(String($0)) })
        bench.context.actsFor = [DivisionCode(division)!]
    }

    var application: ApplicationCase { state.applications[state.applications.count - 1] }

    /// Applies with all papers for the wife; returns the application.
    @discardableResult
    mutating func apply(
        _ subject: FactSubject = .person(Family.wife), papers: [String] = ["form", "identity"],
        on day: String = "2015-01-05"
    ) -> EventReference {
        accept(.submit(subject, papers), on: day)
        return application.reference
    }

    /// Brings the latest application to the step of the notice: each level's own person passes it on, the county's is whoever
    /// speaks.
    mutating func bringToNotice(on day: String = "2015-01-10") {
        let county = bench.context.actor
        for step in ["village", "township", "county"] {
            bench.context.actor = step == "county" ? county : Self.code("\(step)-1")
            accept(.forward(application.reference, step), on: day)
        }
    }

    /// Opens the notice: seven days after this one.
    mutating func openNotice(on day: String = "2015-01-10") {
        accept(
            .application(
                .noticeOpened(.init(application: application.reference, step: Self.code("notice")))), on: day)
    }

    /// Confirms the latest application of a wife with all papers.
    mutating func confirmAll() {
        apply()
        bringToNotice()
        openNotice()
        accept(.forward(application.reference, "notice", ["sheet"]), on: "2015-01-18")
        accept(.confirm(application.reference, "confirm"), on: "2015-01-18")
    }
}

extension HouseholdAction {
    static func submit(
        _ subject: FactSubject = .person(Family.wife), _ papers: [String] = ["form", "identity"],
        clause: ClauseID = ApplicationSample.clause
    ) -> HouseholdAction {
        .application(.submitted(.init(clause: clause, subject: subject, papers: papers.map(Family.code))))
    }

    static func forward(_ application: EventReference, _ step: String, _ papers: [String] = []) -> HouseholdAction {
        .application(
            .forwarded(.init(application: application, step: Family.code(step), papers: papers.map(Family.code))))
    }

    static func sendBack(_ application: EventReference, _ step: String, to: String? = nil) -> HouseholdAction {
        .application(
            .returned(
                .init(
                    application: application, step: Family.code(step), to: to.map(Family.code),
                    reason: Family.code("papers_wrong"))))
    }

    static func reject(_ application: EventReference, _ step: String) -> HouseholdAction {
        .application(
            .rejected(
                .init(application: application, step: Family.code(step), reason: Family.code("not_eligible"))))
    }

    static func takeBack(_ application: EventReference) -> HouseholdAction {
        .application(.withdrawn(.init(application: application, reason: Family.code("own_wish"))))
    }

    static func publish(_ application: EventReference, days: Int? = nil, step: String = "notice") -> HouseholdAction {
        .application(.noticeOpened(.init(application: application, step: Family.code(step), days: days)))
    }

    static func object(_ application: EventReference) -> HouseholdAction {
        .application(.objectionRaised(.init(application: application, reason: Family.code("income"))))
    }

    static func answer(
        _ application: EventReference, _ objection: EventReference, upheld: Bool
    ) -> HouseholdAction {
        .application(
            .objectionDecided(
                .init(
                    application: application, objection: objection, isUpheld: upheld,
                    finding: Family.code(upheld ? "confirmed" : "unfounded"))))
    }

    static func confirm(_ application: EventReference, _ step: String = "notice") -> HouseholdAction {
        .application(.confirmed(.init(application: application, step: Family.code(step))))
    }

    static func lookAgain(
        _ application: EventReference, _ year: Int, _ outcome: ApplicationReverified.Outcome = .continues
    ) -> HouseholdAction {
        .application(.reverified(.init(application: application, year: year, outcome: outcome)))
    }
}
