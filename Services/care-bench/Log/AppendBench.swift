import CSQLite
import CareDomain
import EventLog
import EventLogSQLite
import Foundation
import ServiceKit

/// Durable append in the log alone, beside plain SQLite with the same bytes and the disk's own sync.
struct AppendBench {
    let district: BenchDistrict
    let runs: Int
    let scratch: ScratchFolder
    /// Events per commit.
    var perCommit = 1_000
    /// Events of one run at most.
    var mostEvents = 600_000

    /// One commit's worth of appends.
    private typealias Batch = [AppendRequest]

    func measure(_ told: (Figure) -> Void) throws {
        var batches = try prepare()
        let events = batches.reduce(0) { $0 + $1.reduce(0) { $0 + $1.events.count } }
        let bytes = batches.reduce(0) { sum, batch in
            sum + batch.reduce(0) { $0 + $1.events.reduce(0) { $0 + $1.payload.count + $1.metadata.count } }
        }
        let data = UserText(
            zh: "\(events) 个事件，平均 \(bytes / max(events, 1)) 字节，每次提交 \(perCommit) 个",
            en: "\(events) events of \(bytes / max(events, 1)) bytes on average, \(perCommit) per commit")
        Memory.forgetPeak()
        var ours: [Run] = []
        var plain: [Run] = []
        for _ in 0..<runs {
            ours.append(try append(&batches))
            plain.append(try plainSQLite(batches))
        }
        var figure = Run.figure(
            "append", UserText(zh: "落盘追加", en: "durable append"), unit: "events/s", data: data, ours)
        figure.aim = 500_000
        figure.peakMiB = Memory.peakMiB
        figure.note = UserText(
            zh: "仅日志：哈希链、头文件、命令编号去重全开，每次提交已落盘；p50/p99 为一次提交",
            en: "the log alone: chain, head file and command ids on, each commit synced; p50/p99 of one commit")
        told(figure)
        var yardstick = Run.figure(
            "append-plain-sqlite", UserText(zh: "对照：普通 SQLite", en: "yardstick: plain SQLite"), unit: "events/s",
            data: data, plain)
        yardstick.note = UserText(
            zh: "同样的字节写入一张普通表，WAL、FULL，无哈希、无链、无去重",
            en: "the same bytes into a bare table, WAL and FULL, without hashes, chain or ids")
        told(yardstick)
    }

    /// The district's appends in its own order, cut into commits of about `perCommit` events.
    private func prepare() throws -> [Batch] {
        var batches: [Batch] = []
        var batch: Batch = []
        var (count, total) = (0, 0)
        try district.forEachBlock(withServices: true) { steps in
            for step in steps where total < mostEvents {
                let request = try step.request(principal: district.principal)
                batch.append(request)
                count += request.events.count
                total += request.events.count
                guard count >= perCommit else { continue }
                batches.append(batch)
                batch = []
                count = 0
            }
        }
        if !batch.isEmpty { batches.append(batch) }
        return batches
    }

    private func append(_ batches: inout [Batch]) throws -> Run {
        let folder = try scratch.make()
        defer { scratch.remove(folder) }
        let log = try SQLiteEventLog(directory: folder)
        var commits: [Double] = []
        commits.reserveCapacity(batches.count)
        var clock: Int64 = 1_700_000_000_000_000
        let ((), load) = try SystemLoad.during {
            for batch in batches {
                clock += 1_000
                let begin = Stopwatch.now()
                let outcomes = try log.append(batch, at: RecordedTime(microseconds: clock))
                commits.append(Stopwatch.now() - begin)
                precondition(outcomes.allSatisfy { $0.receipt != nil }, "AppendBench: an append was refused")
            }
        }
        let events = log.head.position.rawValue
        try log.close()
        return Run(
            value: Double(events) / commits.reduce(0, +), latencies: Latencies(seconds: commits), load: load,
            count: Int(events))
    }

    private func plainSQLite(_ batches: [Batch]) throws -> Run {
        let folder = try scratch.make()
        defer { scratch.remove(folder) }
        let table = PlainTable(folder + "/plain.sqlite")
        defer { table.close() }
        var commits: [Double] = []
        var events = 0
        let ((), load) = SystemLoad.during {
            for batch in batches {
                let begin = Stopwatch.now()
                table.begin()
                for request in batch {
                    for event in request.events {
                        events += 1
                        table.insert(events, request.appendID.low, event)
                    }
                }
                table.commit()
                commits.append(Stopwatch.now() - begin)
            }
        }
        return Run(
            value: Double(events) / commits.reduce(0, +), latencies: Latencies(seconds: commits), load: load,
            count: events)
    }
}

/// What one would write without this project: a table with a row for each event, durable at every commit.
private final class PlainTable {
    private var handle: OpaquePointer?
    private var statement: OpaquePointer?

    init(_ path: String) {
        sqlite3_open(path, &handle)
        let setup =
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA page_size=8192; CREATE TABLE events("
            + "position INTEGER PRIMARY KEY, household INTEGER, metadata BLOB, payload BLOB)"
        precondition(sqlite3_exec(handle, setup, nil, nil, nil) == SQLITE_OK, "PlainTable: \(message)")
        sqlite3_prepare_v2(handle, "INSERT INTO events VALUES (?1, ?2, ?3, ?4)", -1, &statement, nil)
    }

    private var message: String { String(cString: sqlite3_errmsg(handle)) }

    func begin() { sqlite3_exec(handle, "BEGIN", nil, nil, nil) }

    func insert(_ position: Int, _ household: UInt64, _ event: NewEvent) {
        sqlite3_bind_int64(statement, 1, Int64(position))
        sqlite3_bind_int64(statement, 2, Int64(bitPattern: household))
        event.metadata.withUnsafeBytes { metadata in
            event.payload.withUnsafeBytes { payload in
                sqlite3_bind_blob(statement, 3, metadata.baseAddress, Int32(metadata.count), nil)
                sqlite3_bind_blob(statement, 4, payload.baseAddress, Int32(payload.count), nil)
                let result = sqlite3_step(statement)
                precondition(result == SQLITE_DONE, "PlainTable.insert: \(message)")
            }
        }
        sqlite3_reset(statement)
    }

    func commit() {
        precondition(sqlite3_exec(handle, "COMMIT", nil, nil, nil) == SQLITE_OK, "PlainTable.commit: \(message)")
    }

    func close() {
        sqlite3_finalize(statement)
        sqlite3_close(handle)
    }
}
