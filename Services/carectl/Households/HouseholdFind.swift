import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl household find`
struct HouseholdFind: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "List households by division, status, type, archive number or id.",
        discussion: """
            The status (失独, 伤残) follows from the facts, wherever the family lives. The type (类别) is what the document in force
            for the family's place calls it, on the day asked about; 待认定 = facts are missing to tell. For --type the record
            of every family asked about is read, at most 5,000: name a county or township.
            """)

    /// The code of what offices call a status; other words as they are.
    static func code(ofStatus word: String) -> String {
        HardshipPeriod.Kind.allCases.first { $0.chinese == word }?.rawValue ?? word
    }

    @OptionGroup var common: CommonOptions

    @Option(help: "In this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(
        help: "bereaved (失独), disabled_child (伤残), any, none, closed, or registered_in_error; otherwise all open files."
    )
    var status: String?

    @Option(help: "Only families of this type (类别) by the document of their place, such as fp_hardship.")
    var type: String?

    @Option(help: "Archive number as written; one that the family had before it moved to another county finds it, too.")
    var number: String?

    @Option(help: "Beginning of the household id.")
    var prefix: String?

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Option(help: "At most this many; 0 = all.")
    var limit = 50

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "A CSV file that spreadsheet programs open.")
    var csv = false

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(asOf, option: "--as-of")
        let archive = try await desk.line(to: .careArchive)
        var query = Care_V1_FindHouseholdsQuery.with {
            $0.asOf = day.dayNumber
            $0.division = division ?? ""
            $0.status = Self.code(ofStatus: status ?? "")
            $0.archiveNumber = number ?? ""
            $0.householdPrefix = prefix?.lowercased() ?? ""
            $0.familyType = type ?? ""
            $0.withFamilyTypes = true
        }
        var open: UInt64 = 0
        let (entries, total) = try await archive.all(limit: limit > 0 ? limit : nil) { page in
            query.page = page
            guard case .households(let list) = try await archive.ask(.findHouseholds(query)) else {
                throw Failure.badAnswer
            }
            open = list.openCount
            return (list.households, list.total, list.nextPage)
        }
        if json {
            let document = JSON.object([
                ("as_of", .day(day)), ("total", .count(total)), ("open_count", .count(open)),
                ("households", .array(entries.map(\.json))),
            ])
            return desk.print(document.text(indented: true))
        }
        let titles: [TextTable.Column] = [
            .init("户编号"), .init("档案号"), .init("区划"), .init("类别", mayShrink: true), .init("情形"), .init("自"),
            .init("档案"), .init("人数", .right), .init("结对", .right),
        ]
        desk.show(titles, entries.map { $0.cells(csv ? $0.division : desk.place($0.division)) }, csv: csv)
        guard !csv else { return }
        desk.mention(
            UserText(zh: "共 \(total) 户，列出 \(entries.count) 户", en: "\(total) households, \(entries.count) listed"))
        if open > 0 {
            desk.mention(
                UserText(
                    zh: "另有 \(open) 户缺事实，是不是这一类尚待认定",
                    en: "of \(open) more households facts are missing to tell whether they are of this type"))
        }
    }
}

extension Care_V1_HouseholdList.Entry {
    fileprivate func cells(_ place: String) -> [String] {
        [
            household.idText, hasArchiveNumber ? archiveNumber : "", place, types,
            StatusWords.chinese(status), DayText.of(statusSince, ifSet: hasStatusSince), StatusWords.state(state),
            "\(memberCount)", "\(filledSlots)",
        ]
    }

    private var types: String {
        if familyTypes.isEmpty { return familyTypesOpen ? "待认定" : "-" }
        return familyTypes.map(\.name).joined(separator: "、")
    }

    fileprivate var json: JSON {
        .object([
            ("household", .id(household)),
            ("archive_number", hasArchiveNumber ? .string(archiveNumber) : .null), ("division", .string(division)),
            ("status", status.isEmpty ? .null : .string(status)),
            ("status_since", .day(statusSince, ifSet: hasStatusSince)),
            ("family_types", .array(familyTypes.map(JSON.word))), ("family_types_open", .bool(familyTypesOpen)),
            ("state", .string(state)), ("member_count", .int(Int64(memberCount))),
            ("filled_slots", .int(Int64(filledSlots))), ("last_sequence", .count(lastSequence)),
        ])
    }
}
