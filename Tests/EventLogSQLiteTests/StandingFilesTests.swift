import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

@Suite("开着的日志，文件被动过")
struct StandingFilesTests {
    private func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

    private func request(_ number: Int) -> AppendRequest {
        LogFixtures.request(LogFixtures.household(number), .any, id: UInt64(number))
    }

    @Test(
        "被移走、删除、换掉、截短：下一次登记不确认，写入停止",
        arguments: ["events.sqlite", "events.sqlite-wal", "events.head"], ["removed", "exchanged", "cut"])
    func disturbed(file: String, how: String) throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 5, from: 1, group: 1)
        let path = log.files.directory + "/" + file
        switch how {
        case "removed": try remove(path)
        case "exchanged":
            let content = try Data(contentsOf: URL(fileURLWithPath: path))
            try remove(path)
            try content.write(to: URL(fileURLWithPath: path))
        default:
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try handle.truncate(atOffset: 0)
            try handle.close()
        }
        let error = #expect(throws: EventLogError.self) {
            _ = try log.append([request(900)], at: RecordedTime(microseconds: 9_000_000_000_000_000))
        }
        #expect(error?.code == .storageFailed && error?.message.contains(file) == true, "\(String(describing: error))")
        #expect(throws: EventLogError.self) {
            _ = try log.append([request(901)], at: RecordedTime(microseconds: 9_000_000_000_000_001))
        }
        log.abandon()
    }

    @Test("无人动过的，一直登记得下去，也过得了复制预写日志的时候")
    func undisturbed() throws {
        let harness = try SQLiteLogHarness()
        harness.options.pageBytes = 1024
        harness.options.checkpointBytes = 40_000
        let log = try harness.openLog()
        try harness.fill(log, count: 600, from: 1, group: 3)
        #expect(log.head.position == Position(600))
        try log.close()
    }
}
