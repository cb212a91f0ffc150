import Glibc

/// Waits for signals of several sockets and descriptors at once, with one system call whatever their number. Belongs to
/// the thread of its sockets.
///
/// It waits on the descriptors by which libzmq tells that something has *changed* for a socket. Such a signal is used up by
/// whatever looks at the socket: receiving, sending, binding, connecting, asking for `hasMessages`. So before waiting each
/// socket must have been received from until nothing came, and one that was used for something else since must have been
/// asked for `hasMessages`. `zmq_poll` asks for that of every socket, before and after it waits, with two system
/// calls each; who knows which sockets were used need not.
///
/// Items are known by the index that adding returned. Sockets must outlive the watch.
package struct SocketWatch: ~Copyable {
    private var items: [pollfd] = []
    private let ownership = ThreadOwnership()

    /// An empty watch.
    package init() {}

    /// Adds a socket; returns its index.
    /// - Throws: `ZMQError` when the context ended.
    package mutating func add(_ socket: borrowing Socket) throws(ZMQError) -> Int {
        add(descriptor: try socket.native("SocketWatch.add").signalDescriptor())
    }

    /// Adds a file descriptor that becomes readable; returns its index.
    package mutating func add(descriptor: Int32) -> Int {
        items.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        return items.count - 1
    }

    /// Waits until there is a signal or the time is over.
    /// - Parameter timeout: `nil` waits without end. Rounded up to whole milliseconds.
    /// - Returns: how many items are signalled; 0 after the timeout or when a signal of the system interrupted.
    /// - Throws: `ZMQError` when the system cannot wait for them; retrying does not help.
    package mutating func wait(timeout: Duration?) throws(ZMQError) -> Int {
        ownership.check("SocketWatch.wait", state: "\(items.count) items")
        let milliseconds = timeout.map { max(0, $0.wholeMilliseconds) } ?? -1
        let signalled = poll(&items, nfds_t(items.count), milliseconds)
        if signalled >= 0 { return Int(signalled) }
        guard errno == EINTR else { throw .last("poll") }
        for index in items.indices { items[index].revents = 0 }
        return 0
    }

    /// Whether the last wait found a signal at this index, or that its descriptor has failed.
    package func isSignalled(at index: Int) -> Bool { items[index].revents != 0 }
}
