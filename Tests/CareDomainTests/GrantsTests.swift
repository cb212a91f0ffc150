import CareDomain
import CareTestKit
import Testing

/// Given a household with a proposed right, when units grant, then one grant of the year stands.
@Suite("资助：同一户当年一项，上年受助原则上不重复")
struct GrantsTests {
    /// A household that lives in one unit and is registered in another, with both projects proposed.
    private static func family() -> Family {
        var family = Family()
        family.bench.context.policy = UnitSample.policy()
        family.bench.context.today = Family.day("2021-12-31")
        family.bench.context.actor = Family.code("unit-1")
        family.accept(
            .moveHousehold(HouseholdMoved(kind: .registration, division: UnitSample.even)), on: "2015-01-01")
        family.accept(
            .moveHousehold(HouseholdMoved(kind: .residence, division: UnitSample.twoEight)), on: "2015-01-01")
        for clause in [UnitSample.health, UnitSample.relief] { family.propose(clause) }
        return family
    }

    private static func order(
        _ clause: ClauseID = UnitSample.relief, amount: Fen? = nil, reason: String? = nil, second: String? = nil,
        isException: Bool = false
    ) -> GrantOrder {
        GrantOrder(
            household: Family.household, clause: clause, subject: .household, year: 2021, amount: amount,
            reason: reason.map(Family.code), isException: isException, secondApprover: second.map(Family.code))
    }

    @Test("标准金额照给；另一金额须有理由和另一复核人；数记在决定里")
    func sums() {
        var family = Self.family()
        family.refuse(.grantReasonMissing, Self.order(UnitSample.health, amount: .yuan(3200)), number: 1)
        for amount in [Fen(1), .yuan(3200), .yuan(350_000)] {
            let alone = Self.order(UnitSample.health, amount: amount, reason: "smaller_need")
            let refusal = family.refuse(.secondApproverMissing, alone, number: 1)
            #expect(refusal?.detail == "\(amount) ≠ 3500.00")
            let same = Self.order(UnitSample.health, amount: amount, reason: "smaller_need", second: "unit-1")
            family.refuse(.secondApproverSame, same, number: 1)
        }
        family.give(
            Self.order(UnitSample.health, amount: .yuan(3200), reason: "smaller_need", second: "head-1"), number: 2)
        let decided = family.state.awards.last?.decided
        #expect(decided?.outcome == .granted(.yuan(3200)) && decided?.reason == Family.code("smaller_need"))
        #expect(decided?.place?.unit == UnitSample.even && decided?.place?.year == 2021 && decided?.year == 2021)
    }

    @Test("户籍地、居住地两个单位都能申请；一个给了，另一个被拒绝并说明已有什么")
    func onePerYear() {
        var family = Self.family()
        family.give(Self.order(UnitSample.relief), number: 1)
        for (clause, unit) in [(UnitSample.health, UnitSample.twoEight), (UnitSample.relief, UnitSample.twoEight)] {
            let refusal = family.refuse(.grantStands, Self.order(clause), number: 2, of: unit)
            #expect(refusal?.clause?.rawValue == "WZ-3.8" && refusal?.code == "CARE-6405")
            #expect(refusal?.detail?.hasPrefix("2021 WZ-3.2 关怀救助 3000.00 #") ?? false)
            #expect(refusal?.detail?.hasSuffix(" 330302") ?? false)
        }
        family.refuse(.grantStands, Self.order(reason: "x", second: "head", isException: true), number: 3)
        family.refuse(.grantElsewhere, Self.order(), number: 4, of: UnitSample.ownFunds)
    }

    @Test("由居住地单位资助的，按该单位发放和分担：当年是它，别的年度、别的项目没有")
    func grantingUnit() {
        var family = Self.family()
        family.give(Self.order(UnitSample.relief), number: 1, of: UnitSample.twoEight)
        func unit(_ clause: ClauseID, _ year: Int) -> DivisionCode? {
            family.state.grantingUnit(of: clause, .household, in: CivilMonth(year: year, month: 4))
        }
        #expect(unit(UnitSample.relief, 2021) == UnitSample.twoEight)
        #expect(unit(UnitSample.relief, 2022) == nil && unit(UnitSample.health, 2021) == nil)
    }

    @Test("上年受助：不给；例外须有理由和另一复核人")
    func priorYear() {
        var family = Self.family()
        let earlier = AwardDecided(
            clause: UnitSample.health, subject: .household, outcome: .excepted(.yuan(3500)),
            period: DayPeriod(start: Family.day("2020-01-01"), end: Family.day("2021-01-01")),
            reason: Family.code("imported"), secondApprover: Family.code("head-1"))
        family.accept(.decideAward(earlier), on: "2020-10-01")
        let refusal = family.refuse(.grantPriorYear, Self.order(), number: 1)
        #expect(refusal?.clause?.rawValue == "WZ-3.7" && refusal?.detail?.hasPrefix("2020 WZ-3.1") ?? false)
        family.refuse(.grantReasonMissing, Self.order(second: "head-1", isException: true), number: 2)
        family.refuse(.secondApproverMissing, Self.order(reason: "flood", isException: true), number: 3)
        family.refuse(.secondApproverSame, Self.order(reason: "flood", second: "unit-1", isException: true), number: 4)
        family.give(Self.order(reason: "flood", second: "head-1", isException: true), number: 5)
        #expect(family.state.awards.last?.decided.outcome == .excepted(.yuan(3000)))
    }

    /// The file of somebody who went on in the family's on a day, with a grant of a year in it: event 2.
    private static func absorbed(_ clause: ClauseID, of year: Int, on day: String) -> HouseholdHistory {
        var file = HouseholdWorkbench(HouseholdID(Identifier128(high: 7, low: 71)), today: Family.day("2021-12-31"))
        file.record(.registered(HouseholdRegistered(division: UnitSample.twoEight)), on: Family.day("2015-01-01"))
        file.record(
            .awardDecided(
                AwardDecided(
                    clause: clause, subject: .household, outcome: .granted(.yuan(3000)),
                    period: DayPeriod(start: Family.day("\(year)-01-01"), end: Family.day("\(year + 1)-01-01")),
                    reason: Family.code("standard"))), on: Family.day("\(year)-09-01"))
        file.record(.merged(HouseholdMerged(other: Family.household, side: .absorbed)), on: Family.day(day))
        return file.history
    }

    @Test("并来的一户当年受过助：并户以后不再给，同一项也不给；上年受过助的原则上不重复，例外由另一人复核")
    func mergedFamily() {
        func merged(_ file: HouseholdHistory, on day: String) -> Family {
            var family = Self.family()
            family.bench.record(.merged(HouseholdMerged(other: file.id, side: .absorbing)), on: Family.day(day))
            family.bench.context.others = [file]
            return family
        }
        let sameYear = Self.absorbed(UnitSample.relief, of: 2021, on: "2021-09-15")
        let family = merged(sameYear, on: "2021-09-15")
        for clause in [UnitSample.health, UnitSample.relief] {
            let refusal = family.refuse(.grantStands, Self.order(clause), number: 1)
            #expect(refusal?.clause?.rawValue == "WZ-3.8")
            #expect(refusal?.detail == "2021 WZ-3.2 关怀救助 3000.00 #2 \(sameYear.id)")
        }
        family.refuse(.grantStands, Self.order(reason: "x", second: "head", isException: true), number: 2)

        var next = merged(Self.absorbed(UnitSample.health, of: 2020, on: "2021-03-01"), on: "2021-03-01")
        #expect(next.refuse(.grantPriorYear, Self.order(), number: 1)?.clause?.rawValue == "WZ-3.7")
        next.refuse(.secondApproverMissing, Self.order(reason: "flood", isException: true), number: 2)
        next.give(Self.order(reason: "flood", second: "head-1", isException: true), number: 3)
        #expect(next.state.awards.last?.decided.secondApprover == Family.code("head-1"))
    }

    @Test("分出来的一户：分户前的档案当年、上年受过助的，同样受限；分户以后原档案受的助与它无关")
    func splitFamily() {
        /// - Parameter year: That of the grant of the file that was left, which begins with it.
        func separated(_ clause: ClauseID, of year: Int, on day: String) -> Family {
            var file = HouseholdWorkbench(HouseholdID(Identifier128(high: 7, low: 72)), today: Family.day("2021-12-31"))
            file.record(.registered(HouseholdRegistered(division: UnitSample.even)), on: Family.day("2015-01-01"))
            file.record(
                .awardDecided(
                    AwardDecided(
                        clause: clause, subject: .household, outcome: .granted(.yuan(3000)),
                        period: DayPeriod(start: Family.day("\(year)-05-10")), reason: Family.code("standard"))),
                on: Family.day("\(year)-05-10"))
            var family = Self.family()
            family.bench.record(
                .split(HouseholdSplit(other: file.history.id, side: .separated, persons: [Family.husband])),
                on: Family.day(day))
            family.bench.context.others = [file.history]
            return family
        }
        let sameYear = separated(UnitSample.relief, of: 2021, on: "2021-06-01")
        for clause in [UnitSample.health, UnitSample.relief] {
            let refusal = sameYear.refuse(.grantStands, Self.order(clause), number: 1)
            #expect(refusal?.clause?.rawValue == "WZ-3.8")
        }
        var next = separated(UnitSample.health, of: 2020, on: "2021-06-01")
        #expect(next.refuse(.grantPriorYear, Self.order(), number: 1)?.clause?.rawValue == "WZ-3.7")
        next.give(Self.order(reason: "flood", second: "head-1", isException: true), number: 2)
        var before = separated(UnitSample.relief, of: 2021, on: "2021-03-01")
        before.give(Self.order(UnitSample.relief), number: 1)
    }

    @Test("占指导数的条款不能绕过单位决定、撤销或更正")
    func noSideDoor() throws {
        var family = Self.family()
        let period = DayPeriod(start: Family.day("2021-01-01"), end: Family.day("2022-01-01"))
        var direct = AwardDecided(
            clause: UnitSample.relief, subject: .household, outcome: .granted(.yuan(3000)), period: period,
            reason: Family.code("x"))
        family.refuse(.grantNeedsPlace, .decideAward(direct), on: "2021-10-01")
        direct.place = GrantPlace(unit: UnitSample.even, year: 2021, grant: GrantID(Identifier128(high: 1, low: 1)))
        family.refuse(.grantNeedsPlace, .decideAward(direct), on: "2021-10-01")
        family.give(Self.order(), number: 1)
        let award = try #require(family.state.awards.last)
        var revoked = direct
        revoked.outcome = .revoked(award.reference)
        revoked.period = DayPeriod(start: period.start)
        family.refuse(.grantNeedsPlace, .decideAward(revoked), on: "2021-10-02")
        revoked.place = award.decided.place
        family.refuse(.grantNeedsPlace, .decideAward(revoked), on: "2021-10-02")
        family.refuse(.correctionTarget, .withdraw, on: "2021-10-02", correcting: award.reference)
    }

    @Test("取消后名额作废，同年可另行资助；已列入发放的不能取消")
    func release() throws {
        var family = Self.family()
        family.give(Self.order(), number: 1)
        try family.release(number: 1)
        #expect(family.state.awards.first?.stands == false)
        family.give(Self.order(UnitSample.health), number: 2)
        let line = OrderedLine(
            clause: UnitSample.health, subject: .household, first: CivilMonth(year: 2021, month: 4),
            last: CivilMonth(year: 2021, month: 4), parts: [PayerPart(payer: Family.code("city"), amount: .yuan(3500))])
        family.bench.record(
            .paymentOrdered(
                PaymentOrdered(
                    batch: BatchID(Identifier128(high: 1, low: 1)), kind: .regular, knownThrough: family.last,
                    lines: [line])), on: Family.day("2021-12-01"))
        let award = try #require(family.bench.history.award(of: GrantID(Family.grant(2))))
        let decision = family.bench.history.decideRelease(
            of: award, reason: Family.code("x"), id: Family.grant(9), on: Family.day("2021-12-02"),
            in: family.bench.context)
        #expect(
            decision == .refused(Refusal(.grantPaid, field: "grant", detail: "2021 WZ-3.1", clause: UnitSample.health)))
    }

    @Test("政策包写了申报程序的，须有当年已确认的申报")
    func application() {
        var family = Self.family()
        var workflow = ApplicationSample.workflow
        workflow.clauses = [UnitSample.relief]
        family.bench.context.policy.workflows = [workflow]
        family.refuse(.grantNeedsApplication, Self.order(), number: 1)
        let submitted = ApplicationSubmitted(
            clause: UnitSample.relief, subject: .household, workflow: workflow.code, step: Family.code("village"))
        family.bench.record(.application(.submitted(submitted)), on: Family.day("2021-06-01"))
        family.refuse(.grantNeedsApplication, Self.order(), number: 2)
        let application = family.last
        family.bench.record(
            .application(.confirmed(ApplicationConfirmed(application: application, step: Family.code("confirm")))),
            on: Family.day("2021-07-01"))
        for day in ["2021-05-31", "2021-06-30"] {
            let refusal = family.refuse(.grantBeforeConfirmation, Self.order(), number: 3, on: day)
            #expect(refusal?.code == "CARE-1470" && refusal?.detail == "2021-07-01")
        }
        family.give(Self.order(), number: 3, on: "2021-07-01")
        #expect(family.state.awards.last?.decided.place?.application == application)
    }

    @Test("家里没有在世的人：不资助，日期写在去世以前的也不；还有一人在世的照给")
    func nobodyLeft() throws {
        var family = Self.family()
        let living = family.state.members.filter { $0.diedOn == nil && $0.leftOn == nil }
        let last = try #require(living.last)
        for member in living.dropLast() {
            family.bench.record(.personDied(PersonDied(person: member.id)), on: Family.day("2021-10-01"))
        }
        var left = family
        left.give(Self.order(), number: 1)
        family.bench.record(.personDied(PersonDied(person: last.id)), on: Family.day("2021-10-09"))
        for day in ["2021-10-10", "2021-10-08"] {
            let refusal = family.refuse(.granteeDead, Self.order(), number: 2, on: day)
            #expect(refusal?.code == "CARE-6135" && refusal?.detail == "2021-10-09")
        }
    }

    @Test("不早于待遇开始的日子：文件施行之前没有可资助的")
    func beforeTheRight() {
        var family = Self.family()
        let refusal = family.refuse(.grantBeforeRight, Self.order(), number: 1, on: "2021-04-26")
        #expect(refusal?.code == "CARE-1471" && refusal?.detail == "2021-04-27" && refusal?.field == "occurred_on")
        family.give(Self.order(), number: 2, on: "2021-04-27")
    }
}

extension Family {
    static func grant(_ number: UInt64) -> CommandID { CommandID(Identifier128(high: 0xC, low: number)) }

    /// A determination that proposes the right for the activity year.
    fileprivate mutating func propose(_ clause: ClauseID) {
        let interval = DeterminationMade.Interval(
            period: DayPeriod(start: Self.day("2021-04-27"), end: Self.day("2022-01-01")), status: .proposed,
            amount: clause == UnitSample.health ? .yuan(3500) : .yuan(3000), payers: [])
        bench.record(
            .determinationMade(
                DeterminationMade(
                    clause: clause, subject: .household, pack: PackID(unchecked: "wenzhou-2021"),
                    packVersion: Self.day("2021-04-27"), packHash: [], cadence: Self.code("year"),
                    amountType: .inPrinciple, intervals: [interval], facts: [], readThrough: last, changes: [])),
            on: Self.day("2021-05-01"))
    }

    private func decision(_ order: GrantOrder, _ number: UInt64, _ unit: DivisionCode, _ day: String) -> Decision {
        bench.history.decide(
            order, of: unit, grant: GrantID(Self.grant(number)), id: Self.grant(number + 100),
            on: Self.day(day), in: bench.context)
    }

    fileprivate mutating func give(
        _ order: GrantOrder, number: UInt64, of unit: DivisionCode = UnitSample.even,
        on day: String = "2021-10-08", sourceLocation: SourceLocation = #_sourceLocation
    ) {
        switch decision(order, number, unit, day) {
        case .refused(let refusal):
            Issue.record("\(refusal.code) \(refusal.english)", sourceLocation: sourceLocation)
        case .events(let events, _):
            for event in events { bench.record(event.event, on: event.occurredOn) }
        }
    }

    @discardableResult
    fileprivate func refuse(
        _ reason: Refusal.Reason, _ order: GrantOrder, number: UInt64, of unit: DivisionCode = UnitSample.even,
        on day: String = "2021-10-08", sourceLocation: SourceLocation = #_sourceLocation
    ) -> Refusal? {
        guard case .refused(let refusal) = decision(order, number, unit, day) else {
            Issue.record("accepted, expected \(reason)", sourceLocation: sourceLocation)
            return nil
        }
        #expect(refusal.reason == reason, sourceLocation: sourceLocation)
        return refusal
    }

    fileprivate mutating func release(number: UInt64) throws {
        let award = try #require(bench.history.award(of: GrantID(Self.grant(number))))
        let decision = bench.history.decideRelease(
            of: award, reason: Self.code("moved"), id: Self.grant(number + 200), on: Self.day("2021-11-08"),
            in: bench.context)
        guard case .events(let events, _) = decision else {
            Issue.record("\(decision)")
            return
        }
        for event in events { bench.record(event.event, on: event.occurredOn) }
    }
}
