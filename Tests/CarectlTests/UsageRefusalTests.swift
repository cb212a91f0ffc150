import Testing

@testable import carectl

@Suite("命令行写错时的话")
struct UsageRefusalTests {
    /// What the parser says of a command line that it cannot read.
    private func refusal(_ words: [String]) throws -> UsageRefusal {
        let error = try #require(throws: (any Error).self, "\(words)") { _ = try Carectl.parseAsRoot(words) }
        #expect(Carectl.exitCode(for: error).rawValue == 64)
        return UsageRefusal(message: Carectl.message(for: error), fullText: Carectl.fullMessage(for: error))
    }

    @Test("每一种都有代码、中文、用法和去处")
    func everyKind() throws {
        let kinds: [(words: [String], code: String, chinese: String, english: String)] = [
            (["log", "tail", "--frm", "1"], "CARE-6300", "没有选项 --frm；是否想写 --from？", "Unknown option '--frm'"),
            (["log", "tail", "--qqqqqqqq"], "CARE-6300", "没有选项 --qqqqqqqq", "Unknown option"),
            (["log", "tail", "--from"], "CARE-6301", "选项后面缺少值：--from <from>", "Missing value for"),
            (["log", "tail", "--json=x"], "CARE-6302", "选项 --json 不带值，却写了 x", "The option '--json' does not"),
            (["log", "keep", "a", "b"], "CARE-6303", "多出的参数，或没有这个子命令：b", "Unexpected argument 'b'"),
            (["log", "keep", "a", "b", "c"], "CARE-6303", "多出 2 个参数：'b', 'c'", "2 unexpected arguments"),
            (["log", "keep"], "CARE-6304", "缺少参数 <folder>", "Missing expected argument"),
            (["log", "view", "--limit", "many"], "CARE-6305", "--limit <limit> 不能是 many", "The value 'many'"),
            (["drill", "append", "--count", "0"], "CARE-6308", "--count 应是 1 或以上", "--count is 1 or more"),
            (
                ["household", "why", "x", "CZ-2.1", "--all"], "CARE-6308",
                "--all 列出全部条款，不能再写条款号；--json、--csv 只和 --all 一起用", "--all lists every clause"
            ),
        ]
        for kind in kinds {
            let refusal = try refusal(kind.words)
            let chinese = refusal.text(in: .chinese)
            let command = kind.words.prefix(2).joined(separator: " ")
            #expect(chinese.hasPrefix("\(kind.code) \(kind.chinese)\n用法：carectl \(command) "), "\(chinese)")
            #expect(chinese.hasSuffix("全部说明：carectl \(command) --help"), "\(chinese)")
            let english = refusal.text(in: .english)
            #expect(english.hasPrefix("\(kind.code) \(kind.english)"), "\(english)")
            #expect(english.contains("\nUsage: carectl \(command) "), "\(english)")
            #expect(english.hasSuffix("See carectl \(command) --help for more"), "\(english)")
        }
    }

    @Test("没有的子命令")
    func unknownCommand() throws {
        let text = try refusal(["nonsense"]).text(in: .chinese)
        #expect(text.hasPrefix("CARE-6303 "), "\(text)")
        #expect(text.contains("nonsense") && text.hasSuffix("全部说明：carectl --help"), "\(text)")
    }
}
