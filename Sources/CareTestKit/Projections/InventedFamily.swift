import CareDomain

/// The invented family of the projection tests, worked by hand.
///
/// Wife born 1965-09-10, husband 1967-01-20, only child certified at grade 3 from 2013-03-01 (伤残). Registered on
/// 2014-08-01 with four helpers. The wife turns 49 on 2014-09-10. The child's new certificate of 2015-02-01 says grade 4.
/// The volunteer's last day is 2015-06-30. The child died on 2015-11-20, which the office learned on 2016-02-25.
package struct InventedFamily: Sendable {
    package var stream: InventedStream
    package let wife = PersonID(Identifier128(high: 7, low: 1))
    package let husband = PersonID(Identifier128(high: 7, low: 2))
    package let child = PersonID(Identifier128(high: 7, low: 3))
    package private(set) var assessed = EventReference(sequence: 0)
    package private(set) var died = EventReference(sequence: 0)
    package private(set) var volunteer = EventReference(sequence: 0)
    package private(set) var need = EventReference(sequence: 0)

    package var history: HouseholdHistory { stream.history }

    package init(number: UInt64 = 1, division: String = "431002") {
        stream = InventedStream(number)
        register(division)
        assignHelpers()
        careForThem()
        lifeGoesOn()
    }

    private mutating func register(_ division: String) {
        stream.add(
            .registered(
                HouseholdRegistered(
                    division: DivisionCode(division)!, area: .urban, archiveNumber: "CZ-\(stream.id.value.low)")),
            on: "2014-08-01")
        join(wife, .wife, .female, "1965-09-10", "甲妻", "431002196509100024", "13800000001")
        join(husband, .husband, .male, "1967-01-20", "乙夫", "431002196701200018", "13800000002")
        join(child, .onlyChild, .female, "1990-05-01", "丙女", "43100219900501002X", nil)
        assessed = stream.add(
            .disabilityAssessed(
                DisabilityAssessed(
                    person: child, kind: Code(unchecked: "intellectual"), grade: 3,
                    validThrough: .invented("2023-02-28"))), on: "2013-03-01", recorded: "2014-08-01")
        stream.add(
            .factStated(
                FactStated(
                    fact: FactID(unchecked: "household.dibao"), subject: .household, value: .bool(true),
                    source: Code(unchecked: "certificate"))), on: "2014-01-01", recorded: "2014-08-01")
        determine(
            recorded: "2014-08-02", [],
            [("2013-03-01", "2014-09-10", .notEntitled), ("2014-09-10", nil, .entitled)])
    }

    private mutating func join(
        _ person: PersonID, _ role: MemberRole, _ sex: Sex, _ birth: String, _ name: String, _ idNumber: String,
        _ phone: String?
    ) {
        stream.add(
            .personJoined(
                PersonJoined(
                    person: person, role: role, sex: sex, birthDate: .invented(birth),
                    token: PersonToken(Identifier128(high: stream.id.value.low, low: person.value.low)),
                    sealed: [
                        SealedPart(
                            subject: person,
                            details: PersonalDetails(
                                name: name, idNumber: idNumber, phone: phone, address: "某街道某路1号"))
                    ])), on: "1989-10-01", recorded: "2014-08-01")
    }

    private mutating func assignHelpers() {
        assign("department", 21, "某区卫生健康局", unit: "某区卫生健康局", on: "2014-08-05")
        assign("cadre", 22, "丁干部", unit: "某街道办", on: "2014-08-05")
        assign("party_member", 23, "戊党员", unit: "某社区", on: "2014-08-10")
        volunteer = assign("volunteer", 24, "己志愿", unit: "某医院", on: "2014-08-20")
    }

    @discardableResult
    private mutating func assign(
        _ kind: String, _ number: UInt64, _ name: String, unit: String, on day: String
    ) -> EventReference {
        let helper = PersonID(Identifier128(high: 9, low: number))
        return stream.add(
            .pairingAssigned(
                PairingAssigned(
                    kind: PairingKind(unchecked: kind), helper: Helper(id: helper, unit: unit, hasRealName: true),
                    sealed: [
                        SealedPart(
                            subject: helper, details: PersonalDetails(name: name, phone: "1390000\(1000 + number)"))
                    ])), on: day)
    }

    private mutating func careForThem() {
        let guardian = PersonID(Identifier128(high: 9, low: 31))
        stream.add(
            .guardianNamed(
                GuardianNamed(
                    person: wife, guardian: guardian, namedBy: DepartmentID(unchecked: "org.community"),
                    relation: Code(unchecked: "relative"),
                    sealed: [SealedPart(subject: guardian, details: PersonalDetails(name: "庚亲属"))])),
            on: "2014-09-01")
        stream.add(.guardianConsented(GuardianConsented(person: wife, guardian: guardian)), on: "2014-09-05")
        stream.add(
            .guardianNotarised(
                GuardianNotarised(person: wife, guardian: guardian, certificate: "（2014）某证字第7号")), on: "2014-10-08")
        stream.add(
            .visitRecorded(
                VisitRecorded(kind: Code(unchecked: "holiday"), holiday: Code(unchecked: "mid_autumn"))),
            on: "2014-09-08")
        need = stream.add(
            .needRaised(
                NeedRaised(
                    kind: Code(unchecked: "need_psychological"), items: 1,
                    sealed: [SealedPart(subject: wife, details: PersonalDetails(text: "夜里睡不着"))])),
            on: "2014-09-08")
        stream.add(
            .needAnswered(
                NeedAnswered(
                    need: need, by: DepartmentID(unchecked: "dept.health"), outcome: Code(unchecked: "relayed"))),
            on: "2014-09-20")
        stream.add(
            .planItemOpened(
                PlanItemOpened(
                    clause: ClauseID("CZ-2.15"), department: DepartmentID(unchecked: "dept.health"),
                    dueOn: .invented("2014-12-31"))), on: "2014-09-20")
    }

    private mutating func lifeGoesOn() {
        stream.add(
            .disabilityAssessed(DisabilityAssessed(person: child, kind: Code(unchecked: "intellectual"), grade: 4)),
            on: "2015-02-01", recorded: "2015-02-09")
        determine(
            recorded: "2015-02-10", [],
            [
                ("2013-03-01", "2014-09-10", .notEntitled), ("2014-09-10", "2015-02-01", .entitled),
                ("2015-02-01", nil, .notEntitled),
            ])
        stream.add(
            .pairingEnded(
                PairingEnded(
                    kind: PairingKind(unchecked: "volunteer"), helper: PersonID(Identifier128(high: 9, low: 24)),
                    reason: Code(unchecked: "moved_away"))), on: "2015-07-01")
        died = stream.add(.personDied(PersonDied(person: child)), on: "2015-11-20", recorded: "2016-02-25")
        // November, December, January and February are due in full: 4 × 300 yuan.
        determine(
            recorded: "2016-02-26",
            [
                DueChange(
                    first: CivilMonth(year: 2015, month: 11), last: CivilMonth(year: 2016, month: 2), before: .zero,
                    after: .yuan(300))
            ],
            [
                ("2013-03-01", "2014-09-10", .notEntitled), ("2014-09-10", "2015-02-01", .entitled),
                ("2015-02-01", "2015-11-20", .notEntitled), ("2015-11-20", nil, .entitled),
            ])
        let notice = stream.add(
            .noticeRaised(
                NoticeRaised(
                    kind: Code(unchecked: "pairing_gap_opened"), key: "pairing_gap_opened:volunteer:2015-11-20",
                    subject: .household, department: DepartmentID(unchecked: "dept.fp"),
                    details: [
                        FormAnswer(field: Code(unchecked: "slot"), value: .code(Code(unchecked: "volunteer")))
                    ])), on: "2016-02-26")
        stream.add(
            .noticeDelivered(
                NoticeDelivered(
                    notice: notice, channel: Code(unchecked: "webhook"), outcome: .parked, attempts: 8,
                    reason: Code(unchecked: "http_500"))), on: "2016-02-27")
    }

    private mutating func determine(
        recorded: String, _ changes: [DueChange], _ answers: [(String, String?, DeterminationMade.Status)]
    ) {
        stream.add(
            .determinationMade(
                DeterminationMade(
                    clause: ClauseID("CZ-2.1")!, subject: .person(wife), pack: PackID(unchecked: "chenzhou-2014"),
                    packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "month"), amountType: .exact,
                    department: DepartmentID(unchecked: "dept.fp"),
                    intervals: answers.map { from, to, status in
                        DeterminationMade.Interval(
                            period: DayPeriod(start: .invented(from), end: to.map(CivilDay.invented)), status: status,
                            amount: status == .entitled ? Fen(30_000) : nil,
                            payers: status == .entitled
                                ? [PayerShare(payer: Code(unchecked: "finance"), parts: 1)] : [])
                    }, facts: [assessed], readThrough: EventReference(sequence: UInt64(stream.events.count)),
                    changes: changes)), on: recorded)
    }
}
