import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl rules ls`
struct RulesList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the published pack versions and the parameters set later.",
        discussion: """
            Of a parameter that was set the figures of the pack stand beside: each value with its source, the days on which it
            counts, and what counts in its place on the others.
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let packs = try await archive.publishedPacks()
        let rules = try await archive.publishedRules().registry
        let parameters = ParameterLines(try await archive.setParameters(), rules).lines
        if json {
            // The figures of the packs stand apart from what was set.
            desk.print(
                JSON.object([
                    ("packs", .array(packs.map { Self.json($0, rules) })),
                    ("parameters", .array(parameters.filter { !$0.isPublished }.map(\.json))),
                    ("figures", .array(parameters.filter(\.isPublished).map(\.json))),
                ]).text(indented: true))
            return
        }
        var table = TextTable([
            .init("政策包"), .init("施行"), .init("状态"), .init("印发"), .init("摘要"), .init("发布"), .init("适用"),
            .init("名称", mayShrink: true),
        ])
        for published in packs {
            let pack = published.pack
            let title = (try? RulePack.load(bytes: pack.bytes, name: pack.pack.rawValue))?.title
            table.append([
                pack.pack.rawValue, "\(pack.effectiveFrom)",
                desk.language == .chinese ? Self.chinese(published, rules) : Self.english(published, rules),
                "\(pack.enactedOn)", String(Hexadecimal.text(pack.hash).prefix(12)), published.recordedAt.wallClock,
                desk.text(pack.transition.wording),
                title.map { UserText(zh: $0.chinese, en: $0.english)[desk.language] } ?? "",
            ])
        }
        desk.show(table)
        guard !parameters.isEmpty else { return }
        var values = TextTable([
            .init("政策包"), .init("参数"), .init("分项"), .init("值", .right), .init("自"), .init("至"),
            .init("来源", mayShrink: true), .init("适用", mayShrink: true),
        ])
        for line in parameters {
            values.append([
                line.pack, line.value.parameter.rawValue, line.value.keys.joined(separator: ","),
                ParameterText.text(line.value.value), "\(line.value.period.start)",
                line.value.period.end.map { "\($0 - 1)" } ?? "", line.source, desk.text(line.standing),
            ])
        }
        desk.print("")
        desk.show(values)
    }

    /// Which of several versions counts, and by which and when another was replaced; nil = published when it counted already.
    private static func standing(_ published: PublishedPack, _ rules: PackRegistry) -> PackRegistry.Standing? {
        let version = rules.version(
            published.pack.hash, of: published.pack.pack, publishedAt: published.recordedAt)
        return version.map { rules.standing(of: $0) }
    }

    private static func chinese(_ published: PublishedPack, _ rules: PackRegistry) -> String {
        switch standing(published, rules) {
        case nil: "重复发布"
        case .counts(nil): "有效"
        case .counts(let end?): "有效至 \(end - 1)"
        case .replaced(let hash, let moment):
            "已被 \(Hexadecimal.text(hash).prefix(12)) 取代" + (moment.map { "（\($0.wallClock)）" } ?? "")
        }
    }

    private static func english(_ published: PublishedPack, _ rules: PackRegistry) -> String {
        switch standing(published, rules) {
        case nil: "published twice"
        case .counts(nil): "counts"
        case .counts(let end?): "counts until \(end - 1)"
        case .replaced(let hash, let moment):
            "replaced by \(Hexadecimal.text(hash).prefix(12))" + (moment.map { " (\($0.wallClock))" } ?? "")
        }
    }

    private static func json(_ published: PublishedPack, _ rules: PackRegistry) -> JSON {
        var counts = false
        var until: CivilDay?
        var replacedBy: [UInt8]?
        var replacedAt: Moment?
        switch standing(published, rules) {
        case nil: break
        case .counts(let end): (counts, until) = (true, end.map { $0 - 1 })
        case .replaced(let hash, let moment): (replacedBy, replacedAt) = (hash, moment)
        }
        return .object([
            ("pack", .string(published.pack.pack.rawValue)), ("effective_from", .day(published.pack.effectiveFrom)),
            ("enacted_on", .day(published.pack.enactedOn)), ("hash", .string(Hexadecimal.text(published.pack.hash))),
            ("transition", .string(published.pack.transition.rawValue)), ("recorded_at", .moment(published.recordedAt)),
            ("counts", .bool(counts)), ("counts_until", .day(until)),
            ("replaced_by", .optional(replacedBy.map(Hexadecimal.text))),
            ("replaced_at", replacedAt.map { .moment($0) } ?? .null),
        ])
    }
}
