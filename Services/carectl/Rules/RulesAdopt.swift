import ArgumentParser
import CareDomain
import CareWire
import Foundation
import RuleEngine
import ServiceKit
import SwiftProtobuf

/// `carectl rules adopt`
struct RulesAdopt: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Publish a version from a day on and wait until every family is determined anew.",
        discussion: """
            From the day on the version is in force for everybody; a day in the past works back, and what months up to now differ
            stands in the determinations as arrears and over-payment, for a person to decide. A day before the version was
            enacted needs --transition retroactive. With --transition new_cases, who held a right of a clause on the day before
            keeps being judged by the earlier version until that right is broken off. What was decided under an earlier version
            keeps it. Interrupted, the same command goes on; families already determined are left as they are. A version that was
            replaced can be adopted again: that is how an adoption is taken back. rules ls says which version counts. Where
            somebody else adopts another version from the same day meanwhile, the later one counts, and both are told. First
            the version is tried on every family: one whose rules end in an error where those in force answer is not adopted.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var source: PackSource

    @Argument(help: "The version: a file, or PACK@DATE of this program or of --packs.")
    var pack: String

    @Option(help: "First day in force; otherwise the version's own.")
    var from: String?

    @Option(help: "Day on which it was enacted; otherwise the date of its document.")
    var enacted: String?

    @Option(help: "To whom it applies: all, retroactive or new_cases.")
    var transition = TransitionClause.all

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: "How long to wait for the determinations, such as 60s or 30m.")
    var wait = "30m"

    func perform(_ desk: Desk) async throws {
        let (file, version) = try source.one(pack)
        guard let patience = Duration.parse(wait) else {
            throw Failure(
                6110, UserText(zh: "--wait 应是时长，如 60s、5m", en: "--wait must be a duration such as 60s or 5m"),
                exit: .usage)
        }
        let first = try from.map { try desk.day($0, option: "--from") } ?? version.validFrom
        let enactedOn = try enacted.map { try desk.day($0, option: "--enacted") } ?? version.dated
        guard transition.allows(first, enacted: enactedOn) else { throw Self.notNamed(first, enactedOn) }
        let mistakes = version.mistakes(in: file.bytes, name: file.name)
        guard mistakes.isEmpty else { throw PackRefused(issues: mistakes) }
        let title = "\(version.id)@\(version.validFrom) \(version.reference.shortHash)"
        let archive = try await desk.line(to: .careArchive)
        let rules = try await archive.publishedRules().registry
        let standing = rules.inForce(on: first).first { $0.pack.id == version.id }
        if let standing, standing.pack.hash == version.hash {
            guard standing.effectiveFrom == first, standing.transition == transition else {
                throw Self.adoptedOtherwise(title, standing)
            }
            desk.mention(
                UserText(zh: "\(title) 已采用过，继续等待认定", en: "\(title) is adopted already; waiting for the determinations"))
            if case .counts(let end?) = rules.standing(of: standing) { desk.mention(Self.endsOn(end)) }
        } else {
            guard confirms(title, first, standing, desk) else {
                throw Failure(
                    6186,
                    UserText(
                        zh: "没有采用：需要 --yes 或在终端输入包名确认",
                        en: "not adopted: say --yes, or type the pack's name at a terminal"),
                    exit: .usage)
            }
            try await refuseFailing(version, first, title, archive, desk)
            let times = rules.versions.count { $0.pack.id == version.id && $0.pack.hash == version.hash }
            try await publish(version, file, first, enactedOn, times, desk)
            desk.print(title)
            let published = try await archive.publishedRules().registry
            if let unseen = AdoptionStanding(of: version, from: first, in: published).unseen(besides: standing) {
                desk.mention(AdoptionStanding.replacedUnseen(unseen))
            }
        }
        try await settle(archive, until: .now + patience, desk)
        let settled = AdoptionStanding(of: version, from: first, in: try await archive.publishedRules().registry)
        if let successor = settled.successor { throw AdoptionStanding.replaced(title, first, by: successor) }
        desk.mention(UserText(zh: "全部认定完毕", en: "every family is determined"))
    }

    /// A rule that ends in an error for a family would take what it has without anybody having decided so.
    private func refuseFailing(
        _ version: RulePack, _ first: CivilDay, _ title: String, _ archive: Line, _ desk: Desk
    ) async throws {
        do {
            let trial = try await AdoptionTrial(of: version, from: first, transition, archive, desk)
            if let refusal = trial.refusal(title) { throw refusal }
        } catch let failure as Failure where failure.exit == .notPermitted {
            desk.mention(
                UserText(
                    zh: "这把密钥看不到各户，没有先试算", en: "this key may not see the families; the version was not tried on them"))
        }
    }

    private static func notNamed(_ first: CivilDay, _ enacted: CivilDay) -> Failure {
        Failure(
            6190,
            UserText(
                zh: "施行日 \(first) 早于制定日 \(enacted)", en: "the first day \(first) lies before it was enacted, \(enacted)"
            ),
            advice: UserText(
                zh: "确要追溯，写明 --transition retroactive", en: "if that is meant, say --transition retroactive"),
            exit: .usage)
    }

    /// What to do when a later version goes on standing beside one that counts.
    private static func endsOn(_ end: CivilDay) -> UserText {
        UserText(
            zh: "它施行到 \(end - 1)，\(end) 起另有版本；要自那天起再用它，写明 --from \(end)",
            en: "it is in force until \(end - 1); for the days from \(end) on say --from \(end)")
    }

    private static func adoptedOtherwise(_ title: String, _ before: RuleEngine.PublishedPack) -> Failure {
        let transition = before.transition.wording
        return Failure(
            6185,
            UserText(
                zh: "\(title) 已自 \(before.effectiveFrom) 起采用（\(transition.chinese)）",
                en: "\(title) is in force from \(before.effectiveFrom) (\(transition.english))"),
            advice: UserText(
                zh: "rules replay 可以试算别的日期和适用范围，采用过的不能改。要换，把文件另存一份、改动一处（如一行注释，摘要就不同），"
                    + "再 rules adopt：自同一天起采用的，后采用的取代先采用的",
                en:
                    "rules replay may try other days and transitions, what was adopted stays. To have another, save the file "
                    + "with a change (a comment makes another hash) and adopt that: from the same day, what is adopted later "
                    + "takes the place of the earlier"),
            exit: .problemsFound)
    }

    private func confirms(
        _ title: String, _ first: CivilDay, _ standing: RuleEngine.PublishedPack?, _ desk: Desk
    ) -> Bool {
        if let standing {
            let other = "\(standing.pack.id)@\(standing.effectiveFrom) \(standing.pack.reference.shortHash)"
            desk.mention(
                UserText(zh: "\(first) 起取代 \(other)", en: "from \(first) on it takes the place of \(other)"))
        }
        if yes { return true }
        guard isatty(0) == 1, isatty(2) == 1 else { return false }
        desk.say(
            UserText(
                zh: "采用 \(title)，自 \(first) 起，\(transition.wording.chinese)。请先用 rules replay 看过差异。输入包名确认：",
                en:
                    "Adopt \(title) from \(first), \(transition.wording.english)? See rules replay first. Type the pack's name:"
            ))
        return readLine() == title.split(separator: "@").first.map(String.init)
    }

    private func publish(
        _ version: RulePack, _ file: PackFile, _ first: CivilDay, _ enactedOn: CivilDay, _ times: Int, _ desk: Desk
    ) async throws {
        // The same version from the same day is one command, however often and by whomever it is sent; adopting it again after
        // it was replaced is another.
        let again = times == 0 ? "" : ",\(times)"
        let name = "adopt,\(version.id),\(version.validFrom),\(first),\(transition.rawValue)\(again)"
        let seed = Array(name.utf8) + version.hash
        let message = try PackCommand.publish(
            PackPublished(
                pack: version.id, effectiveFrom: first, enactedOn: enactedOn, hash: version.hash, bytes: file.bytes,
                transition: transition),
            id: CommandID(Derivation.digest(seed)), occurredOn: desk.today, isAdoption: true)
        let id = CommandID(bytes: message.commandID) ?? .random()
        let intake = try await desk.line(to: .intake)
        _ = try await intake.send(try message.serializedBytes(), id: id, method: .publishPack)
    }

    /// Waits until eligibility has looked at everybody under the new rules.
    private func settle(_ archive: Line, until end: ContinuousClock.Instant, _ desk: Desk) async throws {
        let head = try await archive.headPosition()
        while true {
            guard case .consumers(let list) = try await archive.ask(.listConsumers(.init())) else {
                throw Failure.badAnswer
            }
            let eligibility = list.consumers.first { $0.consumer == "eligibility" }
            if let eligibility, eligibility.state == .live, eligibility.position >= head { return }
            guard ContinuousClock.now < end else {
                throw Failure(
                    6187, UserText(zh: "认定还没有做完", en: "the determinations are not finished yet"),
                    advice: UserText(zh: "再次执行同一命令继续等待", en: "type the same command again to go on waiting"),
                    exit: .temporary)
            }
            try await Task.sleep(for: .milliseconds(250))
        }
    }
}

/// Typed as all, retroactive or new_cases.
extension TransitionClause: ExpressibleByArgument {}
