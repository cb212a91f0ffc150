import EventLog

/// Reads a whole log and finds every place where it is not what was written.
///
/// Works beside a running writer, on its own connection and in short transactions, or on the files of a stopped log,
/// which it leaves as they are. Use one verifier on one thread.
package struct LogVerifier: Sendable {
    private let files: LogFiles
    private let options: SQLiteLogOptions
    private let vouched: (position: UInt64, digest: EventHash)?
    private let board: LogBoard?
    private let checkpoint: Checkpoint?
    private let identity: [UInt8]?

    /// A verifier for the files of a log that nobody writes, also one that refuses to open.
    /// - Parameter checkpoint: what the log was at an earlier moment, kept where the log's files are not.
    package init(
        directory: String, options: SQLiteLogOptions = SQLiteLogOptions(), checkpoint: Checkpoint? = nil
    ) {
        files = LogFiles(directory: directory)
        self.options = options
        let head = HeadFile.read(files)
        vouched = head.map { ($0.position, $0.digest) }
        identity = head?.log.bytes
        board = nil
        self.checkpoint = checkpoint
    }

    /// A verifier beside a writer; checks everything acknowledged so far.
    init(_ files: LogFiles, options: SQLiteLogOptions, board: LogBoard, log: LogIdentity) {
        self.files = files
        self.options = options
        let head = board.head
        vouched = (head.position.rawValue, head.digest)
        self.board = board
        checkpoint = nil
        identity = log.bytes
    }

    /// Checks all events: positions without gaps, columns against record, hash of the record, chain and sequence of
    /// each stream, order of time, and the digest the head vouches for.
    /// - Parameter progress: Called now and then with events checked and events in all; returning false ends the check.
    /// - Throws: `EventLogError` when the database cannot be opened or read at all.
    package func run(progress: (UInt64, UInt64) -> Bool = { _, _ in true }) throws(EventLogError) -> VerifyReport {
        let hint = files.hintAtMissingEnd
        let database: Database
        let rows: EventRows
        do throws(EventLogError) {
            database = try Database(files.database, options: options, create: false, cacheBytes: 8 << 20)
            database.keepWriteAheadLog()
            try database.run("PRAGMA query_only = ON")
            if let vouched, board == nil, vouched.position > 0,
                try database.integer("SELECT count(*) FROM sqlite_master WHERE name = 'events'") == 0
            {
                database.close()
                return nothingLeft("the database is empty\(hint)")
            }
            rows = try EventRows(database)
        } catch {
            // The file is cut within its first pages, or they are damaged: nothing of it can be read.
            guard error.code == .corrupted, board == nil, vouched?.position ?? 0 > 0 else { throw error }
            return nothingLeft("the database cannot be read (\(error.underlying ?? error.message))\(hint)")
        }
        defer { rows.close() }
        return try check(rows, database, hint, progress)
    }

    /// What is said of a database without any event that can be read.
    private func nothingLeft(_ why: String) -> VerifyReport {
        let end = vouched?.position ?? 0
        var report = VerifyReport()
        report.vouchedPosition = Position(end)
        report.isConfined = false
        report.damages = [Damage(missing: 1...max(end, 1), detail: "the head vouches for \(end) events, \(why)")]
        return report
    }

    private func check(
        _ rows: EventRows, _ database: Database, _ hint: String, _ progress: (UInt64, UInt64) -> Bool
    ) throws(EventLogError) -> VerifyReport {
        var found: [Damage] = []
        let last: UInt64
        if let board {
            last = board.head.position.rawValue
        } else {
            found += stateDamages(database)
            let bound = try end(rows, database)
            found += try strays(database, beyond: bound)
            last = bound
        }
        let end = vouched.map { board == nil ? max(last, $0.position) : $0.position } ?? last
        let there = min(last, end)
        if !HashAlgorithm.sm3.isAvailable { try OpenedLog.refuseSM3(in: rows, upTo: there) }
        var check = VerifyPass(rows, vouched: vouched, checkpoint: checkpoint)
        try read(rows, into: &check, upTo: there, end: end, progress)
        guard check.position == there else { return check.finish() }
        if check.needsSecondLook {
            // What belongs at each position is asked of the trail, or else of the events behind it, and all is read again.
            let (lost, foreign) = try lostRows(rows, upTo: there)
            if !lost.isEmpty {
                check = VerifyPass(rows, vouched: vouched, checkpoint: checkpoint, lost: lost)
                try read(rows, into: &check, upTo: there, end: end, progress)
            }
            if let foreign {
                check.isWide = true
                if !check.report.damages.contains(where: { $0.kind == .digestMismatch }) {
                    found.append(Damage(.digestMismatch, position: nil, detail: foreign))
                }
            }
        }
        if vouched == nil && last > 0 {
            found.append(
                Damage(.headMismatch, position: nil, detail: "no readable head file vouches for the events"))
        }
        if there < end {
            found.append(
                Damage(
                    missing: last + 1...end,
                    detail: "the head vouches for \(end) events, the database has \(last)\(hint)"))
        }
        if let checkpoint, let identity, checkpoint.log != identity {
            found.append(Damage(.headMismatch, position: nil, detail: "the checkpoint belongs to another log"))
        }
        if !found.isEmpty { check.isWide = true }
        check.report.damages += found
        return check.finish()
    }

    private func lostRows(
        _ rows: EventRows, upTo last: UInt64
    ) throws(EventLogError) -> (lost: LostRows, foreign: String?) {
        let trail = identity.flatMap { LogIdentity(bytes: $0) }.flatMap { TrailReader(files, log: $0) }
        let truth = try vouched.map { (vouched) throws(EventLogError) in
            try TrailTruth.of(trail, rows, position: vouched.position, digest: vouched.digest, upTo: last)
        }
        switch truth {
        case .told(let lost) where !lost.isEmpty: return (lost, nil)
        case .foreign(let why, let lost): return (lost, why)
        default: return (try LostRows(rows, after: 0, upTo: last), nil)
        }
    }

    private func read(
        _ rows: EventRows, into check: inout VerifyPass, upTo last: UInt64, end: UInt64,
        _ progress: (UInt64, UInt64) -> Bool
    ) throws(EventLogError) {
        _ = try rows.forEach(after: 0, upTo: last) { row, _ in
            check.take(row)
            return check.position % 65_536 != 0 || progress(check.position, end)
        }
    }
}

extension LogVerifier {
    /// The last position to look at. Where a cut or damaged file does not tell its own, as far as the head file vouches.
    private func end(_ rows: EventRows, _ database: Database) throws(EventLogError) -> UInt64 {
        do throws(EventLogError) {
            return try plausibleEnd(database, rows)
        } catch {
            guard error.code == .corrupted, let vouched, vouched.position > 0 else { throw error }
            return vouched.position
        }
    }

    /// The last position that a row of this log can have.
    private func plausibleEnd(_ database: Database, _ rows: EventRows) throws(EventLogError) -> UInt64 {
        let last = try rows.lastPosition()
        let bound = try rows.plausibleEnd(vouched: vouched?.position ?? 0, last: last)
        if last <= bound { return last }
        let statement = try Statement(
            database, "SELECT coalesce(max(position), 0) FROM events WHERE position <= ?1")
        statement.bind(1, bound)
        _ = try statement.step()
        defer { statement.reset() }
        return statement.unsigned(0)
    }

    /// The first rows whose number no event of this log can have.
    private func strays(_ database: Database, beyond bound: UInt64) throws(EventLogError) -> [Damage] {
        let statement = try Statement(
            database, "SELECT position FROM events WHERE position > ?1 ORDER BY position LIMIT 100")
        statement.bind(1, bound)
        defer { statement.reset() }
        var found: [Damage] = []
        do throws(EventLogError) {
            while try statement.step() {
                found.append(
                    Damage(
                        .columnMismatch, position: Position(statement.unsigned(0)),
                        detail: "a row number far beyond the end of the log"))
            }
        } catch {
            guard error.code == .corrupted else { throw error }
        }
        return found
    }

    /// Whether the row that says which log this is can be read and names the log of the head file: without it the log does
    /// not open.
    private func stateDamages(_ database: Database) -> [Damage] {
        let statement = try? Statement(database, "SELECT log FROM log_state WHERE id = 1")
        defer { statement?.reset() }
        guard let statement, (try? statement.step()) == true, let log = LogIdentity(bytes: statement.bytes(0)) else {
            return [Damage(.headMismatch, position: nil, detail: "events.sqlite has no readable log_state")]
        }
        guard let identity, log.bytes != identity else { return [] }
        return [
            Damage(.headMismatch, position: nil, detail: "events.head belongs to another log than events.sqlite says")
        ]
    }
}

/// What a verification found.
package struct VerifyReport: Sendable {
    /// Events checked.
    package internal(set) var events: UInt64 = 0
    /// Streams seen.
    package internal(set) var streams = 0
    /// Position the head vouches for; nil when nothing vouches.
    package internal(set) var vouchedPosition: Position?
    /// Everything found, in order of position.
    package internal(set) var damages: [Damage] = []

    /// Whether the log is exactly what was written.
    package var isSound: Bool { damages.isEmpty }

    /// Whether the damage is that of the streams named, and everything else is what the head vouches for.
    package internal(set) var isConfined = true

    /// Streams with damage, in order of name; fence these.
    package var damagedStreams: [StreamName] {
        Set(damages.compactMap(\.stream)).sorted { $0.text < $1.text }
    }
}

extension SQLiteEventLog {
    /// A verifier that works beside this writer, on another thread.
    package func makeVerifier() -> LogVerifier { LogVerifier(files, options: options, board: board, log: log) }

    /// How the writer's connection is set at this moment.
    /// - Throws: `EventLogError` with `closed`.
    package func durability() throws(EventLogError) -> (journal: String, synchronous: Int64) {
        let store = try requireOpen()
        return (
            try store.database.text("PRAGMA journal_mode"), try store.database.integer("PRAGMA synchronous")
        )
    }

    /// Caps the database's size; appends beyond it are refused like those on a full disk.
    /// - Throws: `EventLogError` with `closed`.
    package func setMaximumBytes(_ bytes: Int) throws(EventLogError) {
        try requireOpen().database.setMaximumBytes(bytes)
    }
}
