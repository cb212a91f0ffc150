/// The validated name of a stream: a category, a hyphen and a key, for example `household-0b7c61`.
///
/// The key has 1 to 64 bytes of lower-case ASCII letters, digits and hyphens. Names carry no personal data: household
/// ids and person tokens are derived values.
package struct StreamName: Sendable, Hashable, CustomStringConvertible {
    /// Longest key in bytes.
    package static let longestKey = 64

    /// The whole name as it stands in the log.
    package let text: String
    /// What the stream is about.
    package let category: StreamCategory

    /// Joins a category and a key.
    /// - Throws: `EventLogError` with code `invalidStreamName` when the key breaks the rules; retrying does not help.
    package init(_ category: StreamCategory, _ key: String) throws(EventLogError) {
        guard Self.isKey(key.utf8) else { throw Self.refused(category.rawValue + "-" + key) }
        self.category = category
        self.text = category.rawValue + "-" + key
    }

    /// Reads a whole name.
    /// - Throws: `EventLogError` with code `invalidStreamName`; retrying does not help.
    package init(_ text: String) throws(EventLogError) {
        let name = text.utf8
        guard let hyphen = name.firstIndex(of: UInt8(ascii: "-")),
            let category = StreamCategory(rawValue: String(text[..<hyphen])),
            Self.isKey(name[name.index(after: hyphen)...])
        else { throw Self.refused(text) }
        self.category = category
        self.text = text
    }

    /// Reads a whole name from its UTF-8 bytes.
    /// - Throws: `EventLogError` with code `invalidStreamName`; retrying does not help.
    package init(bytes: UnsafeRawBufferPointer) throws(EventLogError) {
        guard let category = StreamCategory(ofName: bytes),
            Self.isKey(bytes[(category.rawValue.utf8.count + 1)...])
        else { throw Self.refused("") }
        self.category = category
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    /// The part of the name after the category.
    package var key: Substring { text.dropFirst(category.rawValue.utf8.count + 1) }

    package var description: String { text }

    package static func == (left: Self, right: Self) -> Bool { left.text == right.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// Calls `body` with the UTF-8 bytes of the name.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if let result = text.utf8.withContiguousStorageIfAvailable({ body(UnsafeRawBufferPointer($0)) }) {
            return result
        }
        return Array(text.utf8).withUnsafeBytes(body)
    }

    private static func isKey(_ bytes: some Collection<UInt8>) -> Bool {
        var count = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                count += 1
            default:
                return false
            }
        }
        return count >= 1 && count <= longestKey
    }

    private static func refused(_ text: String) -> EventLogError {
        // The text may be anything a peer sent, so only its length goes into the message.
        EventLogError(
            .invalidStreamName,
            "a stream name is <category>-<key>, key 1...64 of a-z 0-9 -; got \(text.utf8.count) bytes that are not")
    }
}

extension StreamName {
    /// Whether these are the UTF-8 bytes of the name.
    package func hasBytes(_ bytes: UnsafeRawBufferPointer) -> Bool { withBytes { $0.elementsEqual(bytes) } }
}
