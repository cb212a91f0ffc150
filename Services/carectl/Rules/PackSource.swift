import ArgumentParser
import CareDomain
import Foundation
import RuleEngine
import RulePacks
import ServiceKit

/// Which packs a command works on: those that come with the program or lie in a folder, by id and first day.
struct PackSource: ParsableArguments {
    @Option(help: "A folder of packs laid out as <pack-id>/<valid-from>.yaml; otherwise those of this program.")
    var packs: String?

    /// Where the packs lie.
    var library: PackLibrary { packs.map { PackLibrary(directory: $0) } ?? .bundled }

    /// The pack files of a folder, or of this program.
    /// - Parameter name: `chenzhou-2014`, `chenzhou-2014@2014-07-16`, a pack's folder or file; nil = all.
    /// - Throws: `Failure` when there is none.
    func files(_ name: String?) throws -> [PackFile] {
        if let name, Self.isPath(name) { return try PackFiles.read(name) }
        if let packs, !FileManager.default.fileExists(atPath: packs) {
            throw Failure(6173, UserText(zh: "找不到 \(packs)", en: "\(packs) does not exist"), exit: .usage)
        }
        let all = try library.packFiles().map { PackFile(name: $0.name, bytes: $0.bytes) }
        guard let name else { return all }
        let wanted = name.replacingOccurrences(of: "@", with: "/")
        let found = all.filter { $0.name == wanted + ".yaml" || $0.name.hasPrefix(wanted + "/") }
        guard !found.isEmpty else {
            let known = all.map { $0.name.dropLast(5).replacingOccurrences(of: "/", with: "@") }
            throw Failure(
                6180, UserText(zh: "没有政策包 \(name)", en: "there is no pack \(name)"),
                advice: UserText(
                    zh: "可用：\(known.joined(separator: "、"))", en: "there are: \(known.joined(separator: ", "))"),
                exit: .usage)
        }
        return found
    }

    /// Whether a file or folder is meant rather than a pack's id.
    private static func isPath(_ name: String) -> Bool {
        name.contains("/") || name.hasSuffix(".yaml") || FileManager.default.fileExists(atPath: name)
    }

    /// The packs read and checked.
    /// - Throws: `PackRefused` with everything wrong in the first file that cannot be used.
    func read(_ name: String?) throws -> [RulePack] {
        let read = try files(name).map { file in
            let pack = try RulePack.load(bytes: file.bytes, name: file.name)
            return (name: file.name, pack: pack, places: PackPlaces(bytes: file.bytes, name: file.name))
        }
        let issues = PackIssue.versions(read).filter { $0.code == "pack.version_twice" }
        guard issues.isEmpty else { throw PackRefused(issues: issues) }
        return read.map(\.pack)
    }

    /// The one version that a name stands for, with its bytes.
    /// - Throws: `Failure` when there are several, `PackRefused` when it cannot be used.
    func one(_ name: String) throws -> (file: PackFile, pack: RulePack) {
        let found = try files(name)
        guard let file = found.first, found.count == 1 else {
            throw Failure(
                6184, UserText(zh: "\(name) 有 \(found.count) 个版本", en: "\(name) has \(found.count) versions"),
                advice: UserText(
                    zh: "写成 包@日期（如 chenzhou-2014@2014-07-16）或文件",
                    en: "write PACK@DATE, such as chenzhou-2014@2014-07-16, or a file"),
                exit: .usage)
        }
        return (file, try RulePack.load(bytes: file.bytes, name: file.name))
    }

    /// The scenario files of a pack: beside the file in its own folder, or in the library.
    func scenarios(of pack: RulePack, _ name: String?) throws -> [PackFile] {
        if let name, Self.isPath(name) {
            let url = URL(fileURLWithPath: name)
            let folder = url.pathExtension == "yaml" ? url.deletingLastPathComponent() : url
            let beside = PackLibrary(directory: folder.deletingLastPathComponent().path)
            return try beside.scenarioFiles(of: pack.id).map { PackFile(name: $0.name, bytes: $0.bytes) }
        }
        return try library.scenarioFiles(of: pack.id).map { PackFile(name: $0.name, bytes: $0.bytes) }
    }
}

extension Desk {
    /// A wording of the rule engine in the person's language.
    func text(_ wording: Wording) -> String { language == .chinese ? wording.chinese : wording.english }
}
