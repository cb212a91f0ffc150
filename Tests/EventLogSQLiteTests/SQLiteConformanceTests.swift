import CareTestKit
import EventLog
import EventLogSQLite
import Testing

@Suite("SQLite 日志")
struct SQLiteConformanceTests {
    @Test("符合日志端口的全部约定", .timeLimit(.minutes(10)), arguments: EventLogConformance.cases)
    func conforms(_ expectation: EventLogConformance.Case) throws {
        try expectation.run(on: SQLiteLogHarness())
    }

    @Test("频繁存取头部映像时同样符合", .timeLimit(.minutes(10)), arguments: EventLogConformance.cases)
    func conformsWithFrequentImages(_ expectation: EventLogConformance.Case) throws {
        let harness = try SQLiteLogHarness()
        harness.options.imageInterval = 3
        harness.options.checkpointBytes = 1
        harness.options.pageBytes = 1024
        try expectation.run(on: harness)
    }

    @Test("以 SM3 成链时同样符合", .timeLimit(.minutes(10)), arguments: EventLogConformance.cases)
    func conformsWithSM3(_ expectation: EventLogConformance.Case) throws {
        let harness = try SQLiteLogHarness()
        harness.options.hashAlgorithm = .sm3
        try expectation.run(on: harness)
    }
}
