import CareDomain
import CareWire
import RuleEngine
import ServiceKit
import Testing

@testable import carectl

/// Conditions over events: what may be named, what is refused before the first event, what each event answers.
struct EventConditionTests {
    private static let helper = Helper(id: RecordedSamples.person(1), unit: "镇政府", hasRealName: true)

    private static func pairing(_ kind: String) -> CareEvent {
        .household(.pairingAssigned(PairingAssigned(kind: PairingKind(unchecked: kind), helper: helper)))
    }

    private static func determination(_ amounts: [Int64?]) -> CareEvent {
        let start = RecordedSamples.day("2026-01-01")
        let intervals = amounts.enumerated().map { place, amount in
            DeterminationMade.Interval(
                period: DayPeriod(start: start + Int32(place * 31), end: start + Int32(place * 31 + 31)),
                status: amount == nil ? .notEntitled : .entitled, amount: amount.map { Fen($0) })
        }
        return .household(
            .determinationMade(
                DeterminationMade(
                    clause: ClauseID("CZ-2.1")!, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
                    packVersion: RecordedSamples.day("2014-07-16"), packHash: [UInt8](repeating: 1, count: 32),
                    cadence: Code(unchecked: "month"), intervals: intervals, facts: [EventReference(sequence: 1)],
                    readThrough: EventReference(sequence: 1))))
    }

    private func verdict(_ text: String, _ event: ShownEvent) throws -> EventCondition.Verdict {
        try EventCondition(text).verdict(on: event)
    }

    @Test(
        "信封、说话人和内容都能问",
        arguments: [
            ("event == 'PairingAssigned'", true), ("event.startsWith('Pairing') && position == 1", true),
            ("data.kind == 'cadre'", true), ("data.kind in ['volunteer', 'department']", false),
            ("occurred_on < care.date('2026-03-02')", true), ("recorded_on == care.date('2026-03-01')", true),
            ("recorded_at >= '2026-03-01T08:00:00'", true), ("category == 'household' && sequence == 1", true),
            ("meta.department == 'org.township' && meta.role == 'cadre'", true), ("meta.actor == 'clerk-8'", false),
            ("meta.divisions.exists(d, care.within_division(d, '431000'))", true),
            ("data.helper.unit == '镇政府'", true), ("has(data.clause)", false), ("!has(meta.learned_on)", true),
            ("stream.endsWith('2') || stream.endsWith('3')", true),
            ("version == 1 ? data.kind != 'cadre' : true", false),
            ("data['kind'] == 'cadre' && size(data) == 2", true), ("append_id == event_id", true),
        ])
    func answers(text: String, holds: Bool) throws {
        var samples = RecordedSamples()
        let event = try samples.one(Self.pairing("cadre"))
        #expect(try verdict(text, event) == (holds ? .yes : .no))
    }

    @Test("缺的字段是未知:能由别的部分决定的照常,决定不了的说缺哪个")
    func missingFields() throws {
        var samples = RecordedSamples()
        let event = try samples.one(Self.pairing("cadre"))
        #expect(try verdict("data.clause == 'CZ-2.1'", event) == .undecided("data.clause"))
        #expect(try verdict("has(data.clause) && data.clause == 'CZ-2.1'", event) == .no)
        #expect(try verdict("data.clause == 'CZ-2.1' || data.kind == 'cadre'", event) == .yes)
        #expect(try verdict("event == 'PersonDied' && data.person == 'x'", event) == .no)
        let both = try verdict("data.due_on > occurred_on && data.amount_fen > 1", event)
        #expect(both == .undecided("data.amount_fen+data.due_on"))
        #expect(try verdict("meta.causation == '#4'", event) == .undecided("meta.causation"))
        #expect(try verdict("1 / (position - 1) > 0", event) == .undecided("divide_by_zero"))
        #expect(try verdict("data.helper > 3", event) == .undecided("no_such_overload"))
    }

    @Test("金额按分比,列表里的部分可能没有也要先问")
    func amounts() throws {
        var samples = RecordedSamples()
        let event = try samples.one(Self.determination([nil, 30_000, 34_000]))
        #expect(try verdict("data.intervals.exists(i, i.status == 'entitled' && i.amount_fen > 33000)", event) == .yes)
        #expect(try verdict("data.intervals.all(i, has(i.amount_fen))", event) == .no)
        #expect(try verdict("data.intervals.exists(i, i.amount_fen > 50000)", event) == .undecided("no_such_key"))
        #expect(try verdict("data.intervals[1].start == care.date('2026-02-01')", event) == .yes)
        #expect(try verdict("data.intervals.filter(i, has(i.amount_fen)).size() == 2", event) == .yes)
    }

    @Test("读不懂的事件不会被当作不符合")
    func unreadable() throws {
        var samples = RecordedSamples()
        let event = try samples.unknown()
        #expect(try verdict("event == 'Unknown'", event) == .yes)
        #expect(try verdict("data.kind == 'cadre'", event) == .undecided("invalid_argument"))
        #expect(try verdict("has(data.kind)", event) == .undecided("invalid_argument"))
        #expect(try verdict("position > 5 && data.kind == 'cadre'", event) == .no)
    }

    @Test("敏感部分没有字段可问,也不会从别的字段露出来")
    func sealed() throws {
        let secrets = ["王秀英", "431002196503071221", "13900000000", "北湖", "高血压", "陪同"]
        for name in ["name", "id_number", "phone", "address", "diagnosis", "text", "sealed"] {
            #expect(throws: Failure.self) { try EventCondition("has(data.\(name))") }
        }
        for event in try RecordedSamples.corpus() {
            for secret in secrets {
                let condition = try EventCondition(
                    "data.exists(k, type(data[k]) == string && data[k].contains('\(secret)'))")
                #expect(condition.verdict(on: event) != .yes)
            }
        }
    }

    @Test("每种事件的每个字段都在字段表里,类型相符")
    func everyFieldOfEveryEvent() throws {
        let events = try RecordedSamples.corpus()
        var seen: Set<String> = []
        for event in events {
            let view = try #require(event.readable, "\(event.kind)")
            #expect(EventFields.eventNames[event.kind] == view.name)
            for field in view.fields {
                let known = try #require(EventFields.byName["data.\(field.key)"], "\(view.name) \(field.key)")
                #expect(known.shape.fits(field.value), "\(view.name) \(field.key): \(field.value.json)")
                seen.insert(known.name)
            }
        }
        #expect(Set(events.map(\.kind)).count == EventTypes.all.count)
        // Said only of some events of a type, none of which is among the frozen ones.
        let rare = [
            "data.claimed", "data.damaged_batches", "data.months", "data.namesake", "data.rules_change",
            "data.second_approver", "data.transition", "data.unit",
        ]
        let unused = EventFields.all.filter { $0.source == .data && !seen.contains($0.name) }.map(\.name)
        #expect(unused.sorted() == rare)
    }

    @Test("字段表里的每个字段都能问", arguments: EventFields.all)
    func everyFieldCanBeAsked(field: EventField) throws {
        var samples = RecordedSamples()
        let event = try samples.one(Self.pairing("cadre"))
        let condition = try EventCondition("\(field.name) == \(field.name) || true")
        #expect(condition.verdict(on: event) == .yes)
        // On every event means on every event: neither missing nor forgotten.
        if field.source == .envelope { #expect(try verdict("\(field.name) == \(field.name)", event) == .yes) }
    }

    @Test("补录的得知日可以问")
    func learnedOn() throws {
        var samples = RecordedSamples()
        let event = try samples.append(
            [Self.pairing("cadre")], command: RecordedSamples.command(1), causation: "#4",
            learned: RecordedSamples.day("2026-02-01"))[0]
        #expect(try verdict("has(meta.learned_on) && meta.learned_on < occurred_on", event) == .yes)
        #expect(try verdict("has(meta.causation) && meta.causation == '#4'", event) == .yes)
    }

    @Test(
        "错在第一条事件之前就说清:编号、位置、办法",
        arguments: [
            ("event == ", "CARE-6270 --where 第 10 列："),
            ("event = 'x'", "CARE-6270 --where 第 "),
            ("dta.kind == 'x'", "CARE-6271 --where 第 1 列：没有字段 dta"),
            ("data.clauze == 'x'", "CARE-6271 --where 第 1 列：没有字段 data.clauze。是否指 data.clause"),
            ("position > 1 &&\n  has(data.nothing_like_it)", "CARE-6271 --where 第 2 行第 7 列：没有字段 data.nothing_like_it"),
            ("data.intervals.exists(i, i.amount > 1)", "CARE-6271 --where 第 26 列：没有字段 amount。这里可用：amount_fen"),
            ("data.lines.all(l, l.parts.all(p, p.payer == 'x' && p.sum > 1))", "CARE-6271 --where 第 52 列：没有字段 sum"),
            ("event == 'PairingAsigned'", "CARE-6272 --where 第 10 列：没有代码 PairingAsigned"),
            ("position > 'x'", "CARE-6272 --where 第 10 列："),
            ("position + 1", "CARE-6272 --where 第 10 列：结果类型是 int"),
            ("data.amount_fen > 'x'", "CARE-6272"), ("stream.size", "CARE-6272"), ("nothing(1)", "CARE-6272"),
            ("occurred_on > '2026-01-01'", "CARE-6272"),
            ("care.on_or_after(occurred_on)", "CARE-6274"), ("care.month_of_year() == 3", "CARE-6274"),
            ("care.years_since(data.birth_date) >= 60", "CARE-6274"), ("care.parameter('x') == 1", "CARE-6274"),
            ("household.division == '4310'", "CARE-6274"), ("readings.x == 1", "CARE-6274"),
            ("members.size() > 1", "CARE-6274"),
        ])
    func refused(text: String, begins: String) throws {
        let failure = try #require(throws: Failure.self) { try EventCondition(text) }
        let line = failure.line(in: .chinese)
        #expect(line.hasPrefix(begins), "\(line)")
        #expect(failure.exit == .usage)
        #expect(failure.advice != nil)
        #expect(failure.line(in: .english).contains("--where, "))
    }

    @Test("太深、太长的条件被拒绝,也说怎么办", arguments: [200, 20_000])
    func tooLarge(depth: Int) throws {
        let text = String(repeating: "!", count: depth) + "true"
        let failure = try #require(throws: Failure.self) { try EventCondition(text) }
        #expect(failure.code == "CARE-6273")
        #expect(failure.line(in: .chinese).contains("--type"))
        let brackets = String(repeating: "(", count: depth) + "true" + String(repeating: ")", count: depth)
        #expect(try #require(throws: Failure.self) { try EventCondition(brackets) }.code == "CARE-6273")
    }

    @Test("没有答案的条数、缘由和首条都报出来")
    func tally() throws {
        var samples = RecordedSamples()
        let condition = try EventCondition("data.clause == 'CZ-2.1'")
        var tally = WhereTally()
        #expect(tally.report == nil)
        var shown = 0
        for event in [Self.determination([nil]), Self.pairing("cadre"), Self.determination([1]), Self.pairing("x")] {
            let one = try samples.one(event)
            if tally.takes(condition.verdict(on: one), at: one.position) { shown += 1 }
        }
        #expect(shown == 2 && tally.undecided == 2)
        let report = try #require(tally.report)
        #expect(report.zh.hasPrefix("另有 2 条事件无法判断，未列出（data.clause 2 条；首条 #2）"))
        #expect(
            report.en.hasPrefix("2 further events could not be decided and are not listed (data.clause 2; first #2)"))
    }
}
