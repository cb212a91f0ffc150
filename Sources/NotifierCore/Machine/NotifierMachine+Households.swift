import ArchiveClient
import CareDomain

extension NotifierMachine {
    /// How often a household may conflict in a row before it pauses, so that a busy stream does not turn in circles.
    private static let patience = 8

    /// Judges a household, from the cache or after reading its stream.
    mutating func look(at household: HouseholdID) {
        if let history = cache.take(household) {
            active[household] = ActiveHousehold(phase: .loading, history: history)
            judge(household)
        } else {
            active[household] = ActiveHousehold(phase: .loading)
            read(household)
        }
    }

    private mutating func read(_ household: HouseholdID) {
        active[household]?.phase = .loading
        active[household]?.history = nil
        count { $0.loads += 1 }
        actions.append(.load(household))
    }

    mutating func loaded(_ household: HouseholdID, _ events: [KnownEvent]) {
        guard let entry = active[household], case .loading = entry.phase, entry.history == nil else { return }
        active[household]?.history = HouseholdHistory(id: household, events: events)
        judge(household)
    }

    /// Appends what the household's state asks for; when that is nothing, starts its deliveries and lets it go.
    private mutating func judge(_ household: HouseholdID) {
        guard let history = active[household]?.history, let today, let policies else { return }
        var draft = AppendDraft(history: history, today: today)
        collectOutcomes(of: household, in: &draft)
        carryOutOrders(of: household, in: &draft)
        var day = judgedDay(of: history.household, id: household, today: today)
        while true {
            if let policy = policies.policy(for: history.household, on: day) {
                for notice in NotifierRules.notices(for: history.household, today: day, policy: policy) {
                    draft.add(.noticeRaised(notice), on: day, says: notice.key)
                }
            }
            // What a day brought is in the record before the next one is judged.
            guard draft.isEmpty, passes(day, of: history.household, id: household, today: today) else { break }
            day = judgedDay(of: history.household, id: household, today: today)
        }
        guard let pending = draft.pending else { return settle(household, history) }
        active[household]?.phase = .appending(pending)
        actions.append(.append(pending.append))
    }

    private mutating func settle(_ household: HouseholdID, _ history: HouseholdHistory) {
        startDeliveries(of: history)
        guard let entry = active.removeValue(forKey: household), let today else { return }
        parked.release(household)
        let isBehind = entry.head > history.lastSequence
        if !isBehind { cache.put(history) }
        if entry.isStale || isBehind {
            index.set(household, .now)
            ready.append(household)
        } else if deliveries.has(of: household) || hasCrowdedOut(history) {
            index.set(household, .now)
        } else {
            let judged = max(today, history.household.notices.map(\.raisedOn).max() ?? today)
            index.set(household, rest(of: history.household, after: judged))
        }
    }

    /// When a household with nothing open is due again; nil when it is closed.
    private func rest(of household: Household, after today: CivilDay) -> NoticeDue? {
        guard case .active = household.status else { return nil }
        return due(household, after: today).map(NoticeDue.on) ?? .idle
    }

    mutating func appendFinished(_ household: HouseholdID, _ command: CommandID, _ result: AppendResult) {
        guard let entry = active[household], case .appending(let pending) = entry.phase,
            pending.append.command == command, var history = entry.history
        else { return }
        switch result {
        case .appended(let firstSequence, let recordedAt):
            active[household]?.failures = 0
            recorded(pending)
            guard firstSequence == history.lastSequence + 1 else { return read(household) }
            for (place, proposed) in pending.append.events.enumerated() {
                history.append(
                    KnownEvent(
                        reference: EventReference(sequence: firstSequence + UInt64(place)), recordedAt: recordedAt,
                        command: command, proposed: proposed))
            }
            active[household]?.history = history
            judge(household)
        case .conflict(let events, let head):
            count { $0.conflicts += 1 }
            for event in events where event.reference.sequence == history.lastSequence + 1 { history.append(event) }
            active[household]?.history = history
            active[household]?.failures += 1
            if entry.failures >= Self.patience {
                actions.append(.report(.contended(household)))
                pause(household, resend: nil)
            } else if history.lastSequence == head {
                judge(household)
            } else {
                read(household)
            }
        case .commandReused:
            count { $0.conflicts += 1 }
            active[household]?.failures += 1
            if entry.failures >= Self.patience { pause(household, resend: nil) } else { read(household) }
        case .unavailable:
            pause(household, resend: pending)
        case .rejected(let code):
            park(
                ParkedEvent(
                    household: household, sequence: history.lastSequence, kind: 0,
                    reason: code.rawValue == ParkingReason.tooLarge.rawValue ? .tooLarge : .refused,
                    detail: code.rawValue))
        }
    }

    /// Lets a household rest before the log is asked again.
    mutating func pause(_ household: HouseholdID, resend: PendingAppend?) {
        guard var entry = active[household] else { return }
        entry.failures += 1
        let rest = configuration.logRetry.pause(afterFailures: entry.failures, seed: household.value.low)
        entry.phase = .paused(until: now + rest, resend: resend)
        if resend == nil { entry.history = nil }
        active[household] = entry
    }

    mutating func resumePaused() {
        let rested = active.filter { $0.value.pausedUntil.map { $0 <= now } ?? false }
        for (household, entry) in rested.sorted(by: { $0.key < $1.key }) {
            guard case .paused(_, let resend) = entry.phase else { continue }
            if let resend {
                active[household]?.phase = .appending(resend)
                actions.append(.append(resend.append))
            } else {
                read(household)
            }
        }
    }

    /// The household goes no further: nothing of it stays in memory, it waits at the event for the operator, and the
    /// next day or with its next event it is looked at again.
    mutating func park(_ event: ParkedEvent) {
        let household = event.household
        if let day = active[household]?.day { owe(household, from: day) }
        let wasSettled = active.removeValue(forKey: household)?.head == .max
        deliveries.drop(of: household)
        for order in takeOrders(of: household) { actions.append(.answer(order, .refused(.streamRejected))) }
        index.set(household, today.map { .on($0 + 1) })
        if parked.park(event, at: utcMicroseconds) {
            actions.append(.report(.parkedEvent(event)))
            // At once while they are few; of very many only now and then: reading the feed again parks them again.
            if parked.count <= 64 || parked.count.nonzeroBitCount == 1 { saveCheckpoint() }
        }
        if wasSettled { enqueue(household) }
    }

    /// Forgets what an append has put into the log.
    private mutating func recorded(_ pending: PendingAppend) {
        for id in pending.settles { deliveries.drop(id) }
        for order in pending.orders { finish(order, .done) }
        for proposed in pending.append.events {
            switch proposed.event {
            case .noticeRaised: count { $0.raised += 1 }
            case .noticeDelivered(let delivered):
                count {
                    switch delivered.outcome {
                    case .delivered: $0.delivered += 1
                    case .parked: $0.parked += 1
                    case .skipped: $0.skipped += 1
                    }
                }
            default: break
            }
        }
    }
}

/// The events of one append while they are being collected.
struct AppendDraft {
    let history: HouseholdHistory
    let today: CivilDay
    private var events: [ProposedEvent] = []
    private var says: [String] = []
    private var settles: [DeliveryID] = []
    private var orders: [NoticeOrder] = []

    init(history: HouseholdHistory, today: CivilDay) {
        self.history = history
        self.today = today
    }

    var household: Household { history.household }

    var isEmpty: Bool { events.isEmpty }

    /// Adds an event of today, or of the day on which it fell due.
    mutating func add(_ event: HouseholdEvent, on day: CivilDay? = nil, says: String) {
        events.append(ProposedEvent(occurredOn: day ?? today, event: event))
        self.says.append(says)
    }

    /// Adds what became of a notice on a channel, as the next outcome there.
    mutating func add(_ delivered: NoticeDelivered, to notice: Notice, settles id: DeliveryID?, order: NoticeOrder?) {
        let earlier = notice.deliveries.filter { $0.channel == delivered.channel }.count
        let place = "\(notice.reference.sequence)/\(delivered.channel)/\(earlier + 1)"
        add(.noticeDelivered(delivered), says: "\(delivered.outcome)/\(place)/\(order?.id.description ?? "-")")
        if let id { settles.append(id) }
        if let order { orders.append(order) }
    }

    /// The append; nil when there is nothing to say.
    var pending: PendingAppend? {
        guard !events.isEmpty else { return nil }
        let command = StableDigest.command(household: history.id, day: today, says: says)
        let append = NoticeAppend(
            household: history.id, expected: history.lastSequence, command: command, events: events,
            by: orders.first?.by, cause: cause)
        return PendingAppend(append: append, settles: settles, orders: orders)
    }

    /// Notices follow from what people made known of a household, never from each other.
    private var cause: EventReference? {
        history.events.last { known in
            switch known.event {
            case .noticeRaised, .noticeDelivered, .determinationMade: false
            default: true
            }
        }?.reference
    }
}
