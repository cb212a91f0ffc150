import EventLog

/// The small file outside the database that vouches for its content.
///
/// Two slots, written in turn, each with its own checksum: a torn write can only spoil the newer slot, and then the
/// commit it stood for was never acknowledged. Order on every append: database committed with FULL, slot written and
/// synced, acknowledged.
final class HeadFile {
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

    private let file: DurableFile
    private var generation: UInt64

    /// Opens the file for writing after `last`, creating it when it is missing.
    init(_ files: LogFiles, after last: Content?) throws(EventLogError) {
        file = try DurableFile(files.head, create: true)
        generation = last?.generation ?? 0
        if try file.size() != Self.slotDistance * 2 {
            try file.truncate(to: Self.slotDistance * 2)
            // Real bytes, not a hole: later writes then never need space or a change of the file's metadata.
            let zero = [UInt8](repeating: 0, count: Self.slotDistance * 2)
            if last == nil {
                try file.write(zero, at: 0)
            }
            try file.sync()
            try DurableFile.syncDirectory(files.directory)
        }
    }

    /// Reads the newest valid slot; nil when the file is missing or neither slot is valid.
    static func read(_ files: LogFiles) -> Content? {
        guard let file = try? DurableFile(files.head, create: false) else { return nil }
        let slots = [0, 1].compactMap { number -> Content? in
            guard let bytes = try? file.read(slotBytes, at: number * slotDistance) else { return nil }
            return decode(bytes)
        }
        return slots.max { $0.generation < $1.generation }
    }

    /// Writes a new head and forces it to disk.
    func write(log: LogIdentity, head: LogHead) throws(EventLogError) {
        generation += 1
        let content = Content(
            log: log, generation: generation, epoch: head.epoch, position: head.position.rawValue, digest: head.digest,
            recordedAt: head.recordedAt?.microseconds ?? .min)
        try file.write(Self.encode(content), at: Int(generation % 2) * Self.slotDistance)
        try file.sync()
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
