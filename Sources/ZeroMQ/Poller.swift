import CZeroMQ

/// Waits for several sockets and descriptors at once. Belongs to the thread of its sockets.
///
/// Items are known by the index that adding returned. Sockets must outlive the poller or be replaced in it.
package struct Poller: ~Copyable {
    private var items = NativePollItems()
    private let ownership = ThreadOwnership()

    /// What to wait for, and what was found.
    package struct Events: OptionSet, Sendable {
        /// The bits as libzmq counts them.
        package let rawValue: Int16
        package init(rawValue: Int16) { self.rawValue = rawValue }
        /// At least one message or byte can be read.
        package static let readable = Events(rawValue: Int16(ZMQ_POLLIN))
        /// At least one message or byte can be written.
        package static let writable = Events(rawValue: Int16(ZMQ_POLLOUT))
        /// The descriptor has an error.
        package static let failed = Events(rawValue: Int16(ZMQ_POLLERR))
    }

    /// An empty poller.
    package init() {}

    /// Adds a socket; returns its index.
    package mutating func add(_ socket: borrowing Socket, _ events: Events = .readable) -> Int {
        items.append(socket.native("Poller.add"), events: events.rawValue)
        return items.count - 1
    }

    /// Adds a file descriptor; returns its index.
    package mutating func add(descriptor: Int32, _ events: Events = .readable) -> Int {
        items.append(descriptor: descriptor, events: events.rawValue)
        return items.count - 1
    }

    /// Changes what is waited for; an empty set waits for nothing at this index.
    package mutating func setEvents(_ events: Events, at index: Int) {
        items.setEvents(events.rawValue, at: index)
    }

    /// Puts a new socket in the place of a closed one.
    package mutating func replace(_ socket: borrowing Socket, at index: Int) {
        items.replace(socket.native("Poller.replace"), at: index)
    }

    /// Waits until something is ready or the time is over.
    /// - Parameter timeout: `nil` waits without end. Rounded up to whole milliseconds.
    /// - Returns: how many items are ready; 0 after the timeout or a signal.
    /// - Throws: `ZMQError` when the context ended (close the sockets) or an item is invalid; retrying does not help.
    package mutating func wait(timeout: Duration?) throws(ZMQError) -> Int {
        ownership.check("Poller.wait", state: "\(items.count) items")
        return try items.poll(timeoutMilliseconds: timeout.map { Int(max(0, $0.wholeMilliseconds)) } ?? -1)
    }

    /// What the last wait found at this index.
    package func events(at index: Int) -> Events {
        Events(rawValue: items.returnedEvents(at: index))
    }
}
