import CareDomain
import CareProjections
import OfficeFiles

extension CivilDay {
    /// 1 January of the day's year.
    var firstDayOfYear: CivilDay { CivilMonth(year: year, month: 1).firstDay }
}

extension NeedsSummary {
    private static let totalName = "合计"

    /// Units, then the total when there are several.
    private var printed: [(name: String, row: Row)] {
        rows.map { (name(of: $0.unit), $0) } + (rows.count == 1 ? [] : [(Self.totalName, total)])
    }

    /// A county's name; a township's or village's code with the name of its county.
    private func name(of unit: String) -> String {
        guard let code = DivisionCode(unit) else { return unit }
        let (table, day) = (DivisionTable.standard, days.upperBound)
        return (unit.count == 6 ? table.name(of: code, on: day) : nil) ?? table.label(of: code, on: day)
    }

    /// For the terminal, with the labels of screens.
    var table: TextTable {
        var table = TextTable(
            [.init(Self.unitHeading)] + Column.allCases.map { .init($0.label, .right) }
                + [.init(Self.remarksHeading, mayShrink: true)])
        for (name, row) in printed { table.append(row.cells(named: name)) }
        return table
    }

    /// The form as a file: title, day, two rows of headings word for word, units, total.
    var csv: [UInt8] {
        var file = CSVWriter()
        let (year, month, day) = days.upperBound.components
        file.append([Self.title])
        file.append(["\(year) 年 \(month) 月 \(day) 日"])
        file.append(Self.groupHeadings)
        file.append(Self.headings)
        for (name, row) in printed { file.append(row.cells(named: name)) }
        return file.bytes
    }

    var json: JSON {
        .object([
            ("title", .string(Self.title)), ("from", .day(days.lowerBound)), ("as_of", .day(days.upperBound)),
            (
                "columns",
                .array(
                    Column.allCases.map {
                        .object([
                            ("code", .string($0.rawValue)), ("group", .string($0.group)),
                            ("heading", .string($0.heading)),
                            ("counts", .string($0.countsHouseholds ? "households" : "items")),
                        ])
                    })
            ),
            ("rows", .array(rows.map(Self.json))), ("total", Self.json(total)),
        ])
    }

    /// A cell that no form answers is null.
    private static func json(_ row: Row) -> JSON {
        .object([
            ("unit", row.unit.isEmpty ? .null : .string(row.unit)), ("household_count", .int(Int64(row.households))),
            (
                "cells",
                .object(
                    Column.allCases.map { column in
                        (column.rawValue, row.isAnswered(column) ? .int(Int64(row.count(column))) : .null)
                    })
            ),
            (
                "open",
                .object(
                    Column.allCases.filter { row.openCount($0) > 0 }.map { column in
                        (column.rawValue, .int(Int64(row.openCount(column))))
                    })
            ),
            ("unsigned_form_count", .int(Int64(row.unsignedForms))),
            ("closed_household_count", .int(Int64(row.closedHouseholds))),
            ("incomplete_household_count", .int(Int64(row.incompleteHouseholds))), ("remarks", .string(row.remarks)),
        ])
    }
}
