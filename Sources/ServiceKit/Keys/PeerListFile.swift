import Foundation
import Yams

/// The peer list of a deployment, a YAML file:
///
///     peers:
///       - name: intake
///         publicKey: "…40 characters…"
///         department: guanhuai
///         division: "431000"
///         roles: [service]
///         rights: [append]
///         eventTypes: [HouseholdRegistered]
///         expiresOn: 2027-12-31
///
/// `name`, `publicKey` and `department` must be there. Numbers that are codes stand in quotes, or YAML would drop a
/// leading zero.
package enum PeerListFile {
    /// Reads a list.
    /// - Throws: `PeerListError` with every mistake and its line; a retry does not help.
    package static func read(_ path: String) throws(PeerListError) -> [PeerEntry] {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            let mistake = UserText(zh: "读不到文件或不是 UTF-8", en: "the file cannot be read or is not UTF-8")
            throw PeerListError(path: path, mistakes: [.init(line: 1, mistake)])
        }
        return try parse(text, path: path)
    }

    /// Reads a list that is already in memory.
    /// - Parameter path: for messages only.
    package static func parse(_ text: String, path: String) throws(PeerListError) -> [PeerEntry] {
        var reader = PeerListReader()
        do {
            reader.read(try Yams.compose(yaml: text))
        } catch {
            reader.note(
                SettingsFile.line(of: error) ?? 1, UserText(zh: "不是正确的 YAML", en: "not valid YAML"))
        }
        if reader.mistakes.isEmpty { return reader.entries }
        throw PeerListError(path: path, mistakes: reader.mistakes.sorted { $0.line < $1.line })
    }

    /// The text of a list that `parse` reads back as the same values.
    package static func render(_ entries: [PeerEntry]) -> String {
        var output = "peers:\n"
        for entry in entries {
            output += "  - name: \(entry.name)\n    publicKey: \"\(entry.publicKey.text)\"\n"
            output += "    department: \(quoted(entry.department))\n"
            if let division = entry.division { output += "    division: \"\(division)\"\n" }
            for (key, values) in [("roles", entry.roles), ("rights", entry.rights), ("eventTypes", entry.eventTypes)]
            where !values.isEmpty {
                output += "    \(key): [\(values.map(quoted).joined(separator: ", "))]\n"
            }
            if let last = entry.expiresOn {
                output += "    expiresOn: \(LogTime.text(microseconds: Int64(last) * 86_400_000_000).prefix(10))\n"
            }
        }
        return output
    }

    /// JSON strings are YAML strings too.
    private static func quoted(_ text: String) -> String { JSONText.quoted(text) }
}
