import CSQLite
import EventLog
import EventLogSQLite
import Foundation

/// Speed of the log alone: durable append, reading, verifying; beside the disk's own sync and plain SQLite.
enum AppendBench {
    /// What is appended.
    struct Load {
        /// Events in all.
        var events = 2_000_000
        /// Events, each a command of its own, per commit.
        var perCommit = 1_000
        /// Households drawn at random.
        var households = 400_000
        /// Bytes of an event's payload.
        var payloadBytes = 150
        /// Bytes of an event's metadata.
        var metadataBytes = 0
        /// Seed of the draw.
        var seed: UInt64 = 1
    }

    /// Durations in microseconds, sorted.
    struct Latencies {
        private let sorted: [Double]

        init(_ seconds: [Double]) { sorted = seconds.map { $0 * 1e6 }.sorted() }

        func percentile(_ share: Double) -> Double {
            sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
        }
    }

    struct Figures {
        var eventsPerSecond: Double
        var commit: Latencies
    }

    /// Appends the load and closes the log.
    static func append(
        _ load: Load, in directory: String, options: SQLiteLogOptions = SQLiteLogOptions()
    ) throws -> Figures {
        let log = try SQLiteEventLog(directory: directory, options: options)
        var source = Source(load)
        var commits: [Double] = []
        var busy = 0.0
        for start in stride(from: 0, to: load.events, by: load.perCommit) {
            let requests = (0..<min(load.perCommit, load.events - start)).map { _ in source.next() }
            let begin = now()
            _ = try log.append(requests, at: RecordedTime(microseconds: Int64(begin * 1e6)))
            let took = now() - begin
            commits.append(took)
            busy += took
        }
        try log.close()
        return Figures(eventsPerSecond: Double(load.events) / busy, commit: Latencies(commits))
    }

    /// Syncs one preallocated block again and again: what the disk charges for each acknowledgement.
    static func sync(count: Int, in directory: String) -> Latencies {
        let descriptor = open(directory + "/sync-probe", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer {
            close(descriptor)
            unlink(directory + "/sync-probe")
        }
        let block = [UInt8](repeating: 7, count: 4096)
        pwrite(descriptor, block, block.count, 0)
        fsync(descriptor)
        return Latencies(
            (0..<count).map { _ in
                let begin = now()
                pwrite(descriptor, block, block.count, 0)
                fdatasync(descriptor)
                return now() - begin
            })
    }

    /// The same payloads into a bare table, WAL and FULL, without hashes, heads, ids or head file.
    static func plainSQLite(_ load: Load, in directory: String) -> Figures {
        var handle: OpaquePointer?
        sqlite3_open(directory + "/plain.sqlite", &handle)
        defer { sqlite3_close(handle) }
        let setup =
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE events(position INTEGER PRIMARY KEY,"
        sqlite3_exec(handle, setup + "household INTEGER, sequence INTEGER, payload BLOB)", nil, nil, nil)
        var insert: OpaquePointer?
        sqlite3_prepare_v2(handle, "INSERT INTO events VALUES (?1, ?2, ?3, ?4)", -1, &insert, nil)
        defer { sqlite3_finalize(insert) }
        var generator = SystemlessGenerator(seed: load.seed)
        let payload = [UInt8](repeating: 42, count: load.payloadBytes)
        var commits: [Double] = []
        for start in stride(from: 0, to: load.events, by: load.perCommit) {
            let begin = now()
            sqlite3_exec(handle, "BEGIN", nil, nil, nil)
            for number in start..<min(start + load.perCommit, load.events) {
                sqlite3_bind_int64(insert, 1, Int64(number + 1))
                sqlite3_bind_int64(insert, 2, Int64(generator.next() % UInt64(load.households)))
                sqlite3_bind_int64(insert, 3, Int64(number))
                sqlite3_bind_blob(insert, 4, payload, Int32(payload.count), nil)
                sqlite3_step(insert)
                sqlite3_reset(insert)
            }
            sqlite3_exec(handle, "COMMIT", nil, nil, nil)
            commits.append(now() - begin)
        }
        return Figures(
            eventsPerSecond: Double(load.events) / commits.reduce(0, +), commit: Latencies(commits))
    }

    /// Reads whole streams of random households.
    static func readStreams(_ load: Load, count: Int, in directory: String) throws -> (Latencies, events: Double) {
        let log = try SQLiteEventLog(directory: directory)
        let reader = try log.makeReader()
        var generator = SystemlessGenerator(seed: load.seed &+ 7)
        var events = 0
        let times = try (0..<count).map { _ in
            let stream = try Source.stream(Int(generator.next() % UInt64(load.households)))
            let begin = now()
            events += try reader.readStream(stream, from: .first, limit: .max).events.count
            return now() - begin
        }
        try log.close()
        return (Latencies(times), Double(events) / Double(count))
    }

    /// Seconds to open after a clean close and after a kill, events per second of a header scan and of a verification.
    static func reading(in directory: String) throws -> (open: Double, scan: Double, verify: Double, sound: Bool) {
        var begin = now()
        let log = try SQLiteEventLog(directory: directory)
        let opened = now() - begin
        let reader = try log.makeReader()
        begin = now()
        var kinds = 0
        let end = try reader.scan(after: .start, limit: .max, filter: .all) { kinds += Int($0.header.kind) }
        let scanned = Double(end.cursor.position(in: .single).rawValue) / (now() - begin)
        begin = now()
        let report = try log.makeVerifier().run()
        let verified = Double(report.events) / (now() - begin)
        try log.close()
        return (opened, scanned, verified, report.isSound)
    }

    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Draws requests.
    private struct Source {
        private let load: Load
        private var generator: SystemlessGenerator
        private let payload: [UInt8]
        private let metadata: [UInt8]

        init(_ load: Load) {
            self.load = load
            generator = SystemlessGenerator(seed: load.seed)
            payload = [UInt8](repeating: 42, count: load.payloadBytes)
            metadata = [UInt8](repeating: 43, count: load.metadataBytes)
        }

        static func stream(_ number: Int) throws -> StreamName {
            let digits = String(number, radix: 16)
            return try StreamName(.household, String(repeating: "0", count: 26 - digits.count) + digits)
        }

        mutating func next() -> AppendRequest {
            guard let stream = try? Self.stream(Int(generator.next() % UInt64(load.households))) else {
                preconditionFailure("AppendBench.Source: a household's name is valid")
            }
            let event = NewEvent(
                kind: 7, version: 1, occurredOn: DayNumber(19_000), metadata: metadata, payload: payload)
            return AppendRequest(
                stream: stream, expected: .any, appendID: AppendID(high: generator.next(), low: generator.next()),
                contentDigest: ContentDigest(high: generator.next(), low: generator.next()), events: [event])
        }
    }

    /// SplitMix64, so that every run draws the same.
    struct SystemlessGenerator {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }
}
