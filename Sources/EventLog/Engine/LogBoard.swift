/// What the writer shows to readers on other threads: the acknowledged end of the log, the heads and the fences.
package final class LogBoard: @unchecked Sendable {
    // Safe to share: `heads` has its own lock, everything else goes through `lock`.
    /// Heads of all streams.
    package let heads: HeadTable
    private let lock = LogLock()
    private var state: (head: LogHead, fences: [StreamKey: Fence])

    /// A board with its first content.
    package init(heads: HeadTable, head: LogHead, fences: [Fence]) {
        self.heads = heads
        state = (head, [:])
        show(fences)
    }

    /// The acknowledged end of the log.
    package var head: LogHead { lock.withLock { state.head } }

    /// The fence of a stream, when it has one.
    package func fence(of key: StreamKey) -> Fence? { lock.withLock { state.fences[key] } }

    /// All fences, by the streams' names.
    package var fences: [Fence] {
        lock.withLock { Array(state.fences.values) }.sorted { $0.stream.text < $1.stream.text }
    }

    /// Shows a new end of the log.
    package func show(_ head: LogHead) { lock.withLock { state.head = head } }

    /// Shows the fences.
    package func show(_ fences: [Fence]) {
        var byKey: [StreamKey: Fence] = [:]
        for fence in fences { byKey[StreamKey(fence.stream)] = fence }
        lock.withLock { state.fences = byKey }
    }
}
