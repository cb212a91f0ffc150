import CareDomain
import OfficeFiles

/// One row of a roster: one member of a family, each cell understood or reported.
package struct RosterRow: Hashable, Sendable {
    /// Row as a spreadsheet program numbers it.
    package let row: Int
    /// What is wrong with its cells.
    package internal(set) var problems: [CellProblem]
    let values: [RosterColumn: CellValue]
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
    fileprivate var hasFamilyKey: Bool {
        household != nil || text(.archiveNumber) != nil || text(.familyLabel) != nil
    }
    var division: DivisionCode? { if case .division(let code) = values[.division] { code } else { nil } }
    var idNumber: ResidentIDNumber? { if case .idNumber(let number) = values[.idNumber] { number } else { nil } }
    var role: MemberRole? { code(.role).flatMap(MemberRole.init(rawValue:)) }
    /// As given, else as the ID number says.
    var sex: Sex? { code(.sex).flatMap(Sex.init(rawValue:)) ?? idNumber?.sex }
    /// As given, else as the ID number says.
    var birthDate: CivilDay? { day(.birthDate) ?? idNumber?.birthDate }
    var grade: Int? { code(.disabilityGrade).flatMap(Int.init) }
}

/// A roster read as a whole: every row is checked before anything is made of any.
package struct Roster: Sendable {
    /// The rows that hold something, in the order of the file.
    package let rows: [RosterRow]
    /// Headings that are not the roster's; their cells are not imported.
    package let ignoredHeadings: [String]
    /// The file, for writing rejected rows back.
    package let table: CSVTable

    /// Reads a table with the roster's headings, in any order.
    /// - Throws: `CellProblem` of kind `missingColumn` when it is no roster; a retry does not help.
    package init(_ table: CSVTable) throws(CellProblem) {
        self.table = table
        let known = RosterColumn.allCases.filter { table.column(of: $0.heading) != nil }
        let headings = Set(known.map(\.heading))
        ignoredHeadings = table.headings.filter { !headings.contains($0) }
        for column in RosterColumn.required where !known.contains(column) {
            throw CellProblem(.missingColumn, row: table.headingRow, heading: column.heading)
        }
        var columns: [RosterColumn: Int] = [:]
        for column in known { columns[column] = table.column(of: column.heading) }
        var rows = table.rows.map { Self.read($0, table, columns) }
        Self.checkTogether(&rows, table)
        self.rows = rows
    }

    /// What the rows of a file say about each other.
    private static func checkTogether(_ rows: inout [RosterRow], _ table: CSVTable) {
        let isDamaged = rows.contains { $0.problems.contains { $0.kind == .damagedNumber } }
        let isKeyed = rows.contains(where: \.hasFamilyKey)
        for (index, source) in zip(rows.indices, table.rows) {
            let row = rows[index]
            // Where a spreadsheet rounded one number it rounded them all, and one in eleven still has a right check digit.
            if isDamaged, row.idNumber != nil, let cell = table.cell(RosterColumn.idNumber.heading, in: source),
                let damage = CellDamage.inspect(cell)
            {
                rows[index].problems.append(
                    row.problem(.damagedNumber, .idNumber, hint: CellHint(same: damage.chinese)))
            }
            // Merged cells leave their content in the first row only: the others would become families of their own.
            guard isKeyed, row.problems.isEmpty, !row.hasFamilyKey else { continue }
            let keys: [RosterColumn] = [.familyLabel, .archiveNumber, .householdID]
            let column = keys.first { row.columns[$0] != nil } ?? .familyLabel
            rows[index].problems.append(row.problem(.noFamilyKey, column))
        }
    }

    private static func read(_ row: CSVRow, _ table: CSVTable, _ columns: [RosterColumn: Int]) -> RosterRow {
        var problems = row.problems.map { CellProblem(.brokenRow, row: row.row, file: $0) }
        var values: [RosterColumn: CellValue] = [:]
        for column in RosterColumn.allCases where columns[column] != nil {
            guard let cell = table.cell(column.heading, in: row), !cell.isEmpty else { continue }
            let place = CellPlace(row: row.row, column: columns[column], heading: column.heading)
            do { values[column] = try column.form.value(of: cell, at: place) } catch { problems.append(error) }
        }
        var result = RosterRow(row: row.row, problems: problems, values: values, columns: columns)
        if problems.isEmpty { result.problems = check(result) }
        return result
    }

    /// What the cells of one row say about each other.
    private static func check(_ row: RosterRow) -> [CellProblem] {
        var problems: [CellProblem] = []
        if row.values[.role] == nil { problems.append(row.problem(.missingValue, .role)) }
        if row.values[.name] == nil, row.idNumber == nil { problems.append(row.problem(.missingValue, .name)) }
        if let number = row.idNumber {
            if let day = row.day(.birthDate), day != number.birthDate {
                problems.append(row.problem(.idNumberDisagrees, .birthDate))
            }
            if let sex = row.code(.sex), sex != number.sex.rawValue {
                problems.append(row.problem(.idNumberDisagrees, .sex))
            }
        }
        switch row.code(.childStatus) {
        case "dead" where row.day(.diedOn) == nil: problems.append(row.problem(.missingValue, .diedOn))
        case "disabled" where row.grade == nil: problems.append(row.problem(.missingValue, .disabilityGrade))
        case "alive" where row.day(.diedOn) != nil:
            problems.append(row.problem(.contradicts, .childStatus, hint: CellHint(same: RosterColumn.diedOn.heading)))
        default: break
        }
        let companions: [RosterColumn] = [.disabilityKind, .disabilityNumber, .assessedOn, .validThrough]
        if row.grade == nil, companions.contains(where: { row.values[$0] != nil }) {
            problems.append(row.problem(.missingValue, .disabilityGrade))
        }
        problems += checkDays(row)
        return problems
    }

    private static func checkDays(_ row: RosterRow) -> [CellProblem] {
        var problems: [CellProblem] = []
        if let birth = row.birthDate {
            for column in [RosterColumn.diedOn, .assessedOn] where row.day(column).map({ $0 < birth }) == true {
                problems.append(row.problem(.dayOrder, column))
            }
        }
        if let from = row.day(.assessedOn), let through = row.day(.validThrough), through < from {
            problems.append(row.problem(.dayOrder, .validThrough))
        }
        for state in RosterColumn.states {
            guard let through = row.day(state.through) else { continue }
            guard let from = row.day(state.from) else {
                problems.append(row.problem(.missingValue, state.from))
                continue
            }
            if through < from { problems.append(row.problem(.dayOrder, state.through)) }
        }
        for fact in RosterColumn.personFacts {
            guard let from = fact.from, from != fact.value, from != .specialAssistanceFrom else { continue }
            if row.values[from] != nil, row.values[fact.value] == nil {
                problems.append(row.problem(.missingValue, fact.value))
            }
        }
        if row.values[.specialAssistanceCause] != nil, row.values[.specialAssistanceFrom] == nil {
            problems.append(row.problem(.missingValue, .specialAssistanceFrom))
        }
        for pairing in RosterColumn.pairings where row.text(pairing.name) == nil && row.text(pairing.unit) == nil {
            if row.values[pairing.phone] != nil || row.values[pairing.from] != nil {
                problems.append(row.problem(.missingValue, pairing.name))
            }
        }
        return problems
    }
}
