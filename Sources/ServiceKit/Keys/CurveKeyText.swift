/// One CURVE key as text: 40 characters of Z85 that stand for 32 bytes.
package struct CurveKeyText: Hashable, Sendable {
    /// The text as ZeroMQ takes it.
    package let text: String

    /// - Returns: nil unless the text is 40 characters of Z85 in which no group of five overflows.
    package init?(_ text: String) {
        let characters = Array(text.utf8)
        guard characters.count == 40 else { return nil }
        for start in stride(from: 0, to: 40, by: 5) {
            var value: UInt64 = 0
            for character in characters[start..<start + 5] {
                guard let digit = Self.alphabet.firstIndex(of: character) else { return nil }
                value = value * 85 + UInt64(digit)
            }
            guard value <= UInt64(UInt32.max) else { return nil }
        }
        self.text = text
    }

    private static let alphabet = Array(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)
}

/// A public key and, when the file holds it, the secret that belongs to it. Never printed.
package struct StoredKeyPair: Sendable, CustomStringConvertible, CustomReflectable {
    /// May be shown to everybody.
    package let publicKey: CurveKeyText
    /// Must not leave the machine; nil in a file made for others.
    package let secretKey: CurveKeyText?

    package init(publicKey: CurveKeyText, secretKey: CurveKeyText?) {
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    /// The public half only, so that a key that reaches a log by mistake gives nothing away.
    package var description: String { "StoredKeyPair(public: \(publicKey.text))" }

    /// Without the secret, for the same reason.
    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey.text]) }
}
