import CareDomain
import CareTestKit
import Testing

/// Given an application at a step, when somebody acts on it, then it goes where the pack says or is refused with the reason.
@Suite("申报办理")
struct ApplicationsTests {
    @Test("从申报到归档，一步一步，每步记到期日")
    func wholeWay() {
        var family = ApplicationSample.family()
        let application = family.apply()
        #expect(family.application.step == Family.code("village"))
        #expect(family.application.dueOn(ApplicationSample.workflow) == Family.day("2015-01-10"))
        family.bringToNotice(on: "2015-01-09")
        #expect(family.application.step == Family.code("notice"))
        family.refuse(.noticeMissing, .forward(application, "notice", ["sheet"]), on: "2015-01-09")
        family.refuse(.noticeMissing, .confirm(application), on: "2015-01-09")
        family.openNotice(on: "2015-01-09")
        #expect(family.application.notice?.lastDay == Family.day("2015-01-16"))
        family.refuse(.noticeRunning, .confirm(application), on: "2015-01-16")
        family.refuse(.papersMissing, .confirm(application), on: "2015-01-17")
        // A confirmation takes no papers in, so its own are asked for before it.
        family.refuse(.papersMissing, .forward(application, "notice"), on: "2015-01-17")
        family.accept(.forward(application, "notice", ["sheet"]), on: "2015-01-17")
        family.accept(.confirm(application, "confirm"), on: "2015-01-18")
        #expect(family.application.state == .confirmed && family.application.confirmedOn == Family.day("2015-01-18"))
        #expect(family.application.dueOn(ApplicationSample.workflow) == Family.day("2015-11-10"))
        family.accept(.forward(application, "enter"), on: "2015-02-01")
        #expect(family.application.dueOn(ApplicationSample.workflow) == Family.day("2015-03-31"))
        #expect(family.application.isOverdue(ApplicationSample.workflow, on: Family.day("2015-04-01")))
        #expect(!family.application.isOverdue(ApplicationSample.workflow, on: Family.day("2015-03-31")))
        family.act(as: "payer-1")
        family.refuse(.papersMissing, .forward(application, "pay"), on: "2015-03-01")
        family.accept(.forward(application, "pay", ["receipt"]), on: "2015-03-01")
        family.accept(.forward(application, "archive"), on: "2015-03-02")
        #expect(family.application.step == nil && family.application.state == .confirmed)
        family.refuse(.applicationMoved, .forward(application, "archive"), on: "2015-03-03")
    }

    @Test("材料是附件，或验看原件；政策包要文件的，只写代码即拒绝")
    func papersAreFiles() throws {
        var family = ApplicationSample.family()
        let index = ApplicationSample.workflow.papers.firstIndex { $0.code == Family.code("identity") } ?? 0
        family.bench.context.policy.workflows[0].papers[index].proof = .file
        let scan = try #require(FileDigest(bytes: Array(0..<32)))
        let identity = PaperFile(paper: Family.code("identity"), file: scan)
        func submit(_ papers: [String], _ files: [PaperFile]) -> HouseholdAction {
            .application(
                .submitted(
                    .init(
                        clause: ApplicationSample.clause, subject: .person(Family.wife),
                        papers: papers.map(Family.code), files: files)))
        }
        guard case .refused(let refusal) = family.say(submit(["form", "identity"], []), on: "2015-01-05") else {
            Issue.record("a copy that the pack asks for has to be kept")
            return
        }
        #expect(refusal.reason == .paperFileMissing && refusal.detail == "身份证复印件 identity")
        family.refuse(.unknownPaper, submit(["form"], [identity]), on: "2015-01-05")
        guard case .refused(let unknown) = family.say(submit(["photo"], []), on: "2015-01-05") else {
            Issue.record("no such paper")
            return
        }
        #expect(unknown.detail?.hasPrefix("photo → 申请表 form、") == true)
        family.bench.context.policy.workflows[0].papers = []
        guard case .refused(let none) = family.say(submit(["photo"], []), on: "2015-01-05") else {
            Issue.record("no paper at all")
            return
        }
        #expect(none.detail == "photo")
        family.bench.context.policy.workflows[0].papers = ApplicationSample.workflow.papers
        family.bench.context.policy.workflows[0].papers[index].proof = .file
        family.accept(submit(["form", "identity"], [identity]), on: "2015-01-05")
        let application = family.application.reference
        let handed = family.application.handedPapers
        #expect(handed.map(\.paper.rawValue) == ["form", "identity"] && handed.map(\.file) == [nil, scan])
        #expect(handed.allSatisfy { $0.reference == application })
        family.accept(.forward(application, "village", ["receipt"]), on: "2015-01-06")
        #expect(family.application.handedPapers.last?.file == nil)
    }

    @Test("缺的材料一次说全：登记时提醒，往下办时拒绝，住房类多要一份")
    func papersToldOnce() {
        var family = ApplicationSample.family()
        let action = HouseholdAction.submit(.household, [], clause: ApplicationSample.household)
        guard case .events(_, let warnings) = family.say(action, on: "2015-01-05") else {
            Issue.record("refused")
            return
        }
        #expect(warnings.map(\.reason) == [.papersMissing])
        #expect(warnings.first?.detail == "申请表 form、身份证复印件 identity、租房证明 lease")
        let application = family.application.reference
        guard case .refused(let refusal) = family.say(.forward(application, "village", ["form"]), on: "2015-01-06")
        else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.detail == "身份证复印件 identity、租房证明 lease")
        #expect(refusal.chinese.contains("租房证明"))
        family.refuse(.unknownPaper, .forward(application, "village", ["photo"]), on: "2015-01-06")
        family.accept(.forward(application, "village", ["form", "identity", "lease"]), on: "2015-01-06")
        let other = family.apply()
        #expect(family.application.missingPapers(ApplicationSample.workflow).isEmpty, "a person brings no lease")
        family.accept(.forward(other, "village"), on: "2015-01-06")
    }

    @Test("公示单公示期满才有：申报时、审核时不收，期满往下办时收")
    func noticeSheet() {
        var family = ApplicationSample.family()
        family.refuse(.paperTooEarly, .submit(.person(Family.wife), ["form", "identity", "sheet"]), on: "2015-01-05")
        let application = family.apply()
        family.refuse(.paperTooEarly, .forward(application, "village", ["sheet"]), on: "2015-01-06")
        family.bringToNotice()
        family.openNotice()
        family.refuse(.noticeRunning, .forward(application, "notice", ["sheet"]), on: "2015-01-17")
        family.refuse(.papersMissing, .confirm(application), on: "2015-01-18")
        family.accept(.forward(application, "notice", ["sheet"]), on: "2015-01-18")
        family.accept(.confirm(application, "confirm"), on: "2015-01-18")
    }

    @Test("谁办哪一步：村里的人办不了乡镇的步骤，县级要规定的岗位")
    func whoActs() {
        var family = ApplicationSample.family()
        family.act(as: "village-1", in: "431002001")
        let application = family.apply()
        family.accept(.forward(application, "village"), on: "2015-01-06")
        family.act(as: "village-2", in: "431002001001")
        family.refuse(.actorLevel, .forward(application, "township"), on: "2015-01-07")
        family.act(as: "township-1", in: "431002001")
        family.accept(.forward(application, "township"), on: "2015-01-07")
        family.refuse(.actorLevel, .forward(application, "county"), on: "2015-01-08")
        family.act(as: "county-1", role: "clerk")
        family.refuse(.actorRole, .forward(application, "county"), on: "2015-01-08")
        guard case .refused(let role) = family.say(.forward(application, "county"), on: "2015-01-08") else {
            Issue.record("accepted")
            return
        }
        #expect(role.chinese.contains("审核；您是经办") && role.english.contains("reviewer; you are clerk"))
        family.act(as: "elsewhere", in: "431003")
        family.refuse(.actorLevel, .forward(application, "county"), on: "2015-01-08")
        // A key with two roles has the rights of both, whichever comes first.
        family.act(as: "city-1", role: "clerk reviewer", in: "431000")
        family.accept(.forward(application, "county"), on: "2015-01-08")
    }

    @Test("村、乡镇、县三级不由同一人通过；村的经办不办乡镇的步骤，乡镇的不办县级的，不论密钥写的区划")
    func levels() {
        var family = ApplicationSample.family()
        let application = family.apply()
        family.accept(.forward(application, "village"), on: "2015-01-06")
        family.refuse(.reviewedBefore, .forward(application, "township"), on: "2015-01-07")
        family.act(as: "village-2", in: "431002001")
        family.bench.context.department = KnownOffices.community
        family.refuse(.actorLevel, .forward(application, "township"), on: "2015-01-07")
        family.bench.context.department = KnownOffices.township
        family.accept(.forward(application, "township"), on: "2015-01-07")
        family.act(as: "village-2", in: "431002")
        family.refuse(.actorLevel, .forward(application, "county"), on: "2015-01-08")
        family.bench.context.department = DepartmentID(unchecked: "dept.fp")
        family.refuse(.reviewedBefore, .forward(application, "county"), on: "2015-01-08")
        family.act(as: "clerk-1")
        family.refuse(.reviewedBefore, .forward(application, "county"), on: "2015-01-08")
        family.accept(.sendBack(application, "county", to: "township"), on: "2015-01-08")
        family.act(as: "village-2")
        family.accept(.forward(application, "township"), on: "2015-01-09")
        family.act(as: "county-1")
        family.accept(.forward(application, "county"), on: "2015-01-09")
        family.openNotice(on: "2015-01-09")
        family.accept(.forward(application, "notice", ["sheet"]), on: "2015-01-17")
        family.act(as: "village-2")
        family.refuse(.reviewedBefore, .confirm(application, "confirm"), on: "2015-01-18")
        family.act(as: "county-1")
        family.accept(.confirm(application, "confirm"), on: "2015-01-18")
    }

    @Test("录入系统5月10日至11月20日开放：11月10日按期，11月11日至20日收下并记逾期，21日和次年拒绝")
    func window() throws {
        for (day, isAccepted, isLate) in [
            ("2015-05-09", false, false), ("2015-05-10", true, false), ("2015-11-10", true, false),
            ("2015-11-11", true, true), ("2015-11-20", true, true), ("2015-11-21", false, false),
            ("2016-06-01", false, false),
        ] {
            var family = ApplicationSample.family(today: "2016-12-31")
            family.bench.context.policy.workflows[0].steps[6].window = .init(
                clause: ApplicationSample.clause, from: (5, 10), to: (11, 20))
            family.confirmAll()
            let enter = HouseholdAction.forward(family.application.reference, "enter")
            guard isAccepted else {
                family.refuse(.stepClosed, enter, on: day)
                continue
            }
            guard case .events(_, let warnings) = family.say(enter, on: day) else {
                Issue.record("refused on \(day)")
                continue
            }
            #expect(warnings.map(\.reason) == (isLate ? [.stepLate] : []), "\(day)")
            let workflow = family.bench.context.policy.workflows[0]
            let last = family.application.acts.count - 1
            #expect(family.application.isLate(last, workflow) == isLate, "\(day)")
        }
    }

    @Test("退回、补正再报；两人同时点上报只走一步；不予通过、撤回后可以重报")
    func backAndAgain() {
        var family = ApplicationSample.family()
        let first = family.apply()
        family.refuse(.applicationOpen, .submit(), on: "2015-01-06")
        family.accept(.forward(first, "village"), on: "2015-01-06")
        family.refuse(.applicationMoved, .forward(first, "village"), on: "2015-01-06")
        family.refuse(.returnTarget, .sendBack(first, "township", to: "county"), on: "2015-01-07")
        family.accept(.sendBack(first, "township", to: "declare"), on: "2015-01-07")
        #expect(family.application.step == Family.code("declare"))
        family.refuse(.applicationState, .reject(first, "declare"), on: "2015-01-08")
        family.accept(.forward(first, "declare"), on: "2015-01-08")
        family.accept(.sendBack(first, "village"), on: "2015-01-08")
        #expect(family.application.step == Family.code("declare"), "the step before, when none is named")
        family.accept(.forward(first, "declare"), on: "2015-01-08")
        family.refuse(.dayOrder, .reject(first, "village"), on: "2015-01-07")
        family.accept(.reject(first, "village"), on: "2015-01-09")
        family.refuse(.applicationState, .forward(first, "village"), on: "2015-01-10")
        let second = family.apply(on: "2015-02-01")
        #expect(family.application.previous == first)
        family.accept(.takeBack(second), on: "2015-02-02")
        family.apply(on: "2015-02-03")
        #expect(family.application.previous == second && family.state.applications.count == 3)
    }

    @Test("已故的人不能申报；办理中去世的不能往下办，可以不予通过")
    func dead() {
        var family = ApplicationSample.family()
        family.refuse(.personUnknown, .submit(.person(Family.person(9))), on: "2015-01-05")
        family.refuse(.unknownClause, .submit(.household), on: "2015-01-05")
        family.refuse(.noWorkflow, .submit(clause: ClauseID("CZ-9.9")!), on: "2015-01-05")
        let application = family.apply()
        family.accept(.recordDeath(PersonDied(person: Family.wife)), on: "2015-01-06")
        family.refuse(.applicantDead, .forward(application, "village"), on: "2015-01-07")
        family.accept(.reject(application, "village"), on: "2015-01-07")
        family.refuse(.applicantDead, .submit(), on: "2015-01-08")
        family.apply(.person(Family.husband), on: "2015-01-08")
    }

    @Test("办理中离户、分出去的不能往下办，可以不予通过；在新户另报")
    func left() {
        var family = ApplicationSample.family()
        let application = family.apply()
        let left = PersonLeft(person: Family.wife, reason: Code(unchecked: "moved_out"))
        family.accept(.removePerson(left), on: "2015-01-06")
        family.refuse(.personNotPresent, .forward(application, "village"), on: "2015-01-07")
        family.accept(.reject(application, "village"), on: "2015-01-07")
        family.refuse(.personNotPresent, .submit(), on: "2015-01-08")
        family.apply(.person(Family.husband), on: "2015-01-08")
    }

    @Test("丧葬一类的对象本来就已去世：照常申报")
    func aboutDeceased() {
        var family = ApplicationSample.family()
        family.bench.context.policy.workflows[0].aboutDeceased = [ApplicationSample.clause]
        family.accept(.recordDeath(PersonDied(person: Family.wife)), on: "2015-01-04")
        let application = family.apply()
        family.accept(.forward(application, "village"), on: "2015-01-06")
    }

    @Test("异议未核查不能确认，异议成立须退回重来；公示后、确认后提出的说明去向")
    func objections() {
        var family = ApplicationSample.family()
        let application = family.apply()
        family.refuse(.objectionClosed, .object(application), on: "2015-01-06")
        family.bringToNotice()
        family.openNotice()
        family.refuse(.applicationState, .publish(application), on: "2015-01-11")
        family.accept(.object(application), on: "2015-01-12")
        let objection = family.last
        family.refuse(.objectionOpen, .confirm(application), on: "2015-01-18")
        family.act(as: "clerk-1")
        family.refuse(.functionHeld, .answer(application, objection, upheld: false), on: "2015-01-18")
        family.act(as: "inspector-1")
        family.accept(.answer(application, objection, upheld: true), on: "2015-01-19")
        family.refuse(.unknownObjection, .answer(application, objection, upheld: false), on: "2015-01-19")
        family.refuse(.functionHeld, .confirm(application), on: "2015-01-19")
        family.act(as: "clerk-1")
        family.refuse(.objectionUpheld, .confirm(application), on: "2015-01-19")
        family.accept(.sendBack(application, "notice", to: "county"), on: "2015-01-20")
        family.accept(.forward(application, "county"), on: "2015-01-21")
        // Sent back, it is to hang out anew.
        family.refuse(.noticeMissing, .confirm(application), on: "2015-02-28")
        family.openNotice(on: "2015-02-01")
        family.accept(.object(application), on: "2015-02-02")
        let second = family.last
        family.act(as: "inspector-1")
        family.accept(.answer(application, second, upheld: false), on: "2015-02-03")
        family.act(as: "clerk-1")
        family.refuse(.noticeRunning, .confirm(application), on: "2015-02-08")
        // Also behind the notice, as long as nothing is confirmed.
        family.accept(.forward(application, "notice", ["sheet"]), on: "2015-02-09")
        family.accept(.object(application), on: "2015-02-09")
        let third = family.last
        family.refuse(.objectionOpen, .confirm(application, "confirm"), on: "2015-02-09")
        family.act(as: "inspector-1")
        family.accept(.answer(application, third, upheld: false), on: "2015-02-09")
        family.act(as: "clerk-1")
        family.accept(.confirm(application, "confirm"), on: "2015-02-09")
        family.refuse(.objectionClosed, .object(application), on: "2015-02-10")
    }

    @Test("公示天数：政策包没写就要说明，写了不能更短；公示日不能倒填")
    func noticeDays() {
        var family = ApplicationSample.family()
        let application = family.apply()
        family.bringToNotice()
        family.refuse(.noticeDaysOutOfRange, .publish(application, days: 6), on: "2015-01-10")
        family.refuse(.noticeDaysOutOfRange, .publish(application, days: 366), on: "2015-01-10")
        family.bench.context.rights = [.command]
        family.refuse(.noticeBackdated, .publish(application), on: "2015-06-29")
        family.bench.context.policy.workflows[0].steps[4].noticePeriods = []
        family.refuse(.noticeDaysUnset, .publish(application), on: "2015-06-30")
        family.accept(.publish(application, days: 5), on: "2015-06-30")
        #expect(family.application.notice?.lastDay == Family.day("2015-07-05"))
    }

    @Test("年审：逐年一次，退出要有规定的原因；退出后可以重报")
    func yearly() {
        var family = ApplicationSample.family(today: "2017-12-31")
        family.confirmAll()
        let application = family.application.reference
        let workflow = ApplicationSample.workflow
        family.refuse(.applicationOpen, .submit(), on: "2015-02-01")
        family.refuse(.reverificationYear, .lookAgain(application, 2015), on: "2015-12-01")
        #expect(!family.application.isOverdue(workflow, on: Family.day("2015-11-10")))
        family.accept(.forward(application, "enter"), on: "2015-02-01")
        #expect(family.application.reverificationYear(workflow, on: Family.day("2016-01-01")) == 2016)
        family.refuse(.reverificationYear, .lookAgain(application, 2017), on: "2016-02-01")
        family.accept(.lookAgain(application, 2016), on: "2016-02-01")
        family.refuse(.reverificationYear, .lookAgain(application, 2016), on: "2016-02-02")
        family.act(as: "payer-1")
        family.accept(.forward(application, "pay", ["receipt"]), on: "2016-02-03")
        family.accept(.forward(application, "archive"), on: "2016-02-03")
        #expect(!family.application.isOverdue(workflow, on: Family.day("2017-03-31")))
        #expect(family.application.isOverdue(workflow, on: Family.day("2017-04-01")))
        family.refuse(.functionHeld, .lookAgain(application, 2017), on: "2017-02-01")
        family.act(as: "clerk-1")
        family.refuse(.exitReason, .lookAgain(application, 2017, .exits(Family.code("moved"))), on: "2017-02-01")
        family.accept(.lookAgain(application, 2017, .exits(Family.code("adopted"))), on: "2017-02-01")
        #expect(family.application.state == .exited(Family.code("adopted")))
        family.refuse(.applicationState, .lookAgain(application, 2017), on: "2017-03-01")
        family.apply(on: "2017-04-01")
    }

    @Test("以死亡退出须有死亡记录；前一年没审的，不能从后一年退出")
    func exits() {
        var family = ApplicationSample.family(today: "2017-12-31")
        family.confirmAll()
        let application = family.application.reference
        let died = ApplicationReverified.Outcome.exits(Family.code("died"))
        family.refuse(.exitNotDead, .lookAgain(application, 2015, died), on: "2015-12-01")
        family.refuse(
            .reverificationOpen, .lookAgain(application, 2017, .exits(Family.code("adopted"))), on: "2017-02-01")
        family.accept(.recordDeath(PersonDied(person: Family.wife)), on: "2016-03-01")
        family.refuse(.exitNotDead, .lookAgain(application, 2016, died), on: "2016-02-29")
        family.refuse(.reverificationOpen, .lookAgain(application, 2017, died), on: "2017-02-01")
        family.accept(.lookAgain(application, 2016, died), on: "2017-02-01")
        #expect(family.application.state == .exited(Family.code("died")))
    }

    @Test("审核过的人不能办发放，发放的人不能再审核：按人算，凭日志可查")
    func separation() {
        var family = ApplicationSample.family()
        family.confirmAll()
        let application = family.application.reference
        family.accept(.forward(application, "enter"), on: "2015-02-01")
        family.refuse(.functionHeld, .forward(application, "pay", ["receipt"]), on: "2015-02-02")
        family.act(as: "payer-1")
        family.accept(.forward(application, "pay", ["receipt"]), on: "2015-02-02")
        family.refuse(.functionHeld, .lookAgain(application, 2015, .exits(Family.code("died"))), on: "2015-02-03")
        #expect(
            family.application.holders(of: .review)
                == Set(["village-1", "township-1", "clerk-1"].map(Family.code)))
        #expect(family.application.holders(of: .payment) == [Family.code("payer-1")])
        #expect(
            family.state.functions(of: Family.code("payer-1"), on: ApplicationSample.clause, .person(Family.wife))
                == [.payment])
    }

    @Test("建档时不能夹带申报；申报的记录不能用更正改掉")
    func noSideDoor() {
        var fresh = Family(registered: false)
        fresh.bench.context.policy.workflows = [ApplicationSample.workflow]
        let fact = ProposedEvent(
            occurredOn: Family.day("2014-08-01"),
            event: .application(
                .submitted(
                    .init(
                        clause: ApplicationSample.clause, subject: .person(Family.wife),
                        workflow: Family.code("assistance"), step: Family.code("confirm")))))
        fresh.refuse(.correctionKind, Family.registration(Family.members(), [fact]), on: "2014-08-01")
        var family = ApplicationSample.family()
        let application = family.apply()
        family.refuse(.correctionTarget, .withdraw, on: "2015-01-05", correcting: application)
        family.refuse(.correctionTarget, .submit(), on: "2015-01-05", correcting: application)
    }
}
