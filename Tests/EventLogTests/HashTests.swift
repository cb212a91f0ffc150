import CSHA256
import Testing

@testable import EventLog

/// The log's own SHA-256 against the examples of FIPS 180-4, and both ways of computing it against each other.
@Suite("SHA-256")
struct HashTests {
    private static func hash(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { EventHash(of: $0) }.description }

    private static func portable(_ bytes: [UInt8]) -> String {
        var words: [UInt64] = [0, 0, 0, 0]
        bytes.withUnsafeBytes { care_sha256_portable($0.baseAddress, $0.count, &words) }
        return words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    @Test(
        "标准给出的例子",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func examples(text: String, expected: String) {
        #expect(Self.hash(Array(text.utf8)) == expected)
        #expect(Self.portable(Array(text.utf8)) == expected)
    }

    @Test("一百万个 a")
    func million() {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(Self.hash(bytes) == expected)
        #expect(Self.portable(bytes) == expected)
    }

    @Test("各种长度：处理器指令与普通算法一致，与起始地址无关")
    func lengths() {
        let bytes = (0..<1_200).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
        for length in 0..<1_100 {
            let part = Array(bytes[(length % 13)..<(length % 13 + length)])
            let expected = Self.portable(part)
            #expect(Self.hash(part) == expected, "length \(length)")
            let shifted = bytes.withUnsafeBytes { all in
                EventHash(of: UnsafeRawBufferPointer(rebasing: all[(length % 13)..<(length % 13 + length)]))
            }
            #expect(shifted.description == expected, "length \(length)")
        }
    }
}
