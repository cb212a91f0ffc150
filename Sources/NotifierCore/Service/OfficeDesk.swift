import ArchiveClient
import CareDomain
import CareWire
import EventLog
import MessageBus
import RuleEngine

/// Offices' notices on the bus: reads their streams from the log, follows them, appends what the machine says.
///
/// Translation only; what is raised and when is `OfficeMachine`.
struct OfficeDesk {
    /// What care-archive was asked for.
    enum Ask {
        case read
        /// Where families live.
        case homes
        case append(OfficeAppend)
    }

    /// What is wanted of the service.
    enum Wish {
        case ask(Ask, BusMethod, [UInt8])
        case write(OfficeDeliveryID, String)
        case post(OfficeDeliveryID, [UInt8])
        case wake(at: Duration)
        case reply(ReplyToken, BusReply)
        case report(NotifierProblem)
    }

    private(set) var machine: OfficeMachine
    private let principal: Principal
    private var cursor: [UInt8] = []
    private var isReading = false
    private var isRead = false
    private var isAtHead = false
    private var orders: [CommandID: ReplyToken] = [:]
    private var isAsking = false
    /// The day for which it was asked where families live, and so many ticks later it is asked anew.
    private var askedOn: CivilDay?
    private var ticksLeft = 0
    /// A quarter of a second each: after an hour; five minutes after families came to a place, so that one where the first has
    /// come hears of its duties the same day; ten seconds after nobody answered.
    private static let (ticksBetween, ticksAfterArrival, ticksAfterFailure) = (14_400, 1_200, 40)

    init(configuration: NotifierConfiguration, principal: Principal) {
        machine = OfficeMachine(configuration: configuration)
        self.principal = principal
    }

    // MARK: From the service

    /// Reads on while it is not through, then asks where families live, on each new day and now and then; called at the start
    /// and four times a second.
    mutating func tick(_ now: BusMoment) -> [Wish] {
        guard isRead else { return readOn() }
        let day = CivilDay(microsecondsUTC: now.utcMicroseconds)
        ticksLeft -= 1
        guard !isAsking, askedOn != day || ticksLeft <= 0 else { return [] }
        (isAsking, askedOn) = (true, day)
        // The table of visits counts the open files of each place.
        let query = Care_V1_Query.with {
            $0.visitCoverage.from = day.dayNumber
            $0.visitCoverage.to = day.dayNumber
            $0.visitCoverage.depth = 12
        }
        return [.ask(.homes, .query, (try? query.serializedBytes()) ?? [])]
    }

    /// Families came to a place that may be new.
    mutating func familiesCame() { ticksLeft = min(ticksLeft, Self.ticksAfterArrival) }

    private mutating func homesTold(_ reply: BusReply, _ now: BusMoment) -> [Wish] {
        isAsking = false
        ticksLeft = Self.ticksAfterFailure
        guard reply.status == .ok, let answer = try? Care_V1_QueryReply(serializedBytes: reply.body),
            case .visitCoverage(let table)? = answer.reply
        else { return [] }
        ticksLeft = Self.ticksBetween
        let homes = table.rows.filter { $0.householdCount > 0 }.compactMap { DivisionCode($0.unit) }
        return run(.homes(homes.sorted()), now)
    }

    private mutating func readOn() -> [Wish] {
        guard !isReading else { return [] }
        isReading = true
        let body = Care_V1_ReadAll.with {
            $0.cursor = .init(cursor)
            $0.maxBytes = 4 << 20
            $0.categories = ["duty", "loan"]
        }
        return [.ask(.read, .readAll, (try? body.serializedBytes()) ?? [])]
    }

    mutating func run(_ input: OfficeInput, _ now: BusMoment) -> [Wish] {
        machine.step(input, now: Duration.nanoseconds(now.monotonic.nanoseconds)).compactMap { wish($0) }
    }

    /// Takes in what the feed brings of an office's stream.
    mutating func take(_ fields: RecordFields, _ now: BusMoment) -> [Wish] {
        Self.event(fields).map { run(.events([$0]), now) } ?? []
    }

    mutating func feedState(isAtHead: Bool, _ now: BusMoment) -> [Wish] {
        self.isAtHead = isAtHead
        return run(.isCurrent(isRead && isAtHead), now)
    }

    mutating func take(_ reply: BusReply, to ask: Ask, _ now: BusMoment) -> [Wish] {
        switch ask {
        case .read: read(reply, now)
        case .homes: homesTold(reply, now)
        case .append(let append): run(.appendFinished(append.stream, Self.result(reply, of: append)), now)
        }
    }

    /// Takes an operator's order; nil when it is none about an office's notice.
    mutating func take(_ operation: Care_V1_Operation, _ request: IncomingRequest, _ now: BusMoment) -> [Wish]? {
        guard let order = OfficeOrder(operation, request: request) else { return nil }
        orders[order.id] = request.token
        return run(.order(order), now)
    }

    // MARK: To care-archive and back

    private mutating func read(_ reply: BusReply, _ now: BusMoment) -> [Wish] {
        isReading = false
        guard reply.status == .ok, let page = try? Care_V1_ReadAllReply(serializedBytes: reply.body) else { return [] }
        let events = page.events.compactMap { event in
            (try? RecordCoder.decode(Array(event.record))).flatMap(Self.event)
        }
        cursor = Array(page.cursor)
        isRead = page.atHead
        return run(.events(events), now) + (isRead ? run(.isCurrent(isAtHead), now) + tick(now) : readOn())
    }

    /// An event of an office's stream; nil for others, and for those of a newer program.
    private static func event(_ fields: RecordFields) -> OfficeEvent? {
        guard let stream = OfficeStream(name: fields.stream.text),
            let event = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return nil }
        let reference = EventReference(sequence: fields.sequence.rawValue)
        let recordedAt = Moment(microseconds: fields.recordedAt.microseconds)
        let day = CivilDay(dayNumber: fields.event.occurredOn.rawValue)
        let command = CommandID(Identifier128(high: fields.appendID.high, low: fields.appendID.low))
        let actor = EventCodec.actor(metadata: fields.event.metadata.span.bytes)
        switch (stream, event) {
        case (.duty(let division), .duty(let event)):
            return .duty(
                division,
                KnownDutyEvent(
                    reference: reference, recordedAt: recordedAt, occurredOn: day, command: command, actor: actor,
                    event: event))
        case (.loan(let loan), .lending(let event)):
            return .loan(
                loan,
                KnownLendingEvent(
                    reference: reference, recordedAt: recordedAt, occurredOn: day, command: command, actor: actor,
                    event: event))
        default: return nil
        }
    }

    private mutating func wish(_ action: OfficeAction) -> Wish? {
        switch action {
        case .append(let append):
            var speaker = principal
            if let by = append.by { speaker.actor = by }
            let events = append.sayings.map { (on: $0.on, event: $0.what.event(of: append.stream)) }
            // What breaks a limit is never taken: nothing is sent, and the stream is tried again after a pause.
            let request = try? ArchiveMessages.notices(
                append.stream.name, expected: append.expected, id: append.command, events: events,
                context: EventContext(principal: speaker, command: append.command))
            return .ask(.append(append), .append, request.map { ArchiveMessages.batch($0) } ?? [])
        case .printLine(let id, let line): return .write(id, line)
        case .postWebhook(let id, let body): return .post(id, body)
        case .wake(let time): return .wake(at: time)
        case .report(let problem): return .report(problem)
        case .answer(let order, let answer):
            return orders.removeValue(forKey: order.id).map { .reply($0, answer.reply) }
        }
    }

    private static func result(_ reply: BusReply, of append: OfficeAppend) -> OfficeAppendResult {
        guard reply.status == .ok, let single = try? ArchiveMessages.single(reply.body) else { return .unavailable }
        switch append.stream {
        case .duty(let division):
            return result(ArchiveMessages.answer(single, read: ArchiveMessages.dutyEvent), append) {
                .duty(division, $0.known)
            }
        case .loan(let loan):
            return result(ArchiveMessages.answer(single, read: ArchiveMessages.lendingEvent), append) {
                .loan(loan, $0.known)
            }
        }
    }

    private static func result<Event>(
        _ answer: AppendAnswer<Event>, _ append: OfficeAppend, _ known: (Event) -> OfficeEvent
    ) -> OfficeAppendResult {
        switch answer {
        case .appended(let place), .repeated(let place): .appended(append.events(from: place))
        case .conflict(let later): .conflict(later.map(known))
        case .idReused: .rejected
        case .failed(let failure): failure.isRetriable ? .unavailable : .rejected
        }
    }
}

extension FeedBatch {
    /// Whether a family came to a place.
    var tellsPlaces: Bool {
        entries.contains { entry in
            switch entry.event.event {
            case .registered, .moved: true
            default: false
            }
        }
    }
}

extension OfficeSaying {
    /// As an event of the stream.
    func event(of stream: OfficeStream) -> CareEvent {
        switch (stream, self) {
        case (.duty, .raised(let notice)): .duty(.noticeRaised(notice))
        case (.duty, .delivered(let delivered)): .duty(.noticeDelivered(delivered))
        case (.loan, .raised(let notice)): .lending(.loan(.noticeRaised(notice)))
        case (.loan, .delivered(let delivered)): .lending(.loan(.noticeDelivered(delivered)))
        }
    }
}

extension OfficeAppend {
    /// Its events as the log took them.
    func events(from place: AppendPlace) -> [OfficeEvent] {
        sayings.enumerated().map { index, saying in
            let reference = EventReference(sequence: place.first + UInt64(index))
            switch (stream, saying.what.event(of: stream)) {
            case (.duty(let division), .duty(let event)):
                return .duty(
                    division,
                    KnownDutyEvent(
                        reference: reference, recordedAt: place.recordedAt, occurredOn: saying.on, command: command,
                        event: event))
            case (.loan(let loan), .lending(let event)):
                return .loan(
                    loan,
                    KnownLendingEvent(
                        reference: reference, recordedAt: place.recordedAt, occurredOn: saying.on, command: command,
                        event: event))
            default: fatalError("OfficeAppend.events: an event of another stream")
            }
        }
    }
}

extension OfficeOrder {
    /// Reads an operator's order; nil when it is none about an office's notice.
    init?(_ operation: Care_V1_Operation, request: IncomingRequest) {
        guard let id = CommandID(bytes: request.id.bytes), let by = Code(request.peer.name) else { return nil }
        let webhook = Code(unchecked: "webhook")
        switch operation.operation {
        case .retryNotice(let retry):
            guard let stream = OfficeStream(name: retry.stream), retry.noticeSequence > 0 else { return nil }
            self.init(
                id: id, stream: stream, notice: EventReference(sequence: retry.noticeSequence), channel: webhook,
                action: .retry, by: by)
        case .skipNotice(let skip):
            guard let stream = OfficeStream(name: skip.stream), let reason = Code(skip.reason) else { return nil }
            self.init(
                id: id, stream: stream, notice: EventReference(sequence: skip.noticeSequence), channel: webhook,
                action: .skip(reason: reason), by: by)
        default: return nil
        }
    }
}
