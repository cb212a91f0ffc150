/// Why bytes are not a frame of the protocol. Repeating does not help.
package enum FrameError: Error, Sendable, Hashable {
    /// Ends in the middle of a field.
    case truncated
    /// A varint longer than ten bytes or a field number of zero.
    case malformedVarint
    /// A wire type that proto3 does not have.
    case unknownWireType
    /// Text that is not UTF-8.
    case invalidText
    /// A field that must be there is missing or has the wrong length.
    case missingField
    /// A field is longer than it may be.
    case fieldTooLong
    /// The frame speaks another version of the protocol.
    case unsupportedVersion(UInt64)
    /// The frame has no content that this version knows.
    case unknownContent
}
