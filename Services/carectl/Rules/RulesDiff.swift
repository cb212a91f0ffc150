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
        let changes = PackDifference.all(from: try source.one(old).pack, to: try source.one(new).pack)
        if !changes.isEmpty { desk.status = .problemsFound }
        if json {
            desk.print(
                JSON.array(
                    changes.map { change in
                        .object([
                            ("part", .string(change.part.rawValue)), ("id", .string(change.id)),
                            ("field", .string(change.field)), ("before", .optional(change.before)),
                            ("after", .optional(change.after)),
                            ("title", change.title.map(JSON.wording) ?? .null),
                            (
                                "replacements",
                                .array(
                                    change.replacements.map {
                                        .object([("before", .string($0.before)), ("after", .string($0.after))])
                                    })
                            ),
                        ])
                    }
                ).text(indented: true))
            return
        }
        for change in changes {
            let field = change.field.isEmpty ? "" : " \(change.field)"
            let title = change.title.map { " \(desk.text($0))" } ?? ""
            let pairs = change.replacements.map { "\($0.before) → \($0.after)" }.joined(separator: ", ")
            desk.print(
                "\(desk.text(change.part.wording)) \(change.id)\(field)\(title)\(pairs.isEmpty ? "" : ": \(pairs)")")
            if let before = change.before { desk.print("  - \(before)") }
            if let after = change.after { desk.print("  + \(after)") }
        }
        desk.mention(
            UserText(
                zh: "\(changes.count) 处不同", en: "\(changes.count) differences"))
    }
}
