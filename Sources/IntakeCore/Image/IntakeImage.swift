import ArchiveClient
import CareDomain

/// What intake knows of the person and pack streams, saved so that a restart need not read them from the beginning.
///
/// It may be old (the log is then read on from it) or missing (then from the beginning), never wrong: it names the last
/// event it holds, and counts only where the log has that very event at that place. Whose household a person is in is
/// decided by the person's stream alone; from an image intake learns which reservations stand open and what was published.
package struct IntakeImage: Hashable, Sendable {
    /// A reservation that stands open.
    package struct Reservation: Hashable, Sendable {
        package var token: PersonToken
        package var claim: PersonClaim
        package var since: Moment
    }

    /// Opaque cursor from which the log was read when `through` came.
    package var cursor: [UInt8]
    /// The last event it holds.
    package var through: SharedNews.Place
    /// All that was published, in order.
    package var packs: [SharedNews.PackNews]
    /// By token.
    package var reservations: [Reservation]
    /// The key that the log rests on, and intake's own; nil where nobody makes tokens.
    package var tokenKey: TokenKeyFingerprint?
}
