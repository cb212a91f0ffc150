import CareDomain
import RuleEngine
import RulePacks
import Testing

/// What a person decided about a right, on both axes of time.
@Suite("人工决定与两条时间轴")
struct AwardTests {
    private let wife = ChenzhouFamily.wife
    private let clause = ClauseID("CZ-2.1")!

    private func moment(_ day: String) -> Moment {
        Moment(microseconds: Int64(ChenzhouFamily.day(day).dayNumber) * 86_400_000_000)
    }

    private func award(
        _ outcome: AwardDecided.Outcome, _ sequence: UInt64, recorded: String, from: String, until: String? = nil,
        original: UInt64? = nil, superseded: String? = nil, learned: String? = nil
    ) -> Award {
        Award(
            clause: clause, subject: wife, outcome: outcome,
            period: DayPeriod(start: ChenzhouFamily.day(from), end: until.map(ChenzhouFamily.day)),
            recordedAt: moment(recorded), learnedOn: learned.map(ChenzhouFamily.day),
            source: EventReference(sequence: sequence), original: original.map { EventReference(sequence: $0) },
            supersededAt: superseded.map(moment))
    }

    /// Status, amount and decision on a day, as known then.
    private func answer(_ awards: [Award], on day: String, _ known: KnownAt = .latest) throws -> String {
        var facts = ChenzhouFamily.facts
        facts.awards = awards
        let day = ChenzhouFamily.day(day)
        let outcome = try ChenzhouFamily.evaluator().evaluate(
            facts, knownAt: known, over: DayPeriod(start: ChenzhouFamily.day("2014-07-16"))
        ).first { $0.clause == clause && $0.subject == wife }
        let piece = try #require(outcome?.piece(on: day))
        return "\(piece.status.rawValue) \(piece.amount?.description ?? "-") #\(piece.decision?.sequence ?? 0)"
    }

    @Test("决定登记之前按当时所知没有，登记之后自决定写明的日子起算")
    func knowledge() throws {
        let held = [award(.held, 20, recorded: "2015-03-10", from: "2015-01-01", until: "2015-06-01")]
        #expect(try answer(held, on: "2015-02-01") == "held 300.00 #20")
        #expect(try answer(held, on: "2015-02-01", .recorded(moment("2015-03-09"))) == "entitled 300.00 #0")
        #expect(try answer(held, on: "2015-06-01") == "entitled 300.00 #0")
        let learned = [
            award(.held, 20, recorded: "2016-01-01", from: "2015-01-01", until: "2015-06-01", learned: "2015-01-05")
        ]
        #expect(try answer(learned, on: "2015-02-01", .learned(ChenzhouFamily.day("2015-01-05"))).hasPrefix("held"))
        #expect(try answer(learned, on: "2015-02-01", .learned(ChenzhouFamily.day("2015-01-04"))).hasPrefix("entitled"))
    }

    @Test("撤销只截短原决定；更正以后一条为准，更正之前按原样")
    func revokedAndCorrected() throws {
        let revoked = [
            award(.held, 20, recorded: "2015-01-01", from: "2015-01-01"),
            award(.revoked(EventReference(sequence: 20)), 21, recorded: "2015-04-20", from: "2015-03-01"),
        ]
        #expect(try answer(revoked, on: "2015-02-28") == "held 300.00 #20")
        #expect(try answer(revoked, on: "2015-03-01") == "entitled 300.00 #0")
        #expect(try answer(revoked, on: "2015-03-01", .recorded(moment("2015-04-19"))) == "held 300.00 #20")
        let corrected = [
            award(.held, 20, recorded: "2015-01-01", from: "2015-01-01", superseded: "2015-05-01"),
            award(.refused, 22, recorded: "2015-05-01", from: "2015-02-01", original: 20),
            award(.revoked(EventReference(sequence: 20)), 23, recorded: "2015-06-01", from: "2015-04-01"),
        ]
        #expect(try answer(corrected, on: "2015-01-15") == "entitled 300.00 #0")
        #expect(try answer(corrected, on: "2015-02-01") == "not_entitled - #22")
        #expect(try answer(corrected, on: "2015-04-01") == "entitled 300.00 #0")
        #expect(try answer(corrected, on: "2015-01-15", .recorded(moment("2015-04-30"))) == "held 300.00 #20")
    }

    @Test("同一天有几项决定，以最后作出的为准；暂缓叠加其上；标准固定的条款不接受别的金额")
    func order() throws {
        let several = [
            award(.refused, 20, recorded: "2015-01-01", from: "2015-01-01"),
            award(.excepted(nil), 21, recorded: "2015-02-01", from: "2015-02-01"),
            award(.held, 22, recorded: "2015-03-01", from: "2015-03-01"),
            award(.granted(.yuan(200)), 23, recorded: "2015-04-01", from: "2015-04-01", until: "2015-05-01"),
        ]
        #expect(try answer(several, on: "2015-01-15") == "not_entitled - #20")
        #expect(try answer(several, on: "2015-02-15") == "entitled 300.00 #0")
        #expect(try answer(several, on: "2015-03-15") == "held 300.00 #22")
        #expect(try answer(several, on: "2015-04-15") == "held 300.00 #22")
    }
}
