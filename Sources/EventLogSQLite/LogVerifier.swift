import EventLog

/// Reads a whole log and finds every place where it is not what was written.
///
/// Works beside a running writer, on its own connection and in short transactions, or on the files of a stopped log,
/// which it leaves as they are. Use one verifier on one thread.
package struct LogVerifier: Sendable {
    private let files: LogFiles
    private let options: SQLiteLogOptions
    private let board: LogBoard?
    private let checkpoints: [NamedCheckpoint]
    /// What vouches for the events, as it is when they are read.
    private var look = HeadFile.Look()
    private var vouched: (position: UInt64, digest: EventHash)?
    private var identity: [UInt8]?

    /// A verifier for the files of a log that nobody writes, also one that refuses to open.
    /// - Parameter checkpoints: what the log was at earlier moments, kept where the log's files are not.
    package init(
        directory: String, options: SQLiteLogOptions = SQLiteLogOptions(), checkpoints: [NamedCheckpoint] = []
    ) {
        files = LogFiles(directory: directory)
        self.options = options
        board = nil
        self.checkpoints = checkpoints
    }

    /// The same with one checkpoint, or none.
    package init(directory: String, options: SQLiteLogOptions = SQLiteLogOptions(), checkpoint: Checkpoint?) {
        self.init(
            directory: directory, options: options, checkpoints: checkpoint.map { [NamedCheckpoint("", $0)] } ?? [])
    }

    /// A verifier beside a writer; checks everything acknowledged so far.
    init(_ files: LogFiles, options: SQLiteLogOptions, board: LogBoard, log: LogIdentity) {
        self.files = files
        self.options = options
        let head = board.head
        vouched = (head.position.rawValue, head.digest)
        self.board = board
        checkpoints = []
        identity = log.bytes
    }

    /// Checks all events: positions without gaps, columns against record, hash of the record, chain and sequence of
    /// each stream, order of time, and the digest the head vouches for.
    /// - Parameter progress: Called now and then with events checked and events in all; returning false ends the check.
    /// - Throws: `EventLogError` when the database cannot be opened or read at all.
    package func run(progress: (UInt64, UInt64) -> Bool = { _, _ in true }) throws(EventLogError) -> VerifyReport {
        var verifier = self
        if board == nil { verifier.take(HeadFile.look(files)) }
        return try verifier.read(progress)
    }

    private mutating func take(_ look: HeadFile.Look) {
        self.look = look
        vouched = look.content.map { ($0.position, $0.digest) }
        identity = look.content?.log.bytes
    }

    private mutating func read(_ progress: (UInt64, UInt64) -> Bool) throws(EventLogError) -> VerifyReport {
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

    private mutating func check(
        _ rows: EventRows, _ database: Database, _ hint: String, _ progress: (UInt64, UInt64) -> Bool
    ) throws(EventLogError) -> VerifyReport {
        // What is wrong with the log as a whole, and what is beside it.
        var found: [Damage] = []
        var notes: [Damage] = []
        var place = (standing: board?.head.position.rawValue ?? 0, last: board?.head.position.rawValue ?? 0)
        if board == nil {
            let end = try end(rows)
            // Rows at the end whose numbers were changed are told like any others that are not where they belong.
            place = (end.map { $0.isCut ? $0.standing : $0.last } ?? vouched?.position ?? 0, vouched?.position ?? 0)
            found += stateDamages(database)
            if let why = end?.whyHeadIsOlder { found.append(Damage(.headMismatch, position: nil, detail: why)) }
            notes += look.damages + (end?.damages ?? []) + (try LogTables(database).damages(besides: "log_state"))
        }
        let there = place.standing
        let end = max(there, place.last)
        if !HashAlgorithm.sm3.isAvailable { try OpenedLog.refuseSM3(in: rows, upTo: there) }
        var check = VerifyPass(rows, vouched: vouched, checkpoints: checkpoints)
        try read(rows, into: &check, upTo: there, end: end, progress)
        guard check.position == there else { return check.finish() }
        if check.needsSecondLook {
            // What belongs at each position is asked of the trail, or else of the events behind it, and all is read again.
            let (lost, foreign) = try lostRows(rows, upTo: there)
            if !lost.isEmpty {
                check = VerifyPass(rows, vouched: vouched, checkpoints: checkpoints, lost: lost)
                try read(rows, into: &check, upTo: there, end: end, progress)
            }
            if let foreign {
                check.isWide = true
                if !check.report.damages.contains(where: { $0.kind == .digestMismatch }) {
                    found.append(Damage(.digestMismatch, position: nil, detail: foreign))
                }
            }
        }
        if vouched == nil && end > 0 {
            found.append(
                Damage(.headMismatch, position: nil, detail: "no readable head file vouches for the events"))
        }
        if there < end {
            found.append(
                Damage(
                    missing: there + 1...end,
                    detail: "the head vouches for \(end) events, the database has \(there)\(hint)"))
        }
        for named in checkpoints where identity.map({ $0 != named.checkpoint.log }) ?? false {
            found.append(
                Damage(.headMismatch, position: nil, detail: "the checkpoint\(named.suffix) belongs to another log"))
        }
        if let position = rows.foundAlong {
            notes.append(
                Damage(
                    .stray, position: Position(position),
                    detail:
                        "this row and perhaps others are found only by reading along the table: the number of a row "
                        + "beside it was changed"))
        }
        if !found.isEmpty { check.isWide = true }
        check.report.damages += found + notes
        check.report.setAside = try StrayRows.all(in: rows).map(\.damage)
        check.report.setAsideCount = try StrayRows.count(in: rows)
        return check.finish()
    }

    private func lostRows(
        _ rows: EventRows, upTo last: UInt64
    ) throws(EventLogError) -> (lost: LostRows, foreign: String?) {
        let trail = trail
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
    /// Where the log ends; nil where a cut or damaged file does not tell that: then as far as the head file vouches.
    private mutating func end(_ rows: EventRows) throws(EventLogError) -> LogEnd? {
        do throws(EventLogError) {
            var end = try LogEnd(rows, look, trail)
            // A writer beside this may have gone on between the two looks.
            for _ in 0..<5 where end.strayCount > 0 || end.newer > 0 {
                let later = HeadFile.look(files)
                if later.content == look.content { break }
                take(later)
                end = try LogEnd(rows, look, trail)
            }
            return end
        } catch {
            guard error.code == .corrupted, let vouched, vouched.position > 0 else { throw error }
            return nil
        }
    }

    private var trail: TrailReader? {
        identity.flatMap { LogIdentity(bytes: $0) }.flatMap { TrailReader(files, log: $0) }
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

    /// Rows that are none of the log's events and were set aside when it was opened, the first of them. No damage: nothing
    /// reads them; a person should look where they came from.
    package internal(set) var setAside: [Damage] = []

    /// How many such rows there are.
    package internal(set) var setAsideCount = 0

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
