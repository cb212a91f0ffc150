import CareDomain
import OfficeFiles

/// Why a table of guidance numbers cannot be taken in, and where.
package struct QuotaProblem: Error, Hashable, Sendable {
    /// As a spreadsheet program numbers it; nil = the file as a whole.
    package let row: Int?
    /// The column's number, from 1; nil = the whole row.
    package let column: Int?
    package let chinese: String
    package let english: String

    init(row: Int? = nil, column: Int? = nil, _ chinese: String, _ english: String) {
        self.row = row
        self.column = column
        self.chinese = chinese
        self.english = english
    }
}

/// 指导数表: a row for each unit, a column for each project, and the printed total as the last row.
///
/// The columns are `record_type` (`unit` or `printed_total`), `unit_code`, `unit_zh`, the projects under their own
/// headings and, where given, `city_share` and `unit_share`. An empty number is 0.
/// - Source: 温卫发〔2021〕42号, 附件1 (WZ-A1)
package struct QuotaFile {
    /// The numbers of one unit.
    package struct Row: Hashable, Sendable {
        package let division: DivisionCode
        package let numbers: [GuidanceSet.Number]
    }

    private let table: CSVTable
    private let projects: [GuidanceTerms.Project]
    private let units: [GuidanceTerms.Unit]

    /// Reads a table against the columns and rows that the pack declares.
    /// - Returns: By unit, in the order of the file.
    /// - Throws: `FileProblem` or `QuotaProblem`; then nothing of it counts.
    package static func read(
        _ bytes: [UInt8], projects: [GuidanceTerms.Project], units: [GuidanceTerms.Unit]
    ) throws -> [Row] {
        try QuotaFile(table: CSVTable(bytes), projects: projects, units: units).rows()
    }

    private func rows() throws -> [Row] {
        for heading in ["record_type", "unit_code"] + projects.map(\.column) where table.column(of: heading) == nil {
            throw QuotaProblem("缺少“\(heading)”一列", "the column \(heading) is missing")
        }
        var rows: [Row] = []
        var sums = Array(repeating: 0, count: projects.count)
        var isTotalled = false
        for row in table.rows {
            if let problem = row.problems.first { throw problem }
            guard !isTotalled else {
                throw QuotaProblem(row: row.row, "合计之后还有内容", "there is something behind the total")
            }
            let numbers = try projects.map { try number($0.column, row) }
            switch table.cell("record_type", in: row) ?? "" {
            case "unit":
                let unit = try unit(row)
                guard !rows.contains(where: { $0.division == unit.division }) else {
                    throw QuotaProblem(
                        row: row.row, column: table.column(of: "unit_code"), "单位 \(unit.title) 出现两次",
                        "the unit \(unit.code) stands twice")
                }
                rows.append(
                    Row(
                        division: unit.division,
                        numbers: zip(projects, numbers).map { .init(clause: $0.clause, places: $1) }))
                for index in sums.indices { sums[index] += numbers[index] }
            case "printed_total":
                try check(numbers, sums, row)
                isTotalled = true
            case let other:
                throw QuotaProblem(
                    row: row.row, column: table.column(of: "record_type"),
                    "record_type 应是 unit 或 printed_total：\(other)",
                    "record_type must be unit or printed_total: \(other)")
            }
        }
        guard isTotalled else { throw QuotaProblem("没有合计行", "the row with the total is missing") }
        guard !rows.isEmpty else { throw QuotaProblem("没有单位", "there is no unit") }
        return rows
    }

    private func number(_ heading: String, _ row: CSVRow) throws -> Int {
        let text = CSVTable.trimmed(table.cell(heading, in: row) ?? "")
        if text.isEmpty { return 0 }
        guard text.utf8.count <= 7, text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(text),
            number <= 1_000_000
        else {
            throw QuotaProblem(
                row: row.row, column: table.column(of: heading), "“\(heading)”应是户数：\(text)",
                "\(heading) must be a number of households: \(text)")
        }
        return number
    }

    private func unit(_ row: CSVRow) throws -> GuidanceTerms.Unit {
        let code = CSVTable.trimmed(table.cell("unit_code", in: row) ?? "")
        let title = CSVTable.trimmed(table.cell("unit_zh", in: row) ?? "")
        guard let unit = units.first(where: { $0.code.rawValue == code }) ?? units.first(where: { $0.title == title })
        else {
            throw QuotaProblem(
                row: row.row, column: table.column(of: "unit_code"), "不认识的单位 \(code) \(title)，或不在您的辖区",
                "unknown unit \(code), or outside your division")
        }
        for (heading, parts) in [("city_share", unit.shares.city), ("unit_share", unit.shares.unit)] {
            let text = CSVTable.trimmed(table.cell(heading, in: row) ?? "")
            guard text.isEmpty || Int64(text) == parts else {
                throw QuotaProblem(
                    row: row.row, column: table.column(of: heading), "\(heading) \(text) 与政策包的 \(parts) 不符",
                    "\(heading) \(text) is not the pack's \(parts)")
            }
        }
        return unit
    }

    private func check(_ printed: [Int], _ sums: [Int], _ row: CSVRow) throws {
        for (index, project) in projects.enumerated() where printed[index] != sums[index] {
            throw QuotaProblem(
                row: row.row, column: table.column(of: project.column),
                "“\(project.column)”合计 \(printed[index])，各单位之和是 \(sums[index])",
                "the total of \(project.column) is \(printed[index]), the units add up to \(sums[index])")
        }
    }
}
