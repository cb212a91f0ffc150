import ArgumentParser
import CareDomain
import CareWire
import RuleEngine
import ServiceKit
import SwiftProtobuf

/// `carectl rules publish`
struct RulesPublish: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Check packs and append them to the log; what is published stays as it is.",
        discussion: """
            For the first version of a pack, and for one that goes on where the last one stood. A version that would take days
            from one published before is refused: rules replay shows what it changes, rules adopt puts it in force. A pack in
            which rules lint finds a mistake is refused whole.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var source: PackSource

    @Argument(help: "A pack id (chenzhou-2014), a version (chenzhou-2014@2014-07-16), a file or a folder.")
    var pack: String?

    @Flag(help: "All packs that come with this program, or those of --packs.")
    var all = false

    func validate() throws {
        guard all != (pack != nil) else {
            throw ValidationError(
                UserText(zh: "请写一个政策包，或用 --all 表示全部", en: "give a PACK, or --all for all of them"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let packs = try source.files(pack).map { ($0, try RulePack.load(bytes: $0.bytes, name: $0.name)) }
        guard !packs.isEmpty else {
            throw Failure(
                6170, UserText(zh: "没有找到政策包文件", en: "no pack file was found"), exit: .usage)
        }
        let rules = try await desk.line(to: .careArchive).publishedRules().registry
        // Nothing is sent before every file was looked at.
        for (file, pack) in packs {
            let mistakes = pack.mistakes(in: file.bytes, name: file.name)
            guard mistakes.isEmpty else { throw PackRefused(issues: mistakes) }
            if !rules.counts(pack), let standing = rules.replaced(by: pack.hash, of: pack.id, from: pack.validFrom) {
                throw Self.replaces(pack, standing, wasPublished: rules.publication(of: pack) != nil)
            }
        }
        let intake = try await desk.line(to: .intake)
        for (file, pack) in packs {
            let title = "\(pack.id)@\(pack.validFrom) \(pack.reference.shortHash)"
            guard !rules.counts(pack) else {
                desk.mention(UserText(zh: "\(title) 已发布过", en: "\(title) is published already"))
                continue
            }
            // A file that begins before the date of its own document says so itself.
            let transition: TransitionClause = pack.validFrom < pack.dated ? .retroactive : .all
            let message = try PackCommand.publish(
                PackPublished(
                    pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash,
                    bytes: file.bytes, transition: transition), id: Self.id(pack, on: desk.today),
                occurredOn: desk.today)
            let id = CommandID(bytes: message.commandID) ?? .random()
            _ = try await intake.send(try message.serializedBytes(), id: id, method: .publishPack)
            desk.print(title)
            if transition == .retroactive {
                desk.mention(
                    UserText(
                        zh: "\(title) 按其文件追溯适用：\(pack.validFrom) 起，文件 \(pack.dated) 印发",
                        en: "\(title) is retroactive by its document: from \(pack.validFrom), dated \(pack.dated)"))
            }
            desk.mention(
                UserText(zh: "\(title) 已发布：\(pack.title.chinese)", en: "\(title) published: \(pack.title.english)"))
            let earlier = rules.inForce(on: pack.validFrom).first { $0.pack.id == pack.id }
            guard let ended = earlier else { continue }
            desk.mention(
                UserText(
                    zh: "\(ended.effectiveFrom) 起的版本施行到 \(pack.validFrom - 1)",
                    en: "the version from \(ended.effectiveFrom) is in force until \(pack.validFrom - 1)"))
        }
    }

    private static func replaces(
        _ pack: RulePack, _ standing: RuleEngine.PublishedPack, wasPublished: Bool
    ) -> Failure {
        let title = "\(pack.id)@\(pack.validFrom) \(pack.reference.shortHash)"
        let other = "\(standing.effectiveFrom) 起的版本 \(standing.pack.reference.shortHash)"
        let otherEnglish = "the version from \(standing.effectiveFrom), \(standing.pack.reference.shortHash)"
        return Failure(
            6192,
            wasPublished
                ? UserText(
                    zh: "\(title) 曾发布，已由 \(other) 取代，没有再次施行",
                    en: "\(title) was published and then replaced by \(otherEnglish); it is not in force again")
                : UserText(
                    zh: "\(title) 没有发布：\(pack.validFrom) 已有 \(other)，已发布的版本不变",
                    en: "\(title) is not published: \(pack.validFrom) has \(otherEnglish), and what is published stays"),
            advice: UserText(
                zh: "先用 rules replay 看差异；确要改，用 rules adopt 并写明 --from 日期、--transition new_cases|all|retroactive",
                en: "see rules replay; if it is meant: rules adopt --from DAY --transition new_cases|all|retroactive"),
            exit: .problemsFound)
    }

    /// The same pack published twice on one day is one command, also when two people do it at the same time.
    private static func id(_ pack: RulePack, on day: CivilDay) -> CommandID {
        CommandID(Derivation.digest(Array("publish,\(pack.id),\(pack.validFrom),\(day)".utf8) + pack.hash))
    }
}
