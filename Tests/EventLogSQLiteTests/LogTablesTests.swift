import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

/// Tables of the database that are gone or were changed.
@Suite("数据库里的表")
struct LogTablesTests {
    /// A closed log of 60 events, one family of which is damaged and fenced, after some SQL.
    private static func changed(_ statements: String...) throws -> SQLiteLogHarness {
        let harness = try SQLiteLogHarness()
        var log = try harness.openLog()
        try harness.fill(log, count: 60, streams: 7)
        try log.close()
        try FileManager.default.removeItem(atPath: harness.path("events.image"))
        try harness.apply(["UPDATE events SET record = x'00' || substr(record, 2) WHERE position = 30"])
        log = try harness.openLog()
        #expect(log.fences.count == 1)
        try log.close()
        try harness.apply(statements)
        return harness
    }

    private static func verify(_ harness: SQLiteLogHarness) throws -> VerifyReport {
        try LogVerifier(directory: harness.directory, options: harness.options).run()
    }

    @Test("封存表没了：照常打开，通读一遍重新封存，并说出来")
    func fences() throws {
        let harness = try Self.changed("DROP TABLE fences")
        let report = try Self.verify(harness)
        #expect(report.damages.contains { $0.detail.contains("no table fences") } && report.isConfined)
        for round in 1...2 {
            let log = try harness.openLog()
            #expect(log.fences.count == 1)
            #expect(log.openingNotes.count { $0.detail.contains("no table fences") } == (round == 1 ? 1 : 0))
            try harness.fill(log, count: 5, streams: 2, from: 100 * round)
            try log.close()
        }
        #expect(try Self.verify(harness).damages.allSatisfy { $0.position?.rawValue == 30 })
    }

    @Test("记着日志身份的表或行没了：凭头文件补上", arguments: ["DROP TABLE log_state", "DELETE FROM log_state"])
    func state(sql: String) throws {
        let harness = try Self.changed(sql)
        let before = try #require(HeadFile.read(LogFiles(directory: harness.directory)))
        #expect(try !Self.verify(harness).isSound)
        let log = try harness.openLog()
        #expect(log.log == before.log && log.epoch == before.epoch + 1 && log.head.position.rawValue == 60)
        try harness.fill(log, count: 5, streams: 2, from: 100)
        try log.close()
        #expect(try Self.verify(harness).damages.allSatisfy { $0.position?.rawValue == 30 })
        try harness.apply([sql])
        try FileManager.default.removeItem(atPath: harness.path("events.head"))
        let error = #expect(throws: EventLogError.self) { try harness.openLog() }
        #expect(error?.code == .corrupted && error?.message.contains("no readable log_state") == true)
    }

    @Test("事件表没了、表被改过、添了触发器：不打开，说清楚是什么")
    func refused() throws {
        for (sql, code, word) in [
            ("DROP TABLE events", EventLogError.Code.eventsMissing, "no table of events"),
            ("ALTER TABLE fences RENAME COLUMN reason TO why", .wrongFormat, "table fences of events.sqlite"),
            ("ALTER TABLE events ADD COLUMN note TEXT", .wrongFormat, "table events of events.sqlite"),
            (
                "CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM fences; END", .wrongFormat,
                "a trigger t that is none"
            ),
        ] {
            let harness = try Self.changed(sql)
            let error = #expect(throws: EventLogError.self) { try harness.openLog() }
            #expect(
                error?.code == code && error?.message.contains(word) == true, "\(sql): \(String(describing: error))")
            let said = Result { try Self.verify(harness) }
            switch said {
            case .success(let report): #expect(!report.isSound)
            case .failure(let error): #expect("\(error)".contains(word))
            }
        }
    }
}
