import ZeroMQ

/// What a reactor knows of messages that may wait in one of its sockets, so that it asks only those that have any.
///
/// A socket is due from the first look on, after each signal, and until nothing more came. One that was sent on, bound or
/// connected may have used up a signal: it is asked before the reactor waits.
struct SocketState {
    /// Whether messages may wait in the socket.
    private(set) var isDue = true
    private var wasUsed = false
    private var place: Int?

    /// Joins a fresh watch.
    mutating func join(_ watch: inout SocketWatch, _ socket: borrowing Socket) throws(ZMQError) {
        place = try watch.add(socket)
        isDue = true
    }

    /// Takes over what the watch has found.
    mutating func take(_ watch: borrowing SocketWatch) {
        if let place, watch.isSignalled(at: place) { isDue = true }
    }

    /// The socket was used for something other than receiving.
    mutating func used() { wasUsed = true }

    /// Nothing more came.
    mutating func drained() {
        isDue = false
        wasUsed = false
    }

    /// Whether messages may wait, also those whose signal was used up.
    mutating func mayHaveMessages(_ socket: borrowing Socket) throws(ZMQError) -> Bool {
        if wasUsed, !isDue { isDue = try socket.hasMessages() }
        wasUsed = false
        return isDue
    }
}
