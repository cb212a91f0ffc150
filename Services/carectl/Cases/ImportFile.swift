import CareDomain
import CaseImport
import Foundation
import OfficeFiles
import ServiceKit

/// A file to import, and the file for what was not accepted.
struct ImportFile {
    /// What a file holds, told from its content.
    enum Content: Equatable {
        case commands, roster, visits
    }

    /// As typed; "-" for standard input.
    let path: String
    let bytes: [UInt8]

    /// Digest of the file, the scope of the ids derived from its rows.
    var digest: Identifier128 { DerivedIDs.digest(of: bytes) }

    /// Reads a file or standard input.
    init(path: String) throws {
        self.path = path
        if path == "-" {
            bytes = Array(FileHandle.standardInput.readDataToEndOfFile())
            return
        }
        do {
            bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
        } catch {
            throw Failure(
                6181, UserText(zh: "读不到文件 \(path)", en: "cannot read the file \(path)"),
                advice: UserText(zh: "请检查路径和权限", en: "check the path and its permissions"), exit: .usage)
        }
    }

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Whether the first character opens a JSON object; anything else is a table.
    /// - Throws: when it opens a JSON list: read as a table it would be refused for the wrong reason.
    func holdsCommands() throws(Failure) -> Bool {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        let first = rest.first { $0 > 0x20 }
        guard first != UInt8(ascii: "[") else {
            throw Failure(
                6295, UserText(zh: "文件是一个 JSON 列表，不是一行一条命令", en: "the file is one JSON list, not one command a line"),
                advice: UserText(
                    zh: "每条命令写成一个 JSON 对象，独占一行（NDJSON）",
                    en: "write each command as one JSON object on a line of its own (NDJSON)"),
                exit: .badData)
        }
        return first == UInt8(ascii: "{")
    }

    /// The file as a table.
    /// - Throws: `FileProblem` when it cannot be read, `Failure` when its first row holds no heading of ours.
    func table() throws -> CSVTable {
        do throws(FileProblem) {
            return try CSVTable(bytes)
        } catch {
            let isAboutHeadings = error.kind == .emptyHeading || error.kind == .repeatedHeading
            if isAboutHeadings, !startsWithHeadings { throw Self.noHeadings }
            throw error
        }
    }

    /// Whether the first row that holds something names a column of a roster or of the visit form.
    private var startsWithHeadings: Bool {
        guard let text = try? TextDecoding.decode(bytes).text,
            let line = text.split(whereSeparator: \.isNewline).first(where: { $0.contains { !$0.isWhitespace } })
        else { return false }
        let known = Set(OfficeTemplate.allCases.flatMap(\.headings))
        return line.split { ",;\t".contains($0) }.contains { known.contains(CSVTable.trimmed(String($0))) }
    }

    private static let noHeadings = Failure(
        7271, UserText(zh: "没有表头行：第一行不是名册或走访表的栏目名", en: "there is no heading line: the first row names no column"),
        advice: UserText(
            zh: "把表头补在最上面一行再导入；carectl case template roster 或 visit 给出表头",
            en: "put the headings above the rows and import again: carectl case template roster|visit prints them"),
        exit: .badData)

    /// What a table is, by its headings.
    static func content(of table: CSVTable) throws(Failure) -> Content {
        if table.column(of: RosterColumn.role.heading) != nil { return .roster }
        if NeedsForm.fields.prefix(2).allSatisfy({ table.column(of: $0.label) != nil }) { return .visits }
        throw Failure(
            6182, UserText(zh: "认不出这张表：表头既不是名册也不是走访表", en: "the table is neither a roster nor a visit form"),
            advice: UserText(
                zh: "用 carectl case template roster 或 visit 取得空表",
                en: "for an empty form: carectl case template roster|visit"),
            exit: .badData)
    }

    /// Where rejected rows go.
    func rejectedPath(_ ending: String) -> String {
        (path == "-" ? "stdin" : path) + ".rejected." + ending
    }

    /// Writes rejected rows beside the file, for its owner only: they hold names and ID numbers.
    func writeRejected(_ bytes: [UInt8], ending: String, desk: Desk) throws {
        let place = rejectedPath(ending)
        try PrivateFile.replace(place, with: bytes, mode: 0o600)
        desk.say(
            UserText(zh: "退回的内容和原因写在 \(place)，改好后可再导入", en: "what was refused, with the reasons, is in \(place)"))
    }

    /// Takes away what an earlier import of this file wrote beside it, now that nothing is refused any more.
    /// - Parameter isOurs: Whether content is what an import writes; anything else stays where it is.
    func removeRejected(ending: String, desk: Desk, isOurs: ([UInt8]) -> Bool) {
        let place = rejectedPath(ending)
        guard path != "-", let data = try? Data(contentsOf: URL(fileURLWithPath: place)), isOurs(Array(data)) else {
            return
        }
        do {
            try FileManager.default.removeItem(atPath: place)
            desk.say(
                UserText(
                    zh: "没有退回的内容；上次导入留下的 \(place) 已过时，已删除",
                    en: "nothing is refused; \(place) of an earlier import is out of date and was removed"))
        } catch {
            let failure = Failure(
                7280,
                UserText(
                    zh: "没有退回的内容；上次导入留下的 \(place) 已过时，但删不掉",
                    en: "nothing is refused; \(place) of an earlier import is out of date and cannot be removed"),
                advice: UserText(zh: "请自行删除，免得再次导入", en: "remove it, so that nobody imports it again"),
                exit: .badData)
            desk.say(failure.line(in: desk.language))
        }
    }
}
