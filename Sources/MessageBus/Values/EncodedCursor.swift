/// A cursor of the log in its encoded form. The bus passes cursors on and compares them for equality; it never looks
/// inside. An empty one is the beginning of the log.
package struct EncodedCursor: Sendable, Hashable {
    /// The bytes as the log encoded them, at most ``maximumBytes``.
    package let bytes: [UInt8]

    /// Longest cursor that frames may carry.
    package static let maximumBytes = 1_024
    /// Before the first event.
    package static let start = EncodedCursor([])

    /// A cursor from the log's bytes.
    package init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }
}
