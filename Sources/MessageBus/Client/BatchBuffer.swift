import Foundation

/// Batches between the reactor and the task that reads a subscription. Bounded by the subscription's credit: the service
/// sends no more than one window that was not consumed.
///
/// `@unchecked Sendable`: everything is touched only while `lock` is held; continuations are resumed outside of it.
final class BatchBuffer: @unchecked Sendable {
    private let lock = NSLock()
    private var batches: [CatchUpBatch] = []
    private var start = 0
    private var end: Result<Void, BusError>?
    private var reader: CheckedContinuation<Result<CatchUpBatch?, BusError>, Never>?

    func append(_ batch: CatchUpBatch) {
        let waiting: CheckedContinuation<Result<CatchUpBatch?, BusError>, Never>? = lock.withLock {
            if let reader {
                self.reader = nil
                return reader
            }
            batches.append(batch)
            return nil
        }
        waiting?.resume(returning: .success(batch))
    }

    /// Nothing more comes; with an error when the service or the link ended it.
    func finish(_ error: BusError?) {
        let waiting: CheckedContinuation<Result<CatchUpBatch?, BusError>, Never>? = lock.withLock {
            if end == nil { end = error.map { .failure($0) } ?? .success(()) }
            defer { reader = nil }
            return reader
        }
        waiting?.resume(returning: error.map { .failure($0) } ?? .success(nil))
    }

    /// The next batch, or `nil` at the end.
    func next() async -> Result<CatchUpBatch?, BusError> {
        await withCheckedContinuation { continuation in
            let known: Result<CatchUpBatch?, BusError>? = lock.withLock {
                if start < batches.count {
                    defer {
                        start += 1
                        if start == batches.count {
                            batches.removeAll(keepingCapacity: true)
                            start = 0
                        }
                    }
                    return .success(batches[start])
                }
                if let end { return end.map { nil } }
                precondition(reader == nil, "BatchBuffer.next: two tasks read one subscription")
                reader = continuation
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
