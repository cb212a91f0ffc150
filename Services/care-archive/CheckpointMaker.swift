import ArchiveCore
import EventLog
import Foundation
import MessageBus
import ServiceKit
import ServiceLifecycle
import ServiceWiring

/// Makes a signed checkpoint of the log from time to time, on a thread and with a reader of its own, so that no append
/// waits for it, and writes it outside the log's folder.
///
/// `@unchecked Sendable`: `tree`, `digest`, `place` and `newest` are touched only while `work` is held; the rest of what
/// changes only while `condition` is held.
final class CheckpointMaker: @unchecked Sendable {
    /// When a checkpoint is made.
    struct Pace: Sendable {
        /// Longest time between two, while the log moves.
        var interval: Duration
        /// Most events between two.
        var events: UInt64
    }

    private let reader: any EventLogReader
    private let key: CheckpointKey
    private let identity: [UInt8]
    private let folder: String
    private let pace: Pace
    private let context: ServiceContext
    private let age: Gauge
    private let position: Gauge
    private let mismatch: Gauge
    /// Called with damaged events that were met, so that their streams are closed. Set before the start.
    var onDamage: (([Damage]) -> Void)?
    /// Called with the text of each checkpoint that was signed, and of the earlier one once the log agrees with it. Set
    /// before the start.
    var onSigned: ((String) -> Void)?

    /// Held for as long as a checkpoint is made; the rest of the service only tries it.
    private let work = NSLock()
    private var tree = StreamTree()
    private var digest = RunningDigest()
    private var place: UInt64 = 0
    private var newest: SignedCheckpoint?
    /// What the checkpoints before the start say, until the log has been compared with them; the one with most events last.
    private var earlier: ArraySlice<StoredCheckpoints.Stored>
    private var isRefused = false
    /// Whether any event of the log could not be read; its stream is fenced.
    private var hasDamage = false

    private let condition = MonotonicCondition()
    private var head: UInt64 = 0
    private var done: UInt64 = 0
    private var isStopping = false
    private var hasEnded = false

    /// - Parameter stored: what stands in the folder.
    init(
        reader: any EventLogReader, key: CheckpointKey, identity: [UInt8], folder: String, stored: StoredCheckpoints,
        pace: Pace, context: ServiceContext
    ) {
        self.reader = reader
        self.key = key
        self.identity = identity
        self.folder = folder
        self.pace = pace
        self.context = context
        age = context.metrics.gauge(
            "guanhuai_checkpoint_time_seconds", help: "When the newest checkpoint was made, in seconds since 1970.")
        position = context.metrics.gauge(
            "guanhuai_checkpoint_position", help: "Events that the newest checkpoint holds.")
        mismatch = context.metrics.gauge(
            "guanhuai_checkpoint_mismatch", help: "1 when the log is not what an earlier checkpoint says.")
        mismatch.set(0)
        earlier = stored.sound[...]
        // Until a new one is signed the earlier one is the newest: it is as old as its file.
        guard let last = stored.furthest else { return }
        position.set(Double(last.signed.checkpoint.position))
        let path = "\(folder)/\(last.name)"
        let made = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        if let made { age.set(made.timeIntervalSince1970) }
    }

    // MARK: From other threads

    /// The log moved on.
    func moved(to position: UInt64) {
        condition.withLock {
            head = position
            if position - min(done, position) >= pace.events { condition.signal() }
        }
    }

    /// The newest checkpoint, and the proof of a stream with it; nil while one is being made or none is there.
    func answer(proving stream: StreamName?) throws -> (checkpoint: String, proof: String)? {
        guard work.try() else { return nil }
        defer { work.unlock() }
        guard let newest else { return nil }
        guard let stream else { return (newest.text, "") }
        guard let found = tree.place(of: StreamKey(stream)), found.head.sequence > 0 else { return (newest.text, "") }
        var hashes: [EventHash] = []
        while UInt64(hashes.count) < found.head.sequence {
            let rest = found.head.sequence - UInt64(hashes.count)
            let slice = try reader.readStream(
                stream, from: SequenceNumber(UInt64(hashes.count) + 1), limit: Int(min(rest, 1024)))
            // A damaged event cannot be proved.
            guard slice.damages.isEmpty, !slice.events.isEmpty else { return (newest.text, "") }
            hashes += slice.events.map(\.hash)
        }
        let proof = StreamProof(
            stream: stream, hashes: hashes, index: UInt64(found.index), path: found.path, signed: newest)
        return (newest.text, proof.leadsToRoot ? proof.text : "")
    }

    func stop() {
        condition.withLock {
            isStopping = true
            condition.signal()
        }
    }

    func waitUntilEnded() { condition.withLock { while !hasEnded { condition.wait() } } }

    // MARK: On its own thread

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "checkpoints"
        thread.start()
    }

    private func run() {
        while true {
            // Not by the wall clock: when that goes back, checkpoints go on at their pace.
            let limit = ContinuousClock.now + pace.interval
            let isLast = condition.withLock {
                while !isStopping, head - min(done, head) < pace.events, condition.wait(until: limit) {}
                return isStopping
            }
            do {
                try work.withLock { try make() }
            } catch {
                context.logger.error("no checkpoint could be made", metadata: ["reason": "\(error)"])
            }
            if isLast { break }
        }
        condition.withLock {
            hasEnded = true
            condition.broadcast()
        }
    }

    /// Catches up with the log and signs what it is now, unless nothing has changed.
    private func make() throws {
        let head = try reader.head()
        defer { condition.withLock { done = place } }
        guard !isRefused, head.position.rawValue > place || newest == nil, head.position.rawValue > 0 else { return }
        while let next = earlier.first {
            let checkpoint = next.signed.checkpoint
            try catchUp(to: max(place, min(checkpoint.position, head.position.rawValue)))
            guard place == checkpoint.position, agrees(with: checkpoint) else { return refuse(next.name, checkpoint) }
            earlier.removeFirst()
            guard earlier.isEmpty else { continue }
            newest = next.signed
            onSigned?(next.signed.text)
            guard head.position.rawValue > place else { return }
        }
        try catchUp(to: head.position.rawValue)
        let checkpoint = Checkpoint(
            log: identity, epoch: head.epoch, position: head.position.rawValue,
            recordedAt: head.recordedAt?.microseconds ?? 0, digest: head.digest, streams: UInt64(tree.count),
            root: tree.root())
        let signed = try key.sign(checkpoint)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let text = Array(signed.text.utf8)
        // One of each day stays.
        let names = ["newest", "day-\(SystemTime.microseconds() / 86_400_000_000)"]
        for name in names where !makesRoom(for: checkpoint, name) { return refuse(name, checkpoint) }
        for name in names { try NewFile.replace(text, at: "\(folder)/\(name)", mode: 0o644) }
        newest = signed
        onSigned?(signed.text)
        position.set(Double(checkpoint.position))
        age.set(Double(SystemTime.microseconds()) / 1_000_000)
    }

    /// Damage that is known and fenced explains a difference; anything else does not.
    private func agrees(with checkpoint: Checkpoint) -> Bool {
        if checkpoint.log == identity, tree.root() == checkpoint.root, digest.value == checkpoint.digest { return true }
        return checkpoint.log == identity && hasDamage
    }

    /// Looks at the file that a new checkpoint is to take the place of. One that is damaged is kept under another name.
    /// - Returns: Whether the new one may take its place: it must not contradict it.
    private func makesRoom(for checkpoint: Checkpoint, _ name: String) -> Bool {
        let path = "\(folder)/\(name)"
        guard FileManager.default.fileExists(atPath: path) else { return true }
        if let there = StoredCheckpoints.read(path) { return checkpoint.contradiction(of: there.checkpoint) == nil }
        let kept = "\(name).damaged-\(SystemTime.microseconds() / 1_000_000)"
        context.logger.error(
            "a stored checkpoint is damaged or was changed; it is kept under another name",
            metadata: ["file": "\(name)", "kept": "\(kept)"])
        return rename(path, "\(folder)/\(kept)") == 0
    }

    /// A rewritten history is never signed: the earlier checkpoint stays and people have to look.
    private func refuse(_ name: String, _ earlier: Checkpoint) {
        isRefused = true
        mismatch.set(1)
        context.logger.error(
            "the log is not what an earlier checkpoint says, no further one is signed",
            metadata: [
                "checkpoint": "\(earlier.position)", "file": "\(name)", "log": "\(place)",
                "advice": "carectl log verify --checkpoint \(folder)/\(name)",
            ])
    }

    private func catchUp(to end: UInt64) throws {
        while place < end {
            let slice = try reader.readAll(
                after: Cursor(shard: .single, position: Position(place)), limit: Int(min(2048, end - place)),
                filter: .all)
            if !slice.damages.isEmpty { onDamage?(slice.damages) }
            for damage in slice.damages {
                hasDamage = true
                if let stream = damage.stream { tree.leave(StreamKey(stream)) }
            }
            for event in slice.events {
                let header = try event.header()
                event.record.withUnsafeBytes { bytes in
                    tree.take(
                        StreamKey(nameBytes: header.name(in: bytes)), sequence: header.sequence.rawValue,
                        hash: event.hash)
                }
                digest.add(event.hash)
            }
            place = slice.cursor.position(in: .single).rawValue
        }
    }
}

/// The maker of checkpoints as a part of the service.
struct CheckpointPart: ServiceLifecycle.Service {
    let maker: CheckpointMaker

    func run() async throws {
        maker.start()
        try? await gracefulShutdown()
        maker.stop()
        maker.waitUntilEnded()
    }
}

/// What care-archive can be told about checkpoints.
enum CheckpointSettings {
    static let interval = Setting(
        "checkpoint.interval", default: Duration.seconds(60),
        help: UserText(zh: "两次签名检查点之间最长多久", en: "longest time between two signed checkpoints")
    ) { $0 >= .milliseconds(100) ? nil : UserText(zh: "至少 100ms", en: "at least 100ms") }
    static let events = Setting(
        "checkpoint.events", default: 100_000,
        help: UserText(zh: "两次签名检查点之间最多多少条事件", en: "most events between two signed checkpoints")
    ) { $0 >= 1 ? nil : UserText(zh: "至少 1", en: "at least 1") }

    static let all: [any AnySetting] = [interval, events]
}
