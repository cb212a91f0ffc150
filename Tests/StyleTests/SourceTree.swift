import Foundation

/// The repository this test was compiled from.
struct SourceTree: Sendable {
    /// Every text file below Sources, Services, Tests, Proto and .ci, and the files at the top.
    let files: [SourceFile]
    /// Names at the top that version control would see.
    let topLevel: [String]

    /// Read once; the tests that use it only look.
    static let current = SourceTree(root: root)

    /// The folder three levels above this file.
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let folders = ["Sources", "Services", "Tests", "Proto", ".ci"]
    /// Made by tools and never committed (.gitignore names them too).
    private static let ignored: Set<String> = [".git", ".build", ".venv", ".guanhuai", "Package.resolved", ".swiftpm"]

    private init(root: URL) {
        let manager = FileManager.default
        topLevel = ((try? manager.contentsOfDirectory(atPath: root.path)) ?? [])
            .filter { !Self.ignored.contains($0) && !$0.hasPrefix(".build-") }.sorted()
        var files: [SourceFile] = []
        for folder in Self.folders {
            // A folder may be a link when the package is laid out elsewhere for a trial build.
            let start = root.appendingPathComponent(folder).resolvingSymlinksInPath()
            for path in manager.enumerator(atPath: start.path)?.compactMap({ $0 as? String }).sorted() ?? [] {
                if path.contains("__pycache__") || path.contains(".pytest_cache") { continue }
                Self.read(start.appendingPathComponent(path), as: folder + "/" + path).map { files.append($0) }
            }
        }
        for name in topLevel { Self.read(root.appendingPathComponent(name), as: name).map { files.append($0) } }
        self.files = files
    }

    private static func read(_ url: URL, as path: String) -> SourceFile? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue,
            let data = try? Data(contentsOf: url), let text = String(data: data, encoding: .utf8)
        else { return nil }
        return SourceFile(path: path, text: text)
    }
}
