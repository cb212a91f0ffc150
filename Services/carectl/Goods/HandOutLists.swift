import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// Which goods are asked about, and how the answer is printed.
struct HandOutQuestion: ParsableArguments {
    @Option(help: "The clause, such as BS-3.2.")
    var clause: String

    @Option(help: "The period, as the clause has it: 2021, 2021-q4, 2021-11, or once.")
    var period: String

    @Option(help: "In this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "A CSV file that spreadsheet programs open.")
    var csv = false
}

/// `carectl handout list`
struct HandOutList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List which families got the goods of a period, with the receipt, and which did not.",
        discussion: """
            To be given goods are the families that have the right on the day, after the period on its last one. Families of whom
            the clause does not know enough are listed, too, as 待认定, so that nobody is forgotten for want of a fact.
            What a file got that was taken in by a merge counts as the family's; 依据 then names that file: an entry is put right
            there.
            """, aliases: ["ls"])

    @OptionGroup var common: CommonOptions
    @OptionGroup var question: HandOutQuestion

    @Option(help: "Only families that stand so: received, missing or unconfirmed.")
    var state: String?

    @Option(help: "At most this many families; 0 = all.")
    var limit = 0

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(question.asOf, option: "--as-of")
        let archive = try await desk.line(to: .careArchive)
        var query = Care_V1_HandOutQuery.with {
            $0.clause = question.clause.asClause
            $0.period = question.period.lowercased()
            $0.asOf = day.dayNumber
            $0.division = question.division ?? ""
            $0.state = state ?? ""
        }
        var deadline: Care_V1_HandOutDeadline?
        let (entries, total) = try await archive.all(limit: limit > 0 ? limit : nil) { page in
            query.size = page.size
            query.after = page.after
            guard case .handOuts(let list) = try await archive.ask(.handOuts(query)) else { throw Failure.badAnswer }
            deadline = list.hasDeadline ? list.deadline : nil
            return (list.entries, list.total, list.nextPage)
        }
        if question.json {
            let document = JSON.object([
                ("clause", .string(query.clause)), ("period", .string(query.period)), ("as_of", .day(day)),
                ("total", .count(total)), ("deadline", deadline?.json ?? .null),
                ("households", .array(entries.map(\.json))),
            ])
            return desk.print(document.text(indented: true))
        }
        let titles = ["户编号", "单位", "情况", "发放日", "物品", "领取人", "签收单", "依据"]
        desk.show(titles.map { .init($0) }, entries.map(\.cells), csv: question.csv)
        guard !question.csv else { return }
        if let deadline { desk.mention(deadline.sentence) }
        desk.mention(UserText(zh: "共 \(total) 户", en: "\(total) families"))
    }
}

/// `carectl handout coverage`
struct HandOutCoverage: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Count by unit the families that got the goods of a period, and those that did not.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var question: HandOutQuestion

    @Option(help: "Digits of the division codes that make a unit: 6, 9 or 12.")
    var depth: UInt32 = 12

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(question.asOf, option: "--as-of")
        let query = Care_V1_HandOutCoverageQuery.with {
            $0.clause = question.clause.asClause
            $0.period = question.period.lowercased()
            $0.asOf = day.dayNumber
            $0.division = question.division ?? ""
            $0.depth = depth
        }
        let archive = try await desk.line(to: .careArchive)
        guard case .handOutCoverage(let table) = try await archive.ask(.handOutCoverage(query)) else {
            throw Failure.badAnswer
        }
        if question.json {
            let document = JSON.object([
                ("clause", .string(query.clause)), ("period", .string(query.period)), ("as_of", .day(day)),
                ("deadline", table.hasDeadline ? table.deadline.json : .null),
                ("rows", .array(table.rows.map(\.json))), ("total", table.total.json),
            ])
            return desk.print(document.text(indented: true))
        }
        let titles: [TextTable.Column] = [
            .init("单位"), .init("应发", .right), .init("已发", .right), .init("逾期后", .right), .init("有签收单", .right),
            .init("未发", .right), .init("发放率", .right), .init("待认定", .right),
        ]
        desk.show(titles, (table.rows + [table.total]).map(\.cells), csv: question.csv)
        if !question.csv, table.hasDeadline { desk.mention(table.deadline.sentence) }
    }
}

extension Care_V1_HandOutDeadline {
    fileprivate var sentence: UserText {
        let (warn, last) = (DayText.of(warnFrom), DayText.of(lastDay))
        return UserText(
            zh: "\(clause.code) \(clause.textZh)：\(warn) 起提醒，\(last) 后逾期",
            en: "\(clause.code): warned of from \(warn), overdue after \(last)")
    }

    fileprivate var json: JSON {
        .object([("clause", .word(clause)), ("warn_from", .day(warnFrom)), ("last_day", .day(lastDay))])
    }
}

extension Care_V1_HandOutList.Entry {
    private var receipt: String? { FileDigest(bytes: [UInt8](receiptDigest))?.reference }

    private var stateText: String {
        switch state {
        case "received": late ? "逾期后已发" : "已发"
        case "missing": late ? "逾期未发" : "未发"
        default: "待认定"
        }
    }

    fileprivate var cells: [String] {
        let proof = receipt.map { $0 + (receiptType.isEmpty ? "（只有摘要、未核内容）" : "（\(receiptType)）") }
        return [
            household.idText, division, stateText, DayText.of(day, ifSet: hasDay),
            items.map { "\($0.goods.name)×\($0.count)" }.joined(separator: "、"),
            hasRelation ? "\(relation.name)（代领）" : receiverRoleZh,
            proof ?? (hasNoReceipt ? "无：\(noReceipt.name)" : ""), place,
        ]
    }

    /// The entry's number; of one in a file that was taken in, which is put right there, with that file.
    private var place: String {
        guard sequence != 0 else { return "" }
        return file.isEmpty ? "\(sequence)" : "\(file.idText) #\(sequence)"
    }

    fileprivate var json: JSON {
        .object([
            ("household", .id(household)), ("division", .string(division)), ("state", .string(state)),
            ("late", .bool(late)), ("day", .day(day, ifSet: hasDay)),
            ("items", .array(items.map { .object([("goods", .word($0.goods)), ("count", .int(Int64($0.count)))]) })),
            ("receiver_role", receiverRoleZh.isEmpty ? .null : .string(receiverRoleZh)),
            ("relation", hasRelation ? .word(relation) : .null), ("receipt", receipt.map(JSON.string) ?? .null),
            ("receipt_type", receiptType.isEmpty ? .null : .string(receiptType)),
            ("no_receipt", hasNoReceipt ? .word(noReceipt) : .null),
            ("sequence", sequence == 0 ? .null : .count(sequence)), ("file", file.isEmpty ? .null : .id(file)),
        ])
    }
}

extension Care_V1_HandOutCoverage.Row {
    private var missingCount: UInt64 { dueCount - min(dueCount, receivedCount) }

    /// Never 100 % while one family is missing.
    fileprivate var cells: [String] {
        let share = dueCount == 0 ? "-" : "\(receivedCount * 100 / dueCount)%"
        let counts = [dueCount, receivedCount, lateCount, receiptCount, missingCount].map { "\($0)" }
        return [unit.isEmpty ? "合计" : unit] + counts + [share, "\(unconfirmedCount)"]
    }

    fileprivate var json: JSON {
        .object([
            ("unit", unit.isEmpty ? .null : .string(unit)), ("household_count", .count(householdCount)),
            ("due_count", .count(dueCount)), ("received_count", .count(receivedCount)),
            ("late_count", .count(lateCount)), ("receipt_count", .count(receiptCount)),
            ("missing_count", .count(missingCount)), ("unconfirmed_count", .count(unconfirmedCount)),
        ])
    }
}
