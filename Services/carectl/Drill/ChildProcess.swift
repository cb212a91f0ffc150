import Foundation
import ServiceKit

/// A service that this run started and that ends with it, also when this run is killed: its standard input is a pipe
/// whose other end only this process holds, and it stops when that closes.
///
/// `@unchecked Sendable`: `end` is touched only while `lock` is held; everything else never changes.
final class ChildProcess: @unchecked Sendable {
    /// How a process ended.
    enum End: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    let identifier: pid_t
    private let lock = MonotonicCondition()
    private var end: End?
    private let watch: Int32
    private static let starting = NSLock()

    /// Starts a program.
    /// - Parameters:
    ///   - output: file to which its log lines are added.
    ///   - ended: called once, on a thread of its own.
    /// - Throws: `Failure` when the program cannot be started.
    init(
        _ program: String, _ arguments: [String], output: String, ended: @escaping @Sendable (End) -> Void
    ) throws {
        // One start at a time: another child must not get the ends of this one's pipe.
        Self.starting.lock()
        defer { Self.starting.unlock() }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Self.failure(program, errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let log = open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer {
            close(log)
            close(nowhere)
        }
        var identifier: pid_t = 0
        let result = Self.spawn(program, arguments, [ends[0], nowhere, log >= 0 ? log : nowhere], &identifier)
        guard result == 0 else {
            close(ends[1])
            throw Self.failure(program, result)
        }
        self.identifier = identifier
        watch = ends[1]
        Thread.detachNewThread { [self] in ended(collect()) }
    }

    /// Asks the process to end.
    func terminate() { signal(SIGTERM) }

    /// Under the lock, so that the number cannot belong to another process by now.
    private func signal(_ number: Int32) {
        lock.withLock { if end == nil { kill(identifier, number) } }
    }

    /// Waits until it has ended; after `patience` it is ended without asking.
    func wait(_ patience: Duration) {
        let limit = ContinuousClock.now + patience
        lock.withLock {
            while end == nil {
                guard lock.wait(until: limit) || end != nil else {
                    kill(identifier, SIGKILL)
                    while end == nil { lock.wait() }
                    return
                }
            }
        }
    }

    private func collect() -> End {
        // First wait without taking the number back.
        var info = siginfo_t()
        while waitid(P_PID, id_t(identifier), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        let end = lock.withLock { () -> End in
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7f
            let end: End = signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
            self.end = end
            lock.broadcast()
            return end
        }
        close(watch)
        return end
    }

    /// - Parameter files: what becomes the child's standard input, output and error.
    private static func spawn(
        _ program: String, _ arguments: [String], _ files: [Int32], _ identifier: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in files.enumerated() { posix_spawn_file_actions_adddup2(&actions, file, Int32(number)) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: Ctrl-C reaches this process only, which then stops the services in their order.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        return posix_spawn(&identifier, program, &actions, &attributes, words, environ)
    }

    private static func failure(_ program: String, _ number: Int32) -> Failure {
        let reason = String(cString: strerror(number))
        return Failure(
            6201, UserText(zh: "启动不了 \(program)：\(reason)", en: "cannot start \(program): \(reason)"),
            exit: number == EAGAIN || number == ENOMEM ? .temporary : .usage)
    }
}
