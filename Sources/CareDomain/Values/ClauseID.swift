/// Number of a clause in the catalogue of policy documents, `CZ-2.1` or `WZ-A3.2b`.
package struct ClauseID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number as printed.
    package let rawValue: String

    /// Makes an id from two capital letters, a hyphen and letters, digits or dots (at most 24 bytes); `nil` otherwise.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 4, bytes.count <= 24, bytes[2] == UInt8(ascii: "-") else { return nil }
        guard bytes[0..<2].allSatisfy({ (65...90).contains($0) }) else { return nil }
        let isTail: (UInt8) -> Bool = {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: ".")
        }
        guard bytes[3...].allSatisfy(isTail) else { return nil }
        self.rawValue = String(text)
    }

    package var description: String { rawValue }
    package static func < (left: ClauseID, right: ClauseID) -> Bool { left.rawValue < right.rawValue }
}
