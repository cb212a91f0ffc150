import Dispatch
import EventLog
import Synchronization

/// The small file outside the database that vouches for its content.
///
/// Two slots, written in turn, each with its own checksum: a torn write can only spoil the newer slot. Order on every
/// append: database committed with FULL, slot written, acknowledged. The slot is synced right after, at most `delay`
/// later, on a queue of its own (see decision 0002); or before the acknowledgement, when the options say so.
///
/// `@unchecked Sendable`: `file` is written by the writer's thread and synced by the queue, which the kernel allows;
/// `generation` belongs to the writer's thread; `failure` is behind `lock`.
final class HeadFile: @unchecked Sendable {
    /// What a slot says.
    struct Content: Equatable {
        /// Identity of the log, so that another log's file is noticed.
        var log: LogIdentity
        /// Rises with every write; tells the newer slot.
        var generation: UInt64
        /// Epoch of the writer.
        var epoch: UInt64
        /// Position of the last acknowledged event.
        var position: UInt64
        /// Running digest up to there.
        var digest: EventHash
        /// When the last event was recorded; `Int64.min` when there is none.
        var recordedAt: Int64
    }

    private static let magic: [UInt8] = Array("CARELOG1".utf8)
    private static let slotDistance = 4096
    private static let bodyBytes = 8 + 16 + 8 * 4 + 32
    private static let slotBytes = bodyBytes + 32

    /// How long after it was written a slot is synced at the latest; slots written meanwhile share that sync.
    static let delay = DispatchTimeInterval.milliseconds(5)

    private let file: any LogDiskFile
    private var generation: UInt64
    private let queue: DispatchQueue?
    private let isScheduled = Atomic<Bool>(false)
    private let lock = LogLock()
    private var failure: EventLogError?

    /// Opens the file for writing after `last`, creating it when it is missing.
    /// - Parameter syncsBehind: Whether slots may be synced after `write` has returned.
    init(_ files: LogFiles, after last: Content?, syncsBehind: Bool) throws(EventLogError) {
        queue = syncsBehind ? DispatchQueue(label: "care.log.head") : nil
        file = try files.disk.open(files.head, create: true)
        generation = last?.generation ?? 0
        if try file.size() != Self.slotDistance * 2 {
            try file.truncate(to: Self.slotDistance * 2)
            // Real bytes, not a hole: later writes then never need space or a change of the file's metadata.
            let zero = [UInt8](repeating: 0, count: Self.slotDistance * 2)
            if last == nil {
                try file.write(zero, at: 0)
            }
            try file.sync()
            try files.disk.syncDirectory(files.directory)
        }
        guard let last else { return }
        // The system may show a slot whose sync failed. Written anew, it is on disk before the other one is touched.
        try file.write(Self.encode(last), at: Int(last.generation % 2) * Self.slotDistance)
        try file.sync()
    }

    /// Reads the newest valid slot; nil when the file is missing or neither slot is valid.
    static func read(_ files: LogFiles) -> Content? {
        guard let file = try? files.disk.open(files.head, create: false) else { return nil }
        let slots = [0, 1].compactMap { number -> Content? in
            guard let bytes = try? file.read(slotBytes, at: number * slotDistance) else { return nil }
            return decode(bytes)
        }
        return slots.max { $0.generation < $1.generation }
    }

    /// Writes a new head; it is forced to disk before this returns, or soon after.
    /// - Throws: What writing it met, or syncing an earlier one. The writer must stop then.
    func write(log: LogIdentity, head: LogHead) throws(EventLogError) {
        if queue != nil, let failure = lock.withLock({ failure }) { throw failure }
        generation += 1
        let content = Content(
            log: log, generation: generation, epoch: head.epoch, position: head.position.rawValue, digest: head.digest,
            recordedAt: head.recordedAt?.microseconds ?? .min)
        try file.write(Self.encode(content), at: Int(generation % 2) * Self.slotDistance)
        guard let queue else { return try file.sync() }
        guard !isScheduled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.asyncAfter(deadline: .now() + Self.delay) { self.syncBehind() }
    }

    private func syncBehind() {
        // A slot written from here on is not surely part of this sync, so it asks for another.
        isScheduled.store(false, ordering: .releasing)
        do throws(EventLogError) {
            try file.sync()
        } catch {
            lock.withLock { failure = error }
        }
    }

    /// Forces everything written to disk.
    func flush() throws(EventLogError) {
        try file.sync()
        if let failure = lock.withLock({ failure }) { throw failure }
    }

    private static func encode(_ content: Content) -> [UInt8] {
        var bytes = magic
        bytes += content.log.bytes
        for word in [content.generation, content.epoch, content.position, UInt64(bitPattern: content.recordedAt)] {
            withUnsafeBytes(of: word.bigEndian) { bytes += $0 }
        }
        bytes += content.digest.bytes
        bytes += bytes.withUnsafeBytes { EventHash(of: $0) }.bytes
        return bytes
    }

    private static func decode(_ bytes: [UInt8]) -> Content? {
        guard bytes.count == slotBytes, Array(bytes[..<8]) == magic,
            let checksum = EventHash(bytes: Array(bytes[bodyBytes...])),
            Array(bytes[..<bodyBytes]).withUnsafeBytes({ EventHash(of: $0) }) == checksum,
            let log = LogIdentity(bytes: bytes[8..<24]), let digest = EventHash(bytes: Array(bytes[56..<88]))
        else { return nil }
        func word(_ offset: Int) -> UInt64 { bytes[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        return Content(
            log: log, generation: word(24), epoch: word(32), position: word(40), digest: digest,
            recordedAt: Int64(bitPattern: word(48)))
    }
}
