/// Why a damaged stream takes no more events.
package struct Fence: Sendable, Hashable {
    /// The stream.
    package let stream: StreamName
    /// What is wrong, for the operator; no personal data.
    package let reason: String
    /// When it was fenced.
    package let since: RecordedTime

    package init(stream: StreamName, reason: String, since: RecordedTime) {
        self.stream = stream
        self.reason = reason
        self.since = since
    }
}
