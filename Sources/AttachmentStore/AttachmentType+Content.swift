import CareDomain
import OfficeFiles

extension AttachmentType {
    /// What a whole file is, by its content alone; names and what senders say of it do not count.
    /// - Throws: `AttachmentProblem.type` or `.macros`; a retry does not help.
    package init(content: [UInt8]) throws(AttachmentProblem) {
        if let plain = Self.signatures.first(where: { content.starts(with: $0.bytes) }) {
            guard plain.type.holdsPicture(content) else { throw .type }
            self = plain.type
        } else if content.starts(with: Self.zip) {
            self = try Self.packed(content)
        } else if content.starts(with: Self.compound) {
            guard !content.holds(Self.wide("_VBA_PROJECT")) else { throw .macros }
            self = .ole
        } else if Self.isHEIC(content) {
            self = .heic
        } else if Self.isBMP(content) {
            self = .bmp
        } else if Self.isText(content) {
            self = .text
        } else {
            throw .type
        }
    }

    /// What begins like a picture must be one.
    private func holdsPicture(_ content: [UInt8]) -> Bool {
        switch self {
        case .jpeg: PictureCheck.isJPEG(content)
        case .png: PictureCheck.isPNG(content)
        case .tiff: PictureCheck.isTIFF(content)
        default: true
        }
    }

    private static let signatures: [(bytes: [UInt8], type: AttachmentType)] = [
        ([0xFF, 0xD8, 0xFF], .jpeg), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png),
        (Array("%PDF-".utf8), .pdf), ([0x49, 0x49, 0x2A, 0x00], .tiff), ([0x4D, 0x4D, 0x00, 0x2A], .tiff),
    ]
    private static let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
    private static let compound: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

    /// Documents that are archives inside: told by the names of their parts, which stand uncompressed in the archive's
    /// own list. Archives of anything else are not taken in.
    private static func packed(_ content: [UInt8]) throws(AttachmentProblem) -> AttachmentType {
        let names = ArchiveNames(content).names
        guard !names.contains(where: { $0.hasSuffix("vbaProject.bin") }) else { throw .macros }
        if names.contains("[Content_Types].xml") {
            if names.contains("word/document.xml") { return .docx }
            if names.contains("xl/workbook.xml") { return .xlsx }
        }
        if names.contains("OFD.xml") { return .ofd }
        throw .type
    }

    /// A photo of a telephone: an ISO media file whose brand is one of HEIF's.
    private static func isHEIC(_ content: [UInt8]) -> Bool {
        guard content.count >= 12, content[4..<8].elementsEqual("ftyp".utf8) else { return false }
        return ["heic", "heix", "mif1", "msf1", "heim", "heis"].contains { content[8..<12].elementsEqual($0.utf8) }
            && PictureCheck.isHEIC(content)
    }

    /// A BMP tells its own length; its two letters alone begin many a text.
    private static func isBMP(_ content: [UInt8]) -> Bool {
        content.count >= 54 && content.starts(with: Array("BM".utf8)) && content.number(2, 4) == content.count
    }

    /// Text that people could have written: no other controls than tabs and line breaks, in an encoding that offices use.
    private static func isText(_ content: [UInt8]) -> Bool {
        let isPlain = content.allSatisfy { $0 >= 0x20 || [0x09, 0x0A, 0x0D].contains($0) }
        return isPlain && (try? TextDecoding.decode(content)) != nil
    }

    private static func wide(_ text: String) -> [UInt8] { text.utf8.flatMap { [$0, 0] } }
}

/// Names of the parts of a ZIP archive as its list at the end has them; none when the archive is cut or torn.
private struct ArchiveNames {
    private(set) var names: Set<String> = []
    private static let mostParts = 4096

    init(_ content: [UInt8]) {
        // The list's own place stands at the end, behind a comment of at most 65535 bytes there is nothing.
        let first = max(0, content.count - 65_557)
        guard content.count >= 22,
            let end = (first...content.count - 22).last(where: { content.number($0, 4) == 0x0605_4B50 })
        else { return }
        var place = content.number(end + 16, 4)
        for _ in 0..<min(content.number(end + 10, 2), Self.mostParts) {
            guard place + 46 <= content.count, content.number(place, 4) == 0x0201_4B50,
                place + 46 + content.number(place + 28, 2) <= content.count
            else {
                names = []
                return
            }
            let length = content.number(place + 28, 2)
            names.insert(String(decoding: content[(place + 46)..<(place + 46 + length)], as: UTF8.self))
            place += 46 + length + content.number(place + 30, 2) + content.number(place + 32, 2)
        }
    }
}

extension [UInt8] {
    /// A little-endian number.
    fileprivate func number(_ place: Int, _ count: Int) -> Int {
        self[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Whether the pattern stands anywhere.
    fileprivate func holds(_ pattern: [UInt8]) -> Bool {
        guard let head = pattern.first, count >= pattern.count else { return false }
        var place = 0
        while let next = self[place...].firstIndex(of: head), next + pattern.count <= count {
            if self[next..<next + pattern.count].elementsEqual(pattern) { return true }
            place = next + 1
        }
        return false
    }
}
