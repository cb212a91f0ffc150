import Foundation
import ServiceLifecycle

/// Ends when standard input closes. Whoever starts a service for its own lifetime keeps the other end of a pipe: the
/// kernel closes it however that process ends, also when it is killed.
struct InputWatch: Service {
    /// Resumes once, for whichever comes first. `@unchecked Sendable`: `state` is touched only while `lock` is held.
    private final class Ending: @unchecked Sendable {
        private let lock = NSLock()
        private var hasCome = false
        private var waiter: CheckedContinuation<Void, Never>?

        func come() {
            let waiter = lock.withLock {
                hasCome = true
                defer { self.waiter = nil }
                return self.waiter
            }
            waiter?.resume()
        }

        func wait() async {
            await withCheckedContinuation { continuation in
                let isOver = lock.withLock {
                    if !hasCome { waiter = continuation }
                    return hasCome
                }
                if isOver { continuation.resume() }
            }
        }
    }

    func run() async throws {
        let ending = Ending()
        // The read waits for as long as the process lives: on a thread of its own, which ends with the process.
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(0, &byte, 1)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
            }
            ending.come()
        }
        await withTaskCancellationOrGracefulShutdownHandler {
            await ending.wait()
        } onCancelOrGracefulShutdown: {
            ending.come()
        }
    }
}
