import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl pairing load`
struct PairingLoad: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "List the helpers and how many families each of them has.",
        discussion: """
            A helper whom two files brought has two ids and is counted under each. Who may be one person (the same name, unit \
            and township) is told after the list, with what makes them one, and in probably_same of --json.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var question: PairingQuestion

    @Option(help: "Only helpers in slots of this kind, such as cadre.")
    var kind: String?

    @Option(help: "Only helpers with at least so many families.")
    var least: UInt32 = 0

    @Option(help: "At most so many helpers, those with most families first; up to 1000.")
    var limit: UInt32 = 100

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(question.asOf, option: "--as-of")
        let query = Care_V1_HelperLoadQuery.with {
            $0.asOf = day.dayNumber
            $0.division = question.division ?? ""
            $0.kind = kind ?? ""
            $0.least = least
            $0.limit = limit
        }
        guard case .helperLoad(let list) = try await desk.line(to: .careArchive).ask(.helperLoad(query)) else {
            throw Failure.badAnswer
        }
        let titles = ["结对人编号", "姓名", "单位", "户数", "类别", "区划"]
        let rows = list.entries.map { entry in
            let places = question.csv ? entry.divisions : entry.divisions.map(desk.place)
            return [
                entry.helper.idText, entry.name, entry.unit, "\(entry.householdCount)",
                entry.kinds.map(\.name).joined(separator: "、"), places.joined(separator: question.csv ? " " : "、"),
            ]
        }
        let same = LikelySameHelpers(list.entries)
        if question.json {
            let groups = same.groups.map { group in JSON.array(group.map { .id($0.helper) }) }
            desk.print(
                JSON.object([
                    ("as_of", .day(day)), ("total", .count(list.total)),
                    ("helpers", .array(list.entries.map(Self.json))), ("probably_same", .array(groups)),
                ]).text(indented: true))
            return
        }
        if question.csv {
            var file = CSVWriter()
            for row in [titles] + rows { file.append(row) }
            StandardOutput.write(file.bytes)
        } else {
            var table = TextTable([
                .init(titles[0]), .init(titles[1]), .init(titles[2], mayShrink: true), .init(titles[3], .right),
                .init(titles[4]), .init(titles[5], mayShrink: true),
            ])
            for row in rows { table.append(row) }
            desk.show(table)
            desk.mention(UserText(zh: "共 \(list.total) 名结对人", en: "\(list.total) helpers"))
        }
        if let text = same.text(listed: list.entries.count, of: list.total) { desk.mention(text) }
    }

    private static func json(_ entry: Care_V1_HelperLoadList.Entry) -> JSON {
        .object([
            ("helper", .id(entry.helper)), ("name", .optional(entry.name.isEmpty ? nil : entry.name)),
            ("unit", .optional(entry.unit.isEmpty ? nil : entry.unit)),
            ("household_count", .count(entry.householdCount)), ("kinds", .array(entry.kinds.map(JSON.word))),
            ("divisions", .array(entry.divisions.map { .string($0) })),
        ])
    }
}

/// `carectl pairing suggest`
struct PairingSuggest: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Suggest helpers for a slot of a family.",
        discussion: """
            From the helpers who fill such a slot elsewhere: those of the same township first, then of the same county,
            and among them those with the fewest families. Nobody who belongs to the family or fills one of its slots
            is suggested, also not under another id (one name with one telephone or unit). It only suggests: carectl pairing assign HOUSEHOLD KIND --helper ID decides;
            name and unit are then those of the helper's other pairings.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Kind of pairing, such as department, cadre, party_member, volunteer.")
    var kind: String

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Option(help: "At most so many; up to 100.")
    var limit: UInt32 = 10

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(asOf, option: "--as-of")
        let query = Care_V1_HelperSuggestionQuery.with {
            $0.household = household
            $0.kind = kind
            $0.asOf = day.dayNumber
            $0.limit = limit
        }
        guard
            case .helperSuggestions(let list) = try await desk.line(to: .careArchive).ask(.helperSuggestions(query))
        else { throw Failure.badAnswer }
        if json {
            let entries = list.entries.map(Self.json)
            desk.print(
                JSON.object([("household", .id(list.household)), ("helpers", .array(entries))]).text(indented: true))
            return
        }
        var table = TextTable([
            .init("结对人编号"), .init("姓名"), .init("单位", mayShrink: true), .init("已结对户数", .right), .init("远近"),
        ])
        for entry in list.entries {
            table.append([
                entry.helper.idText, entry.name, entry.unit, "\(entry.householdCount)", Self.chinese(entry.nearness),
            ])
        }
        desk.show(table)
        if list.entries.isEmpty {
            desk.mention(
                UserText(zh: "没有可推荐的：还没有人在别户担任此类结对", en: "nobody to suggest: no helper fills such a slot elsewhere"))
        }
    }

    private static func json(_ entry: Care_V1_HelperSuggestionList.Entry) -> JSON {
        .object([
            ("helper", .id(entry.helper)), ("name", .optional(entry.name.isEmpty ? nil : entry.name)),
            ("unit", .optional(entry.unit.isEmpty ? nil : entry.unit)),
            ("household_count", .count(entry.householdCount)), ("nearness", .string(code(entry.nearness))),
        ])
    }

    private static func code(_ nearness: Care_V1_HelperSuggestionList.Nearness) -> String {
        switch nearness {
        case .township: "township"
        case .county: "county"
        case .elsewhere, .unspecified, .UNRECOGNIZED: "elsewhere"
        }
    }

    private static func chinese(_ nearness: Care_V1_HelperSuggestionList.Nearness) -> String {
        switch nearness {
        case .township: "同乡镇"
        case .county: "同县"
        case .elsewhere, .unspecified, .UNRECOGNIZED: "其他"
        }
    }
}
