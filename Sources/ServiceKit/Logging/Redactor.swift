/// Second line of defence for logs: replaces what looks like an ID number or a phone number by `***`.
///
/// The first line is that nobody logs such things. This one catches a value that slipped into a message or an error
/// text. It may hide a harmless number of the same shape; that is the right way to be wrong.
package enum Redactor {
    /// What stands in the place of a hidden number.
    package static let replacement = "***"

    /// The text with every run of 15 digits, 18 digits, 17 digits and X, and every phone number hidden.
    ///
    /// Full-width digits count. A long lower-case hexadecimal word (a hash, a stream's id) is left alone: it holds such
    /// runs by chance, and hiding them would make a log useless.
    package static func redact(_ text: String) -> String {
        var digits = 0
        for scalar in text.unicodeScalars where digit(scalar) { digits += 1 }
        // The cheap way out for nearly every line: the shortest thing hidden has ten digits.
        guard digits >= 10 else { return text }
        let scalars = Array(text.unicodeScalars)
        var output = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            guard digit(scalars[index]) else {
                output.append(scalars[index])
                index += 1
                continue
            }
            let end = hiddenEnd(scalars, from: index)
            if end > index {
                output.append(contentsOf: replacement.unicodeScalars)
                index = end
            } else {
                let stop = digitRunEnd(scalars, from: index)
                output.append(contentsOf: scalars[index..<stop])
                index = stop
            }
        }
        return String(output)
    }

    /// End of what must be hidden from the digit at `start` on, or `start` when nothing must.
    private static func hiddenEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        let end = digitRunEnd(scalars, from: start)
        if isLongHexWord(scalars, around: start) { return start }
        let endsInX = end < scalars.count && "xXｘＸ".unicodeScalars.contains(scalars[end])
        switch end - start {
        case 15, 18: return end
        case 17 where endsInX: return end + 1
        case 11 where value(scalars[start]) == 1 && (3...9).contains(value(scalars[start + 1])): return end
        // The country code directly in front of a mobile number.
        case 13 where value(scalars[start]) == 8 && value(scalars[start + 1]) == 6 && value(scalars[start + 2]) == 1:
            return end
        case 11...12 where value(scalars[start]) == 0: return end
        case 3...4 where value(scalars[start]) == 0: return landlineEnd(scalars, areaEnd: end) ?? start
        default: return start
        }
    }

    /// End of `-2345678` after an area code.
    private static func landlineEnd(_ scalars: [Unicode.Scalar], areaEnd: Int) -> Int? {
        guard areaEnd + 1 < scalars.count, scalars[areaEnd] == "-" else { return nil }
        let end = digitRunEnd(scalars, from: areaEnd + 1)
        return (7...8).contains(end - areaEnd - 1) ? end : nil
    }

    private static func digitRunEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        var end = start
        while end < scalars.count, digit(scalars[end]) { end += 1 }
        return end
    }

    /// True inside a word of twenty or more characters that are all 0-9 and a-f and not all digits.
    private static func isLongHexWord(_ scalars: [Unicode.Scalar], around index: Int) -> Bool {
        var start = index
        var end = index
        while start > 0, isHex(scalars[start - 1]) { start -= 1 }
        while end < scalars.count, isHex(scalars[end]) { end += 1 }
        let isWholeWord = (start == 0 || !isWord(scalars[start - 1])) && (end == scalars.count || !isWord(scalars[end]))
        return isWholeWord && end - start >= 20 && scalars[start..<end].contains { ("a"..."f").contains($0) }
    }

    private static func isHex(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar) || ("a"..."f").contains(scalar)
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Bool { value(scalar) >= 0 }

    private static func value(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x30...0x39: Int(scalar.value) - 0x30
        case 0xFF10...0xFF19: Int(scalar.value) - 0xFF10
        default: -1
        }
    }
}
