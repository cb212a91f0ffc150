import CareDomain

/// Samples of what services write.
enum SampleOutcomes {
    static let determinations: [DeterminationMade] = [full, bare, turning]

    /// An earlier version of the pack had another rhythm.
    private static let turning = DeterminationMade(
        clause: ClauseID("CZ-2.1")!, subject: .person(Sample.wife), pack: PackID(unchecked: "chenzhou-2014"),
        packVersion: Sample.day("2016-07-01"), packHash: Sample.hash, cadence: Code(unchecked: "quarter"),
        monthRule: .anyDay, amountType: .exact,
        intervals: [
            .init(
                period: DayPeriod(start: Sample.day("2014-08-01"), end: Sample.day("2016-07-01")), status: .entitled,
                amount: Fen(30_000), rhythm: DueRhythm(cadence: Code(unchecked: "month"), monthRule: .nextMonth)),
            interval("2016-07-01", nil, .entitled, amount: Fen(90_000)),
        ],
        facts: [EventReference(sequence: 1)], readThrough: EventReference(sequence: 3))

    private static let full = DeterminationMade(
        clause: ClauseID("CZ-2.1")!, subject: .person(Sample.wife), pack: PackID(unchecked: "chenzhou-2014"),
        packVersion: Sample.day("2014-08-01"), packHash: Sample.hash, cadence: Code(unchecked: "month"),
        monthRule: .nextMonth, amountType: .floor, department: DepartmentID(unchecked: "dept.family_planning"),
        intervals: [
            interval("2010-01-01", "2014-08-01", .notEntitled),
            interval("2014-08-01", "2015-03-07", .needsFact, missing: ["person.birth_date", "household.dibao"]),
            interval("2015-03-07", "2016-01-01", .needsParameter, missing: ["cz.low_income_line"]),
            interval("2016-01-01", "2017-01-01", .proposed, amount: Fen(20_000)),
            interval("2017-01-01", "2018-01-01", .entitled, amount: Fen(30_000), hours: 45_000),
            interval("2018-01-01", "2018-02-01", .failed, missing: ["error:no_such_overload"]),
            .init(
                period: DayPeriod(start: Sample.day("2018-02-01"), end: Sample.day("2018-03-01")), status: .held,
                amount: Fen(40_000), standard: Fen(30_000), payers: split, decision: EventReference(sequence: 12)),
            .init(
                period: DayPeriod(start: Sample.day("2018-03-01")), status: .needsParameter, rightHolds: true,
                hoursThousandths: 20_000, hourlyRate: Fen(1_500), payers: split, missing: ["parameter:p"]),
        ],
        facts: [EventReference(sequence: 1), EventReference(sequence: 2), EventReference(sequence: 300)],
        readThrough: EventReference(sequence: 301),
        changes: [
            DueChange(
                first: CivilMonth(year: 2016, month: 1), last: CivilMonth(year: 2016, month: 12), before: .zero,
                after: Fen(20_000)),
            DueChange(
                first: CivilMonth(year: 2017, month: 3), last: CivilMonth(year: 2017, month: 3), before: Fen(60_000),
                after: Fen(-1)),
        ])

    private static let split = [
        PayerShare(payer: Code(unchecked: "city"), parts: 2), PayerShare(payer: Code(unchecked: "district"), parts: 8),
    ]

    private static let bare = DeterminationMade(
        clause: ClauseID("CZ-2.2")!, subject: .incident(EventReference(sequence: 7)),
        pack: PackID(unchecked: "chenzhou-2014"),
        packVersion: Sample.day("2014-08-01"), packHash: Sample.hash, cadence: Code(unchecked: "once"), intervals: [],
        facts: [], readThrough: EventReference(sequence: 1))

    static let awards: [AwardDecided] = [
        award(.granted(Fen(400_000)), sealed: [Sample.part]), award(.refused, end: "2016-09-01"), award(.held),
        award(.excepted(nil)), award(.excepted(Fen(1))), award(.revoked(EventReference(sequence: 9))),
        placed(nil), placed(EventReference(sequence: 4)),
    ]

    private static func placed(_ application: EventReference?) -> AwardDecided {
        var award = award(.granted(Fen(350_000)))
        award.place = GrantPlace(
            unit: Sample.division, year: 2021, grant: GrantID(Sample.command.value), application: application)
        return award
    }

    private static func award(
        _ outcome: AwardDecided.Outcome, end: String? = nil, sealed: [SealedPart] = []
    ) -> AwardDecided {
        AwardDecided(
            clause: ClauseID("CZ-2.10d")!, subject: .person(Sample.wife), outcome: outcome,
            period: DayPeriod(start: Sample.day("2016-08-20"), end: end.map { Sample.day($0) }), reason: Sample.reason,
            sealed: sealed)
    }

    static let notices: [NoticeRaised] = [
        NoticeRaised(
            kind: Code(unchecked: "pairing_handover"), key: "pairing_handover/cadre/2015-01-01", subject: .household,
            dueOn: Sample.day("2015-01-01"), department: DepartmentID(unchecked: "org.township"),
            clause: ClauseID("CZ-2.14a"), details: Sample.answers, persons: [Sample.helper, Sample.newHelper]),
        NoticeRaised(kind: Code(unchecked: "right_begins"), key: "k", subject: .person(Sample.wife)),
    ]

    static let deliveries: [NoticeDelivered] = [
        NoticeDelivered(
            notice: EventReference(sequence: 9), channel: Code(unchecked: "webhook"), outcome: .parked, attempts: 8,
            reason: Code(unchecked: "http_500")),
        NoticeDelivered(
            notice: EventReference(sequence: 9), channel: Code(unchecked: "webhook"), outcome: .skipped, attempts: 0,
            reason: Code(unchecked: "refused_by_operator")),
        NoticeDelivered(
            notice: EventReference(sequence: 9), channel: Code(unchecked: "stdout"), outcome: .delivered, attempts: 1),
    ]

    private static func interval(
        _ start: String, _ end: String?, _ status: DeterminationMade.Status, amount: Fen? = nil, hours: Int64? = nil,
        missing: [String] = []
    ) -> DeterminationMade.Interval {
        DeterminationMade.Interval(
            period: DayPeriod(start: Sample.day(start), end: end.map { Sample.day($0) }), status: status,
            amount: amount,
            hoursThousandths: hours, missing: missing)
    }
}
