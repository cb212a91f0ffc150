import CareDomain
import CareWire
import EventLog
import ServiceKit
import Testing

@testable import carectl

/// What led to what, from events alone.
struct CauseTreeTests {
    private static let stream = "household-\(RecordedSamples.household)"
    private static let person = "person-\(Identifier128(high: 4, low: 4))"
    private static let register = RecordedSamples.command(1)
    private static let determine = RecordedSamples.command(40)

    /// A family registered by a clerk, its reservation, what eligibility and the notifier made of it, a pairing.
    private static func story() throws -> [TracedEvent] {
        var samples = RecordedSamples()
        let claim = PersonClaim(
            household: RecordedSamples.household, person: RecordedSamples.person(1), command: register)
        let determination = DeterminationMade(
            clause: ClauseID("CZ-2.1")!, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
            packVersion: RecordedSamples.day("2014-07-16"), packHash: [UInt8](repeating: 1, count: 32),
            cadence: Code(unchecked: "month"),
            intervals: [.init(period: DayPeriod(start: RecordedSamples.day("2026-01-01")), status: .entitled)],
            facts: [EventReference(sequence: 2)], readThrough: EventReference(sequence: 2))
        let notice = NoticeRaised(
            kind: Code(unchecked: "right_begins"), key: "right/CZ-2.1", subject: .household, clause: ClauseID("CZ-2.1"))
        let helper = Helper(id: RecordedSamples.person(8), unit: "镇政府", hasRealName: true)
        var events = try samples.append(
            [.person(.reserved(claim))], to: person, command: RecordedSamples.command(30))
        events += try samples.append(
            [
                .household(.registered(HouseholdRegistered(division: DivisionCode("431002")!))),
                .household(.personJoined(PersonJoined(person: RecordedSamples.person(1), role: .wife))),
            ], command: register)
        events += try samples.append(
            [.person(.confirmed(claim))], to: person, command: RecordedSamples.command(31))
        events += try samples.append(
            [.household(.determinationMade(determination))], by: RecordedSamples.eligibility, command: determine,
            causation: "#2")
        events += try samples.append(
            [.household(.noticeRaised(notice))], by: RecordedSamples.notifier, command: RecordedSamples.command(50),
            causation: "#2")
        events += try samples.append(
            [
                .household(
                    .noticeDelivered(
                        NoticeDelivered(
                            notice: EventReference(sequence: 4), channel: Code(unchecked: "stdout"),
                            outcome: .delivered,
                            attempts: 1)))
            ], by: RecordedSamples.notifier, command: RecordedSamples.command(51), causation: "#3")
        events += try samples.append(
            [.household(.pairingAssigned(PairingAssigned(kind: PairingKind(unchecked: "cadre"), helper: helper)))],
            command: RecordedSamples.command(2))
        return events.map(TracedEvent.init)
    }

    @Test("一户的树:命令、事件、认定、提醒、送达,一层一层")
    func household() throws {
        let nodes = CauseTree(try Self.story()).answer(.streams([Self.stream]))
        let text = nodes.map { $0.text(in: .chinese) }.joined(separator: "\n")
        let id = { (number: UInt64) in RecordedSamples.command(number).description }
        let who = "clerk-7 cadre org.township carectl → intake"
        #expect(
            text == """
                命令 \(Self.register) \(who)
                ├─ 2026-03-01 08:00:02 #2 \(Self.stream)/1 建档(HouseholdRegistered) division=431002
                ├─ 2026-03-01 08:00:03 #3 \(Self.stream)/2 成员加入(PersonJoined) person=\(RecordedSamples.person(1)) role=wife
                │  └─ 命令 \(Self.determine) → eligibility
                │     └─ 2026-03-01 08:00:05 #5 \(Self.stream)/3 认定结果(DeterminationMade) clause=CZ-2.1 pack=chenzhou-2014
                │        └─ 命令 \(id(50)) → notifier
                │           └─ 2026-03-01 08:00:06 #6 \(Self.stream)/4 提醒(NoticeRaised) kind=right_begins clause=CZ-2.1
                │              └─ 命令 \(id(51)) → notifier
                │                 └─ 2026-03-01 08:00:07 #7 \(Self.stream)/5 提醒送达情况(NoticeDelivered) \
                notice_sequence=4 channel=stdout outcome=delivered
                ├─ 命令 \(id(30)) \(who)
                │  └─ 2026-03-01 08:00:01 #1 \(Self.person)/1 占位(PersonReserved) \
                household=\(RecordedSamples.household) person=\(RecordedSamples.person(1))
                └─ 命令 \(id(31)) \(who)
                   └─ 2026-03-01 08:00:04 #4 \(Self.person)/2 确认占位(PersonConfirmed) \
                household=\(RecordedSamples.household) person=\(RecordedSamples.person(1))

                命令 \(id(2)) \(who)
                └─ 2026-03-01 08:00:08 #8 \(Self.stream)/6 结对(PairingAssigned) kind=cadre

                """)
    }

    @Test("问一条事件:从最初的起因直到它引出的一切,旁支不列")
    func event() throws {
        let nodes = CauseTree(try Self.story()).answer(.event(stream: Self.stream, sequence: 4))
        #expect(nodes.count == 1)
        let root = try #require(nodes.first)
        #expect(root.act.command == Self.register.value)
        #expect(!root.isAsked && root.hidden == 1 && root.caused.isEmpty)
        #expect(root.branches.map(\.event.sequence) == [2])
        let notice = try #require(root.branches[0].caused.first?.branches.first?.caused.first)
        #expect(notice.isAsked)
        #expect(notice.branches.map(\.event.name) == ["NoticeRaised"])
        #expect(notice.branches[0].caused.map { $0.branches.map(\.event.name) } == [["NoticeDelivered"]])
        let text = root.text(in: .english)
        #expect(text.contains("1 more events of this command"))
        #expect(text.contains("→ notifier ◀") && !text.contains("because of"))
    }

    @Test("问一条命令:它的事件和后果")
    func command() throws {
        let tree = CauseTree(try Self.story())
        let whole = try #require(tree.answer(.command(Self.register.value)).first)
        #expect(whole.isAsked && whole.branches.count == 2 && whole.caused.count == 2)
        let determination = tree.answer(.command(Self.determine.value))
        #expect(determination.count == 1)
        #expect(determination[0].branches[0].caused[0].isAsked)
        #expect(tree.answer(.command(Identifier128(high: 1, low: 1))) == [])
        #expect(tree.answer(.event(stream: Self.stream, sequence: 99)) == [])
    }

    @Test("给程序的 JSON:嵌套相同,起因有名")
    func json() throws {
        let node = try #require(CauseTree(try Self.story()).answer(.command(RecordedSamples.command(2).value)).first)
        #expect(
            node.json.text() == """
                {"command":"\(RecordedSamples.command(2))","service":"intake","by":{"actor":"clerk-7","role":"cadre",\
                "department":"org.township","peer":"carectl"},"cause":null,"asked":true,"events":[{"position":8,\
                "stream":"\(Self.stream)","sequence":6,"recorded_at":"2026-03-01T08:00:08.000000+08:00",\
                "event":"PairingAssigned","title":"结对","event_id":"\(RecordedSamples.command(2))",\
                "data":{"kind":"cadre"},"caused":[]}],"hidden_events":0,"caused":[]}
                """)
    }

    @Test("起因不在手边的,自成一树并说出起因;新规则也是起因")
    func unseenCauses() throws {
        let events = try Self.story().filter { $0.sequence != 2 && $0.stream == Self.stream }
        let nodes = CauseTree(events).answer(.streams([Self.stream]))
        #expect(nodes.count == 3)
        #expect(nodes[1].act.cause == .event(stream: Self.stream, sequence: 2))
        #expect(nodes[1].text(in: .chinese).contains("起因 \(Self.stream)/2"))
        #expect(TraceCause.rules("chenzhou-2014@2026-01-01").words.zh == "起因 新规则 chenzhou-2014@2026-01-01")
    }

    @Test("发放:列入出自关批的命令,结果出自批次的事件,批次本身不在手边也说得出")
    func payments() throws {
        var samples = RecordedSamples()
        let batch = BatchID(Identifier128(high: 6, low: 6))
        let concluded = PaymentConcluded(
            batch: batch, order: EventReference(sequence: 1), line: 0, outcome: .paid,
            cause: EventReference(sequence: 7))
        let ordered = PaymentOrdered(
            batch: batch, kind: .regular, knownThrough: EventReference(sequence: 1),
            lines: [
                OrderedLine(
                    clause: ClauseID("CZ-2.1")!, subject: .household, first: CivilMonth(year: 2026, month: 1),
                    last: CivilMonth(year: 2026, month: 1),
                    parts: [PayerPart(payer: Code(unchecked: "finance"), amount: Fen(30_000))])
            ])
        let close = RecordedSamples.command(70)
        var events = try samples.append(
            [.household(.paymentOrdered(ordered))], command: RecordedSamples.command(71), causation: close.description)
        events += try samples.append(
            [.household(.paymentConcluded(concluded))], command: RecordedSamples.command(72),
            causation: RecordedSamples.command(73).description)
        let nodes = CauseTree(events.map(TracedEvent.init)).answer(.streams([Self.stream]))
        #expect(nodes.map(\.act.cause) == [.command(close.value), .event(stream: "batch-\(batch)", sequence: 7)])
        #expect(nodes[1].text(in: .chinese).contains("起因 batch-\(batch)/7"))
    }

    @Test("信封里的起因:#序号、流#序号、命令编号;其他写法不算")
    func written() {
        let id = Identifier128(high: 3, low: 3)
        #expect(TraceCause(written: "#4", in: "s") == .event(stream: "s", sequence: 4))
        #expect(TraceCause(written: "household-x#4", in: "s") == .event(stream: "household-x", sequence: 4))
        #expect(TraceCause(written: id.description, in: "s") == .command(id))
        for text in ["", "#", "#x", "4", "a#1#2"] { #expect(TraceCause(written: text, in: "s") == nil) }
    }

    @Test("打字的写法")
    func targets() throws {
        let id = Identifier128(high: 1, low: 2)
        #expect(try TraceTarget("#1200") == .position(1200))
        #expect(try TraceTarget("1200") == .household("1200"))
        #expect(try TraceTarget(id.description.uppercased()) == .id(id))
        #expect(try TraceTarget("\(id)/7") == .event(StreamName("household-\(id)"), 7))
        #expect(try TraceTarget("pack-chenzhou-2014/1") == .event(StreamName("pack-chenzhou-2014"), 1))
        #expect(try TraceTarget("batch-\(id)") == .stream(StreamName("batch-\(id)")))
        #expect(try TraceTarget("0q3c") == .household("0q3c"))
        for text in ["", "nothing here", "household-x/0", "a/b", "王某"] {
            #expect(try #require(throws: Failure.self) { try TraceTarget(text) }.code == "CARE-6275")
        }
    }

    /// An event of which only the place and the cause count.
    private static func bare(_ place: Int, _ command: CommandID, _ cause: TraceCause?) -> TracedEvent {
        TracedEvent(
            position: UInt64(place), stream: "s", sequence: UInt64(place), name: "Unknown", title: "",
            recordedAt: Moment(microseconds: 0), eventID: command.value, command: command.value, service: "intake",
            speaker: [], said: [], cause: cause == .command(command.value) ? nil : cause, related: [], judged: nil)
    }

    /// Invented events with causes at random, also later ones, loops and causes that are not there.
    private static func tangle(_ generator: inout some RandomNumberGenerator) -> [TracedEvent] {
        (1...40).map { place -> TracedEvent in
            let cause: TraceCause? =
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: nil
                case 1: .command(RecordedSamples.command(.random(in: 1...20, using: &generator)).value)
                default: .event(stream: "s", sequence: .random(in: 1...45, using: &generator))
                }
            return bare(place, RecordedSamples.command(.random(in: 1...20, using: &generator)), cause)
        }
    }

    private static func places(_ node: CauseTree.Node) -> [UInt64] {
        node.branches.flatMap { [$0.event.position] + $0.caused.flatMap(places) } + node.caused.flatMap(places)
    }

    @Test("任何起因,连成环的也好:每条事件恰好出现一次,顺序无关", arguments: 1...60)
    func everyEventOnce(seed: UInt64) {
        var generator = SmallGenerator(seed: seed)
        let events = Self.tangle(&generator)
        let nodes = CauseTree(events).answer(.streams(["s"]))
        #expect(nodes.flatMap(Self.places).sorted() == events.map(\.position))
        #expect(CauseTree(events.shuffled(using: &generator) + events).answer(.streams(["s"])) == nodes)
        for event in events {
            let alone = CauseTree(events).answer(.event(stream: "s", sequence: event.sequence))
            #expect(alone.count == 1 && alone.flatMap(Self.places).filter { $0 == event.position }.count == 1)
        }
    }

    @Test("很长的一串也有答案")
    func longChain() {
        let events = (1...5_000).map { place in
            Self.bare(
                place, RecordedSamples.command(UInt64(place)),
                place == 1 ? nil : .event(stream: "s", sequence: UInt64(place - 1)))
        }
        let nodes = CauseTree(events).answer(.streams(["s"]))
        #expect(nodes.flatMap(Self.places).count == 5_000)
        #expect(nodes.dropFirst().allSatisfy { $0.act.cause != nil })
    }
}

/// The same numbers for the same seed.
private struct SmallGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
