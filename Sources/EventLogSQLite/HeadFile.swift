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
        /// What the writer did when it wrote this.
        var state = State.unsure
    }

    /// What may stand in the database behind the events that a slot vouches for. The last byte of the slot's mark.
    enum State: UInt8 {
        /// Events that were acknowledged: slots are synced behind the acknowledgement, or an older version wrote this.
        case unsure = 0x31
        /// One commit under way, which nobody was told of: each slot is synced before the acknowledgement.
        case running = 0x32
        /// Nothing: the log was closed in order.
        case closed = 0x33
    }

    /// The file as it is found.
    struct Look {
        /// The newest slot that can be read; nil when there is none.
        var content: Content?
        /// Number of a slot, from 1, that was written once and cannot be read; nil when there is none.
        var damagedSlot: Int?

        /// What may stand in the database behind `content`. A slot that cannot be read may have been the newest one.
        var state: State { damagedSlot == nil ? content?.state ?? .unsure : .unsure }

        /// The slot that cannot be read, for people.
        var damages: [Damage] {
            guard let damagedSlot, let content else { return [] }
            return [
                Damage(
                    .headMismatch, position: nil,
                    detail:
                        "slot \(damagedSlot) of 2 of events.head, byte \((damagedSlot - 1) * HeadFile.slotDistance) "
                        + "on, cannot be read; the other one vouches for \(content.position) events")
            ]
        }
    }

    private static let magic: [UInt8] = Array("CARELOG".utf8)
    fileprivate static let slotDistance = 4096
    private static let bodyBytes = 8 + 16 + 8 * 4 + 32
    private static let slotBytes = bodyBytes + 32

    /// How long after it was written a slot is synced at the latest; slots written meanwhile share that sync.
    static let delay = DispatchTimeInterval.milliseconds(5)

    private let file: any LogDiskFile
    private var generation: UInt64
    private let isSyncedFirst: Bool
    private let queue: DispatchQueue?
    private let isScheduled = Atomic<Bool>(false)
    private let lock = LogLock()
    private var failure: EventLogError?

    /// Opens the file for writing after `last`, creating it when it is missing.
    /// - Parameter syncsBehind: Whether slots may be synced after `write` has returned.
    init(_ files: LogFiles, after last: Content?, syncsBehind: Bool) throws(EventLogError) {
        queue = syncsBehind ? DispatchQueue(label: "care.log.head") : nil
        isSyncedFirst = !syncsBehind
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
    static func read(_ files: LogFiles) -> Content? { look(files).content }

    /// Reads both slots.
    static func look(_ files: LogFiles) -> Look {
        guard let file = try? files.disk.open(files.head, create: false) else { return Look() }
        let found = [0, 1].map { number -> (bytes: [UInt8], content: Content?) in
            let bytes = (try? file.read(slotBytes, at: number * slotDistance)) ?? []
            return (bytes, decode(bytes))
        }
        let newest = found.compactMap(\.content).max { $0.generation < $1.generation }
        // The second slot is empty until there is something to write into it.
        let isFirst = newest?.generation == 1
        let damaged = found.firstIndex { $0.content == nil && !(isFirst && $0.bytes.allSatisfy { $0 == 0 }) }
        return Look(content: newest, damagedSlot: newest == nil ? nil : damaged.map { $0 + 1 })
    }

    /// Writes a new head; it is forced to disk before this returns, or soon after.
    /// - Throws: What writing it met, or syncing an earlier one. The writer must stop then.
    func write(log: LogIdentity, head: LogHead) throws(EventLogError) {
        if queue != nil, let failure = lock.withLock({ failure }) { throw failure }
        try put(log, head, isSyncedFirst ? .running : .unsure)
        guard let queue else { return try file.sync() }
        guard !isScheduled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.asyncAfter(deadline: .now() + Self.delay) { self.syncBehind() }
    }

    /// Says, in both slots, that the log ends here: what stands behind it later was not written by this log.
    func close(log: LogIdentity, head: LogHead) throws(EventLogError) {
        for _ in 0..<2 {
            try put(log, head, .closed)
            try flush()
        }
    }

    private func put(_ log: LogIdentity, _ head: LogHead, _ state: State) throws(EventLogError) {
        generation += 1
        let content = Content(
            log: log, generation: generation, epoch: head.epoch, position: head.position.rawValue, digest: head.digest,
            recordedAt: head.recordedAt?.microseconds ?? .min, state: state)
        try file.write(Self.encode(content), at: Int(generation % 2) * Self.slotDistance)
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
        var bytes = magic + [content.state.rawValue]
        bytes += content.log.bytes
        for word in [content.generation, content.epoch, content.position, UInt64(bitPattern: content.recordedAt)] {
            withUnsafeBytes(of: word.bigEndian) { bytes += $0 }
        }
        bytes += content.digest.bytes
        bytes += bytes.withUnsafeBytes { EventHash(of: $0) }.bytes
        return bytes
    }

    private static func decode(_ bytes: [UInt8]) -> Content? {
        guard bytes.count == slotBytes, Array(bytes[..<7]) == magic, let state = State(rawValue: bytes[7]),
            let checksum = EventHash(bytes: Array(bytes[bodyBytes...])),
            Array(bytes[..<bodyBytes]).withUnsafeBytes({ EventHash(of: $0) }) == checksum,
            let log = LogIdentity(bytes: bytes[8..<24]), let digest = EventHash(bytes: Array(bytes[56..<88]))
        else { return nil }
        func word(_ offset: Int) -> UInt64 { bytes[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        return Content(
            log: log, generation: word(24), epoch: word(32), position: word(40), digest: digest,
            recordedAt: Int64(bitPattern: word(48)), state: state)
    }
}
