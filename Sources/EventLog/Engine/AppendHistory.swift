/// Finds an append in a stream that is already stored.
package protocol AppendHistory {
    /// Searches the whole stream for an append id.
    /// - Returns: What is known of that append; nil when the stream has no such id.
    /// - Throws: `EventLogError` with `readFailed`.
    func findAppend(
        _ id: AppendID, in stream: StreamName, head: StreamHead
    ) throws(EventLogError) -> FoundAppend?
}

/// An earlier append.
package struct FoundAppend: Sendable {
    /// The receipt it was answered with.
    package var receipt: AppendReceipt
    /// Digest of the command's content.
    package var contentDigest: ContentDigest

    package init(receipt: AppendReceipt, contentDigest: ContentDigest) {
        self.receipt = receipt
        self.contentDigest = contentDigest
    }
}
