import OfficeFiles
import Testing

@Suite("NDJSON 逐行读取")
struct NDJSONLinesTests {
    /// All lines of `bytes` when they arrive in pieces of `size`.
    private func lines(_ bytes: [UInt8], size: Int = 7, limit: Int = 1_000) -> [NDJSONLines.Line] {
        var reader = NDJSONLines(lineLimit: limit)
        var result: [NDJSONLines.Line] = []
        var index = 0
        while index < bytes.count {
            reader.append(bytes[index..<min(index + size, bytes.count)])
            index += size
            while let line = reader.next() { result.append(line) }
        }
        if let last = reader.finish() { result.append(last) }
        return result
    }

    @Test("无论字节怎样到达，读出的行相同", arguments: [1, 2, 3, 7, 1_000])
    func chunksDoNotMatter(_ size: Int) {
        let text = "\u{FEFF}{\"a\":\"关怀\"}\r\n\n  \n{\"b\":1}\n[1]"
        #expect(
            lines(Array(text.utf8), size: size) == [
                .text(number: 1, "{\"a\":\"关怀\"}"), .text(number: 4, "{\"b\":1}"), .text(number: 5, "[1]"),
            ])
    }

    @Test("没写完的最后一行报告行号，前面的行照常", arguments: ["{\"b\":", "{\"b\":\"x", "{\"b\":1", "{\"b\":\"}\"", "[1,"])
    func halfWrittenLastLine(_ tail: String) {
        #expect(
            lines(Array("{\"a\":1}\n\(tail)".utf8)) == [
                .text(number: 1, "{\"a\":1}"), .broken(FileProblem(.halfWrittenLine, line: 2)),
            ])
    }

    @Test("在一个汉字中间断开也算没写完")
    func cutInsideCharacter() {
        let bytes = Array("{\"a\":\"关".utf8).dropLast()
        #expect(lines(Array(bytes)) == [.broken(FileProblem(.halfWrittenLine, line: 1))])
    }

    @Test("坏的 UTF-8 只影响那一行")
    func invalidUTF8() {
        let bytes: [UInt8] = [0x22, 0xFF, 0x22, 0x0A] + Array("{}\n".utf8)
        #expect(lines(bytes) == [.broken(FileProblem(.brokenUTF8, line: 1)), .text(number: 2, "{}")])
    }

    @Test("太长的行只报告一次，不占内存，下一行照常", arguments: [3, 64, 4_000])
    func longLine(_ size: Int) {
        let text = "{\"a\":\"" + String(repeating: "x", count: 3_000) + "\"}\n{}\n"
        #expect(
            lines(Array(text.utf8), size: size) == [
                .broken(FileProblem(.lineTooLong, line: 1, expected: 1_000)), .text(number: 2, "{}"),
            ])
    }

    @Test("空输入没有行")
    func emptyInput() {
        #expect(lines([]).isEmpty)
        #expect(lines(Array("\n\n".utf8)).isEmpty)
    }
}
