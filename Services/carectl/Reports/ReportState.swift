import ArgumentParser
import CareDomain
import CareWire
import RuleEngine
import ServiceKit

/// `carectl report state`
struct ReportState: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "State a figure of a whole division for a period (指标数据), as the pack's aims read it.",
        discussion: """
            Which figures a pack reads, carectl rules facts says: those that begin with city., and of a village
            (--division with 12 digits) those that begin with village. Money is written in yuan. Who states a figure, the pack says, and
            carectl rules facts prints it: a key of another department is refused with those that may (CARE-6537); the family-planning
            authority, which keeps the files, may state every one. A part is not more than its whole (CARE-6538) where both are the
            department's to put right; otherwise the report tells that they contradict one another. Another figure for the same period
            says which it replaces, and why; the one before stays, and counts for whoever asks as known before.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var book: DutyBookOptions
    @OptionGroup var packs: DutyPackOptions
    @OptionGroup var replacement: DutyReplacementOptions

    @Argument(help: "The fact, such as city.rural_net_income.")
    var fact: String

    @Argument(help: "The value, such as 11000.00.")
    var value: String

    @Option(help: "The period: 2014, 2014-q3 or 2014-h2.")
    var period: String

    @Option(help: "Where it comes from, a code such as statistics_bureau.")
    var source: String

    @Option(help: "What shows it: the file is put into the store, its digest is recorded.")
    var file: String?

    func perform(_ desk: Desk) async throws {
        let (division, day, pack) = (try book.code(), try book.day(desk), try packs.id())
        let definition = try await definition(pack, desk)
        var stated = FigureStated(
            pack: pack, fact: definition.id, value: try ParameterText.value(value, of: definition),
            period: try Code.period(period), source: try Code.typed(source, option: "--source"),
            replacement: try replacement.replacement())
        if let file { stated.attachment = try await OfficeFile(file).put(at: .duty(division), desk).digest }
        try await desk.line(to: .intake).duty(
            DutyCommand(
                division, day, .figureStated(stated),
                [pack.rawValue, fact, value, period, source, "\(replacement.replaces ?? 0)"]), desk)
    }

    /// The fact as the newest published version has it.
    private func definition(_ pack: PackID, _ desk: Desk) async throws -> FactDefinition {
        let published = try await desk.line(to: .careArchive).publishedPacks().filter { $0.pack.pack == pack }
        guard let newest = published.max(by: { $0.pack.effectiveFrom < $1.pack.effectiveFrom }) else {
            throw Failure(
                6573, UserText(zh: "没有发布过 \(pack)", en: "\(pack) is not published"), exit: .problemsFound)
        }
        let vocabulary = try RulePack.load(bytes: newest.pack.bytes, name: pack.rawValue).vocabulary
        guard let id = FactID(fact), let definition = vocabulary[id], definition.subject.root != .household else {
            let known = vocabulary.facts.filter { $0.subject == .city || $0.subject == .village }
                .map(\.id.rawValue).joined(separator: "、")
            throw Failure(
                6574, UserText(zh: "\(pack) 没有指标数据 \(fact)", en: "\(pack) has no figure \(fact)"),
                advice: UserText(zh: "可用：\(known)", en: "known: \(known)"), exit: .usage)
        }
        return definition
    }
}
