import Glibc

/// Remembers which thread made a socket, and says when another one touches it.
struct ThreadOwnership {
    private let owner = pthread_self()

    /// The violation in words, naming method and state, or `nil` when the calling thread is the owner.
    func violation(method: StaticString, state: String) -> String? {
        let caller = pthread_self()
        guard pthread_equal(owner, caller) == 0 else { return nil }
        return "\(method) on another thread than the one that made the socket (socket: \(state))"
    }

    /// Stops the process in debug builds when the caller is not the owner.
    ///
    /// libzmq sockets are not thread safe; a second thread corrupts memory long before anything visible happens.
    func check(_ method: StaticString, state: @autoclosure () -> String) {
        #if DEBUG
            if let violation = violation(method: method, state: state()) { preconditionFailure(violation) }
        #endif
    }
}
