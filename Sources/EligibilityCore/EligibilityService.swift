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
/// A household is judged as it stands, and what is due is appended with the sequence that was seen; a conflict means
/// that something new came, and it is judged again. What cannot be judged is set aside and holds nobody else up.
package struct EligibilityService: ServiceCore {
    package typealias Work = EligibilityCheckpoint
    package typealias External = EligibilityNews

    /// The link to care-archive.
    package static let archive = LinkID(rawValue: 0)
    static let tickTimer = TimerID(rawValue: 1)
    static let workTimer = TimerID(rawValue: 2)

    /// Counters for metrics.
    package struct Counters: Sendable, Equatable {
        package var judged = 0
        package var determinations = 0
        package var conflicts = 0
        /// Streams read because they were not at hand.
        package var reads = 0
        /// Households set aside at the moment.
        package var failures = 0
        package var waiting = 0
    }

    /// Limits, so that memory and a turn stay bounded.
    package struct Limits: Sendable {
        /// Households read or appended to at the same time.
        package var maximumActive = 256
        /// Households judged in one turn.
        package var maximumPerTurn = 64
        /// Appends in one request.
        package var maximumPerBatch = 64
        /// Histories kept for the next event of the same household.
        package var cachedHistories = 4096
        /// Ticks of 250 ms until a household that was set aside is looked at again.
        package var setAsideTicks = 2400

        package init() {}
    }

    enum Ask {
        case packs
        /// A page of all households, asked for in this sweep.
        case households(sweep: Int)
        case read(HouseholdID)
        /// Another file, whose rights bear on those of the household.
        case readOther(HouseholdID, of: HouseholdID)
        /// Appends in the order of the batch.
        case append([HouseholdID])
        case report
    }

    /// A place of the feed up to which everything is being judged.
    struct Candidate {
        let checkpoint: EligibilityCheckpoint
        let recordedAt: Int64
        let mark: UInt64
    }

    let principal: Principal
    let limits: Limits
    let idSeed: UInt64
    private let onTurn: (Counters) -> Void
    var checkpoint: EligibilityCheckpoint
    private var savedCheckpoint: EligibilityCheckpoint?
    /// The place of the last report to care-archive.
    private var reported: [UInt8] = []
    private var candidate: Candidate?
    var rules = PublishedRules()
    var assessment = Assessment(rules: PublishedRules())
    var packCursor: [UInt8] = []
    var sweepCursor: [UInt8]?
    /// Grows whenever the rules change, so that a page of the sweep before does not end the new one early.
    var sweep = 0
    var isFollowing = false
    var isAtHead = false
    /// The log is another one than the checkpoint's.
    private var isDiverged = false
    var seenCursor: [UInt8]
    /// When the log learned the last event that was seen, and the last that is judged.
    var seenAt: Int64 = 0
    private var judgedAt: Int64 = 0
    var ledger = JudgingLedger()
    var active: [HouseholdID: JudgedHousehold] = [:]
    var cache: HistoryCache
    /// Appends of this turn.
    var outgoing: [(HouseholdID, Care_V1_AppendRequest)] = []
    /// Households to be tried again, by the tick; only what `restingUntil` says counts.
    var resting: [Int: [HouseholdID]] = [:]
    var restingUntil: [HouseholdID: Int] = [:]
    /// Failures in a row.
    var failures: [HouseholdID: Int] = [:]
    package internal(set) var parked: ParkedEvents
    /// Households being judged about which an operator said something meanwhile: what is known of them is read anew.
    var resettled: Set<HouseholdID> = []
    /// The wall clock of this step, for the time at which something is parked.
    var utcMicroseconds: Int64 = 0
    var asked: [UInt64: Ask] = [:]
    private var nextTag: UInt64 = 0
    var ticks = 0
    package internal(set) var counters = Counters()

    /// - Parameters:
    ///   - principal: Eligibility's own name, for what it appends.
    ///   - checkpoint: From the last run; a fresh one judges everything.
    ///   - idSeed: A number that differs at every start.
    package init(
        principal: Principal, checkpoint: EligibilityCheckpoint?, idSeed: UInt64, limits: Limits = Limits(),
        onTurn: @escaping (Counters) -> Void = { _ in }
    ) {
        self.principal = principal
        self.checkpoint = checkpoint ?? EligibilityCheckpoint(cursor: [], rulesOf: nil)
        seenCursor = self.checkpoint.cursor
        parked = self.checkpoint.parked
        self.idSeed = idSeed
        self.limits = limits
        self.onTurn = onTurn
        cache = HistoryCache(capacity: limits.cachedHistories)
    }

    package mutating func step(
        _ input: ServiceInput<EligibilityCheckpoint, EligibilityNews>, now: BusMoment,
        actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        utcMicroseconds = now.utcMicroseconds
        switch input {
        case .started:
            actions.append(.setTimer(Self.tickTimer, after: .milliseconds(250)))
            askForPacks(&actions)
        case .timer(Self.tickTimer): tick(now, &actions)
        case .timer: break
        case .request(let request): actions.append(.reply(request.token, .problem(.unknownMethod)))
        case .read(let read): actions.append(.page(read.token, .refused(.problem(.unknownMethod))))
        case .reply(_, let tag, let reply):
            guard let ask = asked.removeValue(forKey: tag) else { return }
            take(reply, to: ask, &actions)
        case .events(let segment): take(segment, &actions)
        case .feedState(let state):
            isAtHead = state == .live
            isDiverged = state == .diverged
            if isDiverged {
                actions.append(
                    .log(BusLogEntry(.error, "the log was restored to an older state; remove the checkpoint")))
            }
        case .external(.saved), .subscription, .subscriptionEnded, .workRefused, .peersChanged, .stopping: break
        }
    }

    package mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        var begun = 0
        while begun < limits.maximumPerTurn, active.count < limits.maximumActive, let id = ledger.take() {
            begin(id, &actions)
            begun += 1
        }
        sendAppends(&actions)
        // More could be judged at once: take another turn, after whatever else came in.
        if begun == limits.maximumPerTurn { actions.append(.setTimer(Self.workTimer, after: .zero)) }
        counters.waiting = ledger.count
        counters.failures = parked.count
        onTurn(counters)
    }

    private mutating func take(
        _ reply: BusReply, to ask: Ask, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        switch ask {
        case .report: break
        case .packs: packsRead(reply, &actions)
        case .households(let sweep): householdsRead(reply, sweep, &actions)
        case .read(let id): householdRead(reply, id, &actions)
        case .readOther(let other, let id): otherRead(reply, other, of: id, &actions)
        case .append(let ids): appended(reply, ids, &actions)
        }
    }

    // MARK: Time

    private mutating func tick(_ now: BusMoment, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        actions.append(.setTimer(Self.tickTimer, after: .milliseconds(250)))
        ticks += 1
        if !isFollowing, !asked.values.contains(where: { if case .packs = $0 { true } else { false } }) {
            askForPacks(&actions)
        }
        let isSweepAsked = asked.values.contains { if case .households(sweep) = $0 { true } else { false } }
        if sweepCursor != nil, !isSweepAsked { continueSweep(&actions) }
        wakeRested()
        if isFollowing { moveCheckpoint(&actions) }
        // Once a second; whoever waits until all is judged hears of it at once.
        if ticks % 4 == 0 || (isLive && checkpoint.cursor != reported) { report(now, &actions) }
    }

    /// Whether everything that the feed has shown is judged.
    private var isLive: Bool { ledger.isEmpty && sweepCursor == nil && isFollowing && isAtHead }

    /// Moves the checkpoint to the newest place before which everything is judged, also while more keeps coming in.
    private mutating func moveCheckpoint(_ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        if candidate == nil {
            // A newer program may read what this one cannot, and must then look at everybody.
            let isThrough = sweepCursor == nil && rules.unreadable.isEmpty
            let rulesOf = isThrough ? rules.changedAt : checkpoint.rulesOf
            candidate = Candidate(
                checkpoint: EligibilityCheckpoint(cursor: seenCursor, rulesOf: rulesOf), recordedAt: seenAt,
                mark: ledger.setMark())
        }
        if let candidate, ledger.isSettled(through: candidate.mark) {
            checkpoint = candidate.checkpoint
            checkpoint.parked = parked
            judgedAt = candidate.recordedAt
            self.candidate = nil
        }
        guard ticks % 8 == 0, checkpoint != savedCheckpoint else { return }
        savedCheckpoint = checkpoint
        actions.append(.work(checkpoint))
    }

    private mutating func report(_ now: BusMoment, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        reported = checkpoint.cursor
        let report = Care_V1_ConsumerReport.with {
            $0.consumer = parked.consumer.rawValue
            $0.cursor = .init(checkpoint.cursor)
            $0.state = isDiverged ? .stuck : isLive ? .live : isFollowing ? .catchingUp : .starting
            $0.parkedCount = UInt64(parked.count)
            $0.parkedEvents = parked.wire()
            $0.reportedAt = now.utcMicroseconds
            $0.processedRecordedAt = judgedAt
        }
        ask(.report, .reportConsumer, bytes(report), &actions)
    }

    mutating func ask(
        _ ask: Ask, _ method: BusMethod, _ body: [UInt8], _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        nextTag += 1
        asked[nextTag] = ask
        let request = OutgoingRequest(
            id: RequestID(idSeed | 1 << 62, nextTag), method: method, body: body, timeout: .seconds(8))
        actions.append(.request(Self.archive, tag: nextTag, request))
    }

    func bytes(_ message: some Message) -> [UInt8] { (try? message.serializedBytes()) ?? [] }
}

/// A household that is being read, or whose determinations are being appended.
struct JudgedHousehold {
    /// What is known of its stream; nil until it was read.
    var history: HouseholdHistory?
    /// Sequence of its last event that the feed showed.
    var head: UInt64 = 0
    /// A fact came meanwhile: it is judged once more.
    var isDirtyAgain = false
    /// An append is under way; nil while reading.
    var append: HouseholdAppend?
    /// Other files whose rights bear on this one's, read to their ends.
    var others: [HouseholdID: HouseholdHistory] = [:]
    /// Such a file while it is being read.
    var reading: HouseholdHistory?
    /// Its determinations changed since it was taken up.
    var hasAppended = false
}
