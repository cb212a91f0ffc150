import EventLog

/// Refusals on disk: slots that are written one after the other, and over the oldest when all are in use.
///
/// Each slot has a number that rises and a checksum, so that a torn one counts as empty, and it stands in one sector, so that
/// writing it can spoil no other. Nothing in it says when or about whom: who reads it keeps all of it as if it were new.
package final class RefusalFile: RefusalStore {
    /// The file's name in the log's folder. May be deleted while the log is closed; then what was refused is forgotten.
    package static let name = "events.refused"

    private static let magic: [UInt8] = Array("CAREREF1".utf8)
    private static let bodyBytes = 8 + 8 + 16
    private static let slotBytes = bodyBytes + 32

    private let directory: String
    private let disk: any LogDisk
    private let capacity: Int
    private var file: (any LogDiskFile)?
    /// Whether the file's name and room are there for good.
    private var isPlaced = false
    /// Number of the slot that was written last, from 1.
    private var last: UInt64 = 0

    /// - Parameters:
    ///   - directory: The log's folder, which must be there and be this process's own (`WriterLock`).
    ///   - disk: What it stands on; nil = the file system.
    ///   - capacity: Most refusals that are kept; the file has 64 bytes for each.
    package init(directory: String, disk: (any LogDisk)? = nil, capacity: Int = 16_384) {
        self.directory = directory
        self.disk = disk ?? SystemDisk()
        self.capacity = capacity
    }

    package func kept() -> [RefusedAppend] {
        // What cannot be read now cannot be written either: `keep` says so, and tries again.
        guard let file = try? opened(), let slots = try? slots(in: file) else { return [] }
        try? place(file)
        return slots.map(\.refused)
    }

    package func keep(_ refusals: [RefusedAppend]) throws(EventLogError) {
        let file = try opened()
        try place(file)
        var number = last
        // More than there are slots would push out one another.
        for refused in refusals.suffix(capacity) {
            number += 1
            // Each by itself: they are few, and the ring ends somewhere.
            try file.write(Self.encode(number, refused), at: Int(number % UInt64(capacity)) * Self.slotBytes)
        }
        try file.sync()
        // Only now: what was not synced is written again, in the same place.
        last = number
    }

    /// Opens the file, makes it when it is missing, and finds where it goes on.
    private func opened() throws(EventLogError) -> any LogDiskFile {
        if let file { return file }
        let opened = try disk.open("\(directory)/\(Self.name)", create: true)
        last = try slots(in: opened).last?.number ?? 0
        file = opened
        return opened
    }

    /// Sees to it that the file is found after a loss of power, and takes room ahead, so that refusals can be told on a full
    /// disk. Where there is none, what others need is left to them, and each write looks for its own.
    private func place(_ file: any LogDiskFile) throws(EventLogError) {
        guard !isPlaced else { return }
        let size = try file.size()
        if size < capacity * Self.slotBytes {
            do throws(EventLogError) {
                try file.allocate(capacity * Self.slotBytes)
            } catch {
                try? file.truncate(to: size)
            }
        }
        try disk.syncDirectory(directory)
        isPlaced = true
    }

    /// What can be read, in the order of the numbers.
    private func slots(in file: any LogDiskFile) throws(EventLogError) -> [Slot] {
        let bytes = try file.read(capacity * Self.slotBytes, at: 0)
        return stride(from: 0, to: bytes.count, by: Self.slotBytes)
            .compactMap { Self.decode(Array(bytes[$0..<min(bytes.count, $0 + Self.slotBytes)])) }
            .sorted { $0.number < $1.number }
    }

    /// What is wrong with the file; nil when nothing is, and when it is not there: a backup has none.
    ///
    /// A slot that was being written when the power failed looks like a damaged one, until it is written over; nobody was told
    /// of what stood in it.
    /// - Throws: `EventLogError` with `readFailed`.
    static func flaw(
        directory: String, disk: any LogDisk, capacity: Int = 16_384
    ) throws(EventLogError) -> SideFileFlaw? {
        guard let file = try? disk.open("\(directory)/\(name)", create: false) else { return nil }
        let bytes = try file.read(capacity * slotBytes, at: 0)
        var numbers: Set<UInt64> = []
        var unreadable: Set<UInt64> = []
        for start in stride(from: 0, to: bytes.count, by: slotBytes) {
            let slot = Array(bytes[start..<min(bytes.count, start + slotBytes)])
            let index = UInt64(start / slotBytes)
            if let found = decode(slot), found.number % UInt64(capacity) == index {
                numbers.insert(found.number)
            } else if slot.count < slotBytes || slot.contains(where: { $0 != 0 }) {
                unreadable.insert(index)
            }
        }
        var last = numbers.max() ?? 0
        // Damaged slots right behind the newest one that can be read held newer ones.
        let readable = last
        while last - readable < UInt64(unreadable.count), unreadable.contains((last + 1) % UInt64(capacity)) {
            last += 1
        }
        let expected = min(last, UInt64(capacity))
        let kept = UInt64(numbers.count { $0 + UInt64(capacity) > last })
        let lost = expected - min(expected, kept)
        // Its room is taken when it is made: a shorter one was cut, or made on a full disk.
        let isCut = bytes.count < capacity * slotBytes
        guard !unreadable.isEmpty || lost > 0 || isCut else { return nil }
        return SideFileFlaw(
            file: .refusals, kind: isCut ? .cut : .damaged,
            first: isCut ? UInt64(bytes.count / slotBytes) + 1 : (unreadable.min() ?? 0) + 1, lost: lost, all: expected)
    }

    // MARK: Slots

    private struct Slot {
        var number: UInt64
        var refused: RefusedAppend
    }

    private static func encode(_ number: UInt64, _ refused: RefusedAppend) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in [number, refused.submission] { withUnsafeBytes(of: word.bigEndian) { bytes += $0 } }
        bytes += refused.id.bytes
        return bytes + checksum(bytes)
    }

    private static func decode(_ bytes: [UInt8]) -> Slot? {
        guard bytes.count == slotBytes, checksum(Array(bytes[..<bodyBytes])) == Array(bytes[bodyBytes...]),
            let id = AppendID(bytes: bytes[16..<32])
        else { return nil }
        func word(_ offset: Int) -> UInt64 { bytes[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        return Slot(number: word(0), refused: RefusedAppend(id, submission: word(8)))
    }

    private static func checksum(_ body: [UInt8]) -> [UInt8] {
        (magic + body).withUnsafeBytes { EventHash(of: $0) }.bytes
    }
}
