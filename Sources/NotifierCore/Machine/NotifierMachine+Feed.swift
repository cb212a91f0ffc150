import CareDomain

extension NotifierMachine {
    /// Takes a batch of the feed in. Repeated and old events change nothing.
    mutating func take(_ batch: FeedBatch) {
        for entry in batch.entries { take(entry.event, of: entry.household) }
        cursor = batch.cursor
        isAtHead = batch.isAtHead
        eventsSinceCheckpoint += batch.entries.count
        if eventsSinceCheckpoint >= max(configuration.checkpointEvents, index.count / 4) { saveCheckpoint() }
    }

    private mutating func take(_ event: KnownEvent, of household: HouseholdID) {
        let sequence = event.reference.sequence
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
