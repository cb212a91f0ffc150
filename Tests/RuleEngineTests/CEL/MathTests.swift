import Testing

@testable import RuleEngine

@Suite("CEL：算术")
struct MathTests {
    static let rows: [(String, Value)] = [
        ("17 + -5", .int(12)), ("3 - 10", .int(-7)), ("-6 * 7", .int(-42)), ("17 / 5", .int(3)), ("-17 / 5", .int(-3)),
        ("17 % 5", .int(2)), ("-17 % 5", .int(-2)), ("17 % -5", .int(2)), ("-(5)", .int(-5)), ("---5", .int(-5)),
        ("2 + 3 * 4 - 5", .int(9)), ("2 - 3 - 4", .int(-5)), ("64 / 4 / 2", .int(8)), ("7u / 2u", .uint(3)),
        ("7u % 4u", .uint(3)), ("6u * 7u - 2u", .uint(40)), ("0.5 + 0.25", .double(0.75)), ("1.0 / 4.0", .double(0.25)),
        ("1.0 / 0.0", .double(.infinity)), ("-1.0 / 0.0", .double(-.infinity)), ("1e308 * 10.0", .double(.infinity)),
        ("-(2.5)", .double(-2.5)), ("9223372036854775806 + 1", .int(.max)), ("-9223372036854775807 - 1", .int(.min)),
        ("'ab' + '' + 'c'", .string("abc")), ("b'a' + b'\\xff'", .bytes([97, 255])),
        ("[1] + [] + [2]", .list([.int(1), .int(2)])), ("[1] + ['a']", .list([.int(1), .string("a")])),
    ]

    @Test("结果", arguments: rows)
    func evaluates(_ source: String, _ expected: Value) { #expect(Expressions.value(source) == expected) }

    static let overflows = [
        "9223372036854775807 + 1", "-9223372036854775808 - 1", "-9223372036854775807 + -2",
        "0 - -9223372036854775807 - -2",
        "4611686018427387904 * 2", "-9223372036854775808 * -1", "-9223372036854775808 / -1", "-(-9223372036854775808)",
        "0u - 1u", "18446744073709551615u + 1u", "4294967296u * 4294967296u",
    ]

    @Test("溢出是错误，不会回绕", arguments: overflows)
    func overflow(_ source: String) { #expect(Expressions.value(source) == .error(.overflow)) }

    @Test("除以零", arguments: ["1 / 0", "1u / 0u", "0 / 0"])
    func divideByZero(_ source: String) { #expect(Expressions.value(source) == .error(.divideByZero)) }

    @Test("对零取余", arguments: ["1 % 0", "1u % 0u"])
    func modulusByZero(_ source: String) { #expect(Expressions.value(source) == .error(.modulusByZero)) }

    @Test(
        "没有的运算：检查时拒绝，不检查时是错误",
        arguments: [
            "5.5 % 2.0", "-(1u)", "-true", "!1", "1 + 1u", "1 + 1.0", "'a' + 1", "'a' - 'b'", "true + true", "{} + {}",
            "null + null", "[1] * 2",
        ])
    func noOverload(_ source: String) {
        #expect(Expressions.value(source, checksTypes: false) == .error(.noSuchOverload))
        guard case .string(let text) = Expressions.value(source) else {
            Issue.record("\(source) was accepted")
            return
        }
        #expect(text.hasPrefix("refused: expression.type"))
    }
}
