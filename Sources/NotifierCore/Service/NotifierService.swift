import ArchiveClient
import CareDomain
import CareWire
import EventLog
import MessageBus
import RuleEngine
import SwiftProtobuf

/// What the notifier's worker and webhook client are asked to do.
package enum NotifierWork: Sendable {
    case write(DeliveryID, String)
    case writeOffice(OfficeDeliveryID, String)
    case save(NotifierCheckpoint)
}

/// What other threads tell the notifier.
package enum NotifierNews: Sendable {
    case printed(DeliveryID, DeliveryResult)
    case saved
    case posted(DeliveryID, DeliveryResult)
    /// A notice to an office was printed or posted.
    case officeTold(OfficeDeliveryID, DeliveryResult)
}

/// The notifier on the bus: follows the log, raises notices, delivers them, appends what became of them.
///
/// Translation only; what is raised and when is `NotifierMachine`.
package struct NotifierService: ServiceCore {
    package typealias Work = NotifierWork
    package typealias External = NotifierNews

    /// The link to care-archive.
    package static let archive = LinkID(rawValue: 0)
    private static let tickTimer = TimerID(rawValue: 1)
    private static let wakeTimer = TimerID(rawValue: 2)
    private static let officeTimer = TimerID(rawValue: 3)

    private enum Ask {
        case packs
        case load(HouseholdID, [KnownEvent])
        case append(NoticeAppend)
        case report
        case parked(RetryRound)
        case parkedCount
        case office(OfficeDesk.Ask)
    }

    private var machine: NotifierMachine
    private let principal: Principal
    private var office: OfficeDesk
    private let post: (DeliveryID, [UInt8]) -> Void
    private let postOffice: (OfficeDeliveryID, [UInt8]) -> Void
    private let onTurn: (NotifierCounters, NotifierLoad) -> Void
    private let idSeed: UInt64
    private let startCursor: [UInt8]
    private var rules = PublishedRules()
    private var packCursor: [UInt8] = []
    private var isFollowing = false
    private var cursor: [UInt8]
    private var isAtHead = false
    /// The log is another one than the checkpoint's.
    private var isDiverged = false
    /// The civil day of the last tick; nil before the first.
    package private(set) var today: CivilDay?
    private var ticks = 0
    /// The place of the last report to care-archive.
    private var reported: [UInt8] = []
    private var asked: [UInt64: Ask] = [:]
    private var nextTag: UInt64 = 0
    private var orders: [CommandID: ReplyToken] = [:]
    /// Orders of rounds that wait for those before them, and those under way.
    private var queuedOrders: [NoticeOrder] = []
    private var ordersUnderWay: Set<CommandID> = []
    /// Parked deliveries in the record, the outcomes that were appended when they were counted, and how often to count
    /// again, because the lists come a little after the log.
    private var parkedCount: UInt64 = 0
    private var countedOutcomes: Int?
    private var recounts = 0
    private static let maximumOrdersUnderWay = 32

    /// - Parameters:
    ///   - post: Sends a webhook on another thread, whose outcome comes back as `NotifierNews.posted`; must not wait.
    ///   - postOffice: The same for a notice to an office; its outcome comes back as `officeTold`.
    ///   - onTurn: Told after each turn, for metrics; must not wait.
    package init(
        configuration: NotifierConfiguration, checkpoint: NotifierCheckpoint?, principal: Principal, idSeed: UInt64,
        post: @escaping (DeliveryID, [UInt8]) -> Void,
        postOffice: @escaping (OfficeDeliveryID, [UInt8]) -> Void,
        onTurn: @escaping (NotifierCounters, NotifierLoad) -> Void = { _, _ in }
    ) {
        machine = NotifierMachine(configuration: configuration, checkpoint: checkpoint)
        office = OfficeDesk(configuration: configuration, principal: principal)
        self.principal = principal
        self.post = post
        self.postOffice = postOffice
        self.onTurn = onTurn
        self.idSeed = idSeed
        startCursor = checkpoint?.cursor ?? []
        cursor = startCursor
    }

    package mutating func step(
        _ input: ServiceInput<NotifierWork, NotifierNews>, now: BusMoment,
        actions: inout [ServiceAction<NotifierWork>]
    ) {
        switch input {
        case .started:
            actions.append(.setTimer(Self.tickTimer, after: .milliseconds(250)))
            newDay(now, &actions)
            askForPacks(&actions)
            perform(office.tick(now), now, &actions)
        case .timer(Self.officeTimer):
            perform(office.run(.timer, now), now, &actions)
        case .timer(Self.tickTimer):
            tick(now, &actions)
        case .timer:
            run(.timer, now, &actions)
        case .request(let request):
            take(request, now, &actions)
        case .read(let read):
            actions.append(.page(read.token, .refused(.problem(.unknownMethod))))
        case .reply(_, let tag, let reply):
            guard let ask = asked.removeValue(forKey: tag) else { return }
            take(reply, to: ask, now, &actions)
        case .events(let segment):
            take(segment, now, &actions)
        case .feedState(let state):
            isAtHead = state == .live
            isDiverged = state == .diverged
            if isDiverged {
                actions.append(
                    .log(BusLogEntry(.error, "the log was restored to an older state; remove the checkpoint")))
            }
            run(.feed(FeedBatch(entries: [], cursor: cursor, isAtHead: isAtHead)), now, &actions)
            perform(office.feedState(isAtHead: isAtHead, now), now, &actions)
        case .external(.officeTold(let delivery, let result)):
            perform(office.run(.deliveryFinished(delivery, result), now), now, &actions)
        case .external(.printed(let delivery, let result)), .external(.posted(let delivery, let result)):
            run(.deliveryFinished(delivery, result), now, &actions)
        case .workRefused(.writeOffice(let delivery, _)):
            let busy = DeliveryResult.failed(Code(unchecked: "busy"))
            perform(office.run(.deliveryFinished(delivery, busy), now), now, &actions)
        case .workRefused(.write(let delivery, _)):
            run(.deliveryFinished(delivery, .failed(Code(unchecked: "busy"))), now, &actions)
        case .stopping:
            run(.stop, now, &actions)
        case .external(.saved), .workRefused, .subscription, .subscriptionEnded, .peersChanged:
            break
        }
    }

    package mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<NotifierWork>]) {
        while !queuedOrders.isEmpty, ordersUnderWay.count < Self.maximumOrdersUnderWay {
            let order = queuedOrders.removeFirst()
            ordersUnderWay.insert(order.id)
            run(.order(order), now, &actions)
        }
        onTurn(machine.counters, machine.load)
    }

    // MARK: Following

    private mutating func take(
        _ segment: FeedSegment, _ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        var entries: [FeedBatch.Entry] = []
        var unreadable: [FeedBatch.Place] = []
        var settled: [ParkedEventSettled] = []
        var rulesChanged = false
        for event in segment.events {
            let record = Array(event.record)
            guard let fields = try? RecordCoder.decode(record) else { continue }
            if fields.stream.category == .pack {
                rulesChanged = takePack(fields) || rulesChanged
            } else if fields.stream.category == .access {
                if let said = ArchiveMessages.settled(record: record) { settled.append(said) }
            } else if fields.stream.category == .duty || fields.stream.category == .loan {
                perform(office.take(fields, now), now, &actions)
            } else if fields.stream.category == .household, let id = HouseholdID(fields.stream.key) {
                let sequence = fields.sequence.rawValue
                let read = ArchiveMessages.consumed(
                    record: record, sequence: sequence, skipping: machine.parked.skips(of: id), after: nil)
                switch read {
                case .success(let known): entries.append(FeedBatch.Entry(household: id, event: known))
                case .failure: unreadable.append(FeedBatch.Place(household: id, sequence: sequence))
                }
            }
        }
        cursor = segment.cursorAfter.bytes
        if rulesChanged { rulesAreKnown(now, &actions) }
        let batch = FeedBatch(entries: entries, unreadable: unreadable, cursor: cursor, isAtHead: isAtHead)
        if batch.tellsPlaces { office.familiesCame() }
        run(.feed(batch), now, &actions)
        for said in settled { run(.settled(said), now, &actions) }
    }

    private mutating func takePack(_ fields: RecordFields) -> Bool {
        guard let pack = PackID(fields.stream.key),
            case .pack(let event)? = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return false }
        let recordedAt = Moment(microseconds: fields.recordedAt.microseconds)
        if let changedAt = rules.changedAt, recordedAt <= changedAt { return false }
        return rules.take(
            event, of: pack, occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue), recordedAt: recordedAt)
    }

    private mutating func askForPacks(_ actions: inout [ServiceAction<NotifierWork>]) {
        let body = Care_V1_ReadAll.with {
            $0.cursor = .init(packCursor)
            $0.maxBytes = 4 << 20
            $0.categories = ["pack"]
        }
        ask(.packs, .readAll, bytes(body), &actions)
    }

    private mutating func packsRead(
        _ reply: BusReply, _ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        guard reply.status == .ok, let page = try? Care_V1_ReadAllReply(serializedBytes: reply.body) else { return }
        for event in page.events {
            if let fields = try? RecordCoder.decode(Array(event.record)) { _ = takePack(fields) }
        }
        packCursor = Array(page.cursor)
        guard page.atHead else {
            askForPacks(&actions)
            return
        }
        guard !isFollowing else { return }
        isFollowing = true
        rulesAreKnown(now, &actions)
        actions.append(.follow(from: EncodedCursor(startCursor)))
    }

    private mutating func rulesAreKnown(_ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]) {
        run(.policies(NoticePolicySet(rules: rules)), now, &actions)
        let terms = OverdueTerms(rules.registry, set: rules.parameters)
        perform(office.run(.rules(rules.registry, terms), now), now, &actions)
    }

    // MARK: The machine's wishes

    private mutating func perform(
        _ wishes: [OfficeDesk.Wish], _ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        for wish in wishes {
            switch wish {
            case .ask(let what, let method, let body): ask(.office(what), method, body, &actions)
            case .write(let delivery, let line): actions.append(.work(.writeOffice(delivery, line)))
            case .post(let delivery, let body): postOffice(delivery, body)
            case .wake(let time):
                let wait = time - Duration.nanoseconds(now.monotonic.nanoseconds)
                actions.append(.setTimer(Self.officeTimer, after: max(.milliseconds(1), wait)))
            case .reply(let token, let reply): actions.append(.reply(token, reply))
            case .report(let problem): actions.append(.log(problem.logEntry))
            }
        }
    }

    private mutating func run(
        _ input: NotifierInput, _ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        let elapsed = Duration.nanoseconds(now.monotonic.nanoseconds)
        machine.utcMicroseconds = now.utcMicroseconds
        for action in machine.step(input, now: elapsed) { perform(action, now, &actions) }
    }

    private mutating func perform(
        _ action: NotifierAction, _ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        switch action {
        case .load(let household):
            ask(
                .load(household, []), .readStream, ArchiveMessages.read(DecidingStream(household), after: 0), &actions)
        case .append(let append):
            send(append, now, &actions)
        case .printLine(let delivery, let line):
            actions.append(.work(.write(delivery, line)))
        case .postWebhook(let delivery, let body):
            post(delivery, body)
        case .wake(let time):
            let wait = time - Duration.nanoseconds(now.monotonic.nanoseconds)
            actions.append(.setTimer(Self.wakeTimer, after: max(.milliseconds(1), wait)))
        case .saveCheckpoint(let checkpoint):
            actions.append(.work(.save(checkpoint)))
        case .answer(let order, let answer):
            ordersUnderWay.remove(order.id)
            if let token = orders.removeValue(forKey: order.id) { actions.append(.reply(token, answer.reply)) }
        case .report(let problem):
            actions.append(.log(problem.logEntry))
        }
    }

    private mutating func send(
        _ append: NoticeAppend, _ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        var speaker = principal
        if let operatorCode = append.by { speaker.actor = operatorCode }
        let message = HouseholdAppend(
            household: append.household, expected: append.expected, id: append.command,
            contentDigest: append.command.value,
            context: EventContext(
                principal: speaker, command: append.command, causation: append.cause.map { "#\($0.sequence)" }),
            events: append.events)
        guard let wire = try? ArchiveMessages.message(message) else {
            run(
                .appendFinished(append.household, append.command, .rejected(Code(unchecked: "too_large"))), now,
                &actions)
            return
        }
        ask(.append(append), .append, ArchiveMessages.batch(wire), &actions)
    }

    private mutating func take(
        _ reply: BusReply, to ask: Ask, _ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        switch ask {
        case .report: break
        case .office(let ask): perform(office.take(reply, to: ask, now), now, &actions)
        case .packs: packsRead(reply, now, &actions)
        case .load(let household, let events): loaded(reply, household, events, now, &actions)
        case .append(let append):
            run(.appendFinished(append.household, append.command, Self.result(reply)), now, &actions)
        case .parked(let round): parkedListed(reply, round, now, &actions)
        case .parkedCount:
            if let list = Self.noticeList(reply) { parkedCount = list.total } else { countedOutcomes = nil }
        }
    }

    private mutating func loaded(
        _ reply: BusReply, _ household: HouseholdID, _ before: [KnownEvent], _ now: BusMoment,
        _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        let after = before.last?.reference.sequence ?? 0
        let skips = machine.parked.skips(of: household)
        guard reply.status == .ok,
            let read = try? ArchiveMessages.consumed(reply.body, of: household, after: after, skipping: skips)
        else {
            run(.loadFailed(household), now, &actions)
            return
        }
        switch read {
        case .stuck(let event): run(.stuck(event), now, &actions)
        case .events(let more, let isWhole):
            let events = before + more
            guard !isWhole, let last = events.last else {
                run(.loaded(household, events: events), now, &actions)
                return
            }
            let body = ArchiveMessages.read(DecidingStream(household), after: last.reference.sequence)
            ask(.load(household, events), .readStream, body, &actions)
        }
    }

    private static func result(_ reply: BusReply) -> AppendResult {
        guard reply.status == .ok, let single = try? ArchiveMessages.single(reply.body) else { return .unavailable }
        switch ArchiveMessages.answer(single, read: ArchiveMessages.household) {
        case .appended(let place), .repeated(let place):
            return .appended(
                firstSequence: place.first,
                recordedAt: Moment(
                    microseconds: place.recordedAt.microseconds - Int64(place.last - place.first)))
        case .conflict(let later):
            return .conflict(events: later.map(\.known), head: single.wrongExpected.currentSequence)
        case .idReused: return .commandReused
        case .failed(.unreadable):
            // Newer events that cannot be read: the machine reads the stream, which tells which.
            return .conflict(events: [], head: single.wrongExpected.currentSequence)
        case .failed(let failure):
            return failure.isRetriable
                ? .unavailable : .rejected(Code(failure.code.lowercased()) ?? Code(unchecked: "refused"))
        }
    }

    // MARK: Operators

    private mutating func take(
        _ request: IncomingRequest, _ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        guard request.method == .operate else {
            actions.append(.reply(request.token, .problem(.unknownMethod)))
            return
        }
        guard request.peer.rights.contains(.operate) else {
            actions.append(.reply(request.token, .problem(.rightMissing)))
            return
        }
        let operation = try? Care_V1_Operation(serializedBytes: request.body)
        if let wishes = operation.flatMap({ office.take($0, request, now) }) {
            perform(wishes, now, &actions)
            return
        }
        if let round = operation.flatMap({ RetryRound($0, request: request) }) {
            askForParked(.parked(round), after: "", now, &actions)
            return
        }
        guard let order = operation.flatMap({ NoticeOrder($0, request: request) }) else {
            actions.append(.reply(request.token, .problem(.malformed)))
            return
        }
        orders[order.id] = request.token
        run(.order(order), now, &actions)
    }

    private mutating func askForParked(
        _ ask: Ask, after page: String, size: UInt32 = 1000, _ now: BusMoment,
        _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        let day = CivilDay(microsecondsUTC: now.utcMicroseconds)
        self.ask(ask, .query, bytes(RetryRound.question(on: day, after: page, size: size)), &actions)
    }

    /// Takes a part of the list of parked notices; at the end the operator hears whether there were any.
    private mutating func parkedListed(
        _ reply: BusReply, _ round: RetryRound, _ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        guard let list = Self.noticeList(reply) else {
            actions.append(.reply(round.token, reply.status == .ok ? .problem(.fault) : reply))
            return
        }
        var round = round
        let found = round.orders(list)
        round.found += found.count
        queuedOrders += found
        guard list.nextPage.isEmpty else {
            askForParked(.parked(round), after: list.nextPage, now, &actions)
            return
        }
        let accepted = Care_V1_OperationReply.with { $0.accepted = round.found > 0 }
        actions.append(.reply(round.token, .ok(bytes(accepted))))
    }

    private static func noticeList(_ reply: BusReply) -> Care_V1_NoticeList? {
        guard reply.status == .ok, let answer = try? Care_V1_QueryReply(serializedBytes: reply.body),
            case .notices(let list)? = answer.reply
        else { return nil }
        return list
    }

    // MARK: Time

    private mutating func tick(_ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]) {
        actions.append(.setTimer(Self.tickTimer, after: .milliseconds(250)))
        ticks += 1
        newDay(now, &actions)
        perform(office.tick(now), now, &actions)
        if !isFollowing, !asked.values.contains(where: { if case .packs = $0 { true } else { false } }) {
            askForPacks(&actions)
        }
        let isAppending = asked.values.contains { if case .office(.append) = $0 { true } else { false } }
        let isIdle = machine.load.waiting == 0 && machine.load.active == 0 && !isAppending
        let isLive = isFollowing && isAtHead && isIdle
        if ticks % 4 == 0 { countParked(now, &actions) }
        // Once a second; whoever waits until everybody has been told hears of it at once.
        guard ticks % 4 == 0 || (isLive && cursor != reported) else { return }
        // What was said while something was under way is not what somebody waits for.
        reported = isLive ? cursor : []
        let report = Care_V1_ConsumerReport.with {
            $0.consumer = machine.parked.consumer.rawValue
            $0.cursor = .init(cursor)
            $0.state = isDiverged ? .stuck : !isFollowing ? .starting : isLive ? .live : .catchingUp
            $0.parkedCount = parkedCount + UInt64(machine.parked.count)
            $0.parkedEvents = machine.parked.wire()
            $0.reportedAt = now.utcMicroseconds
        }
        ask(.report, .reportConsumer, bytes(report), &actions)
    }

    private mutating func countParked(_ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]) {
        let counters = machine.counters
        let outcomes = counters.parked + counters.delivered + counters.skipped
        if outcomes != countedOutcomes {
            countedOutcomes = outcomes
            recounts = 3
        }
        guard recounts > 0 else { return }
        recounts -= 1
        askForParked(.parkedCount, after: "", size: 1, now, &actions)
    }

    private mutating func newDay(_ now: BusMoment, _ actions: inout [ServiceAction<NotifierWork>]) {
        let day = CivilDay(microsecondsUTC: now.utcMicroseconds)
        guard day != today else { return }
        today = day
        run(.day(day), now, &actions)
        perform(office.run(.day(day), now), now, &actions)
    }

    private mutating func ask(
        _ ask: Ask, _ method: BusMethod, _ body: [UInt8], _ actions: inout [ServiceAction<NotifierWork>]
    ) {
        nextTag += 1
        asked[nextTag] = ask
        let request = OutgoingRequest(
            id: RequestID(idSeed | 1 << 61, nextTag), method: method, body: body, timeout: .seconds(8))
        actions.append(.request(Self.archive, tag: nextTag, request))
    }

    private func bytes(_ message: some Message) -> [UInt8] { (try? message.serializedBytes()) ?? [] }
}
