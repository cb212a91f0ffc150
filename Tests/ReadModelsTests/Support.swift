import CareDomain
import CareProjections
import CareTestKit
import EventLog
import Foundation
import ReadModels

/// A log in memory with read models in a directory of its own, which goes away with it.
final class Bench {
    let log: MemoryEventLog
    let directory: String
    private var clock: Int64 = 1_700_000_000_000_000

    init() throws {
        log = try MemoryEventLog()
        directory = NSTemporaryDirectory() + "read-models-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String) -> String { directory + "/" + name }

    func append(_ requests: [AppendRequest]) throws {
        clock += 1_000_000
        _ = try log.append(requests, at: RecordedTime(microseconds: clock))
    }

    func append(_ streams: [InventedStream]) throws {
        for stream in streams { try append(try stream.requests()) }
    }

    func applier(_ file: ReadModelFile, words: CarePolicyWords = .sample, capacity: Int = 64) throws
        -> ReadModelApplier
    {
        try ReadModelApplier(file: file, reader: log.makeReader(), words: words, capacity: capacity)
    }

    func rebuilder(eventsPerRound: UInt64 = 16_000_000) -> ReadModelRebuild {
        let log = SendableLog(log)
        return ReadModelRebuild(words: .sample, eventsPerRound: eventsPerRound) { try log.log.makeReader() }
    }

    /// Everything in one read model.
    func filled(_ streams: [InventedStream]) throws -> ReadModelFile {
        try append(streams)
        let file = try ReadModelFile(path: path("filled.sqlite"))
        try applier(file).catchUp()
        return file
    }
}

/// The log is only asked for readers here, which its store allows from any thread.
private final class SendableLog: @unchecked Sendable {
    let log: MemoryEventLog
    init(_ log: MemoryEventLog) { self.log = log }
}

extension ListScope {
    static func chenzhou(_ day: String, division: String? = nil, allowed: [String] = ["431000"]) -> ListScope {
        ListScope(
            asOf: .invented(day), division: division.flatMap { DivisionCode($0) },
            allowed: allowed.compactMap { DivisionCode($0) })
    }
}
