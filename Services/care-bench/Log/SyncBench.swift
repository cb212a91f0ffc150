import Foundation
import ServiceKit

/// What the disk charges for one acknowledgement: a 4 KiB block written and synced again and again.
struct SyncBench {
    let runs: Int
    let scratch: ScratchFolder
    var perRun = 2_000

    func measure(_ told: (Figure) -> Void) throws {
        let folder = try scratch.make()
        defer { scratch.remove(folder) }
        let descriptor = open(folder + "/probe", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        precondition(descriptor >= 0, "SyncBench: the probe cannot be opened")
        defer { close(descriptor) }
        let block = [UInt8](repeating: 7, count: 4096)
        pwrite(descriptor, block, block.count, 0)
        fsync(descriptor)
        let measured = (0..<runs).map { _ -> Run in
            let (times, load) = SystemLoad.during {
                (0..<perRun).map { _ -> Double in
                    let begin = Stopwatch.now()
                    pwrite(descriptor, block, block.count, 0)
                    fdatasync(descriptor)
                    return Stopwatch.now() - begin
                }
            }
            let latencies = Latencies(seconds: times)
            return Run(value: latencies.percentile(0.5), latencies: latencies, load: load)
        }
        var figure = Run.figure(
            "sync", UserText(zh: "磁盘同步", en: "disk sync"), unit: "µs",
            data: UserText(zh: "4 KiB，已分配", en: "4 KiB, preallocated"), measured)
        figure.direction = .lower
        told(figure)
    }
}

/// Where logs stand for the time of a run.
struct ScratchFolder: Sendable {
    let root: String

    /// A fresh folder.
    /// - Throws: when it cannot be made.
    func make() throws -> String {
        let path = root + "/run-\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
