import CareDomain
import CareWire
import EventLog
import MessageBus
import NotifierCore
import Testing

/// What the notifier says of itself to care-archive: whoever waits until all notices are raised goes by it.
@Suite("提醒服务：报告自己办到了哪里")
struct ReportTests {
    private static let household = HouseholdID(Identifier128(high: 1, low: 2))
    private static let principal = Principal(
        peer: "notifier", actor: code("notifier"), role: code("service"),
        department: DepartmentID(unchecked: "dept.fp"), divisions: [], rights: [.append])

    /// The service with a log that is played: what it asks is kept until somebody answers.
    private struct Bench {
        var service = NotifierService(
            configuration: NotifierConfiguration(channels: [NoticeChannel(code: code("stdout"), kind: .line)]),
            checkpoint: nil, principal: principal, idSeed: 1, post: { _, _ in }, postOffice: { _, _ in })
        var asked: [(link: LinkID, tag: UInt64, request: OutgoingRequest)] = []
        var reports: [Care_V1_ConsumerReport] = []
        private var timers: [TimerID] = []
        private var clock: Int64 = 0

        mutating func step(_ input: ServiceInput<NotifierWork, NotifierNews>) throws {
            let now = BusMoment(
                monotonic: MonotonicTime(nanoseconds: (60_000 + clock) * 1_000_000),
                utcMicroseconds: 1_717_430_400_000_000 + clock * 1_000)
            var actions: [ServiceAction<NotifierWork>] = []
            service.step(input, now: now, actions: &actions)
            service.turnEnded(now: now, actions: &actions)
            for action in actions {
                switch action {
                case .setTimer(let timer, _): if !timers.contains(timer) { timers.append(timer) }
                case .request(_, _, let request) where request.method == .reportConsumer:
                    reports.append(try Care_V1_ConsumerReport(serializedBytes: request.body))
                case .request(let link, let tag, let request): asked.append((link, tag, request))
                default: break
                }
            }
        }

        /// A quarter of a second goes by, so many times.
        mutating func tick(_ times: Int = 1) throws {
            for _ in 0..<times {
                clock += 250
                // The first timer that was set beats the time; the others are for wishes of their own.
                if let beat = timers.first { try step(.timer(beat)) }
            }
        }

        /// Answers all that was asked by this method.
        mutating func answer(_ method: BusMethod, _ body: [UInt8]) throws {
            let waiting = asked.filter { $0.request.method == method }
            asked.removeAll { $0.request.method == method }
            for one in waiting { try step(.reply(one.link, tag: one.tag, .ok(body))) }
        }
    }

    /// The service when it has read the packs and the books, at the head of an empty log.
    private static func following() throws -> Bench {
        var bench = Bench()
        try bench.step(.started)
        try bench.answer(.readAll, try Care_V1_ReadAllReply.with { $0.atHead = true }.serializedBytes())
        try bench.step(.feedState(.live))
        try bench.tick(4)
        return bench
    }

    /// An event of a family of which the service knows nothing yet.
    private static func event() throws -> BusEvent {
        let command = CommandID(Identifier128(high: 7, low: 1))
        let said = try EventCodec.encode(
            .household(.personDied(PersonDied(person: PersonID(Identifier128(high: 9, low: 1))))),
            occurredOn: day("2024-06-01"), learnedOn: nil,
            context: EventContext(principal: principal, command: command, causation: nil))
        let new = NewEvent(
            kind: said.kind, version: said.version, occurredOn: DayNumber(said.occurredOn), metadata: said.metadata,
            payload: said.payload)
        let fields = RecordFields(
            stream: try StreamName("household-\(household)"), sequence: SequenceNumber(2), event: new,
            recordedAt: RecordedTime(microseconds: 1_717_300_000_000_000), eventID: EventID(high: 1, low: 1),
            appendID: AppendID(high: 7, low: 1), contentDigest: ContentDigest(high: 0, low: 0), previousHash: nil,
            epoch: 1)
        return BusEvent(position: 2, record: RecordCoder.encode(fields), hash: [UInt8](repeating: 0, count: 32))
    }

    @Test("看到了最后一条、还没办完的，报告“正在追赶”；办完（或搁置）的下一刻就报告“实时”")
    func liveWhenNothingIsUnderWay() throws {
        var bench = try Self.following()
        #expect(bench.reports.last?.state == .live)
        let cursor: [UInt8] = [1, 2, 3]
        try bench.step(
            .events(
                FeedSegment(cursorBefore: .start, cursorAfter: EncodedCursor(cursor), events: [try Self.event()])))
        #expect(bench.asked.contains { $0.request.method == .readStream }, "the family's stream is read")
        bench.reports = []
        try bench.tick(4)
        #expect(bench.reports.map(\.state) == [.catchingUp] && bench.reports.map { Array($0.cursor) } == [cursor])

        // Its stream turns out to be damaged: the family waits for the operator, and nothing is under way.
        let damaged = Care_V1_ReadStreamReply.with {
            $0.damagedSequences = [1]
            $0.head.sequence = 2
        }
        try bench.answer(.readStream, try damaged.serializedBytes())
        bench.reports = []
        try bench.tick(1)
        #expect(bench.reports.map(\.state) == [.live] && bench.reports.map { Array($0.cursor) } == [cursor])
        #expect(bench.reports.first?.parkedCount == 1)
        // What has been told is told again once a second only.
        bench.reports = []
        try bench.tick(2)
        #expect(bench.reports.isEmpty)
    }
}
