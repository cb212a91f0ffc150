import Testing

@testable import RuleEngine

@Suite("CEL：字面值")
struct LiteralTests {
    static let numbers: [(String, Value)] = [
        ("0", .int(0)), ("007", .int(7)), ("0xfF", .int(255)), ("-0x10", .int(-16)),
        ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)), ("-0x8000000000000000", .int(.min)),
        ("5u", .uint(5)), ("5U", .uint(5)), ("0xFFu", .uint(255)), ("18446744073709551615u", .uint(.max)),
        ("2.5", .double(2.5)), (".5", .double(0.5)), ("5e-1", .double(0.5)), ("1E+2", .double(100)),
        ("-1.25e1", .double(-12.5)), ("2e-400", .double(0)), ("true", .bool(true)), ("null", .null),
    ]

    @Test("数、真假与 null", arguments: numbers)
    func number(_ source: String, _ expected: Value) { #expect(Expressions.value(source) == expected) }

    @Test(
        "超出范围或写错的数被拒绝",
        arguments: [
            "9223372036854775808", "18446744073709551616u", "0x1FFFFFFFFFFFFFFFFu", "1e999", "0x", "1x", "2.5u",
        ])
    func refused(_ source: String) {
        guard case .string(let text) = Expressions.value(source) else {
            Issue.record("\(source) was accepted")
            return
        }
        #expect(text.hasPrefix("refused: expression.lexical"), "\(source): \(text)")
    }

    /// The same content in each of the four kinds of quotes.
    @Test("四种引号写法相同", arguments: ["'", "\"", "'''", "\"\"\""])
    func quotes(_ quote: String) {
        let rows: [(String, String)] = [
            ("", ""), ("一家", "一家"), (#"\a\b\f\n\r\t\v"#, "\u{7}\u{8}\u{c}\n\r\t\u{b}"), (#"\\\?\"\'\`"#, "\\?\"'`"),
            (#"\x41\X4a\101"#, "AJA"), (#"\u4e00\U0001F431"#, "一🐱"), (#"\377"#, "ÿ"),
            ("\u{1}\t\u{7f}", "\u{1}\t\u{7f}"),
            (#"\U000E0FFF"#, "\u{E0FFF}"),
        ]
        for (content, expected) in rows {
            #expect(Expressions.value(quote + content + quote) == .string(expected))
        }
        #expect(Expressions.value(#"r\#(quote)\n\x41\q\#(quote)"#) == .string(#"\n\x41\q"#))
        if quote != "'" { #expect(Expressions.value(#"R\#(quote)a\'b\#(quote)"#) == .string(#"a\'b"#)) }
    }

    static let bytes: [(String, [UInt8])] = [
        ("b''", []), ("b'ab'", [97, 98]), ("B\"é\"", [0xC3, 0xA9]), (#"b'\xff\377\000'"#, [255, 255, 0]),
        (#"br'\xff'"#, Array(#"\xff"#.utf8)), (#"rb'\n'"#, Array(#"\n"#.utf8)), ("b'''\n'''", [10]),
    ]

    @Test("字节串", arguments: bytes)
    func byteLiteral(_ source: String, _ expected: [UInt8]) { #expect(Expressions.value(source) == .bytes(expected)) }

    @Test(
        "写错的字符串被拒绝，位置在文本之内",
        arguments: [
            "'", "'a\n'", "\"\"\"a\"\"", #"'\'"#, #"'\q'"#, #"'\x4'"#, #"'\u12'"#, #"'\ud800'"#, #"'\U00110000'"#,
            #"'\400'"#, #"'\8'"#, #"b'\u0041'"#, #"r'a\'b'"#,
        ])
    func badString(_ source: String) {
        #expect(throws: ExpressionIssue.self) { try Parser.parse(source) }
    }

    @Test("三引号可以跨行，里面可以有引号")
    func tripleQuotes() {
        #expect(Expressions.value("'''a\n\"'b'\"'''") == .string("a\n\"'b'\""))
        #expect(Expressions.value("\"\"\"\r\n'\"\"\"") == .string("\r\n'"))
    }

    @Test("空白和注释不算")
    func blanks() {
        #expect(Expressions.value(" [ 1 ,\t2\r\n]\u{c} [ 0 ] // 说明 ' \"") == .int(1))
        #expect(Expressions.value("1 // 一\n + // 二\n 2") == .int(3))
        #expect(Expressions.value("'//' + '1'") == .string("//1"))
    }

    @Test("列表和映射末尾可以多一个逗号")
    func trailingCommas() {
        #expect(Expressions.value("[1, 2,] == [1, 2] && {'a': 1,} == {'a': 1}") == .bool(true))
    }
}
