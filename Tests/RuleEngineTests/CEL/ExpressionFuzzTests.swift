import Testing

@testable import RuleEngine

/// Whatever text a pack holds, reading it ends in a value or in an issue within the text, and soon.
///
/// Seeds are fixed; a failure names the text.
@Suite("表达式：乱写的文本", .timeLimit(.minutes(10)))
struct ExpressionFuzzTests {
    /// Texts that use all of the language; the rest is made from them.
    static let seeds = [
        "1 + 2 * 3 - -4 % 5 / 6", "0x1Fu == 31u && 1.5e3 <= .5", "'a\\n\\u4e2d\\x41\\101' + r\"\\\" + '''b'''",
        "b'\\xff' != b\"é\"",
        "[1, 2u, 'a', null, true].exists(i, i == 2)", "{'a': 1, 2: [3], true: {}}.a", "has({'a': 1}.a) ? 1 : 'b'",
        "x.y.z[0]['k'].`q-r`", ".x == x && (unknown_fact || 1 / 0 == 1)",
        "[1, 2].map(i, i > 1, [i].filter(j, j in [i]))",
        "list_value.all(a, [a].exists_one(b, [b].map(c, c + a) == [2]))", "size('中文') + int('42') + int(uint(3.7))",
        "type(x) == int || string(double('1e3')) == '1000'", "'abc'.contains('b') && !'a'.startsWith('b')",
        "care.yuan(3) + care.fen(5) * 2", "care.date('2014-07-16') < care.add_days(care.date('2014-01-31'), 90)",
        "care.age(x) >= 49 && care.on_or_after(care.date('2020-02-29'))",
        "care.at(care.date('2000-01-01'), care.year() == 2000)",
        "unknown_number > 3 ? unknown_fact : !unknown_fact // 注释", "care.share(care.yuan(100), 1, 3) > care.yuan(33)",
    ]

    static let pieces = [
        "(", ")", "[", "]", "{", "}", "&&", "||", "!", "-", "+", "*", "/", "%", "?", ":", ",", ".", "==", "!=", "<",
        "<=", ">=",
        " in ", " ", "\n", "//", "\\", "'", "\"", "'''", "`", "0x", "u", "e", "9", "9223372036854775808", "1.5", "x",
        "i", "true",
        "null", "has(", "all(i,", ".map(i,", ".exists(i,", "care.", "care.at(", "care.age(", "if", "r'", "b'", "中",
        "\u{0}", "é",
    ]

    /// Reads, checks both ways, evaluates; and holds the engine to its promises.
    private func trial(_ source: String) {
        for checksTypes in [true, false] {
            do throws(ExpressionIssue) {
                let scope = Expressions.scope(Expressions.variables, checksTypes: checksTypes)
                let expression = try Checker.check(source, in: scope)
                #expect(source.utf8.count <= ExpressionLimits.sourceBytes)
                _ = expression.value(variables: Expressions.variables.map(\.value))
            } catch {
                if !(0...source.utf8.count).contains(error.offset) {
                    Issue.record("\(error.code) at \(error.offset) of \(source.utf8.count): \(source.prefix(200))")
                }
                let place = error.position(in: source)
                if place.line < 1 || place.column < 1 { Issue.record("no place: \(source.prefix(200))") }
            }
        }
    }

    @Test("任意字节")
    func randomBytes() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<4_000 {
            let bytes = (0..<random.next(below: 60)).map { _ in UInt8(random.next(below: 256)) }
            trial(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test("任意记号")
    func randomPieces() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<6_000 {
            trial((0..<random.next(below: 30)).map { _ in Self.pieces[random.next(below: Self.pieces.count)] }.joined())
        }
    }

    @Test("改坏的好表达式")
    func mutations() {
        var random = SeededRandom(seed: 3)
        for round in 0..<6_000 {
            var text = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0...random.next(below: 4) {
                let place = random.next(below: text.count + 1)
                switch random.next(below: 5) {
                case 0: text.removeSubrange(place..<min(text.count, place + 1 + random.next(below: 5)))
                case 1: text.insert(UInt8(random.next(below: 256)), at: place)
                case 2: text.insert(contentsOf: Self.pieces[random.next(below: Self.pieces.count)].utf8, at: place)
                case 3:
                    let other = Array(Self.seeds[random.next(below: Self.seeds.count)].utf8)
                    text.replaceSubrange(place..., with: other[random.next(below: other.count)...])
                default: text += text[..<place]
                }
            }
            trial(String(decoding: text, as: UTF8.self))
        }
    }

    @Test("好表达式套好表达式")
    func compositions() {
        var random = SeededRandom(seed: 4)
        let frames = [
            "(@) == (@)", "[@, @].exists(i, @)", "{'a': @, 1: @}", "(@) ? (@) : (@)", "dyn(@) + dyn(@)", "(@) in [@]",
            "[@].map(i, i + i)", "size([@]) < int(@)", "dyn(@).a", "dyn(@)[dyn(@)]", "!dyn(@) || dyn(@) && dyn(@)",
        ]
        // A comment would swallow what comes after it.
        let whole = Self.seeds.filter { !$0.contains("//") }
        for _ in 0..<2_000 {
            var text = "@"
            for _ in 0..<random.next(below: 8) {
                let parts = text.split(separator: "@", omittingEmptySubsequences: false)
                let frame = frames[random.next(below: frames.count)]
                text = parts.dropFirst().reduce(String(parts[0])) { sum, part in
                    sum + (sum.utf8.count < 4_000 ? frame : "1") + part
                }
            }
            let filled = text.split(separator: "@", omittingEmptySubsequences: false)
            trial(
                filled.dropFirst().reduce(String(filled[0])) { sum, part in
                    sum + whole[random.next(below: whole.count)] + part
                })
        }
    }

    /// Each nests or repeats one thing; read and refused, or read and answered, at every size.
    @Test("很深、很长、很多")
    func sizes() {
        let nested: [(open: String, close: String)] = [
            ("(", ")"), ("[", "]"), ("{1: ", "}"), ("!", ""), ("-", ""), ("x.a(", ")"), ("x[", "]"), ("int(", ")"),
            ("[1].all(i, ", ")"), ("true ? 1 : ", ""), ("has(x.a) && ", ""), ("care.at(care.date('2000-01-01'), ", ")"),
            ("[1].map(i, true, ", ")"), ("{'a': [", "]}"), ("1 + (", ")"), ("care.age(", ") > 1"),
        ]
        let repeated = [
            "1 + ", "x.a.", "x[0]", "'a' ", "true && ", "1 < ", "[1], ", "!", "x.map(i, i).", "// \n", ".a", "\\",
        ]
        for count in [1, 11, 95, 96, 97, 500, 2_000, 20_000] {
            for (open, close) in nested {
                trial(String(repeating: open, count: count) + "1" + String(repeating: close, count: count))
                trial(String(repeating: open, count: count))
                trial("1" + String(repeating: close, count: count))
            }
            for piece in repeated { trial(String(repeating: piece, count: count) + "1") }
            trial("'" + String(repeating: "a", count: count) + "'")
            trial(Array(repeating: "x", count: count).joined(separator: ","))
        }
    }

    @Test("深度到限为止都读得进，超过就拒绝")
    func depth() throws {
        let most = ExpressionLimits.depth
        func brackets(_ count: Int) -> String {
            String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        #expect(throws: Never.self) { try Parser.parse(brackets(most)) }
        #expect(throws: ExpressionIssue.self) { try Parser.parse(brackets(most + 1)) }
        let terms = Array(repeating: "1", count: most)
        #expect(throws: Never.self) { try Parser.parse(terms.joined(separator: "+")) }
        #expect(throws: ExpressionIssue.self) { try Parser.parse((terms + ["1"]).joined(separator: "+")) }
        let items = Array(repeating: "1", count: ExpressionLimits.nodes - 1)
        #expect(throws: Never.self) { try Parser.parse("[\(items.joined(separator: ","))]") }
        #expect(throws: ExpressionIssue.self) { try Parser.parse("[\((items + ["1"]).joined(separator: ","))]") }
        let text = "'" + String(repeating: "a", count: ExpressionLimits.sourceBytes - 2) + "'"
        #expect(throws: Never.self) { try Parser.parse(text) }
        #expect(throws: ExpressionIssue.self) { try Parser.parse(text + " ") }
    }

    /// Small texts that would give huge values or long work.
    @Test(
        "短文本做不出大数据，也不会算很久",
        arguments: [
            "['abcdefgh']" + String(repeating: ".map(s, s + s)", count: 60) + " == ['']",
            "[[1]]" + String(repeating: ".map(l, l + l)", count: 60) + ".size() == 0",
            "[b'ab']" + String(repeating: ".map(s, s + s)", count: 60) + ".size() == 0",
            "[[1]]" + String(repeating: ".map(l, [l, l])", count: 60) + ".map(l, l == l)",
            "[[1]]" + String(repeating: ".map(l, [l, l])", count: 60) + ".map(l, l in [l])",
            "[{1: 1}]" + String(repeating: ".map(l, {1: l, 2: l})", count: 60) + ".map(l, l == l)",
            "['aaaaaaaa']" + String(repeating: ".map(s, s + s)", count: 14) + ".exists(s, s.contains(s + 'b'))",
        ])
    func bombs(_ source: String) {
        let value = Expressions.value(source)
        #expect(value == .error(.stepLimit) || value == .bool(false), "\(source.prefix(60)): \(value)")
    }
}
