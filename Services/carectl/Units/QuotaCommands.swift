import ArgumentParser
import CareDomain
import CareWire
import CaseImport
import OfficeFiles
import ServiceKit

/// `carectl quota`
struct QuotaCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota",
        abstract: "Guidance numbers (指导数) by unit, project and activity year: import, set, and what is left of them.",
        discussion: """
            The pack names the units, the projects and their headings; the numbers come from a table or one by one. What was set before is
            only replaced with a reason. Grants that take places: carectl grant. Scores, budgets and settlement: carectl settle.
            """,
        subcommands: [QuotaShow.self, QuotaImport.self, QuotaSet.self])
}

extension Line {
    /// Sends a command about a unit.
    @discardableResult
    func unit(_ command: UnitCommand, timeout: Duration = .seconds(20)) async throws -> Recorded {
        try await send(try UnitCodec.encode(command), id: command.id, method: .submitUnit, timeout: timeout)
    }

    /// The guidance numbers of a year.
    /// - Throws: `Failure` when no pack knows the year, besides what asking throws.
    func quota(_ year: Int, unit: String? = nil) async throws -> Care_V1_QuotaPage {
        let query = Care_V1_QuotaQuery.with {
            $0.year = UInt32(clamping: year)
            $0.division = unit ?? ""
        }
        guard case .quota(let page) = try await ask(.quota(query)) else { throw Failure.badAnswer }
        guard !page.pack.isEmpty else {
            throw Failure(
                6430, UserText(zh: "没有政策包规定 \(year) 年的指导数", en: "no pack has guidance numbers for \(year)"),
                advice: UserText(
                    zh: "先用 carectl rules publish 发布该年度的政策包", en: "publish the year's pack with carectl rules publish"),
                exit: .problemsFound)
        }
        return page
    }
}

extension DivisionCode {
    /// A unit as typed.
    static func unit(_ text: String) throws -> DivisionCode {
        guard let division = DivisionCode(text) else {
            throw Failure(
                6431,
                UserText(zh: "--unit 应是单位的区划代码，如 330302", en: "--unit must be a unit's division code such as 330302"),
                exit: .usage)
        }
        return division
    }
}

extension ClauseID {
    /// A clause as typed.
    static func typed(_ text: String) throws -> ClauseID {
        guard let clause = ClauseID(text) else {
            throw Failure(
                6432, UserText(zh: "条款应是编号，如 WZ-3.1", en: "a clause is a number such as WZ-3.1"), exit: .usage)
        }
        return clause
    }
}

/// Why something set before is replaced, and where the new figure stands.
struct ReplacementOptions: ParsableArguments {
    @Option(help: "Why what was set before is replaced, a code such as document_corrected.")
    var reason: String?

    @Option(help: "The document it stands in.")
    var source: String?

    func code() throws -> Code? { try reason.map { try Code.typed($0, option: "--reason") } }
}

/// `carectl quota show`
struct QuotaShow: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the guidance numbers of a year with what is left of each.",
        discussion: """
            A cell reads left/number; a * marks places held by grants that are not finished. The money columns are what all places cost at
            the clauses' own sums, and the city's full share of that.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "The activity year.")
    var year: Int

    @Option(help: "Only this unit, 6 digits.")
    var unit: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let page = try await desk.line(to: .careArchive).quota(year, unit: unit)
        if json { return desk.print(page.json(year: year).text(indented: true)) }
        var table = TextTable(
            [.init("单位")] + page.projects.map { .init($0.column, .right) } + [
                .init("余/数", .right), .init("已资助金额", .right), .init("满额经费", .right), .init("市级满比例", .right),
            ])
        for unit in page.units {
            let cells = unit.cells.map { $0.isSet ? "\($0.left)/\($0.places)\($0.reserved > 0 ? "*" : "")" : "-" }
            table.append(
                ["\(unit.title) \(unit.division)"] + cells + [
                    "\(unit.left)/\(unit.places)", "\(unit.granted)", "\(Fen(unit.fullCostFen))",
                    "\(Fen(unit.fullShareFen))",
                ])
        }
        let sums = page.projects.indices.map { index in
            let cells = page.units.map { $0.cells[index] }
            return "\(cells.reduce(0) { $0 + $1.left })/\(cells.reduce(0) { $0 + Int($1.places) })"
        }
        table.append(
            ["合计"] + sums + [
                "\(page.units.reduce(0) { $0 + $1.left })/\(page.units.reduce(0) { $0 + $1.places })",
                "\(page.units.reduce(Fen.zero) { $0 + $1.granted })",
                "\(Fen(page.units.reduce(0) { $0 + $1.fullCostFen }))",
                "\(Fen(page.units.reduce(0) { $0 + $1.fullShareFen }))",
            ])
        desk.show(table)
        desk.mention(
            page.isCap
                ? UserText(zh: "指导数为上限，超出的不批", en: "a guidance number is a cap: nothing beyond it")
                : UserText(zh: "指导数不是上限，超出的须写明理由", en: "a guidance number is no cap: beyond it a reason is needed"))
    }
}

extension Care_V1_QuotaPage.Cell {
    /// Places that are free; negative when more was granted than the number says.
    var left: Int { Int(places) - Int(reserved) - Int(confirmed) }
}

extension Care_V1_QuotaPage.Unit {
    var left: Int { cells.reduce(0) { $0 + $1.left } }
    var places: Int { cells.reduce(0) { $0 + Int($1.places) } }
    var granted: Fen { Fen(cells.reduce(0) { $0 + $1.amountFen }) }
}

extension Care_V1_QuotaPage {
    fileprivate func json(year: Int) -> JSON {
        .object([
            ("year", .int(Int64(year))), ("pack", .string(pack)), ("is_cap", .bool(isCap)),
            (
                "projects",
                .array(
                    projects.map {
                        .object([
                            ("clause", .string($0.clause)), ("title", .string($0.title)),
                            ("column", .string($0.column)), ("standard_fen", .int($0.standardFen)),
                        ])
                    })
            ), ("units", .array(units.map(Self.json))),
            ("places", .int(Int64(units.reduce(0) { $0 + $1.places }))),
            ("full_cost_fen", .int(units.reduce(0) { $0 + $1.fullCostFen })),
            ("full_share_fen", .int(units.reduce(0) { $0 + $1.fullShareFen })),
        ])
    }

    private static func json(_ unit: Unit) -> JSON {
        .object([
            ("division", .string(unit.division)), ("code", .string(unit.code)), ("title", .string(unit.title)),
            ("city_parts", .int(Int64(unit.cityParts))), ("unit_parts", .int(Int64(unit.unitParts))),
            ("budget_fen", unit.hasBudgetFen ? .int(unit.budgetFen) : .null),
            ("advance_fen", unit.hasAdvanceFen ? .int(unit.advanceFen) : .null),
            ("full_cost_fen", .int(unit.fullCostFen)), ("full_share_fen", .int(unit.fullShareFen)),
            (
                "cells",
                .array(
                    unit.cells.map { cell in
                        .object([
                            ("clause", .string(cell.clause)),
                            ("places", cell.isSet ? .int(Int64(cell.places)) : .null),
                            ("reserved", .int(Int64(cell.reserved))), ("confirmed", .int(Int64(cell.confirmed))),
                            ("left", cell.isSet ? .int(Int64(cell.left)) : .null), ("amount_fen", .int(cell.amountFen)),
                        ])
                    })
            ),
        ])
    }
}

/// `carectl quota import`
struct QuotaImport: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in a table of guidance numbers: a row for each unit, the total last.",
        discussion: """
            Columns: record_type (unit or printed_total), unit_code, unit_zh, the projects under the headings of the pack and, where given,
            city_share and unit_share. An empty number is 0. The whole table is checked first; a wrong total is named with its row and
            column, and nothing is taken in. Repeat the command when it was interrupted: units that are in already are left alone.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var replacement: ReplacementOptions

    @Argument(help: "The table, CSV; - for standard input.")
    var path: String

    @Option(help: "The activity year.")
    var year: Int

    @Option(help: "The day of the document; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let input = try ImportFile(path: path)
        let page = try await desk.line(to: .careArchive).quota(year)
        let rows: [QuotaFile.Row]
        do {
            rows = try QuotaFile.read(input.bytes, projects: try page.terms(), units: try page.unitTerms())
        } catch let problem as QuotaProblem { throw Failure(problem) }
        let intake = try await desk.line(to: .intake)
        let reason = try replacement.code()
        var taken = 0
        for row in rows {
            let set = GuidanceSet(year: year, numbers: row.numbers, reason: reason, source: replacement.source)
            let command = UnitCommand(id: .random(), unit: row.division, occurredOn: day, action: .setGuidance(set))
            do {
                try await intake.unit(command)
                taken += 1
            } catch let failure as Failure where failure.code == Refusal(.nothingToDo).code {}
        }
        let places = rows.reduce(0) { $0 + $1.numbers.reduce(0) { $0 + $1.places } }
        desk.say(
            UserText(
                zh: "\(year) 年指导数：\(rows.count) 个单位、\(places) 户；本次登记 \(taken) 个单位",
                en: "guidance numbers of \(year): \(rows.count) units, \(places) places; \(taken) units recorded now"))
    }
}

extension Failure {
    fileprivate init(_ problem: QuotaProblem) {
        let row = problem.row.map { UserText(zh: "第 \($0) 行", en: "row \($0)") }
        let column = problem.column.map { UserText(zh: "第 \($0) 列", en: " column \($0)") }
        let place =
            (row ?? .plain("")) + (column ?? .plain("")) + (row == nil ? .plain("") : UserText(zh: "：", en: ": "))
        self.init(6433, place + UserText(zh: problem.chinese, en: problem.english), exit: .badData)
    }
}

extension Care_V1_QuotaPage {
    fileprivate func terms() throws -> [GuidanceTerms.Project] {
        try projects.map {
            GuidanceTerms.Project(
                clause: try ClauseID.typed($0.clause), title: $0.title, column: $0.column, standard: Fen($0.standardFen)
            )
        }
    }

    fileprivate func unitTerms() throws -> [GuidanceTerms.Unit] {
        try units.map { unit in
            guard let code = Code(unit.code),
                let shares = CostShares(city: Int64(unit.cityParts), unit: Int64(unit.unitParts))
            else { throw Failure.badAnswer }
            return GuidanceTerms.Unit(
                division: try DivisionCode.unit(unit.division), code: code, title: unit.title, shares: shares)
        }
    }
}

/// `carectl quota set`
struct QuotaSet: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set one guidance number.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var replacement: ReplacementOptions

    @Argument(help: "The project's clause, such as WZ-3.1.")
    var clause: String

    @Argument(help: "Number of places.")
    var places: Int

    @Option(help: "The unit, 6 digits.")
    var unit: String

    @Option(help: "The activity year.")
    var year: Int

    @Option(help: "The day of the document; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let set = GuidanceSet(
            year: year, numbers: [.init(clause: try ClauseID.typed(clause), places: places)],
            reason: try replacement.code(), source: replacement.source)
        let command = UnitCommand(
            id: .random(), unit: try DivisionCode.unit(unit), occurredOn: try desk.day(on, option: "--on"),
            action: .setGuidance(set))
        try await desk.line(to: .intake).unit(command)
        desk.mention(UserText(zh: "已登记，已落盘", en: "recorded and on disk"))
    }
}
