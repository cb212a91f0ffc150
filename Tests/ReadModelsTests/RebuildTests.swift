import CareDomain
import CareProjections
import CareTestKit
import EventLog
import Foundation
import ReadModels
import Testing

@Suite("读模型：逐条维护与重建", .timeLimit(.minutes(10)))
struct RebuildTests {
    @Test("随机历史乱序交错、重复送达：重建与逐条维护内容相同", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func rebuiltEqualsMaintained(_ seed: UInt64) throws {
        let bench = try Bench()
        var histories = RandomHistories(seed: seed, households: 17)
        let file = try ReadModelFile(path: bench.path("maintained.sqlite"))
        // A small memory, so that households fall out of it and are read again.
        let applier = try bench.applier(file, capacity: 6)
        let reader = try bench.log.makeReader()
        var appended = Array(repeating: 0, count: histories.streams.count)
        for _ in 0..<60 {
            for _ in 0..<histories.below(20) { histories.step(histories.below(histories.streams.count)) }
            var requests: [AppendRequest] = []
            for (index, stream) in histories.streams.enumerated() where histories.below(3) > 0 {
                requests += try stream.requests(appended[index]..<stream.events.count)
                appended[index] = stream.events.count
            }
            if !requests.isEmpty { try bench.append(requests) }
            // From somewhere before the checkpoint, so that events come twice, and not always to the end.
            let known = try applier.cursor().position(in: .single).rawValue
            let from = known - min(known, UInt64(histories.below(30)))
            let slice = try reader.readAll(
                after: Cursor(shard: .single, position: Position(from)), limit: 1 + histories.below(60), filter: .all)
            guard slice.cursor.covers(Position(known), in: .single) else { continue }
            try applier.apply(slice.events, cursorAfter: slice.cursor)
        }
        // What the last rounds left out: the lists are compared with whole histories.
        let rest = try histories.streams.enumerated().flatMap { index, stream in
            try stream.requests(appended[index]..<stream.events.count)
        }
        if !rest.isEmpty { try bench.append(rest) }
        try applier.catchUp()
        let maintained = try file.canonicalLines()
        #expect(maintained.count > 200)
        for eventsPerRound in [100, 16_000_000] as [UInt64] {
            let rebuilder = bench.rebuilder(eventsPerRound: eventsPerRound)
            let rebuilt = try rebuilder.run(path: bench.path("rebuilt-\(eventsPerRound).sqlite"))
            #expect(rebuilt.unreadable == 0)
            #expect(try rebuilt.file.canonicalLines() == maintained)
        }
        try endedFilesAreInNoList(file, histories.streams)
    }

    @Test("户数很多：重建与逐条维护内容相同，每户一次")
    func manyHouseholds() throws {
        let bench = try Bench()
        var histories = RandomHistories(seed: 9, households: 2_300)
        for index in 0..<40 { for _ in 0..<30 { histories.step(index) } }
        let maintained = try bench.filled(histories.streams).canonicalLines()
        #expect(maintained.count { $0.hasPrefix("households ") } == 2_300)
        for eventsPerRound in [4_000, 16_000_000] as [UInt64] {
            let rebuilt = try bench.rebuilder(eventsPerRound: eventsPerRound).run(
                path: bench.path("rebuilt-\(eventsPerRound).sqlite"))
            #expect(rebuilt.progress.households == 2_300)
            #expect(try rebuilt.file.canonicalLines() == maintained)
        }
    }

    @Test("建档以后才加入、收养日期未登记的孩子：加入之前仍是伤残家庭，重建的也是")
    func adoptedAfterTheFile() throws {
        let bench = try Bench()
        var stream = InventedStream(31)
        let people = (0..<3).map { PersonID(Identifier128(high: 31, low: $0)) }
        stream.add(
            .registered(HouseholdRegistered(division: DivisionCode("431002")!, archiveNumber: "A31")), on: "2019-06-01")
        for (person, role) in zip(people, [MemberRole.wife, .onlyChild]) {
            stream.add(.personJoined(PersonJoined(person: person, role: role)), on: "2019-06-01", together: true)
        }
        stream.add(
            .disabilityAssessed(DisabilityAssessed(person: people[1], grade: 2)), on: "2014-02-02", together: true)
        stream.add(.personJoined(PersonJoined(person: people[2], role: .adoptedChild)), on: "2019-06-01")
        let maintained = try bench.filled([stream])
        let rebuilt = try bench.rebuilder().run(path: bench.path("rebuilt.sqlite")).file
        #expect(try rebuilt.canonicalLines() == maintained.canonicalLines())
        for file in [maintained, rebuilt] {
            let scope = ListScope.chenzhou("2015-01-01", allowed: ["430000"])
            let lists = ReadModelLists(file, words: .sample)
            let entry = try #require(try lists.households(scope, .init(), ListPage(size: 10)).entries.first)
            #expect(entry.status == .disabledChild && entry.statusSince == CivilDay.invented("2014-02-02"))
        }
    }

    /// Whatever the day, a list holds only files that were open on it, and coverage counts only those.
    private func endedFilesAreInNoList(_ file: ReadModelFile, _ streams: [InventedStream]) throws {
        let lists = ReadModelLists(file, words: .sample)
        for day in ["2014-06-01", "2015-06-01", "2016-06-01", "2018-06-01"] {
            let scope = ListScope.chenzhou(day, allowed: ["430000"])
            let open = streams.filter { stream in
                switch stream.history.household.status {
                case .active: true
                case .closed(let on, _), .absorbed(_, let on): on > .invented(day)
                case .absent, .registeredInError: false
                }
            }
            let all = ListPage(size: 1000)
            let entries = try lists.households(scope, .init(), all).entries
            let listed = entries.map(\.household)
            #expect(Set(listed) == Set(open.map(\.id)))
            // Of what kind a family is, and since when, the list says as its page does.
            for stream in open {
                let page = CareArchive(stream.history, ArchiveQuestion(asOf: .invented(day)), words: .sample)
                let entry = entries.first { $0.household == stream.id }
                #expect(entry?.status == page.header.status?.kind, "\(stream.id) \(day)")
                #expect(entry?.statusSince == page.header.status?.since, "\(stream.id) \(day)")
            }
            let counted = open.filter {
                let household = $0.history.household
                return household.division(on: .invented(day))?.isWithin(DivisionCode("431000")!) ?? false
                    && household.hardshipPeriods().contains { $0.period.contains(.invented(day)) }
            }
            #expect(try lists.coverage(scope, depth: 6).total.households == (day < "2014-07-16" ? 0 : counted.count))
            for found in [
                try lists.gaps(scope, all).entries.map(\.household),
                try lists.needs(scope, all).entries.map(\.household),
                try lists.entitlements(scope, all).part.entries.map(\.household),
            ] { #expect(Set(found).isSubset(of: Set(listed))) }
        }
    }

    @Test("行里没有姓名")
    func rowsHoldNoNames() throws {
        let bench = try Bench()
        let lines = try bench.filled([InventedFamily().stream]).canonicalLines().joined(separator: "\n")
        for secret in ["甲妻", "丁干部", "庚亲属", "431002196509100024", "13800000001", "夜里睡不着"] {
            #expect(!lines.contains(secret))
        }
    }

    @Test("重建期间旧库照常回答，完成后换上，旧文件删除")
    func rebuildSwaps() throws {
        let bench = try Bench()
        let (store, mustRebuild) = try ReadModelStore.open(directory: bench.path("store"))
        #expect(!mustRebuild)
        try bench.append([InventedFamily().stream])
        try bench.applier(store.current).catchUp()
        let old = store.current
        let before = try old.canonicalLines()
        let rebuild = bench.rebuilder()
        let built = try rebuild.run(path: store.nextPath())
        #expect(store.current === old)
        try store.adopt(built.file)
        #expect(store.current === built.file)
        #expect(try built.file.canonicalLines() == before)
        #expect(!FileManager.default.fileExists(atPath: old.path))
        // Whoever still holds the old one may finish.
        #expect(try old.canonicalLines() == before)
        let (reopened, _) = try ReadModelStore.open(directory: bench.path("store"))
        #expect(try reopened.current.canonicalLines() == before)
    }

    @Test("坏掉的文件换成空的并要求重建，不报错")
    func damagedFileIsReplaced() throws {
        let bench = try Bench()
        let (store, _) = try ReadModelStore.open(directory: bench.path("store"))
        let path = store.current.path
        try store.current.close()
        // A write-ahead log that stayed behind would still hold every page.
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try Data(repeating: 0x55, count: 8192).write(to: URL(fileURLWithPath: path))
        let (reopened, mustRebuild) = try ReadModelStore.open(directory: bench.path("store"))
        #expect(mustRebuild)
        #expect(try reopened.current.canonicalLines().isEmpty)
    }

    @Test("取消的重建不留文件")
    func cancelledRebuildLeavesNothing() throws {
        let bench = try Bench()
        try bench.append([InventedFamily().stream])
        let rebuild = bench.rebuilder()
        rebuild.cancel()
        let error = #expect(throws: ReadModelError.self) { _ = try rebuild.run(path: bench.path("never.sqlite")) }
        #expect(error?.code == .cancelled)
        #expect(!FileManager.default.fileExists(atPath: bench.path("never.sqlite")))
    }

    @Test("政策包变了，旧行不能继续维护")
    func otherWordsNeedARebuild() throws {
        let bench = try Bench()
        let file = try bench.filled([InventedFamily().stream])
        var words = CarePolicyWords.sample
        words.pairingDuties[0].slots.removeLast()
        let error = #expect(throws: ReadModelError.self) { _ = try bench.applier(file, words: words) }
        #expect(error?.code == .unusable)
    }

    @Test("行与进度同一事务：写不进时两者都不变")
    func checkpointMovesWithTheRows() throws {
        let bench = try Bench()
        let file = try bench.filled([InventedFamily().stream])
        let checkpoint = try #require(try file.checkpoint())
        #expect(checkpoint.cursor == bench.log.head.cursor)
        #expect(checkpoint.packVersions == CarePolicyWords.sample.packVersions)
        let outcome = try bench.applier(file).apply([], cursorAfter: checkpoint.cursor)
        #expect(outcome.households == 0)
    }
}
