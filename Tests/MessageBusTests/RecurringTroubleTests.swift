import Testing

@testable import MessageBus

@Suite("Trouble that comes again with every try")
struct RecurringTroubleTests {
    @Test("It is told when it begins, then once a minute with how often it came, and once when it is over")
    func told() {
        var trouble = RecurringTrouble()
        #expect(trouble.ended() == false)
        var lines: [Int64: Int] = [:]
        for second in 0..<150 as Range<Int64> {
            if let count = trouble.came(now: at(second * 1_000)) { lines[second] = count }
        }
        #expect(lines == [0: 1, 60: 60, 120: 60])
        #expect(trouble.ended() == true)
        #expect(trouble.ended() == false)
        // Coming and going within a minute makes no lines either.
        #expect(trouble.came(now: at(150_000)) == nil)
        #expect(trouble.ended() == false)
        #expect(trouble.came(now: at(180_000)) == 31)
        #expect(trouble.ended() == true)
    }
}
