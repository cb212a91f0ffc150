import EventLog

/// Records of wanted types from the files of a log, in order, beside a running writer or where none runs.
///
/// For comparing the log with something else as its files stand. Nothing is checked here; that is `LogVerifier`'s.
package enum RecordScan {
    /// Positions of one transaction, so that the writer's write-ahead log does not grow behind a long read.
    private static let block: UInt64 = 20_000

    /// - Parameters:
    ///   - directory: Folder of the log.
    ///   - kinds: Wanted event types.
    ///   - body: Takes one record.
    /// - Throws: `EventLogError` when the database cannot be opened or read.
    package static func run(
        _ directory: String, kinds: Set<UInt32>, _ body: ([UInt8]) -> Void
    ) throws(EventLogError) {
        let files = LogFiles(directory: directory)
        let end = HeadFile.read(files)?.position ?? 0
        let database = try Database(files.database, options: SQLiteLogOptions(), create: false, cacheBytes: 8 << 20)
        defer { database.close() }
        database.keepWriteAheadLog()
        try database.run("PRAGMA query_only = ON")
        let wanted = kinds.sorted().map(String.init).joined(separator: ", ")
        let select = try Statement(
            database,
            "SELECT record FROM events WHERE position > ?1 AND position <= ?2 AND kind IN (\(wanted)) ORDER BY position"
        )
        var done: UInt64 = 0
        while done < end {
            let next = min(end, done + block)
            select.bind(1, done)
            select.bind(2, next)
            while try select.step() { body(Array(select.bytes(0))) }
            done = next
        }
    }
}
