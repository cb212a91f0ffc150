import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit
import SwiftProtobuf

/// `carectl pairing`
struct PairingCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairing", abstract: "Who helps whom: coverage, gaps, assigning and handing over.",
        subcommands: [
            PairingCoverage.self, PairingMissing.self, PairingLoad.self, PairingSuggest.self, PairingAssign.self,
            PairingHandover.self, PairingEnd.self,
        ])
}

/// Where and when a question about pairings is asked, and how it is printed.
struct PairingQuestion: ParsableArguments {
    @Option(help: "In this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "A CSV file that spreadsheet programs open.")
    var csv = false
}

/// `carectl pairing coverage`
struct PairingCoverage: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage", abstract: "Count special-hardship families and their helpers, kind by kind.",
        discussion: """
            A slot counts when all is on record that the document asks for of the helper: in Chenzhou real name, unit and \
            contact. One that is held by name without the rest (资料不全) counts in no figure but its own: it is neither empty \
            nor filled.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var question: PairingQuestion

    @Option(help: "Digits of the division codes by which to count: 6, 9 or 12.")
    var depth: UInt32 = 6

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let day = try desk.day(question.asOf, option: "--as-of")
        let query = Care_V1_PairingCoverageQuery.with {
            $0.division = question.division ?? ""
            $0.asOf = day.dayNumber
            $0.depth = depth
        }
        guard case .pairingCoverage(let table) = try await archive.ask(.pairingCoverage(query)) else {
            throw Failure.badAnswer
        }
        let rows = table.rows + [table.total]
        if question.json {
            desk.print(Self.json(table).text(indented: true))
        } else if question.csv {
            var file = CSVWriter()
            file.append(["区划", "户数"] + table.kinds.map(\.name) + ["四项齐全", "资料不全"])
            for row in rows { file.append([Self.division(row)] + Self.figures(row, table.kinds).map { "\($0)" }) }
            StandardOutput.write(file.bytes)
        } else {
            var columns = [TextTable.Column("区划"), TextTable.Column("户数", .right)]
            columns += table.kinds.map { TextTable.Column($0.name, .right) }
            columns += ["四项齐全", "资料不全", "比例"].map { TextTable.Column($0, .right) }
            var text = TextTable(columns)
            for row in rows {
                let share = row.householdCount == 0 ? "-" : "\(row.coveredCount * 100 / row.householdCount)%"
                text.append([desk.place(Self.division(row))] + Self.figures(row, table.kinds).map { "\($0)" } + [share])
            }
            desk.show(text)
            if rows.contains(where: { $0.incompleteCount > 0 || $0.kinds.contains { $0.incompleteCount > 0 } }) {
                desk.mention(Self.incompleteWords)
            }
        }
    }

    private static let incompleteWords = UserText(
        zh: "资料不全：四项都有人，但有的缺单位或联系方式。这样的岗位不计入各类，这样的户不计入四项齐全和比例；逐项见 pairing missing",
        en:
            "资料不全: somebody is in every slot, but unit or contact of some are lacking. Such slots are not in the kinds' figures, "
            + "and such families neither among those with all four nor in the share; pairing missing lists them")

    private static func division(_ row: Care_V1_PairingCoverageTable.Row) -> String {
        row.division.isEmpty ? "合计" : row.division
    }

    /// Families, then filled slots kind by kind, then families with all of them, then those with nobody lacking but details.
    private static func figures(_ row: Care_V1_PairingCoverageTable.Row, _ kinds: [Care_V1_Word]) -> [UInt64] {
        let filled = Dictionary(row.kinds.map { ($0.kind, $0.filledCount) }, uniquingKeysWith: { first, _ in first })
        return [row.householdCount] + kinds.map { filled[$0.code] ?? 0 } + [row.coveredCount, row.incompleteCount]
    }

    private static func json(_ table: Care_V1_PairingCoverageTable) -> JSON {
        func row(_ row: Care_V1_PairingCoverageTable.Row) -> JSON {
            .object([
                ("division", row.division.isEmpty ? .null : .string(row.division)),
                ("household_count", .count(row.householdCount)), ("covered_count", .count(row.coveredCount)),
                ("incomplete_count", .count(row.incompleteCount)),
                ("filled_count", .object(row.kinds.map { ($0.kind, .count($0.filledCount)) })),
                ("incomplete_slots", .object(row.kinds.map { ($0.kind, .count($0.incompleteCount)) })),
            ])
        }
        return .object([
            ("as_of", .day(table.asOf)), ("kinds", .array(table.kinds.map(JSON.word))),
            ("rows", .array(table.rows.map(row))), ("total", row(table.total)),
        ])
    }
}

/// `carectl pairing missing`
struct PairingMissing: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "missing", abstract: "List the families that lack helpers or details of them, and which.",
        discussion: """
            A slot is empty (缺), also where somebody is in it without a name, or somebody holds it of whom unit or contact are \
            lacking (资料不全). To complete a helper's details assign the helper again with them: carectl pairing assign \
            HOUSEHOLD KIND --name NAME --unit UNIT --phone PHONE.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var question: PairingQuestion

    @Option(help: "Only families of which this slot is not filled, such as volunteer.")
    var kind: String?

    @Option(help: "At most this many families; 0 = all.")
    var limit = 0

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let day = try desk.day(question.asOf, option: "--as-of")
        var query = Care_V1_PairingMissingQuery.with {
            $0.division = question.division ?? ""
            $0.asOf = day.dayNumber
            $0.kind = kind ?? ""
        }
        let (families, total) = try await archive.all(limit: limit > 0 ? limit : nil) { page in
            query.page = page
            guard case .pairingGaps(let list) = try await archive.ask(.pairingMissing(query)) else {
                throw Failure.badAnswer
            }
            return (list.households, list.total, list.nextPage)
        }
        if question.json {
            let document = JSON.object([
                ("as_of", .day(day)), ("total", .count(total)), ("households", .array(families.map(Self.json))),
            ])
            desk.print(document.text(indented: true))
            return
        }
        let rows = families.flatMap { family in
            family.gaps.map { gap in
                [
                    family.household.idText, question.csv ? family.division : desk.place(family.division),
                    StatusWords.chinese(family.status), gap.kind.name, Self.state(gap),
                    DayText.of(gap.missingSince),
                ]
            }
        }
        let titles = ["户编号", "区划", "类别", "结对", "情形", "自"]
        if question.csv {
            var file = CSVWriter()
            for row in [titles] + rows { file.append(row) }
            StandardOutput.write(file.bytes)
        } else {
            var table = TextTable(titles.map { .init($0) })
            for row in rows { table.append(row) }
            desk.show(table)
            desk.mention(
                UserText(
                    zh: "共 \(total) 户缺结对人，或结对人资料不全",
                    en: "\(total) families lack helpers, or details of them"))
        }
    }

    /// 缺, or what is lacking of whoever is there.
    private static func state(_ gap: Care_V1_PairingGapList.Gap) -> String {
        let lacking = gap.lackingDetails.compactMap(HelperDetails.init(code:)).reduce(HelperDetails()) { $0.union($1) }
        if gap.incomplete { return "资料不全（\(lacking.lackingChinese)）" }
        return lacking.isEmpty ? "缺" : "缺（有人未实名，\(lacking.lackingChinese)）"
    }

    private static func json(_ family: Care_V1_PairingGapList.Entry) -> JSON {
        .object([
            ("household", .id(family.household)), ("division", .string(family.division)),
            ("status", .string(family.status)),
            (
                "gaps",
                .array(
                    family.gaps.map { gap in
                        .object([
                            ("kind", .word(gap.kind)), ("missing_since", .day(gap.missingSince)),
                            ("incomplete", .bool(gap.incomplete)),
                            ("lacking", .array(gap.lackingDetails.map(JSON.string))),
                        ])
                    })
            ),
        ])
    }
}
