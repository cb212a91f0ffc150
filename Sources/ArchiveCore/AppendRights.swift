import CareDomain
import EventLog

/// What one key may append: event types, each in the kind of stream it belongs to.
package struct AppendRights: Hashable, Sendable {
    private let kinds: Set<UInt32>
    /// The only key for person tokens that the log may come to rest on; nil = whichever comes first.
    let tokenKey: TokenKeyFingerprint?

    /// - Parameters:
    ///   - kinds: Numbers of the event types.
    ///   - tokenKey: care-archive's own key for person tokens.
    package init(kinds: Set<UInt32>, tokenKey: TokenKeyFingerprint? = nil) {
        self.kinds = kinds
        self.tokenKey = tokenKey
    }

    /// Nothing.
    package static let none = AppendRights(kinds: [])

    /// Whether the key may append this type to this stream.
    package func allows(kind: UInt32, in stream: StreamName) -> Bool {
        kinds.contains(kind) && Self.category(ofKind: kind) == stream.category
    }

    /// Where a type belongs; nil for a number that this version does not know.
    package static func category(ofKind kind: UInt32) -> StreamCategory? {
        switch kind {
        case 1..<200: .household
        case 200..<210: .person
        case 210..<220: .pack
        case 220..<230: .access
        case 230..<240: .batch
        case 240..<260: .household
        case 260..<270: .access
        case 300..<330: .unit
        case 330..<340: .fund
        case 340..<355: .loan
        case 355..<360: .report
        case 360..<390: .duty
        case 390..<400: .access
        case 400..<405: .report
        case 405..<407: .loan
        case 407..<409: .fund
        case 409..<410: .deployment
        case 410..<415: .household
        case 415..<417: .loan
        case 417..<420: .fund
        default: nil
        }
    }
}
