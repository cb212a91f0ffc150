import ZeroMQ

/// What a ``BusNode`` needs of the world: sockets and a worker in a service, a simulated network in a simulation.
///
/// Calls do not wait and are made on the node's thread.
package protocol BusTransport {
    /// A job for the worker.
    associatedtype Work: Sendable

    /// Sends a frame to a peer of the server endpoint.
    mutating func send(to route: RoutingID, _ frame: [UInt8]) -> SendOutcome
    /// Sends a frame over a link.
    mutating func send(on link: LinkID, _ frame: [UInt8]) -> SendOutcome
    /// Gives a link's connection up, with everything queued on it, and connects to the endpoint with this index.
    mutating func connect(_ link: LinkID, endpoint: Int)
    /// Sends a message to all readers of feed (a). Readers that are behind may lose it.
    mutating func publish(_ message: [UInt8])
    /// From now on only these keys may connect to the server and to feed (a). Standing connections stay.
    mutating func allow(serverKeys: Set<CurvePublicKey>, feedKeys: Set<CurvePublicKey>)
    /// Cuts every connection of feed (a); whoever is still on the list comes back by itself.
    mutating func cutFeedConnections()
    /// Cuts every connection of the server, a moment later so that farewells still go out.
    mutating func cutServerConnections()
    /// Gives a job to the worker; false when its queue is full.
    mutating func start(_ work: Work) -> Bool
    /// Passes a line to the operator's log.
    mutating func log(_ entry: BusLogEntry)
}
