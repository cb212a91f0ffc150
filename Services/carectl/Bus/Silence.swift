import Foundation
import MessageBus
import ServiceKit

/// Says of one service, on standard error, that it does not answer, so that nobody sits before a silent screen.
///
/// `@unchecked Sendable`: `hasSpoken` is touched only while `lock` is held.
final class Silence: @unchecked Sendable {
    /// How long a service may be silent before somebody who waits is told.
    private static let patience = Duration.seconds(3)
    /// Between two looks at a service that answers, and at one that does not.
    private static let pause = (answering: Duration.seconds(10), silent: Duration.seconds(1))

    private let service: CareService
    private let endpoint: String
    private let tell: @Sendable (UserText) -> Void
    private let lock = NSLock()
    private var hasSpoken = false

    /// - Parameter tell: says a sentence to the person.
    init(_ service: CareService, at endpoint: String, tell: @escaping @Sendable (UserText) -> Void) {
        self.service = service
        self.endpoint = endpoint
        self.tell = tell
    }

    /// Waits, and says once in this run that there is no answer yet. Cancel it when there is one.
    func speakLater(waitingFor timeout: Duration) async {
        guard timeout > Self.patience, !lock.withLock({ hasSpoken }) else { return }
        do { try await Task.sleep(for: Self.patience) } catch { return }
        let isFirst = lock.withLock {
            defer { hasSpoken = true }
            return !hasSpoken
        }
        guard isFirst else { return }
        let seconds = timeout.components.seconds
        tell(
            UserText(
                zh: "\(service.rawValue)（\(endpoint)）还没有应答，继续等待，最多 \(seconds) 秒；它在运行吗？",
                en: "\(service.rawValue) (\(endpoint)) has not answered yet, waiting up to \(seconds) s; is it running?"
            ))
    }

    /// Looks at the service for as long as somebody follows it, and says when it stops answering and when it answers
    /// again. Ends when it is cancelled.
    func watch(_ ping: () async throws -> Void) async {
        var isSilent = false
        while !Task.isCancelled {
            do {
                try await ping()
                if isSilent { tell(UserText(zh: "\(service.rawValue) 又应答了", en: "\(service.rawValue) answers again")) }
                isSilent = false
            } catch {
                if Task.isCancelled { return }
                if !isSilent {
                    tell(
                        UserText(
                            zh: "\(service.rawValue)（\(endpoint)）没有应答，继续等待，Ctrl-C 结束；它在运行吗？",
                            en:
                                "\(service.rawValue) (\(endpoint)) does not answer, waiting, Ctrl-C ends; is it running?"
                        ))
                }
                isSilent = true
            }
            do { try await Task.sleep(for: isSilent ? Self.pause.silent : Self.pause.answering) } catch { return }
        }
    }
}
