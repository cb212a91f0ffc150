import AttachmentStore
import CareDomain
import Foundation
import Testing

@Suite("附件种类按内容判断")
struct AttachmentTypeTests {
    @Test("what offices send is recognised by its content")
    func known() throws {
        let cases: [([UInt8], AttachmentType)] = [
            (Self.jpeg, .jpeg), (Self.jpeg + Array("what a telephone adds".utf8), .jpeg), (Self.png, .png),
            (Array("%PDF-1.7\n".utf8) + [0xE2, 0x00], .pdf),
            ([0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0] + [UInt8](repeating: 0, count: 18), .tiff),
            ([0x4D, 0x4D, 0x00, 0x2A, 0, 0, 0, 8] + [UInt8](repeating: 0, count: 18), .tiff),
            ([0, 0, 0, 24] + Array("ftypheic00000000mif1".utf8) + [0, 0, 0, 8] + Array("meta".utf8), .heic),
            (Self.bitmap, .bmp), (Array("户编号,姓名\r\n1,张**\r\n".utf8), .text),
            ([0xBB, 0xA7, 0x2C, 0x31, 0x0A], .text), (Array("BMI 一列\n".utf8), .text),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], .ole),
            (Self.archive(["[Content_Types].xml", "word/document.xml"]), .docx),
            (Self.archive(["xl/workbook.xml", "[Content_Types].xml"]), .xlsx), (Self.archive(["OFD.xml"]), .ofd),
        ]
        for (content, type) in cases { #expect(try AttachmentType(content: content) == type) }
    }

    /// One grey point as telephones and scanners write it.
    private static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0]
        + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x7F, 0xFF, 0, 0xFF, 0xD9]
    private static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + Array("IEND".utf8)
        + [0xAE, 0x42, 0x60, 0x82]

    @Test("a few right bytes, a cut picture and one without width or height are no photo")
    func noPhotos() {
        var flat = Self.jpeg
        flat[13...16] = [0, 0, 0, 0]
        let cases: [[UInt8]] = [
            [0xFF, 0xD8], [0xFF, 0xD8, 0xFF], [0xFF, 0xD8, 0xFF, 0xDB, 0], Array(Self.jpeg.dropLast(2)), flat,
            Array(Self.jpeg.prefix(25)), Array(Self.png.prefix(8)), Array(Self.png.dropLast(6)),
            [0x49, 0x49, 0x2A, 0x00, 8], [0x49, 0x49, 0x2A, 0x00, 99, 0, 0, 0] + [UInt8](repeating: 0, count: 18),
            [0, 0, 0, 24] + Array("ftypheic0000".utf8),
        ]
        for content in cases {
            #expect(throws: AttachmentProblem.type) { try AttachmentType(content: content) }
        }
    }

    @Test("programs, archives, torn documents and binary scraps are not taken in")
    func unknown() {
        let cases: [[UInt8]] = [
            [], [0x7F, 0x45, 0x4C, 0x46, 1, 1], Array("MZ".utf8) + [0x90, 0], [0xFF, 0xD8], Array("a\u{0}b".utf8),
            Array("\u{1B}[31m".utf8), Self.archive(["list.csv"]), Self.archive(["word/document.xml"]),
            Array(Self.archive(["OFD.xml"]).dropLast(8)), [0x50, 0x4B, 0x03, 0x04], Array(Self.bitmap.dropLast()),
            [0, 0, 0, 24] + Array("ftypmp42isom".utf8),
        ]
        for content in cases {
            #expect(throws: AttachmentProblem.type) { try AttachmentType(content: content) }
        }
    }

    @Test("documents with macros are not taken in")
    func macros() {
        let packed = Self.archive(["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"])
        let wide = "_VBA_PROJECT".utf8.flatMap { (byte: UInt8) -> [UInt8] in [byte, 0] }
        let old: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + wide
        for content in [packed, old] {
            #expect(throws: AttachmentProblem.macros) { try AttachmentType(content: content) }
        }
    }

    @Test("no bytes are too strange to be told apart")
    func fuzz() {
        var generator = SystemRandomNumberGenerator()
        let archive = Self.archive(["[Content_Types].xml", "xl/workbook.xml"])
        for _ in 0..<2000 {
            var torn = archive
            for _ in 0..<4 { torn[Int.random(in: 4..<torn.count, using: &generator)] = .random(in: 0...255) }
            _ = try? AttachmentType(content: torn)
        }
    }

    @Test("references are read as they are written")
    func references() {
        let digest = FileDigest(bytes: Array(0..<32))!
        #expect(FileDigest(reference: digest.reference) == digest)
        #expect(FileDigest(digits: digest.description) == digest)
        for text in ["", "sha256:", digest.description + "0", digest.reference.uppercased(), "sha1:\(digest)"] {
            #expect(FileDigest(reference: text) == nil)
        }
        for place in ["duty-520100", "unit-330302", "household-\(HouseholdID(Identifier128(high: 1, low: 2)))"] {
            #expect(AttachmentPlace(stream: place)?.stream == place)
        }
        for text in ["", "duty", "duty-", "pack-x", "household-1", "duty-52"] {
            #expect(AttachmentPlace(stream: text) == nil)
        }
    }

    private static let bitmap: [UInt8] = Array("BM".utf8) + [60, 0, 0, 0] + Array(repeating: 0, count: 54)

    /// An archive's parts without content, its list and its end.
    private static func archive(_ names: [String]) -> [UInt8] {
        func two(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8 & 255)] }
        func four(_ number: Int) -> [UInt8] { two(number & 65_535) + two(number >> 16) }
        var parts: [UInt8] = []
        var list: [UInt8] = []
        for name in names {
            let text = Array(name.utf8)
            list +=
                four(0x0201_4B50) + Array(repeating: 0, count: 24) + two(text.count) + Array(repeating: 0, count: 16)
            list += text
            parts += four(0x0403_4B50) + Array(repeating: 0, count: 22) + two(text.count) + two(0) + text
        }
        let end = four(0x0605_4B50) + two(0) + two(0) + two(names.count) + two(names.count) + four(list.count)
        return parts + list + end + four(parts.count) + two(0)
    }
}
