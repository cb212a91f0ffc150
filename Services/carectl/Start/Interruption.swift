import Dispatch
import Foundation

/// Ctrl-C and the signal to terminate, taken as a wish to end well. A second one ends the process at once.
///
/// `@unchecked Sendable`: `hasCome` is touched only while `lock` is held; the sources are set once.
final class Interruption: @unchecked Sendable {
    private let lock = NSLock()
    private var hasCome = false
    private var sources: [any DispatchSourceSignal] = []

    /// - Parameter end: called once, on another thread.
    init(_ end: @escaping @Sendable () -> Void = {}) {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                let isFirst = lock.withLock {
                    defer { hasCome = true }
                    return !hasCome
                }
                if isFirst { end() } else { exit(Exit.interrupted.rawValue) }
            }
            source.resume()
            sources.append(source)
        }
    }

    /// Ends the work from within, for something that makes going on pointless.
    func want() { lock.withLock { hasCome = true } }

    /// Whether somebody wants the work to end.
    var isWanted: Bool { lock.withLock { hasCome } }

    /// Signals do again what they do without this.
    func stop() {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}
