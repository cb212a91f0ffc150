import ArchiveClient
import CareDomain
import CareProjections
import CareWire
import EventLog
import Foundation
import Logging
import MessageBus
import ReadModels
import RuleEngine
import ServiceKit
import ServiceLifecycle

/// Keeps the read models current on a thread of its own: follows the log, and builds anew when the published packs
/// change or an operator asks, while the old rows go on answering.
///
/// `@unchecked Sendable`: what several threads touch is in `state`, only while `condition` is locked; the rest belongs
/// to the projector's thread.
final class Projector: @unchecked Sendable {
    private struct State {
        var isDue = true
        var isStopping = false
        var hasEnded = false
        var wantsRebuild = false
        var rules = PublishedRules()
        /// Whether the pack streams were read to their end once in this run.
        var knowsPacks = false
        var words = CarePolicyWords(rules: PublishedRules())
        var evaluator: Evaluator?
        var rebuild: ReadModelRebuild?
        var lastFailure = ""
        var skips: Set<UnreadPlace> = []
        var unreadCount = 0
        /// Whether the rows have once been up to the log in this run.
        var isReady = false
        /// Where the rows stand in which damage was met; they answer nothing more.
        var damagedPath: String?
    }

    /// The read models among the consumers of the log.
    static let consumer = Code(unchecked: "care-archive.projections")
    /// Name at `/readyz`: whether the lists answer.
    static let part = "projections"

    private let condition = MonotonicCondition()
    private var state = State()
    private let store: ReadModelStore
    private let shared: ArchiveShared
    private let context: ServiceContext
    private let reader: any EventLogReader
    private var packCursor = Cursor.start
    /// Households whose rows are to be made anew, because an operator said so or this program may read more.
    private var remaking: [HouseholdID] = []
    /// On its own thread only.
    private var trouble = RecurringTrouble()
    /// Called on the projector's thread when the rows moved on. Set before `run`.
    nonisolated(unsafe) var onProgress: () -> Void = {}
    private let damages: Counter

    init(store: ReadModelStore, shared: ArchiveShared, mustRebuild: Bool, context: ServiceContext) {
        self.store = store
        self.shared = shared
        self.context = context
        self.reader = shared.takeReader()
        damages = context.metrics.counter(
            "guanhuai_archive_read_model_damages_total",
            help: "Times the lists were found damaged; each time they were made anew from the log.")
        state.wantsRebuild = mustRebuild
        if store.wasDamaged { countDamage() }
        store.onDamage { [weak self] in self?.damaged($0) }
    }

    // MARK: From other threads

    /// The log moved on.
    func wake() {
        condition.withLock {
            state.isDue = true
            condition.signal()
        }
    }

    /// Builds everything anew from the log, soon.
    func requestRebuild() {
        condition.withLock {
            state.wantsRebuild = true
            state.isDue = true
            condition.signal()
        }
    }

    /// Damage was met in rows: they answer nothing more until they are made anew.
    private func damaged(_ file: ReadModelFile) {
        condition.withLock {
            state.damagedPath = file.path
            state.wantsRebuild = true
            state.isDue = true
            condition.signal()
        }
        countDamage()
        context.readiness.markWaiting(
            Self.part,
            reason: UserText(
                zh: "清单在磁盘上损坏了，正在由日志重建", en: "the lists were damaged and are made anew from the log"))
    }

    private func countDamage() {
        damages.add()
        context.logger.error("the lists are damaged on the disk: they are made anew from the log, which is untouched")
    }

    func stop() {
        condition.withLock {
            state.isStopping = true
            state.rebuild?.cancel()
            condition.signal()
        }
    }

    func waitUntilEnded() {
        condition.withLock { while !state.hasEnded { condition.wait() } }
    }

    /// Words of the packs published so far, and how a rebuild stands.
    var present: Present {
        let path = store.current.path
        return condition.withLock {
            Present(
                words: state.words, evaluator: state.evaluator, rebuild: state.rebuild?.progress,
                lastFailure: state.lastFailure, skips: state.skips, unreadCount: state.unreadCount,
                isReady: state.isReady && state.damagedPath != path, isDamaged: state.damagedPath == path,
                knowsPacks: state.knowsPacks)
        }
    }

    /// What the desk needs to know of the projector.
    struct Present {
        let words: CarePolicyWords
        let evaluator: Evaluator?
        let rebuild: ReadModelRebuild.Progress?
        let lastFailure: String
        /// Events that the rows leave out and that an operator let be.
        let skips: Set<UnreadPlace>
        /// Events that the rows leave out and that nobody has looked at.
        let unreadCount: Int
        /// Whether the rows have once been up to the log in this run: before that they may be those of another time.
        let isReady: Bool
        /// Whether damage was met in the rows.
        let isDamaged: Bool
        /// Whether the published packs are known: before that nobody can tell what may be shown to whom.
        let knowsPacks: Bool
    }

    // MARK: On its own thread

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "projector"
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func run() {
        var applier: ReadModelApplier?
        // What the program before could not read, this one may.
        let lists = ReadModelLists(store.current, words: present.words)
        remaking = ((try? lists.unread(limit: 65_536)) ?? []).map(\.household)
        while true {
            let (isStopping, wantsRebuild) = condition.withLock {
                while !state.isDue && !state.isStopping { condition.wait() }
                state.isDue = false
                return (state.isStopping, state.wantsRebuild)
            }
            if isStopping { break }
            do {
                let packs = try readPacks()
                // Also when no row was made yet: the next ones are to be made with the new words.
                if packs != .unchanged || wantsRebuild { applier = nil }
                if packs == .otherThanRows || wantsRebuild { try rebuild() }
                let words = present.words
                if applier == nil {
                    applier = try makeApplier(words)
                }
                try applier?.catchUp()
                if !remaking.isEmpty {
                    try applier?.remake(remaking)
                    remaking = []
                }
                try countUnread(words)
                if trouble.ended() { context.logger.info("read models move on again") }
                answer()
            } catch {
                // On a full disk rows of these words go on answering, as far as they come.
                if applier != nil, (error as? ReadModelError)?.isForWantOfRoom ?? false { answer() }
                applier = nil
                failed(error)
            }
        }
        condition.withLock {
            state.hasEnded = true
            condition.broadcast()
        }
    }

    /// The rows are those of this log and of the published words: they may answer.
    private func answer() {
        condition.withLock { state.isReady = true }
        if present.isReady { context.readiness.markReady(Self.part) }
        onProgress()
    }

    private func makeApplier(_ words: CarePolicyWords) throws -> ReadModelApplier {
        do {
            return try ReadModelApplier(file: store.current, reader: reader, words: words)
        } catch let error as ReadModelError where error.code == .unusable {
            try rebuild()
            return try ReadModelApplier(file: store.current, reader: reader, words: words)
        }
    }

    private enum PackNews {
        case unchanged
        /// New words, and no row was made with others.
        case changed
        /// The rows were made with other words and must be made anew.
        case otherThanRows
    }

    /// Reads what the pack streams published since the last time.
    private func readPacks() throws -> PackNews {
        var (rules, skips) = condition.withLock { (state.rules, state.skips) }
        var hasChanged = false
        let filter = ReadFilter(
            kinds: Set([EventKind.packPublished, .parameterSet, .parkedEventSettled].map { UInt32($0.rawValue) }),
            categories: [.pack, .access])
        while true {
            let slice = try reader.readAll(after: packCursor, limit: 4096, filter: filter)
            for event in slice.events {
                if let settled = ArchiveMessages.settled(record: event.record) {
                    take(settled, &skips)
                    continue
                }
                let fields = try RecordCoder.decode(event.record)
                guard let pack = PackID(fields.stream.key),
                    case .pack(let news)? = try? EventCodec.decodeAny(
                        kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
                else { continue }
                let isNew = rules.take(
                    news, of: pack, occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
                    recordedAt: Moment(microseconds: fields.recordedAt.microseconds))
                hasChanged = hasChanged || isNew
            }
            packCursor = slice.cursor
            if slice.isAtHead { break }
        }
        condition.withLock { state.skips = skips }
        guard hasChanged else {
            condition.withLock { state.knowsPacks = true }
            return .unchanged
        }
        let words = CarePolicyWords(rules: rules)
        // Rows that cannot be read were made with no words at all.
        let isOther: Bool
        do { isOther = try store.current.checkpoint().map { $0.wordsFingerprint != words.fingerprint } ?? false } catch
        {
            isOther = true
        }
        condition.withLock {
            state.knowsPacks = true
            state.rules = rules
            state.words = words
            state.evaluator = Evaluator(registry: rules.registry, parameters: rules.parameters)
        }
        return isOther ? .otherThanRows : .changed
    }

    /// Takes in what an operator said of an event that the rows leave out.
    private func take(_ settled: ParkedEventSettled, _ skips: inout Set<UnreadPlace>) {
        guard settled.consumer == Self.consumer else { return }
        let place = UnreadPlace(household: settled.household, sequence: settled.event.sequence)
        switch settled.action {
        case .skip: skips.insert(place)
        case .retry:
            skips.remove(place)
            remaking.append(settled.household)
        }
    }

    private func countUnread(_ words: CarePolicyWords) throws {
        let lists = ReadModelLists(store.current, words: words)
        var count = try lists.unreadCount()
        if count > 0 {
            let skips = present.skips
            count = try lists.unread(limit: count).count {
                !skips.contains(UnreadPlace(household: $0.household, sequence: $0.event.sequence))
            }
        }
        condition.withLock { state.unreadCount = count }
    }

    private func rebuild() throws {
        let words = present.words
        let work = ReadModelRebuild(words: words) { [shared] in try shared.makeReader() }
        condition.withLock {
            state.rebuild = work
            state.wantsRebuild = false
        }
        defer { condition.withLock { state.rebuild = nil } }
        context.logger.info("read models are built anew")
        let result = try work.run(path: store.nextPath())
        try store.adopt(result.file)
        condition.withLock { state.lastFailure = "" }
        context.logger.info(
            "read models built",
            metadata: [
                "events": "\(result.progress.events)", "households": "\(result.progress.households)",
                "unreadable": "\(result.unreadable)",
            ])
    }

    private func failed(_ error: any Error) {
        let reason = "\(error)"
        let file = store.current
        file.note(error)
        condition.withLock {
            state.lastFailure = reason
            // A rebuild that failed is still owed.
            if state.damagedPath == file.path { state.wantsRebuild = true }
        }
        if let times = trouble.came(now: SystemClock.now().monotonic) {
            context.logger.error(
                "read models could not move on", metadata: ["reason": "\(reason)", "times": "\(times)"])
        }
        // Tried again when the log moves, or after a pause: the log has everything.
        _ = condition.withLock { condition.wait(until: .now + .seconds(1)) }
        wake()
    }
}

/// Where an event stands that the rows leave out.
struct UnreadPlace: Hashable, Sendable {
    let household: HouseholdID
    let sequence: UInt64
}

/// The projector as a part of the service.
struct ProjectorPart: ServiceLifecycle.Service {
    let projector: Projector

    func run() async throws {
        projector.start()
        try? await gracefulShutdown()
        projector.stop()
        projector.waitUntilEnded()
    }
}
