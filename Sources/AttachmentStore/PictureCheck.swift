/// Whether bytes that begin like a picture hold one: a head with width and height, and what follows it.
///
/// Three right bytes make no photo. Nothing is decoded; telephones put their own things behind the end of a picture.
enum PictureCheck {
    /// A JPEG has a frame with width and height before its data, and an end after them.
    static func isJPEG(_ content: [UInt8]) -> Bool {
        var place = 2
        var hasFrame = false
        while place + 4 <= content.count, content[place] == 0xFF {
            let marker = content[place + 1]
            switch marker {
            case 0xFF: place += 1
            case 0x01, 0xD0...0xD7: place += 2
            case 0xD9: return false
            case 0xDA: return hasFrame && endsJPEG(content, after: place)
            default:
                let length = number(content, place + 2)
                let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
                if isFrame, place + 9 <= content.count {
                    hasFrame = number(content, place + 5) > 0 && number(content, place + 7) > 0
                }
                place += 2 + max(length, 2)
            }
        }
        return false
    }

    private static func endsJPEG(_ content: [UInt8], after place: Int) -> Bool {
        var next = place
        while let found = content[next...].firstIndex(of: 0xFF), found + 1 < content.count {
            if content[found + 1] == 0xD9 { return true }
            next = found + 1
        }
        return false
    }

    /// A PNG has a head with width and height, and an end.
    static func isPNG(_ content: [UInt8]) -> Bool {
        guard content.count >= 45, content[12..<16].elementsEqual("IHDR".utf8) else { return false }
        let hasSize = [16, 20].allSatisfy { place in content[place..<place + 4].contains { $0 > 0 } }
        let end = Array("IEND".utf8)
        var next = 33
        while hasSize, let found = content[next...].firstIndex(of: end[0]), found + 4 <= content.count {
            if content[found..<found + 4].elementsEqual(end) { return true }
            next = found + 1
        }
        return false
    }

    /// A TIFF says where its first directory of pages lies.
    static func isTIFF(_ content: [UInt8]) -> Bool {
        guard content.count >= 26 else { return false }
        let bytes = content[0] == 0x49 ? content[4..<8].reversed() : Array(content[4..<8])
        let place = bytes.reduce(0) { $0 << 8 | Int($1) }
        return place >= 8 && place + 2 <= content.count
    }

    /// A HEIF file has more than the box that names its kind.
    static func isHEIC(_ content: [UInt8]) -> Bool {
        let box = number(content, 0) << 16 | number(content, 2)
        return box >= 16 && box + 8 <= content.count
    }

    /// Two bytes, the greater first.
    private static func number(_ content: [UInt8], _ place: Int) -> Int {
        Int(content[place]) << 8 | Int(content[place + 1])
    }
}
