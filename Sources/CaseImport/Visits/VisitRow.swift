import CareDomain
import OfficeFiles

/// Reads one filled-in needs form.
struct VisitRow {
    let row: CSVRow
    let table: CSVTable
    private var problems: [CellProblem]
    /// The day of death of whom the form calls its head, where that lies before the day of the form.
    private(set) var headDiedOn: CivilDay?

    init(row: CSVRow, table: CSVTable) {
        self.row = row
        self.table = table
        problems = row.problems.map { CellProblem(.brokenRow, row: row.row, file: $0) }
    }

    private func cell(_ heading: String) -> String? {
        table.cell(heading, in: row).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A cell that holds no free text.
    func plain(_ heading: String) -> String? {
        cell(heading).map(CellText.plain).flatMap { $0.isEmpty ? nil : $0 }
    }

    func place(_ heading: String) -> CellPlace {
        CellPlace(row: row.row, column: table.column(of: heading), heading: heading)
    }

    /// Takes down what is wrong.
    mutating func note(_ problem: CellProblem) { problems.append(problem) }

    /// Reads the form and finds its family; nil with the reasons taken down when either cannot be done.
    mutating func read(lookup: some FamilyLookup, today: CivilDay) -> (form: ReadForm, family: KnownFamily)? {
        guard problems.isEmpty else { return nil }
        let dateLabel = NeedsForm.field("form_date").label
        let day = formDay
        switch day {
        case nil: problems.append(place(dateLabel).noDay(dayText ?? ""))
        case let day? where day > today: problems.append(place(dateLabel).problem(.inFuture))
        default: break
        }
        for field in NeedsForm.fields {
            guard let cell = cell(field.label) else { continue }
            let place = place(field.label)
            let filler = Self.filler(cell, field.kind, at: place)
            if let problem = filler ?? place.tooLong(cell, limit: field.limit) { note(problem) }
        }
        let found = find(lookup)
        let answers = answers()
        let needs = needs(about: found?.head)
        guard problems.isEmpty, let day, let (family, head) = found else { return nil }
        headDiedOn = family.household.member(head)?.diedOn.flatMap { $0 < day ? $0 : nil }
        let said = PersonalDetails(
            name: text("head_name").map(PersonName.closed), phone: plain(NeedsForm.field("phone").label),
            address: text("address"), text: text("main_difficulty"))
        return (
            ReadForm(day: day, head: head, said: said, answers: answers, needs: needs, visitorName: visitor),
            family
        )
    }

    /// What is wrong with a cell of words that holds something else; other kinds of cells take their own words alone.
    private static func filler(_ cell: String, _ kind: NeedsForm.Kind, at place: CellPlace) -> CellProblem? {
        switch kind {
        case .date, .integer, .choice, .yesNo: nil
        case .text, .choiceText, .needItems:
            // A telephone number in a column of numbers; nothing else looks like that.
            if CellDamage.inspect(cell) == .scientificNotation {
                place.problem(.damagedNumber, hint: CellHint(same: CellDamage.scientificNotation.chinese))
            } else {
                place.filler(cell, mayBePlaceholder: true)
                    ?? (Placeholder.isDitto(cell) ? place.problem(.placeholder) : nil)
            }
        case .signature: place.filler(cell, mayBePlaceholder: false)
        }
    }

    /// Whether anything was taken down.
    var problemsFound: Bool { !problems.isEmpty }

    /// Why the row cannot be taken.
    var refusal: VisitPlan.Outcome { .refused(problems) }

    /// The day on the form; nil where it cannot be read.
    var formDay: CivilDay? {
        dayText.flatMap { CivilDay(parsing: $0) }
    }

    private var dayText: String? { cell(NeedsForm.field("form_date").label).map(CellText.day) }

    /// What the form says, field by field, as it stands in the file.
    var content: String {
        content { field in cell(field.label) }
    }

    /// What the form says, however it is written: 2026年10月8日 is 2026-10-08, √ is 是, ２ is 2 and 李　某 is 李某.
    /// - Parameter name: The form in which names stand; earlier versions had others.
    func meaning(on day: CivilDay, name: (String) -> String = PersonName.closed) -> String {
        content { field in
            switch field.kind {
            case .date: return day.description
            case .text, .signature, .choiceText:
                let isName = field.code == "head_name" || field.kind == .signature
                return cell(field.label).map { isName ? name($0) : $0 }
            case .choice:
                return cell(field.label).map { Self.types($0)?.sorted().joined(separator: ",") ?? $0 }
            case .integer: return plain(field.label)
            case .yesNo:
                guard let cell = cell(field.label), !Self.isLeftOpen(cell) else { return nil }
                return Self.yes.contains(cell) ? "是" : Self.no.contains(cell) ? "否" : cell
            case .needItems:
                guard let cell = cell(field.label), !Self.isNoNeed(cell) else { return nil }
                return Int(CellText.plain(cell)).map { "\($0)" } ?? cell
            }
        }
    }

    private func content(_ said: (NeedsForm.Field) -> String?) -> String {
        NeedsForm.fields.compactMap { field in said(field).map { "\(field.code)=\($0)" } }.joined(separator: "\u{1F}")
    }

    /// The name of who signed.
    var visitor: String? { text("visitor_signature").map(PersonName.closed) }

    func text(_ code: String) -> String? { cell(NeedsForm.field(code).label) }

    private mutating func answers() -> [FormAnswer] {
        var answers: [FormAnswer] = []
        for field in NeedsForm.fields {
            guard let cell = cell(field.label), !Self.isLeftOpen(cell) else { continue }
            let values = field.kind == .choice ? types(in: cell, field) : [value(of: cell, field)].compactMap { $0 }
            answers += values.map { FormAnswer(field: Code(unchecked: field.code), value: $0) }
        }
        return answers
    }

    /// Whether the form ticks 失独 and 残疾 at once: both are taken down, and somebody has to look at it.
    /// - Source: BS-A3, reading BS-Q6
    var ticksBothTypes: Bool {
        let field = NeedsForm.field("family_type")
        return cell(field.label).map { (Self.types($0)?.count ?? 0) > 1 } ?? false
    }

    /// 不详 and the like leave a question open, as a blank does; they are no "no".
    private static func isLeftOpen(_ cell: String) -> Bool { Placeholder.isUnknown(cell) }
    /// No need is counted for 无 and 没有, a stroke or 不详: none was found.
    private static func isNoNeed(_ cell: String) -> Bool {
        let isNone = Placeholder.isNone(cell) || Placeholder.isStroke(cell) || noNeed.contains(CellText.plain(cell))
        return isNone || Int(CellText.plain(cell)) == 0 || isLeftOpen(cell)
    }
    private static let noNeed: Set<String> = ["无需求", "没有需求", "暂无需求", "无需要", "不需要"]
    private static let yes = ["是", "有", "√"]
    private static let no = ["否", "无", "×"]

    private mutating func types(in cell: String, _ field: NeedsForm.Field) -> [FactValue] {
        guard let types = Self.types(cell) else {
            problems.append(place(field.label).problem(.unknownWord, hint: "失独、残疾"))
            return []
        }
        return types.map { .code(Code(unchecked: $0)) }
    }

    /// The ticked family types of a cell such as 失独, 残疾 or 失独、残疾; nil where it says anything else.
    private static func types(_ cell: String) -> [String]? {
        let words = cell.split { "、，,；;/和及 　√☑\n".contains($0) }
        var types: [String] = []
        for word in words {
            switch word {
            case "失独": types.append("bereaved")
            case "残疾", "伤残": types.append("disabled_child")
            default: return nil
            }
        }
        return types.isEmpty || Set(types).count < types.count ? nil : types
    }

    private mutating func value(of cell: String, _ field: NeedsForm.Field) -> FactValue? {
        switch field.kind {
        case .date, .text, .choice, .needItems, .signature: return nil
        case .integer:
            if let number = Int64(CellText.plain(cell)), (0...30).contains(number) { return .int(number) }
            problems.append(
                place(field.label).problem(.wrongForm, hint: CellHint("0 至 30 的整数", "a whole number from 0 to 30")))
        case .yesNo:
            if Self.yes.contains(cell) { return .bool(true) }
            if Self.no.contains(cell) { return .bool(false) }
            problems.append(place(field.label).problem(.unknownWord, hint: "是、否"))
        case .choiceText:
            return Placeholder.isStroke(cell) ? nil : .bool(!Placeholder.isNone(cell))
        }
        return nil
    }

    /// A number counts items; words are items themselves (`NeedItems`); 无 is none.
    /// - Parameter head: Whom the words are about; nil where nobody was found, and the cells are only to be checked.
    private mutating func needs(about head: PersonID?) -> [NeedRaised] {
        var needs: [NeedRaised] = []
        for field in NeedsForm.fields where field.kind == .needItems {
            guard let cell = cell(field.label), !Self.isNoNeed(cell) else { continue }
            let kind = Code(unchecked: field.code)
            if let number = Int(CellText.plain(cell)) {
                guard (1...99).contains(number) else {
                    problems.append(
                        place(field.label).problem(
                            .wrongForm, hint: CellHint("1 至 99 的整数或文字", "a whole number from 1 to 99, or words")))
                    continue
                }
                needs.append(NeedRaised(kind: kind, items: number))
            } else {
                guard let items = NeedItems.count(in: cell) else {
                    problems.append(place(field.label).problem(.wrongForm, hint: Self.itemsHint))
                    continue
                }
                let sealed = head.map { SealedPart(subject: $0, details: PersonalDetails(text: cell)) }
                needs.append(NeedRaised(kind: kind, items: min(99, items), sealed: [sealed].compactMap { $0 }))
            }
        }
        return needs
    }

    private static let itemsHint = CellHint(
        "只写一个 1 至 99 的整数（“3项”写成 3），或者逐项写明需要什么，各项之间用、，；或换行隔开",
        "either a whole number from 1 to 99 alone (3, not 3项), or the needs in words, each parted by a comma, semicolon or line break"
    )
}
