import CareDomain
import RuleEngine

/// Reminds offices of duties, lists, questions and loans, as a step machine: inputs in, actions out; no clock, no sockets.
///
/// The log is its memory: what was raised and delivered stands in the stream it is about, and every append names the
/// sequence it was decided on. So a notice is raised once, however often the service starts, the clock jumps or an answer is
/// lost. A delivery whose outcome was not recorded is repeated after a crash, with the same event id. Divisions and open
/// loans are few beside families: all of them are held.
package struct OfficeMachine: Sendable {
    let configuration: NotifierConfiguration
    private var now: Duration = .zero
    private var actions: [OfficeAction] = []
    private var today: CivilDay?
    private var registry: PackRegistry?
    private var calendar: OfficeCalendar?
    private var overdueTerms = OverdueTerms.standard
    /// The divisions where families live; nil = not told yet.
    private var homes: [DivisionCode]?
    /// Those and the ones with a book, with all divisions over them.
    private var places: Set<DivisionCode> = []
    private var isCurrent = false
    private(set) var books: [DivisionCode: DutyBook] = [:]
    private(set) var loans: [LoanID: LoanCase] = [:]
    /// Streams to be looked at.
    private var waiting: Set<OfficeStream> = []
    /// Streams with deliveries that found no room.
    private var crowdedOut: Set<OfficeStream> = []
    private var underWay: [OfficeStream: OfficeAppend] = [:]
    private var paused: [OfficeStream: (until: Duration, failures: Int)] = [:]
    private var deliveries: DeliveryBook<OfficeDeliveryID>
    private var orders: [OfficeStream: [OfficeOrder]] = [:]
    private var wokenFor: Duration?
    /// Appends side by side, at most: on a due day there is one for every village.
    private static let mostUnderWay = 64
    package private(set) var counters = NotifierCounters()

    package init(configuration: NotifierConfiguration) {
        self.configuration = configuration
        deliveries = DeliveryBook(configuration)
    }

    /// Takes one input in and says what is to be done, in order.
    /// - Parameter now: Time since any fixed origin; it never runs backwards. Not the time of day.
    package mutating func step(_ input: OfficeInput, now: Duration) -> [OfficeAction] {
        self.now = now
        take(input)
        pump()
        defer { actions = [] }
        return actions
    }

    private mutating func take(_ input: OfficeInput) {
        switch input {
        case .day(let day):
            guard today.map({ day > $0 }) ?? true else { return }
            today = day
            lookAtAll()
        case .rules(let registry, let terms):
            self.registry = registry
            overdueTerms = terms
            calendar = OfficeCalendar(registry)
            lookAtAll()
        case .homes(let found):
            guard homes != found else { return }
            homes = found
            places = Set((books.keys + found).flatMap(OfficeRules.places))
            lookAtAll()
        case .events(let events): events.forEach { evolve($0) }
        case .isCurrent(let isCurrent):
            self.isCurrent = isCurrent
            if isCurrent { lookAtAll() }
        case .appendFinished(let stream, let result): appendFinished(stream, result)
        case .deliveryFinished(let id, let result): deliveryFinished(id, result)
        case .order(let order): take(order)
        case .timer: wokenFor = nil
        }
    }

    private mutating func lookAtAll() {
        waiting.formUnion(books.keys.map(OfficeStream.duty))
        if homes != nil { waiting.formUnion(places.map(OfficeStream.duty)) }
        waiting.formUnion(loans.keys.map(OfficeStream.loan))
        if let registry { waiting.formUnion(OfficeRules.territories(registry).map(OfficeStream.duty)) }
    }

    private mutating func evolve(_ event: OfficeEvent) {
        switch event {
        case .duty(let division, let known):
            if books[division] == nil { places.formUnion(OfficeRules.places(over: division)) }
            books[division, default: DutyBook(division: division)].evolve(known)
        case .loan(let id, let known): loans[id, default: LoanCase(id: id)].evolve(known)
        }
        waiting.insert(event.stream)
    }

    private func notices(of stream: OfficeStream) -> OfficeNotices {
        switch stream {
        case .duty(let division): books[division]?.notices ?? OfficeNotices()
        case .loan(let loan): loans[loan]?.notices ?? OfficeNotices()
        }
    }

    private func lastSequence(of stream: OfficeStream) -> UInt64 {
        switch stream {
        case .duty(let division): books[division]?.lastSequence ?? 0
        case .loan(let loan): loans[loan]?.lastSequence ?? 0
        }
    }

    // MARK: Working

    /// Before the day, the packs and the head of the log are known, nothing is judged.
    private mutating func pump() {
        if isCurrent, let today, registry != nil {
            for (stream, pause) in paused where pause.until <= now { waiting.insert(stream) }
            for stream in waiting.sorted() where mayLook(at: stream) {
                guard underWay.count < Self.mostUnderWay else { break }
                waiting.remove(stream)
                look(at: stream, today)
            }
            for stream in crowdedOut.sorted() where mayLook(at: stream) {
                guard deliveries.hasRoom, underWay.count < Self.mostUnderWay else { break }
                crowdedOut.remove(stream)
                look(at: stream, today)
            }
        }
        deliveries.resume(at: now)
        make(deliveries.takeLines() + deliveries.takePosts())
        let times = paused.values.map(\.until).filter { $0 > now } + [deliveries.wakesAt].compactMap(\.self)
        guard let next = times.min(), next != wokenFor else { return }
        wokenFor = next
        actions.append(.wake(at: next))
    }

    private func mayLook(at stream: OfficeStream) -> Bool {
        underWay[stream] == nil && paused[stream].map { $0.until <= now } ?? true
    }

    /// Appends what the stream's state asks for; when that is nothing, starts its deliveries.
    private mutating func look(at stream: OfficeStream, _ today: CivilDay) {
        let notices = notices(of: stream)
        let outcomes = deliveries.outcomes(of: stream) { id in
            notices[id.notice].map { .init($0.outcome(on: id.channel)) } ?? .gone
        }
        var sayings: [(on: CivilDay, what: OfficeSaying)] = outcomes.map { (today, .delivered($0.delivered)) }
        sayings.sort { Self.text($0.what) < Self.text($1.what) }
        let by = carryOutOrders(of: stream, today, &sayings)
        sayings += due(stream, today).map { ($0.on, .raised($0.notice)) }
        guard !sayings.isEmpty else { return startDeliveries(of: stream) }
        let says = sayings.map { "\($0.on) \(Self.text($0.what))" }
        let expected = lastSequence(of: stream)
        let command = CommandID(StableDigest.of(["notifier.office.v1", stream.name, "\(expected)"] + says))
        let append = OfficeAppend(stream: stream, expected: expected, command: command, sayings: sayings, by: by)
        underWay[stream] = append
        actions.append(.append(append))
    }

    private mutating func due(_ stream: OfficeStream, _ today: CivilDay) -> [OfficeRules.Due] {
        switch stream {
        case .duty(let division):
            guard var calendar else { return [] }
            defer { self.calendar = calendar }
            return OfficeRules.due(
                books[division] ?? DutyBook(division: division), &calendar, on: today,
                among: homes == nil ? nil : places)
        case .loan(let loan): return loans[loan].map { OfficeRules.due($0, on: today, overdueBy: overdueTerms) } ?? []
        }
    }

    private static func text(_ saying: OfficeSaying) -> String {
        switch saying {
        case .raised(let notice): notice.key
        case .delivered(let delivered):
            "\(delivered.notice.sequence)/\(delivered.channel)/\(delivered.outcome)/\(delivered.attempts)"
        }
    }

    private mutating func appendFinished(_ stream: OfficeStream, _ result: OfficeAppendResult) {
        guard let append = underWay.removeValue(forKey: stream) else { return }
        waiting.insert(stream)
        switch result {
        case .appended(let events):
            paused[stream] = nil
            for (_, what) in append.sayings {
                switch what {
                case .raised: counters.raised += 1
                case .delivered(let delivered): count(delivered.outcome)
                }
            }
            events.forEach { evolve($0) }
        case .conflict(let events):
            counters.conflicts += 1
            let before = lastSequence(of: stream)
            events.forEach { evolve($0) }
            // The rest comes with the feed.
            if lastSequence(of: stream) == before { pause(stream) }
        case .unavailable, .rejected: pause(stream)
        }
    }

    private mutating func pause(_ stream: OfficeStream) {
        let failures = (paused[stream]?.failures ?? 0) + 1
        let seed = StableDigest.of([stream.name]).low
        paused[stream] = (now + configuration.logRetry.pause(afterFailures: failures, seed: seed), failures)
    }

    private mutating func count(_ outcome: NoticeDelivered.Outcome) {
        switch outcome {
        case .delivered: counters.delivered += 1
        case .parked: counters.parked += 1
        case .skipped: counters.skipped += 1
        }
    }

    // MARK: Delivering

    private mutating func startDeliveries(of stream: OfficeStream) {
        for entry in notices(of: stream).entries {
            for channel in configuration.channels where entry.outcome(on: channel.code) == nil {
                let id = OfficeDeliveryID(stream: stream, notice: entry.reference, channel: channel.code)
                guard deliveries[id] == nil, channel.from.map({ entry.on >= $0 }) ?? true else { continue }
                guard deliveries.hasRoom else {
                    // No room now: it is looked at again once there is some.
                    crowdedOut.insert(stream)
                    return
                }
                start(id, entry, channel, isRepeat: false)
            }
        }
    }

    private mutating func start(
        _ id: OfficeDeliveryID, _ entry: OfficeNotices.Entry, _ channel: NoticeChannel, isRepeat: Bool
    ) {
        let rendering = OfficeRendering(stream: id.stream, entry: entry, registry: registry)
        let isPost = channel.kind == .webhook
        let content = isPost ? rendering.cloudEvent(source: configuration.source) : Array(rendering.line.utf8)
        deliveries.start(id, isPost: isPost, content: content, isRepeat: isRepeat)
    }

    private mutating func make(_ attempts: [DeliveryBook<OfficeDeliveryID>.Attempt]) {
        counters.attempts += attempts.count
        actions += attempts.map { attempt in
            switch attempt {
            case .line(let id, let line): .printLine(id, line)
            case .post(let id, let body): .postWebhook(id, body: body)
            }
        }
    }

    private mutating func deliveryFinished(_ id: OfficeDeliveryID, _ result: DeliveryResult) {
        switch deliveries.take(result, of: id, at: now) {
        case .waits, nil: return
        case .delivered: break
        case .parked(let reason, let attempts):
            actions.append(.report(.parkedOffice(id, reason: reason, attempts: attempts)))
        }
        waiting.insert(id.stream)
    }

    // MARK: Operators

    private mutating func take(_ order: OfficeOrder) {
        guard let entry = notices(of: order.stream)[order.notice],
            let channel = configuration.channels.first(where: { $0.code == order.channel })
        else { return actions.append(.answer(order, .refused(.unknownNotice))) }
        let known = entry.outcome(on: order.channel)
        let id = OfficeDeliveryID(stream: order.stream, notice: order.notice, channel: order.channel)
        // The receiver may have it, though the log does not say so yet.
        guard known != .delivered, deliveries[id]?.hasArrived != true else {
            return actions.append(.answer(order, .refused(.alreadyDelivered)))
        }
        switch order.action {
        case .retry:
            start(id, entry, channel, isRepeat: known != nil)
            actions.append(.answer(order, .underWay))
        case .skip:
            guard known != .skipped else { return actions.append(.answer(order, .done)) }
            orders[order.stream, default: []].append(order)
            waiting.insert(order.stream)
            actions.append(.answer(order, .underWay))
        }
    }

    /// Puts what operators give up into the append.
    private mutating func carryOutOrders(
        of stream: OfficeStream, _ today: CivilDay, _ sayings: inout [(on: CivilDay, what: OfficeSaying)]
    ) -> Code? {
        var by: Code?
        for order in orders[stream] ?? [] {
            guard case .skip(let reason) = order.action,
                ![.skipped, .delivered].contains(notices(of: stream)[order.notice]?.outcome(on: order.channel))
            else { continue }
            let id = OfficeDeliveryID(stream: stream, notice: order.notice, channel: order.channel)
            let attempts = deliveries[id]?.attempts ?? 0
            deliveries.drop(id)
            sayings.append(
                (
                    today,
                    .delivered(
                        NoticeDelivered(
                            notice: order.notice, channel: order.channel, outcome: .skipped, attempts: attempts,
                            reason: reason))
                ))
            by = order.by
        }
        if by == nil { orders[stream] = nil }
        return by
    }
}
