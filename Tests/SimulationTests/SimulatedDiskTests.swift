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
        private var clock: Int64 = 0
        private(set) var failure: EventLogError?

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
            options.openingBytes = 64 << 10
            log = try SQLiteEventLog(directory: "/log", options: options)
        }

        /// Appends one event; false when the log says that it could not.
        /// - Parameter seconds: Added to the clock, which goes on by a microsecond with each event.
        func append(after seconds: Int64 = 0) throws -> Bool {
            guard let log else { return false }
            count += 1
            clock += 1 + seconds * 1_000_000
            let request = AppendRequest(
                stream: try StreamName("household-\(count % 3)"), expected: .any,
                appendID: AppendID(high: 1, low: count), contentDigest: ContentDigest(high: 1, low: count),
                events: [NewEvent(kind: 1, version: 1, occurredOn: DayNumber(0), metadata: [], payload: [1, 2, 3])])
            do throws(EventLogError) {
                return try log.append([request], at: RecordedTime(microseconds: clock))[0].receipt != nil
            } catch {
                failure = error
                return false
            }
        }

        /// Sequences of the events that can be read.
        func read() throws -> Int {
            guard let reader = try log?.makeReader() else { return 0 }
            defer { reader.close() }
            return try reader.readAll(after: .start, limit: .max, filter: .all).events.count
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

    @Test("磁盘满时被杀、再启动：照常打开，都读得到；不登记，直到有空间；断电也不少一条", arguments: UInt64(1)...20)
    func startsOnAFullDisk(seed: UInt64) throws {
        let bench = Bench(seed: seed)
        var random = SeededRandom(seed: seed)
        try bench.open()
        var acknowledged = 0
        for _ in 0..<random.number(1...400) { acknowledged += try bench.append() ? 1 : 0 }
        for round in 0..<3 {
            bench.disk.set(SimulatedDisk.Trouble(isFull: true))
            while try bench.append() { acknowledged += 1 }
            #expect(bench.failure?.code == .diskFull)
            for _ in 0...random.number(0...2) {
                bench.end(losingPower: random.chance(400))
                try bench.open()
                // Somebody else takes what opening left of the reserve.
                if random.chance(500) { bench.disk.takeRoom() }
                #expect(try bench.read() == acknowledged, "round \(round)")
                // What opening gives back at its end may be enough for the next start; else nothing goes in, although a
                // record has some room within its last page.
                guard bench.log?.reserve?.isWhole == false else { continue }
                if try bench.append(after: 2) {
                    acknowledged += 1
                    #expect(bench.log?.reserve?.isWhole == true)
                } else {
                    #expect(bench.failure?.code == .diskFull)
                }
            }
            bench.disk.set(SimulatedDisk.Trouble())
            if try bench.append(after: 2) { acknowledged += 1 } else { Issue.record("writes must go on: \(round)") }
            #expect(try bench.read() == acknowledged)
        }
        bench.end(losingPower: true)
        try bench.open()
        #expect(try bench.read() == acknowledged)
        bench.end(losingPower: false)
    }

    @Test("另有写入占去空间之后，每次提交前先留够下一次打开要用的，留不够就不提交")
    func keepsRoomBeforeEachCommit() throws {
        let bench = Bench(seed: 1)
        try bench.open()
        let reserve = try #require(bench.log?.reserve)
        #expect(reserve.isWhole && reserve.bytes.held >= 1 << 20)
        bench.disk.set(SimulatedDisk.Trouble(isFull: true))
        var count = 0
        while try bench.append() { count += 1 }
        #expect(try bench.read() == count)
        bench.end(losingPower: true)
        try bench.open()
        #expect(try bench.read() == count)
        bench.end(losingPower: false)
    }

    @Test("预留的空间因别的缘故取不到时照常登记，隔十五秒再试；取到之后磁盘满了仍能打开")
    func triesAgainForTheReserve() throws {
        let bench = Bench(seed: 1)
        bench.disk.set(SimulatedDisk.Trouble(takesNoRoomAhead: true))
        try bench.open()
        #expect(bench.log?.reserve?.isWhole == true)
        #expect(bench.log?.reserve?.bytes.held == 0)
        #expect(try bench.append())
        bench.disk.set(SimulatedDisk.Trouble())
        #expect(try bench.append(after: 10))
        #expect(bench.log?.reserve?.bytes.held == 0)
        #expect(try bench.append(after: 5))
        #expect(try #require(bench.log?.reserve?.bytes.held) >= 1 << 20)
        var count = 3
        bench.disk.set(SimulatedDisk.Trouble(isFull: true))
        while try bench.append() { count += 1 }
        bench.end(losingPower: true)
        try bench.open()
        #expect(try bench.read() == count)
        bench.end(losingPower: false)
    }

    @Test("再试时发现是磁盘满了，就按磁盘满拒绝；有空间后预留补足，照常登记")
    func findsTheDiskFullWhenItTriesAgain() throws {
        let bench = Bench(seed: 2)
        bench.disk.set(SimulatedDisk.Trouble(takesNoRoomAhead: true))
        try bench.open()
        #expect(try bench.append())
        bench.disk.set(SimulatedDisk.Trouble(isFull: true))
        #expect(try !bench.append(after: 16))
        #expect(bench.failure?.code == .diskFull)
        #expect(bench.log?.reserve?.isWhole == false)
        bench.disk.set(SimulatedDisk.Trouble())
        // What the watch of care-archive does each second.
        #expect(bench.log?.reserve?.restore() == true)
        #expect(try bench.append())
        #expect(try bench.read() == 2)
        bench.end(losingPower: false)
    }
}
