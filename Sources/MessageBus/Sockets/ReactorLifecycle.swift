import Foundation

/// Lets tasks wait for a reactor's start and end without holding a thread.
///
/// `@unchecked Sendable`: `state` is touched only while `lock` is held; continuations are resumed outside of it.
final class ReactorLifecycle: @unchecked Sendable {
    private struct State {
        var hasBegun = false
        var bound: BoundAddresses?
        var hasEnded = false
        var failure: (any Error)?
        var startWaiters: [CheckedContinuation<BoundAddresses, any Error>] = []
        var endWaiters: [CheckedContinuation<Void, any Error>] = []
    }

    private let lock = NSLock()
    private var state = State()

    /// Whether the reactor may start: once.
    func begin() -> Bool {
        lock.withLock {
            defer { state.hasBegun = true }
            return !state.hasBegun
        }
    }

    func started(_ bound: BoundAddresses) {
        let waiters = lock.withLock {
            state.bound = bound
            defer { state.startWaiters = [] }
            return state.startWaiters
        }
        for waiter in waiters { waiter.resume(returning: bound) }
    }

    func ended(_ failure: (any Error)?) {
        let (starts, ends) = lock.withLock {
            state.hasEnded = true
            state.failure = failure
            defer { (state.startWaiters, state.endWaiters) = ([], []) }
            return (state.startWaiters, state.endWaiters)
        }
        for waiter in starts { waiter.resume(throwing: failure ?? CancellationError()) }
        for waiter in ends {
            if let failure { waiter.resume(throwing: failure) } else { waiter.resume() }
        }
    }

    func waitUntilStarted() async throws -> BoundAddresses {
        try await withCheckedThrowingContinuation { continuation in
            let known: Result<BoundAddresses, any Error>? = lock.withLock {
                if let bound = state.bound { return .success(bound) }
                if state.hasEnded { return .failure(state.failure ?? CancellationError()) }
                state.startWaiters.append(continuation)
                return nil
            }
            if let known { continuation.resume(with: known) }
        }
    }

    func waitUntilEnded() async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let known: Result<Void, any Error>? = lock.withLock {
                if state.hasEnded { return state.failure.map { .failure($0) } ?? .success(()) }
                state.endWaiters.append(continuation)
                return nil
            }
            if let known { continuation.resume(with: known) }
        }
    }
}
