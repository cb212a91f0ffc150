import CareDomain
import RuleEngine
import Testing

@testable import RuleReplay

@Suite("各月归属")
struct PlaceStaysTests {
    @Test("只在可能变动的月份看一次，与逐月看的相同", arguments: 0..<400)
    func sameAsMonthByMonth(_ seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        let first = CivilMonth(year: 2014, month: 1).firstDay
        let places = ["431002", "431003", "330302", "431021"].map { DivisionCode($0) }
        /// Days in order, often the first or the last of a month.
        func days(_ count: Int) -> [CivilDay] {
            (0..<count).map { _ in
                let month = CivilMonth(containing: first) + Int32(random(30))
                return [month.firstDay, month.lastDay, month.firstDay + Int32(random(28))][random(3)]
            }.sorted()
        }
        let stays = PlaceStays(days(1 + random(4)).map { ($0, places[random(4)]) })
        let ends = days(2 * random(3))
        var held = stride(from: 0, to: ends.count, by: 2).map { DayPeriod(start: ends[$0], end: ends[$0 + 1]) }
        held.removeAll(where: \.isEmpty)
        if random(2) == 0, let start = days(1).first, held.allSatisfy({ $0.end ?? start <= start }) {
            held.append(DayPeriod(start: start))
        }
        let territory = [nil, "4310"][random(2)]
        let from = CivilMonth(containing: first).index + Int32(random(6))
        let months = from..<from + Int32(random(30))
        let found = stays.months(months, held, territory: territory)
        let told = found.flatMap { one in one.months.map { "\($0) \(one.division as Any)" } }
        let expected = months.map {
            "\($0) \(stays.division(of: CivilMonth(index: $0), held, territory: territory) as Any)"
        }
        #expect(told == expected)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.division != $1.division })
    }
}
