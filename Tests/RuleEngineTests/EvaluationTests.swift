import CareDomain
import Testing

@testable import RuleEngine

@Suite("求值、应发与差额")
struct EvaluationTests {
    private let pack: RulePack
    private let evaluator: Evaluator

    init() throws {
        pack = try SmallPack.load()
        evaluator = Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: pack)]))
    }

    private func determination(_ facts: [FactStatement], _ knownAt: KnownAt = .latest) throws -> Determination {
        try #require(evaluator.determine(FactBase(statements: facts), knownAt: knownAt).first)
    }

    private typealias Rhythm = Determination.Rhythm

    private func month(_ text: String) -> CivilMonth { CivilMonth(containing: SmallPack.day(text + "-01")) }

    @Test("参数没有值的日子权利成立，金额待定；有值后按首日标准")
    func parameterGap() throws {
        let result = try determination([SmallPack.fact("household.poor", .bool(true), from: "2014-01-01")])
        #expect(result.intervals.map(\.status) == [.needsParameter, .entitled, .entitled])
        #expect(result.intervals.map(\.rightHolds) == [true, true, true])
        #expect(result.intervals[0].missing.first == "parameter:p.rate")
        #expect(result.due(in: month("2015-01"))?.amount == nil)
        #expect(result.due(in: month("2015-06"))?.amount == Fen(1250))
        #expect(result.due(in: month("2015-07"))?.amount == Fen(2000))
        #expect(result.intervals.last?.period.end == nil)
    }

    @Test("付款方不明时，权利和金额成立")
    func openPayer() throws {
        let facts = [SmallPack.fact("household.poor", .bool(true), from: "2015-03-01")]
        let outcome = try #require(
            evaluator.evaluate(FactBase(statements: facts), over: DayPeriod(start: SmallPack.day("2015-03-01"))).first)
        let piece = try #require(outcome.piece(on: SmallPack.day("2015-03-01")))
        #expect(piece.status == .entitled && piece.amount == Fen(1250) && piece.payers.isEmpty)
        #expect(piece.missingForPayer == [.fact(FactID(unchecked: "household.near"), .household)])
    }

    @Test("分担各方之和等于总额，余数归首位")
    func splits() {
        let shares = [("city", 1), ("county", 2)].map { PayerShare(payer: Code(unchecked: $0.0), parts: Int64($0.1)) }
        var random = SeededRandom(seed: 7)
        for _ in 0..<1_000 {
            let amount = Fen(Int64(random.next(below: 2_000_001)) - 1_000_000)
            let parts = PayerSplit.split(amount, shares)
            #expect(parts.map(\.amount).reduce(.zero, +) == amount)
        }
        #expect(PayerSplit.split(Fen(100), shares).map(\.amount) == [Fen(34), Fen(66)])
        #expect(
            PayerSplit.split(Fen(30_000), [PayerShare(payer: Code(unchecked: "a"), parts: 1)]).map(\.amount) == [
                Fen(30_000)
            ])
        #expect(PayerSplit.split(Fen(5), []).isEmpty)
    }

    @Test("晚报的丧失权利得出多发，晚报的权利得出应补")
    func differences() throws {
        let early = [SmallPack.fact("household.poor", .bool(true), from: "2015-03-10")]
        let late =
            early + [
                SmallPack.fact("household.poor", .bool(false), from: "2015-05-01", recorded: "2015-08-10", sequence: 2)
            ]
        let before = try determination(early)
        let after = try determination(late)
        let loss = DeterminationDifference(from: before, to: after, through: month("2015-08"))
        #expect(loss.isChanged)
        #expect(loss.months.map(\.month.description) == ["2015-05", "2015-06", "2015-07", "2015-08"])
        #expect(loss.overpayment == Fen(1250 * 2 + 2000 * 2) && loss.arrears == .zero && loss.net == -loss.overpayment)
        let gain = DeterminationDifference(from: nil, to: before, through: month("2015-04"))
        #expect(gain.arrears == Fen(2500))
        let same = DeterminationDifference(from: before, to: before, through: month("2015-08"))
        #expect(!same.isChanged && same.months.isEmpty)
        #expect(
            try determination(
                late, .recorded(Moment(microseconds: Int64(SmallPack.day("2015-08-09").dayNumber) * 86_400_000_000))
            ).hasSameOutcome(as: before))
    }

    @Test("存入事件再读回，说的仍是同一回事")
    func roundTrip() throws {
        let result = try determination([SmallPack.fact("household.poor", .bool(true), from: "2015-03-10")])
        let difference = DeterminationDifference(from: nil, to: result, through: month("2015-04"))
        let event = result.event(readThrough: EventReference(sequence: 9), changes: difference.changes)
        #expect(result.isStored(as: event))
        #expect(Determination(event) == result)
        #expect(event.difference == Fen(2500))
        #expect(event.changes.map(\.months) == [2] && event.changes.first?.after == Fen(1250))
        let again = DeterminationDifference(from: Determination(event), to: result, through: month("2015-12"))
        #expect(again.months.isEmpty)
        let changed = try determination([SmallPack.fact("household.poor", .bool(true), from: "2015-03-11")])
        #expect(!changed.isStored(as: event))
    }

    @Test("认定的每一个字段都存得下、读得回：权利、金额、标准、小时、单价、分担、缺项、决定、月份口径、事件对象")
    func roundTripOfEverything() {
        let statuses: [OutcomeStatus] = [
            .entitled, .proposed, .held, .notEntitled, .needsFact, .needsParameter, .failed,
        ]
        let intervals = statuses.enumerated().map { place, status in
            let start = SmallPack.day("2015-01-01") + Int32(place) * 30
            return Determination.Interval(
                period: DayPeriod(start: start, end: place + 1 < statuses.count ? start + 30 : nil), status: status,
                rightHolds: place % 2 == 0, amount: place % 3 == 0 ? nil : Fen(Int64(place)), standard: Fen(7),
                hours: 20_500, hourlyRate: Fen(1500),
                payers: [
                    PayerShare(payer: Code(unchecked: "employer"), parts: 2),
                    PayerShare(payer: Code(unchecked: "district"), parts: 8),
                ], missing: ["person.employer_kind@incident:3"], decision: EventReference(sequence: 4))
        }
        let pack = PackReference(
            id: PackID(unchecked: "small"), version: SmallPack.day("2015-01-01"), hash: Array(0..<32))
        for (subject, cadence) in zip(
            [RuleSubject.household, .person(PersonID(Identifier128(high: 1, low: 2))), .incident(.init(sequence: 3))],
            [Cadence.once, .quarter, .none])
        {
            for monthRule in MonthRule.allCases {
                for amountType in AmountType.allCases {
                    let whole = Determination(
                        clause: ClauseID("CZ-2.2")!, subject: subject, pack: pack, cadence: cadence,
                        monthRule: monthRule, amountType: amountType, department: DepartmentID(unchecked: "dept.fp"),
                        intervals: intervals, facts: [EventReference(sequence: 2), EventReference(sequence: 4)])
                    let event = whole.event(readThrough: EventReference(sequence: 5), changes: [])
                    #expect(Determination(event) == whole)
                    #expect(whole.isStored(as: event))
                }
            }
        }
    }

    @Test("类型不符的旧事实不算数，并说明原因")
    func wrongFacts() throws {
        let view = FactView(
            FactBase(statements: [
                SmallPack.fact("household.poor", .int(1)), SmallPack.fact("household.nothing", .bool(true)),
                SmallPack.fact("person.grade", .int(9), .person(PersonID(Identifier128(high: 0, low: 1)))),
                SmallPack.fact("person.grade", .int(1)),
            ]), vocabulary: pack.vocabulary)
        #expect(
            view.ignored.map(\.1.code) == [
                "fact.wrong_value", "fact.unknown", "fact.wrong_value", "fact.wrong_subject",
            ])
    }

    @Test("历史里类型不符的事实：其余照常求值，这一项按没有记录，问得出来")
    func wrongTypeInHistory() throws {
        let facts = FactBase(statements: [
            SmallPack.fact("household.poor", .bool(true), from: "2015-03-01", sequence: 1),
            SmallPack.fact("household.near", .int(7), from: "2015-01-01", sequence: 2),
            SmallPack.fact("household.rooms", .code(Code(unchecked: "many")), from: "2015-01-01", sequence: 3),
        ])
        let answer = evaluator.evaluate(facts, over: DayPeriod(start: SmallPack.day("2015-03-01"))).first
        let piece = try #require(answer?.piece(on: SmallPack.day("2015-04-01")))
        #expect(piece.status == .entitled && piece.amount == Fen(1250))
        #expect(piece.missingForPayer.map(\.code) == ["household.near"])
        #expect(!piece.facts.contains(EventReference(sequence: 2)))
    }

    @Test("后来设定的参数值与先前的有效期重叠：后登记的算数，登记之前按先前的")
    func overlappingSetValues() throws {
        func moment(_ day: String) -> Moment {
            Moment(microseconds: Int64(SmallPack.day(day).dayNumber) * 86_400_000_000)
        }
        func value(_ fen: Int64, _ from: String, recorded: String) -> ParameterValue {
            ParameterValue(
                parameter: ParameterID(unchecked: "p.rate"), value: .money(Fen(fen)),
                period: DayPeriod(start: SmallPack.day(from)), recordedAt: moment(recorded))
        }
        let both = Evaluator(
            registry: evaluator.registry,
            parameters: [
                value(3000, "2016-01-01", recorded: "2016-01-05"), value(4000, "2015-10-01", recorded: "2016-03-01"),
            ])
        let facts = FactBase(statements: [SmallPack.fact("household.poor", .bool(true), from: "2015-03-01")])
        func amount(_ day: String, _ known: KnownAt = .latest) -> Fen? {
            let period = DayPeriod(start: SmallPack.day("2015-01-01"))
            return both.evaluate(facts, knownAt: known, over: period).first?.piece(on: SmallPack.day(day))?.amount
        }
        #expect(amount("2016-02-01") == Fen(4000) && amount("2015-11-01") == Fen(4000))
        #expect(amount("2015-09-30") == Fen(2000))
        #expect(amount("2016-02-01", .recorded(moment("2016-02-28"))) == Fen(3000))
    }

    @Test("每个条件一天只由一个版本回答，新版本接续旧版本")
    func versions() throws {
        let later = try RulePack.load(
            bytes: Array(
                SmallPack.text.replacing("valid_from: 2015-01-01", with: "valid_from: 2016-01-01")
                    .replacing("value: 20}", with: "value: 30}").utf8), name: "later.yaml")
        let registry = PackRegistry(versions: [PublishedPack(pack: later), PublishedPack(pack: pack)])
        #expect(registry.inForce(on: SmallPack.day("2015-12-31")).map(\.pack.hash) == [pack.hash])
        #expect(registry.inForce(on: SmallPack.day("2016-01-01")).map(\.pack.hash) == [later.hash])
        let both = Evaluator(registry: registry)
        let result = try #require(
            both.determine(FactBase(statements: [SmallPack.fact("household.poor", .bool(true), from: "2015-12-01")]))
                .first)
        #expect(result.pack == later.reference)
        #expect(result.due(in: month("2015-12"))?.amount == Fen(2000))
        #expect(result.due(in: month("2016-01"))?.amount == Fen(3000))
    }

    @Test("换版本不会把一次性待遇再发一次")
    func onceAcrossVersions() throws {
        func version(_ text: String) throws -> PublishedPack {
            let once = SmallPack.text.replacing("household·month", with: "household·once")
                .replacing("valid_from: 2015-01-01", with: "valid_from: \(text)")
            return PublishedPack(pack: try RulePack.load(bytes: Array(once.utf8), name: text))
        }
        let both = Evaluator(registry: PackRegistry(versions: [try version("2015-01-01"), try version("2016-01-01")]))
        let facts = FactBase(statements: [
            SmallPack.fact("household.poor", .bool(true), from: "2015-03-01", until: "2015-05-01"),
            SmallPack.fact("household.poor", .bool(true), from: "2016-03-01", sequence: 2),
        ])
        let result = try #require(both.determine(facts).first)
        #expect(result.dues(through: month("2020-01")).map(\.month.description) == ["2015-03"])
        let explanation = both.explain(
            ClauseID("SM-1")!, subject: .household, on: SmallPack.day("2016-04-01"), facts)
        #expect(explanation?.nearest?.title.chinese == "一次性待遇已享受")
    }

    @Test("相同的输入不论次序得出相同的结果")
    func order() throws {
        let facts = [
            SmallPack.fact("household.poor", .bool(true), from: "2015-03-10", sequence: 1),
            SmallPack.fact("household.poor", .bool(false), from: "2015-05-01", sequence: 2),
            SmallPack.fact("household.near", .bool(true), from: "2015-01-01", sequence: 3),
        ]
        let straight = evaluator.determine(FactBase(statements: facts))
        #expect(straight == evaluator.determine(FactBase(statements: facts.reversed())))
    }

    @Test("应发月份：任一日、首日、次月三种口径")
    func monthRules() {
        func dues(_ rule: MonthRule, _ cadence: Cadence = .month) -> [String] {
            let right = Determination.Interval(
                period: DayPeriod(start: SmallPack.day("2015-01-15"), end: SmallPack.day("2015-04-02")),
                status: .entitled,
                rightHolds: true, amount: Fen(1))
            return Determination(
                clause: ClauseID("SM-1")!, subject: .household, pack: pack.reference, cadence: cadence, monthRule: rule,
                intervals: [right]
            ).dues(through: month("2020-01")).map(\.month.description)
        }
        #expect(dues(.anyDay) == ["2015-01", "2015-02", "2015-03", "2015-04"])
        #expect(dues(.firstDay) == ["2015-02", "2015-03", "2015-04"])
        #expect(dues(.nextMonth) == ["2015-02", "2015-03", "2015-04"])
        #expect(dues(.anyDay, .quarter) == ["2015-01", "2015-04"])
        #expect(dues(.anyDay, .year) == ["2015-01"])
        #expect(dues(.anyDay, .once) == ["2015-01"])
        #expect(dues(.anyDay, .none).isEmpty)
    }

    @Test("新版本改了金额是否须正好：以前批准的照旧，新版本的日子按新版本；一次性的问给付的那个版本")
    func decisionsUnderVersions() throws {
        func dues(_ unit: String) throws -> [String] {
            func version(_ day: String, _ type: String) throws -> PublishedPack {
                let text = SmallPack.text.replacing("valid_from: 2015-01-01", with: "valid_from: \(day)")
                    .replacing("household·month", with: "household·\(unit)")
                    .replacing("{type: parameter, parameter: p.rate}", with: "{type: \(type), value: 20, unit: yuan}")
                return PublishedPack(pack: try RulePack.load(bytes: Array(text.utf8), name: day))
            }
            let both = Evaluator(
                registry: PackRegistry(versions: [
                    try version("2015-01-01", "floor"), try version("2016-01-01", "exact"),
                ]))
            let award = Award(
                clause: ClauseID("SM-1")!, subject: .household, outcome: .granted(Fen(2500)),
                period: DayPeriod(start: SmallPack.day("2015-12-01")), recordedAt: Moment(microseconds: 1),
                source: EventReference(sequence: 9))
            let facts = FactBase(
                statements: [SmallPack.fact("household.poor", .bool(true), from: "2015-11-10")], awards: [award])
            return (both.determine(facts).first?.dues(through: month("2016-02")) ?? []).map {
                "\($0.month) \($0.status) \($0.amount ?? .zero)"
            }
        }
        #expect(
            try dues("month")
                == [
                    "2015-11 proposed 20.00", "2015-12 entitled 25.00", "2016-01 entitled 20.00",
                    "2016-02 entitled 20.00",
                ])
        #expect(try dues("once") == ["2015-11 entitled 25.00"])
    }

    @Test("新版本改了周期或计发月份：以前的月份按当时的版本，已发过的不再发")
    func rhythmsOfVersions() {
        func right(
            _ from: String, _ until: String?, _ rhythm: Rhythm? = nil, _ status: OutcomeStatus = .entitled
        ) -> Determination.Interval {
            Determination.Interval(
                period: DayPeriod(start: SmallPack.day(from), end: until.map(SmallPack.day)), status: status,
                rightHolds: true, amount: Fen(300), rhythm: rhythm)
        }
        func dues(_ now: Rhythm, _ intervals: [Determination.Interval], through last: String = "2016-12") -> [String] {
            Determination(
                clause: ClauseID("SM-1")!, subject: .household, pack: pack.reference, cadence: now.cadence,
                monthRule: now.monthRule, intervals: intervals
            ).dues(through: month(last)).map { "\($0.month)" + ($0.status == .entitled ? "" : " \($0.status)") }
        }
        let (any, next) = (Rhythm(cadence: .month, monthRule: .anyDay), Rhythm(cadence: .month, monthRule: .nextMonth))
        let quarter = Rhythm(cadence: .quarter, monthRule: .anyDay)
        let (year, late) = (Rhythm(cadence: .year, monthRule: .anyDay), Rhythm(cadence: .year, monthRule: .periodEnd))
        // The month in which the right began was due by the rule of its time, and the right goes on.
        #expect(
            dues(next, [right("2016-06-10", "2016-07-01", any), right("2016-07-01", "2016-09-02")])
                == ["2016-06", "2016-07", "2016-08", "2016-09"])
        #expect(
            dues(any, [right("2016-06-10", "2016-07-01", next), right("2016-07-01", "2016-08-02")])
                == ["2016-07", "2016-08"])
        #expect(
            dues(next, [right("2016-05-10", "2016-05-20", any), right("2016-07-10", "2016-08-02")])
                == ["2016-05", "2016-08"])
        // A change within a month: what is due by either is due once.
        #expect(
            dues(next, [right("2016-07-10", "2016-07-15", any), right("2016-07-15", "2016-08-02")])
                == ["2016-07", "2016-08"])
        #expect(
            dues(next, [right("2016-06-10", "2016-07-15", any, .held), right("2016-07-15", "2016-08-02")])
                == ["2016-06 held", "2016-07", "2016-08"])
        // Months, then quarters from the first day of one; quarters, then months in the middle of one.
        #expect(
            dues(quarter, [right("2016-05-10", "2016-07-01", any), right("2016-07-01", nil)])
                == ["2016-05", "2016-06", "2016-07", "2016-10"])
        #expect(
            dues(any, [right("2016-05-10", "2016-08-01", quarter), right("2016-08-01", "2016-11-20")])
                == ["2016-05", "2016-07", "2016-10", "2016-11"])
        #expect(
            dues(late, [right("2016-03-10", "2016-07-01", year), right("2016-07-01", nil)], through: "2018-03")
                == ["2016-03", "2017-12"])
    }

    @Test("季中、年中换周期：已发的月份不再发，余下的按月数折算，半分进一；按哪一天的条件、算哪几个月写得出")
    func restOfAUnit() {
        func right(_ from: String, _ until: String?, _ yuan: Int64, _ rhythm: Rhythm? = nil) -> Determination.Interval {
            Determination.Interval(
                period: DayPeriod(start: SmallPack.day(from), end: until.map(SmallPack.day)), status: .entitled,
                rightHolds: true, amount: Fen(yuan * 100 + 1), rhythm: rhythm)
        }
        func made(_ now: Rhythm, _ intervals: [Determination.Interval]) -> Determination {
            Determination(
                clause: ClauseID("SM-1")!, subject: .household, pack: pack.reference, cadence: now.cadence,
                monthRule: now.monthRule, intervals: intervals)
        }
        func dues(_ now: Rhythm, _ intervals: [Determination.Interval], through last: String = "2016-12") -> [String] {
            made(now, intervals).dues(through: month(last)).map { "\($0.month) \($0.amount ?? .zero)" }
        }
        let any = Rhythm(cadence: .month, monthRule: .anyDay)
        let quarter = Rhythm(cadence: .quarter, monthRule: .anyDay)
        let late = Rhythm(cadence: .year, monthRule: .periodEnd)
        let months = [right("2016-01-01", "2016-02-15", 100, any), right("2016-02-15", nil, 300)]
        #expect(
            dues(quarter, months, through: "2016-06") == [
                "2016-01 100.01", "2016-02 100.01", "2016-03 100.00", "2016-04 300.01",
            ])
        // The right ended in a month that is paid already: nothing is left of the quarter.
        #expect(
            dues(quarter, [right("2016-01-01", "2016-02-15", 100, any), right("2016-02-15", "2016-02-20", 300)])
                == ["2016-01 100.01", "2016-02 100.01"])
        // Whose right begins under the new rhythm has its quarter whole.
        #expect(dues(quarter, [right("2016-03-10", "2016-04-02", 300)]) == ["2016-03 300.01", "2016-04 300.01"])
        // Half a year by the month, then by the year, at its end: what is left is half of it.
        #expect(
            dues(late, [right("2016-06-01", "2016-07-01", 100, any), right("2016-07-01", nil, 600)])
                == ["2016-06 100.01", "2016-12 300.01"])
        // What is paid at the year's end is not paid month by month before, however early one looks.
        let yearly = [right("2016-01-01", "2016-07-01", 600, late), right("2016-07-01", nil, 100)]
        #expect(dues(any, yearly, through: "2016-10").isEmpty)
        #expect(dues(any, yearly, through: "2017-01") == ["2016-12 600.01", "2017-01 100.01"])
        let words = MonthSum(made(quarter, months), month("2016-03"))?.wording.chinese ?? ""
        #expect(words.contains("应发 100.00 元") && words.contains("300.01 元只计余下的 2016-03"))
    }

    @Test("期末计发：一年一次，在末月，按当年最后有权利的一天的数；已决定的不让给待决定的，暂缓的让给不暂缓的")
    func atTheEnd() {
        func right(
            _ from: String, _ until: String?, _ amount: Int64, _ status: OutcomeStatus = .proposed
        ) -> Determination.Interval {
            Determination.Interval(
                period: DayPeriod(start: SmallPack.day(from), end: until.map(SmallPack.day)), status: status,
                rightHolds: true, amount: Fen(amount))
        }
        func dues(_ intervals: [Determination.Interval], _ last: String = "2020-01") -> [String] {
            Determination(
                clause: ClauseID("SM-1")!, subject: .household, pack: pack.reference, cadence: .year,
                monthRule: .periodEnd, intervals: intervals
            ).dues(through: month(last)).map { "\($0.month) \($0.firstDay) \($0.amount?.amount ?? -1)" }
        }
        let growing = [right("2015-05-10", "2015-11-03", 500), right("2015-11-03", "2016-01-01", 9000)]
        #expect(dues(growing) == ["2015-12 2015-12-31 9000"])
        #expect(dues(growing, "2015-11").isEmpty)
        #expect(dues([right("2015-01-01", "2015-05-20", 700)]) == ["2015-12 2015-05-19 700"])
        #expect(
            dues([right("2015-12-31", "2016-01-02", 7)]) == ["2015-12 2015-12-31 7", "2016-12 2016-01-01 7"])
        #expect(dues([right("2018-06-01", nil, 7)], "2020-11") == ["2018-12 2018-12-31 7", "2019-12 2019-12-31 7"])
        let decided = [right("2015-01-01", "2015-07-01", 800, .entitled), right("2015-07-01", "2016-01-01", 900)]
        #expect(dues(decided) == ["2015-12 2015-06-30 800"])
        let held = [right("2015-01-01", "2015-07-01", 800), right("2015-07-01", "2016-01-01", 800, .held)]
        #expect(dues(held) == ["2015-12 2015-06-30 800"])
    }

    @Test("当月不另发只说本季度已应发的，上一季度的不算")
    func earlierInTheQuarter() {
        func right(_ from: String, _ until: String?, _ status: OutcomeStatus) -> Determination.Interval {
            Determination.Interval(
                period: DayPeriod(start: SmallPack.day(from), end: until.map(SmallPack.day)), status: status,
                rightHolds: true, amount: Fen(300))
        }
        // Due in June, when nothing holds the second quarter back any more. In July the right begins anew, and counts from
        // the quarter after.
        let quarterly = Determination(
            clause: ClauseID("SM-1")!, subject: .household, pack: pack.reference, cadence: .quarter,
            monthRule: .nextMonth,
            intervals: [
                right("2015-01-10", "2015-06-15", .held), right("2015-06-15", "2015-07-01", .entitled),
                right("2015-07-06", nil, .entitled),
            ])
        func words(_ text: String) -> String? { MonthSum(quarterly, month(text))?.wording.chinese }
        #expect(words("2015-05") == "2015-05 全月有此权利，当月不另发（2015-04 应发 3.00 元，暂缓）")
        #expect(words("2015-06") == "2015-06 全月有此权利，应发 3.00 元（按 2015-06-15 的条件）")
        #expect(words("2015-07") == "2015-07 2015-07-06 至 2015-07-31 有此权利，当月应发 0 元：权利开始的当季不计，从次季起计")
        #expect(words("2015-11") == "2015-11 全月有此权利，当月不另发（2015-10 应发 3.00 元（按 2015-10-01 的条件））")
    }

    @Test("周期改变后的月份：说明原周期已付到哪个月；期末才发、首日不合的也说明原因")
    func silentMonths() throws {
        func determination(_ cadence: Cadence, _ rule: MonthRule, _ intervals: [Determination.Interval])
            -> Determination
        {
            Determination(
                clause: ClauseID("SM-1")!, subject: .household, pack: pack.reference, cadence: cadence, monthRule: rule,
                intervals: intervals)
        }
        func right(_ from: String, _ until: String?, _ rhythm: Rhythm? = nil) -> Determination.Interval {
            Determination.Interval(
                period: DayPeriod(start: SmallPack.day(from), end: until.map(SmallPack.day)), status: .entitled,
                rightHolds: true, amount: Fen(30_000), rhythm: rhythm)
        }
        // Quarters until the middle of February, months from then on.
        let changed = determination(
            .month, .anyDay,
            [
                right("2015-01-01", "2015-02-15", Rhythm(cadence: .quarter, monthRule: .anyDay)),
                right("2015-02-15", nil),
            ])
        let march = try #require(MonthSum(changed, month("2015-03")))
        #expect(
            march.wording.chinese
                == "2015-03 全月有此权利，当月不另发（2015-01 应发 300.00 元（按 2015-01-01 的条件），原周期已付到 2015-03）")
        #expect(march.wording.english.hasSuffix(", which paid to 2015-03)"))
        #expect(
            MonthSum(changed, month("2015-04"))?.wording.chinese == "2015-04 全月有此权利，应发 300.00 元（按 2015-04-01 的条件）")
        let atEnd = determination(.year, .periodEnd, [right("2015-01-01", nil)])
        #expect(
            MonthSum(atEnd, month("2015-03"))?.wording.chinese == "2015-03 全月有此权利，当月应发 0 元：期末才应发，在 2015-12")
        // From July on by the month, which the year's sum pays at its end.
        let months = determination(
            .month, .anyDay,
            [
                right("2015-01-01", "2015-07-01", Rhythm(cadence: .year, monthRule: .periodEnd)),
                right("2015-07-01", nil),
            ])
        #expect(
            MonthSum(months, month("2015-10"))?.wording.chinese == "2015-10 全月有此权利，当月应发 0 元：期末才应发，在 2015-12")
        let late = determination(.month, .firstDay, [right("2015-03-02", nil)])
        #expect(
            MonthSum(late, month("2015-03"))?.wording.chinese
                == "2015-03 2015-03-02 至 2015-03-31 有此权利，当月应发 0 元：当月首日没有此权利，不计")
    }
}
