import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// Which applications are listed.
struct ApplicationListOptions: ParsableArguments {
    @Option(help: "Only in this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "Only about this clause.")
    var clause: String?

    @Option(help: "Only at this step, a code.")
    var step: String?

    @Option(help: "As of this day; otherwise today.")
    var on: String?

    @Flag(help: "One JSON document.")
    var json = false

    func list(_ desk: Desk, _ filter: Care_V1_ListApplicationsQuery.Filter) async throws {
        let day = try desk.day(on, option: "--on")
        let entries = try await desk.line(to: .careArchive).applications(
            .with {
                $0.asOf = day.dayNumber
                $0.division = division ?? ""
                $0.clause = clause ?? ""
                $0.step = step ?? ""
                $0.filter = filter
            })
        if json {
            return desk.print(
                JSON.object([("as_of", .day(day)), ("applications", .array(entries.map(\.json)))]).text(indented: true))
        }
        var table = TextTable([
            .init("户编号"), .init("申报", .right), .init("条款"), .init("名称", mayShrink: true), .init("对象"), .init("状态"),
            .init("步骤"), .init("到期"), .init("缺材料", mayShrink: true), .init("提示"),
        ])
        for entry in entries {
            table.append([
                entry.household.idText, "\(entry.applicationSequence)", entry.clause.code, entry.clause.textZh,
                entry.who, entry.state.name, entry.hasStep ? entry.step.name : "",
                DayText.of(entry.dueOn, ifSet: entry.hasDueOn), entry.missingPapers.map(\.name).joined(separator: "、"),
                entry.hint,
            ])
        }
        desk.show(table)
        desk.mention(UserText(zh: "列出 \(entries.count) 件", en: "\(entries.count) listed"))
    }
}

/// `carectl apply ls`
struct ApplyList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List applications that wait for a step.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationListOptions

    @Flag(help: "Those that ended too.")
    var all = false

    func perform(_ desk: Desk) async throws { try await options.list(desk, all ? .unspecified : .open) }
}

/// `carectl apply overdue`
struct ApplyOverdue: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "overdue", abstract: "List applications whose step, or yearly check, is overdue.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationListOptions

    func perform(_ desk: Desk) async throws { try await options.list(desk, .overdue) }
}

/// `carectl apply show`
struct ApplyShow: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the applications of a household with everything that happened to them.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Option(help: "As of this day; otherwise today.")
    var on: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let entries = try await desk.line(to: .careArchive).applications(
            .with {
                $0.asOf = day.dayNumber
                $0.household = household.lowercased()
                $0.withActs = true
            })
        if json {
            return desk.print(JSON.object([("applications", .array(entries.map(\.json)))]).text(indented: true))
        }
        for entry in entries {
            desk.print(
                "第 \(entry.applicationSequence) 条 \(entry.clause.code) \(entry.clause.textZh) \(entry.who)"
                    + " \(entry.state.name) \(entry.hasStep ? entry.step.name : "")")
            if !entry.missingPapers.isEmpty {
                desk.print("  缺材料：" + entry.missingPapers.map { "\($0.name) \($0.code)" }.joined(separator: "、"))
            }
            for paper in entry.handedPapers { desk.print("  材料：" + paper.line) }
            if entry.hasDueOn { desk.print("  本步到期：\(DayText.of(entry.dueOn))") }
            if entry.hasNoticeLastDay { desk.print("  公示至：\(DayText.of(entry.noticeLastDay))") }
            var table = TextTable([
                .init("序号", .right), .init("日期"), .init("事项"), .init("内容", mayShrink: true), .init("经办人"),
            ])
            for act in entry.acts {
                table.append(["\(act.sequence)", DayText.of(act.day), act.kind.name, act.text, act.actor])
            }
            desk.show(table)
        }
        desk.mention(UserText(zh: "共 \(entries.count) 件申报", en: "\(entries.count) applications"))
    }
}

extension Care_V1_ApplicationEntry {
    /// The beneficiary, masked; what struck the family where the accident is kept from this department.
    var who: String {
        if case .incidentSequence? = subject.subject, maskedName.isEmpty { return "突发事件" }
        return maskedName
    }

    /// What to look at: 逾期, 异议 2 条 …
    var hint: String {
        var parts: [String] = []
        if overdue { parts.append("逾期") }
        if !openObjections.isEmpty { parts.append("异议 \(openObjections.count) 条") }
        if barred { parts.append("异议成立") }
        if hasReverificationYear { parts.append("待年审 \(reverificationYear)") }
        return parts.joined(separator: " ")
    }

    var json: JSON {
        .object([
            ("household", .id(household)), ("application", .count(applicationSequence)),
            ("division", .string(division)), ("clause", .string(clause.code)), ("title", .string(clause.textZh)),
            ("masked_name", .string(maskedName)), ("masked_id_number", .string(maskedIDNumber)),
            ("state", .string(state.code)), ("step", hasStep ? .string(step.code) : .null),
            ("submitted_on", .day(submittedOn)), ("reached_on", .day(reachedOn)),
            ("due_on", .day(dueOn, ifSet: hasDueOn)), ("overdue", .bool(overdue)),
            ("reverification_year", hasReverificationYear ? .int(Int64(reverificationYear)) : .null),
            ("papers", .array(papers.map { .string($0) })),
            ("handed_papers", .array(handedPapers.map(\.json))),
            ("missing_papers", .array(missingPapers.map { .string($0.code) })),
            ("notice_opened_on", .day(noticeOpenedOn, ifSet: hasNoticeOpenedOn)),
            ("notice_last_day", .day(noticeLastDay, ifSet: hasNoticeLastDay)),
            ("open_objections", .array(openObjections.map { .count($0) })), ("barred", .bool(barred)),
            ("confirmed_on", .day(confirmedOn, ifSet: hasConfirmedOn)),
            ("previous", hasPreviousSequence ? .count(previousSequence) : .null),
            ("acts", .array(acts.map(\.json))),
        ])
    }
}

extension Care_V1_ApplicationAct {
    fileprivate var json: JSON {
        .object([
            ("sequence", .count(sequence)), ("day", .day(day)), ("kind", .string(kind.code)), ("text", .string(text)),
            ("actor", .string(actor)), ("function", function.isEmpty ? .null : .string(function)),
        ])
    }
}
