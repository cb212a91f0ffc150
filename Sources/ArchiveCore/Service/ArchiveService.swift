import CareDomain
import CareWire
import EventLog
import MessageBus
import SwiftProtobuf

/// Care-archive on the bus: the one owner of the log.
///
/// All appends of one turn become one durable commit; only then are they answered and published. Reads of one stream are
/// answered at once; everything longer goes to the worker thread.
package struct ArchiveService: ServiceCore {
    package typealias Work = ArchiveWork
    package typealias External = ArchiveNews

    /// Counters for metrics.
    package struct Counters: Sendable, Equatable {
        package var appended = 0
        package var repeated = 0
        package var conflicts = 0
        package var refused = 0
        package var commits = 0
        package var diskFull = 0
        /// Streams that take nothing because they are damaged.
        package var fenced = 0
        /// Damaged events met whose stream cannot be told, counted once each.
        package var unplaced = 0
    }

    private struct PendingBatch {
        var token: ReplyToken
        /// Index of each append's request in the turn's requests, or the refusal it got.
        var items: [Result<Int, AppendRefusal>]
    }

    /// A command that is about to be refused, and the request of the turn that tells whether it was recorded before.
    struct PendingRefusal {
        var token: ReplyToken
        var refused: RefusedAppend
        var index: Int?
    }

    let log: any EventLogWriter
    private let reader: any EventLogReader
    private let kindNumbers: (Peer) -> Set<UInt32>
    private let tokenKey: TokenKeyFingerprint?
    var requests: [AppendRequest] = []
    /// Commands that were refused lately.
    var refused: RefusedCommands
    /// Where they are kept for the next start; nil = nowhere.
    let refusalStore: (any RefusalStore)?
    /// Refusals of this turn, and the submission up to which each refuses.
    var refusals: [PendingRefusal] = []
    var refusedNow: [AppendID: UInt64] = [:]
    var refusalTrouble = RecurringTrouble()
    /// Requests of this turn that only ask whether they are recorded: an attempt before them was refused.
    private var forbidden: Set<Int> = []
    private var batches: [PendingBatch] = []
    /// Answers that leave only when the record of who read what is durable, with the index of that append.
    private var guarded: [(token: ReplyToken, index: Int, reply: BusReply)] = []
    private var rights: [String: (Peer, AppendRights)] = [:]
    private var unplaced: Set<Position> = []
    private var waitingQueries: [IncomingRequest] = []
    private var isWaitTimerSet = false
    private var hasStopped = false
    private var fullDisk = RecurringTrouble()
    package private(set) var board = ConsumerBoard()
    package private(set) var counters = Counters()
    private let onTurn: (Counters, LogHead, ConsumerBoard) -> Void

    /// Most queries that wait for the read models at a time.
    private static let maximumWaitingQueries = 256
    /// Of them, most that are tried at once: the worker takes a bounded number of jobs.
    private static let retriesAtOnce = 32
    private static let waitTimer = TimerID(rawValue: 1)

    /// - Parameters:
    ///   - log: The log, owned by this core and used on its thread only.
    ///   - tokenKey: The key for person tokens on which the log rests or may come to rest; nil = whichever comes first.
    ///   - refused: What is remembered of refused commands: nothing, at the start.
    ///   - refusalStore: Where they are kept, and known from at the next start; nil = nowhere.
    ///   - onTurn: Told after each turn that committed something, for metrics; must not wait.
    package init(
        log: any EventLogWriter, tokenKey: TokenKeyFingerprint? = nil, refused: RefusedCommands = RefusedCommands(),
        refusalStore: (any RefusalStore)? = nil,
        onTurn: @escaping (Counters, LogHead, ConsumerBoard) -> Void = { _, _, _ in }
    ) throws(EventLogError) {
        self.log = log
        self.tokenKey = tokenKey
        self.refused = refused
        self.refusalStore = refusalStore
        self.reader = try log.makeReader()
        self.kindNumbers = { $0.rights.contains(.append) ? $0.eventKinds : [] }
        self.onTurn = onTurn
    }

    package mutating func step(
        _ input: ServiceInput<ArchiveWork, ArchiveNews>, now: BusMoment,
        actions: inout [ServiceAction<ArchiveWork>]
    ) {
        switch input {
        case .started:
            counters.fenced = log.fences.count
            for known in refusalStore?.kept() ?? [] { refused.refuse(known.id, known.submission, now: now.monotonic) }
            actions.append(.openFeed(epoch: log.epoch, head: EncodedCursor(log.head.cursor.bytes)))
            onTurn(counters, log.head, board)
        case .request(let request):
            take(request, now, &actions)
        case .read(let read):
            actions.append(.work(.subscription(read)))
        case .external(.answered(let token, let reply)):
            actions.append(.reply(token, reply))
        case .external(.answeredAfter(let append, let token, let reply)):
            guarded.append((token, requests.count, reply))
            requests.append(append)
        case .external(.page(let token, let page)):
            actions.append(.page(token, page))
        case .external(.notYet(let request)):
            wait(request, now, &actions)
        case .external(.projected):
            retryQueries(&actions)
        case .external(.checkpoint(let text)):
            actions.append(.announceCheckpoint(text))
        case .external(.damaged(let damages, then: let news)):
            fence(damages, now, &actions)
            step(.external(news), now: now, actions: &actions)
        case .timer:
            isWaitTimerSet = false
            giveUpLateQueries(now, &actions)
            // The rows may have moved on between a query's look at them and its coming here.
            retryQueries(&actions)
        case .workRefused(let work):
            refuse(work, &actions)
        case .peersChanged:
            rights.removeAll()
        case .stopping:
            for request in waitingQueries { actions.append(.reply(request.token, .problem(.stopping))) }
            waitingQueries.removeAll()
        case .reply, .events, .feedState, .subscription, .subscriptionEnded:
            break
        }
    }

    // MARK: Requests

    private mutating func take(
        _ request: IncomingRequest, _ now: BusMoment, _ actions: inout [ServiceAction<ArchiveWork>]
    ) {
        let isService = request.peer.rights.contains(.append)
        switch request.method {
        case .append, .readStream, .readStreamHead, .readAll, .reportConsumer, .refuseCommand:
            guard isService else {
                actions.append(.reply(request.token, .problem(.rightMissing)))
                return
            }
        case .query:
            guard isService || request.peer.rights.contains(.query) else {
                actions.append(.reply(request.token, .problem(.rightMissing)))
                return
            }
        case .operate:
            guard request.peer.rights.contains(.operate) else {
                actions.append(.reply(request.token, .problem(.rightMissing)))
                return
            }
        case .putAttachment, .getAttachment:
            guard request.peer.rights.contains(request.method == .putAttachment ? .command : .query) else {
                actions.append(.reply(request.token, .problem(.rightMissing)))
                return
            }
        default:
            actions.append(.reply(request.token, .problem(.unknownMethod)))
            return
        }
        switch request.method {
        case .append: collect(request, now, &actions)
        case .refuseCommand: refuse(request, now, &actions)
        case .readStream: actions.append(.reply(request.token, readStream(request.body, now, &actions)))
        case .readStreamHead: actions.append(.reply(request.token, streamHead(request.body)))
        case .readAll: actions.append(.work(.readAll(request)))
        case .reportConsumer: actions.append(.reply(request.token, report(request.body, now)))
        case .query: actions.append(.work(.query(request)))
        case .putAttachment, .getAttachment: actions.append(.work(.attachment(request)))
        default: actions.append(.work(.operate(request)))
        }
    }

    private mutating func collect(
        _ request: IncomingRequest, _ now: BusMoment, _ actions: inout [ServiceAction<ArchiveWork>]
    ) {
        let rights = rights(of: request.peer)
        guard let appends = AppendDesk.requests(from: request.body, rights: rights),
            (1...1024).contains(appends.count)
        else {
            actions.append(.reply(request.token, .problem(.malformed)))
            return
        }
        var items: [Result<Int, AppendRefusal>] = []
        items.reserveCapacity(appends.count)
        for append in appends {
            switch append {
            case .success(var request):
                if isRefused(request, now.monotonic) {
                    forbidden.insert(requests.count)
                    request.expected = .unheardOf
                }
                items.append(.success(requests.count))
                requests.append(request)
            case .failure(let refusal):
                counters.refused += 1
                items.append(.failure(refusal))
            }
        }
        batches.append(PendingBatch(token: request.token, items: items))
    }

    private mutating func rights(of peer: Peer) -> AppendRights {
        if let known = rights[peer.name], known.0 == peer { return known.1 }
        let fresh = AppendRights(kinds: kindNumbers(peer), tokenKey: tokenKey)
        rights[peer.name] = (peer, fresh)
        return fresh
    }

    package mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<ArchiveWork>]) {
        guard !batches.isEmpty || !guarded.isEmpty || !refusals.isEmpty else { return }
        defer {
            requests.removeAll(keepingCapacity: true)
            batches.removeAll(keepingCapacity: true)
            guarded.removeAll()
            refusals.removeAll()
            refusedNow.removeAll()
            forbidden.removeAll()
        }
        guard !hasStopped else {
            for token in waiting { actions.append(.reply(token, .problem(.fault))) }
            return
        }
        let before = log.head
        do {
            let outcomes =
                requests.isEmpty
                ? [] : try log.append(requests, at: RecordedTime(microseconds: now.utcMicroseconds))
            for batch in batches { actions.append(.reply(batch.token, .ok(body(of: batch, outcomes)))) }
            for entry in guarded {
                let isRecorded = outcomes[entry.index].receipt != nil
                actions.append(.reply(entry.token, isRecorded ? entry.reply : .problem(.fault)))
            }
            answerRefusals(outcomes, now, &actions)
            count(outcomes)
        } catch {
            commitFailed(error, now, &actions)
            return
        }
        if log.head.position != before.position, fullDisk.ended() {
            actions.append(.log(BusLogEntry(.info, "appends are taken again")))
        }
        publish(from: before, &actions)
        counters.commits += 1
        onTurn(counters, log.head, board)
    }

    /// Who waits for the end of this turn.
    private var waiting: [ReplyToken] { batches.map(\.token) + guarded.map(\.token) + refusals.map(\.token) }

    /// Closes the log, so that the next start finds its heads saved and nothing in the write-ahead log.
    package mutating func ended() {
        // After a failed write it only gives back the lock; what failed has been told.
        try? log.close()
    }

    private func body(of batch: PendingBatch, _ outcomes: [AppendOutcome]) -> [UInt8] {
        var bytes: [UInt8] = []
        for item in batch.items {
            switch item {
            case .success(let index):
                if case .wrongExpectedSequence = outcomes[index], forbidden.contains(index) {
                    AppendDesk.write(.with { $0.refused = AppendRefusal.refusedBefore.wire }, to: &bytes)
                } else {
                    AppendDesk.write(outcomes[index], of: requests[index], to: &bytes)
                }
            case .failure(let refusal): AppendDesk.write(.with { $0.refused = refusal.wire }, to: &bytes)
            }
        }
        return bytes
    }

    private mutating func count(_ outcomes: [AppendOutcome]) {
        for outcome in outcomes {
            switch outcome {
            case .appended: counters.appended += 1
            case .repeated: counters.repeated += 1
            case .wrongExpectedSequence: counters.conflicts += 1
            case .appendIDReused, .streamFenced, .invalid: counters.refused += 1
            }
        }
    }

    /// Nothing of the turn is acknowledged. With a full disk reads go on and a later turn may succeed; anything else
    /// means that what is on disk is not known, and the service stops rather than guess.
    private mutating func commitFailed(
        _ error: EventLogError, _ now: BusMoment, _ actions: inout [ServiceAction<ArchiveWork>]
    ) {
        let reply = BusReply(
            status: error.isRetriable ? .unavailable : .internal, code: "CARE-\(3100 + (error.isRetriable ? 1 : 2))",
            textZH: error.isRetriable ? "磁盘已满，暂时不能登记，请通知管理员后用同一编号重试" : "日志写入失败，服务停止以保护数据，请通知管理员",
            textEN: error.isRetriable
                ? "the disk is full; tell the administrator and retry with the same id"
                : "writing to the log failed; the service stops to protect the data, tell the administrator",
            retryAfterMilliseconds: error.isRetriable ? 1000 : 0)
        for token in waiting { actions.append(.reply(token, reply)) }
        if error.isRetriable {
            counters.diskFull += 1
        } else {
            hasStopped = true
            actions.append(.stop)
        }
        let times = error.isRetriable ? fullDisk.came(now: now.monotonic) : 1
        if let times {
            actions.append(
                .log(
                    BusLogEntry(
                        .error, "append failed",
                        [
                            "code": "\(error.code)", "retriable": "\(error.isRetriable)", "reason": error.message,
                            "times": "\(times)",
                        ])))
        }
        onTurn(counters, log.head, board)
    }

    private func publish(from before: LogHead, _ actions: inout [ServiceAction<ArchiveWork>]) {
        guard log.head.position != before.position else { return }
        var segment = FeedSegment(
            cursorBefore: EncodedCursor(before.cursor.bytes), cursorAfter: EncodedCursor(before.cursor.bytes),
            events: [])
        var bytes = 0
        log.forEachAppended { event in
            let stored = event.stored()
            segment.events.append(
                BusEvent(position: stored.position.rawValue, record: stored.record, hash: stored.hash.bytes))
            bytes += stored.record.count + 64
            segment.cursorAfter = EncodedCursor(Cursor(shard: before.shard, position: stored.position).bytes)
            guard bytes >= 192 << 10 else { return }
            actions.append(.publish(segment))
            segment = FeedSegment(cursorBefore: segment.cursorAfter, cursorAfter: segment.cursorAfter, events: [])
            bytes = 0
        }
        if !segment.events.isEmpty { actions.append(.publish(segment)) }
    }

    // MARK: Short reads

    private mutating func readStream(
        _ body: [UInt8], _ now: BusMoment, _ actions: inout [ServiceAction<ArchiveWork>]
    ) -> BusReply {
        guard let wire = try? Care_V1_ReadStream(serializedBytes: body), let stream = try? StreamName(wire.stream)
        else {
            return .problem(.malformed)
        }
        let limit = wire.maxEvents == 0 ? 1024 : min(Int(wire.maxEvents), 4096)
        do {
            var slice = try reader.readStream(
                stream, from: SequenceNumber(wire.afterSequence + 1), limit: limit)
            if !slice.damages.isEmpty, slice.fence == nil {
                fence(slice.damages, now, &actions)
                slice.fence = log.fences.first { $0.stream == stream }
            }
            let reply = StreamAnswers.wire(slice, of: stream, maximumBytes: Int(wire.maxBytes))
            return .ok((try? reply.serializedBytes()) ?? [])
        } catch {
            return .problem(.fault)
        }
    }

    private func streamHead(_ body: [UInt8]) -> BusReply {
        guard let wire = try? Care_V1_ReadStreamHead(serializedBytes: body),
            let stream = try? StreamName(wire.stream)
        else { return .problem(.malformed) }
        let head = log.streamHead(stream)
        let reply = StreamAnswers.wire(head, of: stream)
        return .ok((try? reply.serializedBytes()) ?? [])
    }

    private mutating func report(_ body: [UInt8], _ now: BusMoment) -> BusReply {
        guard let report = try? Care_V1_ConsumerReport(serializedBytes: body),
            board.take(report, at: now.utcMicroseconds)
        else { return .problem(.malformed) }
        onTurn(counters, log.head, board)
        let reply = Care_V1_ConsumerReportReply.with { $0.head = .init(log.head.cursor.bytes) }
        return .ok((try? reply.serializedBytes()) ?? [])
    }

    /// Notes a damaged event whose stream cannot be told.
    /// - Returns: whether it is a new one.
    mutating func noteUnplaced(_ position: Position) -> Bool {
        guard unplaced.insert(position).inserted else { return false }
        counters.unplaced = unplaced.count
        return true
    }

    /// Tells how many streams are fenced now.
    mutating func countFences() {
        counters.fenced = log.fences.count
        onTurn(counters, log.head, board)
    }

    // MARK: Queries that wait for the read models

    private mutating func wait(
        _ request: IncomingRequest, _ now: BusMoment, _ actions: inout [ServiceAction<ArchiveWork>]
    ) {
        guard waitingQueries.count < Self.maximumWaitingQueries, now.monotonic < request.deadline else {
            actions.append(.reply(request.token, Self.behind))
            return
        }
        waitingQueries.append(request)
        lookAgainSoon(&actions)
    }

    private mutating func lookAgainSoon(_ actions: inout [ServiceAction<ArchiveWork>]) {
        guard !waitingQueries.isEmpty, !isWaitTimerSet else { return }
        isWaitTimerSet = true
        actions.append(.setTimer(Self.waitTimer, after: .milliseconds(50)))
    }

    private mutating func retryQueries(_ actions: inout [ServiceAction<ArchiveWork>]) {
        let now = waitingQueries.prefix(Self.retriesAtOnce)
        for request in now { actions.append(.work(.query(request))) }
        waitingQueries.removeFirst(now.count)
        lookAgainSoon(&actions)
    }

    private mutating func giveUpLateQueries(
        _ now: BusMoment, _ actions: inout [ServiceAction<ArchiveWork>]
    ) {
        // Half of what is left stays for the way back.
        let late = waitingQueries.filter { $0.deadline - now.monotonic < .milliseconds(100) }
        waitingQueries.removeAll { $0.deadline - now.monotonic < .milliseconds(100) }
        for request in late { actions.append(.reply(request.token, Self.behind)) }
    }

    private mutating func refuse(_ work: ArchiveWork, _ actions: inout [ServiceAction<ArchiveWork>]) {
        switch work {
        case .readAll(let request), .query(let request), .operate(let request), .attachment(let request):
            actions.append(.reply(request.token, .problem(.overloaded, retryAfter: .milliseconds(200))))
        case .subscription(let read):
            actions.append(.page(read.token, .failed))
        }
    }

    private static let behind = BusReply(
        status: .unavailable, code: "CARE-3103", textZH: "记录已保存，汇总尚未跟上，请稍候再查",
        textEN: "it is recorded; the lists have not caught up yet, ask again shortly", retryAfterMilliseconds: 500)
}
