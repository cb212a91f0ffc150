import ArchiveCore
import EventLog
import EventLogSQLite
import Foundation
import MessageBus

/// What the threads of care-archive share: readers of the log, each for one thread, and the head as last committed.
///
/// `@unchecked Sendable`: the log and each reader are handed over once and then belong to one thread; everything else
/// is touched only while `lock` is locked.
final class ArchiveShared: @unchecked Sendable {
    private let lock = NSLock()
    private var log: SQLiteEventLog?
    private var readers: [any EventLogReader]
    private var head: LogHead
    private var board = ConsumerBoard()
    private var followers: [Follower] = []
    private var isRefusing = false
    /// Epoch of the writer, part of ids that care-archive makes itself.
    let epoch: UInt64
    private let factory: @Sendable () throws -> any EventLogReader

    init(log: SQLiteEventLog, readers: [any EventLogReader], epoch: UInt64) {
        self.log = log
        self.readers = readers
        self.head = log.head
        self.epoch = epoch
        self.factory = log.readerFactory
    }

    /// The log, for the one thread that appends.
    func takeLog() throws -> SQLiteEventLog {
        try lock.withLock {
            guard let log else { throw EventLogError(.closed, "the log was handed over before") }
            self.log = nil
            return log
        }
    }

    /// A reader, for one thread.
    func takeReader() -> any EventLogReader {
        lock.withLock { readers.removeLast() }
    }

    /// A further reader, for a thread that needs its own for a while.
    func makeReader() throws -> any EventLogReader { try factory() }

    func update(head: LogHead, board: ConsumerBoard) {
        lock.withLock {
            self.head = head
            self.board = board
        }
    }

    func update(followers: [Follower]) { lock.withLock { self.followers = followers } }

    /// The subscriptions, as they stood at most a second or so ago.
    var presentFollowers: [Follower] { lock.withLock { followers } }

    /// The head and the consumers as last committed.
    var present: (head: LogHead, board: ConsumerBoard) { lock.withLock { (head, board) } }

    /// Whether the disk takes nothing at present, as the watch last found it.
    var takesNoAppends: Bool {
        get { lock.withLock { isRefusing } }
        set { lock.withLock { isRefusing = newValue } }
    }
}
