import Foundation

/// What a process leaves behind when it crashes.
package enum Crash {
    /// The signals by which a crash shows.
    private static let signals = [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP]

    /// Has a crash end the process at once and without a report, unless whoever started it says what is to be reported
    /// (`SWIFT_BACKTRACE`, as `Services/up` does). To be called first of all.
    ///
    /// By itself Swift's runtime starts another program then, which writes the registers and the memory that they point to
    /// into the log, names and ID numbers of persons among it; until it is done the service neither works nor ends, so
    /// that nobody starts it again.
    package static func endsProcess(environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard environment["SWIFT_BACKTRACE"] == nil else { return }
        for number in signals { signal(number, SIG_DFL) }
    }

    /// Has the descriptors that are open now end with this program, so that none is left to one that is started from it: a
    /// reporter of crashes that goes on for longer would keep the ports, and the next start would find them taken.
    package static func keepsNoFiles() {
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in open.compactMap({ CInt($0) }) where descriptor > STDERR_FILENO {
            let flags = fcntl(descriptor, F_GETFD)
            // Closed meanwhile, as the one through which the folder was read: nothing to do.
            guard flags >= 0 else { continue }
            _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC)
        }
    }
}
