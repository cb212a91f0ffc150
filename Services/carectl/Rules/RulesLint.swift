import ArgumentParser
import CareDomain
import CareProjections
import RuleEngine
import RulePacks
import ServiceKit

/// `carectl rules lint`
struct RulesLint: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Find everything wrong with packs without running them; exit status 1 if any.",
        discussion: """
            Mistakes (file, line, column, what to do) make a pack unusable, or mean that it cannot mean what it says: conditions
            that never hold, alone or together, constants from which nothing can be worked out, units that do not match, exclusions that contradict one another. Notes are for
            the author to judge: conditions that always hold, gaps between a parameter's values, readings and facts that no
            rule uses.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var source: PackSource

    @Argument(
        help: "A pack id (chenzhou-2014), a version (chenzhou-2014@2014-07-16), a folder or a file; default: all.")
    var pack: String?

    @Flag(help: "Leave the notes out.")
    var errorsOnly = false

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        var issues: [PackIssue] = []
        var notes: [(file: String, finding: PackLint.Finding)] = []
        var mistakes = 0
        let files = try source.files(pack)
        var read: [(name: String, pack: RulePack, places: PackPlaces)] = []
        for file in files {
            do throws(PackRefused) {
                let pack = try RulePack.load(bytes: file.bytes, name: file.name)
                let places = PackPlaces(bytes: file.bytes, name: file.name)
                read.append((file.name, pack, places))
                let findings = PackLint(pack, places: places, known: try? Self.clauses(of: pack.id)).findings
                mistakes += findings.count(where: \.isMistake)
                notes += findings.filter { $0.isMistake || !errorsOnly }.map { (file.name, $0) }
            } catch {
                issues += error.issues
            }
        }
        issues += PackIssue.versions(read)
        if !errorsOnly {
            notes += read.flatMap { name, pack, places in
                Self.rhythmChanges(pack, places, among: read.map(\.pack)).map { (name, $0) }
            }
        }
        // What a person reads first stands first.
        notes = notes.filter { $0.finding.isMistake } + notes.filter { !$0.finding.isMistake }
        if !issues.isEmpty || mistakes > 0 { desk.status = .problemsFound }
        if json {
            desk.print(
                JSON.object([
                    ("files", .int(Int64(files.count))), ("issues", .array(issues.map(Self.json))),
                    ("notes", .array(notes.map { Self.json($0.file, $0.finding) })),
                    ("mistakes", .int(Int64(issues.count + mistakes))),
                ]).text(indented: true))
            return
        }
        for issue in issues { desk.print(desk.language == .chinese ? issue.description : issue.english) }
        for (file, note) in notes {
            let colon = desk.language == .chinese ? "：" : ": "
            let place = note.place.map { ":\($0.line):\($0.column)" } ?? ""
            let weight =
                note.isMistake
                ? desk.text(Wording("错误：", "mistake: ")) : desk.text(Wording("提示：", "note: "))
            desk.print(
                "\(file)\(place): \(weight)\(note.about)\(colon)\(desk.text(note.problem))\(desk.language == .chinese ? "。" : ". ")"
                    + "\(desk.text(note.advice)) [\(note.code)]")
        }
        desk.mention(
            UserText(
                zh: "\(files.count) 个文件，\(issues.count + mistakes) 处错误，\(notes.count - mistakes) 处提示",
                en: "\(files.count) files, \(issues.count + mistakes) mistakes, \(notes.count - mistakes) notes"))
    }

    /// What a version changes of when sums fall due, beside the one before it: among those read, or of this program.
    private static func rhythmChanges(
        _ pack: RulePack, _ places: PackPlaces, among others: [RulePack]
    ) -> [PackLint.Finding] {
        let bundled = (try? PackLibrary.bundled.packs(of: pack.id.rawValue)) ?? []
        let earlier = (bundled + others).filter { $0.id == pack.id && $0.validFrom < pack.validFrom }
            .max { $0.validFrom < $1.validFrom }
        return earlier.map { PackLint(pack, places: places).rhythmChanges(since: $0) } ?? []
    }

    /// The clauses of the document as the packs of this program have them; empty for a pack it does not have.
    private static func clauses(of pack: PackID) throws -> Set<ClauseID> {
        Set(try PackLibrary.bundled.packs(of: pack.rawValue).flatMap(\.clauses))
    }

    static func json(_ issue: PackIssue) -> JSON {
        .object([
            ("file", .string(issue.file)), ("line", .int(Int64(issue.line))), ("column", .int(Int64(issue.column))),
            ("code", .string(issue.code)), ("problem", .wording(issue.problem)), ("advice", .wording(issue.advice)),
        ])
    }

    private static func json(_ file: String, _ finding: PackLint.Finding) -> JSON {
        .object([
            ("file", .string(file)), ("line", finding.place.map { .int(Int64($0.line)) } ?? .null),
            ("column", finding.place.map { .int(Int64($0.column)) } ?? .null), ("code", .string(finding.code)),
            ("about", .string(finding.about)), ("mistake", .bool(finding.isMistake)),
            ("problem", .wording(finding.problem)), ("advice", .wording(finding.advice)),
        ])
    }
}

extension JSON {
    /// A text in both languages.
    static func wording(_ wording: Wording) -> JSON {
        .object([("zh", .string(wording.chinese)), ("en", .string(wording.english))])
    }
}
