import EventLog

/// The saved image of all heads and append ids: makes a start quick, is never needed, and may be deleted.
///
/// It is written a piece per commit while the log goes on, so its entries may be newer than the position it begins
/// with; reading the events after that position again puts this right, because heads only advance. Every piece carries
/// a checksum; whatever is wrong with the file, the answer is to read all events instead.
enum HeadsImage {
    static let magic: [UInt8] = Array("CAREIMG1".utf8)
    static let pieceStreams = 16_384
    static let pieceBytes = 1 << 20

    /// What stands at the front: where the image begins and how it is cut.
    struct Front: Equatable {
        var log: LogIdentity
        var position: UInt64
        var hash: EventHash
        var recordedAt: Int64
        var digestGroup: EventHash
        var digestOpen: [UInt8]
        var streams: Int
        var segments: [Segment]

        struct Segment: Equatable {
            var capacity: Int
            var inserted: Int
        }

        var bytes: [UInt8] {
            var bytes = HeadsImage.magic + log.bytes
            bytes.add(position)
            bytes += hash.bytes
            bytes.add(UInt64(bitPattern: recordedAt))
            bytes += digestGroup.bytes
            bytes.add(UInt64(digestOpen.count))
            bytes += digestOpen
            bytes.add(UInt64(streams))
            bytes.add(UInt64(segments.count))
            for segment in segments {
                bytes.add(UInt64(segment.capacity))
                bytes.add(UInt64(segment.inserted))
            }
            return bytes
        }

        init(log: LogIdentity, hash: EventHash, planner: AppendPlanner) {
            let digest = planner.committedDigest
            self.log = log
            self.hash = hash
            position = digest.count
            recordedAt = planner.committed.recordedAt?.microseconds ?? .min
            digestGroup = digest.group
            digestOpen = digest.open
            streams = planner.heads.count
            segments = planner.filterShape.map { Segment(capacity: $0.capacity, inserted: $0.inserted) }
        }

        init?(_ bytes: [UInt8]) {
            var reader = PieceReader(bytes)
            guard reader.take(8) == HeadsImage.magic, let log = reader.take(16).flatMap({ LogIdentity(bytes: $0) }),
                let position = reader.word(), let hash = reader.take(32).flatMap({ EventHash(bytes: $0) }),
                let recordedAt = reader.word(), let group = reader.take(32).flatMap({ EventHash(bytes: $0) }),
                let openCount = reader.word(), let open = reader.take(Int(clamping: openCount)),
                let streams = reader.word(), let segmentCount = reader.word(), segmentCount < 64
            else { return nil }
            var segments: [Segment] = []
            for _ in 0..<segmentCount {
                guard let capacity = reader.word(), let inserted = reader.word(), capacity < 1 << 40 else { return nil }
                segments.append(Segment(capacity: Int(capacity), inserted: Int(clamping: inserted)))
            }
            self.log = log
            self.position = position
            self.hash = hash
            self.recordedAt = Int64(bitPattern: recordedAt)
            digestGroup = group
            digestOpen = open
            self.streams = Int(clamping: streams)
            self.segments = segments
        }
    }

    private struct PieceReader {
        private let bytes: [UInt8]
        private var offset = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func take(_ count: Int) -> [UInt8]? {
            guard count <= bytes.count - offset else { return nil }
            defer { offset += count }
            return Array(bytes[offset..<offset + count])
        }

        mutating func word() -> UInt64? { take(8).map { $0.reduce(0) { $0 << 8 | UInt64($1) } } }
    }
}

extension [UInt8] {
    /// Appends eight big-endian bytes.
    mutating func add(_ word: UInt64) { Swift.withUnsafeBytes(of: word.bigEndian) { self += $0 } }
}

/// Writes an image piece by piece.
final class HeadsImageWriter {
    private let files: LogFiles
    private let planner: AppendPlanner
    private let front: HeadsImage.Front
    private let file: any LogDiskFile
    private var offset = 0
    private var streamsWritten = 0
    private var segment = 0
    private var segmentBytes = 0

    /// Begins an image at the planner's committed state.
    init(_ files: LogFiles, log: LogIdentity, hash: EventHash, planner: AppendPlanner) throws(EventLogError) {
        self.files = files
        self.planner = planner
        front = HeadsImage.Front(log: log, hash: hash, planner: planner)
        file = try files.disk.open(files.image + ".new", create: true)
        try file.truncate(to: 0)
        try put(front.bytes)
    }

    /// Writes the next piece.
    /// - Parameter beforeRenaming: Called when the image is complete, before it is put in its place, with the position at
    ///   which it begins.
    /// - Returns: Whether the image is complete and in its place.
    func advance(
        lastHash: EventHash, beforeRenaming: (_ position: UInt64) throws(EventLogError) -> Void
    ) throws(EventLogError) -> Bool {
        if streamsWritten < front.streams {
            let end = min(front.streams, streamsWritten + HeadsImage.pieceStreams)
            try put(planner.heads.imageBytes(of: streamsWritten..<end))
            streamsWritten = end
            return false
        }
        if segment < front.segments.count {
            let size = front.segments[segment].capacity * 2
            let end = min(size, segmentBytes + HeadsImage.pieceBytes)
            try put(planner.filterImage(ofSegment: segment, segmentBytes..<end))
            segmentBytes = end
            if end == size {
                segment += 1
                segmentBytes = 0
            }
            return false
        }
        var back = HeadsImage.magic
        back.add(planner.committed.position.rawValue)
        back += lastHash.bytes
        try put(back)
        try beforeRenaming(front.position)
        try files.disk.rename(files.image + ".new", to: files.image)
        return true
    }

    /// Gives up and takes no more space.
    func discard() { files.disk.remove(files.image + ".new") }

    /// A piece is its length, its bytes and their SHA-256.
    private func put(_ bytes: [UInt8]) throws(EventLogError) {
        var piece: [UInt8] = []
        piece.reserveCapacity(bytes.count + 40)
        piece.add(UInt64(bytes.count))
        piece += bytes
        piece += bytes.withUnsafeBytes { EventHash(of: $0) }.bytes
        try file.write(piece, at: offset)
        offset += piece.count
    }
}

/// Reads an image back.
struct HeadsImageReader {
    let front: HeadsImage.Front
    let heads = HeadTable()
    let filter = AppendIDFilter()
    /// Last position any entry of the image can know of, and the hash there.
    let end: (position: UInt64, hash: EventHash)

    /// Reads the image; nil when there is none, when it is damaged, or when it is of another log.
    init?(_ files: LogFiles, log: LogIdentity) {
        guard let file = try? files.disk.open(files.image, create: false) else { return nil }
        var offset = 0
        guard let frontBytes = Self.piece(file, &offset), let front = HeadsImage.Front(frontBytes), front.log == log
        else { return nil }
        self.front = front
        while heads.count < front.streams {
            guard let bytes = Self.piece(file, &offset), !bytes.isEmpty,
                bytes.count % HeadTable.imageBytesPerStream == 0
            else { return nil }
            heads.addImage(bytes)
        }
        for (number, segment) in front.segments.enumerated() {
            filter.restoreSegment(capacity: segment.capacity, inserted: segment.inserted)
            var filled = 0
            while filled < segment.capacity * 2 {
                guard let bytes = Self.piece(file, &offset), filled + bytes.count <= segment.capacity * 2 else {
                    return nil
                }
                filter.fill(segment: number, at: filled, with: bytes)
                filled += bytes.count
            }
        }
        guard let back = Self.piece(file, &offset), back.count == 48, Array(back[..<8]) == HeadsImage.magic,
            let hash = EventHash(bytes: Array(back[16...]))
        else { return nil }
        end = (back[8..<16].reduce(0) { $0 << 8 | UInt64($1) }, hash)
    }

    private static func piece(_ file: any LogDiskFile, _ offset: inout Int) -> [UInt8]? {
        guard let size = try? file.read(8, at: offset), size.count == 8 else { return nil }
        let count = size.reduce(0) { $0 << 8 | UInt64($1) }
        guard count <= 4 << 20, let bytes = try? file.read(Int(count) + 32, at: offset + 8),
            bytes.count == Int(count) + 32
        else { return nil }
        let content = Array(bytes[..<Int(count)])
        guard content.withUnsafeBytes({ EventHash(of: $0) }) == EventHash(bytes: Array(bytes[Int(count)...])) else {
            return nil
        }
        offset += 8 + bytes.count
        return content
    }
}
