/// ZeroMQ's text form of 32-byte keys: base 85, 40 printable characters (ZeroMQ RFC 32).
enum Z85 {
    /// Length of a key's text.
    static let textLength = 40
    private static let alphabet = Array(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)
    /// Value of each byte, 255 for bytes outside the alphabet.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    /// Eight 32-bit words of a key, or `nil` when `text` is not exactly 40 characters of the alphabet, or overflows.
    static func decode(_ text: some Sequence<UInt8>) -> SIMD8<UInt32>? {
        var words = SIMD8<UInt32>(repeating: 0)
        var accumulated: UInt64 = 0
        var count = 0
        for byte in text {
            guard count < textLength else { return nil }
            let value = values[Int(byte)]
            guard value != 255 else { return nil }
            accumulated = accumulated * 85 + UInt64(value)
            count += 1
            if count % 5 == 0 {
                guard let word = UInt32(exactly: accumulated) else { return nil }
                words[count / 5 - 1] = word
                accumulated = 0
            }
        }
        return count == textLength ? words : nil
    }

    /// The 40 characters of a key.
    static func encode(_ words: SIMD8<UInt32>) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: textLength)
        for index in 0..<8 {
            var rest = words[index]
            for place in stride(from: 4, through: 0, by: -1) {
                text[index * 5 + place] = alphabet[Int(rest % 85)]
                rest /= 85
            }
        }
        return text
    }

    /// The words of 32 raw bytes, or `nil` for another length.
    static func words(ofRaw bytes: some Collection<UInt8>) -> SIMD8<UInt32>? {
        guard bytes.count == 32 else { return nil }
        var words = SIMD8<UInt32>(repeating: 0)
        for (index, byte) in bytes.enumerated() { words[index / 4] = words[index / 4] << 8 | UInt32(byte) }
        return words
    }

    /// The 32 raw bytes of a key.
    static func raw(_ words: SIMD8<UInt32>) -> [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 4] >> UInt32(24 - 8 * ($0 % 4))) }
    }
}
