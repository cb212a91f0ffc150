import ArchiveClient
import ArchiveCore
import CareDomain
import CareTestKit
import CareWire
import EligibilityCore
import EventLog
import MessageBus
import RuleEngine
import RulePacks
import SwiftProtobuf
import Testing

/// Eligibility over a log in memory, on one thread and from a seed: requests and answers may be lost, the feed comes in
/// pieces, and the service may be killed at any moment.
///
/// Runs the real core; only the wires and the clock are played.
struct EligibilityWorld {
    /// How rough the world is, per step in thousandths.
    struct Weather {
        var requestsLost = 0
        var answersLost = 0
        var kills = 0
    }

    private struct Flight {
        let generation: Int
        let tag: UInt64
        let method: BusMethod
        let body: [UInt8]
    }

    private let store = MemoryEventStore()
    private var log: MemoryEventLog
    let reader: any EventLogReader
    private(set) var service: EligibilityService
    private var generation = 0
    private var random: SeededGenerator
    private var flights: [Flight] = []
    private var timers: [TimerID: Int64] = [:]
    private var feed: [UInt8]?
    private var clock: Int64 = 0
    private var limits: EligibilityService.Limits
    private var isDown = false
    var weather = Weather()
    /// When the next command is recorded.
    var now: Moment
    /// Streams that care-archive finds damaged.
    var damaged: Set<HouseholdID> = []
    private(set) var saved: [EligibilityCheckpoint] = []
    private(set) var messages: [String] = []
    private(set) var rules = PublishedRules()

    init(
        seed: UInt64 = 1, weather: Weather = Weather(), limits: EligibilityService.Limits = .init(),
        on day: String = "2015-01-01"
    ) throws {
        log = try MemoryEventLog(store: store)
        reader = try log.makeReader()
        random = SeededGenerator(seed: seed)
        self.weather = weather
        self.limits = limits
        now = Moment.at(day)
        service = EligibilityService(principal: .eligibility, checkpoint: nil, idSeed: 1, limits: limits)
        turn(.started)
    }

    // MARK: What people do

    /// Publishes a pack as the log would take it from `rules publish`.
    mutating func publish(_ bytes: [UInt8]? = nil) throws {
        let bytes = try bytes ?? PackLibrary.bundled.packFiles(of: "chenzhou-2014")[0].bytes
        let pack = try RulePack.load(bytes: bytes, name: "pack")
        let event = PackEvent.published(
            PackPublished(
                pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash, bytes: bytes))
        let stream = ArchiveMessages.stream(of: pack.id)
        let head = try reader.streamHead(StreamName(stream))?.sequence.rawValue ?? 0
        let recordedAt = now
        _ = try put(
            ArchiveMessages.message(
                PackAppend(
                    pack: pack.id, expected: head, id: CommandID(Identifier128(high: 77, low: head)),
                    contentDigest: Identifier128(high: 77, low: head),
                    context: EventContext(
                        principal: .clerk, command: CommandID(Identifier128(high: 77, low: head))),
                    occurredOn: now.day, event: event)))
        _ = rules.take(event, of: pack.id, occurredOn: recordedAt.day, recordedAt: recordedAt)
    }

    /// Decides a command as intake would and records what it leads to.
    @discardableResult
    mutating func carryOut(_ command: HouseholdCommand) throws -> Decision {
        let history = try history(of: command.household)
        let context = DecisionContext(
            today: max(now.day, command.occurredOn), policy: rules.registry.policyCatalog,
            rights: [.command, .importHistory], newHousehold: HouseholdID.derived(from: command.id))
        let decision = history.decide(command, in: context)
        guard case .events(let events, _) = decision else { return decision }
        let reply = try put(
            ArchiveMessages.message(
                HouseholdAppend(
                    household: command.household, expected: history.lastSequence, id: command.id,
                    contentDigest: command.id.value,
                    context: EventContext(principal: .clerk, command: command.id), events: events)))
        guard case .appended? = reply.outcome else { throw WireError(.malformed, "append") }
        return decision
    }

    /// Carries out a merge or split as intake would: the other file learns of the arrival, then this one of the departure.
    mutating func move(_ command: HouseholdCommand, into target: HouseholdID) throws {
        let (source, known) = (try history(of: command.household), try history(of: target))
        let context = DecisionContext(
            today: max(now.day, command.occurredOn), policy: rules.registry.policyCatalog,
            rights: [.command, .importHistory], newHousehold: target)
        let moved = try HouseholdMove.rehearse(command, from: source, into: known, in: context)
        for (before, after) in [(known, moved.target), (source, moved.source)] {
            let id = CommandID.derived(command.id, "\(before.id)")
            let reply = try put(
                ArchiveMessages.message(
                    HouseholdAppend(
                        household: before.id, expected: before.lastSequence, id: id, contentDigest: id.value,
                        context: EventContext(principal: .clerk, command: id),
                        events: after.events.dropFirst(before.events.count).map(\.proposed))))
            guard case .appended? = reply.outcome else { throw WireError(.malformed, "append") }
        }
    }

    /// Puts an event into a household's stream as it stands, as an earlier program wrote it.
    mutating func record(_ event: HouseholdEvent, in household: HouseholdID) throws {
        let last = try history(of: household).lastSequence
        let id = CommandID(Identifier128(high: 78, low: last))
        let reply = try put(
            ArchiveMessages.message(
                HouseholdAppend(
                    household: household, expected: last, id: id, contentDigest: id.value,
                    context: EventContext(principal: .eligibility, command: id),
                    events: [ProposedEvent(occurredOn: now.day, event: event)])))
        guard case .appended? = reply.outcome else { throw WireError(.malformed, "append") }
    }

    /// Puts an event behind whatever stands in a stream, readable or not.
    mutating func record(kind: EventKind, payload: [UInt8], metadata: [UInt8] = [], in stream: String) throws {
        let last = try reader.streamHead(StreamName(stream))?.sequence.rawValue ?? 0
        let id = CommandID.derived(CommandID(Identifier128(high: 79, low: 1)), stream, Int(last)).value.bytes
        let reply = try put(
            .with {
                $0.stream = stream
                $0.expectedSequence = last
                $0.appendID = .init(id)
                $0.contentDigest = .init(id)
                $0.events = [
                    .with {
                        $0.kind = kind
                        $0.version = 1
                        $0.occurredOn = now.day.dayNumber
                        $0.metadata = .init(metadata)
                        $0.payload = .init(payload)
                    }
                ]
            })
        guard case .appended? = reply.outcome else { throw WireError(.malformed, "append") }
    }

    // MARK: What happens to the service

    /// Lets everything under way arrive, until there is nothing left to do.
    mutating func run() throws {
        var quiet = 0
        while quiet < 12 {
            try step()
            let isDrained = try feedIsDrained()
            let isIdle = service.counters.waiting == 0 && flights.isEmpty && isDrained && !isDown
            quiet = isIdle ? quiet + 1 : 0
        }
    }

    /// Some steps, in which anything may be lost and the service killed.
    mutating func run(steps: Int) throws {
        for _ in 0..<steps {
            if chance(weather.kills) { kill() }
            try step()
        }
    }

    /// Kills the service: what it had in memory and under way is gone. It starts again from a checkpoint.
    mutating func kill(from checkpoint: EligibilityCheckpoint?? = .none) {
        generation += 1
        flights.removeAll()
        timers.removeAll()
        feed = nil
        service = EligibilityService(
            principal: .eligibility, checkpoint: checkpoint ?? saved.last, idSeed: UInt64(generation) + 1,
            limits: limits)
        if !isDown { turn(.started) }
    }

    /// Stops the service, so that everything stays undone until `start`.
    mutating func stop() {
        isDown = true
        kill()
    }

    mutating func start() {
        isDown = false
        turn(.started)
    }

    // MARK: What stands in the log

    func history(of household: HouseholdID) throws -> HouseholdHistory {
        let slice = try reader.readStream(
            StreamName(ArchiveMessages.stream(of: household)), from: SequenceNumber(1), limit: 100_000)
        return HouseholdHistory(
            id: household,
            events: try slice.events.map { try ArchiveMessages.household(Care_V1_RecordedEvent($0)).known })
    }

    /// The household's determinations, oldest first.
    func determinations(of household: HouseholdID) throws -> [DeterminationMade] {
        try readable(household).compactMap {
            if case .determinationMade(let made) = $0.event { made } else { nil }
        }
    }

    private func readable(_ household: HouseholdID) throws -> [KnownEvent] {
        let slice = try reader.readStream(
            StreamName(ArchiveMessages.stream(of: household)), from: SequenceNumber(1), limit: 100_000)
        return slice.events.compactMap { try? ArchiveMessages.household(Care_V1_RecordedEvent($0)).known }
    }

    /// How many events the log holds.
    var eventCount: Int {
        (try? reader.readAll(after: .start, limit: 1_000_000, filter: .all).events.count) ?? -1
    }

    // MARK: The played wires

    private mutating func step() throws {
        if isDown { return }
        if !flights.isEmpty, Int.random(in: 0..<4, using: &random) > 0 {
            let flight = flights.remove(at: Int.random(in: flights.indices, using: &random))
            return try deliver(flight)
        }
        if try deliverFeed() { return }
        guard let next = timers.min(by: { $0.value < $1.value }) else { return }
        clock = max(clock, next.value)
        timers[next.key] = nil
        turn(.timer(next.key))
    }

    private mutating func deliver(_ flight: Flight) throws {
        guard flight.generation == generation else { return }
        if chance(weather.requestsLost) {
            return turn(.reply(EligibilityService.archive, tag: flight.tag, .problem(.deadline)))
        }
        let reply = try answer(flight.method, flight.body)
        let isLost = chance(weather.answersLost)
        turn(.reply(EligibilityService.archive, tag: flight.tag, isLost ? .problem(.deadline) : reply))
    }

    private mutating func deliverFeed() throws -> Bool {
        guard let from = feed else { return false }
        let slice = try reader.readAll(
            after: Cursor(bytes: from), limit: Int.random(in: 1...20, using: &random), filter: .all)
        guard !slice.events.isEmpty else { return false }
        let events = slice.events.map { BusEvent(position: 0, record: $0.record, hash: $0.hash.bytes) }
        feed = slice.cursor.bytes
        turn(
            .events(
                FeedSegment(
                    cursorBefore: EncodedCursor(from), cursorAfter: EncodedCursor(slice.cursor.bytes), events: events)))
        return true
    }

    private func feedIsDrained() throws -> Bool {
        guard let feed else { return false }
        return try reader.readAll(after: Cursor(bytes: feed), limit: 1, filter: .all).events.isEmpty
    }

    private mutating func turn(_ input: ServiceInput<EligibilityCheckpoint, EligibilityNews>) {
        let moment = BusMoment(
            monotonic: MonotonicTime(nanoseconds: clock), utcMicroseconds: now.microseconds + clock / 1000)
        var actions: [ServiceAction<EligibilityCheckpoint>] = []
        service.step(input, now: moment, actions: &actions)
        service.turnEnded(now: moment, actions: &actions)
        for action in actions { perform(action) }
    }

    private mutating func perform(_ action: ServiceAction<EligibilityCheckpoint>) {
        switch action {
        case .request(_, let tag, let request):
            // Reports say nothing about households; they would only keep the world busy.
            if request.method == .reportConsumer { break }
            flights.append(Flight(generation: generation, tag: tag, method: request.method, body: request.body))
        case .setTimer(let timer, let after):
            timers[timer] = clock + Int64(after / .nanoseconds(1))
        case .follow(let cursor):
            feed = cursor.bytes
            turn(.feedState(.live))
        case .work(let checkpoint):
            saved.append(checkpoint)
        case .log(let entry):
            messages.append(entry.message)
        default:
            break
        }
    }

    private mutating func chance(_ thousandths: Int) -> Bool {
        thousandths > 0 && Int.random(in: 0..<1000, using: &random) < thousandths
    }

    // MARK: What care-archive answers

    private mutating func answer(_ method: BusMethod, _ body: [UInt8]) throws -> BusReply {
        switch method {
        case .readAll: .ok(try readAll(Care_V1_ReadAll(serializedBytes: body)).serializedBytes())
        case .readStream: .ok(try readStream(Care_V1_ReadStream(serializedBytes: body)).serializedBytes())
        case .append: .ok(try append(Care_V1_AppendBatch(serializedBytes: body)).serializedBytes())
        default: .problem(.unknownMethod)
        }
    }

    private func readAll(_ wire: Care_V1_ReadAll) throws -> Care_V1_ReadAllReply {
        let kinds: Set<UInt32>? = wire.kinds.isEmpty ? nil : Set(wire.kinds.map { UInt32($0.rawValue) })
        let filter = ReadFilter(
            kinds: kinds, categories: Set(wire.categories.compactMap(StreamCategory.init(rawValue:))))
        // Small pages, so that sweeps and pack reads go on over several.
        let slice = try reader.readAll(after: Cursor(bytes: Array(wire.cursor)), limit: 7, filter: filter)
        return .with {
            $0.events = slice.events.map(Care_V1_RecordedEvent.init)
            $0.cursor = .init(slice.cursor.bytes)
            $0.atHead = slice.isAtHead
        }
    }

    private func readStream(_ wire: Care_V1_ReadStream) throws -> Care_V1_ReadStreamReply {
        let stream = try StreamName(wire.stream)
        let slice = try reader.readStream(stream, from: SequenceNumber(wire.afterSequence + 1), limit: 50)
        return .with {
            $0.events = slice.events.map(Care_V1_RecordedEvent.init)
            $0.head = .with {
                $0.stream = wire.stream
                $0.sequence = slice.head?.sequence.rawValue ?? 0
            }
            if let id = HouseholdID(stream.key), damaged.contains(id) { $0.damagedSequences = [1] }
        }
    }

    private mutating func append(_ batch: Care_V1_AppendBatch) throws -> Care_V1_AppendBatchReply {
        var replies: [Care_V1_AppendReply] = []
        for wire in batch.appends { replies.append(try put(wire)) }
        return .with { $0.replies = replies }
    }

    private mutating func put(_ wire: Care_V1_AppendRequest) throws -> Care_V1_AppendReply {
        switch AppendDesk.request(from: wire, rights: AppendRights(kinds: Set(1..<270))) {
        case .failure(let refusal): return .with { $0.refused = refusal.wire }
        case .success(let request):
            let at = RecordedTime(microseconds: now.microseconds)
            let outcomes = try log.append([request], at: at)
            now = Moment(microseconds: now.microseconds + 1_000)
            return AppendDesk.reply(to: outcomes[0], of: request)
        }
    }
}

extension Moment {
    /// Noon of a day in China.
    static func at(_ day: String) -> Moment {
        guard let day = CivilDay(parsing: day) else { preconditionFailure("Moment.at: \(day) is no day") }
        return Moment(microseconds: Int64(day.dayNumber) * 86_400_000_000 + 4 * 3_600_000_000)
    }
}

extension Principal {
    static let eligibility = Principal(
        peer: "eligibility", actor: Code(unchecked: "eligibility"), role: Code(unchecked: "service"),
        department: DepartmentID(unchecked: "dept.fp"), divisions: [], rights: [.append])
    static let clerk = Principal(
        peer: "intake", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
        department: DepartmentID(unchecked: "dept.fp"), divisions: [], rights: [.command])
}
