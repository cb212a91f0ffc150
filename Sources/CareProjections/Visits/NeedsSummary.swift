import CareDomain

/// 博山区计生特殊家庭需求情况汇总表: the needs forms of a time, summed up by unit as the printed form does.
///
/// The six basic columns count families, those of needs count items. A column of what a family does not receive counts
/// the visited families that answered no: one that left the question open is in no count and is told beside it.
/// - Source: 博西办发〔2021〕50号 附件4 (BS-A4, readings BS-Q8 to BS-Q11)
package struct NeedsSummary: Hashable, Sendable {
    /// First and cut-off day of the forms.
    package let days: ClosedRange<CivilDay>
    /// Units by code.
    package private(set) var rows: [Row] = []
    /// All units together; its unit is empty.
    package private(set) var total = Row(unit: "")

    package init(days: ClosedRange<CivilDay>) { self.days = days }

    init(days: ClosedRange<CivilDay>, rows: [Row], total: Row) {
        self.days = days
        self.rows = rows
        self.total = total
    }

    /// A unit that has families, visited or not: it gets a row also when nobody was visited.
    /// - Parameter households: Open files of the unit on the cut-off day.
    package mutating func add(unit: String, households: Int) {
        change(unit) { $0.households += households }
    }

    /// The forms of a family of a unit.
    package mutating func add(_ forms: FamilyForms, unit: String) {
        change(unit) { row in
            row.unsignedForms += forms.unsigned.count
            if let form = forms.latest { row.take(form) }
        }
    }

    /// A family with a form whose file was closed by the cut-off day.
    package mutating func addClosed(unit: String) { change(unit) { $0.closedHouseholds += 1 } }

    /// A family whose record cannot be read whole: what is left of it would make a wrong count.
    package mutating func addIncomplete(unit: String) { change(unit) { $0.incompleteHouseholds += 1 } }

    private mutating func change(_ unit: String, _ body: (inout Row) -> Void) {
        let place = rows.firstIndex { $0.unit >= unit } ?? rows.endIndex
        if place == rows.endIndex || rows[place].unit != unit { rows.insert(Row(unit: unit), at: place) }
        body(&rows[place])
        body(&total)
    }
}

extension NeedsSummary {
    /// One row of the form.
    package struct Row: Hashable, Sendable {
        /// Code of the division; empty in the total.
        package var unit: String
        /// Open files of the unit on the cut-off day.
        package var households = 0
        /// Forms that nobody signed; they do not count.
        package var unsignedForms = 0
        /// Families with a form whose file was closed by the cut-off day; they do not count.
        package var closedHouseholds = 0
        /// Families whose record cannot be read whole; they do not count.
        package var incompleteHouseholds = 0
        /// Families whose form ticks both family types; they count, and are to be looked at (BS-Q6).
        package var bothTypes = 0
        private var counts: [Column: Int] = [:]
        private var open: [Column: Int] = [:]

        package init(unit: String) { self.unit = unit }

        /// Families with a signed form (走访户数).
        package var visited: Int { count(.visitedHouseholds) }

        /// What a cell counts.
        package func count(_ column: Column) -> Int { counts[column, default: 0] }

        /// Visited families that left the question of the column open.
        package func openCount(_ column: Column) -> Int { open[column, default: 0] }

        /// Sets a cell.
        package mutating func set(_ column: Column, count: Int, open: Int) {
            counts[column] = count == 0 ? nil : count
            self.open[column] = open == 0 ? nil : open
        }

        fileprivate mutating func take(_ form: FilledNeedsForm) {
            if form.ticksBothTypes { bothTypes += 1 }
            for column in Column.allCases {
                let (count, isOpen) = column.reading(of: form)
                if count > 0 { counts[column, default: 0] += count }
                if isOpen { open[column, default: 0] += 1 }
            }
        }
    }

    /// The columns between the unit and the remarks, in printed order. The raw value is the stable code.
    package enum Column: String, CaseIterable, Hashable, Sendable {
        case visitedHouseholds = "visited_households"
        case withoutSpecialAssistance = "without_special_assistance"
        case withoutComprehensivePolicy = "without_comprehensive_policy"
        case withoutFreeCheckup = "without_free_checkup"
        case dibaoHouseholds = "dibao_households"
        case wubaoHouseholds = "wubao_households"
        case needVisit = "need_visit"
        case needHousekeeping = "need_housekeeping"
        case needFarming = "need_farming"
        case needSeriousIllness = "need_serious_illness"
        case needPsychological = "need_psychological"
        case needErrands = "need_errands"
        case needAdoption = "need_adoption"
        case needFertility = "need_fertility"
        case needCheckup = "need_checkup"
        case needOther = "need_other"

        /// How a form adds to the column.
        private enum Source {
            /// Every signed form is one family.
            case form
            /// A family whose answer to the field is the one given.
            case answer(Code, Bool)
            /// Items of a kind of need.
            case items(Code)
        }

        private var source: Source {
            switch self {
            case .visitedHouseholds: .form
            case .withoutSpecialAssistance: .answer(Code(unchecked: "has_special_assistance"), false)
            case .withoutComprehensivePolicy: .answer(Code(unchecked: "has_comprehensive_policy"), false)
            case .withoutFreeCheckup: .answer(Code(unchecked: "joined_free_checkup"), false)
            case .dibaoHouseholds: .answer(Code(unchecked: "is_dibao"), true)
            case .wubaoHouseholds: .answer(Code(unchecked: "is_wubao"), true)
            // The codes of the needs are those of the form; 送子服务 is 抱养方面需求 (BS-Q10).
            default: .items(Code(unchecked: rawValue))
            }
        }

        /// Whether the column counts families (户数); otherwise items (条数).
        package var countsHouseholds: Bool {
            if case .items = source { false } else { true }
        }

        /// What a form adds, and whether it leaves the column's question open.
        package func reading(of form: FilledNeedsForm) -> (count: Int, isOpen: Bool) {
            switch source {
            case .form: (1, false)
            case .answer(let field, let wanted):
                form.answers[field].map { ($0 == wanted ? 1 : 0, false) } ?? (0, true)
            case .items(let kind): (form.items(of: kind), false)
            }
        }

        /// The needs of a form that add to the column.
        package func needs(of form: FilledNeedsForm) -> [FilledNeedsForm.Item] {
            guard case .items(let kind) = source else { return [] }
            return form.needs.filter { $0.kind == kind }
        }
    }
}
