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

    /// The 32 bytes of a key as four words: hashed and compared with each message, so nothing generic in between.
    struct Key: Sendable, Hashable {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

        static func == (left: Self, right: Self) -> Bool { left.words == right.words }

        func hash(into hasher: inout Hasher) {
            // Keys are as good as random: two of the words tell them apart, `==` looks at all.
            hasher.combine(words.0)
            hasher.combine(words.2)
        }

        /// The 32-bit word with this index, 0 to 7.
        fileprivate subscript(_ index: Int) -> UInt32 {
            get {
                let word =
                    switch index / 2 {
                    case 0: words.0
                    case 1: words.1
                    case 2: words.2
                    default: words.3
                    }
                return UInt32(truncatingIfNeeded: index % 2 == 0 ? word >> 32 : word)
            }
            set {
                let value = index % 2 == 0 ? UInt64(newValue) << 32 : UInt64(newValue)
                switch index / 2 {
                case 0: words.0 |= value
                case 1: words.1 |= value
                case 2: words.2 |= value
                default: words.3 |= value
                }
            }
        }
    }

    /// The key, or `nil` when `text` is not exactly 40 characters of the alphabet, or overflows.
    static func decode(_ text: some Sequence<UInt8>) -> Key? {
        var key = Key()
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
                key[count / 5 - 1] = word
                accumulated = 0
            }
        }
        return count == textLength ? key : nil
    }

    /// The 40 characters of a key.
    static func encode(_ key: Key) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: textLength)
        for index in 0..<8 {
            var rest = key[index]
            for place in stride(from: 4, through: 0, by: -1) {
                text[index * 5 + place] = alphabet[Int(rest % 85)]
                rest /= 85
            }
        }
        return text
    }

    /// The key of 32 raw bytes, or `nil` for another length.
    static func key(ofRaw bytes: some Collection<UInt8>) -> Key? {
        guard bytes.count == 32 else { return nil }
        var key = Key()
        var word: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            word = word << 8 | UInt32(byte)
            if index % 4 == 3 { key[index / 4] = word }
        }
        return key
    }

    /// The 32 raw bytes of a key.
    static func raw(_ key: Key) -> [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: key[$0 / 4] >> UInt32(24 - 8 * ($0 % 4))) }
    }
}
