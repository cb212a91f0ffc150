import CareDomain
import EventLog

extension NotifierMachine {
    /// Starts what the log says is raised and has no outcome, as far as there is room.
    mutating func startDeliveries(of history: HouseholdHistory) {
        for (notice, channel) in undelivered(history.household) {
            let id = DeliveryID(household: history.id, notice: notice.reference, channel: channel.code)
            guard deliveries[id] == nil else { continue }
            guard deliveries.count < configuration.maximumDeliveries else { return crowdedOut.append(history.id) }
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
        deliveries[id] = OpenDelivery(isPost: isPost, content: content, isRepeat: isRepeat, state: .queued)
        deliveriesByHousehold[id.household, default: []].insert(id)
        attempt(id)
    }

    /// Id of an event as the log gives it: from its command and its place among the command's events.
    static func eventID(of reference: EventReference, in history: HouseholdHistory) -> String {
        let event = history.events[Int(reference.sequence) - 1]
        let place = history.events[..<(Int(reference.sequence) - 1)].reversed().prefix { $0.command == event.command }
        let append = AppendID(high: event.command.value.high, low: event.command.value.low)
        return EventID(of: append, place: place.count).description
    }

    private mutating func attempt(_ id: DeliveryID) {
        guard let delivery = deliveries[id] else { return }
        if delivery.isPost {
            deliveries[id]?.state = .queued
            outbox.append(id)
        } else {
            deliveries[id]?.state = .underWay
            count { $0.attempts += 1 }
            actions.append(.printLine(id, String(decoding: delivery.content, as: UTF8.self)))
        }
    }

    mutating func sendPosts() {
        while postsUnderWay < configuration.maximumPosts, let id = outbox.popFirst() {
            guard let delivery = deliveries[id], case .queued = delivery.state else { continue }
            deliveries[id]?.state = .underWay
            postsUnderWay += 1
            count { $0.attempts += 1 }
            actions.append(.postWebhook(id, body: delivery.content))
        }
    }

    mutating func retryDeliveries() {
        let due = deliveries.filter { $0.value.waitsUntil.map { $0 <= now } ?? false }
        for id in due.keys.sorted() { attempt(id) }
    }

    mutating func deliveryFinished(_ id: DeliveryID, _ result: DeliveryResult) {
        guard let delivery = deliveries[id], case .underWay = delivery.state else { return }
        if delivery.isPost { postsUnderWay -= 1 }
        deliveries[id]?.attempts += 1
        guard let failure = result.failure else { return finish(id, .delivered, reason: nil) }
        let attempts = delivery.attempts + 1
        let seed = id.household.value.low ^ id.notice.sequence
        guard let pause = configuration.retry.pause(after: failure, attempts: attempts, seed: seed) else {
            actions.append(.report(.parked(id, reason: failure.reason, attempts: attempts)))
            return finish(id, .parked, reason: failure.reason)
        }
        deliveries[id]?.state = .waiting(until: now + pause)
    }

    private mutating func finish(_ id: DeliveryID, _ outcome: NoticeDelivered.Outcome, reason: Code?) {
        deliveries[id]?.state = .finished(outcome, reason: reason)
        enqueue(id.household)
    }

    /// Puts outcomes that the log does not have yet into an append; what was settled elsewhere is dropped.
    mutating func collectOutcomes(of household: HouseholdID, in draft: inout AppendDraft) {
        for id in (deliveriesByHousehold[household] ?? []).sorted() {
            guard let delivery = deliveries[id], case .finished(let outcome, let reason) = delivery.state else {
                continue
            }
            let notice = draft.household.notices.first { $0.reference == id.notice }
            let known = notice?.outcome(on: id.channel)
            guard let notice, known == nil || (delivery.isRepeat && known != .delivered) else {
                drop(id)
                continue
            }
            let delivered = NoticeDelivered(
                notice: id.notice, channel: id.channel, outcome: outcome, attempts: delivery.attempts, reason: reason)
            draft.add(delivered, to: notice, settles: id, order: nil)
        }
    }

    /// Forgets a delivery; the answer to an attempt under way is then ignored.
    mutating func drop(_ id: DeliveryID) {
        guard let delivery = deliveries.removeValue(forKey: id) else { return }
        if case .underWay = delivery.state, delivery.isPost { postsUnderWay -= 1 }
        deliveriesByHousehold[id.household]?.remove(id)
        if deliveriesByHousehold[id.household]?.isEmpty ?? false { deliveriesByHousehold[id.household] = nil }
    }
}
