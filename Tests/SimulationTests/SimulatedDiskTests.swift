import EventLog
import EventLogSQLite
import Testing

/// The log on a disk whose syncs fail, and what the power takes then.
@Suite("模拟：磁盘")
struct SimulatedDiskTests {
    private final class Bench {
        let disk: SimulatedDisk
        let vfs: SimulatedVFS
        private(set) var log: SQLiteEventLog?
        private var count: UInt64 = 0

        init(seed: UInt64) {
            disk = SimulatedDisk(random: SeededRandom(seed: seed), syncsLate: false)
            vfs = SimulatedVFS(disk, name: "bench-\(seed)-\(ObjectIdentifier(disk).hashValue)")
        }

        func open() throws {
            var options = SQLiteLogOptions()
            options.pageBytes = 4096
            options.vfs = vfs.name
            options.disk = disk
            options.identity = [UInt8](repeating: 7, count: 16)
            options.usesSecondThread = false
            options.reservesWriteAheadLog = false
            log = try SQLiteEventLog(directory: "/log", options: options)
        }

        /// Appends one event; false when the log says that it could not.
        func append() throws -> Bool {
            guard let log else { return false }
            count += 1
            let request = AppendRequest(
                stream: try StreamName("household-\(count % 3)"), expected: .any,
                appendID: AppendID(high: 1, low: count), contentDigest: ContentDigest(high: 1, low: count),
                events: [NewEvent(kind: 1, version: 1, occurredOn: DayNumber(0), metadata: [], payload: [1, 2, 3])])
            do throws(EventLogError) {
                return try log.append([request], at: RecordedTime(microseconds: Int64(count)))[0].receipt != nil
            } catch { return false }
        }

        func end(losingPower: Bool) {
            if losingPower { disk.losePower() } else { disk.kill() }
            disk.ignoringDeletes {
                log?.abandon()
                log = nil
            }
        }
    }

    @Test("同步失败后进程重启、再断电：重启后确认的一条不少", arguments: UInt64(1)...40)
    func failedSyncThenPowerLoss(seed: UInt64) throws {
        let bench = Bench(seed: seed)
        try bench.open()
        for _ in 0..<5 { #expect(try bench.append()) }
        bench.disk.set(SimulatedDisk.Trouble(syncsFail: 1000))
        #expect(try !bench.append())
        bench.end(losingPower: false)
        bench.disk.set(SimulatedDisk.Trouble())
        try bench.open()
        let found = try #require(bench.log).head.position.rawValue
        #expect(found == 5 || found == 6)
        for _ in 0..<4 { #expect(try bench.append()) }
        bench.end(losingPower: true)
        try bench.open()
        #expect(bench.log?.head.position.rawValue == found + 4)
        #expect(bench.log?.openingDamages == [])
        bench.end(losingPower: false)
    }

    @Test("任何时刻断电：确认过的都在，头文件不会两格都坏", arguments: UInt64(1)...40)
    func powerLossAtAnyTime(seed: UInt64) throws {
        let bench = Bench(seed: seed)
        var random = SeededRandom(seed: seed)
        var acknowledged: UInt64 = 0
        for _ in 0..<12 {
            do { try bench.open() } catch let error as EventLogError {
                // A disk in trouble may keep the log shut, no more.
                #expect([.storageFailed, .diskFull].contains(error.code), "\(error)")
            }
            if let head = bench.log?.head.position.rawValue { #expect(head >= acknowledged) }
            for _ in 0..<random.number(0...6) {
                let before = bench.log?.head.position.rawValue ?? 0
                if try bench.append() { acknowledged = before + 1 }
            }
            bench.disk.set(SimulatedDisk.Trouble(syncsFail: random.one(of: [0, 0, 300])))
            bench.end(losingPower: random.chance(500))
        }
        bench.disk.set(SimulatedDisk.Trouble())
        try bench.open()
        #expect(try #require(bench.log).head.position.rawValue >= acknowledged)
        bench.end(losingPower: false)
    }
}
