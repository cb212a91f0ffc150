import EventLog
import Glibc

/// Where the files of a log are.
struct LogFiles: Sendable {
    let directory: String
    /// What the files beside the database stand on.
    var disk: any LogDisk = SystemDisk()

    /// The SQLite database; `-wal` and `-shm` stand beside it.
    var database: String { directory + "/events.sqlite" }
    /// What was committed and is not yet copied into the database.
    var writeAheadLog: String { database + "-wal" }
    /// Added to what is said about events missing at the end. Ask before the database is opened: that makes the file.
    ///
    /// After a crash the newest events stand in the write-ahead log; who moves the database without it loses them.
    /// An empty one holds nothing: whoever looks at the database leaves such a file.
    var hintAtMissingEnd: String {
        var status = stat()
        return stat(writeAheadLog, &status) == 0 && status.st_size > 0
            ? ""
            : ". There is no events.sqlite-wal; when it was moved or deleted, the newest events were in it: put it back"
    }
    /// Vouches for the number and the digest of the events, outside the database.
    var head: String { directory + "/events.head" }
    /// Image of all heads, for a quick start. May be deleted at any time.
    var image: String { directory + "/events.image" }
    /// Which stream and which hash stands at each position, to tell whose rows were damaged. May be deleted at any time;
    /// then only what the rows say of each other tells it.
    var trail: String { directory + "/events.trail" }
    /// Names of the streams, beside the trail.
    var names: String { directory + "/events.names" }
    /// Room kept for opening the log on a full disk; it holds nothing, and may be deleted while the log is closed.
    var reserve: String { directory + "/events.reserve" }
    /// A line for each time that the head file was made anew by a person. Never needed for reading the log.
    var mended: String { directory + "/events.mended" }
    /// Locked while a writer is open.
    var lock: String { directory + "/events.lock" }
}
