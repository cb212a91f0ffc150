import CareDomain
import CareTestKit
import Testing

@testable import CareProjections

/// The plan of the page: claims on the accident insurance stand there by themselves, without what may not be told, and what was
/// withdrawn is marked. What stands of a right says to which place it belongs.
@Suite("档案页：理赔与各地的应补多发")
struct PlanPageTests {
    private static let people = (1...3).map { PersonID(Identifier128(high: 7, low: $0)) }
    private static let words: CarePolicyWords = {
        var words = CarePolicyWords.sample
        words.accidentInsurance = AccidentInsurance(
            department: DepartmentID(unchecked: "dept.fp"), territory: DivisionCode("431000"),
            inForce: DayPeriod(start: .invented("2014-07-16")))
        words.clauseTitles[AccidentInsurance.clause] = "做好保险理赔"
        words.territories[PackID(unchecked: "chenzhou-2014")] = DivisionCode("431000")
        words.divisions[DivisionCode("431003")!] = "苏仙区"
        return words
    }()

    /// Wife, husband and a child who is certified disabled: all three are insured.
    private static func stream() -> InventedStream {
        var stream = InventedStream(3)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2014-08-01")
        for (person, role) in zip(people, [MemberRole.wife, .husband, .onlyChild]) {
            let named = SealedPart(subject: person, details: PersonalDetails(name: "欧阳某某"))
            stream.add(.personJoined(PersonJoined(person: person, role: role, sealed: [named])), on: "2014-08-01")
        }
        stream.add(.disabilityAssessed(DisabilityAssessed(person: people[2], grade: 2)), on: "2014-08-01")
        return stream
    }

    private static func accident(_ person: PersonID, _ outcome: String) -> HouseholdEvent {
        .incidentReported(
            IncidentReported(
                kind: Code(unchecked: "accident"),
                victims: [.init(person: person, outcome: Code(unchecked: outcome))]))
    }

    private static func page(
        _ stream: InventedStream, _ day: String = "2016-01-01", knownAt: String? = nil, keeping: Set<UInt64> = []
    ) -> CareArchive {
        CareArchive(
            stream.history,
            ArchiveQuestion(asOf: .invented(day), knownAt: knownAt.flatMap { Moment(parsing: $0) }), words: words,
            withheld: WithheldFacts(sequences: keeping))
    }

    @Test("参保人意外、身故：帮扶计划里自有一条，写明是谁；办妥的写哪天；当日之前、当时不知的没有")
    func claims() throws {
        var stream = Self.stream()
        let accident = stream.add(Self.accident(Self.people[0], "disability"), on: "2014-10-08")
        let death = stream.add(.personDied(PersonDied(person: Self.people[1])), on: "2015-01-02")
        stream.add(.planItemDone(PlanItemDone(item: death)), on: "2015-02-01")
        let page = Self.page(stream)
        #expect(page.planItems.map(\.sequence) == [accident.sequence, death.sequence])
        #expect(page.planItems.map(\.subject?.text) == ["妻子 欧阳**", "丈夫 欧阳**"])
        #expect(page.planItems.map(\.doneOn) == [nil, .invented("2015-02-01")])
        #expect(page.planItems.allSatisfy { !$0.isGroundless && $0.department.code == "dept.fp" })
        #expect(try CareArchive(page.wire) == page)
        #expect(page.text().contains("做好保险理赔") && page.text().contains("妻子 欧阳**"))
        #expect(Self.page(stream, "2015-01-01").planItems.map(\.sequence) == [accident.sequence])
        #expect(Self.page(stream, "2015-01-31").planItems.map(\.doneOn) == [nil, nil])
        #expect(Self.page(stream, knownAt: "2014-12-01").planItems.map(\.sequence) == [accident.sequence])
    }

    @Test("撤回的死亡：那一条留着，注明依据已撤回，不算没办")
    func withdrawn() throws {
        var stream = Self.stream()
        let death = stream.add(.personDied(PersonDied(person: Self.people[0])), on: "2015-01-02")
        stream.add(.withdrawn, on: "2015-02-01", corrects: death)
        let page = Self.page(stream)
        #expect(page.planItems.map(\.sequence) == [death.sequence] && page.planItems.map(\.isGroundless) == [true])
        #expect(page.text().contains("依据已撤回") && page.json.text().contains(#""ground_withdrawn":true"#))
        #expect(try CareArchive(page.wire) == page)
        #expect(Self.page(stream, knownAt: "2015-01-20").planItems.map(\.isGroundless) == [false])
    }

    @Test("意外对本部门遮着：没有身故的不列；因意外身故的只说身故")
    func kept() {
        var stream = Self.stream()
        let first = stream.add(Self.accident(Self.people[0], "disability"), on: "2014-10-08")
        let second = stream.add(Self.accident(Self.people[1], "death"), on: "2014-12-30")
        let death = stream.add(.personDied(PersonDied(person: Self.people[1])), on: "2015-01-02")
        let page = Self.page(stream, keeping: [first.sequence, second.sequence])
        #expect(page.planItems.map(\.sequence) == [death.sequence])
        #expect(page.planItems.map(\.openedOn) == [.invented("2015-01-02")])
        #expect(Self.page(stream).planItems.map(\.openedOn) == [.invented("2014-10-08"), .invented("2014-12-30")])
    }

    @Test("迁居的户：待决定的补差写明是哪里的哪几个月；都是当日所在地的，照旧只写数")
    func lefts() throws {
        var stream = Self.stream()
        func determine(_ changes: [DueChange]) -> HouseholdEvent {
            .determinationMade(
                DeterminationMade(
                    clause: ClauseID("CZ-2.1")!, subject: .person(Self.people[0]),
                    pack: PackID(unchecked: "chenzhou-2014"), packVersion: .invented("2014-07-16"),
                    packHash: Array(repeating: 7, count: 32), cadence: Code(unchecked: "month"),
                    intervals: [
                        .init(
                            period: DayPeriod(start: .invented("2014-09-10")), status: .entitled, amount: .yuan(400))
                    ], facts: [], readThrough: EventReference(sequence: 2), changes: changes))
        }
        let september = CivilMonth(year: 2014, month: 9)
        let change = DueChange(first: september, last: september + 3, before: .yuan(300), after: .yuan(400))
        var settled = stream
        settled.add(determine([change]), on: "2015-01-20")
        let own = try #require(Self.page(settled).entitlements.first)
        #expect(own.lefts.map(\.division) == [DivisionCode("431002")] && own.standingArrears == .yuan(400))
        #expect(Self.page(settled).text().contains("应补 400.00元") && !Self.page(settled).text().contains("应补 400.00元（"))

        stream.add(
            .moved(HouseholdMoved(kind: .registration, division: DivisionCode("431003")!, area: nil)),
            on: "2014-11-20")
        stream.add(determine([change]), on: "2015-01-20")
        let page = Self.page(stream)
        let line = try #require(page.entitlements.first)
        #expect(line.standingArrears == .yuan(400))
        #expect(line.lefts.map(\.division) == [DivisionCode("431002"), DivisionCode("431003")])
        #expect(line.lefts.map(\.arrears) == [.yuan(200), .yuan(200)])
        #expect(line.lefts.map(\.first) == [september, september + 2])
        #expect(line.lefts.map(\.last) == [september + 1, september + 3])
        #expect(page.text().contains("应补 200.00元（431002 北湖区 2014-09 至 2014-10）"))
        #expect(page.text().contains("应补 200.00元（431003 苏仙区 2014-11 至 2014-12）"))
        #expect(page.json.text().contains(#""first_month":"2014-11""#))
        #expect(page.json.text().contains(#""not_worked_out":null"#) && !page.text().contains("未计算"))
        #expect(try CareArchive(page.wire) == page)
    }

    @Test("待决定的补差不含还没有正常批次走过的月份")
    func ahead() throws {
        var stream = Self.stream()
        let (clause, september) = (ClauseID("CZ-2.1")!, CivilMonth(year: 2014, month: 9))
        func determine(_ yuan: Int64, _ changes: [DueChange]) -> HouseholdEvent {
            .determinationMade(
                DeterminationMade(
                    clause: clause, subject: .person(Self.people[0]), pack: PackID(unchecked: "chenzhou-2014"),
                    packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "month"),
                    intervals: [
                        .init(
                            period: DayPeriod(start: .invented("2014-09-10")), status: .entitled, amount: .yuan(yuan))
                    ], facts: [], readThrough: EventReference(sequence: 2), changes: changes))
        }
        let first = stream.add(determine(300, []), on: "2014-09-10")
        let line = OrderedLine(
            clause: clause, subject: .person(Self.people[0]), first: september, last: september + 1,
            parts: [PayerPart(payer: Code(unchecked: "finance"), amount: .yuan(300))])
        stream.add(
            .paymentOrdered(
                PaymentOrdered(
                    batch: BatchID(Identifier128(high: 8, low: 1)), kind: .regular, knownThrough: first, lines: [line])
            ), on: "2014-10-20")
        let change = DueChange(first: september, last: september + 3, before: .yuan(300), after: .yuan(400))
        stream.add(determine(400, [change]), on: "2015-01-20")
        let raised = try #require(Self.page(stream).entitlements.first)
        #expect(raised.standingArrears == .yuan(200) && raised.standingRecovery == .zero)
        #expect(raised.lefts.map(\.first) == [september] && raised.lefts.map(\.last) == [september + 1])
        #expect(Self.page(stream).text().contains("应补 200.00元"))
    }

    @Test("待决定的补差不含正常批次因暂缓留下的月份：期满之月的批次会发；此前应补的照旧")
    func onHold() throws {
        var stream = Self.stream()
        let (clause, september) = (ClauseID("CZ-2.1")!, CivilMonth(year: 2014, month: 9))
        func determine(
            _ person: PersonID, _ changes: [DueChange],
            _ stretches: [(from: String, until: String?, status: DeterminationMade.Status)]
        ) -> HouseholdEvent {
            .determinationMade(
                DeterminationMade(
                    clause: clause, subject: .person(person), pack: PackID(unchecked: "chenzhou-2014"),
                    packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "month"),
                    intervals: stretches.map { stretch in
                        .init(
                            period: DayPeriod(start: .invented(stretch.from), end: stretch.until.map { .invented($0) }),
                            status: stretch.status, amount: .yuan(300),
                            payers: [PayerShare(payer: Code(unchecked: "finance"), parts: 1)])
                    }, facts: [], readThrough: EventReference(sequence: 2), changes: changes))
        }
        stream.add(determine(Self.people[1], [], [("2014-09-10", nil, .entitled)]), on: "2014-09-10")
        // Known in October: September and October are owed; October is held until the end of the year.
        let owed = DueChange(first: september, last: september + 1, before: .zero, after: .yuan(300))
        stream.add(determine(Self.people[0], [owed], [("2014-09-10", nil, .entitled)]), on: "2014-10-08")
        let held = stream.add(
            determine(
                Self.people[0], [],
                [
                    ("2014-09-10", "2014-10-01", .entitled), ("2014-10-01", "2015-01-01", .held),
                    ("2015-01-01", nil, .entitled),
                ]), on: "2014-10-09")
        // The batch of October pays the husband's month.
        let line = OrderedLine(
            clause: clause, subject: .person(Self.people[1]), first: september + 1, last: september + 1,
            parts: [PayerPart(payer: Code(unchecked: "finance"), amount: .yuan(300))])
        stream.add(
            .paymentOrdered(
                PaymentOrdered(
                    batch: BatchID(Identifier128(high: 8, low: 1)), kind: .regular, knownThrough: held, lines: [line])
            ), on: "2014-10-20")
        let wife = try #require(Self.page(stream).entitlements.first { $0.subject.person == Self.people[0] })
        #expect(wife.standingArrears == .yuan(300))
        #expect(wife.lefts.map(\.first) == [september] && wife.lefts.map(\.last) == [september])
    }

    @Test("标准改为不低于、还没有决定：已发的写待决定，不写多发；决定不予批准以后才是多发")
    func awaitingDecision() throws {
        var stream = Self.stream()
        let (clause, september) = (ClauseID("CZ-2.1")!, CivilMonth(year: 2014, month: 9))
        func determine(
            _ status: DeterminationMade.Status, _ changes: [DueChange], by decision: EventReference? = nil
        ) -> HouseholdEvent {
            .determinationMade(
                DeterminationMade(
                    clause: clause, subject: .person(Self.people[0]), pack: PackID(unchecked: "chenzhou-2014"),
                    packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "month"), amountType: status == .entitled ? .exact : .floor,
                    intervals: [
                        .init(
                            period: DayPeriod(start: .invented("2014-09-10")), status: status,
                            amount: status == .notEntitled ? nil : .yuan(300),
                            payers: [PayerShare(payer: Code(unchecked: "finance"), parts: 1)], decision: decision)
                    ], facts: [], readThrough: EventReference(sequence: 2), changes: changes))
        }
        let first = stream.add(determine(.entitled, []), on: "2014-09-10")
        let line = OrderedLine(
            clause: clause, subject: .person(Self.people[0]), first: september, last: september + 1,
            parts: [PayerPart(payer: Code(unchecked: "finance"), amount: .yuan(300))])
        stream.add(
            .paymentOrdered(
                PaymentOrdered(
                    batch: BatchID(Identifier128(high: 8, low: 1)), kind: .regular, knownThrough: first, lines: [line])
            ), on: "2014-10-20")
        let change = DueChange(first: september, last: september + 1, before: .yuan(300), after: .zero)
        stream.add(determine(.proposed, [change]), on: "2014-10-25")
        let page = Self.page(stream)
        let waiting = try #require(page.entitlements.first)
        #expect(waiting.standingAwaiting == .yuan(600) && waiting.standingRecovery == .zero)
        #expect(page.text().contains("待决定 600.00元") && !page.text().contains("多发 "))
        #expect(try CareArchive(page.wire) == page)
        stream.add(determine(.notEntitled, [], by: first), on: "2014-10-28")
        let refused = try #require(Self.page(stream).entitlements.first)
        #expect(refused.standingAwaiting == .zero && refused.standingRecovery == .yuan(600))
    }
}
