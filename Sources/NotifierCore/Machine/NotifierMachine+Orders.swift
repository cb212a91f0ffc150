import CareDomain

extension NotifierMachine {
    /// Takes an operator's order in; it is carried out when the household's stream has been read.
    mutating func take(_ order: NoticeOrder) {
        guard orders[order.household]?.contains(where: { $0.id == order.id }) != true else { return }
        guard configuration.channels.contains(where: { $0.code == order.channel }) else {
            return actions.append(.answer(order, .refused(.unknownChannel)))
        }
        guard orderCount < configuration.maximumOrders else {
            return actions.append(.answer(order, .refused(.busy)))
        }
        orders[order.household, default: []].append(order)
        orderCount += 1
        enqueue(order.household)
    }

    /// Carries out what is ordered for a household: a retry begins at once, a skip goes into the append.
    mutating func carryOutOrders(of household: HouseholdID, in draft: inout AppendDraft) {
        var isSkipping: Set<DeliveryID> = []
        for order in orders[household] ?? [] {
            let id = DeliveryID(household: household, notice: order.notice, channel: order.channel)
            guard let notice = draft.household.notices.first(where: { $0.reference == order.notice }),
                let channel = configuration.channels.first(where: { $0.code == order.channel })
            else {
                finish(order, .refused(.unknownNotice))
                continue
            }
            let known = notice.outcome(on: order.channel)
            // The receiver may have it, though the log does not say so yet.
            guard known != .delivered, deliveries[id]?.hasArrived != true else {
                finish(order, .refused(.alreadyDelivered))
                continue
            }
            switch order.action {
            case .retry:
                start(id, notice, channel, draft.history, isRepeat: known != nil)
                finish(order, .underWay)
            case .skip(let reason):
                // The second of two orders about the same delivery is answered with the next look at the household.
                guard isSkipping.insert(id).inserted else { continue }
                guard known != .skipped else {
                    finish(order, .done)
                    continue
                }
                let attempts = deliveries[id]?.attempts ?? 0
                deliveries.drop(id)
                let skipped = NoticeDelivered(
                    notice: order.notice, channel: order.channel, outcome: .skipped, attempts: attempts,
                    reason: reason)
                draft.add(skipped, to: notice, settles: nil, order: order)
            }
        }
    }

    /// Answers an order and forgets it.
    mutating func finish(_ order: NoticeOrder, _ answer: OrderAnswer) {
        guard let place = orders[order.household]?.firstIndex(where: { $0.id == order.id }) else { return }
        orders[order.household]?.remove(at: place)
        if orders[order.household]?.isEmpty ?? false { orders[order.household] = nil }
        orderCount -= 1
        actions.append(.answer(order, answer))
    }

    /// Takes all orders of a household away, unanswered.
    mutating func takeOrders(of household: HouseholdID) -> [NoticeOrder] {
        let taken = orders.removeValue(forKey: household) ?? []
        orderCount -= taken.count
        return taken
    }
}
