/// What an in-memory log keeps: survives its writer, as a disk would, so that restarts can be simulated.
package final class MemoryEventStore: @unchecked Sendable {
    // Safe to share: every access to the state below goes through `lock`.
    struct Row {
        var event: StoredEvent
        var stream: UInt64
        var previous: UInt64
    }

    struct State {
        var rows: [Row] = []
        var positions: [StreamKey: [UInt64]] = [:]
        var head = LogHead(
            shard: .single, position: .start, digest: RunningDigest().value, recordedAt: nil, epoch: 0)
        var fences: [StreamKey: Fence] = [:]
        var isHeld = false
        var nextFailure: EventLogError?
    }

    private let lock = LogLock()
    private var state = State()
    let heads = HeadTable()

    /// An empty store.
    package init() {}

    /// The next append fails with `error` and writes nothing, as a full or broken disk would.
    package func failNextAppend(with error: EventLogError) { withState { $0.nextFailure = error } }

    /// Takes the writer's lock away from a writer that was abandoned without `close`, as the end of a process does.
    package func breakLock() { withState { $0.isHeld = false } }

    /// How many events are stored.
    package var count: Int { withState { $0.rows.count } }

    func withState<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try lock.withLock { () throws(Failure) -> Result in try body(&state) }
    }
}
