import CareDomain
import CaseImport
import ServiceKit

extension OfficeImport.Plan {
    /// Differences that are told one by one.
    private static let mostTold = 20

    /// What a table of visit forms means.
    init(_ visits: VisitPlan, mode: RosterMode) {
        let counts = visits.counts
        self.init(
            commands: visits.commands, rows: [:],
            tally: ImportTally(
                differing: mode == .report ? counts.changed : 0, unchanged: counts.unchanged, refused: counts.refused),
            reasons: visits.reasons)
        for entry in visits.entries {
            cells.merge(entry.cells) { $1 }
            for command in entry.commands {
                rows[command.id] = [entry.row]
                if command.correction != nil { mayBeSame.insert(command.id) }
            }
        }
        for entry in visits.entries {
            guard case .new = entry.outcome else { continue }
            if entry.ticksBothTypes { noteBothTypes(entry.row) }
            if let death = entry.headDiedOn { noteDead(entry.row, death) }
        }
        if mode == .report, counts.changed > 0 { noteDifferent(counts.changed) }
        for change in visits.entries.flatMap(\.changes).prefix(Self.mostTold) { note(change) }
        noteIgnored(visits.ignoredHeadings)
    }

    private mutating func noteBothTypes(_ row: Int) {
        notes.append(
            UserText(
                zh: "第 \(row) 行：家庭类型“失独”“残疾”都勾了，照收，请核对（残疾的子女已去世的，只勾失独）",
                en:
                    "row \(row): both family types are ticked; taken in, please check (a disabled child who died since is "
                    + "失独 alone)"))
    }

    private mutating func noteDead(_ row: Int, _ death: CivilDay) {
        notes.append(
            UserText(
                zh: "第 \(row) 行：表上的户主在走访以前（\(death)）已经去世；照收，请核对户主和走访日期",
                en:
                    "row \(row): the head of the form had died before the visit (\(death)); taken in, please check head and day"
            ))
    }

    private mutating func noteDifferent(_ count: Int) {
        notes.append(
            UserText(
                zh: "有 \(count) 张表与档案中同一户、同一天、同一走访人的表不同，未改动。当时填错请用 --as correction --reason 原因；"
                    + "后来重新填写请用 --as change --on 日期",
                en:
                    "\(count) forms differ from the form on record of the same household, day and visitor, and stay as they are: "
                    + "--as correction --reason TEXT when it was wrong, --as change --on DAY when it was filled in anew"
            ))
    }

    private mutating func note(_ change: FormChange) {
        guard let heading = change.heading else {
            notes.append(
                UserText(
                    zh: "第 \(change.row) 行：姓名、电话、住址、困难或需求中的文字与档案不同（文字不显示）",
                    en: "row \(change.row): words about name, telephone, address, hardship or needs differ (not shown)")
            )
            return
        }
        notes.append(
            UserText(
                zh: "第 \(change.row) 行 \(heading)：\(change.old ?? "-") → \(change.new ?? "-")",
                en: "row \(change.row) \(heading): \(change.old ?? "-") -> \(change.new ?? "-")"))
    }
}
