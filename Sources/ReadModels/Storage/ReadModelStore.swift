import CareProjections
import EventLog
import Foundation

/// The read model that answers now, in a directory that may also hold the next one while it is being built.
///
/// `current` names the file that answers; it is replaced in one step when a rebuilt file takes over. Files that it does
/// not name are leftovers of a rebuild that did not finish and are removed on start.
package final class ReadModelStore: @unchecked Sendable {
    // All mutable state is behind `lock`; ReadModelFile is Sendable itself.
    private let lock = NSLock()
    private let directory: URL
    private var answering: ReadModelFile
    private var nextGeneration: Int
    private var report: (@Sendable (ReadModelFile) -> Void)?
    /// Whether the file that was there at the start was damaged: not of another version, nor missing.
    package let wasDamaged: Bool

    /// Opens the read model of a directory, making both when they are not there.
    /// - Returns: With `mustRebuild` when the file that was there could not be used and an empty one took its place.
    /// - Throws: `ReadModelError` with `storage` or `durability`.
    package static func open(directory path: String) throws -> (store: ReadModelStore, mustRebuild: Bool) {
        let directory = URL(fileURLWithPath: path, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch { throw ReadModelError(.storage, "the directory cannot be made", underlying: error) }
        let pointer = directory.appendingPathComponent("current")
        let name = (try? String(contentsOf: pointer, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
        let known = name.flatMap(generation)
        if let name, known != nil, let file = try usable(directory.appendingPathComponent(name).path) {
            let store = ReadModelStore(directory, file, nextGeneration: (known ?? 0) + 1, wasDamaged: false)
            store.removeLeftovers()
            return (store, false)
        }
        let generation = (known ?? 0) + 1
        let fresh = fileName(generation)
        try? FileManager.default.removeItem(at: directory.appendingPathComponent(fresh))
        let file = try ReadModelFile(path: directory.appendingPathComponent(fresh).path)
        let store = ReadModelStore(
            directory, file, nextGeneration: generation + 1, wasDamaged: name.map { !isOfOtherVersion($0) } ?? false)
        try store.point(to: fresh)
        store.removeLeftovers()
        return (store, name != nil)
    }

    private init(_ directory: URL, _ file: ReadModelFile, nextGeneration: Int, wasDamaged: Bool) {
        self.directory = directory
        self.answering = file
        self.nextGeneration = nextGeneration
        self.wasDamaged = wasDamaged
    }

    /// Tells, once for each file, when damage is met in the one that answers. Called on whichever thread reads; must not
    /// wait.
    package func onDamage(_ report: @escaping @Sendable (ReadModelFile) -> Void) {
        lock.withLock { self.report = report }
        watch(current)
    }

    private func watch(_ file: ReadModelFile) {
        file.onDamage { [weak self, weak file] in
            guard let self, let file, self.current === file else { return }
            self.lock.withLock { self.report }?(file)
        }
    }

    /// The file that answers now. Hold it for one query; a rebuilt one may take over in between.
    package var current: ReadModelFile { lock.withLock { answering } }

    /// Where the next file shall be built.
    package func nextPath() -> String {
        lock.withLock {
            defer { nextGeneration += 1 }
            return directory.appendingPathComponent(Self.fileName(nextGeneration)).path
        }
    }

    /// Lets a rebuilt file answer from now on. Queries that hold the old one finish on it; then it goes away.
    package func adopt(_ file: ReadModelFile) throws {
        let old = lock.withLock { answering }
        try point(to: URL(fileURLWithPath: file.path).lastPathComponent)
        lock.withLock { answering = file }
        watch(file)
        // Readers keep the open file until they are done with it; the names can go at once.
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: old.path + suffix) }
    }

    private func point(to name: String) throws {
        do {
            try Data((name + "\n").utf8).write(to: directory.appendingPathComponent("current"), options: .atomic)
        } catch { throw ReadModelError(.storage, "the pointer to the file cannot be written", underlying: error) }
    }

    private func removeLeftovers() {
        let kept = URL(fileURLWithPath: current.path).lastPathComponent
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        where name.hasPrefix("read-model-") && !name.hasPrefix(kept) {
            try? FileManager.default.removeItem(at: directory.appendingPathComponent(name))
        }
    }

    private static func usable(_ path: String) throws -> ReadModelFile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            let file = try ReadModelFile(path: path)
            // What everything else rests on.
            _ = try file.checkpoint()
            return file
        } catch let error as ReadModelError {
            // A damaged or older file is no loss: the log has everything.
            if error.code == .durability || error.isForWantOfRoom { throw error }
            return nil
        }
    }

    private static func fileName(_ generation: Int) -> String {
        "read-model-v\(ReadModelSchema.version)-\(generation).sqlite"
    }

    private static func isOfOtherVersion(_ name: String) -> Bool {
        generation(of: name) != nil && !name.hasPrefix("read-model-v\(ReadModelSchema.version)-")
    }

    private static func generation(of name: String) -> Int? {
        guard name.hasPrefix("read-model-v"), name.hasSuffix(".sqlite") else { return nil }
        return name.dropLast(".sqlite".count).split(separator: "-").last.flatMap { Int($0) }
    }
}
