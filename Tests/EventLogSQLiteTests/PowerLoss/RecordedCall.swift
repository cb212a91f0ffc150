/// What a log asked of its real files, in the order in which it was done. Names are without their directory.
enum RecordedCall {
    case create(String)
    case write(String, offset: Int, bytes: [UInt8])
    case truncate(String, length: Int)
    case sync(String)
    /// A sync that failed: what was pending may be on disk or not, and no later sync brings it there.
    case failedSync(String)
    /// The directory's entries are on disk.
    case syncDirectory
    case rename(String, to: String)
    case remove(String)
    /// So many events were acknowledged by now.
    case acknowledged(Int)
}

/// A call that is to fail.
struct PlannedFault {
    enum Call: String, CaseIterable {
        case open, write, sync, truncate, rename
    }

    enum Failure: String, CaseIterable {
        case error, short, full
    }

    var call: Call
    /// How the file's name ends.
    var file: String
    var failure: Failure
    /// Which of these calls fails, from 1.
    var number: Int
}
