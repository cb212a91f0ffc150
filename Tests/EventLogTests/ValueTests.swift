import CareTestKit
import Testing

@testable import EventLog

@Suite("日志的值")
struct ValueTests {
    @Test(
        "流名只接受已知类别与小写字母、数字、连字符",
        arguments: [
            "household-0b7c", "person-a", "unit-430000", "access-2026-01-01", "notice-x",
            "household-" + String(repeating: "a", count: 64),
        ])
    func goodNames(text: String) throws {
        let name = try StreamName(text)
        #expect(name.text == text)
        #expect(text.hasPrefix(name.category.rawValue + "-"))
        #expect(try StreamName(name.category, String(name.key)) == name)
        #expect(Array(text.utf8).withUnsafeBytes { StreamKey(nameBytes: $0) } == StreamKey(name))
    }

    @Test(
        "其他流名都被拒绝,错误中不含原文",
        arguments: [
            "", "household", "household-", "home-1", "household-A", "household-张三", "-a", "household_1",
            "household-a b",
            "household-" + String(repeating: "a", count: 65),
        ])
    func badNames(text: String) {
        let error = #expect(throws: EventLogError.self) { try StreamName(text) }
        #expect(error?.code == .invalidStreamName)
        #expect(text.isEmpty || error?.description.contains(text) == false)
    }

    @Test("分区号由名称决定,永不改变")
    func partitions() throws {
        #expect(VirtualPartition(of: try StreamName("household-test1")).number == Self.reference("household-test1"))
        var counts = [Int](repeating: 0, count: VirtualPartition.count)
        for number in 0..<6400 { counts[Int(VirtualPartition(of: LogFixtures.household(number)).number)] += 1 }
        #expect(counts.allSatisfy { (50...160).contains($0) }, "even spread: \(counts)")
    }

    /// FNV-1a as published, written another way.
    static func reference(_ text: String) -> UInt8 {
        let hash = text.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return UInt8(((hash >> 32) ^ hash) & 63)
    }

    @Test("读取位置经字节与文本往返不变,乱码被拒绝")
    func cursors() throws {
        let one = Cursor(shard: .single, position: Position(300))
        let two = one.moved(to: Position(7), in: ShardNumber(3))
        for cursor in [Cursor.start, one, two] {
            #expect(try Cursor(bytes: cursor.bytes) == cursor)
            #expect(try Cursor(text: cursor.description) == cursor)
        }
        #expect(two.covers(Position(7), in: ShardNumber(3)) && !two.covers(Position(8), in: ShardNumber(3)))
        #expect(!Cursor.start.covers(Position(1), in: .single))
        #expect(try Cursor(bytes: []) == .start)
        for bad in ["xx", "0", "02", "0100", "010000", "01000100", "0180", "01050105010501"] {
            #expect(throws: EventLogError.self) { try Cursor(text: bad) }
        }
    }

    @Test("十六字节的值与三十二字节的哈希往返不变")
    func bytes() throws {
        let id = AppendID(high: 0x0102_0304_0506_0708, low: 0xfffe_fdfc_fbfa_f9f8)
        #expect(id.bytes.count == 16 && id.bytes.first == 1)
        #expect(AppendID(bytes: id.bytes) == id)
        #expect(AppendID(bytes: [1, 2]) == nil)
        #expect(id.description == "0102030405060708fffefdfcfbfaf9f8")
        let hash = Array("abc".utf8).withUnsafeBytes { EventHash(of: $0) }
        #expect(hash.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(EventHash(bytes: hash.bytes) == hash)
    }

    @Test("累计摘要与分批无关,改动任何一个都会变")
    func runningDigest() {
        var generator = ConformanceGenerator(seed: 3)
        let hashes = (0..<200).map { _ in
            EventHash(
                word0: generator.next(), word1: generator.next(), word2: generator.next(), word3: generator.next())
        }
        var whole = RunningDigest()
        var values: [EventHash] = [whole.value]
        for hash in hashes {
            whole.add(hash)
            values.append(whole.value)
        }
        #expect(Set(values).count == 201)
        for cut in [0, 1, 63, 64, 65, 128, 199] {
            var first = RunningDigest()
            for hash in hashes[..<cut] { first.add(hash) }
            guard var again = RunningDigest(group: first.group, count: first.count, open: first.open) else {
                Issue.record("restore at \(cut)")
                return
            }
            for hash in hashes[cut...] { again.add(hash) }
            #expect(again.value == whole.value)
        }
        #expect(RunningDigest(group: .zero, count: 5, open: []) == nil)
    }

    @Test("过滤器从不漏报,误报极少")
    func filter() {
        let filter = AppendIDFilter()
        let key = StreamKey(LogFixtures.household(1))
        for number in 0..<100_000 { filter.insert(LogFixtures.appendID(UInt64(number)), in: key) }
        #expect((0..<100_000).allSatisfy { filter.mayContain(LogFixtures.appendID(UInt64($0)), in: key) })
        let wrong = (100_000..<200_000).count { filter.mayContain(LogFixtures.appendID(UInt64($0)), in: key) }
        #expect(wrong < 400, "false answers: \(wrong)")
        let other = StreamKey(LogFixtures.household(2))
        let strange = (0..<10_000).count { filter.mayContain(LogFixtures.appendID(UInt64($0)), in: other) }
        #expect(strange < 60, "another stream: \(strange)")
    }

    @Test("头表在增长中不丢不混")
    func headTable() {
        let table = HeadTable()
        for round in 1...3 {
            for number in 0..<70_000 {
                table.update(
                    StreamKey(LogFixtures.household(number)),
                    to: StreamHead(
                        first: Position(UInt64(number) + 1), last: Position(UInt64(round * 100_000 + number)),
                        sequence: SequenceNumber(UInt64(round)), hash: .zero))
            }
        }
        #expect(table.count == 70_000)
        let right = (0..<70_000).allSatisfy { number in
            let head = table.head(of: StreamKey(LogFixtures.household(number)))
            return head?.last.rawValue == UInt64(300_000 + number) && head?.first.rawValue == UInt64(number) + 1
        }
        #expect(right)
        #expect(table.head(of: StreamKey(LogFixtures.household(70_000))) == nil)
    }

    @Test("每个错误都有中英文说明", arguments: EventLogError.Code.allCases)
    func texts(code: EventLogError.Code) {
        let error = EventLogError(code, "detail", underlying: "below")
        #expect(!error.chineseText.isEmpty && !error.englishText.isEmpty)
        #expect(error.description == "\(code.rawValue): detail (below)")
    }
}
