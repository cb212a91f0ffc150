import CareDomain
import EventLog

extension NotifierMachine {
    /// Starts what the log says is raised and has no outcome, as far as there is room.
    mutating func startDeliveries(of history: HouseholdHistory) {
        for (notice, channel) in undelivered(history.household) {
            let id = DeliveryID(household: history.id, notice: notice.reference, channel: channel.code)
            guard deliveries[id] == nil else { continue }
            guard deliveries.hasRoom else { return crowdedOut.append(history.id) }
            start(id, notice, channel, history, isRepeat: false)
        }
    }

    /// Whether something of the household still waits for room.
    func hasCrowdedOut(_ history: HouseholdHistory) -> Bool {
        undelivered(history.household).contains { notice, channel in
            deliveries[DeliveryID(household: history.id, notice: notice.reference, channel: channel.code)] == nil
        }
    }

    private func undelivered(_ household: Household) -> [(Notice, NoticeChannel)] {
        household.notices.flatMap { notice in
            configuration.channels.filter { channel in
                (channel.from.map { notice.raisedOn >= $0 } ?? true) && notice.outcome(on: channel.code) == nil
            }.map { (notice, $0) }
        }
    }

    /// Makes the first attempt of a delivery.
    mutating func start(
        _ id: DeliveryID, _ notice: Notice, _ channel: NoticeChannel, _ history: HouseholdHistory, isRepeat: Bool
    ) {
        let rendering = NoticeRendering(
            history: history, notice: notice, eventID: Self.eventID(of: notice.reference, in: history),
            policy: { policies?.policy(for: $0, on: notice.raisedOn) }, showsNames: channel.showsNames)
        let isPost = channel.kind == .webhook
        let content = isPost ? rendering.cloudEvent(source: configuration.source) : Array(rendering.line.utf8)
        deliveries.start(id, isPost: isPost, content: content, isRepeat: isRepeat)
        make(deliveries.takeLines())
    }

    /// Id of an event as the log gives it: from its command and its place among the command's events.
    static func eventID(of reference: EventReference, in history: HouseholdHistory) -> String {
        let event = history.events[Int(reference.sequence) - 1]
        let place = history.events[..<(Int(reference.sequence) - 1)].reversed().prefix { $0.command == event.command }
        let append = AppendID(high: event.command.value.high, low: event.command.value.low)
        return EventID(of: append, place: place.count).description
    }

    /// Makes attempts whose pause is over, as far as they are lines; posts wait for their turn.
    mutating func retryDeliveries() {
        deliveries.resume(at: now)
        make(deliveries.takeLines())
    }

    mutating func sendPosts() { make(deliveries.takePosts()) }

    private mutating func make(_ attempts: [DeliveryBook<DeliveryID>.Attempt]) {
        count { $0.attempts += attempts.count }
        actions += attempts.map { attempt in
            switch attempt {
            case .line(let id, let line): .printLine(id, line)
            case .post(let id, let body): .postWebhook(id, body: body)
            }
        }
    }

    mutating func deliveryFinished(_ id: DeliveryID, _ result: DeliveryResult) {
        switch deliveries.take(result, of: id, at: now) {
        case .waits, nil: return
        case .delivered: break
        case .parked(let reason, let attempts):
            actions.append(.report(.parked(id, reason: reason, attempts: attempts)))
        }
        enqueue(id.household)
    }

    /// Puts outcomes that the log does not have yet into an append; what was settled elsewhere is dropped.
    mutating func collectOutcomes(of household: HouseholdID, in draft: inout AppendDraft) {
        let notices = draft.household.notices
        func notice(_ id: DeliveryID) -> Notice? { notices.first { $0.reference == id.notice } }
        let outcomes = deliveries.outcomes(of: household) { id in
            notice(id).map { .init($0.outcome(on: id.channel)) } ?? .gone
        }
        for (id, delivered) in outcomes {
            if let notice = notice(id) { draft.add(delivered, to: notice, settles: id, order: nil) }
        }
    }
}
