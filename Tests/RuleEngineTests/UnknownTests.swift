import Testing

@testable import RuleEngine

@Suite("缺事实不会变成“否”")
struct UnknownTests {
    @Test(
        "另一边能定的，缺的事实不碍事",
        arguments: [
            ("unknown_fact || true", true), ("true || unknown_fact", true), ("unknown_fact && false", false),
            ("false && unknown_fact", false), ("unknown_fact || 1 / 0 == 1 || true", true),
            ("[1, 2].exists(i, i == 2 || unknown_fact)", true), ("[1, 2].all(i, i == 5 && unknown_fact)", false),
            ("true ? true : unknown_fact", true),
        ])
    func absorbed(_ source: String, _ expected: Bool) {
        #expect(Expressions.value(source) == .bool(expected))
    }

    @Test(
        "定不了的保持未知，并带着全部缺的事实",
        arguments: [
            "unknown_fact", "!unknown_fact", "unknown_fact && true", "true && unknown_fact", "unknown_fact || false",
            "unknown_fact == true", "unknown_fact ? 1 : 2", "[unknown_fact]", "string(unknown_fact) == 'true'",
            "[1].exists(i, unknown_fact)", "[1].map(i, unknown_fact)", "unknown_fact || 1 / 0 == 1",
            "1 / 0 == 1 && unknown_fact",
        ])
    func kept(_ source: String) {
        #expect(Expressions.value(source) == .unknown(Expressions.missing))
    }

    @Test("两处未知合并为一个集合")
    func joined() {
        let both = Expressions.missing.union(Expressions.other)
        #expect(Expressions.value("unknown_fact && unknown_number > 1") == .unknown(both))
        #expect(Expressions.value("unknown_number > 1 || unknown_fact") == .unknown(both))
        #expect(
            Expressions.value("[unknown_number, 1].exists(i, i >= 1 && unknown_fact)") == .unknown(Expressions.other))
        #expect(Expressions.value("list_value.exists(i, unknown_number == i && unknown_fact)") == .unknown(both))
        #expect(both.items.count == 2)
    }
}
