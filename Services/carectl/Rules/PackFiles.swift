import Foundation
import RulePacks
import ServiceKit

/// Pack files as `rules publish` finds them: one file, the folder of one pack, a folder of packs, or the bundle.
enum PackFiles {
    static func read(_ path: String?) throws -> [PackLibrary.File] {
        guard let path else { return try PackLibrary.bundled.packFiles() }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(
                6173, UserText(zh: "找不到 \(path)", en: "\(path) does not exist"), exit: .usage)
        }
        let url = URL(fileURLWithPath: path)
        guard isFolder.boolValue else {
            return [PackLibrary.File(name: url.lastPathComponent, bytes: Array(try Data(contentsOf: url)))]
        }
        let own = try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yaml" && $0.lastPathComponent != "catalog.yaml" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        if own.isEmpty { return try PackLibrary(directory: path).packFiles() }
        return try own.map { file in
            PackLibrary.File(
                name: "\(url.lastPathComponent)/\(file.lastPathComponent)", bytes: Array(try Data(contentsOf: file)))
        }
    }
}
