import ArchiveCore
import AttachmentStore
import CareDomain
import CareProjections
import CareWire
import EventLog
import Foundation
import MessageBus
import ReadModels
import ServiceKit
import SwiftProtobuf

/// The worker's side of care-archive: pages of the log, queries, operators' requests. Runs on the worker thread only.
///
/// `@unchecked Sendable`: `pages` and `reader` belong to the worker thread; the rest is Sendable itself.
final class ArchiveDesk: @unchecked Sendable {
    private let store: ReadModelStore
    private let shared: ArchiveShared
    private let projector: Projector
    private let reader: any EventLogReader
    private let pages: LogPages
    private let queries: MetricFamily<Histogram>
    private let tokens: TokenKey
    private let checkpoints: CheckpointMaker
    private var accessCount: UInt64 = 0
    private var comparisons = ComparisonLedger()
    private var books = PaymentBooks()
    /// Positions of damaged events whose stream cannot be told.
    private var unplaced: Set<UInt64> = []
    private var applications = ApplicationBooks()
    private var units = UnitBooks()
    private var lending = LendingBooks()
    private var duties = DutyBooks()
    private var reports = ReportBooks()
    private var attachments = AttachmentBooks()
    private var files: AttachmentDesk

    init(
        store: ReadModelStore, shared: ArchiveShared, projector: Projector, tokens: TokenKey,
        checkpoints: CheckpointMaker, files: AttachmentFolder, metrics: MetricsRegistry
    ) {
        self.files = AttachmentDesk(folder: files)
        self.checkpoints = checkpoints
        self.tokens = tokens
        self.store = store
        self.shared = shared
        self.projector = projector
        reader = shared.takeReader()
        let subscriptions = shared.takeReader()
        let divisions = HouseholdDivisions(reader: subscriptions)
        pages = LogPages(reader: subscriptions, division: divisions.division, places: divisions.places) {
            [projector] department in
            let present = projector.present
            let today = CivilDay(microsecondsUTC: Self.now())
            return present.knowsPacks ? present.words.sight(of: department, on: today) : nil
        }
        queries = metrics.histogram(
            "guanhuai_archive_query_seconds", help: "Time to answer a query.", labels: ["outcome"])
    }

    /// Does one job.
    @Sendable func perform(_ work: ArchiveWork) -> ArchiveNews {
        switch work {
        case .readAll(let request):
            let found = pages.readAll(request.body, takesNoAppends: shared.takesNoAppends)
            return after(found.damages, .answered(request.token, found.answer))
        case .subscription(let read):
            let found = pages.page(read)
            return after(found.damages, .page(read.token, found.answer))
        case .operate(let request): return operate(request)
        case .attachment(let request): return attachment(request)
        case .query(let request):
            let start = ContinuousClock.now
            let news = query(request)
            let isAnswered = if case .notYet = news { false } else { true }
            queries.with(isAnswered ? "answered" : "waiting").observe(ContinuousClock.now - start)
            return news
        }
    }

    /// The news, behind the damage that was met: whoever gets the page can ask for the fences and finds it there.
    private func after(_ damages: [Damage], _ news: ArchiveNews) -> ArchiveNews {
        for damage in damages where damage.stream == nil {
            if let position = damage.position { unplaced.insert(position.rawValue) }
        }
        return damages.isEmpty ? news : .damaged(damages, then: news)
    }

    private func query(_ request: IncomingRequest) -> ArchiveNews {
        do {
            guard let query = try? Care_V1_Query(serializedBytes: request.body),
                let principal = Self.principal(request.peer)
            else { return .answered(request.token, .problem(.malformed)) }
            if !request.receipt.bytes.isEmpty {
                guard let wanted = try? Cursor(bytes: request.receipt.bytes) else {
                    return .answered(request.token, .problem(.malformed))
                }
                let head = shared.present.head
                guard wanted.position(in: head.shard) <= head.position else {
                    return .answered(request.token, .problem(.placeUnknown))
                }
                if try !covers(wanted) { return .notYet(request) }
            }
            let now = Self.now()
            let present = projector.present
            if !present.isReady, Self.asksTheRows(query) { return .notYet(request) }
            if !present.knowsPacks, Self.showsFacts(query) { return .notYet(request) }
            var surroundings = QueryEngine.Surroundings()
            if case .listConsumers? = query.query {
                surroundings.consumers = consumers(now)
                surroundings.consumers.consumers += followers(of: request.peer, now)
            }
            if case .listParkedEvents? = query.query { surroundings.parkedEvents = try parked.list() }
            surroundings.rebuild = present.rebuild
            surroundings.lastFailure = present.lastFailure
            surroundings.rules = present.evaluator
            surroundings.unplaced = unplaced.sorted()
            try equip(&surroundings, for: query)
            surroundings.checkpoint = { [checkpoints] stream in try checkpoints.answer(proving: stream) }
            let engine = engine(principal, surroundings, present.words, now)
            let answer = try engine.answer(query)
            if let comparison = answer.comparison {
                try comparisons.take(comparison, by: principal.actor, on: CivilDay(microsecondsUTC: now))
            }
            let reply = BusReply.ok(try answer.reply.serializedBytes())
            guard let access = answer.access else { return .answered(request.token, reply) }
            return .answeredAfter(try append(access, principal, request, now), request.token, reply)
        } catch let refusal as QueryRefusal {
            return after(refusal.damages, .answered(request.token, BusReply(refusal)))
        } catch {
            // Damaged lists are made anew at once; whoever asked is answered from the new ones.
            store.current.note(error)
            return projector.present.isDamaged ? .notYet(request) : .answered(request.token, .problem(.fault))
        }
    }

    /// Reads the books on from which the query is answered.
    private func equip(_ surroundings: inout QueryEngine.Surroundings, for query: Care_V1_Query) throws {
        switch query.query {
        case .paymentCandidates?, .paymentBatch?, .listPaymentBatches?, .reconcile?, .separation?,
            // Names the institutions that got what is taken back.
            .listDueDifferences?:
            try books.catchUp(reader)
            surroundings.books = books
        default: break
        }
        switch query.query {
        case .listApplications?, .separation?:
            try applications.catchUp(reader)
            surroundings.applications = applications
        default: break
        }
        switch query.query {
        case .quota?, .listGrants?, .settlement?, .paymentCandidates?:
            try units.catchUp(reader)
            surroundings.units = units
        case .separation?:
            try units.catchUp(reader)
            try lending.catchUp(reader)
            surroundings.units = units
            surroundings.lending = lending
        case .listFunds?, .fund?, .listLoans?, .loan?, .loanReport?:
            try lending.catchUp(reader)
            surroundings.lending = lending
        case .dutyCalendar?, .listExchanges?, .listConsultations?, .listSurveys?, .samples?:
            try duties.catchUp(reader)
            surroundings.duties = duties
        case .indicators?:
            try duties.catchUp(reader)
            try lending.catchUp(reader)
            surroundings.duties = duties
            surroundings.lending = lending
        case .listOfficeNotices?:
            try duties.catchUp(reader)
            try lending.catchUp(reader)
            surroundings.duties = duties
            surroundings.lending = lending
        case .listReports?:
            try reports.catchUp(reader)
            try lending.catchUp(reader)
            surroundings.reports = reports
            surroundings.lending = lending
        case .listAttachments?, .keptAttachments?, .listApplications?, .handOuts?:
            try attachments.catchUp(reader)
            surroundings.attachments = attachments
        default: break
        }
    }

    private func engine(
        _ principal: Principal, _ surroundings: QueryEngine.Surroundings, _ words: CarePolicyWords, _ now: Int64
    ) -> QueryEngine {
        QueryEngine(
            file: store.current, reader: reader, words: words, principal: principal,
            today: CivilDay(microsecondsUTC: now), surroundings: surroundings, tokens: tokens)
    }

    /// A part of a file that comes or goes.
    private func attachment(_ request: IncomingRequest) -> ArchiveNews {
        do {
            guard let principal = Self.principal(request.peer) else {
                return .answered(request.token, .problem(.malformed))
            }
            // Which files prove what is kept from a department is known with the packs.
            if request.method != .putAttachment, !projector.present.knowsPacks {
                return .answered(request.token, .problem(.starting))
            }
            let now = Self.now()
            try attachments.catchUp(reader)
            var surroundings = QueryEngine.Surroundings()
            surroundings.attachments = attachments
            let engine = engine(principal, surroundings, projector.present.words, now)
            let outcome =
                request.method == .putAttachment
                ? try files.put(request.body, by: principal, engine)
                : try files.get(request.body, by: principal, engine)
            switch outcome {
            case .answer(let reply): return .answered(request.token, reply)
            case .record(let access, let reply):
                return .answeredAfter(try append(access, principal, request, now), request.token, reply)
            }
        } catch let refusal as QueryRefusal {
            return after(refusal.damages, .answered(request.token, BusReply(refusal)))
        } catch let problem as AttachmentProblem {
            return .answered(request.token, BusReply(problem))
        } catch {
            return .answered(request.token, .problem(.fault))
        }
    }

    /// Whether the answer comes out of the rows; what is read from the log itself needs no waiting for them.
    private static func asksTheRows(_ query: Care_V1_Query) -> Bool {
        switch query.query {
        case .householdPage(let page)?: HouseholdID(page.household) == nil
        case .householdExport?, .householdEvents?, .fencedHouseholds?, .listAttachments?, .listReports?,
            .listConsumers?, .listParkedEvents?, .projectionStatus?, .checkpoint?, .withheldFacts?, nil:
            false
        default: true
        }
    }

    /// Whether the answer holds facts of a family, some of which a pack may show to few.
    private static func showsFacts(_ query: Care_V1_Query) -> Bool {
        switch query.query {
        case .householdPage?, .householdExport?, .householdEvents?, .listAttachments?, .paymentBatch?, .withheldFacts?,
            .replay?, .forecast?:
            true
        default: false
        }
    }

    /// Whether the rows hold everything the receipt stands for. One household's page is read from the log itself and
    /// needs no waiting, but lists do, so both wait the same.
    private func covers(_ wanted: Cursor) throws -> Bool {
        let head = shared.present.head
        let rows = try store.current.checkpoint()?.cursor ?? .start
        return rows.covers(wanted.position(in: head.shard), in: head.shard)
    }

    /// The record of who looked at sealed parts and why, in the stream of the month.
    private func append(
        _ access: AccessEvent, _ principal: Principal, _ request: IncomingRequest, _ now: Int64
    ) throws -> AppendRequest {
        let id: CommandID
        var said = Identifier128(high: 0, low: 0)
        switch access {
        case .read, .attachmentRead:
            accessCount += 1
            // One record per reading: the id names this answer, not the question, which may be asked again.
            let seed = CommandID(bytes: request.id.bytes) ?? CommandID(Identifier128(high: 0, low: accessCount))
            id = CommandID.derived(seed, "access.\(shared.epoch)", Int(accessCount))
        case .compared(let compared):
            // One record per run: every answer waits for the same one, and the log takes it once.
            id = CommandID.derived(CommandID(compared.run.value), "compare.\(principal.peer)", 0)
            said = Identifier128(high: compared.households, low: compared.values)
        case .settled:
            // The same request again is the same record.
            let seed = CommandID(bytes: request.id.bytes) ?? CommandID(Identifier128(high: 0, low: accessCount))
            id = CommandID.derived(seed, "settle", 0)
        case .attachmentKept(let kept):
            // However often a file is put for a stream, it is said once.
            id = CommandID.derived(
                CommandID(Derivation.digest(Array("\(kept.digest) \(kept.place.stream)".utf8))), "attachment", 0)
        }
        let day = CivilDay(microsecondsUTC: now)
        let event = try EventCodec.encode(
            .access(access), occurredOn: day, context: EventContext(principal: principal, command: id))
        let month = CivilMonth(containing: day)
        return AppendRequest(
            stream: try StreamName(.access, month.description), expected: .any,
            appendID: AppendID(high: id.value.high, low: id.value.low),
            contentDigest: ContentDigest(high: id.value.high ^ said.high, low: id.value.low ^ said.low),
            events: [
                NewEvent(
                    kind: event.kind, version: event.version, occurredOn: DayNumber(event.occurredOn),
                    metadata: event.metadata, payload: event.payload)
            ])
    }

    private func consumers(_ now: Int64) -> Care_V1_ConsumerList {
        let (head, board) = shared.present
        var entries = board.list.map { entry in
            let lag = ConsumerBoard.lag(of: entry.cursor, behind: head)
            return Care_V1_ConsumerList.Entry.with {
                $0.consumer = entry.report.consumer
                $0.cursor = .init(entry.cursor.bytes)
                $0.position = entry.cursor.position(in: head.shard).rawValue
                $0.lagEvents = lag
                $0.lagMs = lag == 0 ? 0 : age(after: entry.cursor, now)
                $0.state = entry.report.state
                $0.parkedCount = entry.report.parkedCount
                $0.heardAt = entry.receivedAt
            }
        }
        if let cursor = try? store.current.checkpoint()?.cursor {
            let lag = ConsumerBoard.lag(of: cursor, behind: head)
            entries.insert(
                .with {
                    $0.consumer = Projector.consumer.rawValue
                    $0.cursor = .init(cursor.bytes)
                    $0.position = cursor.position(in: head.shard).rawValue
                    $0.lagEvents = lag
                    $0.lagMs = lag == 0 ? 0 : age(after: cursor, now)
                    $0.state = lag == 0 ? .live : .catchingUp
                    $0.parkedCount = UInt64(projector.present.unreadCount)
                    $0.heardAt = now
                }, at: 0)
        }
        return .with {
            $0.consumers = entries
            $0.headPosition = head.position.rawValue
        }
    }

    /// The running subscriptions, of which nobody reports: all for those who operate, otherwise the peer's own.
    private func followers(of peer: Peer, _ now: Int64) -> [Care_V1_ConsumerList.Entry] {
        let head = shared.present.head
        let clock = SystemClock.now().monotonic
        return shared.presentFollowers.compactMap { follower in
            guard peer.rights.contains(.operate) || follower.peer == peer.name,
                let cursor = try? Cursor(bytes: follower.cursor.bytes)
            else { return nil }
            let lag = ConsumerBoard.lag(of: cursor, behind: head)
            return Care_V1_ConsumerList.Entry.with {
                $0.consumer = "subscription.\(follower.peer).\(follower.number)"
                $0.cursor = .init(cursor.bytes)
                $0.position = cursor.position(in: head.shard).rawValue
                $0.lagEvents = lag
                $0.lagMs = lag == 0 ? 0 : age(after: cursor, now)
                $0.state =
                    switch follower.state {
                    case .reading: lag == 0 ? .live : .catchingUp
                    case .live: .live
                    case .withoutCredit: .paused
                    case .failing: .stuck
                    }
                $0.heardAt = now - max(0, (clock.nanoseconds - follower.lastHeard.nanoseconds) / 1000)
            }
        }
    }

    /// How long the first event after a cursor has been in the log, in milliseconds.
    private func age(after cursor: Cursor, _ now: Int64) -> UInt64 {
        guard let slice = try? reader.readAll(after: cursor, limit: 1, filter: .all), let event = slice.events.first,
            let header = try? event.header()
        else { return 0 }
        return UInt64(max(0, now - header.recordedAt.microseconds) / 1000)
    }

    private func operate(_ request: IncomingRequest) -> ArchiveNews {
        guard let operation = try? Care_V1_Operation(serializedBytes: request.body) else {
            return .answered(request.token, .problem(.malformed))
        }
        switch operation.operation {
        case .rebuildProjection?:
            guard let principal = Self.principal(request.peer), principal.divisions.contains(.everywhere) else {
                return .answered(request.token, Self.concernsAll)
            }
            projector.requestRebuild()
            return .answered(request.token, Self.accepted(true))
        case .settleParkedEvent(let wire)?: return settle(wire, request)
        default: return .answered(request.token, .problem(.unknownMethod))
        }
    }

    private func settle(_ wire: Care_V1_SettleParkedEvent, _ request: IncomingRequest) -> ArchiveNews {
        do {
            guard let principal = Self.principal(request.peer) else {
                return .answered(request.token, .problem(.malformed))
            }
            // Whoever may not open the family hears what is said of one that nobody parked.
            guard let household = HouseholdID(bytes: wire.household),
                try engine(principal, .init(), projector.present.words, Self.now()).mayOpen(household)
            else { return .answered(request.token, Self.accepted(false)) }
            switch try parked.settle(wire) {
            case .malformed: return .answered(request.token, .problem(.malformed))
            case .notParked: return .answered(request.token, Self.accepted(false))
            case .recorded(let settled):
                let record = try append(.settled(settled), principal, request, Self.now())
                return .answeredAfter(record, request.token, Self.accepted(true))
            }
        } catch {
            return .answered(request.token, .problem(.fault))
        }
    }

    /// The lists are those of all divisions.
    private static let concernsAll = BusReply(
        status: .unauthorised, code: "CARE-6642", textZH: "清单是所有区划共用的，重建须由不限区划的管理员密钥办理",
        textEN: "the lists are those of all divisions: only an operator's key that is confined to none may have "
            + "them rebuilt")

    private static func accepted(_ isAccepted: Bool) -> BusReply {
        let reply = Care_V1_OperationReply.with { $0.accepted = isAccepted }
        return .ok((try? reply.serializedBytes()) ?? [])
    }

    private var parked: ParkedDesk { ParkedDesk(store: store, shared: shared, projector: projector) }

    private static func principal(_ peer: Peer) -> Principal? {
        guard let divisions = DivisionCode.list(of: peer), let actor = Code(peer.name),
            let department = DepartmentID(peer.department.isEmpty ? "none" : peer.department)
        else { return nil }
        return Principal(
            peer: peer.name, actor: actor, role: Code(peer.roles.min() ?? "none") ?? actor, department: department,
            divisions: divisions, rights: Set(peer.rights.compactMap { Principal.Right(rawValue: $0.name) }))
    }

    private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }
}

extension BusReply {
    fileprivate init(_ refusal: QueryRefusal) {
        self.init(
            status: refusal.status, code: refusal.code, textZH: refusal.chinese, textEN: refusal.english)
    }
}

extension QueryRefusal {
    /// The outcome in the bus's words.
    fileprivate var status: BusStatus {
        switch outcome {
        case .notFound: .notFound
        case .refused: .refused
        case .badRequest: .badRequest
        case .unauthorised: .unauthorised
        case .notYet: .unavailable
        }
    }
}
