import CareDomain
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

    @Test("缺什么按代码的次序排，合并后每样一次")
    func order() throws {
        var random = SeededRandom(seed: 7)
        let facts = [
            "person.birth", "person.birth_date", "person.birth_date2", "household.a", "household.a.b", "h_x.a",
        ]
        .compactMap { FactID($0) }
        #expect(facts.count > 3)
        var all: [Missing] = [.parameter(try #require(ParameterID("cz.standard")), keys: ["urban"])]
        for fact in facts {
            all.append(.fact(fact, .household))
            for _ in 0..<4 {
                all.append(.fact(fact, .person(PersonID(Identifier128(high: random.next() >> 40, low: random.next())))))
            }
            for sequence in [2, 9, 10, 100] {
                all.append(.fact(fact, .incident(EventReference(sequence: UInt64(sequence)))))
            }
        }
        for one in all {
            for other in all { #expect((one < other) == (one.code < other.code)) }
        }
        for _ in 0..<50 {
            let sets = (0..<2).map { _ in
                (0..<8).map { _ in UnknownSet(all[random.next(below: all.count)]) }.reduce { $0.union($1) }
            }
            let codes = Set(sets[0].items + sets[1].items).map(\.code).sorted()
            #expect(sets[0].union(sets[1]).items.map(\.code) == codes)
        }
    }
}

extension Array where Element == UnknownSet {
    fileprivate func reduce(_ union: (UnknownSet, UnknownSet) -> UnknownSet) -> UnknownSet {
        dropFirst().reduce(self[0], union)
    }
}
