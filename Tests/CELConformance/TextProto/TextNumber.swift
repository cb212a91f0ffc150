/// Numbers of the protobuf text format.
enum TextNumber {
    /// A whole number: decimal, `0x` hexadecimal or `0` octal.
    static func integer<I: FixedWidthInteger>(_ word: String) -> I? {
        let isNegative = word.hasPrefix("-")
        let digits = isNegative ? word.dropFirst() : Substring(word)
        let sign = isNegative ? "-" : ""
        if digits.lowercased().hasPrefix("0x") { return I(sign + digits.dropFirst(2), radix: 16) }
        if digits.hasPrefix("0"), digits.count > 1 { return I(sign + digits.dropFirst(), radix: 8) }
        return I(word, radix: 10)
    }

    /// A number with a fraction, `inf` or `nan`; an `f` at the end is allowed.
    static func double(_ word: String) -> Double? {
        let lower = word.lowercased()
        switch lower {
        case "inf", "infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        case "nan", "-nan": return .nan
        default: return Double(lower.hasSuffix("f") ? String(lower.dropLast()) : lower)
        }
    }
}
