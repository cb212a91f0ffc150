import EventLog

extension SQLiteEventLog {
    /// Makes readers on any thread, for as long as this writer is open: a rebuild needs some for a while.
    package var readerFactory: @Sendable () throws -> any EventLogReader {
        let (files, log, options, board, displaced) = (files, log, options, board, displaced)
        return { try SQLiteEventReader(files, log, options: options, board: board, displaced: displaced) }
    }
}
