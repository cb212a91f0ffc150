import CareTestKit
import EventLog
import EventLogSQLite
import Foundation

/// An SQLite log in a directory of its own, removed at the end.
final class SQLiteLogHarness: EventLogHarness {
    let directory: String
    var options = SQLiteLogOptions()

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("care-log-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        directory = url.path
        // Many small logs: none of them needs the space, and what is cut or changed should be content.
        options.reservesWriteAheadLog = false
        options.keepsSpaceReserve = false
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func open() throws(EventLogError) -> any EventLogWriter { try openLog() }

    func openLog() throws(EventLogError) -> SQLiteEventLog {
        try SQLiteEventLog(directory: directory, options: options)
    }

    func abandon(_ writer: any EventLogWriter) throws { (writer as? SQLiteEventLog)?.abandon() }
}
