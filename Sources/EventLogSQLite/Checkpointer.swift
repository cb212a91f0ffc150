import CSQLite
import Dispatch
import EventLog
import Synchronization

/// Copies the write-ahead log into the database beside the writer, on a queue and a connection of its own, so that the
/// writer waits only for the small rest.
final class Checkpointer: @unchecked Sendable {
    // Safe to share: `database` is used on the queue only; `failure` is written on the queue before `state` says
    // finished, and read by the writer after it has seen that.
    private static let idle = -1
    private static let running = -2

    private let queue = DispatchQueue(label: "care.log.checkpoint")
    private let path: String
    private let options: SQLiteLogOptions
    private let state = Atomic<Int>(idle)
    private var database: Database?
    private var failure: EventLogError?

    /// A checkpointer that opens its connection at its first run.
    init(_ path: String, options: SQLiteLogOptions) {
        self.path = path
        self.options = options
    }

    /// Starts a run in the background.
    func start() {
        state.store(Self.running, ordering: .releasing)
        queue.async { self.run() }
    }

    /// Whether a run is under way.
    var isRunning: Bool { state.load(ordering: .acquiring) == Self.running }

    /// Frames that the last run left copied, once; nil when no run has ended since.
    /// - Throws: What the run met.
    func takeResult() throws(EventLogError) -> Int? {
        let value = state.load(ordering: .acquiring)
        guard value >= 0 else { return nil }
        state.store(Self.idle, ordering: .releasing)
        if let failure {
            self.failure = nil
            throw failure
        }
        return value
    }

    /// Waits for the run under way and closes the connection.
    func close(keepingWriteAheadLog: Bool) {
        queue.sync {
            if keepingWriteAheadLog { database?.keepWriteAheadLog() }
            database?.close()
            database = nil
        }
    }

    private func run() {
        var copied = 0
        do throws(EventLogError) {
            let connection: Database
            if let database {
                connection = database
            } else {
                connection = try Database(path, options: options, create: false, cacheBytes: 1 << 20)
                database = connection
            }
            copied = try connection.checkpoint().copied
        } catch {
            failure = error
        }
        state.store(copied, ordering: .releasing)
    }
}
