import CareDomain

/// Samples of what services write.
enum SampleOutcomes {
    static let determinations: [DeterminationMade] = [full, bare]

    private static let full = DeterminationMade(
        clause: ClauseID("CZ-2.1")!, subject: .person(Sample.wife), pack: PackID(unchecked: "chenzhou-2014"),
        packVersion: Sample.day("2014-08-01"), packHash: Sample.hash, cadence: Code(unchecked: "month"),
        payer: Code(unchecked: "city_county"), department: DepartmentID(unchecked: "dept.family_planning"),
        intervals: [
            interval("2010-01-01", "2014-08-01", .notEntitled),
            interval("2014-08-01", "2015-03-07", .needsFact, missing: ["person.birth_date", "household.dibao"]),
            interval("2015-03-07", "2016-01-01", .needsParameter, missing: ["cz.low_income_line"]),
            interval("2016-01-01", "2017-01-01", .proposed, amount: Fen(20_000)),
            interval("2017-01-01", nil, .entitled, amount: Fen(30_000), hours: 45_000),
        ],
        facts: [EventReference(sequence: 1), EventReference(sequence: 2), EventReference(sequence: 300)],
        readThrough: EventReference(sequence: 301), difference: Fen(-60_000))

    private static let bare = DeterminationMade(
        clause: ClauseID("CZ-1.1")!, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
        packVersion: Sample.day("2014-08-01"), packHash: Sample.hash, cadence: Code(unchecked: "once"), intervals: [],
        facts: [], readThrough: EventReference(sequence: 1), difference: .zero)

    static let notices: [NoticeRaised] = [
        NoticeRaised(
            kind: Code(unchecked: "pairing_handover"), key: "pairing_handover/cadre/2015-01-01", subject: .household,
            dueOn: Sample.day("2015-01-01"), department: DepartmentID(unchecked: "org.township"),
            details: Sample.answers, persons: [Sample.helper, Sample.newHelper]),
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
