import EventLog

/// How an SQLite log is kept. The defaults are what deployments use; tests and the simulator change them.
package struct SQLiteLogOptions: Sendable {
    /// Bytes of a database page, for a new log. Larger pages make bulk appends cheaper and single ones dearer.
    package var pageBytes = 8192
    /// The write-ahead log is copied into the database when it has this many bytes.
    package var checkpointBytes = 16 << 20
    /// The image of all heads is saved after this many events, or as many as there are streams when that is more.
    package var imageInterval = 1_000_000
    /// Bytes of the writer's page cache.
    package var cacheBytes = 32 << 20
    /// Name of a registered SQLite VFS; nil for the default one.
    package var vfs: String?
    /// What the files beside the database stand on.
    package var disk: any LogDisk = SystemDisk()
    /// Sixteen bytes that name a new log; nil = drawn at random.
    package var identity: [UInt8]?
    /// Whether the write-ahead log is copied, and the head file synced, on other threads. The simulator turns it off.
    package var usesSecondThread = true
    /// Whether an append is acknowledged only when the head file is synced too. Otherwise the head file is written
    /// before and synced within `HeadFile.delay`; the events themselves are always synced first.
    package var syncsHeadFirst = true
    /// Whether the write-ahead log is given its whole length when the log is opened. Syncing a file that grows costs
    /// about twice as much.
    package var reservesWriteAheadLog = true
    /// Whether room is kept beside the log for opening it on a full disk.
    package var keepsSpaceReserve = true
    /// Room that opening is reckoned to need besides what the write-ahead log makes the database grow by: shared memory,
    /// the first commit, head file and lock here, and the same of the read models.
    package var openingBytes = 2 << 20
    /// How new events are hashed; those that are there keep theirs.
    package var hashAlgorithm = HashAlgorithm.sha256

    /// The signed checkpoint of the most events that is kept; nil where none is. A log that is behind it is not opened.
    package var furthestCheckpoint: NamedCheckpoint?

    /// The defaults.
    package init() {}
}
