import CareProjections
import EventLog
import Foundation
import ReadModels
import RuleEngine

/// Lists kept event by event beside a run, as care-archive keeps them, and built anew from the log at its end.
///
/// The rows stand in files of their own, outside the simulated disk: what a loss of power takes from them is read from
/// the log again. Their reader, the words and the comparison are the real ones.
final class ReadModelCheck {
    private let folder: String
    private var file: ReadModelFile?
    private var applier: ReadModelApplier?

    init() throws {
        let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        folder = "\(root)/guanhuai-simulation-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        file = try ReadModelFile(path: folder + "/kept", maximumReaders: 1)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Reads on from where the rows are, with a reader of this life.
    func catchUp(_ reader: any EventLogReader, _ words: CarePolicyWords) throws {
        guard let file else { return }
        if applier == nil { applier = try ReadModelApplier(file: file, reader: reader, words: words) }
        try applier?.catchUp()
    }

    /// The process is gone, and with it everything but the rows.
    func processIsGone() { applier = nil }

    /// Rows that were kept and are none that a rebuild makes, and the other way round.
    func differences(
        _ words: CarePolicyWords, _ makeReader: @escaping @Sendable () throws -> any EventLogReader
    ) throws -> [String] {
        let rebuilt = try ReadModelRebuild(words: words, makeReader: makeReader).run(path: folder + "/rebuilt").file
        let (kept, anew) = (try file?.canonicalLines() ?? [], try rebuilt.canonicalLines())
        let (old, new) = (Set(kept), Set(anew))
        var differences = kept.filter { !new.contains($0) }.map { "kept \($0)" }
        differences += anew.filter { !old.contains($0) }.map { "anew \($0)" }
        if differences.isEmpty, kept != anew { differences = ["another order"] }
        try rebuilt.close()
        try file?.close()
        file = nil
        applier = nil
        return differences
    }
}
