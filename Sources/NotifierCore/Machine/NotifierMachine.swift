import ArchiveClient
import CareDomain

/// The notifier as a step machine: inputs in, actions out; no clock, no sockets, no waiting.
///
/// The log is its memory. What was raised, delivered, parked or skipped stands in each household's stream, so a household
/// is judged from its stream alone, and every append names the sequence it was decided on: whatever was lost, repeated
/// or reordered on the way, a notice is raised once and its outcome recorded once. A delivery whose outcome was not yet
/// recorded is repeated after a crash, with the same event id.
///
/// Memory is bounded by the configuration, except for about 40 bytes per household (when it is due next).
package struct NotifierMachine {
    let configuration: NotifierConfiguration
    var now: Duration = .zero
    var actions: [NotifierAction] = []

    var today: CivilDay?
    var policies: NoticePolicySet?
    var policyDigest: Identifier128?
    var cursor: [UInt8] = []
    var isAtHead = false
    var eventsSinceCheckpoint = 0

    var index = DueIndex()
    /// The first day that was not judged yet, of households for which that is not today: the clock jumped ahead, or the
    /// service was stopped over it. Every day on which something fell due is then gone through, in order.
    var owed: [HouseholdID: CivilDay] = [:]
    /// Whether what was recorded before today counts as of that day: not while a notifier without a checkpoint reads the
    /// past, which is announced to nobody.
    var followsDays: Bool
    /// The day as of which a notifier without a checkpoint judged the past. When the clock turns out to have been ahead
    /// then, the past is judged anew: days that were passed over unseen could hold a feast.
    var since: CivilDay?
    /// The newest day that was judged before the start; nil = not known.
    private var lastDay: CivilDay?
    /// Households to be looked at, in the order they came.
    var ready = UniqueQueue<HouseholdID>()
    var active: [HouseholdID: ActiveHousehold] = [:]
    var cache: HistoryCache
    /// Orders by household, not yet carried out.
    var orders: [HouseholdID: [NoticeOrder]] = [:]
    var orderCount = 0

    var deliveries: DeliveryBook<DeliveryID>
    /// Households with deliveries that found no room.
    var crowdedOut = UniqueQueue<HouseholdID>()
    var wokenFor: Duration?
    /// Events at which households wait for the operator.
    package internal(set) var parked = ParkedEvents(consumer: NotifierCheckpoint.consumer)
    /// The wall clock in UTC microseconds, only for the time at which something is parked; 0 = not known.
    package var utcMicroseconds: Int64 = 0
    package private(set) var counters = NotifierCounters()

    /// Starts from the newest checkpoint, or without one; then give it the day, the policies and the feed from the
    /// checkpoint's cursor (from the beginning without one).
    package init(configuration: NotifierConfiguration, checkpoint: NotifierCheckpoint? = nil) {
        self.configuration = configuration
        deliveries = DeliveryBook(configuration)
        self.cache = HistoryCache(capacity: configuration.cachedHistories)
        followsDays = checkpoint != nil
        guard let checkpoint else { return }
        since = checkpoint.since
        lastDay = checkpoint.day
        cursor = checkpoint.cursor
        policyDigest = checkpoint.policies
        parked = checkpoint.parked
        for (household, entry) in checkpoint.due.sorted(by: { $0.key < $1.key }) {
            index.set(household, entry)
            guard entry == .now else { continue }
            ready.append(household)
            owed[household] = checkpoint.owed[household] ?? checkpoint.day
        }
        // Another program may be able to read what stood in the way.
        for household in parked.households {
            index.set(household, .now)
            ready.append(household)
        }
    }

    /// Takes one input in and says what is to be done, in order.
    ///
    /// - Parameter now: Time since any fixed origin; it never runs backwards. Not the time of day.
    package mutating func step(_ input: NotifierInput, now: Duration) -> [NotifierAction] {
        self.now = now
        take(input)
        pump()
        defer { actions = [] }
        return actions
    }

    /// What a restart needs; also in the actions whenever it is time to save it.
    package var checkpoint: NotifierCheckpoint {
        NotifierCheckpoint(
            cursor: cursor, due: index.entries, policies: policyDigest, day: today, since: since, owed: owedDays,
            parked: parked)
    }

    /// What is open at the moment.
    package var load: NotifierLoad {
        NotifierLoad(
            households: index.count, waiting: ready.count, active: active.count, cachedHistories: cache.count,
            deliveries: deliveries.count, crowdedOut: crowdedOut.count, orders: orderCount)
    }

    private mutating func take(_ input: NotifierInput) {
        switch input {
        case .day(let day): begin(day)
        case .policies(let policies): adopt(policies)
        case .feed(let batch): take(batch)
        case .loaded(let household, let events): loaded(household, events)
        case .loadFailed(let household): pause(household, resend: nil)
        case .stuck(let event):
            if active[event.household] != nil { park(event) }
        case .settled(let settled): take(settled)
        case .appendFinished(let household, let command, let result): appendFinished(household, command, result)
        case .deliveryFinished(let id, let result): deliveryFinished(id, result)
        case .order(let order): take(order)
        case .timer: wokenFor = nil
        case .stop: saveCheckpoint()
        }
    }

    private mutating func begin(_ day: CivilDay) {
        if let last = today ?? lastDay, day < last { return goBack(from: last, to: day) }
        guard today != day else { return }
        // Who is being looked at just now was judged up to the day before, at most.
        if let today, day > today + 1 {
            for (household, entry) in index.entries where entry == .now { owe(household, from: today + 1) }
        }
        today = day
        for (household, due) in index.take(through: day) {
            owe(household, from: due)
            enqueue(household)
        }
    }

    /// The clock was put back: by a moment at midnight, or because it had been ahead. What was judged by a clock that was
    /// ahead has passed over days that are still to come, and may have been recorded by such a clock, too; so every household
    /// is judged anew. None of them goes back behind its own newest notice (`judgedDay`).
    private mutating func goBack(from last: CivilDay, to day: CivilDay) {
        guard followsDays else { return today = day }
        guard day < last - 1 || day < since ?? day else { return today = last }
        today = day
        since = since.map { min($0, day) }
        for household in index.entries.keys.sorted() { enqueue(household) }
    }

    private mutating func adopt(_ policies: NoticePolicySet) {
        guard policies != self.policies else { return }
        self.policies = policies
        guard policies.digest != policyDigest else { return }
        policyDigest = policies.digest
        for household in index.entries.keys.sorted() { enqueue(household) }
    }

    /// Puts a household in line; while it is being worked on, it is looked at once more afterwards.
    mutating func enqueue(_ household: HouseholdID) {
        index.set(household, .now)
        if active[household] != nil { active[household]?.isStale = true } else { ready.append(household) }
    }

    /// Does what can be done now: households that wait, posts that may go, then the next wish to be woken.
    private mutating func pump() {
        resumePaused()
        retryDeliveries()
        var looked = 0
        while looked < configuration.maximumPerStep {
            if ready.isEmpty, deliveries.hasRoom, let household = crowdedOut.popFirst() {
                ready.append(household)
            }
            guard mayWork, active.count < configuration.maximumActive, let household = ready.popFirst() else { break }
            look(at: household)
            looked += 1
        }
        sendPosts()
        askToBeWoken(soon: looked == configuration.maximumPerStep && !ready.isEmpty)
    }

    /// Before the day, the policies and the head of the log are known, nothing is judged.
    private var mayWork: Bool { isAtHead && today != nil && policies != nil }

    private mutating func askToBeWoken(soon: Bool) {
        let times = active.values.compactMap(\.pausedUntil) + [deliveries.wakesAt].compactMap(\.self)
        guard let next = soon ? now : times.min(), next != wokenFor else { return }
        wokenFor = next
        actions.append(.wake(at: next))
    }

    mutating func saveCheckpoint() {
        eventsSinceCheckpoint = 0
        actions.append(.saveCheckpoint(checkpoint))
    }

    mutating func count(_ change: (inout NotifierCounters) -> Void) { change(&counters) }
}

/// Totals since the start, for the metrics.
package struct NotifierCounters: Hashable, Sendable {
    package internal(set) var raised = 0
    package internal(set) var delivered = 0
    package internal(set) var parked = 0
    package internal(set) var skipped = 0
    package internal(set) var attempts = 0
    package internal(set) var conflicts = 0
    package internal(set) var loads = 0
}

/// What is open at a moment.
package struct NotifierLoad: Hashable, Sendable {
    package let households: Int
    package let waiting: Int
    package let active: Int
    package let cachedHistories: Int
    package let deliveries: Int
    package let crowdedOut: Int
    package let orders: Int
}
