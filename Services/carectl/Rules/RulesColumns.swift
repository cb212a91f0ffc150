import ArgumentParser
import CareDomain
import FactStore
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl rules columns`
struct RulesColumns: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "columns",
        abstract: "The standing columns (常备列存) from which replays work: bring them up to the log, build or drop them.",
        discussion: """
            Facts of all families as columns in files beside the other data, and beside them to whom the rules in force apply, readable by
            their owner only. A replay brings them up to the log and to the rules by itself; dropped or damaged, they are built anew
            from the log. Needs a key that sees every division.
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "Build them anew from the log.")
    var rebuild = false

    @Flag(help: "Take them away.")
    var drop = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard !(rebuild && drop) else {
            throw ValidationError(
                UserText(zh: "--rebuild 与 --drop 只能写一个", en: "--rebuild and --drop exclude each other"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let folder = try await StandingFacts.folder(desk)
        if drop {
            let lock = try folder.lock(alone: true)
            folder.clear()
            withExtendedLifetime(lock) {}
            desk.mention(UserText(zh: "列存已删除", en: "the columns are gone"))
            return
        }
        let archive = try await desk.line(to: .careArchive)
        let rules = try await archive.publishedRules()
        guard let standing = try await StandingFacts.current(archive, rules, [], desk, anew: rebuild) else {
            throw Failure(
                6196,
                UserText(
                    zh: "这把钥匙只看得到部分区划，不用列存；重放会直接读日志",
                    en: "this key sees some divisions only; replays read the log itself"), exit: .notPermitted)
        }
        let manifest = standing.store.manifest
        if json {
            desk.print(
                JSON.object([
                    ("households", .int(Int64(manifest.households))), ("blocks", .int(Int64(manifest.blocks.count))),
                    ("facts", .int(Int64(manifest.columns.count))),
                    ("answers", .int(Int64(manifest.kept.count))), ("refreshed", .int(Int64(standing.refreshed))),
                    ("folder", .string(folder.path)),
                ]).text(indented: true))
            return
        }
        var table = TextTable([.init("项目 item"), .init("值 value", .right)])
        table.append(["户 households", "\(manifest.households)"])
        table.append(["块 blocks", "\(manifest.blocks.count)"])
        table.append(["事实 facts", "\(manifest.columns.count)"])
        table.append(["常备判断 answers", "\(manifest.kept.count)"])
        table.append(["本次更新的户 refreshed", "\(standing.refreshed)"])
        table.append(["目录 folder", folder.path])
        desk.show(table)
    }
}
