import CareDomain
import Foundation
import RuleEngine

/// The packs that come with the program, or those of a directory laid out the same way:
/// `<pack-id>/<valid-from>.yaml`, scenarios in `<pack-id>/scenarios/*.yaml`.
///
/// Only `rules publish`, `rules test` and tests read from here; services evaluate what the log published.
package struct PackLibrary: Sendable {
    /// One pack file.
    package struct File: Sendable {
        /// `chenzhou-2014/2014-07-16.yaml`
        package let name: String
        package let bytes: [UInt8]
    }

    private let root: URL

    /// The packs in a directory.
    package init(directory: String) { root = URL(fileURLWithPath: directory, isDirectory: true) }

    /// The packs in the program's bundle.
    package static var bundled: PackLibrary {
        PackLibrary(directory: Bundle.module.bundleURL.appendingPathComponent("Packs").path)
    }

    /// The JSON Schema of pack files.
    /// - Throws: the file system's error when the bundle is not beside the program; retrying does not help.
    package static func schema() throws -> String {
        try String(contentsOf: bundled.root.appendingPathComponent("pack.schema.json"), encoding: .utf8)
    }

    /// All pack files, by pack id and first day.
    /// - Throws: the file system's error when the directory cannot be read; retrying may help.
    package func packFiles() throws -> [File] {
        try folders().flatMap { try files(in: $0, relative: $0.lastPathComponent) }
    }

    /// The files of one pack, by first day; none when the library does not have it.
    /// - Throws: the file system's error when the directory cannot be read; retrying may help.
    package func packFiles(of pack: String) throws -> [File] {
        try packFiles().filter { $0.name.hasPrefix(pack + "/") }
    }

    /// The versions of one pack, read and checked.
    /// - Throws: `PackRefused` for the first that is not right, or the file system's error.
    package func packs(of pack: String) throws -> [RulePack] {
        try packFiles(of: pack).map { try RulePack.load(bytes: $0.bytes, name: $0.name) }
    }

    /// The scenario files of a pack, by name.
    /// - Throws: the file system's error when a file cannot be read; a pack without scenarios gives none.
    package func scenarioFiles(of pack: PackID) throws -> [File] {
        let folder = root.appendingPathComponent(pack.rawValue).appendingPathComponent("scenarios")
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try files(in: folder, relative: "\(pack)/scenarios")
    }

    /// Reads and checks every pack.
    /// - Throws: `PackRefused` for the first pack that is not right, or the file system's error.
    package func packs() throws -> [RulePack] {
        try packFiles().map { try RulePack.load(bytes: $0.bytes, name: $0.name) }
    }

    private func folders() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: [.isDirectoryKey])
            .filter { (try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    private func files(in folder: URL, relative: String) throws -> [File] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yaml" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { File(name: "\(relative)/\($0.lastPathComponent)", bytes: Array(try Data(contentsOf: $0))) }
    }
}
