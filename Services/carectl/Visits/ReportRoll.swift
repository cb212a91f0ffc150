import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl report roll`
struct ReportRoll: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "roll",
        abstract: "List who holds a right at the end of a quarter, and what changed since the quarter before (季度名单).",
        discussion: """
            The list is as the record knew it at the end of the quarter's last day, and so is the one before: what is learned later
            stands in the next list, as a difference, and the same list can be printed again at any time. Of history that was
            imported later, nothing was known then: --known-at asks for both lists as known at one moment.
            Of a clause that gives goods (BS-3.2) it tells when each family got those of the year, period or quarter.
            Of a right to money it tells what each gets and how often (标准), as on the list's day.
            Names and numbers are masked. --send freezes the list, without names; a correction is a further version with --reason.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var sending: ReportSendingOptions

    @Option(help: "The clause of the right, such as BS-3.4.")
    var clause: String

    @Option(help: "The quarter, such as 2021-Q3.")
    var quarter: String

    @Option(help: "In this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "As known at this moment (2021-10-01T09:30:00+08:00) or at the end of this day.")
    var knownAt: String?

    @Flag(help: "Only what changed.")
    var changes = false

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "A CSV file that spreadsheet programs open.")
    var csv = false

    func perform(_ desk: Desk) async throws {
        let quarter = quarter.uppercased()
        guard let period = PaymentPeriod(parsing: quarter), quarter.contains("-Q"),
            let end = period.last.lastDay.lastMoment, let beginning = (period.first.firstDay - 1).lastMoment
        else {
            throw Failure(
                6264, UserText(zh: "--quarter 应是季度，如 2021-Q3", en: "--quarter must be a quarter such as 2021-Q3"),
                exit: .usage)
        }
        let last = period.last.lastDay
        let before = period.first.firstDay - 1
        let moment = try knownAt.map { try desk.moment($0) }
        let query = Care_V1_RightsRollQuery.with {
            $0.clause = clause
            $0.day = last.dayNumber
            $0.knownAt = (moment ?? end).microseconds
            $0.beforeDay = before.dayNumber
            $0.beforeKnownAt = (moment ?? beginning).microseconds
            $0.division = division ?? ""
        }
        let archive = try await desk.line(to: .careArchive)
        guard case .rightsRoll(var roll) = try await archive.ask(.rightsRoll(query), timeout: .seconds(120)) else {
            throw Failure.badAnswer
        }
        let listed = roll.lines.filter(\.isListed).count
        if sending.send { try await send(roll, period, moment ?? end, listed, desk) }
        if changes { roll.lines.removeAll { $0.change == RightsRoll.Change.kept.rawValue } }
        show(roll, period, desk)
        if moment == nil, last >= desk.today {
            desk.say(UserText(zh: "本季度尚未结束，名单还会变动", en: "the quarter is not over: the list may still change"))
        }
        if roll.incompleteHouseholdCount > 0 {
            desk.say(
                UserText(
                    zh: "另有 \(roll.incompleteHouseholdCount) 户记录不全，没有列入",
                    en: "\(roll.incompleteHouseholdCount) families are left out: their record cannot be read whole"))
        }
        if !json, !csv {
            desk.mention(UserText(zh: "\(last) 在册 \(listed) 人（户）", en: "\(listed) on the list of \(last)"))
            if listed == 0, knownAt == nil {
                desk.mention(
                    UserText(
                        zh: "名单按 \(last) 当时所知；后来补录的历史请加 --known-at 日期",
                        en: "the list is as known on \(last); for history recorded later add --known-at DAY"))
            }
        }
    }

    /// Freezes the whole list. Names stay where they are: the families' ids find them.
    private func send(
        _ roll: Care_V1_RightsRoll, _ period: PaymentPeriod, _ knownAt: Moment, _ listed: Int, _ desk: Desk
    ) async throws {
        let scope = ReportScope(
            kind: Code(unchecked: "roll"), division: try DivisionCode.book(division ?? ""),
            clause: try ClauseID.typed(clause), firstDay: period.first.firstDay, lastDay: period.last.lastDay)
        let document = JSON.object([
            ("clause", .string(clause)), ("day", .day(period.last.lastDay)), ("known_at", .moment(knownAt)),
            ("incomplete_household_count", .count(roll.incompleteHouseholdCount)),
            ("lines", .array(roll.lines.map(\.frozen))),
        ])
        try await desk.freeze(
            ReportDocument(
                scope: scope, knownAt: knownAt, document: document,
                figures: [LoanFigure(Code(unchecked: "listed"), Int64(listed))]), sending)
    }

    private func show(_ roll: Care_V1_RightsRoll, _ period: PaymentPeriod, _ desk: Desk) {
        if json {
            let document = JSON.object([
                ("clause", .string(clause)), ("day", .day(period.last.lastDay)),
                ("incomplete_household_count", .count(roll.incompleteHouseholdCount)),
                ("lines", .array(roll.lines.map(\.json))),
            ])
            return desk.print(document.text(indented: true))
        }
        let titles = ["变动", "单位", "户编号", "身份", "姓名", "证件号", "自", "认定", "实物发放", "标准"]
        if csv {
            var file = CSVWriter()
            for row in [titles] + roll.lines.map(\.cells) { file.append(row) }
            return StandardOutput.write(file.bytes)
        }
        var table = TextTable(titles.map { .init($0) })
        for line in roll.lines { table.append(line.cells) }
        desk.show(table)
    }
}

extension CivilDay {
    /// The last moment of the day in Asia/Shanghai; nil before the year 1.
    fileprivate var lastMoment: Moment? { Moment(parsing: description) }
}

extension Care_V1_RightsRoll.Line {
    /// Whether it stands on the list; otherwise it left it.
    fileprivate var isListed: Bool { RightsRoll.Change(rawValue: change)?.isListed ?? false }

    fileprivate var cells: [String] {
        [
            changeText, division, household.idText, roleZh, maskedName, maskedIDNumber, DayText.of(since),
            "\(determinationSequence)", DayText.of(handedOutOn, ifSet: hasHandedOutOn), standard,
        ]
    }

    /// What the right gives, such as 每学年 600.00; empty where it gives no money.
    private var standard: String {
        guard hasAmountFen else { return "" }
        return [cadenceZh, Fen(amountFen).description].joined(separator: " ")
    }

    private var changeText: String {
        switch RightsRoll.Change(rawValue: change) {
        case .kept?: ""
        case .added?: "新增"
        case .died?: "退出：死亡"
        case .left?: "退出：离开家庭"
        case .moved?: "退出：迁出"
        case .closed?: "退出：销档"
        case .ended?: "退出：不再符合"
        case nil: change
        }
    }

    /// What stays of the line in a list that was sent.
    fileprivate var frozen: JSON {
        .object([
            ("household", .id(household)), ("division", .string(division)),
            ("person", person.isEmpty ? .null : .id(person)), ("since", .day(since)),
            ("determination", .count(determinationSequence)), ("change", .string(change)),
            ("handed_out_on", .day(handedOutOn, ifSet: hasHandedOutOn)),
        ])
    }

    fileprivate var json: JSON {
        .object([
            ("household", .id(household)), ("division", .string(division)),
            ("person", person.isEmpty ? .null : .id(person)), ("role", .string(roleZh)),
            ("masked_name", .string(maskedName)), ("masked_id_number", .string(maskedIDNumber)),
            ("since", .day(since)), ("determination", .count(determinationSequence)), ("change", .string(change)),
            ("handed_out_on", .day(handedOutOn, ifSet: hasHandedOutOn)),
            ("amount_fen", hasAmountFen ? .int(amountFen) : .null), ("cadence", .string(cadence)),
        ])
    }
}
