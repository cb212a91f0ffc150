/// A CURVE public key: the identity of a peer. May be shown and stored; its text is 40 characters (Z85).
package struct CurvePublicKey: Sendable, Hashable, CustomStringConvertible {
    private let words: Z85.Key

    /// Reads the 40-character form; `nil` for anything else.
    package init?(_ text: String) {
        self.init(z85: text.utf8)
    }

    /// Reads the 40-character form as bytes, as ZAP and message metadata carry it; `nil` for anything else.
    package init?(z85: some Sequence<UInt8>) {
        guard let words = Z85.decode(z85) else { return nil }
        self.words = words
    }

    /// Reads the 32 raw bytes, as ZAP credentials carry them; `nil` for another length.
    package init?(raw: some Collection<UInt8>) {
        guard let words = Z85.key(ofRaw: raw) else { return nil }
        self.words = words
    }

    /// The 40-character form.
    package var text: String { String(decoding: Z85.encode(words), as: UTF8.self) }
    /// The 32 raw bytes.
    package var rawBytes: [UInt8] { Z85.raw(words) }
    package var description: String { text }

    var z85: [UInt8] { Z85.encode(words) }
}

/// A CURVE secret key. Never prints itself: descriptions, dumps and mirrors show only that there is one.
package struct CurveSecretKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let words: Z85.Key

    /// Reads the 40-character form; `nil` for anything else.
    package init?(_ text: String) {
        guard let words = Z85.decode(text.utf8) else { return nil }
        self.words = words
    }

    /// Gives the 40-character form to `body`, for writing the key file. Do not keep or log it.
    package func withRevealedText<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        try body(String(decoding: Z85.encode(words), as: UTF8.self))
    }

    package var description: String { "CurveSecretKey(hidden)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    var z85: [UInt8] { Z85.encode(words) }
}

/// Both halves of a key.
package struct CurveKeyPair: Sendable {
    /// The half that others know us by.
    package let publicKey: CurvePublicKey
    /// The half that stays here.
    package let secretKey: CurveSecretKey

    /// Makes a new pair from the system's random source.
    /// - Throws: `ZMQError` when libzmq was built without CURVE; retrying does not help.
    package static func generate() throws(ZMQError) -> CurveKeyPair {
        let made = try LibZMQ.makeCurveKeyPair()
        guard let publicKey = CurvePublicKey(z85: made.publicKey),
            let secretKey = CurveSecretKey(String(decoding: made.secretKey, as: UTF8.self))
        else { throw .invalid("zmq_curve_keypair") }
        return CurveKeyPair(publicKey: publicKey, secretKey: secretKey)
    }

    /// Completes a pair from its stored secret half.
    /// - Throws: `ZMQError` when libzmq was built without CURVE; retrying does not help.
    package init(secretKey: CurveSecretKey) throws(ZMQError) {
        guard let publicKey = CurvePublicKey(z85: try LibZMQ.publicKey(ofSecret: secretKey.z85)) else {
            throw .invalid("zmq_curve_public")
        }
        self.init(publicKey: publicKey, secretKey: secretKey)
    }

    private init(publicKey: CurvePublicKey, secretKey: CurveSecretKey) {
        self.publicKey = publicKey
        self.secretKey = secretKey
    }
}
