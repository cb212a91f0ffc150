import CareTestKit
import EventLog
import Testing

@Suite("内存日志")
struct MemoryConformanceTests {
    @Test("符合日志端口的全部约定", .timeLimit(.minutes(10)), arguments: EventLogConformance.cases)
    func conforms(_ expectation: EventLogConformance.Case) throws {
        try expectation.run(on: MemoryEventLogHarness())
    }

    @Test("磁盘满时整批拒绝,腾出空间后照常")
    func diskFull() throws {
        let store = MemoryEventStore()
        let log = try MemoryEventLog(store: store)
        let request = LogFixtures.request(LogFixtures.household(1), .noStream, id: 1)
        store.failNextAppend(with: EventLogError(.diskFull, "full"))
        let refused = #expect(throws: EventLogError.self) { try log.append([request], at: LogFixtures.noon) }
        #expect(refused?.isRetriable == true)
        #expect(store.count == 0)
        #expect(log.streamHead(request.stream) == nil)
        guard case .appended = try log.append([request], at: LogFixtures.noon)[0] else {
            Issue.record("append after the disk was full")
            return
        }
    }

    @Test("写盘失败后停止写入,绝不当作没发生")
    func stopsAfterFailure() throws {
        let store = MemoryEventStore()
        let log = try MemoryEventLog(store: store)
        let request = LogFixtures.request(LogFixtures.household(1), .noStream, id: 1)
        store.failNextAppend(with: EventLogError(.storageFailed, "broken"))
        #expect(throws: EventLogError.self) { try log.append([request], at: LogFixtures.noon) }
        let stopped = #expect(throws: EventLogError.self) { try log.append([request], at: LogFixtures.noon) }
        #expect(stopped?.code == .writerStopped)
    }
}
