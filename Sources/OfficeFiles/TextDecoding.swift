import Foundation

/// How the bytes of an office file stand for text.
package enum TextEncoding: String, Sendable {
    case utf8 = "UTF-8"
    case utf8WithMark = "UTF-8 BOM"
    case gb18030 = "GB18030"
}

/// The text of an office file and how it was written.
package struct DecodedText: Hashable, Sendable {
    /// The text without a byte order mark.
    package let text: String
    /// The encoding that was recognised; a file written back for the same office should keep it.
    package let encoding: TextEncoding

    package init(text: String, encoding: TextEncoding) {
        self.text = text
        self.encoding = encoding
    }
}

/// Recognises UTF-8 and GB18030 and says plainly what a file is when it is neither.
///
/// UTF-8 is tried first, because real GB18030 text is practically never valid UTF-8. A file that is nearly all good
/// UTF-8 is reported as damaged, not read as GB18030: that would turn every name into other characters without a word.
package enum TextDecoding {
    /// Largest file that is read, in bytes.
    package static let defaultSizeLimit = 64 * 1024 * 1024

    /// The text of `bytes`.
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - sizeLimit: in bytes; a larger file is refused before anything else is looked at.
    /// - Throws: `FileProblem` with the line of the first bad byte where there is one; a retry does not help.
    package static func decode(
        _ bytes: [UInt8], sizeLimit: Int = defaultSizeLimit
    ) throws(FileProblem) -> DecodedText {
        if bytes.count > sizeLimit { throw FileProblem(.tooLarge, expected: sizeLimit, found: bytes.count) }
        if bytes.isEmpty { throw FileProblem(.empty) }
        try refuseForeignFormats(bytes)
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let body = hasMark ? bytes[3...] : bytes[...]
        if body.isEmpty { throw FileProblem(.empty) }
        let survey = UTF8Survey(body)
        if survey.badBytes == 0 {
            return DecodedText(text: String(decoding: body, as: UTF8.self), encoding: hasMark ? .utf8WithMark : .utf8)
        }
        if hasMark || survey.isMostlyUTF8 {
            throw FileProblem(.brokenUTF8, line: line(of: survey.firstBadOffset ?? body.startIndex, in: body))
        }
        return DecodedText(text: try gb18030(body), encoding: .gb18030)
    }

    /// Line number, from 1, of the byte at `offset`.
    static func line(of offset: Int, in bytes: ArraySlice<UInt8>) -> Int {
        var line = 1
        for byte in bytes[bytes.startIndex..<min(offset, bytes.endIndex)] where byte == 0x0A { line += 1 }
        return line
    }

    private static func refuseForeignFormats(_ bytes: [UInt8]) throws(FileProblem) {
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { throw FileProblem(.workbookXLSX) }
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { throw FileProblem(.workbookXLS) }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw FileProblem(.utf16) }
        guard let zero = bytes.firstIndex(of: 0) else { return }
        // UTF-16 without a mark: among ASCII separators and digits every second byte is zero, always on the same side.
        let head = bytes.prefix(4096)
        let evenZeros = head.indices.reduce(0) { $0 + ($1 % 2 == 0 && head[$1] == 0 ? 1 : 0) }
        let oddZeros = head.indices.reduce(0) { $0 + ($1 % 2 == 1 && head[$1] == 0 ? 1 : 0) }
        if min(evenZeros, oddZeros) == 0, max(evenZeros, oddZeros) * 16 >= head.count { throw FileProblem(.utf16) }
        throw FileProblem(.binary, line: line(of: zero, in: bytes[...]))
    }

    private static func gb18030(_ body: ArraySlice<UInt8>) throws(FileProblem) -> String {
        if let bad = GB18030Structure.firstBadOffset(body) {
            throw FileProblem(.unknownEncoding, line: line(of: bad, in: body))
        }
        if let text = String(data: Data(body), encoding: .gb18030) { return text }
        // Well-formed but with a code that stands for nothing: a line break is never part of a longer code,
        // so decoding line by line finds the place.
        var number = 1
        for line in body.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if String(data: Data(line), encoding: .gb18030) == nil { break }
            number += 1
        }
        throw FileProblem(.unknownEncoding, line: number)
    }
}

extension String.Encoding {
    /// GB18030 as Foundation numbers it (`kCFStringEncodingGB_18030_2000` with the mark of a foreign encoding).
    static let gb18030 = String.Encoding(rawValue: 0x8000_0632)
}
