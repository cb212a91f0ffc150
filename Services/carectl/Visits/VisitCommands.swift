import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl visit`
struct VisitCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "visit", abstract: "Who was visited in a time, and whom nobody visited.",
        subcommands: [VisitCoverage.self, VisitMissing.self])
}

/// Which visits are asked about, and how the answer is printed.
struct VisitQuestion: ParsableArguments {
    @Option(help: "In this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "First day of the visits; otherwise 1 January of the year of the last day.")
    var from: String?

    @Option(help: "Last day of the visits, on which it is judged who belongs where; otherwise today.")
    var to: String?

    @Option(help: "Only visits of this kind count, such as holiday or needs; otherwise any.")
    var kind: String?

    @Option(help: "Only what this clause asks for: BS-3.3a one visit, CZ-2.14b one on each holiday of the time.")
    var clause: String?

    @Option(help: "With a clause of holiday visits: only this feast, such as mid_autumn.")
    var holiday: String?

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "A CSV file that spreadsheet programs open.")
    var csv = false

    func days(_ desk: Desk) throws -> ClosedRange<CivilDay> {
        let last = try desk.day(to, option: "--to")
        let first = try from.map { try desk.day($0, option: "--from") } ?? last.firstDayOfYear
        guard first <= last else {
            throw Failure(
                6263, UserText(zh: "--from 晚于 --to（\(last)）", en: "--from is after --to, \(last)"), exit: .usage)
        }
        return first...last
    }
}

/// `carectl visit coverage`
struct VisitCoverage: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Count by unit the families to be visited, visited in time, late, and missed.",
        discussion: """
            To be visited are the special-hardship families, and those to which a pack promises a visit (Boshan BS-3.3a, by 20 October).
            Any visit counts. The other open files of a unit are told apart: 待认定 waits for facts, 其他 has no such status.
            With --clause only what that clause asks for is counted; holiday visits (CZ-2.14b) feast by feast, a family once for each.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var question: VisitQuestion

    @Option(help: "Digits of the division codes that make a unit: 6, 9 or 12.")
    var depth: UInt32 = 12

    func perform(_ desk: Desk) async throws {
        let days = try question.days(desk)
        let query = Care_V1_VisitCoverageQuery.with {
            $0.from = days.lowerBound.dayNumber
            $0.to = days.upperBound.dayNumber
            $0.division = question.division ?? ""
            $0.depth = depth
            $0.kind = question.kind ?? ""
            $0.clause = question.clause?.asClause ?? ""
            $0.holiday = question.holiday ?? ""
        }
        let archive = try await desk.line(to: .careArchive)
        guard case .visitCoverage(let table) = try await archive.ask(.visitCoverage(query)) else {
            throw Failure.badAnswer
        }
        if question.json { return desk.print(table.json.text(indented: true)) }
        let titles: [TextTable.Column] = [
            .init("单位"), .init("应访", .right), .init("按期", .right), .init("逾期后", .right), .init("未访", .right),
            .init("走访率", .right), .init("待认定", .right), .init("其他", .right),
        ]
        desk.show(titles, (table.rows + [table.total]).map(\.cells), csv: question.csv)
        if !question.csv { table.deadlines.forEach { desk.mention($0.sentence) } }
    }
}

/// `carectl visit missing`
struct VisitMissing: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "missing", abstract: "List the families that nobody visited in a time.",
        discussion: "Families of whom it is not known yet whether they are to be visited are listed, too, as 待认定.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var question: VisitQuestion

    @Option(help: "At most this many families; 0 = all.")
    var limit = 0

    func perform(_ desk: Desk) async throws {
        let days = try question.days(desk)
        let archive = try await desk.line(to: .careArchive)
        var query = Care_V1_VisitMissingQuery.with {
            $0.from = days.lowerBound.dayNumber
            $0.to = days.upperBound.dayNumber
            $0.division = question.division ?? ""
            $0.kind = question.kind ?? ""
            $0.clause = question.clause?.asClause ?? ""
            $0.holiday = question.holiday ?? ""
        }
        var deadlines: [Care_V1_VisitDeadline] = []
        let (families, total) = try await archive.all(limit: limit > 0 ? limit : nil) { page in
            query.size = page.size
            query.after = page.after
            guard case .visitMissing(let list) = try await archive.ask(.visitMissing(query)) else {
                throw Failure.badAnswer
            }
            deadlines = list.deadlines
            return (list.households, list.total, list.nextPage)
        }
        if question.json {
            let document = JSON.object([
                ("from", .day(days.lowerBound)), ("to", .day(days.upperBound)), ("total", .count(total)),
                ("deadlines", .array(deadlines.map(\.json))), ("households", .array(families.map(\.json))),
            ])
            return desk.print(document.text(indented: true))
        }
        let titles = ["户编号", "单位", "情形", "条款", "节日", "期限", "情况", "上次走访"]
        desk.show(titles.map { .init($0) }, families.map(\.cells), csv: question.csv)
        if !question.csv {
            deadlines.forEach { desk.mention($0.sentence) }
            let counts = deadlines.contains { $0.hasHoliday } ? "户次" : "户"
            desk.mention(UserText(zh: "共 \(total) \(counts)未走访", en: "\(total) families not visited"))
        }
    }
}

extension Care_V1_VisitDeadline {
    fileprivate var sentence: UserText {
        let (warn, last) = (DayText.of(warnFrom), DayText.of(lastDay))
        let feast = hasHoliday ? " \(holiday.name)" : ""
        return UserText(
            zh: "\(clause.code) \(clause.textZh)\(feast)：\(warn) 起提醒，\(last) 后逾期",
            en: "\(clause.code)\(hasHoliday ? " " + holiday.code : ""): warned of from \(warn), overdue after \(last)")
    }

    fileprivate var json: JSON {
        .object([
            ("clause", .word(clause)), ("holiday", hasHoliday ? .word(holiday) : .null),
            ("warn_from", .day(warnFrom)), ("last_day", .day(lastDay)),
        ])
    }
}

extension Care_V1_VisitCoverage {
    fileprivate var json: JSON {
        .object([
            ("from", .day(from)), ("to", .day(to)), ("deadlines", .array(deadlines.map(\.json))),
            ("rows", .array(rows.map(\.json))), ("total", total.json),
        ])
    }
}

extension Care_V1_VisitCoverage.Row {
    private var missingCount: UInt64 { dueCount - min(dueCount, inTimeCount + lateCount) }
    private var otherCount: UInt64 { householdCount - min(householdCount, dueCount + unconfirmedCount) }

    /// Never 100 % while one family is missing.
    fileprivate var cells: [String] {
        let share = dueCount == 0 ? "-" : "\((dueCount - missingCount) * 100 / dueCount)%"
        let counts = [dueCount, inTimeCount, lateCount, missingCount].map { "\($0)" }
        return [unit.isEmpty ? "合计" : unit] + counts + [share, "\(unconfirmedCount)", "\(otherCount)"]
    }

    fileprivate var json: JSON {
        .object([
            ("unit", unit.isEmpty ? .null : .string(unit)), ("household_count", .count(householdCount)),
            ("due_count", .count(dueCount)), ("in_time_count", .count(inTimeCount)), ("late_count", .count(lateCount)),
            ("missing_count", .count(missingCount)), ("unconfirmed_count", .count(unconfirmedCount)),
        ])
    }
}

extension Care_V1_VisitMissingList.Entry {
    fileprivate var cells: [String] {
        [
            household.idText, division, StatusWords.chinese(status), clause.isEmpty ? "-" : clause,
            hasHoliday ? holiday.name : "-", DayText.of(dueOn, ifSet: hasDueOn), due ? (overdue ? "逾期" : "未访") : "待认定",
            DayText.of(lastVisitOn, ifSet: hasLastVisitOn),
        ]
    }

    fileprivate var json: JSON {
        .object([
            ("household", .id(household)), ("division", .string(division)),
            ("status", status.isEmpty ? .null : .string(status)), ("clause", clause.isEmpty ? .null : .string(clause)),
            ("due", .bool(due)), ("due_on", .day(dueOn, ifSet: hasDueOn)), ("overdue", .bool(overdue)),
            ("last_visit_on", .day(lastVisitOn, ifSet: hasLastVisitOn)),
            ("holiday", hasHoliday ? .word(holiday) : .null),
        ])
    }
}
