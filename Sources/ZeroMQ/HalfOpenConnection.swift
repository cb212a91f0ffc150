/// A connection that a peer made to one of our addresses and on which it has not yet shown a key that we let in.
package struct HalfOpenConnection: Sendable, Hashable {
    /// How far the peer has come.
    package enum Stage: Int, Sendable, Comparable {
        /// It says nothing, or no more than anybody can: costs a stranger one packet.
        case silent
        /// It knows our public key and speaks CURVE; which key it has is not known yet.
        case greeted

        package static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    /// Where it comes from: an IPv4 address, or the network of an IPv6 address, whose second half anybody may choose.
    package struct Origin: Sendable, Hashable {
        package let high: UInt64
        package let low: UInt64

        package init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }
    }

    /// Its number among the process's files. libzmq's: it may be closed, and be another file's, at any moment.
    package let descriptor: Int32
    package let origin: Origin
    package let stage: Stage
    /// Milliseconds since the handshake last went on.
    package let idleMilliseconds: UInt32

    package init(descriptor: Int32, origin: Origin, stage: Stage, idleMilliseconds: UInt32) {
        self.descriptor = descriptor
        self.origin = origin
        self.stage = stage
        self.idleMilliseconds = idleMilliseconds
    }
}
