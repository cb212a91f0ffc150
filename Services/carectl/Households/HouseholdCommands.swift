import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit
import SwiftProtobuf

/// `carectl household`
struct HouseholdCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "household", abstract: "Find households and read their archive pages.",
        subcommands: [
            HouseholdShow.self, HouseholdWhy.self, HouseholdFind.self, HouseholdDeaths.self, HouseholdExport.self,
        ])
}

/// `carectl household show`
struct HouseholdShow: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the care archive of one household.",
        discussion: "Names and numbers are masked. --reveal REASON shows them and is recorded.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var id: String

    @Option(name: [.customLong("as-of"), .customLong("on")], help: "As of this day; otherwise today.")
    var asOf: String?

    @Option(help: "As known at this moment (2014-07-16T09:30:00+08:00) or at the end of this day.")
    var knownAt: String?

    @Option(
        help: """
            What --known-at is measured by: recorded (when it was entered) or learned (when its source says it was \
            learned, which is what to ask for history imported later; what is owed or over-paid is not worked out then).
            """)
    var basis = "recorded"

    @Flag(help: "One JSON document.")
    var json = false

    @Option(help: "Show names and numbers, for this reason.")
    var reveal: String?

    func perform(_ desk: Desk) async throws {
        let reason = try desk.revealReason(reveal)
        let day = try desk.day(asOf, option: "--as-of")
        let basis = try desk.basis(basis)
        let moment = try knownAt.map { try desk.moment($0) }
        let archive = try await desk.line(to: .careArchive)
        let page = try await archive.page(of: id, on: day, knownAt: moment, basis: basis, reveal: reason)
        if json {
            desk.print(page.json.text(indented: true))
        } else {
            desk.write(page.text(width: Terminal.columns(of: 1)))
        }
    }
}

/// `carectl household export`
struct HouseholdExport: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print what the record says of a household, the same on every machine.",
        discussion: """
            Of a family whose record is damaged it prints what can be read, says so (CARE-6246), and ends with status 3.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var id: String

    @Flag(help: "Sorted lines without sequence, position, recorded_at or trace; the only form there is.")
    var canonical = false

    @Option(help: "With personal data, for this reason.")
    var reveal: String?

    func validate() throws {
        guard canonical else {
            throw ValidationError(
                UserText(zh: "请写 --canonical，目前只有这一种形式", en: "say --canonical; it is the only form there is"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let reason = try desk.revealReason(reveal)
        let archive = try await desk.line(to: .careArchive)
        let query = Care_V1_HouseholdExportQuery.with {
            $0.household = id.lowercased()
            $0.revealReason = reason
        }
        guard case .householdExport(let export) = try await archive.ask(.householdExport(query)) else {
            throw Failure.badAnswer
        }
        desk.write(export.lines.map { $0 + "\n" }.joined())
        if !export.withheldFacts.isEmpty {
            let names = export.withheldFacts.map(\.textZh).joined(separator: "、")
            desk.mention(
                UserText(
                    zh: "对这些事实的陈述不给本部门看，不在其中（遮）：\(names)",
                    en: "statements of these facts are kept from this department and not among them: \(names)"))
        }
        guard export.fenced || !export.unreadableSequences.isEmpty else { return }
        let places = export.unreadableSequences.prefix(20).map(String.init).joined(separator: " ")
        let failure = Failure(
            6246,
            UserText(
                zh: "该户记录有损坏\(export.fenced ? "，已封存" : "")，以上内容不全"
                    + (places.isEmpty ? "" : "：读不出第 \(places) 条"),
                en: "the record of this family is damaged\(export.fenced ? " and closed" : ""), "
                    + "the lines above are not all of it"
                    + (places.isEmpty ? "" : ": events \(places) cannot be read")),
            advice: UserText(
                zh: "用 carectl log verify 查明，从备份核对", en: "see carectl log verify and compare with a backup"),
            exit: .doneWithDamage)
        desk.say(failure.line(in: desk.language))
        desk.status = .doneWithDamage
    }
}

extension Desk {
    /// The reason for showing names and numbers, as typed; empty where nobody asked for them.
    /// - Throws: `Failure` for a blank one: the page without names would look like an answer.
    func revealReason(_ text: String?) throws -> String {
        guard let text else { return "" }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw Failure(
                7270, UserText(zh: "--reveal 要写明查看的理由", en: "--reveal needs the reason for looking"),
                advice: UserText(
                    zh: "例如 --reveal 回访核对；只看不带姓名的页，去掉 --reveal",
                    en: "for example --reveal follow-up; leave --reveal out for the page without names"), exit: .usage)
        }
        return text
    }
}
