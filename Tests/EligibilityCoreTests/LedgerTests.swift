import CareDomain
import Testing

@testable import EligibilityCore

@Suite("待审名册")
struct LedgerTests {
    private func id(_ number: UInt64) -> HouseholdID { HouseholdID(Identifier128(high: 0, low: number)) }

    @Test("先到先审，同一户只排一次")
    func order() {
        var ledger = JudgingLedger()
        for number: UInt64 in [1, 2, 1, 3] { ledger.add(id(number)) }
        #expect(ledger.count == 3 && ledger.waiting == 3)
        #expect([ledger.take(), ledger.take(), ledger.take(), ledger.take()] == [id(1), id(2), id(3), nil])
        #expect(ledger.count == 3 && !ledger.isEmpty)
        for number: UInt64 in 1...3 { ledger.settle(id(number)) }
        #expect(ledger.isEmpty)
    }

    @Test("因另一户而要审的户，算在那一户的标记上")
    func becauseOfAnother() {
        var ledger = JudgingLedger()
        ledger.add(id(1))
        let first = ledger.setMark()
        ledger.add(id(3))
        ledger.add(id(2), becauseOf: id(1))
        ledger.add(id(3), becauseOf: id(1))
        ledger.settle(id(1))
        #expect(!ledger.isSettled(through: first))
        ledger.settle(id(2))
        #expect(!ledger.isSettled(through: first))
        ledger.settle(id(3))
        #expect(ledger.isSettled(through: first) && ledger.isEmpty)
        // Nobody is due on its account: its own place counts.
        let second = ledger.setMark()
        ledger.add(id(4), becauseOf: id(1))
        #expect(ledger.isSettled(through: second) && !ledger.isEmpty)
    }

    @Test("标记之前的都审完才算到了标记；审理中又变的户算在原来的标记上")
    func marks() {
        var ledger = JudgingLedger()
        ledger.add(id(1))
        let first = ledger.setMark()
        ledger.add(id(2))
        #expect(!ledger.isSettled(through: first))
        _ = ledger.take()
        ledger.add(id(1))
        #expect(!ledger.isSettled(through: first))
        ledger.settle(id(1))
        #expect(ledger.isSettled(through: first))
        let second = ledger.setMark()
        #expect(!ledger.isSettled(through: second))
        ledger.settle(id(2))
        #expect(ledger.isSettled(through: second))
        ledger.settle(id(9))
        #expect(ledger.isEmpty)
    }
}
