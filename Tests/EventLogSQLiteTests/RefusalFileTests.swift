import CareTestKit
import EventLog
import Testing

@testable import EventLogSQLite

@Suite("拒绝的记录：环形文件")
struct RefusalFileTests {
    private static func refused(_ numbers: ClosedRange<UInt64>) -> [RefusedAppend] {
        numbers.map { RefusedAppend(LogFixtures.appendID($0), submission: $0 * 100) }
    }

    /// A disk on which syncing fails while it is told to.
    private final class Disk: LogDisk, @unchecked Sendable {
        /// Touched by one thread: the test's.
        var syncsFail = false

        func open(_ path: String, create: Bool) throws(EventLogError) -> any LogDiskFile {
            File(disk: self, file: try DurableFile(path, create: create))
        }

        func makeDirectories(_ path: String) throws(EventLogError) { try DurableFile.makeDirectories(path) }
        func syncDirectory(_ path: String) throws(EventLogError) { try DurableFile.syncDirectory(path) }
        func rename(_ path: String, to new: String) throws(EventLogError) {}
        func remove(_ path: String) {}
    }

    private final class File: LogDiskFile {
        let disk: Disk
        let file: DurableFile

        init(disk: Disk, file: DurableFile) {
            self.disk = disk
            self.file = file
        }

        func size() throws(EventLogError) -> Int { try file.size() }
        func tryLock() -> Bool { file.tryLock() }
        func truncate(to length: Int) throws(EventLogError) { try file.truncate(to: length) }
        func allocate(_ length: Int) throws(EventLogError) { try file.allocate(length) }
        func write(_ bytes: [UInt8], at offset: Int) throws(EventLogError) { try file.write(bytes, at: offset) }
        func read(_ count: Int, at offset: Int) throws(EventLogError) -> [UInt8] { try file.read(count, at: offset) }

        func sync() throws(EventLogError) {
            if disk.syncsFail { throw EventLogError(.storageFailed, "cannot sync") }
            try file.sync()
        }
    }

    @Test("记下的重新打开后都在，按先后；满了覆盖最早的，重新打开后接着写")
    func ring() throws {
        let harness = try SQLiteLogHarness()
        let first = RefusalFile(directory: harness.directory, capacity: 4)
        #expect(first.kept() == [])
        try first.keep(Self.refused(1...2))
        try first.keep(Self.refused(3...3))
        #expect(first.kept() == Self.refused(1...3))
        #expect(RefusalFile(directory: harness.directory, capacity: 4).kept() == Self.refused(1...3))
        try first.keep(Self.refused(4...6))
        let second = RefusalFile(directory: harness.directory, capacity: 4)
        #expect(second.kept() == Self.refused(3...6))
        try second.keep(Self.refused(7...7))
        // Also when it was not read first.
        let third = RefusalFile(directory: harness.directory, capacity: 4)
        try third.keep(Self.refused(8...8))
        #expect(third.kept() == Self.refused(5...8))
        // More at once than there is room for.
        try third.keep(Self.refused(20...29))
        #expect(RefusalFile(directory: harness.directory, capacity: 4).kept() == Self.refused(26...29))
        #expect(try harness.bytes(RefusalFile.name).count == 4 * 64)
    }

    @Test("写坏的一格不算，其余照读")
    func tornSlot() throws {
        let harness = try SQLiteLogHarness()
        try RefusalFile(directory: harness.directory, capacity: 8).keep(Self.refused(1...5))
        let whole = try harness.bytes(RefusalFile.name)
        for offset in 0..<64 {
            var bytes = whole
            bytes[2 * 64 + offset] ^= 0x10
            try harness.write(bytes, to: RefusalFile.name)
            let kept = RefusalFile(directory: harness.directory, capacity: 8).kept()
            #expect(kept == Self.refused(1...1) + Self.refused(3...5))
        }
        try harness.write(Array(whole[..<(3 * 64 + 30)]), to: RefusalFile.name)
        #expect(RefusalFile(directory: harness.directory, capacity: 8).kept() == Self.refused(1...2))
    }

    @Test("没有同步成的不算记下，下一次写在同一处；打不开的以后再试")
    func failures() throws {
        let harness = try SQLiteLogHarness()
        let disk = Disk()
        let file = RefusalFile(directory: harness.directory, disk: disk, capacity: 4)
        try file.keep(Self.refused(1...1))
        disk.syncsFail = true
        #expect(throws: EventLogError.self) { try file.keep(Self.refused(2...3)) }
        disk.syncsFail = false
        try file.keep(Self.refused(4...5))
        #expect(file.kept() == Self.refused(1...1) + Self.refused(4...5))
        let missing = RefusalFile(directory: harness.path("later"), capacity: 4)
        #expect(missing.kept() == [])
        #expect(throws: EventLogError.self) { try missing.keep(Self.refused(1...1)) }
        try DurableFile.makeDirectories(harness.path("later"))
        try missing.keep(Self.refused(1...1))
        #expect(missing.kept() == Self.refused(1...1))
    }
}
