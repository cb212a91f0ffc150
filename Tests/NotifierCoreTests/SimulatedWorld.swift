import CareDomain
import NotifierCore

/// A log, a receiver and a printer in memory, which keep their own account of what happened.
struct SimulatedWorld {
    private(set) var streams: [HouseholdID: [KnownEvent]] = [:]
    /// Every event in the order of the log.
    private(set) var order: [FeedBatch.Entry] = []
    private(set) var receipts: [CommandID: (append: NoticeAppend, first: UInt64)] = [:]
    private(set) var lines: [DeliveryID: [String]] = [:]
    private(set) var posts: [DeliveryID: [[UInt8]]] = [:]
    private(set) var answers: [(order: NoticeOrder, answer: OrderAnswer)] = []
    private(set) var problems: [NotifierProblem] = []
    /// Kinds of things that have happened.
    private(set) var seen: Set<String> = []
    private var moment: Int64 = 1_410_000_000_000_000

    /// A person's command reaches the log: the next event of the household.
    mutating func tell(_ household: HouseholdID, _ event: HouseholdEvent, on day: CivilDay) {
        let command = CommandID(Identifier128(high: 0xC0, low: UInt64(order.count)))
        store(household, [ProposedEvent(occurredOn: day, event: event)], command)
    }

    /// A whole invented family.
    mutating func tell(_ family: Family) {
        for event in family.events { store(family.id, [event.proposed], event.command) }
    }

    @discardableResult
    private mutating func store(_ household: HouseholdID, _ events: [ProposedEvent], _ command: CommandID) -> Moment {
        for proposed in events {
            moment += 1
            let event = KnownEvent(
                reference: EventReference(sequence: UInt64(streams[household, default: []].count + 1)),
                recordedAt: Moment(microseconds: moment), command: command, proposed: proposed)
            streams[household, default: []].append(event)
            order.append(FeedBatch.Entry(household: household, event: event))
        }
        return Moment(microseconds: moment)
    }

    /// What care-archive does with an append.
    mutating func append(_ append: NoticeAppend) -> AppendResult {
        if let known = receipts[append.command] {
            let isSame = known.append.events == append.events
            seen.insert(isSame ? "repeated" : "reused")
            guard isSame else { return .commandReused }
            return .appended(firstSequence: known.first, recordedAt: Moment(microseconds: moment))
        }
        let stream = streams[append.household] ?? []
        guard UInt64(stream.count) == append.expected else {
            seen.insert("conflict")
            return .conflict(
                events: Array(stream.dropFirst(Int(append.expected)).prefix(3)), head: UInt64(stream.count))
        }
        receipts[append.command] = (append, append.expected + 1)
        look(at: append)
        let recordedAt = store(append.household, append.events, append.command)
        return .appended(firstSequence: append.expected + 1, recordedAt: recordedAt)
    }

    private mutating func look(at append: NoticeAppend) {
        for proposed in append.events {
            switch proposed.event {
            case .noticeRaised(let notice): seen.insert(notice.kind.rawValue)
            case .noticeDelivered(let delivered):
                seen.insert("\(delivered.outcome)")
                let notice = notices(append.household).first { $0.reference == delivered.notice }
                let before = notice?.outcome(on: delivered.channel)
                if let before { seen.insert("\(delivered.outcome) after \(before)") }
            default: break
            }
        }
    }

    mutating func print(_ id: DeliveryID, _ line: String) { lines[id, default: []].append(line) }
    mutating func post(_ id: DeliveryID, _ body: [UInt8]) { posts[id, default: []].append(body) }
    mutating func answer(_ order: NoticeOrder, _ answer: OrderAnswer) { answers.append((order, answer)) }
    mutating func report(_ problem: NotifierProblem) { problems.append(problem) }

    /// The frame of the feed after a cursor (number of events already read), at most `limit` events.
    func frame(after cursor: [UInt8], limit: Int = .max) -> FeedBatch {
        let start = Self.position(cursor)
        let end = min(order.count, limit == .max ? order.count : start + limit)
        return FeedBatch(
            entries: Array(order[start..<end]), cursor: Self.cursor(end), isAtHead: end == order.count)
    }

    static func position(_ cursor: [UInt8]) -> Int { cursor.reduce(0) { $0 << 8 | Int($1) } }
    static func cursor(_ position: Int) -> [UInt8] {
        [UInt8(position >> 16 & 255), UInt8(position >> 8 & 255), UInt8(position & 255)]
    }

    /// Notices of a household as the log has them.
    func notices(_ household: HouseholdID) -> [Notice] {
        HouseholdHistory(id: household, events: streams[household] ?? []).household.notices
    }
}

/// Runs a machine against a world in which everything works, except what a test takes into its own hands.
struct Desk {
    var machine: NotifierMachine
    var world = SimulatedWorld()
    var now: Duration = .zero
    /// Posts that were sent and not answered yet.
    var openPosts: [DeliveryID] = []
    /// What the receiver answers at once; nil leaves the post open.
    var receiver: DeliveryResult? = .delivered
    var wakeAt: Duration?
    var checkpoints: [NotifierCheckpoint] = []
    private var cursor: [UInt8] = []

    init(_ configuration: NotifierConfiguration, checkpoint: NotifierCheckpoint? = nil) {
        machine = NotifierMachine(configuration: configuration, checkpoint: checkpoint)
        cursor = checkpoint?.cursor ?? []
    }

    mutating func start(on text: String, _ policy: NoticePolicy = .chenzhou) {
        input(.policies(NoticePolicySet(fallback: policy)))
        input(.day(day(text)))
        feed()
    }

    /// Gives everything new in the log to the machine.
    mutating func feed() {
        let frame = world.frame(after: cursor)
        cursor = frame.cursor
        input(.feed(frame))
    }

    /// Lets time pass to the moment the machine asked for.
    mutating func sleep() {
        guard let wakeAt else { return }
        now = max(now, wakeAt)
        self.wakeAt = nil
        input(.timer)
    }

    mutating func input(_ input: NotifierInput) {
        var inputs = [input]
        while !inputs.isEmpty {
            for action in machine.step(inputs.removeFirst(), now: now) { perform(action, &inputs) }
        }
    }

    private mutating func perform(_ action: NotifierAction, _ inputs: inout [NotifierInput]) {
        switch action {
        case .load(let household):
            inputs.append(.loaded(household, events: world.streams[household] ?? []))
        case .append(let append):
            inputs.append(.appendFinished(append.household, append.command, world.append(append)))
        case .printLine(let id, let line):
            world.print(id, line)
            inputs.append(.deliveryFinished(id, .delivered))
        case .postWebhook(let id, let body):
            world.post(id, body)
            if let receiver { inputs.append(.deliveryFinished(id, receiver)) } else { openPosts.append(id) }
        case .wake(let at): wakeAt = at
        case .saveCheckpoint(let checkpoint): checkpoints.append(checkpoint)
        case .answer(let order, let answer): world.answer(order, answer)
        case .report(let problem): world.report(problem)
        }
    }
}

extension NotifierConfiguration {
    static let line = NotifierConfiguration(channels: [NoticeChannel(code: code("stdout"), kind: .line)])
    static let webhook = NotifierConfiguration(
        channels: [NoticeChannel(code: code("webhook"), kind: .webhook)], retry: RetrySchedule(attempts: 4))
}
