import CareDomain
import CareTestKit
import EventLog
import Foundation
import Testing

@testable import ReadModels

@Suite("读模型：页上的封签", .timeLimit(.minutes(5)))
struct SealedPagesTests {
    private static func histories(_ seed: UInt64) -> [InventedStream] {
        var histories = RandomHistories(seed: seed, households: 30)
        for _ in 0..<1200 { histories.step(histories.below(30)) }
        return histories.streams
    }

    private static func flip(_ path: String, at place: Int, _ mask: UInt8) throws {
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(place))
        let byte = try #require(try handle.read(upToCount: 1)?.first)
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: Data([byte ^ mask]))
    }

    @Test("文件里任何一个字节变了：要么内容照旧，要么当即发现，绝不悄悄答错", arguments: [1, 2] as [UInt64])
    func anyFlippedByteIsMet(_ seed: UInt64) throws {
        let bench = try Bench()
        let (store, _) = try ReadModelStore.open(directory: bench.path("store"))
        try bench.append(Self.histories(seed))
        try bench.applier(store.current).catchUp()
        let whole = try store.current.canonicalLines()
        let path = store.current.path
        store.current.copyWriteAheadLog()
        try store.current.close()
        let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        #expect(size % PageSeal.pageBytes == 0 && size / PageSeal.pageBytes > 15)
        let content = try Data(contentsOf: URL(fileURLWithPath: path))
        var random = SeededNumbers(state: seed &* 77)
        var met = 0
        var pages = (0..<size / PageSeal.pageBytes).map { $0 * PageSeal.pageBytes + random.below(PageSeal.pageBytes) }
        pages += (0..<100).map { _ in random.below(size) }
        // The header and the first seal, where SQLite itself looks first.
        pages += [0, 16, 17, 18, 20, 24, 60, 99, 100, 8184, 8191]
        for place in pages {
            try content.write(to: URL(fileURLWithPath: path))
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            try Self.flip(path, at: place, UInt8(1 << random.below(8)))
            guard let file = try? ReadModelFile(path: path) else {
                met += 1
                continue
            }
            let lines = try? file.canonicalLines()
            #expect(lines == nil || lines == whole, "byte \(place)")
            if lines == nil { #expect(file.isDamaged, "byte \(place)") }
            // Also where no row of the answer stands.
            var scrub = PageScrub()
            while !scrub.advance(file, bytes: 1 << 20) {}
            if lines == nil || file.isDamaged { met += 1 }
            try? file.close()
        }
        #expect(met == pages.count)
    }

    @Test("封签错了只报告一次，也补报给后来问的人；换上新建的文件即告恢复")
    func damageIsToldOnce() throws {
        let bench = try Bench()
        let (first, _) = try ReadModelStore.open(directory: bench.path("store"))
        try bench.append(Self.histories(3))
        try bench.applier(first.current).catchUp()
        let whole = try first.current.canonicalLines()
        let path = first.current.path
        first.current.copyWriteAheadLog()
        try first.current.close()
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try Self.flip(path, at: 9 * PageSeal.pageBytes + 1000, 4)
        let (store, mustRebuild) = try ReadModelStore.open(directory: bench.path("store"))
        #expect(!mustRebuild && !store.wasDamaged)
        let told = Told()
        store.onDamage { told.add($0.path) }
        #expect(throws: (any Error).self) { _ = try store.current.canonicalLines() }
        #expect(throws: (any Error).self) { _ = try store.current.canonicalLines() }
        #expect(told.paths == [path])
        try store.adopt(try bench.rebuilder().run(path: store.nextPath()).file)
        #expect(try store.current.canonicalLines() == whole)
        #expect(!store.current.isDamaged && told.paths == [path])
    }

    @Test("维护、重建、检查点之后，每一页都封着")
    func pagesAreSealed() throws {
        let bench = try Bench()
        let streams = Self.histories(4)
        let kept = try bench.filled(streams)
        let rebuilt = try bench.rebuilder().run(path: bench.path("rebuilt.sqlite")).file
        for file in [kept, rebuilt] {
            file.copyWriteAheadLog()
            let content = try Data(contentsOf: URL(fileURLWithPath: file.path))
            #expect(content.count / PageSeal.pageBytes > 15 && content.count % PageSeal.pageBytes == 0)
            content.withUnsafeBytes { bytes in
                for place in stride(from: 0, to: bytes.count, by: PageSeal.pageBytes) {
                    #expect(PageSeal.isWhole(bytes.baseAddress! + place, at: Int64(place)))
                    // The same page at another place is not that page.
                    #expect(!PageSeal.isWhole(bytes.baseAddress! + place, at: Int64(place) + 8192))
                }
            }
        }
    }

    @Test("没有封签的旧文件不再使用")
    func filesOfAnotherTimeAreNotUsed() throws {
        let bench = try Bench()
        let path = bench.path("old.sqlite")
        try Data("SQLite format 3\u{0}".utf8 + [UInt8](repeating: 0x10, count: 4080)).write(
            to: URL(fileURLWithPath: path))
        let error = #expect(throws: ReadModelError.self) { _ = try ReadModelFile(path: path) }
        #expect(error?.code == .unusable)
    }
}

/// What was told, from whichever thread.
private final class Told: @unchecked Sendable {
    // `all` is touched only while `lock` is held.
    private let lock = NSLock()
    private var all: [String] = []
    var paths: [String] { lock.withLock { all } }
    func add(_ path: String) { lock.withLock { all.append(path) } }
}
