/// Bounds and times of all machines of a node.
package struct BusNodeSettings: Sendable {
    /// The answering side.
    package var server = RequestServer.Settings()
    /// The serving side of feed (b).
    package var catchUp = CatchUpServer.Settings()
    /// The asking side, for links without settings of their own.
    package var client = RequestClient.Settings()
    /// The asking side of single links.
    package var clientByLink: [LinkID: RequestClient.Settings] = [:]
    /// The sending side of feed (a).
    package var publisher = FeedPublisher.Settings()
    /// The receiving side of feed (a).
    package var follower = FeedFollower.Settings()
    /// The asking side of feed (b).
    package var subscription = CatchUpClient.Settings()
    /// The link over which gaps of feed (a) are read from the log.
    package var logLink = LinkID(rawValue: 0)
    /// Time for one page of the log.
    package var pageTimeout: Duration = .seconds(10)
    /// Makes the ids of this node's own requests differ from those of all others; from a random source.
    package var idSeed: UInt64 = 1

    /// Defaults.
    package init() {}

    func link(_ link: LinkID) -> RequestClient.Settings {
        clientByLink[link] ?? client
    }
}
