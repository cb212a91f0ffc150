import CareWire
import EventLog

/// What every consumer of the log last said of itself, for `carectl sub report`.
package struct ConsumerBoard: Sendable {
    /// One consumer.
    package struct Entry: Sendable {
        package var report: Care_V1_ConsumerReport
        package var cursor: Cursor
        /// When care-archive received the report, in microseconds.
        package var receivedAt: Int64
    }

    private var entries: [String: Entry] = [:]

    package init() {}

    /// Names in use are few; this many are kept at most, so that no peer can fill memory with names.
    package static let maximumConsumers = 4096

    /// Takes a report in.
    /// - Returns: Whether it was well formed.
    package mutating func take(_ report: Care_V1_ConsumerReport, at now: Int64) -> Bool {
        guard !report.consumer.isEmpty, report.consumer.utf8.count <= 64,
            let cursor = try? Cursor(bytes: Array(report.cursor)),
            entries[report.consumer] != nil || entries.count < Self.maximumConsumers
        else { return false }
        entries[report.consumer] = Entry(report: report, cursor: cursor, receivedAt: now)
        return true
    }

    /// All consumers by name.
    package var list: [Entry] { entries.sorted { $0.key < $1.key }.map(\.value) }

    /// Events between a consumer and the head.
    package static func lag(of cursor: Cursor, behind head: LogHead) -> UInt64 {
        head.position.rawValue - min(head.position.rawValue, cursor.position(in: head.shard).rawValue)
    }
}
