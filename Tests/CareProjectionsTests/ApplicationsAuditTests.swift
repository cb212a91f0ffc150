import CareDomain
import CareTestKit
import CareWire
import Testing

@testable import CareProjections

/// Given a log in which somebody did two functions on one application, when it is audited, then the person is found; what
/// is listed of an application shows no name and no number.
@Suite("申报：职能核查与列表")
struct ApplicationsAuditTests {
    private static let id = HouseholdID(Identifier128(high: 3, low: 9))
    private static let wife = PersonID(Identifier128(high: 3, low: 1))
    private static let clause = ClauseID("CZ-2.1")!
    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }
    private static func code(_ text: String) -> Code { Code(unchecked: text) }

    private static func known(_ sequence: UInt64, _ event: HouseholdEvent, by actor: String) -> KnownEvent {
        KnownEvent(
            reference: EventReference(sequence: sequence), recordedAt: Moment(microseconds: Int64(sequence)),
            command: CommandID(Identifier128(high: 4, low: sequence)), actor: code(actor),
            proposed: ProposedEvent(occurredOn: day("2014-08-0\(sequence)"), event: event))
    }

    /// A file as a careless log could hold it: `payer` is whoever did the step of the payment.
    private static func household(payer: String) -> Household {
        let application = EventReference(sequence: 3)
        let details = PersonalDetails(name: "欧阳某某", idNumber: "431002196509100028")
        let events: [(HouseholdEvent, String)] = [
            (.registered(HouseholdRegistered(division: DivisionCode("431002001")!)), "clerk"),
            (
                .personJoined(
                    PersonJoined(person: wife, role: .wife, sealed: [SealedPart(subject: wife, details: details)])),
                "clerk"
            ),
            (
                .application(
                    .submitted(
                        .init(
                            clause: clause, subject: .household, papers: [code("form")], workflow: code("a"),
                            step: code("county")))), "clerk"
            ),
            (
                .application(
                    .forwarded(
                        .init(
                            application: application, step: code("county"), to: code("confirm"), function: .review))),
                "judge"
            ),
            (
                .application(.confirmed(.init(application: application, step: code("confirm"), to: code("pay")))),
                "judge"
            ),
            (
                .application(
                    .forwarded(.init(application: application, step: code("pay"), function: .payment))), payer
            ),
        ]
        var household = Household(id: id)
        for (index, entry) in events.enumerated() {
            household.evolve(known(UInt64(index + 1), entry.0, by: entry.1))
        }
        return household
    }

    @Test("同一人审核又发放：查得出；不同的人：无人兼任")
    func audit() throws {
        let bad = SeparationAudit([], applying: [Self.id]) { _ in Self.household(payer: "judge") }
        #expect(bad.cases == 1)
        let finding = try #require(bad.findings.first)
        #expect(finding.actor == Self.code("judge") && finding.functions == [.review, .payment])
        #expect(finding.batch == nil && finding.clause == Self.clause)
        let good = SeparationAudit([], applying: [Self.id]) { _ in Self.household(payer: "payer") }
        #expect(good.cases == 1 && good.findings.isEmpty)
        #expect(good.holders[.payment] == [Self.code("payer")] && good.holders[.review] == [Self.code("judge")])
    }

    @Test("同一户同一待遇的两批是一件：发放过一批的人截止另一批，查得出；按批查也查得出")
    func acrossBatches() throws {
        var bench = PaymentBench(today: Self.day("2014-12-20"))
        let family = bench.family(1)
        let batches = [BatchID(Identifier128(high: 8, low: 1)), BatchID(Identifier128(high: 8, low: 2))]
        let division = try #require(DivisionCode("431000"))
        for (index, (month, closer, payer)) in [(9, "fund-1", "x"), (10, "x", "payer-1")].enumerated() {
            let one = CivilMonth(year: 2014, month: month)
            let period = try #require(PaymentPeriod(first: one, last: one))
            let prepare = PaymentAction.prepare(BatchScope(division: division, period: period), households: [family])
            try bench.say(prepare, to: batches[index], by: "clerk")
            try bench.say(.close, to: batches[index], by: closer)
            try bench.say(.issue, to: batches[index], by: payer)
        }
        let known = try batches.map { try #require(bench.batches[$0]) }
        for about in [nil, batches[0], batches[1]] {
            let audit = SeparationAudit(known, about: about) { bench.households[$0]?.household }
            #expect(audit.cases == 1)
            #expect(audit.findings.map(\.actor) == [Self.code("x")])
            #expect(audit.findings.first?.functions == [.fund, .payment])
            #expect(audit.findings.first?.batch == batches[1] && audit.findings.first?.household == family)
        }
    }

    @Test("登记收款账户又送银行的人，查得出；别人登记的不算")
    func accounts() throws {
        var bench = PaymentBench(today: Self.day("2014-12-20"))
        let family = bench.family(1)
        let batch = BatchID(Identifier128(high: 8, low: 1))
        let one = CivilMonth(year: 2014, month: 9)
        let scope = BatchScope(
            division: try #require(DivisionCode("431000")),
            period: try #require(PaymentPeriod(first: one, last: one)))
        try bench.say(.prepare(scope, households: [family]), to: batch, by: "clerk")
        try bench.say(.close, to: batch, by: "fund-1")
        try bench.say(.issue, to: batch, by: "payer-1")
        let known = try #require(bench.households[family])
        let person = try #require(known.household.members.first?.id)
        func findings(statedBy actor: String) throws -> [SeparationAudit.Finding] {
            var history = known
            let account = FactStated(
                fact: .accountReference, subject: .person(person), value: .reference("acc-x"), source: Self.code("form")
            )
            history.append(
                KnownEvent(
                    reference: EventReference(sequence: known.lastSequence + 1), recordedAt: Moment(microseconds: 1),
                    command: CommandID(Identifier128(high: 4, low: 99)), actor: Self.code(actor),
                    proposed: ProposedEvent(occurredOn: Self.day("2014-09-01"), event: .factStated(account))))
            return SeparationAudit([try #require(bench.batches[batch])]) { _ in history.household }.findings
        }
        let found = try findings(statedBy: "payer-1")
        #expect(found.map(\.actor) == [Self.code("payer-1")])
        #expect(found.first?.functions == [.payment] && found.first?.statesAccounts == true)
        #expect(try findings(statedBy: "clerk").isEmpty && findings(statedBy: "fund-1").isEmpty)
    }

    @Test("早先一批不在手边：办结的那一笔，由本户档案证明谁截止、谁发放，照样查得出")
    func fromTheFileAlone() throws {
        var bench = PaymentBench(today: Self.day("2014-12-20"))
        let family = bench.family(1)
        let batches = [BatchID(Identifier128(high: 8, low: 1)), BatchID(Identifier128(high: 8, low: 2))]
        let division = try #require(DivisionCode("431000"))
        for (index, (month, closer, payer)) in [(9, "fund-1", "x"), (10, "x", "payer-1")].enumerated() {
            let one = CivilMonth(year: 2014, month: month)
            let period = try #require(PaymentPeriod(first: one, last: one))
            let prepare = PaymentAction.prepare(BatchScope(division: division, period: period), households: [family])
            try bench.say(prepare, to: batches[index], by: "clerk")
            try bench.say(.close, to: batches[index], by: closer)
            try bench.say(.issue, to: batches[index], by: payer)
            let answer = BankAnswer(
                file: 1,
                lines: [
                    .init(
                        row: 2, reference: BankReference(batch: batches[index], file: 1, line: 1).description,
                        amount: .yuan(300), failure: nil)
                ], declaredCount: 1, declaredTotal: .yuan(300))
            try bench.say(.takeAnswer(answer), to: batches[index], by: payer)
        }
        let second = try #require(bench.batches[batches[1]])
        let audit = SeparationAudit([second]) { bench.households[$0]?.household }
        #expect(audit.cases == 1)
        #expect(audit.findings.map(\.actor) == [Self.code("x")])
        #expect(audit.findings.first?.functions == [.fund, .payment])
        #expect(audit.findings.first?.batch == batches[1] && audit.findings.first?.household == family)
        #expect(audit.holders[.fund] == [Self.code("fund-1"), Self.code("x")])
        #expect(audit.holders[.payment] == [Self.code("payer-1"), Self.code("x")])
    }

    @Test("单位的一年、借款也是一件：评分又定预拨、审核又放款，查得出")
    func unitsAndLoans() {
        func unit(scoredBy judge: String) -> UnitStanding {
            var unit = UnitStanding(division: DivisionCode("330302")!)
            let events: [(UnitEvent, String)] = [
                (.advanceSet(UnitSum(year: 2021, amount: .yuan(1))), "money"),
                (.scored(UnitScored(year: 2021, clause: ClauseID("WZ-A3.2a")!, points: Points(20))), judge),
            ]
            for (index, entry) in events.enumerated() {
                unit.evolve(
                    KnownUnitEvent(
                        reference: EventReference(sequence: UInt64(index + 1)), recordedAt: Moment(microseconds: 0),
                        occurredOn: Self.day("2021-12-01"), command: CommandID(Identifier128(high: 1, low: 1)),
                        actor: Self.code(entry.1), event: entry.0))
            }
            return unit
        }
        var audit = SeparationAudit([]) { _ in nil }
        audit.look(unit(scoredBy: "judge"))
        #expect(audit.cases == 1 && audit.findings.isEmpty && audit.holders[.supervision] == [Self.code("judge")])
        audit.look(unit(scoredBy: "money"))
        #expect(audit.cases == 2)
        #expect(audit.findings.map(\.functions) == [[.fund, .supervision]])
        #expect(audit.findings.first?.unit == DivisionCode("330302") && audit.findings.first?.year == 2021)

        var loan = LoanCase(id: LoanID(Identifier128(high: 4, low: 1)))
        let acts: [LoanEvent] = [
            .reviewed(LoanReviewed(level: .village, isPassed: true)), .disbursed(.yuan(1)),
        ]
        for (index, event) in acts.enumerated() {
            loan.evolve(
                KnownLendingEvent(
                    reference: EventReference(sequence: UInt64(index + 1)), recordedAt: Moment(microseconds: 0),
                    occurredOn: Self.day("2017-12-01"), command: CommandID(Identifier128(high: 1, low: 2)),
                    actor: Self.code("one"), event: .loan(event)))
        }
        audit.look(loan)
        #expect(audit.cases == 3 && audit.findings.last?.loan == loan.id)
        #expect(audit.findings.last?.functions == [.review, .payment])
    }

    @Test("列表里姓名、证件号只见头尾；程序已不在政策包里的，照样列得出")
    func entry() throws {
        let household = Self.household(payer: "payer")
        let found = try #require(household.applications.first)
        var words = CarePolicyWords()
        words.clauseTitles[Self.clause] = "提高扶助标准"
        let bare = Care_V1_ApplicationEntry(
            found, of: household, on: Self.day("2014-09-01"), words: words, withActs: true)
        #expect(bare.maskedName == "欧阳**" && bare.maskedIDNumber == "4310**********0028")
        #expect(bare.state.code == "confirmed" && !bare.hasStep && bare.workflow.textZh.isEmpty)
        #expect(bare.acts.map(\.actor) == ["clerk", "judge", "judge", "payer"])
        #expect(bare.acts.map(\.function) == ["", "review", "review", "payment"])
        words.workflows = [
            ApplicationWorkflow(
                code: Self.code("a"), title: "程序", clauses: [Self.clause], papers: [],
                steps: [
                    .init(code: Self.code("declare"), title: "申报", kind: .declare, level: .village),
                    .init(code: Self.code("county"), title: "县级审核", kind: .review, level: .county),
                    .init(code: Self.code("confirm"), title: "确认", kind: .confirm, level: .county),
                    .init(code: Self.code("pay"), title: "发放", kind: .record, level: .county),
                ],
                reverification: .init(
                    level: .county, month: 12, day: 31, exitReasons: [.init(code: Self.code("died"), title: "死亡")]))
        ]
        let listed = Care_V1_ApplicationEntry(
            found, of: household, on: Self.day("2016-01-01"), words: words, withActs: true)
        #expect(listed.overdue && listed.reverificationYear == 2015 && listed.workflow.textZh == "程序")
        #expect(listed.acts[1].text == "第 3 条申报 县级审核 至 确认")
        #expect(!"\(listed)".contains("某某"), "no name leaves")
    }
}
