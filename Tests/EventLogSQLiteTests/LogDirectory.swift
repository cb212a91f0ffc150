import CareTestKit
import EventLog
import EventLogSQLite
import Foundation

extension SQLiteLogHarness {
    static let fileNames = [
        "events.sqlite", "events.sqlite-wal", "events.sqlite-shm", "events.head", "events.image", "events.lock",
        "events.trail", "events.names",
    ]

    /// A second directory with the files as they are now: what a machine would find after this process was killed.
    func snapshot(_ names: [String] = fileNames) throws -> SQLiteLogHarness {
        let copy = try SQLiteLogHarness()
        copy.options = options
        try copy.take(names, from: self)
        return copy
    }

    /// Replaces files by those of another directory.
    func take(_ names: [String], from other: SQLiteLogHarness) throws {
        for name in names {
            try? FileManager.default.removeItem(atPath: path(name))
            if FileManager.default.fileExists(atPath: other.path(name)) {
                try FileManager.default.copyItem(atPath: other.path(name), toPath: path(name))
            }
        }
    }

    /// Removes the trail, so that only the rows tell what became of each other.
    func removeTrail() {
        for name in ["events.trail", "events.names"] { try? FileManager.default.removeItem(atPath: path(name)) }
    }

    func path(_ name: String) -> String { directory + "/" + name }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(name)))) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    }

    /// Changes one byte of a file.
    func flip(_ name: String, at offset: Int, bit: Int) throws {
        var content = try bytes(name)
        content[offset] ^= 1 << UInt8(bit)
        try write(content, to: name)
    }

    /// Appends `count` events to households in turn, one commit each `group`.
    func fill(_ log: any EventLogWriter, count: Int, streams: Int = 10, from first: Int = 1, group: Int = 7) throws {
        var requests: [AppendRequest] = []
        for number in first..<first + count {
            requests.append(
                LogFixtures.request(LogFixtures.household(number * 31 % streams), .any, id: UInt64(number)))
            if requests.count == group || number == first + count - 1 {
                _ = try log.append(requests, at: LogFixtures.noon)
                requests = []
            }
        }
    }
}
