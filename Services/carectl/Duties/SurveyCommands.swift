import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl survey`
struct SurveyCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "survey", abstract: "Results of surveys (知晓率、满意率): counts in, rates of both denominators out.",
        discussion: """
            The target is the pack's and is held against those who answered, its bound included; the rate of all who were asked stands
            beside it. Rates are exact fractions; percent are shown cut off, never rounded up to a target.
            """,
        subcommands: [SurveyState.self, SurveyList.self])
}

/// `carectl survey state`
struct SurveyState: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "State how many were asked, answered, and said yes.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var book: DutyBookOptions
    @OptionGroup var packs: DutyPackOptions
    @OptionGroup var replacement: DutyReplacementOptions

    @Argument(help: "The clause that asks for it, such as WZ-A3.2e.")
    var clause: String

    @Option(help: "awareness, satisfaction or another code.")
    var measure: String

    @Option(help: "The period: 2021 or 2021-q3.")
    var period: String

    @Option(help: "People asked.")
    var asked: Int

    @Option(help: "Of them, those who answered.")
    var answered: Int

    @Option(help: "Of those, who know of it or are satisfied.")
    var positive: Int

    func perform(_ desk: Desk) async throws {
        let (division, day) = (try book.code(), try book.day(desk))
        let result = SurveyStated(
            key: DutyKey(pack: try packs.id(), clause: try ClauseID.typed(clause), period: try Code.period(period)),
            measure: try Code.typed(measure, option: "--measure"), asked: asked, answered: answered,
            positive: positive, replacement: try replacement.replacement())
        try await desk.line(to: .intake).duty(
            DutyCommand(
                division, day, .surveyStated(result),
                [result.key.description, measure, "\(asked)/\(answered)/\(positive)", "\(replacement.replaces ?? 0)"]),
            desk)
    }
}

/// `carectl survey list`
struct SurveyList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List results with their rates; ends with 1 when one misses its target.",
        aliases: ["ls"])

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: DutyListOptions

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(options.asOf, option: "--as-of")
        let query = Care_V1_ListSurveysQuery.with {
            $0.division = options.division ?? ""
            $0.asOf = day.dayNumber
        }
        guard case .surveys(let list) = try await desk.line(to: .careArchive).ask(.listSurveys(query)) else {
            throw Failure.badAnswer
        }
        let results = try list.surveys.map { one in (wire: one, result: try SurveyStated(wire: one.survey)) }
        if results.contains(where: { !$0.wire.isReplaced && $0.wire.reaches($0.result) == false }) {
            desk.status = .problemsFound
        }
        if options.json {
            return desk.print(
                JSON.object([("surveys", .array(results.map { $0.wire.json($0.result) }))]).text(indented: true))
        }
        var table = TextTable([
            .init(desk.word("区划", "division")), .init("", .right), .init(desk.word("条款", "clause")),
            .init(desk.word("项目", "measure")), .init(desk.word("期间", "period")),
            .init(desk.word("占收回", "of answers"), .right), .init(desk.word("占发出", "of all asked"), .right),
            .init(desk.word("目标", "target"), .right), .init(""),
        ])
        for (wire, result) in results {
            let verdict = wire.reaches(result).map { $0 ? desk.word("达标", "reached") : desk.word("未达标", "missed") }
            table.append([
                desk.place(wire.division), "#\(wire.sequence)", result.key.clause.rawValue,
                DutyWords.measure(result.measure.rawValue, desk), result.key.period.rawValue,
                Self.rate(result.positive, result.answered),
                Self.rate(result.positive, result.asked), wire.hasTargetPercent ? "\(wire.targetPercent) %" : "",
                wire.isReplaced ? desk.word("已替换", "replaced") : verdict ?? "",
            ])
        }
        desk.show(table)
    }

    /// `452/500 90.40 %`, cut off after the second digit.
    private static func rate(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "\(part)/\(whole)" }
        return "\(part)/\(whole) \(Fen(Int64(part) * 10_000 / Int64(whole))) %"
    }
}

extension Care_V1_SurveyList.Survey {
    /// Whether the target is reached; nil where the pack sets none.
    fileprivate func reaches(_ result: SurveyStated) -> Bool? {
        hasTargetPercent ? result.reaches(percent: Int(targetPercent)) : nil
    }

    fileprivate func json(_ result: SurveyStated) -> JSON {
        func hundredths(_ whole: Int) -> JSON {
            whole == 0 ? .null : .int(Int64(result.positive) * 10_000 / Int64(whole))
        }
        return .object([
            ("division", .string(division)), ("number", .count(sequence)),
            ("pack", .string(result.key.pack.rawValue)), ("clause", .string(result.key.clause.rawValue)),
            ("measure", .string(result.measure.rawValue)), ("period", .string(result.key.period.rawValue)),
            ("stated_on", .day(statedOn)), ("asked", .int(Int64(result.asked))),
            ("answered", .int(Int64(result.answered))), ("positive", .int(Int64(result.positive))),
            ("of_answered_bp", hundredths(result.answered)), ("of_asked_bp", hundredths(result.asked)),
            ("target_percent", hasTargetPercent ? .int(Int64(targetPercent)) : .null),
            ("reached", reaches(result).map { .bool($0) } ?? .null), ("replaced", .bool(isReplaced)),
        ])
    }
}
