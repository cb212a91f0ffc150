/// Events to append to one stream, all or none.
package struct AppendRequest: Sendable, Hashable {
    /// The stream.
    package var stream: StreamName
    /// What the writer believes the stream's state to be.
    package var expected: ExpectedSequence
    /// Names this append within the stream.
    package var appendID: AppendID
    /// Digest of the command's content.
    package var contentDigest: ContentDigest
    /// At least one event.
    package var events: [NewEvent]
    /// The submission of its client whose command the append decides; 0 = not said. Not stored.
    package var submission: UInt64

    /// A request with all its parts.
    package init(
        stream: StreamName, expected: ExpectedSequence, appendID: AppendID, contentDigest: ContentDigest,
        events: [NewEvent], submission: UInt64 = 0
    ) {
        self.stream = stream
        self.expected = expected
        self.appendID = appendID
        self.contentDigest = contentDigest
        self.events = events
        self.submission = submission
    }
}
