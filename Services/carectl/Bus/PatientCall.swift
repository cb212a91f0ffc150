import Foundation
import MessageBus
import ServiceKit

/// What a command waits for while it is repeated, told to the person once it takes long.
///
/// `@unchecked Sendable`: the values are touched only while `lock` is held.
final class WaitReason: @unchecked Sendable {
    /// How long nobody wonders why nothing is said.
    static let patience = Duration.seconds(3)

    private let lock = NSLock()
    private let service: CareService
    private var since: ContinuousClock.Instant?
    private var told: String?

    /// - Parameter service: whose answer is waited for.
    init(service: CareService) { self.service = service }

    /// A command is on its way.
    func begin(at now: ContinuousClock.Instant) { lock.withLock { since = since ?? now } }

    /// Takes what the service answered. The same answer is told once.
    /// - Returns: what to say now; nil while it is early or everything is said.
    func hear(_ failure: Failure, at now: ContinuousClock.Instant) -> UserText? {
        lock.withLock {
            let first = since ?? now
            since = first
            guard now - first >= Self.patience, told != failure.code else { return nil }
            told = failure.code
            return UserText(
                zh: "仍在等待 \(service.rawValue)，同一命令会重试：\(failure.code) \(failure.text.zh)",
                en: "still waiting for \(service.rawValue), the same command is tried again: \(failure.code) "
                    + failure.text.en)
        }
    }

    /// An answer has come: what was waited for is over.
    func settled() {
        lock.withLock {
            since = nil
            told = nil
        }
    }
}

extension Line {
    /// Asks until the timeout, with the same id, and lets the caller hear why it takes long: a full disk, too much work.
    /// - Parameter refused: told each "not now" of the service.
    /// - Throws: `BusError` with the last "not now" when there was one: it says more than that time is up.
    func callPatiently(
        _ method: BusMethod, _ body: [UInt8], id: RequestID?, timeout: Duration,
        refused: (Failure) -> Void
    ) async throws -> BusReply {
        let end = ContinuousClock.now + timeout
        let backoff = Backoff(seed: .random(in: 0...UInt64.max))
        var attempts = 0
        var last: BusError?
        while true {
            do throws(BusError) {
                return try await call(
                    method, body, id: id, timeout: max(.milliseconds(200), end - .now), retriesRefusals: false)
            } catch {
                guard error.isNotNow else { throw last ?? error }
                last = error
                refused(Failure(explaining: error))
                attempts += 1
                let asked = Duration.milliseconds(Int64(error.reply.retryAfterMilliseconds))
                let wait = max(backoff.pause(attempt: attempts), asked)
                guard .now + wait < end else { throw error }
                try await Task.sleep(for: wait)
            }
        }
    }

    /// Asks like `callPatiently`, and tells the person after a few seconds what is waited for.
    func callTelling(
        _ method: BusMethod, _ body: [UInt8], id: RequestID?, timeout: Duration
    ) async throws -> BusReply {
        let reason = WaitReason(service: service)
        reason.begin(at: .now)
        return try await callPatiently(method, body, id: id, timeout: timeout) { failure in
            if let text = reason.hear(failure, at: .now) { tell(text) }
        }
    }
}

extension BusError {
    /// Whether the service answered that it cannot now; not that nothing answered.
    fileprivate var isNotNow: Bool {
        let isSilence = reply.code == BusProblem.unreachable.code
        return (reply.status == .overloaded || reply.status == .unavailable) && !isSilence
    }
}
