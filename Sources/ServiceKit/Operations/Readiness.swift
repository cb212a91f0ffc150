import Foundation

/// Which parts of a service are ready, for `/readyz`. A service is ready when every part is.
///
/// `@unchecked Sendable`: `states` is read and written under `lock`.
package final class Readiness: @unchecked Sendable {
    /// A part that is not ready, and why.
    package struct Waiting: Hashable, Sendable {
        /// The part's name, English, one word.
        package let part: String
        /// What it waits for; no personal data.
        package let reason: UserText

        package init(part: String, reason: UserText) {
            self.part = part
            self.reason = reason
        }
    }

    private let lock = NSLock()
    private var states: [String: UserText?]

    /// - Parameter parts: everything that must be ready; none is at first.
    package init(parts: [String]) {
        states = Dictionary(uniqueKeysWithValues: parts.map { ($0, UserText(zh: "正在启动", en: "starting")) })
    }

    /// The part is ready now.
    package func markReady(_ part: String) { set(part, nil) }

    /// The part is not, or no longer, ready.
    /// - Parameter reason: shown to operators; no personal data.
    package func markWaiting(_ part: String, reason: UserText) { set(part, reason) }

    /// Parts that are not ready, by name; empty when the service is ready.
    package var waiting: [Waiting] {
        lock.withLock { states }.compactMap { part, reason in reason.map { Waiting(part: part, reason: $0) } }
            .sorted { $0.part < $1.part }
    }

    private func set(_ part: String, _ reason: UserText?) {
        lock.withLock {
            precondition(states[part] != nil, "Readiness: \(part) was not declared")
            states[part] = .some(reason)
        }
    }
}
