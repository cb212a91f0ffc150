import CareDomain
import CaseImport
import OfficeFiles
import ServiceKit

/// Imports a table of an office: what to send is worked out beforehand, against the archive.
struct OfficeImport {
    /// What to send, and what was found out about the rest.
    struct Plan {
        var commands: [HouseholdCommand]
        /// Rows of the table that a command comes from.
        var rows: [CommandID: [Int]]
        /// From which cell each field of a command comes.
        var cells: [CommandID: [String: CellPlace]] = [:]
        /// What became of the families or rows that need no command.
        var tally: ImportTally
        /// Why rows were refused.
        var reasons: [Int: [RowReason]]
        /// Corrections of words that nobody is shown: intake may find that nothing would change.
        var mayBeSame: Set<CommandID> = []
        /// What the person should know before anything is sent.
        var notes: [UserText] = []
        /// Whether later commands of a family may rest on earlier ones, as facts do on the person who joins before them.
        var restsOnEarlier = false
    }

    /// Refused rows that are told on the screen; all of them stand in the file.
    private static let mostShown = 10

    let file: ImportFile
    let table: CSVTable
    let desk: Desk
    private(set) var plan: Plan
    /// What needs no command, or was left out before anything was sent.
    private var settled: ImportTally
    /// What became of the commands of each family or form, by its rows.
    private var answers: [[Int]: CommandAnswers] = [:]
    /// Files that had been opened before by this very table, by their rows.
    private var openedBefore: [HouseholdID: [Int]] = [:]
    /// Commands answered.
    private var answered = 0
    private var notes = LineNotes()

    init(_ file: ImportFile, table: CSVTable, plan: Plan, desk: Desk) {
        self.file = file
        self.table = table
        self.desk = desk
        self.plan = plan
        // What is to be sent is counted when it is recorded.
        settled = ImportTally(
            differing: plan.tally.differing, unchanged: plan.tally.unchanged, refused: plan.tally.refused,
            uncompared: plan.tally.uncompared)
    }

    /// Families, or forms, each once.
    var tally: ImportTally { answers.values.reduce(into: settled) { $0.count($1) } }

    /// Sends what is to be sent; through a pump that only tries, says what would become of it.
    mutating func send(through pump: CommandPump) async throws -> Failure? {
        for note in plan.notes { desk.say(note) }
        if let failure = try await holdBack(through: pump) {
            try finish(isWhole: false)
            return failure
        }
        let rehearsal = try await pump.isTrial && plan.restsOnEarlier ? rehearsal(of: plan.commands) : nil
        var progress = desk.progress(
            UserText(zh: "导入", en: "importing"), unit: UserText(zh: "条", en: "commands"), total: plan.commands.count)
        let work = Box(self)
        var index = 0
        let failure = try await pump.run(rehearsing: rehearsal) {
            defer { index += 1 }
            let commands = work.value.plan.commands
            return index < commands.count ? CommandDraft(command: commands[index]) : nil
        } telling: { draft, outcome in
            work.value.take(draft.command, outcome)
            progress.update(done: work.value.answered)
        }
        self = work.value
        progress.finish(done: answered)
        if failure == nil { try await sendBackRevoked() }
        try finish(isWhole: failure == nil)
        return failure
    }

    /// Sends back the families whose file this very table opened before, and that are on record as registered in error since:
    /// nothing of them is on record, and nothing of the table can be recorded a second time.
    private mutating func sendBackRevoked() async throws {
        guard !openedBefore.isEmpty else { return }
        let families = ArchiveFamilies(archive: try await desk.line(to: .careArchive), today: desk.today)
        for (id, history) in try await families.histories(of: Set(openedBefore.keys)) {
            guard case .registeredInError = history.household.status, let rows = openedBefore[id] else { continue }
            let failure = Failure(
                6356,
                UserText(
                    zh: "这一户由这张表登记过，后来作为登记错误撤销（\(id)），这次没有登记",
                    en:
                        "this very table registered the family before, and that was registered in error (\(id)): nothing was "
                        + "recorded now"),
                advice: UserText(
                    zh: "确要登记的，把有误之处改好，或只留这一户，另存成一张表再导入：一字不差的表算同一次登记",
                    en:
                        "to register it, put right what was wrong, or keep this family alone, and import that as a file of "
                        + "its own: a table without any difference counts as the same registration"),
                exit: .problemsFound)
            for row in rows {
                plan.reasons[row, default: []].append(
                    RowReason(chinese: failure.line(in: .chinese), english: failure.line(in: .english)))
            }
            answers[rows] = CommandAnswers(refused: 1)
        }
    }

    private mutating func take(_ command: HouseholdCommand, _ outcome: CommandPump.Outcome) {
        var family = answers[plan.rows[command.id] ?? []] ?? CommandAnswers()
        switch outcome {
        case .recorded(let recorded):
            family.count(command, isRepeated: recorded.isRepeated)
            if recorded.isRepeated, command.isRegistration {
                openedBefore[command.household] = plan.rows[command.id] ?? []
            }
            let row = plan.rows[command.id]?.first.map { "\($0)" } ?? "-"
            notes.tell(
                recorded, of: command,
                at: UserText(zh: "第 \(row) 行请注意：", en: "row \(row), note: "), desk: desk)
        case .queued: family.queued += 1
        case .refused(let failure) where failure.code == "CARE-1803" && plan.mayBeSame.contains(command.id):
            family.same += 1
        case .refused(let failure):
            family.refused += 1
            give(failure, of: command)
        case .unjudged: family.unjudged += 1
        case .stopped: return
        }
        answered += 1
        answers[plan.rows[command.id] ?? []] = family
    }

    /// Leaves out families and forms of which something was refused: all of them, counted once each.
    mutating func leaveOut(_ refused: [(command: HouseholdCommand, failure: Failure)]) {
        guard !refused.isEmpty else { return }
        for (command, failure) in refused { give(failure, of: command) }
        let rows = Set(refused.map { plan.rows[$0.command.id] ?? [] })
        plan.commands.removeAll { rows.contains(plan.rows[$0.id] ?? []) }
        settled.refused += rows.count
    }

    private mutating func give(_ failure: Failure, of command: HouseholdCommand) {
        for row in plan.rows[command.id] ?? [] {
            plan.reasons[row, default: []].append(reason(failure, of: command, row: row))
        }
    }

    /// What intake said, with the row and heading of the cell in the place of the field.
    private func reason(_ failure: Failure, of command: HouseholdCommand, row: Int) -> RowReason {
        guard let cell = plan.cells[command.id]?.cell(of: failure.field) else {
            // Nobody who filled in a table knows the fields of commands.
            var failure = failure
            failure.field = ""
            return RowReason(chinese: failure.line(in: .chinese), english: failure.line(in: .english))
        }
        func line(_ language: Language) -> String {
            var failure = failure
            failure.field = ""
            let letters = cell.column.map { FileProblem.columnLetters($0) }
            let place =
                cell.row == row
                ? UserText.plain("")
                : UserText(
                    zh: "第 \(cell.row) 行\(letters.map { " \($0) 列" } ?? "") ",
                    en: "row \(cell.row)\(letters.map { ", column \($0)" } ?? "") ")
            failure.text = place + .plain(cell.heading) + UserText(zh: "：", en: ": ") + failure.text
            return failure.line(in: language)
        }
        return RowReason(chinese: line(.chinese), english: line(.english))
    }

    /// - Parameter isWhole: Whether all was sent, so that what is not refused is known to be accepted.
    private mutating func finish(isWhole: Bool) throws {
        notes.finish(desk)
        let reasons = plan.reasons.mapValues { $0.map { desk.language == .chinese ? $0.chinese : $0.english } }
        let pause = desk.language == .chinese ? "；" : "; "
        for (row, reasons) in reasons.sorted(by: { $0.key < $1.key }).prefix(Self.mostShown) {
            let place = UserText(zh: "第 \(row) 行：", en: "row \(row): ")[desk.language]
            desk.say(place + reasons.joined(separator: pause))
        }
        let rest = plan.reasons.count - Self.mostShown
        if rest > 0 {
            desk.say(UserText(zh: "还有 \(rest) 行，原因见旁边的文件", en: "\(rest) more rows: the file beside it has the reasons"))
        }
        if !plan.reasons.isEmpty {
            let rows = RejectedRows.file(table, reasons: reasons)
            try file.writeRejected(rows, ending: "csv", desk: desk)
        } else if isWhole {
            file.removeRejected(ending: "csv", desk: desk, isOurs: RejectedRows.wrote)
        }
    }
}

extension OfficeImport.Plan {
    /// What a roster means.
    init(_ roster: RosterPlan, of file: Roster, mode: RosterMode) {
        let counts = roster.counts
        self.init(
            commands: roster.commands, rows: [:],
            tally: ImportTally(
                new: counts.new, differing: mode == .report ? counts.changed : 0, unchanged: counts.unchanged,
                refused: counts.refused, uncompared: roster.families.count { !$0.uncompared.isEmpty }),
            reasons: roster.reasons)
        restsOnEarlier = true
        for family in roster.families {
            for command in family.commands { rows[command.id] = family.rows }
            cells.merge(family.cells) { $1 }
        }
        noteIgnored(file.ignoredHeadings)
        noteContinued(file.continued)
        noteFormer(roster.families)
        noteGone(roster.families)
        noteTwins(roster.families.flatMap(\.twinsApart))
        if mode == .report, counts.changed > 0 {
            notes.append(
                UserText(
                    zh: "有 \(counts.changed) 户与档案不同，未改动。情况变化请用 --as change --on 日期，档案有误请用 --as correction --reason 原因",
                    en:
                        "\(counts.changed) families differ and stay as they are: --as change --on DAY when the world changed, "
                        + "--as correction --reason TEXT when the archive was wrong"))
        }
        noteUncompared(roster.families)
        for change in roster.families.flatMap(\.changes).prefix(20) {
            let isUnseen = change.old == ComparedPeople.unseen
            let old = change.old.map { change.column.masked($0) } ?? "-"
            let new = change.column.masked(change.new)
            notes.append(
                UserText(
                    zh: "第 \(change.row) 行 \(change.column.heading)：\(isUnseen ? "（档案另有）" : old) → \(new)",
                    en: "row \(change.row) \(change.column.heading): \(isUnseen ? "(another)" : old) -> \(new)"))
        }
    }

    /// Columns that could not be compared, with how many families have something in them. It is the same whatever stands on
    /// record, also when nothing does.
    private mutating func noteUncompared(_ families: [FamilyPlan]) {
        var counts: [RosterColumn: Int] = [:]
        for family in families { for column in family.uncompared { counts[column, default: 0] += 1 } }
        guard !counts.isEmpty else { return }
        let columns = RosterColumn.allCases.compactMap { column in counts[column].map { (column.heading, $0) } }
        let chinese = columns.map { "\($0)（\($1) 户）" }.joined(separator: "、")
        let english = columns.map { "\($0) (families: \($1))" }.joined(separator: ", ")
        notes.append(
            UserText(
                zh: "CARE-6195 这些栏目不给本密钥看（遮），已建档的户没有比对，也不登记：\(chinese)。"
                    + "请由可以查看的部门用其密钥导入",
                en: "CARE-6195 these columns are kept from this key; of families on file they were neither compared "
                    + "nor recorded: \(english). Have a department that may see them import the file with its key"
            ))
    }

    /// Rows that were read as going on with the family above.
    private mutating func noteContinued(_ rows: [(row: Int, family: Int)]) {
        guard !rows.isEmpty else { return }
        let shown = rows.prefix(20)
        let more = rows.count > shown.count
        notes.append(
            UserText(
                zh: "这些行没有填户标识，按合并单元格算作上面一户的人，请核对："
                    + shown.map { "第 \($0.row) 行归第 \($0.family) 行一户" }.joined(separator: "，") + (more ? "……" : ""),
                en: "these rows name no family and are read as merged cells, of the family above; please check: "
                    + shown.map { "row \($0.row) of the family of row \($0.family)" }.joined(separator: ", ")
                    + (more ? " …" : "")))
    }

    /// New families whose people were in a file that was closed: the new one does not know what was paid there.
    private mutating func noteFormer(_ families: [FamilyPlan]) {
        let former = families.compactMap { family in family.former.map { (row: family.rows[0], id: $0) } }
        guard !former.isEmpty else { return }
        let shown = former.prefix(20)
        let more = former.count > shown.count
        notes.append(
            UserText(
                zh: "CARE-7294 这些新户以前有过档案，已停用："
                    + shown.map { "第 \($0.row) 行一户在 \($0.id)" }.joined(separator: "，") + (more ? "……" : "")
                    + "。按新户建档；原档案里决定过的不带过来；发过的月份不会再发，没有身份证号的人凭姓名和出生日期认出，请在发放前核对",
                en: "CARE-7294 these new families had a file that was closed: "
                    + shown.map { "row \($0.row) \($0.id)" }.joined(separator: ", ") + (more ? " …" : "")
                    + ". They get a new one; what was decided in the former is not in it. Months that it paid are not paid "
                    + "again; people without ID numbers are told by name and birth date, check them before paying"))
    }

    /// Rows of people who left the family and are in another one: the table was not brought up to date.
    private mutating func noteGone(_ families: [FamilyPlan]) {
        let gone = families.flatMap(\.gone).sorted { $0.key < $1.key }
        guard !gone.isEmpty else { return }
        let shown = gone.prefix(20)
        let more = gone.count > shown.count
        notes.append(
            UserText(
                zh: "CARE-7300 这些行的人已登记离开本户，现在另一户："
                    + shown.map { "第 \($0.key) 行在 \($0.value)" }.joined(separator: "，") + (more ? "……" : "")
                    + "。这几行没有登记，同户其他行照常；名册请去掉这几行",
                en: "CARE-7300 these rows are of people who left the family and are in another one: "
                    + shown.map { "row \($0.key) in \($0.value)" }.joined(separator: ", ") + (more ? " …" : "")
                    + ". Nothing was recorded of them, the other rows of their families were: take them out of the table"
            ))
    }

    /// Twins who were born apart: most often the word or a birth date is wrong.
    private mutating func noteTwins(_ rows: [Int]) {
        guard !rows.isEmpty else { return }
        let shown = rows.prefix(20)
        let more = rows.count > shown.count
        notes.append(
            UserText(
                zh: "CARE-6353 这些行写的是双胞胎子女，出生日期却比独生子女晚一天以上，照收，请核对出生日期；是后来生的，身份写再生育子女：第 "
                    + shown.map { "\($0)" }.joined(separator: "、") + (more ? "……" : "") + " 行",
                en:
                    "CARE-6353 these rows say 双胞胎子女, and were born more than a day after the only child; taken in, please check the "
                    + "birth dates. The role of a child born later is 再生育子女: rows "
                    + shown.map { "\($0)" }.joined(separator: ", ") + (more ? " …" : "")))
    }

    mutating func noteIgnored(_ headings: [String]) {
        guard !headings.isEmpty else { return }
        notes.append(
            UserText(
                zh: "以下列不导入：\(headings.joined(separator: "、"))",
                en: "these columns are not imported: \(headings.joined(separator: ", "))"))
    }
}

extension RosterColumn {
    /// A cell as a preview may show it.
    func masked(_ cell: String) -> String {
        guard isPersonal else { return cell }
        switch self {
        case .name: return Masking.name(cell)
        case .idNumber: return Masking.idNumber(cell)
        case .phone: return Masking.phone(cell)
        default: return "***"
        }
    }
}
