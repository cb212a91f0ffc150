import ArchiveCore
import EventLog
import ServiceKit
import ServiceWiring

/// Care-archive's counters as Prometheus shows them.
struct ArchiveMetrics: Sendable {
    private let appends: MetricFamily<Gauge>
    private let commits: Gauge
    private let diskFull: Gauge
    private let fenced: Gauge
    private let unplaced: Gauge
    private let head: Gauge
    private let lag: MetricFamily<Gauge>
    private let parked: MetricFamily<Gauge>
    private let lagSeconds: MetricFamily<Gauge>
    private let heard: MetricFamily<Gauge>
    private let diskSync: Histogram
    private let diskFree: Gauge
    private let backupTime: Gauge
    private let backupPosition: Gauge
    private let diskReserve: Gauge
    private let diskRefusals: Counter

    init(_ registry: MetricsRegistry) {
        appends = registry.gauge(
            "guanhuai_archive_appends", help: "Appends answered since the start, by outcome.", labels: ["outcome"])
        commits = registry.gauge("guanhuai_archive_commits", help: "Durable commits since the start.")
        diskFull = registry.gauge("guanhuai_archive_disk_full", help: "Turns refused because the disk was full.")
        fenced = registry.gauge(
            "guanhuai_archive_fenced_streams", help: "Damaged streams that take no events. Above 0, somebody must look."
        )
        unplaced = registry.gauge(
            "guanhuai_archive_unplaced_damage",
            help: "Damaged events met whose stream cannot be told. Above 0, somebody must look.")
        head = registry.gauge("guanhuai_archive_head_position", help: "Events in the log.")
        lag = registry.gauge(
            "guanhuai_consumer_lag_events", help: "Events a consumer is behind the head.", labels: ["consumer"])
        parked = registry.gauge(
            "guanhuai_consumer_parked", help: "Events or deliveries set aside.", labels: ["consumer"])
        lagSeconds = registry.gauge(
            "guanhuai_consumer_lag_seconds",
            help: "How long the first event that a consumer has not taken has been in the log.", labels: ["consumer"])
        heard = registry.gauge(
            "guanhuai_consumer_heard_time_seconds",
            help: "When a consumer last said how far it is, in seconds since 1970.", labels: ["consumer"])
        diskSync = registry.histogram(
            "guanhuai_disk_sync_seconds", help: "Time to write 4 KiB beside the log and sync it, tried now and then.")
        diskFree = registry.gauge("guanhuai_disk_free_bytes", help: "Room left on the disk of the log.")
        backupTime = registry.gauge(
            "guanhuai_backup_time_seconds",
            help: "When the newest backup of this data was begun, in seconds since 1970; 0 = there is none.")
        backupPosition = registry.gauge(
            "guanhuai_backup_position", help: "Events that the newest backup of this data holds.")
        diskReserve = registry.gauge(
            "guanhuai_disk_reserve_bytes", help: "Room kept beside the log for a start on a full disk.")
        diskRefusals = registry.counter(
            "guanhuai_disk_refusals_total", help: "Tries to write beside the log that the disk refused.")
    }

    /// - Parameter unread: Events that the read models leave out.
    @Sendable func show(
        _ counters: ArchiveService.Counters, _ logHead: LogHead, _ board: ConsumerBoard, unread: Int
    ) {
        parked.with(Projector.consumer.rawValue).set(Double(unread))
        appends.with("appended").set(Double(counters.appended))
        appends.with("repeated").set(Double(counters.repeated))
        appends.with("conflict").set(Double(counters.conflicts))
        appends.with("refused").set(Double(counters.refused))
        commits.set(Double(counters.commits))
        fenced.set(Double(counters.fenced))
        unplaced.set(Double(counters.unplaced))
        diskFull.set(Double(counters.diskFull))
        head.set(Double(logHead.position.rawValue))
        for entry in board.list {
            lag.with(entry.report.consumer).set(Double(ConsumerBoard.lag(of: entry.cursor, behind: logHead)))
            parked.with(entry.report.consumer).set(Double(entry.report.parkedCount))
        }
    }

    /// How far a consumer is: the events it is behind, how long the first of them has waited, when it was heard.
    func show(_ consumer: String, lagEvents: UInt64, lagSeconds seconds: Double, heardAt: Int64) {
        lag.with(consumer).set(Double(lagEvents))
        lagSeconds.with(consumer).set(seconds)
        heard.with(consumer).set(Double(heardAt) / 1e6)
    }

    /// What a try to write beside the log came to.
    func show(_ outcome: DiskProbe.Outcome) {
        switch outcome {
        case .synced(let duration): diskSync.observe(duration)
        // Nothing is wrong with the disk: `process_open_fds` and `process_max_fds` tell.
        case .refused(.noMoreFiles): break
        case .refused: diskRefusals.add()
        }
    }

    /// - Parameter bytes: Room kept for a start on a full disk.
    func showReserve(_ bytes: Int) { diskReserve.set(Double(bytes)) }

    func showFree(_ bytes: UInt64) { diskFree.set(Double(bytes)) }

    /// The newest backup; nil when there is none.
    func show(_ backup: NewestBackup?) {
        backupTime.set(Double(backup?.createdAt ?? 0) / 1e6)
        backupPosition.set(Double(backup?.position ?? 0))
    }
}
