import Foundation
import Testing

@testable import ServiceKit

@Suite("等待按只向前走的钟计时")
struct MonotonicConditionTests {
    /// A box that a thread opens.
    ///
    /// `@unchecked Sendable`: `isOpen` is touched only while `condition` is held.
    private final class Gate: @unchecked Sendable {
        let condition = MonotonicCondition()
        private var isOpen = false

        func open(_ wake: (MonotonicCondition) -> Void) {
            condition.withLock {
                isOpen = true
                wake(condition)
            }
        }

        /// - Returns: Whether it was opened before the limit.
        func pass(until limit: ContinuousClock.Instant) -> Bool {
            condition.withLock {
                while !isOpen { guard condition.wait(until: limit) else { return isOpen } }
                return true
            }
        }
    }

    @Test("没有人叫醒时，到时间就醒，不早也不再等")
    func limit() {
        let gate = Gate()
        let start = ContinuousClock.now
        #expect(!gate.pass(until: start + .milliseconds(30)))
        // The two clocks are read one after the other: a millisecond is let go.
        #expect(ContinuousClock.now - start >= .milliseconds(29))
        #expect(!gate.pass(until: start), "a limit that is over is not waited for")
    }

    @Test("叫醒后立刻醒，不等到时间", .timeLimit(.minutes(1)))
    func signal() {
        for wake: @Sendable (MonotonicCondition) -> Void in [{ $0.signal() }, { $0.broadcast() }] {
            let gate = Gate()
            Thread.detachNewThread { gate.open(wake) }
            #expect(gate.pass(until: .now + .seconds(3_600)))
        }
    }

    @Test("远到没有日子的时限也能等", .timeLimit(.minutes(1)))
    func farLimit() {
        let gate = Gate()
        Thread.detachNewThread { gate.open { $0.broadcast() } }
        #expect(gate.pass(until: .now + .seconds(Int64.max / 4)))
    }

    @Test("锁外的结果原样交回，错误原样抛出")
    func results() {
        let condition = MonotonicCondition()
        #expect(condition.withLock { 7 } == 7)
        #expect(throws: CancellationError.self) { try condition.withLock { throw CancellationError() } }
        #expect(condition.withLock { true }, "the lock is free after an error")
    }
}
