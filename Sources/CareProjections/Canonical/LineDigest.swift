import CareDomain

/// A short digest of a line of the canonical export: names the line where another refers to it.
///
/// 64-bit FNV-1a twice with different starts; no defence against forgery is needed here, only sameness on all machines
/// without a library.
enum LineDigest {
    /// 32 hexadecimal digits.
    static func of(_ line: String) -> String {
        var first: UInt64 = 0xcbf2_9ce4_8422_2325
        var second: UInt64 = 0x6c62_272e_07bb_0142
        for byte in line.utf8 {
            first = (first ^ UInt64(byte)) &* 0x100_0000_01b3
            second = (second ^ UInt64(byte) ^ first >> 32) &* 0x100_0000_01b3
        }
        return hexadecimal(first) + hexadecimal(second)
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
