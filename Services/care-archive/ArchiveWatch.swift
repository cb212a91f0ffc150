import ArchiveCore
import EventLog
import EventLogSQLite
import Foundation
import ReadModels
import ServiceKit
import ServiceLifecycle
import ServiceWiring

/// Looks once a second how far every consumer is, and now and then at the disk and at the seals of the lists, on a thread
/// and with a reader of its own, so that nobody who works waits for it.
///
/// `@unchecked Sendable`: `isStopping`, `hasEnded` and `refusedTurns` are touched only while `condition` is held; the rest that changes
/// belongs to the thread.
final class ArchiveWatch: @unchecked Sendable {
    private let reader: any EventLogReader
    private let shared: ArchiveShared
    private let store: ReadModelStore
    private let metrics: ArchiveMetrics
    private let disk: DiskProbe
    private let reserve: SpaceReserve?
    private let readiness: Readiness

    private let condition = MonotonicCondition()
    private var isStopping = false
    private var hasEnded = false
    private var refusedTurns = 0

    /// Name at `/readyz`: whether the disk takes what is to be recorded.
    static let part = "disk"
    /// Name at `/readyz`: whether files and connections may be opened.
    static let filesPart = "files"

    private static let pause = Duration.seconds(1)
    /// Looks between two tries of the disk: one sync in fifteen seconds costs nobody anything.
    private static let looksPerProbe = 15
    /// Looks between two passes over the file of the lists: once at the start, then once an hour.
    private static let looksPerScrub = 3_600

    init(
        reader: any EventLogReader, shared: ArchiveShared, store: ReadModelStore, metrics: ArchiveMetrics,
        disk: DiskProbe, reserve: SpaceReserve?, readiness: Readiness
    ) {
        self.reader = reader
        self.shared = shared
        self.store = store
        self.metrics = metrics
        self.disk = disk
        self.reserve = reserve
        self.readiness = readiness
    }

    /// Told after every turn by the thread that appends: how many turns the full disk has refused so far.
    func noteRefusedTurns(_ count: Int) {
        let isNew = condition.withLock {
            defer { refusedTurns = count }
            return count > refusedTurns
        }
        guard isNew else { return }
        shared.takesNoAppends = true
        readiness.markWaiting(Self.part, reason: WriteTrouble.noRoom.reason)
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "watch"
        thread.start()
    }

    func stop() {
        condition.withLock {
            isStopping = true
            condition.signal()
        }
    }

    func waitUntilEnded() { condition.withLock { while !hasEnded { condition.wait() } } }

    // MARK: On its own thread

    private func run() {
        var looks = 0
        var scrub = PageScrub()
        var nextScrub = 0
        while !condition.withLock({ isStopping }) {
            look()
            // A disk that refused is asked at every look, so that the service says soon that it is ready again.
            if looks % Self.looksPerProbe == 0
                || readiness.waiting.contains(where: { [Self.part, Self.filesPart].contains($0.part) })
            {
                probe()
            }
            if looks >= nextScrub, scrub.advance(store.current) { nextScrub = looks + Self.looksPerScrub }
            looks += 1
            let limit = ContinuousClock.now + Self.pause
            condition.withLock { while !isStopping, condition.wait(until: limit) {} }
        }
        condition.withLock {
            hasEnded = true
            condition.broadcast()
        }
    }

    private func probe() {
        let outcome = disk.tryOnce()
        metrics.show(outcome)
        if let free = disk.freeBytes { metrics.showFree(free) }
        metrics.show(NewestBackup.read(in: disk.folder))
        let isWhole = reserve?.restore() ?? true
        if let bytes = reserve?.bytes { metrics.showReserve(bytes.held) }
        var trouble: WriteTrouble?
        if case .refused(let found) = outcome { trouble = found }
        if trouble == .noMoreFiles {
            // The log's files are open already: what can still reach this service is recorded.
            readiness.markWaiting(Self.filesPart, reason: WriteTrouble.noMoreFiles.reason)
            trouble = nil
        } else {
            readiness.markReady(Self.filesPart)
        }
        shared.takesNoAppends = trouble != nil || !isWhole
        if let trouble {
            readiness.markWaiting(Self.part, reason: trouble.reason)
        } else if !isWhole, let bytes = reserve?.bytes {
            let missing = max(1, (bytes.wanted - bytes.held) >> 20)
            readiness.markWaiting(
                Self.part,
                reason: UserText(
                    zh: "磁盘已满：查询照常；再腾出 \(missing) MiB（留给日志下次打开）就恢复登记",
                    en: "the disk is full: queries go on, and recording when \(missing) MiB more are free for the "
                        + "log's next start"))
        } else {
            readiness.markReady(Self.part)
        }
    }

    private func look() {
        let (head, board) = shared.present
        let now = SystemTime.microseconds()
        for entry in board.list {
            show(entry.report.consumer, entry.cursor, behind: head, heardAt: entry.receivedAt, now)
        }
        // The read models are part of this process: they are heard whenever they are looked at.
        if let cursor = try? store.current.checkpoint()?.cursor {
            show(Projector.consumer.rawValue, cursor, behind: head, heardAt: now, now)
        }
    }

    private func show(_ consumer: String, _ cursor: Cursor, behind head: LogHead, heardAt: Int64, _ now: Int64) {
        let events = ConsumerBoard.lag(of: cursor, behind: head)
        var seconds = 0.0
        if events > 0, let slice = try? reader.readAll(after: cursor, limit: 1, filter: .all),
            let header = try? slice.events.first?.header()
        {
            seconds = Double(max(0, now - header.recordedAt.microseconds)) / 1e6
        }
        metrics.show(consumer, lagEvents: events, lagSeconds: seconds, heardAt: heardAt)
    }
}

/// The watch as a part of the service.
struct WatchPart: ServiceLifecycle.Service {
    let watch: ArchiveWatch

    func run() async throws {
        watch.start()
        try? await gracefulShutdown()
        watch.stop()
        watch.waitUntilEnded()
    }
}
