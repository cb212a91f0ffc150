/// The end of a stream.
package struct StreamHead: Sendable, Hashable {
    /// Position of the stream's first event.
    package var first: Position
    /// Position of its last event.
    package var last: Position
    /// Sequence of its last event, which is also how many it has.
    package var sequence: SequenceNumber
    /// Hash of its last event.
    package var hash: EventHash

    package init(first: Position, last: Position, sequence: SequenceNumber, hash: EventHash) {
        self.first = first
        self.last = last
        self.sequence = sequence
        self.hash = hash
    }
}
