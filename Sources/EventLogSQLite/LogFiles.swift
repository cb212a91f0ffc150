import EventLog

/// Where the files of a log are.
struct LogFiles: Sendable {
    let directory: String
    /// What the files beside the database stand on.
    var disk: any LogDisk = SystemDisk()

    /// The SQLite database; `-wal` and `-shm` stand beside it.
    var database: String { directory + "/events.sqlite" }
    /// What was committed and is not yet copied into the database.
    var writeAheadLog: String { database + "-wal" }
    /// Vouches for the number and the digest of the events, outside the database.
    var head: String { directory + "/events.head" }
    /// Image of all heads, for a quick start. May be deleted at any time.
    var image: String { directory + "/events.image" }
    /// Locked while a writer is open.
    var lock: String { directory + "/events.lock" }
}
