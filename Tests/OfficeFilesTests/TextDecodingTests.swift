import OfficeFiles
import Testing

@Suite("文字编码识别")
struct TextDecodingTests {
    /// "姓名,关怀" and a line feed in GB18030.
    private let gbHeading: [UInt8] = [0xD0, 0xD5, 0xC3, 0xFB, 0x2C, 0xB9, 0xD8, 0xBB, 0xB3, 0x0A]

    private func problem(_ bytes: [UInt8], sizeLimit: Int = 1_000_000) -> FileProblem? {
        do throws(FileProblem) {
            _ = try TextDecoding.decode(bytes, sizeLimit: sizeLimit)
            return nil
        } catch {
            return error
        }
    }

    @Test("UTF-8 原样读出")
    func readsUTF8() throws {
        let decoded = try TextDecoding.decode(Array("姓名,䶮\n".utf8))
        #expect(decoded == DecodedText(text: "姓名,䶮\n", encoding: .utf8))
    }

    @Test("UTF-8 的 BOM 不算内容")
    func dropsByteOrderMark() throws {
        let decoded = try TextDecoding.decode([0xEF, 0xBB, 0xBF] + Array("姓名".utf8))
        #expect(decoded == DecodedText(text: "姓名", encoding: .utf8WithMark))
    }

    @Test("GB18030 两字节和四字节都能读出")
    func readsGB18030() throws {
        let decoded = try TextDecoding.decode(gbHeading + [0x82, 0x35, 0x8F, 0x33, 0xFE, 0x9F, 0x0A])
        #expect(decoded == DecodedText(text: "姓名,关怀\n龦䶮\n", encoding: .gb18030))
    }

    @Test("坏的 GB18030 指出第几行")
    func namesLineOfBadByte() {
        #expect(problem(gbHeading + gbHeading + [0xB9, 0xFF, 0x0A]) == FileProblem(.unknownEncoding, line: 3))
        #expect(problem(gbHeading + [0xB9]) == FileProblem(.unknownEncoding, line: 2))
    }

    @Test("形式正确但没有对应字符的编码也指出行号")
    func namesLineOfUnassignedCode() {
        #expect(problem(gbHeading + [0xE3, 0x32, 0x9A, 0x36, 0x0A]) == FileProblem(.unknownEncoding, line: 2))
    }

    @Test("损坏的 UTF-8 不会被当作 GB18030 读成别的字")
    func damagedUTF8IsNotGuessed() {
        let good = Array("一二三四五六七八九十十一\n十二".utf8)
        #expect(problem(good + [0xE5, 0x85]) == FileProblem(.brokenUTF8, line: 2))
        #expect(problem([0xEF, 0xBB, 0xBF, 0x41, 0x0A, 0xB9, 0xD8]) == FileProblem(.brokenUTF8, line: 2))
    }

    @Test("工作簿、UTF-16、二进制、空文件各有自己的说明")
    func namesForeignFormats() {
        #expect(problem([0x50, 0x4B, 0x03, 0x04, 0x14, 0x00])?.kind == .workbookXLSX)
        #expect(problem([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0x00])?.kind == .workbookXLS)
        #expect(problem([0xFF, 0xFE, 0x41, 0x00])?.kind == .utf16)
        #expect(problem([0x41, 0x00, 0x2C, 0x00, 0x31, 0x00, 0x0A, 0x00])?.kind == .utf16)
        #expect(problem([0x41, 0x0A, 0x00, 0x00, 0x07])?.kind == .binary)
        #expect(problem([])?.kind == .empty)
        #expect(problem([0xEF, 0xBB, 0xBF])?.kind == .empty)
    }

    @Test("太大的文件在读之前就被拒绝")
    func refusesOversizedFile() {
        #expect(problem([0x41, 0x42, 0x43], sizeLimit: 2) == FileProblem(.tooLarge, expected: 2, found: 3))
    }

    @Test("每种问题都有中英文说明，不带占位符")
    func everyKindHasText() {
        for kind in FileProblem.Kind.allCases {
            let problem = FileProblem(kind, line: 3, row: 2, column: 28, expected: 5, found: 6, subject: "备注")
            #expect(!problem.chinese.contains("?") && problem.chinese.hasPrefix("第 2 行（文件第 3 行） AB 列："))
            #expect(!problem.english.contains("?") && problem.english.hasPrefix("row 2, line 3, column AB: "))
            #expect(problem.description.hasPrefix("CARE-7"))
        }
    }

    @Test("列号换成表格字母", arguments: [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (703, "AAA"), (0, "")])
    func columnLetters(_ column: Int, _ letters: String) {
        #expect(FileProblem.columnLetters(column) == letters)
    }
}
