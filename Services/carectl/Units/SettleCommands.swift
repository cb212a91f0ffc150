import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl settle`
struct SettleCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settle",
        abstract: "Yearly evaluation and settlement of a unit: score, budget, advance, calculation sheet.",
        discussion: """
            Score each part with its evidence, set the city's budget and advance (here, or by rules set-parameter wz.municipal_budget and
            wz.advance; two different figures are refused), then compute: the settlement is frozen with all it was
            computed from. A correction is a new version with a reason. What was advanced above the settlement is deducted next year.
            """,
        subcommands: [SettleScore.self, SettleAdvance.self, SettleBudget.self, SettleCompute.self, SettleShow.self])
}

/// Which unit and year.
struct UnitYearOptions: ParsableArguments {
    @Option(help: "The unit, 6 digits.")
    var unit: String

    @Option(help: "The activity year.")
    var year: Int

    @Option(help: "The day it was done; otherwise today.")
    var on: String?

    func send(_ desk: Desk, _ action: UnitAction) async throws {
        let command = UnitCommand(
            id: .random(), unit: try DivisionCode.unit(unit), occurredOn: try desk.day(on, option: "--on"),
            action: action)
        try await desk.line(to: .intake).unit(command)
        desk.mention(UserText(zh: "已登记，已落盘", en: "recorded and on disk"))
    }

    func page(_ desk: Desk) async throws -> Care_V1_SettlementPage {
        let query = Care_V1_SettlementQuery.with {
            $0.division = unit
            $0.year = UInt32(clamping: year)
        }
        guard case .settlement(let page) = try await desk.line(to: .careArchive).ask(.settlement(query)) else {
            throw Failure.badAnswer
        }
        return page
    }
}

/// `carectl settle score`
struct SettleScore: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Give points to one part of the evaluation, or adjust the score.",
        discussion: "The adjustment is a part too; it may be negative and needs a reason instead of evidence.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: UnitYearOptions

    @Argument(help: "Clause of the part, such as WZ-A3.2a.")
    var part: String

    @Argument(help: "Points, such as 18.5.")
    var points: String

    @Option(help: "Reference to the evidence.")
    var evidence: String?

    @Option(help: "The evidence as a file: it is put into the store, its digest is recorded.")
    var file: String?

    @Option(help: "Why it is adjusted or replaced, a code.")
    var reason: String?

    func perform(_ desk: Desk) async throws {
        guard let points = Points(typed: points) else {
            throw Failure(
                6437,
                UserText(
                    zh: "分数应是数，最多三位小数，如 18.5", en: "points are a number with at most three decimals, such as 18.5"),
                exit: .usage)
        }
        guard evidence == nil || file == nil else {
            throw Failure(
                6564, UserText(zh: "--evidence 和 --file 只写一个", en: "say --evidence or --file, not both"), exit: .usage)
        }
        let part = try ClauseID.typed(part)
        let reason = try reason.map { try Code.typed($0, option: "--reason") }
        let kept = try await store(desk)
        try await options.send(
            desk,
            .score(
                UnitScored(
                    year: options.year, clause: part, points: points, evidence: kept?.reference ?? evidence,
                    reason: reason)))
    }

    private func store(_ desk: Desk) async throws -> FileDigest? {
        guard let file else { return nil }
        return try await OfficeFile(file).put(at: .unit(try DivisionCode.unit(options.unit)), desk).digest
    }
}

extension Points {
    /// Reads `18.5` or `-2`; nil for anything else.
    init?(typed text: String) {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCII) }),
            parts[0].count <= 4, let whole = UInt32(parts[0])
        else { return nil }
        let decimals = parts.count == 2 ? String(parts[1]) : "0"
        guard decimals.count <= 3, let rest = UInt32(decimals + String(repeating: "0", count: 3 - decimals.count))
        else {
            return nil
        }
        let thousandths = Int64(whole) * 1000 + Int64(rest)
        self.init(thousandths: isNegative ? -thousandths : thousandths)
    }
}

/// `carectl settle advance`
struct SettleAdvance: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "advance", abstract: "Set the city's advance of a year (预拨).",
        discussion: "The advance as decided; what the year before left to be deducted is taken off when it is settled.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: UnitYearOptions
    @OptionGroup var replacement: ReplacementOptions

    @Argument(help: "In yuan.")
    var amount: String

    func perform(_ desk: Desk) async throws {
        let sum = UnitSum(
            year: options.year, amount: try Fen.typed(amount, option: "AMOUNT"), reason: try replacement.code(),
            source: replacement.source)
        try await options.send(desk, .setAdvance(sum))
    }
}

/// `carectl settle budget`
struct SettleBudget: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "budget", abstract: "Set the city's budget ceiling of a year (市级当年预算限额).")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: UnitYearOptions
    @OptionGroup var replacement: ReplacementOptions

    @Argument(help: "In yuan.")
    var amount: String

    func perform(_ desk: Desk) async throws {
        let sum = UnitSum(
            year: options.year, amount: try Fen.typed(amount, option: "AMOUNT"), reason: try replacement.code(),
            source: replacement.source)
        try await options.send(desk, .setBudget(sum))
    }
}

/// `carectl settle compute`
struct SettleCompute: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "compute", abstract: "Settle a year and freeze it; print the calculation sheet.",
        discussion: "Settled before: only when something changed, with a reason; the earlier version stays.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: UnitYearOptions

    @Option(help: "Why an earlier settlement is replaced, a code.")
    var reason: String?

    func perform(_ desk: Desk) async throws {
        let reason = try reason.map { try Code.typed($0, option: "--reason") }
        try await options.send(desk, .compute(year: options.year, reason: reason))
        let page = try await options.page(desk)
        if let last = page.versions.last { desk.show(last.table(page, desk.language)) }
    }
}

/// `carectl settle show`
struct SettleShow: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a unit's scores, sums and settlement, with the calculation step by step.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: UnitYearOptions

    @Option(help: "Only this version; otherwise the newest.")
    var version: Int?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let page = try await options.page(desk)
        if json { return desk.print(try page.json().text(indented: true)) }
        var parts = TextTable([
            .init("评估部分"), .init("名称"), .init("得分", .right), .init("满分", .right), .init("依据"), .init("理由"),
            .init("评分人"),
        ])
        for part in page.parts {
            parts.append([
                part.clause, part.title,
                part.hasPointsThousandths ? "\(Points(thousandths: part.pointsThousandths))" : "-",
                part.mostThousandths == 0 ? "" : "\(Points(thousandths: part.mostThousandths))", part.evidence,
                part.reason, part.actor,
            ])
        }
        desk.show(parts)
        let shown = version.map { number in page.versions.filter { $0.settlement.version == UInt32(clamping: number) } }
        guard let made = (shown ?? page.versions).last else {
            return desk.say(UserText(zh: "尚未结算", en: "not settled yet"))
        }
        desk.show(made.table(page, desk.language))
    }
}

extension Care_V1_SettlementPage.Version {
    /// The calculation sheet.
    fileprivate func table(_ page: Care_V1_SettlementPage, _ language: Language) -> TextTable {
        let day = CivilDay(dayNumber: frozenOn)
        let heading = UserText(
            zh: "\(page.title) \(page.year) 年结算，第 \(settlement.version) 版（\(day) \(actor)）",
            en: "\(page.division) \(page.year), version \(settlement.version) (\(day) \(actor))")
        var table = TextTable([
            .init(heading[language], mayShrink: true),
            .init(UserText(zh: "算式", en: "formula")[language], mayShrink: true),
            .init(UserText(zh: "结果", en: "result")[language], .right),
        ])
        for line in lines {
            table.append([UserText(zh: line.textZh, en: line.textEn)[language], line.formula, line.result])
        }
        return table
    }
}

extension Care_V1_SettlementPage {
    fileprivate func json() throws -> JSON {
        .object([
            ("division", .string(division)), ("title", .string(title)), ("year", .int(Int64(year))),
            (
                "parts",
                .array(
                    parts.map { part in
                        .object([
                            ("clause", .string(part.clause)), ("title", .string(part.title)),
                            (
                                "points",
                                part.hasPointsThousandths
                                    ? .string("\(Points(thousandths: part.pointsThousandths))") : .null
                            ), ("evidence", part.evidence.isEmpty ? .null : .string(part.evidence)),
                            ("reason", part.reason.isEmpty ? .null : .string(part.reason)),
                            ("actor", part.actor.isEmpty ? .null : .string(part.actor)),
                        ])
                    })
            ), ("budget_fen", hasBudgetFen ? .int(budgetFen) : .null),
            ("advance_fen", hasAdvanceFen ? .int(advanceFen) : .null), ("carried_in_fen", .int(carriedInFen)),
            ("versions", .array(try versions.map { try $0.json() })),
        ])
    }
}

extension Care_V1_SettlementPage.Version {
    fileprivate func json() throws -> JSON {
        let made = try Settlement(wire: settlement)
        return .object([
            ("version", .int(Int64(made.version))), ("reason", made.reason.map { .string($0.rawValue) } ?? .null),
            ("frozen_on", .string(CivilDay(dayNumber: frozenOn).description)), ("actor", .string(actor)),
            ("pack", .string(made.pack.rawValue)), ("score", .string(made.score.description)),
            ("cost_fen", .int(made.cost.amount)), ("share_fen", .int(made.result.share.amount)),
            ("settled_fen", .int(made.result.settled.amount)), ("paid_out_fen", .int(made.paidOut.amount)),
            ("balance_fen", .int(made.balance.amount)), ("carried_out_fen", .int(made.carriedOut.amount)),
            ("mode", .string(made.result.mode.rawValue)), ("step", .string(made.result.step.rawValue)),
            (
                "alternatives",
                .array(
                    made.alternatives.map {
                        .object([
                            ("mode", .string($0.mode.rawValue)), ("step", .string($0.step.rawValue)),
                            ("settled_fen", .int($0.settled.amount)),
                        ])
                    })
            ),
            (
                "sheet",
                .array(
                    lines.map {
                        .object([
                            ("code", .string($0.code)), ("zh", .string($0.textZh)), ("en", .string($0.textEn)),
                            ("formula", .string($0.formula)), ("result", .string($0.result)),
                        ])
                    })
            ),
        ])
    }
}
