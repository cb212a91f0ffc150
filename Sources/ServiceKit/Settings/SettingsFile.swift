import Foundation
import Yams

/// The keys of a YAML configuration file with their lines, to check the file before its values are used.
struct SettingsFile {
    /// Line of each scalar or list, from 1, by dotted key.
    private(set) var lines: [String: Int] = [:]

    /// - Throws: `SettingsError` when the file cannot be read or is no YAML mapping.
    init(path: String) throws(SettingsError) {
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadableFile(path: path) }
        guard let text = String(data: data, encoding: .utf8) else { throw .malformedFile(path: path, line: nil) }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw .malformedFile(path: path, line: Self.line(of: error))
        }
        guard let root else { return }
        guard let mapping = root.mapping else { throw .malformedFile(path: path, line: root.mark?.line) }
        collect(mapping, prefix: "")
    }

    /// Refuses keys that nobody declared.
    /// - Parameters:
    ///   - declared: what this service can be told.
    ///   - service: its own section.
    ///   - sections: top-level keys that belong to other services, so that one file can serve all of them.
    func check(
        declared: [any AnySetting], service: String, sections: Set<String>, path: String
    ) throws(SettingsError) {
        let known = Set(declared.map(\.key))
        for (key, line) in lines.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
            if parts.count == 2, parts[0] == service, known.contains(parts[1]) { continue }
            if known.contains(key) || (parts[0] != service && sections.contains(parts[0])) { continue }
            throw .unknownKey(key: key, path: path, line: line)
        }
    }

    private mutating func collect(_ mapping: Node.Mapping, prefix: String) {
        for (key, value) in mapping {
            let name = prefix + (key.string ?? "?")
            if let inner = value.mapping, !inner.isEmpty {
                collect(inner, prefix: name + ".")
            } else {
                lines[name] = key.mark?.line ?? 1
            }
        }
    }

    /// Line at which YAML could not be understood.
    static func line(of error: any Error) -> Int? {
        switch error as? YamlError {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }
}
