import CZeroMQ

/// What went wrong in libzmq: the operation, its error number and libzmq's own words.
///
/// "Would block" and "host unreachable" on sending are ordinary outcomes and come as values (``SendOutcome``), not as
/// this error.
package struct ZMQError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Error number as set by libzmq (`errno` values, and libzmq's own above 156384712).
    package let code: Int32
    /// The libzmq function, or the option, that failed.
    package let operation: String
    /// libzmq's text for `code`. Contains no key, address or payload.
    package let message: String
    /// Whether the same call may succeed later without a change: interrupted, address still in use, out of descriptors.
    package var isRetriable: Bool {
        switch code {
        case EINTR, EAGAIN, EADDRINUSE, EMFILE, ENFILE, ENOBUFS, ENOMEM: true
        default: false
        }
    }
    /// Whether the context has ended: the socket is to be closed, nothing else works any more.
    package var isContextTerminated: Bool { code == care_zmq_eterm }
    /// Whether the address is taken by another socket.
    package var isAddressInUse: Bool { code == EADDRINUSE }

    package var description: String { "\(operation): \(message) (\(code))" }

    init(code: Int32, operation: String) {
        self.code = code
        self.operation = operation
        self.message = LibZMQ.errorText(code)
    }

    /// The error of the last libzmq call on this thread.
    static func last(_ operation: String) -> ZMQError {
        ZMQError(code: zmq_errno(), operation: operation)
    }

    /// A key or text that is not what libzmq expects. Retrying does not help.
    static func invalid(_ operation: String) -> ZMQError {
        ZMQError(code: EINVAL, operation: operation)
    }
}
