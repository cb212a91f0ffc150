/// Counts good and bad UTF-8 sequences, to tell a damaged UTF-8 file from one in another encoding.
struct UTF8Survey {
    /// Good sequences of three or four bytes: Chinese text in UTF-8 consists of them.
    private(set) var longSequences = 0
    /// Bytes that belong to no good sequence.
    private(set) var badBytes = 0
    /// Index of the first bad byte in the slice that was surveyed.
    private(set) var firstBadOffset: Int?

    /// True when so much is good UTF-8 that the rest must be damage. In GB18030 text far more bytes are bad than there
    /// are good long sequences; four to one is far from that.
    var isMostlyUTF8: Bool { longSequences >= 3 && longSequences >= badBytes * 4 }

    init(_ bytes: ArraySlice<UInt8>) {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let length = Self.sequenceLength(bytes, at: index)
            if length == 0 {
                badBytes += 1
                if firstBadOffset == nil { firstBadOffset = index }
                index += 1
            } else {
                if length >= 3 { longSequences += 1 }
                index += length
            }
        }
    }

    /// Length of the good sequence at `index`, or 0. Overlong forms, surrogates and values past U+10FFFF are bad.
    static func sequenceLength(_ bytes: ArraySlice<UInt8>, at index: Int) -> Int {
        func continues(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            index + offset < bytes.endIndex && range.contains(bytes[index + offset])
        }
        switch bytes[index] {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: return continues(1) ? 2 : 0
        case 0xE0: return continues(1, 0xA0...0xBF) && continues(2) ? 3 : 0
        case 0xED: return continues(1, 0x80...0x9F) && continues(2) ? 3 : 0
        case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : 0
        case 0xF0: return continues(1, 0x90...0xBF) && continues(2) && continues(3) ? 4 : 0
        case 0xF4: return continues(1, 0x80...0x8F) && continues(2) && continues(3) ? 4 : 0
        case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
        default: return 0
        }
    }
}
