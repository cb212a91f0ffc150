import CareDomain
import OfficeFiles

/// One row of a roster: one member of a family, each cell understood or reported.
package struct RosterRow: Hashable, Sendable {
    /// Row as a spreadsheet program numbers it.
    package let row: Int
    /// What is wrong with its cells.
    package internal(set) var problems: [CellProblem]
    private(set) var values: [RosterColumn: CellValue]
    let columns: [RosterColumn: Int]

    func place(_ column: RosterColumn) -> CellPlace {
        CellPlace(row: row, column: columns[column], heading: column.heading)
    }

    func problem(_ kind: CellProblem.Kind, _ column: RosterColumn, hint: CellHint? = nil) -> CellProblem {
        place(column).problem(kind, hint: hint)
    }

    func text(_ column: RosterColumn) -> String? {
        if case .text(let text) = values[column] { text } else { nil }
    }

    func day(_ column: RosterColumn) -> CivilDay? {
        if case .day(let day) = values[column] { day } else { nil }
    }

    func code(_ column: RosterColumn) -> String? {
        if case .code(let code) = values[column] { code } else { nil }
    }

    var household: HouseholdID? { if case .household(let id) = values[.householdID] { id } else { nil } }
    /// Whether it says to which family of the file it belongs.
    var hasFamilyKey: Bool {
        household != nil || text(.archiveNumber) != nil || text(.familyLabel) != nil
    }
    /// Whether a cell that should say so cannot be read.
    var hasBadFamilyKey: Bool {
        problems.contains { problem in RosterColumn.familyKeys.contains { $0.heading == problem.heading } }
    }
    /// Takes the cells over by which the row above says to which family it belongs.
    mutating func takeFamilyKey(of above: RosterRow) {
        for column in RosterColumn.familyKeys where values[column] == nil { values[column] = above.values[column] }
    }
    var division: DivisionCode? { if case .division(let code) = values[.division] { code } else { nil } }
    var idNumber: ResidentIDNumber? { if case .idNumber(let number) = values[.idNumber] { number } else { nil } }
    var role: MemberRole? { isLaterChild ? .other : code(.role).flatMap(MemberRole.init(rawValue:)) }
    /// Whether the row is about a child of the couple beside the only child: born later, or a twin of theirs.
    var isLaterChild: Bool { code(.role) == RosterColumn.laterChild || isTwin }
    /// Whether the row calls the child a twin of the only child.
    var isTwin: Bool { code(.role) == RosterColumn.twinChild }
    /// As given, else as the ID number says.
    var sex: Sex? { code(.sex).flatMap(Sex.init(rawValue:)) ?? idNumber?.sex }
    /// As given, else as the ID number says.
    var birthDate: CivilDay? { day(.birthDate) ?? idNumber?.birthDate }
    var grade: Int? { code(.disabilityGrade).flatMap(Int.init) }
    /// What the row tells of who the person is.
    var traits: PersonTraits {
        PersonTraits(
            name: text(.name), idNumber: idNumber?.digits, birthDate: birthDate, sex: sex, role: role)
    }
}

/// A roster read as a whole: every row is checked before anything is made of any.
package struct Roster: Sendable {
    /// The rows that hold something, in the order of the file.
    package let rows: [RosterRow]
    /// Headings that are not the roster's; their cells are not imported.
    package let ignoredHeadings: [String]
    /// The file, for writing rejected rows back.
    package let table: CSVTable
    /// Rows without a cell that names their family, read as the family of the row above, with that family's first row.
    package let continued: [(row: Int, family: Int)]

    /// Reads a table with the roster's headings, in any order.
    /// - Throws: `CellProblem` of kind `missingColumn` when it is no roster; a retry does not help.
    package init(_ table: CSVTable) throws(CellProblem) {
        self.table = table
        let known = RosterColumn.allCases.filter { table.column(of: $0.heading) != nil }
        ignoredHeadings = table.headings(besides: known.map(\.heading))
        for column in RosterColumn.required where !known.contains(column) {
            throw CellProblem(.missingColumn, row: table.headingRow, heading: column.heading)
        }
        var columns: [RosterColumn: Int] = [:]
        for column in known { columns[column] = table.column(of: column.heading) }
        var rows = table.rows.map { Self.read($0, table, columns) }
        Self.checkTogether(&rows, table)
        continued = Self.joinMergedCells(&rows)
        self.rows = rows
    }

    /// What the rows of a file say about each other.
    private static func checkTogether(_ rows: inout [RosterRow], _ table: CSVTable) {
        let isDamaged = rows.contains { $0.problems.contains { $0.kind == .damagedNumber } }
        for (index, source) in zip(rows.indices, table.rows) {
            let row = rows[index]
            // Where a spreadsheet rounded one number it rounded them all, and one in eleven still has a right check digit.
            if isDamaged, row.idNumber != nil, let cell = table.cell(RosterColumn.idNumber.heading, in: source),
                let damage = CellDamage.inspect(CellText.plain(cell))
            {
                rows[index].problems.append(
                    row.problem(.damagedNumber, .idNumber, hint: CellHint(same: damage.chinese)))
            }
        }
    }

    private static func read(_ row: CSVRow, _ table: CSVTable, _ columns: [RosterColumn: Int]) -> RosterRow {
        var problems = row.problems.map { CellProblem(.brokenRow, row: row.row, file: $0) }
        var values: [RosterColumn: CellValue] = [:]
        for column in RosterColumn.allCases where columns[column] != nil {
            guard let cell = table.cell(column.heading, in: row), !cell.isEmpty else { continue }
            let place = CellPlace(row: row.row, column: columns[column], heading: column.heading)
            do {
                let value = try column.form.value(of: cell, at: place)
                if case .text(let text) = value, let problem = place.tooLong(text, limit: column.limit) {
                    problems.append(problem)
                } else {
                    values[column] = value
                }
            } catch { problems.append(error) }
        }
        var result = RosterRow(row: row.row, problems: problems, values: values, columns: columns)
        // Cells of a row that cannot be read may stand in each other's places.
        if row.problems.isEmpty { result.problems += result.check() }
        return result
    }
}
