import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl rules adjustments`
struct RulesAdjustments: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjustments",
        abstract: "What the indexes of the published packs propose: growth year by year, and new standards (动态调整).",
        discussion: """
            From the figures of the index that were set (rules set-parameter, one dated value a year): the calculation sheet, whether the
            growth reaches the line of the document, and each standard before and after. A proposal holds nothing: a person approves a
            standard by setting it, with the command that is printed. Each standard is approved by itself: those that still wait are named,
            with their commands, and lose nothing of their growth. An approval answers what was proposed when it was given; the
            next proposal starts from its sum and its figure, also where that figure is revised afterwards. New standards run
            from 1 January after the year in which the figure was recorded.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The pack, such as guiyang-2013; otherwise all that are published.")
    var pack: String?

    @Option(help: "By the figures of years that have begun on this day; otherwise today.")
    var on: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let rules = try await desk.line(to: .careArchive).publishedRules()
        let versions = rules.registry.inForce(on: day).map(\.pack).filter { pack == nil || $0.id.rawValue == pack }
        let clauses = Set(versions.flatMap(\.indexations).map(\.clause))
        let adjustments = Trial(published: rules).adjustments(on: day).filter { clauses.contains($0.indexation.clause) }
        if json {
            desk.print(
                JSON.object([
                    ("on", .day(day)), ("adjustments", .array(adjustments.map(TrialPage.adjustment))),
                    ("approve", .array(approvals(adjustments, versions).map(JSON.string))),
                ]).text(indented: true))
            return
        }
        for adjustment in adjustments {
            desk.print("\(adjustment.indexation.clause) \(desk.text(adjustment.indexation.title)) \(adjustment.series)")
            for line in AdjustmentText.lines(adjustment, isChinese: desk.language == .chinese) {
                desk.print("  " + line)
            }
        }
        let approvals = approvals(adjustments, versions)
        if !approvals.isEmpty {
            desk.print(desk.word("批准用下列命令，逐项登记：", "to approve, set each standard:"))
            for line in approvals { desk.print("  " + line) }
        }
        guard adjustments.isEmpty else { return }
        desk.mention(
            UserText(
                zh: "没有已登记的指数，或所发布的政策包没有动态调整的条款",
                en: "no figure of an index is set, or no published pack lets standards follow one"))
    }

    private func approvals(_ adjustments: [Trial.Adjustment], _ versions: [RulePack]) -> [String] {
        adjustments.flatMap { adjustment -> [String] in
            guard
                let pack = versions.first(where: {
                    $0.indexations.contains { $0.clause == adjustment.indexation.clause }
                })
            else { return [] }
            return adjustment.proposals.flatMap { proposal in
                proposal.changes.filter { $0.state == .open }
                    .compactMap { Self.command($0, from: proposal.validFrom, pack) }
            }
        }
    }

    /// How a person approves one standard; nil where the pack has no parameter of that name.
    ///
    /// A standard is named after its parameter, with its key behind it: `gy.complication_allowance.grade_2`.
    static func command(_ change: Indexation.Change, from day: CivilDay, _ pack: RulePack) -> String? {
        let name = change.standard.rawValue
        let found = pack.parameters.first {
            name == $0.id.rawValue || !$0.keys.isEmpty && name.hasPrefix($0.id.rawValue + ".")
        }
        guard let parameter = found?.id.rawValue else { return nil }
        let key = name.count > parameter.count ? " --for \(name.dropFirst(parameter.count + 1))" : ""
        return "carectl rules set-parameter \(pack.id) \(parameter) \(change.after)\(key) --from \(day)"
    }
}
