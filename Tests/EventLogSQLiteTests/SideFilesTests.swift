import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

@Suite("日志旁的文件：坏了、截短了都会说", .timeLimit(.minutes(5)))
struct SideFilesTests {
    private static let events = 60
    private static let streams = 9

    /// A log that was closed in order.
    private static func log() throws -> SQLiteLogHarness {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: events, streams: streams)
        try log.close()
        return harness
    }

    private static func flaws(_ harness: SQLiteLogHarness) throws -> [SideFileFlaw] {
        let report = try LogVerifier(directory: harness.directory, options: harness.options).run()
        #expect(report.isSound && report.streams == streams)
        return try #require(SideFiles(directory: harness.directory)).check(report)
    }

    @Test("完好的什么也不说：关好的、在写的、被杀的、备份")
    func whole() throws {
        let harness = try Self.log()
        #expect(try Self.flaws(harness) == [])
        let log = try harness.openLog()
        #expect(try Self.flaws(harness) == [])
        try harness.fill(log, count: 10, streams: Self.streams, from: Self.events + 1)
        #expect(try Self.flaws(harness.snapshot()) == [])
        log.abandon()
        let copy = try SQLiteLogHarness()
        _ = try LogBackup.copy(from: harness.directory, to: copy.path("copy"))
        let report = try LogVerifier(directory: copy.path("copy")).run()
        #expect(try SideFiles(directory: copy.path("copy"))?.check(report) == [])
    }

    @Test("行迹的每一字节：指明位置，只丢这一条")
    func trailFlips() throws {
        let harness = try Self.log()
        let size = try harness.bytes("events.trail").count
        #expect(size == Self.events * TrailEntry.byteCount)
        for offset in stride(from: 0, to: size, by: 37) {
            try harness.flip("events.trail", at: offset, bit: offset % 8)
            let first = UInt64(offset / TrailEntry.byteCount + 1)
            #expect(
                try Self.flaws(harness) == [
                    SideFileFlaw(file: .trail, kind: .damaged, first: first, lost: 1, all: UInt64(Self.events))
                ])
            try harness.flip("events.trail", at: offset, bit: offset % 8)
        }
        #expect(try Self.flaws(harness) == [])
    }

    @Test("行迹截短、删去：说少了几条；重新启动写全", arguments: [0, 55, 56, 1_000, 3_359])
    func trailCuts(length: Int) throws {
        let harness = try Self.log()
        let all = UInt64(Self.events)
        try harness.write(Array(try harness.bytes("events.trail").prefix(length)), to: "events.trail")
        let there = UInt64(length / TrailEntry.byteCount)
        #expect(
            try Self.flaws(harness) == [
                SideFileFlaw(file: .trail, kind: .cut, first: there + 1, lost: all - there, all: all)
            ])
        harness.removeTrail()
        #expect(try Self.flaws(harness).map(\.kind) == [.missing, .missing])
        try harness.openLog().close()
        #expect(try Self.flaws(harness) == [])
    }

    @Test("行迹被改写得前后一致：与日志头不符")
    func rewritten() throws {
        let harness = try Self.log()
        let log = try #require(HeadFile.read(LogFiles(directory: harness.directory))).log
        var bytes = try harness.bytes("events.trail")
        bytes.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress, var entry = TrailEntry(at: base, position: 1, log: log) else { return }
            entry.hash = EventHash(of: UnsafeRawBufferPointer(start: base, count: 32))
            entry.write(to: base, position: 1, log: log)
        }
        try harness.write(bytes, to: "events.trail")
        #expect(try Self.flaws(harness).map(\.kind) == [.foreign])
    }

    @Test("名称：坏一格丢一个流的名称，截短丢末尾的")
    func names() throws {
        let harness = try Self.log()
        let whole = try harness.bytes("events.names")
        let all = UInt64(Self.streams)
        for offset in stride(from: 3, to: whole.count, by: 41) {
            try harness.flip("events.names", at: offset, bit: 5)
            let slot = UInt64(offset / TrailNames.slotBytes + 1)
            #expect(
                try Self.flaws(harness) == [
                    SideFileFlaw(file: .names, kind: .damaged, first: slot, lost: 1, all: all)
                ])
            try harness.flip("events.names", at: offset, bit: 5)
        }
        try harness.write(Array(whole.dropLast(10)), to: "events.names")
        let flaw = try #require(try Self.flaws(harness).first)
        #expect(flaw.kind == .cut && flaw.lost == 1 && flaw.first == UInt64(whole.count / TrailNames.slotBytes))
        try harness.write([], to: "events.names")
        #expect(try Self.flaws(harness).map(\.lost) == [all])
    }

    @Test("拒绝的记录：坏一格丢一条，空格坏了不丢，截短说丢了几条；没有这个文件不算损坏")
    func refusals() throws {
        let harness = try Self.log()
        let file = RefusalFile(directory: harness.directory)
        try file.keep((1...3).map { RefusedAppend(LogFixtures.appendID($0), submission: $0) })
        #expect(try Self.flaws(harness) == [])
        func expect(_ kind: SideFileFlaw.Kind, first: UInt64, lost: UInt64) throws {
            #expect(
                try Self.flaws(harness) == [
                    SideFileFlaw(file: .refusals, kind: kind, first: first, lost: lost, all: 3)
                ])
        }
        // The slot of a number is the number itself; the third one is the newest.
        for (offset, first, lost) in [(2 * 64 + 9, UInt64(3), UInt64(1)), (3 * 64, 4, 1), (100 * 64, 101, 0)] {
            try harness.flip(RefusalFile.name, at: offset, bit: 1)
            try expect(.damaged, first: first, lost: lost)
            try harness.flip(RefusalFile.name, at: offset, bit: 1)
        }
        let whole = try harness.bytes(RefusalFile.name)
        try harness.write(Array(whole.prefix(whole.count / 2)), to: RefusalFile.name)
        try expect(.cut, first: 8_193, lost: 0)
        try harness.write(Array(whole.prefix(2 * 64 + 1)), to: RefusalFile.name)
        #expect(try Self.flaws(harness).map(\.kind) == [.cut])
        try FileManager.default.removeItem(atPath: harness.path(RefusalFile.name))
        #expect(try Self.flaws(harness) == [])
    }

    @Test("保存的各流末端坏了：说出来，下次启动写新的")
    func image() throws {
        let harness = try Self.log()
        guard FileManager.default.fileExists(atPath: harness.path("events.image")) else { return }
        try harness.flip("events.image", at: 20, bit: 2)
        #expect(try Self.flaws(harness).map(\.file) == [.image])
        try harness.openLog().close()
        #expect(try Self.flaws(harness) == [])
    }
}
