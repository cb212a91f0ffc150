import EventLog

/// What is wrong with a file beside the database. No event is lost by it: each of these files can be made anew from the
/// rows, or holds nothing that was recorded.
package struct SideFileFlaw: Sendable, Hashable {
    /// The files.
    package enum File: String, Sendable, Hashable, CaseIterable {
        /// Which record of which stream was written at each position: tells whose rows were damaged.
        case trail = "events.trail"
        /// The names of the streams, for those whose rows are all gone.
        case names = "events.names"
        /// Commands that were refused for good.
        case refusals = "events.refused"
        /// The saved heads, for a quick start.
        case image = "events.image"
    }

    /// What is wrong.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// It is not there.
        case missing
        /// It ends before it should.
        case cut
        /// Bytes of it are others than were written.
        case damaged
        /// It can be read, and does not lead to what the head file vouches for: another log's, or rewritten.
        case foreign
    }

    package let file: File
    package let kind: Kind
    /// The first entry that cannot be used, from 1: of the trail a position, of the others a slot of 64 bytes. nil for the
    /// image.
    package let first: UInt64?
    /// How many entries cannot be used; of the refusals those that were kept in them. 0 where nothing that was kept is lost.
    package let lost: UInt64
    /// How many there should be.
    package let all: UInt64

    /// For operators, without what to do about it.
    package var description: String {
        let place = first.map { ", first \(file == .trail ? "position" : "slot") \($0)" } ?? ""
        let amount = first == nil ? "" : ": \(lost) of \(all) \(file == .trail ? "entries" : "slots") lost"
        return "\(file.rawValue) \(kind.rawValue)\(amount)\(place)"
    }
}

/// Reads the files beside a log's database. Beside a running writer, too: what the head file vouches for stood in them before.
package struct SideFiles {
    private let files: LogFiles
    private let log: LogIdentity
    private let head: HeadFile.Content

    /// - Returns: nil where no head file says which log this is: then nothing of these files can be read.
    package init?(directory: String) {
        files = LogFiles(directory: directory)
        guard let head = HeadFile.read(files) else { return nil }
        self.head = head
        log = head.log
    }

    /// What is wrong, in the order of the files.
    /// - Parameter report: What reading the rows found: as many streams must have names.
    /// - Throws: `EventLogError` with `readFailed` when a file that is there cannot be read.
    package func check(_ report: VerifyReport) throws(EventLogError) -> [SideFileFlaw] {
        var flaws: [SideFileFlaw] = []
        if let flaw = trailFlaw() { flaws.append(flaw) }
        if let flaw = try namesFlaw(report) { flaws.append(flaw) }
        if let flaw = try RefusalFile.flaw(directory: files.directory, disk: files.disk) { flaws.append(flaw) }
        if (try? files.disk.open(files.image, create: false)) != nil, HeadsImageReader(files, log: log) == nil {
            flaws.append(SideFileFlaw(file: .image, kind: .damaged, first: nil, lost: 0, all: 0))
        }
        return flaws
    }

    private func trailFlaw() -> SideFileFlaw? {
        let all = head.position
        guard all > 0 else { return nil }
        guard var trail = TrailReader(files, log: log) else {
            return SideFileFlaw(file: .trail, kind: .missing, first: 1, lost: all, all: all)
        }
        let there = min(trail.count, all)
        var digest = RunningDigest()
        var places = BrokenPlaces()
        var isWhole = there == all
        for position in stride(from: 1, through: there, by: 1) {
            guard let entry = trail.entry(at: position) else {
                places.add(position)
                continue
            }
            // The hash of a row that was damaged before it was written down is not known.
            if entry.hash == .zero { isWhole = false }
            digest.add(entry.hash)
        }
        if there < all {
            places.add(there + 1, count: all - there)
            return places.flaw(.trail, .cut, of: all)
        }
        if places.count > 0 { return places.flaw(.trail, .damaged, of: all) }
        guard isWhole, digest.value != head.digest else { return nil }
        return SideFileFlaw(file: .trail, kind: .foreign, first: 1, lost: all, all: all)
    }

    private func namesFlaw(_ report: VerifyReport) throws(EventLogError) -> SideFileFlaw? {
        guard head.position > 0 else { return nil }
        let all = UInt64(report.streams)
        guard let file = try? files.disk.open(files.names, create: false) else {
            return SideFileFlaw(file: .names, kind: .missing, first: 1, lost: all, all: all)
        }
        var named: Set<StreamKey> = []
        TrailNames.forEach(file, log: log) { bytes in
            bytes.withUnsafeBytes { _ = named.insert(StreamKey(nameBytes: $0)) }
        }
        let known = UInt64(named.count)
        var places = BrokenPlaces()
        let slots = try TrailNames.forEachUnreadable(file, log: log) { places.add($0) }
        let lost = all - min(all, known)
        if let first = places.first {
            return SideFileFlaw(file: .names, kind: .damaged, first: first, lost: lost, all: all)
        }
        guard try file.size() % TrailNames.slotBytes == 0, lost == 0 else {
            return SideFileFlaw(file: .names, kind: .cut, first: slots + 1, lost: lost, all: all)
        }
        return nil
    }
}

/// What a log's head file says, for people.
package enum HeadCheck {
    /// Events that it vouches for; nil where it is missing or cannot be read.
    package static func vouchedEvents(in directory: String) -> UInt64? {
        HeadFile.read(LogFiles(directory: directory))?.position
    }
}

/// Entries that cannot be used: the first, and how many.
private struct BrokenPlaces {
    private(set) var first: UInt64?
    private(set) var count: UInt64 = 0

    mutating func add(_ place: UInt64, count more: UInt64 = 1) {
        if first == nil { first = place }
        count += more
    }

    func flaw(_ file: SideFileFlaw.File, _ kind: SideFileFlaw.Kind, of all: UInt64) -> SideFileFlaw {
        SideFileFlaw(file: file, kind: kind, first: first, lost: count, all: all)
    }
}

extension TrailNames {
    /// Gives the number of every whole slot that cannot be read, from 1.
    /// - Returns: How many whole slots there are.
    static func forEachUnreadable(
        _ file: any LogDiskFile, log: LogIdentity, _ body: (UInt64) -> Void
    ) throws(EventLogError) -> UInt64 {
        var number: UInt64 = 0
        while true {
            let block = try file.read(slotBytes * 4096, at: Int(number) * slotBytes)
            guard block.count >= slotBytes else { return number }
            for place in stride(from: 0, through: block.count - slotBytes, by: slotBytes) {
                number += 1
                if slot(block[place..<place + slotBytes], log: log) == nil { body(number) }
            }
        }
    }
}
