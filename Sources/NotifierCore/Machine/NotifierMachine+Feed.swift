import CareDomain

extension NotifierMachine {
    /// Takes a batch of the feed in. Repeated and old events change nothing.
    mutating func take(_ batch: FeedBatch) {
        for entry in batch.entries { take(entry.event, of: entry.household) }
        for place in batch.unreadable {
            _ = cache.take(place.household)
            if let entry = active[place.household] {
                active[place.household]?.head = max(entry.head, place.sequence)
            }
            enqueue(place.household)
        }
        cursor = batch.cursor
        isAtHead = batch.isAtHead
        if isAtHead, !followsDays { (followsDays, since) = (true, today) }
        eventsSinceCheckpoint += batch.entries.count
        if eventsSinceCheckpoint >= max(configuration.checkpointEvents, index.count / 4) { saveCheckpoint() }
    }

    /// Takes in what an operator said of a parked event: the household is read again and judged.
    mutating func take(_ settled: ParkedEventSettled) {
        guard let household = parked.settle(settled) else { return }
        _ = cache.take(household)
        if active[household] != nil {
            // What is known of it counts no more; a look that is under way reads the stream again afterwards.
            active[household]?.head = .max
        }
        enqueue(household)
        saveCheckpoint()
    }

    private mutating func take(_ event: KnownEvent, of household: HouseholdID) {
        let sequence = event.reference.sequence
        // Recorded while nobody looked, or while this clock was ahead.
        if followsDays, let today, !event.event.isOwn {
            let day = event.recordedAt.day
            if day < today { owe(household, from: day) }
        }
        if let entry = active[household] {
            active[household]?.head = max(entry.head, sequence)
            if sequence > entry.history?.lastSequence ?? 0 { enqueue(household) }
            return
        }
        if var history = cache.take(household) {
            if sequence > history.lastSequence + 1 {
                enqueue(household)
            } else {
                let isNew = sequence > history.lastSequence
                history.append(event)
                cache.put(history)
                if isNew { enqueue(household) }
            }
            return
        }
        // A new stream is followed from its first event, so that a registration needs no reading.
        if sequence == 1 { cache.put(HouseholdHistory(id: household, events: [event])) }
        if case .noticeDelivered = event.event { return }
        enqueue(household)
    }
}

extension HouseholdEvent {
    /// Whether the notifier made it.
    fileprivate var isOwn: Bool {
        switch self {
        case .noticeRaised, .noticeDelivered: true
        default: false
        }
    }
}
