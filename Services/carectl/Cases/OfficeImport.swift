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
        /// What became of the families or rows that need no command.
        var tally: ImportTally
        /// Why rows were refused.
        var reasons: [Int: [RowReason]]
        /// What the person should know before anything is sent.
        var notes: [UserText] = []
    }

    /// Refused rows that are told on the screen; all of them stand in the file.
    private static let mostShown = 10

    let file: ImportFile
    let table: CSVTable
    let desk: Desk
    private(set) var tally: ImportTally
    private var plan: Plan

    init(_ file: ImportFile, table: CSVTable, plan: Plan, desk: Desk) {
        self.file = file
        self.table = table
        self.desk = desk
        self.plan = plan
        // What is to be sent is counted when it is recorded.
        tally = ImportTally(
            differing: plan.tally.differing, unchanged: plan.tally.unchanged, refused: plan.tally.refused)
    }

    /// Sends what is to be sent; through a pump that only tries, says what would become of it.
    mutating func send(through pump: CommandPump) async throws -> Failure? {
        for note in plan.notes { desk.say(note) }
        var progress = desk.progress(
            UserText(zh: "导入", en: "importing"), unit: UserText(zh: "条", en: "commands"), total: plan.commands.count)
        let work = Box(self)
        var index = 0
        let failure = try await pump.run {
            defer { index += 1 }
            let commands = work.value.plan.commands
            return index < commands.count ? CommandDraft(command: commands[index]) : nil
        } telling: { draft, outcome in
            work.value.take(draft.command, outcome)
            progress.update(done: work.value.tally.answered)
        }
        self = work.value
        progress.finish(done: tally.answered)
        if pump.isTrial { tally.countDifferencesAsChanges() }
        try finish()
        return failure
    }

    private mutating func take(_ command: HouseholdCommand, _ outcome: CommandPump.Outcome) {
        switch outcome {
        case .recorded(let recorded): tally.count(command.action, isRepeated: recorded.isRepeated)
        case .queued: tally.queued += 1
        case .refused(let failure):
            tally.refused += 1
            for row in plan.rows[command.id] ?? [] {
                let reason = RowReason(chinese: failure.line(in: .chinese), english: failure.line(in: .english))
                plan.reasons[row, default: []].append(reason)
            }
        case .unjudged: tally.unjudged += 1
        case .stopped: break
        }
    }

    private func finish() throws {
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
        }
    }
}

extension OfficeImport.Plan {
    /// What a roster means.
    init(_ roster: RosterPlan, ignored: [String], mode: RosterMode) {
        let counts = roster.counts
        self.init(
            commands: roster.commands, rows: [:],
            tally: ImportTally(
                new: counts.new, differing: mode == .report ? counts.changed : 0, unchanged: counts.unchanged,
                refused: counts.refused),
            reasons: roster.reasons)
        for family in roster.families {
            for command in family.commands { rows[command.id] = family.rows }
        }
        noteIgnored(ignored)
        if mode == .report, counts.changed > 0 {
            notes.append(
                UserText(
                    zh: "有 \(counts.changed) 户与档案不同，未改动。情况变化请用 --as change --on 日期，档案有误请用 --as correction --reason 原因",
                    en:
                        "\(counts.changed) families differ and stay as they are: --as change --on DAY when the world changed, "
                        + "--as correction --reason TEXT when the archive was wrong"))
        }
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

    /// What a table of visit forms means.
    init(_ visits: VisitPlan) {
        let counts = visits.counts
        self.init(
            commands: visits.commands, rows: [:],
            tally: ImportTally(unchanged: counts.unchanged, refused: counts.refused),
            reasons: visits.reasons)
        for entry in visits.entries {
            if case .new(let command) = entry.outcome { rows[command.id] = [entry.row] }
        }
        for entry in visits.entries where entry.ticksBothTypes {
            if case .new = entry.outcome {
                notes.append(
                    UserText(
                        zh: "第 \(entry.row) 行：家庭类型“失独”“残疾”都勾了，照收，请核对（残疾的子女已去世的，只勾失独）",
                        en:
                            "row \(entry.row): both family types are ticked; taken in, please check (a disabled child who "
                            + "died since is 失独 alone)"))
            }
        }
        noteIgnored(visits.ignoredHeadings)
    }

    private mutating func noteIgnored(_ headings: [String]) {
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
