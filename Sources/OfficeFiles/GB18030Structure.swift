/// Checks that bytes follow the one-, two- and four-byte patterns of GB18030, so that an error can name its line.
enum GB18030Structure {
    /// Index of the first byte that starts no pattern, or nil when all do.
    static func firstBadOffset(_ bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let length = patternLength(bytes, at: index)
            if length == 0 { return index }
            index += length
        }
        return nil
    }

    private static func patternLength(_ bytes: ArraySlice<UInt8>, at index: Int) -> Int {
        let first = bytes[index]
        if first < 0x80 { return 1 }
        guard (0x81...0xFE).contains(first), index + 1 < bytes.endIndex else { return 0 }
        switch bytes[index + 1] {
        case 0x40...0x7E, 0x80...0xFE: return 2
        case 0x30...0x39:
            guard index + 3 < bytes.endIndex, (0x81...0xFE).contains(bytes[index + 2]),
                (0x30...0x39).contains(bytes[index + 3])
            else { return 0 }
            return 4
        default: return 0
        }
    }
}
