import EventLog
import Testing

@Suite("检查点相互比较")
struct CheckpointComparisonTests {
    private static func checkpoint(_ change: (inout Checkpoint) -> Void = { _ in }) -> Checkpoint {
        var made = Checkpoint(
            log: [UInt8](repeating: 7, count: 16), epoch: 3, position: 100, recordedAt: 5_000, digest: .zero,
            streams: 20, root: .zero)
        change(&made)
        return made
    }

    private static let other = EventHash(of: UnsafeRawBufferPointer(start: nil, count: 0))

    @Test("同一个、事件变多、只换了写入者：不矛盾")
    func follows() {
        let earlier = Self.checkpoint()
        #expect(earlier.contradiction(of: earlier) == nil)
        #expect(Self.checkpoint { $0.epoch = 4 }.contradiction(of: earlier) == nil)
        let later = Self.checkpoint {
            $0.position = 101
            $0.digest = Self.other
            $0.root = Self.other
            $0.recordedAt = 5_001
        }
        #expect(later.contradiction(of: earlier) == nil)
        #expect(earlier.contradiction(of: later) == .fewerEvents)
    }

    @Test("换了日志、事件变少、同样多但不同、倒退：矛盾")
    func contradicts() {
        let earlier = Self.checkpoint()
        #expect(Self.checkpoint { $0.log = [UInt8](repeating: 8, count: 16) }.contradiction(of: earlier) == .otherLog)
        #expect(Self.checkpoint { $0.position = 99 }.contradiction(of: earlier) == .fewerEvents)
        let changes: [(inout Checkpoint) -> Void] = [
            { $0.digest = Self.other }, { $0.root = Self.other }, { $0.streams = 21 }, { $0.recordedAt = 5_001 },
        ]
        for change in changes { #expect(Self.checkpoint(change).contradiction(of: earlier) == .otherEvents) }
        for change in [{ $0.streams = 19 }, { $0.epoch = 2 }, { $0.recordedAt = 4_999 }] as [(inout Checkpoint) -> Void]
        {
            let later = Self.checkpoint {
                $0.position = 101
                change(&$0)
            }
            #expect(later.contradiction(of: earlier) == .goesBack)
        }
    }
}
