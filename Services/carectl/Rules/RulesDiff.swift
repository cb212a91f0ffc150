import ArgumentParser
import CareProjections
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl rules diff`
struct RulesDiff: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what differs between two pack versions; exit status 1 if anything does.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var source: PackSource

    @Argument(help: "The earlier version: PACK@DATE or a file.")
    var old: String

    @Argument(help: "The later version: PACK@DATE or a file.")
    var new: String

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let difference = PackDifference(from: try one(old), to: try one(new))
        if !difference.changes.isEmpty { desk.status = .problemsFound }
        if json {
            desk.print(
                JSON.array(
                    difference.changes.map { change in
                        .object([
                            ("part", .string(change.part.rawValue)), ("id", .string(change.id)),
                            ("field", .string(change.field)), ("before", .optional(change.before)),
                            ("after", .optional(change.after)),
                        ])
                    }
                ).text(indented: true))
            return
        }
        for change in difference.changes {
            let field = change.field.isEmpty ? "" : " \(change.field)"
            desk.print("\(desk.text(change.part.wording)) \(change.id)\(field)")
            if let before = change.before { desk.print("  - \(before)") }
            if let after = change.after { desk.print("  + \(after)") }
        }
        desk.mention(
            UserText(
                zh: "\(difference.changes.count) 处不同", en: "\(difference.changes.count) differences"))
    }

    private func one(_ name: String) throws -> RulePack {
        let packs = try source.read(name)
        guard let pack = packs.first, packs.count == 1 else {
            throw Failure(
                6184, UserText(zh: "\(name) 有 \(packs.count) 个版本", en: "\(name) has \(packs.count) versions"),
                advice: UserText(
                    zh: "写成 包@日期，如 chenzhou-2014@2014-07-16", en: "write PACK@DATE, such as chenzhou-2014@2014-07-16"),
                exit: .usage)
        }
        return pack
    }
}
