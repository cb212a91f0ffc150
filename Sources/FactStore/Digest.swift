import CSHA256

/// SHA-256 as text.
enum Digest {
    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var words: [UInt64] = [0, 0, 0, 0]
        bytes.withUnsafeBytes { care_sha256($0.baseAddress, $0.count, &words) }
        return words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    static func text(of digest: [UInt8]) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// nil for what is no hexadecimal text of 32 bytes.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
