import EventLog

/// Makes the head file of a log anew when an older one was put in its place, or when it is gone.
///
/// The head file is what shows that the database was cut or rewritten, so it is never made from the database alone. What
/// proves the events here is a signed checkpoint: all events up to its position must lead to its digest and its root.
/// Behind it the chain must be whole and the trail must know each event; nobody signed those, and they are counted. Rows that
/// an earlier start set aside are taken back as far as the checkpoint proves them, and no further. See decision 0012.
package final class HeadMend {
    /// What was found, and what writing the head would do.
    package struct Finding: Sendable, Hashable {
        /// Events that the head file vouches for as it stands; nil when it is missing or cannot be read.
        package fileprivate(set) var before: UInt64?
        /// Events that the new one would vouch for.
        package fileprivate(set) var events: UInt64 = 0
        /// Their digest.
        package fileprivate(set) var digest = EventHash.zero
        /// The signed checkpoint that proves them.
        package fileprivate(set) var proof: NamedCheckpoint
        /// Events behind that checkpoint, which only their chain and the trail speak for.
        package fileprivate(set) var unsigned: UInt64 = 0
        /// Rows that were set aside and would be events again.
        package fileprivate(set) var takenBack: UInt64 = 0
        /// Rows that stay set aside: no checkpoint here proves them.
        package fileprivate(set) var leftAside: UInt64 = 0
        /// Under which name the head file is kept as it stands; nil when there is none.
        package fileprivate(set) var keptAs: String?
    }

    /// Why no head is made.
    package enum Obstacle: Sendable, Hashable {
        /// The head file is that of these rows, or the next start deals with it.
        case notNeeded
        /// No signed checkpoint holds more events than the head file vouches for.
        case nothingProves
        /// Events are gone: of the checkpoint, or of the head file as it stands, more than the rows and those set aside.
        case rowsMissing(proved: UInt64, there: UInt64)
        /// Rows are damaged, or there are some that are none of the log's.
        case damaged(count: Int, first: String)
        /// The trail does not know an event behind the checkpoint, or knows more events than there are.
        case trailDiffers(position: UInt64)
    }

    private let files: LogFiles
    private let lock: WriterLock
    private let database: Database
    private let rows: EventRows
    private let look: HeadFile.Look
    private let log: LogIdentity
    private let epoch: UInt64
    private var recordedAt = Int64.min
    /// What is to be done, or why nothing is.
    package private(set) var result: Result<Finding, Refused>

    /// An obstacle as an error.
    package struct Refused: Error, Sendable, Hashable {
        package let obstacle: Obstacle
    }

    /// Looks at a log that nobody writes. Nothing is changed.
    /// - Parameter checkpoints: signed checkpoints whose signer was checked.
    /// - Throws: `EventLogError`: `writerLocked` while a service runs on it; `corrupted` and the like when the database
    ///   cannot be read.
    package init(
        directory: String, options: SQLiteLogOptions = SQLiteLogOptions(), checkpoints: [NamedCheckpoint]
    ) throws(EventLogError) {
        files = LogFiles(directory: directory)
        lock = try WriterLock(files)
        look = HeadFile.look(files)
        database = try Database(files.database, options: options, create: false, cacheBytes: 8 << 20)
        database.keepWriteAheadLog()
        try LogTables(database).requireEvents(look.content)
        let state = try Statement(database, "SELECT log, epoch FROM log_state WHERE id = 1")
        guard try state.step(), let log = LogIdentity(bytes: state.bytes(0)),
            look.content.map({ $0.log == log }) ?? true
        else {
            throw EventLogError(.wrongFormat, "events.sqlite does not say that it is the log of events.head")
        }
        self.log = log
        epoch = max(state.unsigned(1), look.content?.epoch ?? 0)
        state.reset()
        rows = try EventRows(database)
        result = .failure(Refused(obstacle: .nothingProves))
        let known = checkpoints.filter { $0.checkpoint.log == log.bytes }
        guard let proof = known.max(by: { $0.checkpoint.position < $1.checkpoint.position }) else { return }
        try database.run("BEGIN IMMEDIATE")
        result = try examine(proof, known)
        try database.run("ROLLBACK")
    }

    deinit { rows.close() }

    /// What was recorded of heads made anew, a line each, oldest first.
    package static func records(in directory: String) -> [String] {
        let files = LogFiles(directory: directory)
        guard let file = try? files.disk.open(files.mended, create: false), let size = try? file.size(),
            let bytes = try? file.read(min(size, 1 << 20), at: 0)
        else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Writes the head that was found, and takes back the rows that were set aside. Both slots say then that the log is closed.
    /// The head file as it stands is kept beside it.
    /// - Parameter record: One line that says who did it, when and what was found; kept before anything is changed.
    /// - Throws: `EventLogError`; the log is then as it was, or still refuses to start with the head it had.
    package func write(record: String) throws(EventLogError) {
        guard case .success(let finding) = result else {
            preconditionFailure("HeadMend.write: there is nothing to write")
        }
        if let kept = finding.keptAs {
            let old = try files.disk.open(files.head, create: false).read(1 << 20, at: 0)
            let copy = try files.disk.open("\(files.directory)/\(kept)", create: true)
            try copy.write(old, at: 0)
            try copy.sync()
        }
        let records = try files.disk.open(files.mended, create: true)
        try records.write(Array((record + "\n").utf8), at: try records.size())
        try records.sync()
        try files.disk.syncDirectory(files.directory)
        if finding.takenBack > 0 {
            try database.run("BEGIN IMMEDIATE")
            try takeBack(after: finding.events - finding.takenBack, upTo: finding.events)
            try database.run(
                "DELETE FROM strays WHERE position > \(finding.events - finding.takenBack) "
                    + "AND position <= \(finding.events)")
            try database.run("COMMIT")
        }
        // What the head vouches for must be on disk before it: also where the writer was killed.
        try database.checkpoint(.restarting)
        let head = try HeadFile(files, after: look.content, syncsBehind: false)
        try head.close(
            log: log,
            head: LogHead(
                shard: .single, position: Position(finding.events), digest: finding.digest,
                recordedAt: recordedAt == .min ? nil : RecordedTime(microseconds: recordedAt), epoch: epoch))
        try DurableFile.syncDirectory(files.directory)
    }

    /// Inside a transaction, which is taken back.
    private func examine(
        _ proof: NamedCheckpoint, _ checkpoints: [NamedCheckpoint]
    ) throws(EventLogError) -> Result<Finding, Refused> {
        func refused(_ obstacle: Obstacle) -> Result<Finding, Refused> { .failure(Refused(obstacle: obstacle)) }
        let vouched = look.content?.position ?? 0
        let proved = proof.checkpoint.position
        let below = try rows.integer("SELECT count(*) FROM events WHERE position <= 0")
        let there = try rows.lastPosition()
        // Numbers far away would be read one by one.
        guard below == 0, try rows.integer("SELECT count(*) FROM events") == Int64(clamping: there) else {
            return refused(.damaged(count: 1, first: "rows are missing, or have numbers that no event has"))
        }
        var finding = Finding(before: look.content?.position, proof: proof)
        finding.keptAs = look.content.map { "events.head.replaced-\($0.generation)" }
        let aside = UInt64(try StrayRows.count(in: rows))
        if proved > there, aside > 0 { try takeBack(after: there, upTo: proved) }
        let last = try rows.lastPosition()
        finding.takenBack = last - there
        finding.leftAside = aside - finding.takenBack
        guard last >= proved, last >= vouched else {
            return refused(.rowsMissing(proved: max(proved, vouched), there: last))
        }
        guard last > vouched, look.content == nil || look.state == .closed else { return refused(.notNeeded) }
        guard proved > vouched else { return refused(.nothingProves) }
        if !HashAlgorithm.sm3.isAvailable { try OpenedLog.refuseSM3(in: rows, upTo: last) }
        let report = try read(upTo: last, checkpoints, &finding)
        guard report.isSound else {
            return refused(.damaged(count: report.damages.count, first: report.damages[0].description))
        }
        finding.events = last
        finding.unsigned = last - proved
        if let position = try unknownToTrail(after: proved, upTo: last) {
            return refused(.trailDiffers(position: position))
        }
        return .success(finding)
    }

    /// Reads all rows, and compares them with the checkpoints.
    private func read(
        upTo last: UInt64, _ checkpoints: [NamedCheckpoint], _ finding: inout Finding
    ) throws(EventLogError) -> VerifyReport {
        var pass = VerifyPass(rows, vouched: nil, checkpoints: checkpoints)
        var digest = RunningDigest()
        var latest = Int64.min
        _ = try rows.forEach(after: 0, upTo: last) { row, _ in
            pass.take(row)
            digest.add(row?.hash ?? .zero)
            if let row, let header = try? RecordHeader(parsing: row.record) {
                latest = max(latest, header.recordedAt.microseconds)
            }
            return true
        }
        finding.digest = digest.value
        recordedAt = latest
        return pass.finish()
    }

    /// The first event behind the checkpoint that the trail does not know as it is, or the first that it knows too many.
    private func unknownToTrail(after proved: UInt64, upTo last: UInt64) throws(EventLogError) -> UInt64? {
        guard last > proved else { return nil }
        guard var trail = TrailReader(files, log: log) else { return proved + 1 }
        var unknown: UInt64?
        _ = try rows.forEach(after: proved, upTo: last) { row, _ in
            guard let row, let header = try? RecordHeader(parsing: row.record),
                let entry = trail.entry(at: row.position),
                entry.hash == row.hash, entry.key == StreamKey(nameBytes: header.name(in: row.record))
            else {
                unknown = unknown ?? row?.position ?? proved + 1
                return false
            }
            return true
        }
        // Another event stood there and is gone: or its commit was under way when the process was killed.
        if unknown == nil, trail.entry(at: last + 1) != nil { unknown = last + 1 }
        return unknown
    }

    /// Puts rows that were set aside back among the events. That they are the right ones is for the checkpoint to say.
    private func takeBack(after there: UInt64, upTo proved: UInt64) throws(EventLogError) {
        let columns = "position, stream, sequence, prev, kind, day, record, hash"
        try database.run(
            "INSERT OR IGNORE INTO events(\(columns)) SELECT \(columns) FROM strays "
                + "WHERE position > \(there) AND position <= \(proved) ORDER BY position, id")
    }
}
