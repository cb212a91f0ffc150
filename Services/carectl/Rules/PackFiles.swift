import Foundation
import RulePacks
import ServiceKit

/// A pack file as it stands on disk.
struct PackFile {
    /// `chenzhou-2014/2014-07-16.yaml`
    let name: String
    let bytes: [UInt8]
}

/// Pack files as `rules publish` finds them: one file, the folder of one pack, a folder of packs, or the bundle.
enum PackFiles {
    static func read(_ path: String?) throws -> [PackFile] {
        guard let path else { return try all(in: .bundled) }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(
                6173, UserText(zh: "找不到 \(path)", en: "\(path) does not exist"), exit: .usage)
        }
        let url = URL(fileURLWithPath: path)
        guard isFolder.boolValue else {
            return [PackFile(name: url.lastPathComponent, bytes: Array(try Data(contentsOf: url)))]
        }
        let own = try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yaml" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        if own.isEmpty { return try all(in: PackLibrary(directory: path)) }
        return try own.map { file in
            PackFile(
                name: "\(url.lastPathComponent)/\(file.lastPathComponent)", bytes: Array(try Data(contentsOf: file)))
        }
    }

    private static func all(in library: PackLibrary) throws -> [PackFile] {
        try library.packFiles().map { PackFile(name: $0.name, bytes: $0.bytes) }
    }
}
