import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import RuleReplay
import ServiceKit
import SwiftProtobuf

/// `carectl rules arrears`
struct RulesArrears: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "arrears",
        abstract:
            "List what revised determinations left to be paid (arrears) or taken back (recovery), for people to decide.",
        discussion: """
            Nothing is paid or taken back by it. A line is one right and what one change made of it: the months whose sum became more,
            or less, than what was due in them before. What a later determination cancels is in the list no more. 对象 is whose right
            it is, not who gets the money or gives it back: what goes to an institution in place of the person (代缴、代办) names it
            under 机构, with the reference of its account; of 多发 it is the institution that got it, as the files for the bank have
            it, and it is asked back of it. Without an institution it is the family.

            Months after those that the family's regular batches have gone past stand in lines of their own (待正常批次
            awaiting_batch), in neither sum: the regular batch of those months pays them, and they leave the list then; so do months
            that it left out because a hold (暂缓) keeps them back, which the batch of the month in which it ends pays. Nobody needs
            to decide about them; pay decide --months does where a regular batch says that they wait for a decision. All others wait
            for one (应补, 多发), also all months of a family that no regular batch has paid anything of the clause.

            Months belong to the place where the family was then: a key is shown those of its own divisions, wherever the family is
            today, and of closed, merged and wrongly registered files, too. Of a family that has moved away nothing else is shown.

            What became less, or was owed and is not any longer, only because a fact or parameter is missing (待补 needs_fact) or
            the rule ended in an error (待查 failed) is listed as such, with what it was (应补, 多发) and what is missing, in
            neither sum and for nobody to decide: when that is settled, a new determination says what it is. So is what became
            less, or was owed, until the sum of the right was left to people and nobody has decided (待决定 awaiting_decision):
            decide about the right (decide_award), not about the line. What a grant gave and somebody took back is 多发.

            Somebody who left one family and was registered in another may have the right in both files, from before either was
            opened. A month is paid once, by the file in which the person was before: the lines of the other file say so
            (另一户也应发, due_in_other_file), its batches leave those months out, and its page names them.
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case arrears, recovery
        case awaitingBatch = "awaiting_batch"
        case needsFact = "needs_fact"
        case failed
        case awaitingDecision = "awaiting_decision"
    }

    @OptionGroup var common: CommonOptions

    @Option(help: "Only what this adoption brought about: PACK@DAY, the first day of the version.")
    var adoption: String?

    @Option(help: "Only clauses of this pack, such as chenzhou-2014.")
    var pack: String?

    @Option(help: "Only months that belong to this division, 6, 9 or 12 digits; of a family that moved its time there.")
    var division: String?

    @Flag(help: "Also months of other places, of families whose file this key reads today: they are decided there.")
    var everyPlace = false

    @Option(help: "arrears, recovery, awaiting_batch, needs_fact, failed or awaiting_decision; otherwise all.")
    var kind: Kind?

    @Option(help: "At most this many lines; 0 = all.")
    var limit = 0

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "A CSV file that spreadsheet programs open.")
    var csv = false

    func perform(_ desk: Desk) async throws {
        var query = Care_V1_ListDueDifferencesQuery.with {
            $0.division = division ?? ""
            $0.asOf = desk.today.dayNumber
            $0.kind = kind?.rawValue ?? ""
            $0.pack = pack ?? ""
            $0.everyPlace = everyPlace
        }
        if let adoption {
            let (pack, day) = try Self.version(adoption, desk)
            guard query.pack.isEmpty || query.pack == pack else { throw Self.otherPack(adoption) }
            query.pack = pack
            query.adoptedFrom = day.dayNumber
        }
        let archive = try await desk.line(to: .careArchive)
        if division != nil, !everyPlace {
            _ = try ReplayScope(asked: division, of: try await archive.divisions().own, desk)
        }
        var sums = (arrears: Fen.zero, recoveries: Fen.zero)
        let (entries, total) = try await archive.all(limit: limit > 0 ? limit : nil) { page in
            query.page = page
            guard case .dueDifferences(let list) = try await archive.ask(.listDueDifferences(query)) else {
                throw Failure.badAnswer
            }
            sums = (Fen(list.arrearsFen), Fen(list.recoveriesFen))
            return (list.entries, list.total, list.nextPage)
        }
        let beneficiaries = try entries.map { entry in
            (
                household: try HouseholdID(wireData: entry.household, "household"),
                person: entry.hasPerson ? PersonID(bytes: entry.person) : nil
            )
        }
        let names = try await BeneficiaryNames.of(beneficiaries, archive, desk)
        let whos = zip(entries, beneficiaries).map { entry, one in
            one.person.flatMap { names.who($0, in: one.household) } ?? Self.who(entry)
        }
        if json {
            let document = JSON.object([
                ("as_of", .day(desk.today)), ("total", .count(total)), ("arrears_fen", .int(sums.arrears.amount)),
                ("recoveries_fen", .int(sums.recoveries.amount)),
                ("entries", .array(zip(entries, whos).map(Self.json))),
            ])
            desk.print(document.text(indented: true))
        } else if csv {
            var file = CSVWriter()
            file.append(Self.titles)
            for (entry, who) in zip(entries, whos) { file.append(Self.row(entry, who, entry.division)) }
            StandardOutput.write(file.bytes)
        } else {
            var table = TextTable(
                Self.titles.enumerated().map { .init($1, $0 == 7 || $0 == 8 ? .right : .left, mayShrink: $0 == 3) })
            for (entry, who) in zip(entries, whos) { table.append(Self.row(entry, who, desk.place(entry.division))) }
            desk.show(table)
            desk.mention(
                UserText(
                    zh: "共 \(total) 条：应补 \(sums.arrears) 元，多发 \(sums.recoveries) 元；未收未付，待人决定",
                    en:
                        "\(total) lines: arrears \(sums.arrears), recoveries \(sums.recoveries) yuan; they wait for a person"
                ))
            mentionAwaiting(entries, desk)
            mentionOpen(entries, desk)
            mentionUndecided(entries, desk)
            mentionOtherFiles(entries, desk)
        }
    }

    /// What a regular batch pays.
    private func mentionAwaiting(_ entries: [Care_V1_DueDifferenceList.Entry], _ desk: Desk) {
        let sum = Fen(entries.filter { Kind(rawValue: $0.kind) == .awaitingBatch }.reduce(0) { $0 + $1.sumFen })
        guard sum > .zero else { return }
        desk.mention(
            UserText(
                zh: "另有 \(sum) 元的月份还没有正常批次走过，或暂缓期未满，随正常批次发，不必决定",
                en:
                    "besides, \(sum) yuan are of months that no regular batch has gone past, or that a hold keeps back: regular batches pay them, nobody need decide"
            ))
    }

    /// What is in neither sum.
    private func mentionOpen(_ entries: [Care_V1_DueDifferenceList.Entry], _ desk: Desk) {
        let open = entries.filter { [.needsFact, .failed].contains(Kind(rawValue: $0.kind)) }
        guard !open.isEmpty else { return }
        let sum = Fen(open.reduce(0) { $0 + $1.sumFen })
        desk.mention(
            UserText(
                zh: "另有 \(open.count) 条 \(sum) 元待补事实或待查规则，不算应补，也不算多发",
                en:
                    "besides, \(open.count) lines, \(sum) yuan, wait for a fact or a rule: neither owed nor over-paid before that is settled"
            ))
    }

    /// What is in neither sum because the right itself waits for a decision.
    private func mentionUndecided(_ entries: [Care_V1_DueDifferenceList.Entry], _ desk: Desk) {
        let open = entries.filter { Kind(rawValue: $0.kind) == .awaitingDecision }
        guard !open.isEmpty else { return }
        let sum = Fen(open.reduce(0) { $0 + $1.sumFen })
        desk.mention(
            UserText(
                zh: "另有 \(open.count) 条 \(sum) 元待决定待遇金额（批准多少或不予批准），不算应补，也不算多发",
                en:
                    "besides, \(open.count) lines, \(sum) yuan, wait for a decision about the right itself: neither owed nor over-paid before that"
            ))
    }

    /// What another file pays, where the person was before.
    private func mentionOtherFiles(_ entries: [Care_V1_DueDifferenceList.Entry], _ desk: Desk) {
        let theirs = entries.filter(\.dueInOtherFile)
        guard !theirs.isEmpty else { return }
        let sum = Fen(theirs.reduce(0) { $0 + $1.sumFen })
        desk.mention(
            UserText(
                zh: "其中 \(theirs.count) 条共 \(sum) 元标有“另一户也应发”：此人先在另一户，那一户应发的月份由那一户发，本户不再发；"
                    + "是哪些月份，本户实际待补多少，见 carectl household show",
                en:
                    "of these, \(theirs.count) lines, \(sum) yuan, are of people who were in another household before (另一户也应发): what "
                    + "its file owes is paid there and not a second time; carectl household show names the months and what is left"
            ))
    }

    // MARK: What was typed

    private static func version(_ text: String, _ desk: Desk) throws -> (pack: String, day: CivilDay) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, PackID(parts[0]) != nil else {
            throw Failure(
                6191, UserText(zh: "--adoption 应写成 包@施行日", en: "--adoption must be PACK@DAY"),
                advice: UserText(zh: "用 carectl rules ls 查看", en: "see: carectl rules ls"), exit: .usage)
        }
        return (String(parts[0]), try desk.day(String(parts[1]), option: "--adoption"))
    }

    private static func otherPack(_ adoption: String) -> Failure {
        Failure(
            6191,
            UserText(zh: "--pack 与 --adoption \(adoption) 不是同一个包", en: "--pack is not that of --adoption \(adoption)"),
            exit: .usage)
    }

    // MARK: Rows

    private static let titles = ["户编号", "区划", "条款", "名称", "对象", "机构", "月份", "月数", "金额", "类别", "缺", "缘由", "部门", "自"]

    private static func row(_ entry: Care_V1_DueDifferenceList.Entry, _ who: String, _ place: String) -> [String] {
        let months = (month(entry.firstMonth), month(entry.lastMonth))
        return [
            entry.household.idText, place, entry.clause, entry.title, who, institutions(entry),
            months.0 == months.1 ? months.0 : "\(months.0)…\(months.1)", "\(entry.monthCount)",
            Fen(entry.sumFen).description, kind(entry), missing(entry), cause(entry),
            entry.department.name, DayText.of(entry.since),
        ]
    }

    /// Who gets the money in place of the beneficiary, or got it.
    private static func institutions(_ entry: Care_V1_DueDifferenceList.Entry) -> String {
        entry.institutions.map { one in
            guard one.accountRef.isEmpty else { return "\(one.titleZh) \(one.accountRef)" }
            return entry.direction == Kind.recovery.rawValue ? one.titleZh : "\(one.titleZh)（账户未登记）"
        }.joined(separator: "、")
    }

    private static func kind(_ entry: Care_V1_DueDifferenceList.Entry) -> String {
        let was = entry.direction == Kind.arrears.rawValue ? "（原应补）" : "（原多发）"
        let other = entry.dueInOtherFile ? "（另一户也应发）" : ""
        return switch Kind(rawValue: entry.kind) {
        case .arrears: "应补\(other)"
        case .recovery: "多发"
        case .awaitingBatch: "待正常批次\(other)"
        case .needsFact: "待补\(was)"
        case .failed: "待查\(was)"
        case .awaitingDecision: "待决定\(was)"
        case nil: entry.kind
        }
    }

    private static func missing(_ entry: Care_V1_DueDifferenceList.Entry) -> String {
        entry.missingFacts.map { $0.textZh.isEmpty ? $0.code : $0.textZh }.joined(separator: "、")
    }

    private static func month(_ index: Int32) -> String { CivilMonth(wireIndex: index).description }

    private static func who(_ entry: Care_V1_DueDifferenceList.Entry) -> String {
        if entry.hasPerson { return "人 " + entry.person.idText }
        return entry.hasIncidentSequence ? "事件 #\(entry.incidentSequence)" : "户"
    }

    private static func cause(_ entry: Care_V1_DueDifferenceList.Entry) -> String {
        guard entry.hasRulesChange else { return "事实 #\(entry.factSequence)" }
        let change = entry.rulesChange
        return change.hasVersionFrom
            ? "采用 \(change.pack)@\(DayText.of(change.versionFrom))" : "参数 \(change.pack) \(change.parameter)"
    }

    private static func json(_ entry: Care_V1_DueDifferenceList.Entry, _ who: String) -> JSON {
        let change = entry.rulesChange
        let cause: JSON =
            entry.hasRulesChange
            ? .object([
                ("kind", .string(change.hasVersionFrom ? "adoption" : "parameter")), ("pack", .string(change.pack)),
                ("version_from", .day(change.versionFrom, ifSet: change.hasVersionFrom)),
                ("parameter", change.hasParameter ? .string(change.parameter) : .null),
            ])
            : .object([("kind", .string("fact")), ("sequence", .count(entry.factSequence))])
        return .object([
            ("household", .id(entry.household)), ("division", .string(entry.division)),
            ("clause", .string(entry.clause)), ("title", .string(entry.title)),
            ("person", entry.hasPerson ? .id(entry.person) : .null), ("who_zh", .string(who)),
            (
                "institutions",
                .array(
                    entry.institutions.map { one in
                        .object([
                            ("title_zh", .string(one.titleZh)), ("title_en", .string(one.titleEn)),
                            ("account_ref", one.accountRef.isEmpty ? .null : .string(one.accountRef)),
                        ])
                    })
            ),
            ("incident", entry.hasIncidentSequence ? .count(entry.incidentSequence) : .null),
            ("kind", .string(entry.kind)), ("direction", .string(entry.direction)),
            ("missing", .array(entry.missingFacts.map(JSON.word))), ("first_month", .string(month(entry.firstMonth))),
            ("last_month", .string(month(entry.lastMonth))), ("months", .int(Int64(entry.monthCount))),
            ("sum_fen", .int(entry.sumFen)), ("cause", cause), ("department", .word(entry.department)),
            ("pack", .string(entry.pack)), ("since", .day(entry.since)), ("determination", .count(entry.sequence)),
            ("due_in_other_file", .bool(entry.dueInOtherFile)),
        ])
    }
}
