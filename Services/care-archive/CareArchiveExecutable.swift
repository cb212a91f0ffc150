import ArchiveClient
import ArchiveCore
import AttachmentStore
import CareWire
import EventLog
import EventLogSQLite
import Foundation
import Logging
import MessageBus
import ReadModels
import ServiceKit
import ServiceWiring
import ZeroMQ

/// The executable `care-archive`: the one owner of the log, and the read models over it.
@main
enum CareArchiveExecutable {
    static func main() async {
        await ServiceRunner.main(
            ServiceDefinition(
                name: "care-archive",
                summary: UserText(zh: "档案服务：保管事件日志，提供关怀档案和汇总", en: "care-archive: owns the log, answers queries"),
                settings: BusSettings.all + CheckpointSettings.all + LogSettings.all,
                parts: ["bus", Projector.part, ArchiveWatch.part, ArchiveWatch.filesPart],
                build: build))
    }

    private static func open(
        _ directory: String, hashing: LogHashing, after stored: StoredCheckpoints, _ logger: Logger
    ) throws -> SQLiteEventLog {
        let log: SQLiteEventLog
        var options = SQLiteLogOptions()
        options.hashAlgorithm = hashing.algorithm
        options.furthestCheckpoint = stored.furthest.map { NamedCheckpoint($0.name, $0.signed.checkpoint) }
        do { log = try SQLiteEventLog(directory: directory, options: options) } catch { throw LogProblem(error) }
        let durability = try log.durability()
        logger.info(
            "log opened",
            metadata: [
                "events": "\(log.head.position.rawValue)", "epoch": "\(log.epoch)", "journal": "\(durability.journal)",
                "synchronous": "\(durability.synchronous)", "hash": "\(hashing.rawValue)",
                "damages": "\(log.openingDamages.count)",
            ])
        if let reserve = log.reserve, !reserve.isWhole {
            logger.error(
                "the disk is full: opened in the room kept for that, queries go on and nothing is recorded",
                metadata: ["wanted": "\(reserve.bytes.wanted)", "held": "\(reserve.bytes.held)"])
        }
        for damage in log.openingDamages.prefix(20) {
            logger.error(
                "damaged event found: its stream takes nothing until somebody has looked, all others go on",
                metadata: ["damage": "\(damage)"])
        }
        for note in log.openingNotes.prefix(20) {
            logger.warning(
                "found beside the log's events and set aside or mended: look where it came from",
                metadata: ["what": "\(note)"])
        }
        return log
    }

    /// The checkpoints that earlier runs left; what is wrong with their files is said.
    private static func storedCheckpoints(in folder: String, _ logger: Logger) -> StoredCheckpoints {
        let stored = StoredCheckpoints(folder: folder)
        for flaw in stored.flaws {
            logger.error(
                "a stored checkpoint is not what the archive left there: compare with those that others keep",
                metadata: ["file": "\(flaw.name)", "state": "\(flaw.state)"])
        }
        return stored
    }

    private static func lists(in folder: String) throws -> (store: ReadModelStore, mustRebuild: Bool) {
        do { return try ReadModelStore.open(directory: folder) } catch let error as ReadModelError {
            throw ListsProblem(folder: folder, error: error)
        }
    }

    /// The key for person tokens, which must be the one that the log rests on.
    private static func tokenKey(in folder: String, of shared: ArchiveShared) throws -> TokenKey {
        let path = "\(folder)/\(TokenKeyFile.name)"
        let key = try TokenKeyFile.read(path)
        let slice = try shared.makeReader().readStream(
            try StreamName(TokenKeyAppend.stream), from: SequenceNumber(1), limit: 1)
        if let record = slice.events.first?.record, let adopted = try? ArchiveMessages.tokenKey(record: record),
            adopted.fingerprint != key.fingerprint
        {
            throw TokenKeyMismatch(.otherThanRecorded, path: path)
        }
        return key
    }

    /// Says so when checkpoints get another signer: those who keep them will notice.
    private static func tellNewSigner(_ key: CheckpointKey, after last: SignedCheckpoint?, _ logger: Logger) {
        guard let last, last.signer != key.publicKey else { return }
        logger.warning(
            "checkpoints are signed by another key from here on: those who keep them refuse it until they are told",
            metadata: [
                "code": "CARE-6347", "before": "\(Base64.text(last.signer))", "now": "\(Base64.text(key.publicKey))",
            ])
    }

    /// Closes to others the folders that are there: what is missing is made by whoever needs it, for this service only.
    private static func closeFolders(in data: String) throws {
        for own in ["log", "read-model", "attachments"] where FileManager.default.fileExists(atPath: "\(data)/\(own)") {
            try PrivateFolder.make("\(data)/\(own)")
        }
    }

    private static func build(_ context: ServiceContext) async throws -> [any LifecycleService] {
        let settings = context.settings
        let data = settings[BusSettings.dataDirectory]
        let folder = "\(data)/checkpoints"
        DataFolder.close(data, context.logger)
        try closeFolders(in: data)
        // First: a log that is behind one of them is refused before anything in it is changed.
        let stored = storedCheckpoints(in: folder, context.logger)
        let log = try open("\(data)/log", hashing: settings[LogSettings.hashing], after: stored, context.logger)
        let shared = ArchiveShared(
            log: log, readers: try (0..<4).map { _ in try log.makeReader() }, epoch: log.epoch)
        let (store, isFresh) = try lists(in: "\(data)/read-model")
        // Rows of more than the log holds are those of another log, or of this one before an older state was put back.
        let isAhead =
            try store.current.checkpoint().map { $0.cursor.position(in: log.head.shard) > log.head.position } ?? false
        if isAhead { context.logger.error("the lists hold more than the log: they are made anew") }
        let projector = Projector(store: store, shared: shared, mustRebuild: isFresh || isAhead, context: context)
        let ring = KeyRing(directory: settings[BusSettings.keyDirectory])
        let tokens = try tokenKey(in: settings[BusSettings.keyDirectory], of: shared)
        let signer = try CheckpointKey(folder: settings[BusSettings.keyDirectory])
        tellNewSigner(signer, after: stored.furthest?.signed, context.logger)
        let checkpoints = CheckpointMaker(
            reader: shared.takeReader(), key: signer, identity: log.identity, folder: folder, stored: stored,
            pace: .init(
                interval: settings[CheckpointSettings.interval], events: UInt64(settings[CheckpointSettings.events])),
            context: context)
        let desk = ArchiveDesk(
            store: store, shared: shared, projector: projector, tokens: tokens, checkpoints: checkpoints,
            files: AttachmentFolder(path: "\(data)/attachments"), metrics: context.metrics)

        var configuration = ReactorConfiguration(name: "care-archive", keys: try ring.pair(of: "care-archive"))
        configuration.serverAddress = settings[BusSettings.archive]
        configuration.feedAddress = settings[BusSettings.feed]
        configuration.peers = try PeerRegistry(file: settings[BusSettings.peerList], generation: 1)
        let metrics = ArchiveMetrics(context.metrics)
        let watch = ArchiveWatch(
            reader: try shared.makeReader(), shared: shared, store: store, metrics: metrics,
            disk: DiskProbe(folder: data), reserve: log.reserve, readiness: context.readiness)
        let seen = BusMetrics(context.metrics, followsFeed: false)
        let reactor = try Reactor<ArchiveService>(
            configuration, context: try ZMQContext(), work: desk.perform, log: busLog(to: context.logger),
            figures: { figures in
                seen.show(figures)
                shared.update(followers: figures.followers)
            }
        ) {
            try ArchiveService(
                log: shared.takeLog(), tokenKey: tokens.fingerprint,
                refusalStore: RefusalFile(directory: "\(data)/log")
            ) { counters, head, board in
                shared.update(head: head, board: board)
                checkpoints.moved(to: head.position.rawValue)
                metrics.show(counters, head, board, unread: projector.present.unreadCount)
                watch.noteRefusedTurns(counters.diskFull)
                projector.wake()
            }
        }
        // The first reading of the whole log also finds what was changed while it was stopped, before the saved heads.
        checkpoints.onDamage = { _ = reactor.post(.damaged($0, then: .projected)) }
        checkpoints.onSigned = { _ = reactor.post(.checkpoint($0)) }
        projector.onProgress = { _ = reactor.post(.projected) }
        return [
            ProjectorPart(projector: projector),
            CheckpointPart(maker: checkpoints),
            WatchPart(watch: watch),
            ReactorPart(reactor, readiness: context.readiness, logger: context.logger),
            PeerWatcher(path: settings[BusSettings.peerList], logger: context.logger) { reactor.replacePeers($0) },
        ]
    }
}

/// Why the lists can neither be opened nor begun anew, in the operator's words.
struct ListsProblem: UserFacingError {
    let folder: String
    let error: ReadModelError

    var message: UserMessage {
        guard !error.isForWantOfRoom else {
            return UserMessage(
                6641,
                UserText(
                    zh: "磁盘已满，清单打不开，服务没有启动；已登记的内容都还在",
                    en: "the disk is full, so the lists cannot be opened and the service has not started; nothing "
                        + "recorded is lost"),
                advice: UserText(
                    zh: "在数据目录所在的磁盘上腾出至少 16 MiB，再启动",
                    en: "free at least 16 MiB on the disk of the data folder, then start again"))
        }
        return UserMessage(
            6640,
            UserText(
                zh: "清单目录 \(folder) 用不了：current 或清单文件被别的东西占着，或没有权限",
                en: "the folder of the lists \(folder) cannot be used: something else stands in the place of "
                    + "current or of the lists' file, or rights are missing"),
            advice: UserText(
                zh: "清单都由日志推算：把整个目录移走，再启动，会自动重建",
                en: "the lists are computed from the log: move the whole folder away and start again"))
    }

    var exitCode: ExitCode { error.isForWantOfRoom ? .temporary : .badData }
    var isRetriable: Bool { error.isForWantOfRoom }
}

/// Why the log cannot be opened, in the operator's words.
struct LogProblem: UserFacingError {
    private let error: EventLogError

    init(_ error: EventLogError) { self.error = error }

    var message: UserMessage {
        // The detail names files, counts and processes, never what is in the log.
        let detail = error.underlying.map { "\(error.message), \($0)" } ?? error.message
        let isFull = error.code == .diskFull
        let text =
            isFull
            ? UserText(
                zh: "磁盘已满，日志打不开，服务没有启动；已登记的内容都还在（\(detail)）",
                en: "the disk is full, so the log cannot be opened and the service has not started; nothing recorded "
                    + "is lost (\(detail))")
            : UserText(
                zh: "日志打不开：\(error.chineseText)（\(error.code.rawValue)：\(detail)）",
                en: "the log cannot be opened: \(error.englishText) (\(error.code.rawValue): \(detail))")
        let room = UserText(
            zh: "在数据目录所在的磁盘上腾出至少 16 MiB，再启动",
            en: "free at least 16 MiB on the disk of the data folder, then start again")
        return UserMessage(error.code == .headOlder ? 3111 : 3110, text, advice: isFull ? room : nil)
    }

    var exitCode: ExitCode { error.isRetriable ? .temporary : .badData }
    var isRetriable: Bool { error.isRetriable }
}
