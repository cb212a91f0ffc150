import CareDomain
import NotifierCore
import Testing

@Suite("提醒服务：崩溃、重放与乱序")
struct CrashSimulationTests {
    @Test("任意步骤崩溃、回复丢失、重复乱序的投递：提醒只写一次，结果只写一次，至少送到一次", .timeLimit(.minutes(10)))
    func exactlyOnceWhateverHappens() {
        var seen: Set<String> = []
        for seed in UInt64(1)...100 {
            var run = CrashRun(seed: seed)
            run.trouble(turns: 600)
            run.calm()
            run.check()
            seen.formUnion(run.world.seen)
        }
        // What the runs went through, so that they cannot become harmless unnoticed.
        #expect(
            seen.isSuperset(of: [
                "conflict", "repeated", "delivered", "parked", "skipped", "delivered after parked",
                "skipped after parked", "pairing_gap_opened", "pairing_gap_closed", "pairing_handover",
                "holiday_visit_due", "certificate_review_due",
            ]),
            "\(seen.sorted())")
    }

    @Test("同一种子得到同样的经过")
    func sameSeedSameRun() {
        var runs = [CrashRun(seed: 7), CrashRun(seed: 7)]
        for index in runs.indices {
            runs[index].trouble(turns: 300)
            runs[index].calm()
        }
        #expect(runs[0].world.streams == runs[1].world.streams)
        #expect(runs[0].world.posts == runs[1].world.posts)
    }
}

/// One run of the machine in a world where everything may be lost, late, repeated or cut off.
struct CrashRun {
    private(set) var world = SimulatedWorld()
    private let seed: UInt64
    private var random: SplitMix
    private var machine: NotifierMachine
    private var now: Duration = .zero
    private var today = day("2014-09-01")
    private var cursor: [UInt8] = []
    private var saved: NotifierCheckpoint?
    private var isCalm = false
    /// Actions of the running machine not performed yet.
    private var actions: [NotifierAction] = []
    /// Appends of machines that died, still on their way to the log.
    private var ghosts: [NoticeAppend] = []
    private var wakeAt: Duration?
    private var helper: UInt64 = 100
    private var orderNumber: UInt64 = 0

    private static let channels = [
        NoticeChannel(code: code("stdout"), kind: .line), NoticeChannel(code: code("webhook"), kind: .webhook),
    ]
    private static let configuration = NotifierConfiguration(
        channels: channels, retry: RetrySchedule(attempts: 2), maximumActive: 3, maximumPerStep: 5,
        maximumDeliveries: 6, maximumPosts: 2, cachedHistories: 2, checkpointEvents: 20)
    private static let policy = NoticePolicySet(fallback: .with(holidays: ["mid_autumn", "national_day"]))

    init(seed: UInt64) {
        self.seed = seed
        random = SplitMix(seed: seed)
        machine = NotifierMachine(configuration: Self.configuration)
        for number in 1...4 {
            var family = Family.complete(UInt64(number))
            if number == 1 { family.assess(2, grade: 3, validThrough: "2014-12-20", on: "2014-08-02") }
            world.tell(family)
        }
        start()
    }

    private mutating func give(_ input: NotifierInput) {
        actions += machine.step(input, now: now)
    }

    private mutating func start() {
        machine = NotifierMachine(configuration: Self.configuration, checkpoint: saved)
        cursor = saved?.cursor ?? []
        wakeAt = nil
        give(.policies(Self.policy))
        give(.day(today))
    }

    /// Things happen in a random order, and go wrong.
    mutating func trouble(turns: Int) {
        for _ in 0..<turns {
            switch Int.random(in: 0..<16, using: &random) {
            case 0: if random.once(in: 3) { crash() }
            case 1: life()
            case 2: nextDay()
            case 3, 4, 5: feed()
            case 6: rewind()
            case 7: wake()
            case 8: ghost()
            case 9: order()
            default: perform()
            }
        }
    }

    /// No more faults: everything that is open comes to its end.
    mutating func calm() {
        isCalm = true
        while !ghosts.isEmpty { ghost() }
        for _ in 0..<10 { order() }
        for _ in 0..<20_000 {
            if !actions.isEmpty {
                perform()
            } else if SimulatedWorld.position(cursor) < world.order.count {
                feed()
            } else if wakeAt != nil {
                wake()
            } else {
                return
            }
        }
        Issue.record("seed \(seed): the machine never comes to rest")
    }

    private mutating func crash() {
        for case .append(let append) in actions where random.once(in: 2) { ghosts.append(append) }
        actions = []
        start()
    }

    private mutating func ghost() {
        guard !ghosts.isEmpty else { return }
        _ = world.append(ghosts.remove(at: Int.random(in: ghosts.indices, using: &random)))
    }

    /// A person changes something in a family.
    private mutating func life() {
        let id = household(UInt64.random(in: 1...4, using: &random))
        let state = HouseholdHistory(id: id, events: world.streams[id] ?? []).household
        let slot = PairingKind(unchecked: Family.slots.randomElement(using: &random)!)
        helper += 1
        let new = Helper(id: person(helper), hasRealName: true)
        guard let holder = state.pairings(on: today).first(where: { $0.kind == slot && $0.period.end == nil }) else {
            return world.tell(id, .pairingAssigned(PairingAssigned(kind: slot, helper: new)), on: today)
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            let handover = PairingHandedOver(kind: slot, from: holder.helper.id, to: new, reason: code("transfer"))
            world.tell(id, .pairingHandedOver(handover), on: today)
        case 1: world.tell(id, .visitRecorded(VisitRecorded(kind: code("holiday"))), on: today)
        default:
            let ended = PairingEnded(kind: slot, helper: holder.helper.id, reason: code("left"))
            world.tell(id, .pairingEnded(ended), on: today + Int32.random(in: 0...2, using: &random))
        }
    }

    private mutating func nextDay() {
        today = today + 1
        give(.day(today))
    }

    private mutating func feed() {
        let limit = isCalm ? 50 : Int.random(in: 1...6, using: &random)
        var frame = world.frame(after: cursor, limit: limit)
        cursor = frame.cursor
        if !isCalm {
            // Old events come once more and the order within the frame is lost; the cursor stays true.
            frame.entries += world.order.prefix(SimulatedWorld.position(cursor)).shuffled(using: &random).prefix(2)
            frame.entries.shuffle(using: &random)
        }
        give(.feed(frame))
    }

    /// The feed is read again from somewhere before.
    private mutating func rewind() {
        cursor = SimulatedWorld.cursor(Int.random(in: 0...SimulatedWorld.position(cursor), using: &random))
    }

    private mutating func wake() {
        guard let at = wakeAt else { return }
        wakeAt = nil
        now = max(now, at)
        give(.timer)
    }

    private mutating func order() {
        let id = household(UInt64.random(in: 1...4, using: &random))
        let channel = Self.channels.randomElement(using: &random)!.code
        let notices = world.notices(id)
        let parked = notices.filter { $0.outcome(on: channel) == .parked }
        guard let notice = (parked.isEmpty ? notices : parked).randomElement(using: &random) else { return }
        orderNumber += 1
        give(
            .order(
                NoticeOrder(
                    id: CommandID(Identifier128(high: 0xD, low: orderNumber)), household: id,
                    notice: notice.reference, channel: channel,
                    action: random.once(in: 4) ? .skip(reason: code("told_by_phone")) : .retry, by: code("op.li"))))
    }

    /// Performs one of the open actions: the reply may be lost, before or after it was done.
    private mutating func perform() {
        guard !actions.isEmpty else { return }
        let action = actions.remove(at: isCalm ? 0 : Int.random(in: actions.indices, using: &random))
        let isLostBefore = !isCalm && random.once(in: 8)
        let isLostAfter = !isCalm && random.once(in: 8)
        // In one run of three nobody takes anything until calm comes.
        let arrives = isCalm || seed % 3 != 0
        switch action {
        case .load(let id):
            give(isLostBefore ? .loadFailed(id) : .loaded(id, events: world.streams[id] ?? []))
        case .append(let append):
            let result = isLostBefore ? .unavailable : world.append(append)
            give(.appendFinished(append.household, append.command, isLostAfter ? .unavailable : result))
        case .printLine(let id, let line):
            if arrives, !isLostBefore { world.print(id, line) }
            give(.deliveryFinished(id, !arrives || isLostBefore || isLostAfter ? .failed(code("closed")) : .delivered))
        case .postWebhook(let id, let body):
            if arrives, !isLostBefore { world.post(id, body) }
            give(
                .deliveryFinished(
                    id, !arrives || isLostBefore || isLostAfter ? .status(503, retryAfter: nil) : .delivered))
        case .wake(let at): wakeAt = at
        case .saveCheckpoint(let checkpoint): saved = NotifierCheckpoint(decoding: checkpoint.encoded())
        case .answer(let order, let answer): world.answer(order, answer)
        case .report(let problem): world.report(problem)
        }
    }

    /// What must hold at the end.
    func check() {
        for number in 1...4 {
            let id = household(UInt64(number))
            let state = HouseholdHistory(id: id, events: world.streams[id] ?? []).household
            let keys = state.notices.map(\.raised.key)
            #expect(Set(keys).count == keys.count, "seed \(seed): a notice was raised twice")
            let policy = Self.policy.fallback!
            #expect(
                NotifierRules.notices(for: state, today: today, policy: policy).isEmpty, "seed \(seed): still due")
            for notice in state.notices {
                for channel in Self.channels { check(notice, channel.code, id) }
            }
        }
        #expect(machine.load.active == 0 && machine.load.deliveries == 0 && machine.load.orders == 0, "seed \(seed)")
    }

    private func check(_ notice: Notice, _ channel: Code, _ household: HouseholdID) {
        let outcomes = notice.deliveries.filter { $0.channel == channel }.map(\.outcome)
        #expect(!outcomes.isEmpty, "seed \(seed): an outcome is missing")
        // Parked ones may be driven again; delivered is the end, and nothing follows it.
        #expect(outcomes.filter { $0 == .delivered }.count <= 1, "seed \(seed): delivered is recorded twice")
        if outcomes.contains(.delivered) { #expect(outcomes.last == .delivered, "seed \(seed)") }
        let id = DeliveryID(household: household, notice: notice.reference, channel: channel)
        let sent = (world.posts[id]?.count ?? 0) + (world.lines[id]?.count ?? 0)
        if outcomes.contains(.delivered) { #expect(sent >= 1, "seed \(seed): recorded but never sent") }
        #expect(Set(world.posts[id] ?? []).count <= 1, "seed \(seed): the same notice went out with other bytes")
    }
}
