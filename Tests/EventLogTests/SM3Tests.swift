import Testing

@testable import EventLog

/// 国密 SM3 against the examples of GB/T 32905-2016, appendix A.
@Suite("SM3")
struct SM3Tests {
    private static func hash(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { EventHash(of: $0, by: .sm3) }.description
    }

    @Test("标准给出的例子")
    func examples() {
        #expect(HashAlgorithm.sm3.isAvailable)
        #expect(Self.hash(Array("abc".utf8)) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        let sixteen = (0..<16).flatMap { _ in Array("abcd".utf8) }
        #expect(Self.hash(sixteen) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")
        #expect(Self.hash([]) == "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b")
    }

    @Test("记录没有写明的是 SHA-256；不认识的没有杂凑值")
    func recorded() {
        #expect(HashAlgorithm(recorded: 0) == .sha256 && HashAlgorithm(recorded: 1) == .sha256)
        #expect(HashAlgorithm(recorded: 2) == .sm3 && HashAlgorithm(recorded: 3) == nil)
        #expect(HashAlgorithm.sha256.recorded == 0 && HashAlgorithm.sm3.recorded == 2)
    }
}
