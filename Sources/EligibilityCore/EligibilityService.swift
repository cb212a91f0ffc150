import ArchiveClient
import CareDomain
import CareWire
import EventLog
import MessageBus
import RuleEngine
import SwiftProtobuf

/// What other threads tell eligibility.
package enum EligibilityNews: Sendable {
    /// A checkpoint was written, or could not be.
    case saved
}

/// Eligibility on the bus: follows the log, judges households whose facts changed, appends what the published rules
/// make of them.
///
/// First the packs are read, then households that the present rules have not seen are judged, then the feed is followed.
/// A household is read whole, judged, and what is due is appended with the sequence that was read; a conflict means that
/// something new came and it is read again.
package struct EligibilityService: ServiceCore {
    package typealias Work = EligibilityCheckpoint
    package typealias External = EligibilityNews

    /// The link to care-archive.
    package static let archive = LinkID(rawValue: 0)
    private static let tickTimer = TimerID(rawValue: 1)

    /// Counters for metrics.
    package struct Counters: Sendable, Equatable {
        package var judged = 0
        package var determinations = 0
        package var conflicts = 0
        package var failures = 0
        package var waiting = 0
    }

    private enum Ask {
        case packs
        /// A page of all households, asked for in this sweep.
        case households(sweep: Int)
        case read(HouseholdID)
        case append(HouseholdID)
        case report
    }

    private let principal: Principal
    private let maximumActive: Int
    private var checkpoint: EligibilityCheckpoint
    private var rules = PublishedRules()
    private var assessment = Assessment(rules: PublishedRules())
    private var packCursor: [UInt8] = []
    private var sweepCursor: [UInt8]?
    /// Grows whenever the rules change, so that a page of the sweep before does not end the new one early.
    private var sweep = 0
    private var isFollowing = false
    private var seenCursor: [UInt8]
    private var queue = DirtyQueue()
    private var active: [HouseholdID: (history: HouseholdHistory, isDirtyAgain: Bool)] = [:]
    private var retries: [HouseholdID] = []
    private var asked: [UInt64: Ask] = [:]
    private var nextTag: UInt64 = 0
    private let idSeed: UInt64
    private var ticks = 0
    private var savedCheckpoint: EligibilityCheckpoint?
    package private(set) var counters = Counters()
    private let onTurn: (Counters) -> Void

    /// - Parameters:
    ///   - principal: Eligibility's own name, for what it appends.
    ///   - checkpoint: From the last run; a fresh one judges everything.
    ///   - idSeed: A number that differs at every start.
    package init(
        principal: Principal, checkpoint: EligibilityCheckpoint?, idSeed: UInt64, maximumActive: Int = 32,
        onTurn: @escaping (Counters) -> Void = { _ in }
    ) {
        self.principal = principal
        self.checkpoint = checkpoint ?? EligibilityCheckpoint(cursor: [], rulesOf: nil)
        self.seenCursor = checkpoint?.cursor ?? []
        self.idSeed = idSeed
        self.maximumActive = maximumActive
        self.onTurn = onTurn
    }

    package mutating func step(
        _ input: ServiceInput<EligibilityCheckpoint, EligibilityNews>, now: BusMoment,
        actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        switch input {
        case .started:
            actions.append(.setTimer(Self.tickTimer, after: .milliseconds(250)))
            askForPacks(&actions)
        case .timer:
            tick(now, &actions)
        case .request(let request):
            actions.append(.reply(request.token, .problem(.unknownMethod)))
        case .read(let read):
            actions.append(.page(read.token, .refused(.problem(.unknownMethod))))
        case .reply(_, let tag, let reply):
            guard let ask = asked.removeValue(forKey: tag) else { return }
            take(reply, to: ask, &actions)
        case .events(let segment):
            take(segment, &actions)
        case .external(.saved), .feedState, .subscription, .subscriptionEnded, .workRefused, .peersChanged, .stopping:
            break
        }
    }

    package mutating func turnEnded(
        now: BusMoment, actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        while active.count < maximumActive, let id = queue.take() { begin(id, &actions) }
        counters.waiting = queue.count + active.count + retries.count
        onTurn(counters)
    }

    // MARK: Following

    private mutating func take(_ segment: FeedSegment, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        var rulesChanged = false
        for event in segment.events {
            let record = Array(event.record)
            guard let header = try? record.withUnsafeBytes({ try RecordHeader(parsing: $0) }) else { continue }
            switch header.kind {
            case 210..<220: rulesChanged = takePack(record) || rulesChanged
            case 1..<60, 90:
                let name = record.withUnsafeBytes { String(decoding: header.name(in: $0), as: UTF8.self) }
                if name.hasPrefix("household-"), let id = HouseholdID(name.dropFirst(10)) { mark(id) }
            default: break
            }
        }
        seenCursor = segment.cursorAfter.bytes
        if rulesChanged { beginSweep(&actions) }
    }

    private mutating func mark(_ id: HouseholdID) {
        if active[id] != nil { active[id]?.isDirtyAgain = true } else { queue.add(id) }
    }

    private mutating func takePack(_ record: [UInt8]) -> Bool {
        guard let fields = try? RecordCoder.decode(record), let pack = PackID(fields.stream.key),
            case .pack(let event)? = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return false }
        let recordedAt = Moment(microseconds: fields.recordedAt.microseconds)
        if let changedAt = rules.changedAt, recordedAt <= changedAt { return false }
        let isNew = rules.take(
            event, of: pack, occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue), recordedAt: recordedAt)
        if isNew { assessment = Assessment(rules: rules) }
        return isNew
    }

    private mutating func askForPacks(_ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        let body = Care_V1_ReadAll.with {
            $0.cursor = .init(packCursor)
            $0.maxBytes = 4 << 20
            $0.categories = ["pack"]
        }
        ask(.packs, .readAll, bytes(body), &actions)
    }

    private mutating func beginSweep(_ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        guard !rules.registry.versions.isEmpty else { return }
        sweep += 1
        sweepCursor = []
        continueSweep(&actions)
    }

    private mutating func continueSweep(_ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        guard let sweepCursor, queue.count < 20_000 else { return }
        let body = Care_V1_ReadAll.with {
            $0.cursor = .init(sweepCursor)
            $0.maxEvents = 4096
            $0.kinds = [.householdRegistered]
            $0.categories = ["household"]
        }
        ask(.households(sweep: sweep), .readAll, bytes(body), &actions)
    }

    // MARK: Households

    private mutating func begin(_ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        active[id] = (HouseholdHistory(id: id), false)
        read(id, &actions)
    }

    private mutating func read(_ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        let after = active[id]?.history.lastSequence ?? 0
        ask(.read(id), .readStream, ArchiveMessages.read(DecidingStream(id), after: after), &actions)
    }

    private mutating func advance(_ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        guard let entry = active[id] else { return }
        guard let step = assessment.nextStep(for: entry.history) else {
            counters.judged += 1
            active[id] = nil
            if entry.isDirtyAgain { queue.add(id) }
            return
        }
        let append = HouseholdAppend(
            household: id, expected: entry.history.lastSequence, id: step.id, contentDigest: step.id.value,
            context: EventContext(principal: principal, command: step.id, causation: "#\(step.readThrough.sequence)"),
            events: step.events)
        guard let message = try? ArchiveMessages.message(append) else {
            setAside(id, &actions, "determination cannot be encoded")
            return
        }
        ask(.append(id), .append, ArchiveMessages.batch(message), &actions)
    }

    private mutating func setAside(
        _ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>], _ reason: String
    ) {
        counters.failures += 1
        active[id] = nil
        actions.append(.log(BusLogEntry(.error, reason, ["household": id.description])))
    }

    private mutating func take(
        _ reply: BusReply, to ask: Ask, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        switch ask {
        case .report: break
        case .packs: packsRead(reply, &actions)
        case .households(let sweep): householdsRead(reply, sweep, &actions)
        case .read(let id): householdRead(reply, id, &actions)
        case .append(let id): appended(reply, id, &actions)
        }
    }

    private mutating func packsRead(_ reply: BusReply, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        guard reply.status == .ok, let page = try? Care_V1_ReadAllReply(serializedBytes: reply.body) else { return }
        for event in page.events { _ = takePack(Array(event.record)) }
        packCursor = Array(page.cursor)
        guard page.atHead else {
            askForPacks(&actions)
            return
        }
        if rules.changedAt != checkpoint.rulesOf { beginSweep(&actions) }
        if !isFollowing {
            isFollowing = true
            actions.append(.follow(from: EncodedCursor(checkpoint.cursor)))
        }
    }

    private mutating func householdsRead(
        _ reply: BusReply, _ sweep: Int, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        guard sweep == self.sweep, reply.status == .ok,
            let page = try? Care_V1_ReadAllReply(serializedBytes: reply.body)
        else { return }
        for event in page.events {
            let record = Array(event.record)
            guard let header = try? record.withUnsafeBytes({ try RecordHeader(parsing: $0) }) else { continue }
            let name = record.withUnsafeBytes { String(decoding: header.name(in: $0), as: UTF8.self) }
            if let id = HouseholdID(name.dropFirst(10)) { mark(id) }
        }
        sweepCursor = page.atHead ? nil : Array(page.cursor)
        continueSweep(&actions)
    }

    private mutating func householdRead(
        _ reply: BusReply, _ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        guard reply.status == .ok else {
            active[id] = nil
            retries.append(id)
            return
        }
        do {
            let read = try ArchiveMessages.streamEvents(reply.body, ArchiveMessages.household)
            for event in read.events { active[id]?.history.append(event.known) }
            if read.isWhole { advance(id, &actions) } else { self.read(id, &actions) }
        } catch {
            setAside(id, &actions, "household stream cannot be read")
        }
    }

    private mutating func appended(
        _ reply: BusReply, _ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        guard reply.status == .ok, let single = try? ArchiveMessages.single(reply.body) else {
            active[id] = nil
            retries.append(id)
            return
        }
        switch ArchiveMessages.answer(single, read: ArchiveMessages.household) {
        case .appended(let place):
            counters.determinations += Int(place.last - place.first + 1)
            read(id, &actions)
        case .repeated:
            read(id, &actions)
        case .conflict:
            counters.conflicts += 1
            read(id, &actions)
        case .idReused:
            setAside(id, &actions, "determination id reused")
        case .failed(let failure):
            setAside(id, &actions, "append refused: \(failure.code)")
        }
    }

    // MARK: Time

    private mutating func tick(
        _ now: BusMoment, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        actions.append(.setTimer(Self.tickTimer, after: .milliseconds(250)))
        ticks += 1
        if !isFollowing, !asked.values.contains(where: { if case .packs = $0 { true } else { false } }) {
            askForPacks(&actions)
        }
        let isSweepAsked = asked.values.contains { if case .households(sweep) = $0 { true } else { false } }
        if sweepCursor != nil, !isSweepAsked { continueSweep(&actions) }
        for id in retries { mark(id) }
        retries.removeAll()
        if queue.isEmpty, active.isEmpty, sweepCursor == nil, isFollowing {
            checkpoint = EligibilityCheckpoint(cursor: seenCursor, rulesOf: rules.changedAt)
            if checkpoint != savedCheckpoint, ticks % 8 == 0 {
                savedCheckpoint = checkpoint
                actions.append(.work(checkpoint))
            }
        }
        if ticks % 4 == 0 { report(now, &actions) }
    }

    private mutating func report(
        _ now: BusMoment, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        let isLive = queue.isEmpty && active.isEmpty && sweepCursor == nil && isFollowing
        let report = Care_V1_ConsumerReport.with {
            $0.consumer = "eligibility"
            $0.cursor = .init(checkpoint.cursor)
            $0.state = isLive ? .live : isFollowing ? .catchingUp : .starting
            $0.parkedCount = UInt64(counters.failures)
            $0.reportedAt = now.utcMicroseconds
        }
        ask(.report, .reportConsumer, bytes(report), &actions)
    }

    private mutating func ask(
        _ ask: Ask, _ method: BusMethod, _ body: [UInt8], _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        nextTag += 1
        asked[nextTag] = ask
        let request = OutgoingRequest(
            id: RequestID(idSeed | 1 << 62, nextTag), method: method, body: body, timeout: .seconds(8))
        actions.append(.request(Self.archive, tag: nextTag, request))
    }

    private func bytes(_ message: some Message) -> [UInt8] { (try? message.serializedBytes()) ?? [] }
}
