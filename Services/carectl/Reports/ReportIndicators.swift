import ArgumentParser
import CareDomain
import CareWire
import Foundation
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl report indicators`
struct ReportIndicators: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "indicators",
        abstract: "What the aims of a pack come to in a division (指标): reached, missed, or what is missing.",
        discussion: """
            Each clause that sets an aim for a city is judged on the last day of the period, as known now or at --known-at. It rests on
            the figures that report state recorded; where none is known, on the families' records: persons of the plan's families, and
            what was paid to them in the period. Guiyang's policy money is shown per head of all these families and of those that got
            something, against the pack's floor and shares of the incomes; of the earmark, what it must be and what was set aside. Where
            a pack lends, its funds and cases give the figures: money, repayment rate, exit rate by both denominators; a stated figure is
            not divided by a counted one (口径不同): state both, or neither. Of a village (12
            digits) it also tells what the clauses about villages give it (Guiyang GY-3.1, GY-3.18c), by the figures of all years that
            report state recorded for it. Aims of a city are not judged for townships and villages. What is missing is named with its
            year. A part that is more than its whole is 数字矛盾: both figures are named with their sources, and the clause is not judged. GY-2.2 is decided by whole sums, to the fen; they stand beside the
            verdict. --send freezes the report; the same again changes nothing. Ends with 1 when an aim is missed, figures contradict one
            another, or a sent version is not what the record says as known then.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var packs: DutyPackOptions
    @OptionGroup var sending: ReportSendingOptions

    @Option(help: "The division: 6, 9 or 12 digits.")
    var division: String

    @Option(help: "The period: 2014, 2014-q3 or 2014-h2.")
    var period: String

    @Option(help: "Judged on this day of the period; otherwise on its last.")
    var asOf: String?

    @Option(help: "As known at this moment (2015-01-10T09:30:00+08:00) or at the end of this day.")
    var knownAt: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let pack = try packs.id()
        let division = try DivisionCode.book(division)
        let code = try Code.period(period)
        guard let days = DayPeriod(named: code), let end = days.end else {
            throw Failure(
                6572,
                UserText(zh: "--period 应写成 2014、2014-q3 或 2014-h2", en: "--period must be 2014, 2014-q3 or 2014-h2"),
                exit: .usage)
        }
        var query = Care_V1_IndicatorsQuery.with {
            $0.division = division.rawValue
            $0.pack = pack.rawValue
            $0.period = code.rawValue
        }
        if let asOf { query.asOf = try desk.day(asOf, option: "--as-of").dayNumber }
        if let knownAt { query.knownAt = try desk.moment(knownAt).microseconds }
        let archive = try await desk.line(to: .careArchive)
        let page = try await archive.indicators(query)
        let scope = ReportScope(
            kind: Code(unchecked: "indicators"), division: division, pack: pack, firstDay: days.start,
            lastDay: query.hasAsOf ? CivilDay(dayNumber: page.asOf) : end - 1)
        let report = try ReportDocument(
            scope: scope, knownAt: Moment(microseconds: page.knownAt), document: page.json(scope),
            figures: try page.figures.map { LoanFigure(try Code.typed($0.name, option: "figures"), $0.value) })
        if sending.send { try await desk.freeze(report, sending) }
        let failing: Set<String> = ["missed", "contradicted"]
        if page.indicators.contains(where: { failing.contains($0.state) }) { desk.status = .problemsFound }
        if json { desk.write(String(decoding: report.content, as: UTF8.self)) } else { show(page, desk) }
        try await compare(query, scope, desk)
    }

    /// Why nothing is judged: the level, or that what the document asks for is counted elsewhere.
    private var nothingJudged: UserText {
        let level = DivisionCode(division)?.administrativeLevel
        guard level != .township, level != .village else {
            return UserText(
                zh: "对市的目标不考核乡镇和村，本级没有要判断的条款",
                en: "aims of a city are not asked of townships and villages: nothing is judged at this level")
        }
        return UserText(
            zh: "这个政策包没有靠登记的数判断的目标；任务户数看 quota show，知晓率、满意率看 survey list，走访覆盖看 visit coverage，"
                + "结对覆盖看 pairing coverage，按期完成看 duty list",
            en:
                "no aim of this pack is judged by stated figures; the number of households is told by quota show, awareness and "
                + "satisfaction by survey list, visits by visit coverage, pairings by pairing coverage, days by duty list"
        )
    }

    private func show(_ page: Care_V1_IndicatorPage, _ desk: Desk) {
        let isChinese = desk.language == .chinese
        var table = TextTable([
            .init(desk.word("条款", "clause")), .init(desk.word("名称", "title")), .init(desk.word("结论", "state")),
            .init(desk.word("数值", "measure"), .right), .init(desk.word("说明", "why"), mayShrink: true),
        ])
        for line in page.indicators {
            let measure = line.hasMeasureThousandths ? DecimalText.text(line.measureThousandths) + " " + line.unit : ""
            table.append([
                line.clause, desk.word(line.titleZh, line.titleEn), IndicatorWords.state(line.state, desk), measure,
                line.reasons.map { isChinese ? $0.textZh : $0.textEn }.joined(separator: isChinese ? "；" : "; "),
            ])
        }
        if page.indicators.isEmpty { desk.say(nothingJudged) } else { desk.show(table) }
        var inputs = TextTable([
            .init(desk.word("依据", "figure")), .init(desk.word("数", "value"), .right),
            .init(desk.word("来源", "from")), .init(desk.word("档案计得", "counted"), .right),
        ])
        for input in page.inputs {
            inputs.append([
                desk.word(input.titleZh, input.titleEn), IndicatorWords.value(input.value),
                input.hasSequence ? "#\(input.sequence)" : desk.word("档案", "records"),
                input.hasCounted ? IndicatorWords.value(input.counted) : "",
            ])
        }
        if !page.inputs.isEmpty { desk.show(inputs) }
        var figures = TextTable([.init(desk.word("指标", "figure")), .init(desk.word("数", "value"), .right)])
        for figure in page.figures {
            figures.append([IndicatorWords.figure(figure.name, desk), LendingWords.value(figure)])
        }
        if !page.figures.isEmpty { desk.show(figures) }
        if page.incompleteHouseholdCount > 0 {
            desk.say(
                UserText(
                    zh: "另有 \(page.incompleteHouseholdCount) 户记录不全，没有计入",
                    en: "\(page.incompleteHouseholdCount) families are left out: their record cannot be read whole"))
        }
    }

    /// Says of each sent version whether the record, as known then, says the same.
    private func compare(_ query: Care_V1_IndicatorsQuery, _ scope: ReportScope, _ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let list = try await archive.reports(.with { $0.report = ReportID.derived(from: scope).wireData })
        for version in list.reports.first?.versions ?? [] {
            guard IndicatorForm(of: version.sent.content).form == IndicatorForm.current else {
                desk.say(
                    UserText(
                        zh: "第 \(version.sent.version) 版 \(DayText.of(version.sentOn)) 上报，用的是以前的表式，不比对",
                        en: "version \(version.sent.version) sent \(DayText.of(version.sentOn)), "
                            + "in an earlier form: not compared"))
                continue
            }
            var then = query
            then.knownAt = version.sent.knownAt
            let document = try ReportDocument(
                scope: scope, knownAt: Moment(microseconds: then.knownAt),
                document: try await archive.indicators(then).json(scope))
            let isSame = document.digest == FileDigest(bytes: [UInt8](version.sent.digest))
            if !isSame { desk.status = .problemsFound }
            desk.say(
                UserText(
                    zh: "第 \(version.sent.version) 版 \(DayText.of(version.sentOn)) 上报，"
                        + (isSame ? "与当时的记录一致" : "与当时的记录不符"),
                    en: "version \(version.sent.version) sent \(DayText.of(version.sentOn)), "
                        + (isSame ? "as the record had it" : "not as the record had it")))
        }
    }
}

/// Which form a report of indicators has: what it tells besides, or tells otherwise, than one before. What was sent in an earlier
/// form stays as it is, and is not held against what the same record comes to in the present one.
struct IndicatorForm: Decodable {
    /// 1 told no form; 2 tells the sums that decide, the missing years, and figures that contradict one another; 3 rounds sums
    /// per head, and divides no stated figure by a counted one.
    static let current: Int64 = 3

    private(set) var form: Int64? = 1

    init(of content: Data) {
        if let read = try? JSONDecoder().decode(Self.self, from: content) { form = read.form ?? 1 }
    }
}

/// What indicators are called.
enum IndicatorWords {
    static func state(_ code: String, _ desk: Desk) -> String {
        switch code {
        case "reached": desk.word("达到", "reached")
        case "missed": desk.word("未达到", "missed")
        case "computed": desk.word("应安排", "to be set aside")
        case "needs_fact": desk.word("缺数据", "figures missing")
        case "needs_parameter": desk.word("缺参数", "parameter missing")
        case "not_applicable": desk.word("不适用", "not applicable")
        case "contradicted": desk.word("数字矛盾", "contradictory figures")
        case "failed": desk.word("规则出错", "the rule failed")
        case "entitled": desk.word("享受", "entitled")
        case "not_entitled": desk.word("不享受", "not entitled")
        default: code
        }
    }

    static func value(_ wire: Care_V1_FactValue) -> String {
        (try? FactValue(wire: wire)).map(ParameterText.text) ?? "?"
    }

    /// A figure's name, from its parts.
    static func figure(_ name: String, _ desk: Desk) -> String {
        let halves = [("rural_", "农村", "rural "), ("urban_", "城镇", "urban ")]
        let half = halves.first { name.hasPrefix($0.0) }
        let rest = half.map { String(name.dropFirst($0.0.count)) } ?? name
        guard let word = words[rest] else { return LendingWords.figure(name) }
        return desk.word((half?.1 ?? "") + word.zh, (half?.2 ?? "") + word.en)
    }

    private static let words: [String: (zh: String, en: String)] = [
        "money_fen": ("补助照顾资金", "policy money"), "persons": ("计生家庭人数", "persons of the families"),
        "persons_paid": ("当年得款家庭人数", "persons of families that got some"),
        "per_head_fen": ("年人均（全部家庭）", "per head of all families"),
        "per_head_paid_fen": ("年人均（得款家庭）", "per head of families that got some"),
        "income_fen": ("人均收入", "income per head"), "share_bp": ("占人均收入", "share of the income"),
        "required_fen": ("应达到年人均", "required per head"),
        "required_money_fen": ("应付总额（不少于）", "money required in all"), "funds_fen": ("计生事业经费", "per-capita funds"),
        "earmark_required_fen": ("应提取专项经费", "earmark required"), "earmark_fen": ("已提取专项经费", "earmark"),
        "earmark_share_bp": ("提取比例", "share set aside"),
    ]
}

extension Line {
    /// Indicators of a division.
    func indicators(_ query: Care_V1_IndicatorsQuery) async throws -> Care_V1_IndicatorPage {
        guard case .indicators(let page) = try await ask(.indicators(query), timeout: .seconds(120)) else {
            throw Failure.badAnswer
        }
        return page
    }
}

extension Care_V1_IndicatorPage {
    /// The report as it is sent: the same as known at the same moment, whenever it is asked for.
    func json(_ scope: ReportScope) -> JSON {
        .object([
            ("report", .string(scope.kind.rawValue)), ("form", .int(IndicatorForm.current)),
            ("pack", .optional(scope.pack?.rawValue)),
            ("division", .string(scope.division.rawValue)), ("first_day", .day(scope.firstDay)),
            ("as_of", .day(asOf)), ("known_at", .moment(Moment(microseconds: knownAt))),
            ("indicators", .array(indicators.map(\.json))), ("inputs", .array(inputs.map(\.json))),
            ("figures", .object(figures.map { ($0.name, .int($0.value)) })),
            ("incomplete_household_count", .int(Int64(incompleteHouseholdCount))),
        ])
    }
}

extension Care_V1_IndicatorPage.Indicator {
    fileprivate var json: JSON {
        .object([
            ("clause", .string(clause)), ("title", .string(titleZh)), ("state", .string(state)),
            ("measure", hasMeasureThousandths ? .string(DecimalText.text(measureThousandths)) : .null),
            ("unit", .string(unit)), ("reasons", .array(reasons.map { .string($0.textZh) })),
        ])
    }
}

extension Care_V1_IndicatorPage.Input {
    fileprivate var json: JSON {
        .object([
            ("fact", .string(fact)), ("title", .string(titleZh)), ("value", .string(IndicatorWords.value(value))),
            ("sequence", hasSequence ? .count(sequence) : .null),
            ("counted", hasCounted ? .string(IndicatorWords.value(counted)) : .null),
        ])
    }
}
