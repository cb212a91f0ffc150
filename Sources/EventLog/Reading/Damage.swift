/// One place where the log is not what it was when it was written.
package struct Damage: Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The row is gone or cannot be read.
        case missing
        /// The record cannot be parsed.
        case unreadable
        /// The record's bytes do not have the stored hash.
        case hashMismatch = "hash-mismatch"
        /// The columns beside the record disagree with it.
        case columnMismatch = "column-mismatch"
        /// The record does not continue its stream: sequence, previous hash or previous position.
        case brokenChain = "broken-chain"
        /// Another record stands there than the later events of the stream say: exchanged, copied over or rewritten.
        case displaced
        /// A row that is none of the log's events: behind its end, or numbered as no event is.
        case stray
        /// `recorded_at` does not increase.
        case timeOrder = "time-order"
        /// The end of the stream is not where the heads say it is.
        case headMismatch = "head-mismatch"
        /// All events together do not have the digest the head file vouches for.
        case digestMismatch = "digest-mismatch"
    }

    /// What is wrong.
    package let kind: Kind
    /// Position in the shard; nil when the damage is not at one event.
    package let position: Position?
    /// Stream, when it could be told.
    package let stream: StreamName?
    /// Sequence in the stream, when it could be told.
    package let sequence: SequenceNumber?
    /// More for the operator; no personal data.
    package let detail: String

    package init(
        _ kind: Kind, position: Position?, stream: StreamName? = nil, sequence: SequenceNumber? = nil,
        detail: String = ""
    ) {
        self.kind = kind
        self.position = position
        self.stream = stream
        self.sequence = sequence
        self.detail = detail
    }

    package var description: String {
        let place = position.map { " position \($0)" } ?? ""
        let owner = stream.map { " \($0)" } ?? ""
        let number = sequence.map { " sequence \($0)" } ?? ""
        return kind.rawValue + owner + number + place + (detail.isEmpty ? "" : ": \(detail)")
    }
}
