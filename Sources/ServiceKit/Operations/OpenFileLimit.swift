import Foundation

/// How many files, connections among them, the process may have open at once.
package struct OpenFileLimit: Hashable, Sendable {
    /// What holds at present.
    package var soft: UInt
    /// How far the process may raise it by itself.
    package var hard: UInt

    package init(soft: UInt, hard: UInt) {
        self.soft = soft
        self.hard = hard
    }

    /// More than any service needs; some machines name a limit of a thousand million.
    static let most: UInt = 1 << 20

    /// What a service raises its limit to: with the usual 1,024 a crowd of strangers could take every place.
    var wanted: UInt { max(soft, min(hard, Self.most)) }

    /// The process's limit; nil when the kernel does not say.
    package static var present: OpenFileLimit? {
        var limit = rlimit()
        guard getrlimit(CInt(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return OpenFileLimit(soft: UInt(limit.rlim_cur), hard: UInt(limit.rlim_max))
    }

    /// Raises the process's limit as far as it may by itself.
    package static func raise() {
        guard let present, present.wanted > present.soft else { return }
        var limit = rlimit(rlim_cur: rlim_t(present.wanted), rlim_max: rlim_t(present.hard))
        // Refused: the limit stays, and is told at the start.
        _ = setrlimit(CInt(RLIMIT_NOFILE.rawValue), &limit)
    }
}
