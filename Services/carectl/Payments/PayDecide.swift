import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import ServiceKit

/// `carectl pay decide`
struct PayDecide: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide", abstract: "Decide about one line of carectl rules arrears: carry it out, or let it go.",
        discussion: """
            Arrears that are carried out are paid by the next batch of kind arrears, over-payments are taken back by one of kind
            recovery, from whoever got them: from the institution where one did (代缴、代办), not from the family. Let go, nothing is
            paid or taken back, by a regular batch of those months neither. Either way the line leaves the list.

            Months after those that the family's regular batches have gone past (待正常批次 in carectl rules arrears) are not meant:
            their regular batch pays them, and a remark names them. --months decides about months of one's own choice, these too.

            Months belong to the place where the family was then, and only keys of that place decide about them, also after the
            family has moved away. A key of several places says with --division whose months it means. A file that was closed,
            merged into another or registered in error keeps its lines: they are decided in it.
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable { case arrears, recovery }

    enum Verdict: String, ExpressibleByArgument, CaseIterable { case carryOut = "carry-out", letGo = "let-go" }

    private typealias Entry = Care_V1_DueDifferenceList.Entry

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "arrears or recovery, as listed.")
    var kind: Kind

    @Argument(help: "carry-out or let-go.")
    var verdict: Verdict

    @Option(
        help: "Sequence of the determination, as carectl rules arrears --json lists it; needed when there are several.")
    var determination: UInt64?

    @Option(help: "Only of this clause; needed when there are several.")
    var clause: String?

    @Option(
        help: "Months of this division and those within it, 6, 9 or 12 digits; needed for months of several places.")
    var division: String?

    @Option(
        help: "Only these months of arrears: 2015-04 or 2015-04..2015-12; also such as wait for a regular batch.")
    var months: String?

    @Option(help: "Why, a code such as late_certificate.")
    var reason: String

    func perform(_ desk: Desk) async throws {
        guard let code = Code(reason) else {
            throw Failure(
                6144,
                UserText(
                    zh: "--reason 应是代码，如 late_certificate", en: "--reason must be a code such as late_certificate"),
                exit: .usage)
        }
        let meant = try division.map { text in
            guard let meant = DivisionCode(text) else {
                throw Failure(
                    6201, UserText(zh: "--division 应是 6、9 或 12 位数字", en: "--division must be 6, 9 or 12 digits"),
                    exit: .usage)
            }
            return meant
        }
        let span = try months.map(span)
        let archive = try await desk.line(to: .careArchive)
        let entries = try await found(archive, desk, in: span)
        guard let entry = entries.first, let clause = ClauseID(entry.clause) else {
            throw try await nothing(archive, desk, in: span)
        }
        try checkOne(entries)
        guard meant != nil || Set(entries.map(\.division)).count == 1 else { throw Self.severalPlaces(entries) }
        var subject = FactSubject.household
        if entry.hasPerson, let person = PersonID(bytes: entry.person) { subject = .person(person) }
        if entry.hasIncidentSequence { subject = .incident(EventReference(sequence: entry.incidentSequence)) }
        let decided = DueDecided(
            determination: EventReference(sequence: entry.sequence), clause: clause, subject: subject,
            kind: kind == .arrears ? .arrears : .recovery, isCarriedOut: verdict == .carryOut, reason: code,
            division: meant ?? DivisionCode(entry.division), months: span.map { [$0] } ?? [])
        let target = try HouseholdID(wireData: entry.household, "household")
        try await desk.line(to: .intake).send(
            HouseholdCommand(id: .random(), household: target, occurredOn: desk.today, action: .decideDue(decided)),
            desk: desk)
    }

    /// What `--months` means.
    private func span(_ text: String) throws -> ClosedRange<CivilMonth> {
        let dots = text.firstRange(of: "..")
        let first = CivilMonth(parsing: dots.map { text[..<$0.lowerBound] } ?? text[...])
        let last = CivilMonth(parsing: dots.map { text[$0.upperBound...] } ?? text[...])
        guard kind == .arrears, let first, let last, first <= last else {
            throw Failure(
                1483,
                UserText(
                    zh: "--months 应是月份，如 2015-04 或 2015-04..2015-12，只用于 arrears",
                    en: "--months must be months such as 2015-04 or 2015-04..2015-12, and is for arrears only"),
                exit: .usage)
        }
        return first...last
    }

    private static func overlap(_ entry: Entry, _ span: ClosedRange<CivilMonth>) -> Bool {
        CivilMonth(wireIndex: entry.firstMonth) <= span.upperBound
            && span.lowerBound <= CivilMonth(wireIndex: entry.lastMonth)
    }

    private static func severalPlaces(_ entries: [Entry]) -> Failure {
        let places = entries.map { "\($0.division)（\($0.monthCount) 个月）" }.joined(separator: "、")
        let english = entries.map { "\($0.division) (\($0.monthCount) months)" }.joined(separator: ", ")
        return Failure(
            6209,
            UserText(
                zh: "这一条的月份分属 \(places)，请用 --division 指明",
                en: "the line's months belong to \(english): say whose with --division"),
            advice: UserText(
                zh: "写到包含它们的县或市，就一并决定", en: "a county or city around them means all of them"),
            exit: .problemsFound)
    }

    /// The lines that were meant, one for each place; of months that are named also those that wait for a regular batch.
    private func found(
        _ archive: Line, _ desk: Desk, in span: ClosedRange<CivilMonth>?, everyPlace: Bool = false
    ) async throws -> [Entry] {
        var entries = try await found(archive, desk, everyPlace: everyPlace)
        if let span {
            entries += try await found(archive, desk, everyPlace: everyPlace, kind: Self.awaiting)
            entries.removeAll { !Self.overlap($0, span) }
        }
        return entries
    }

    private func found(
        _ archive: Line, _ desk: Desk, everyPlace: Bool = false, kind wanted: String? = nil
    ) async throws -> [Entry] {
        var query = Care_V1_ListDueDifferencesQuery.with {
            $0.asOf = desk.today.dayNumber
            $0.kind = wanted ?? kind.rawValue
            $0.household = household
            $0.division = division ?? ""
            $0.everyPlace = everyPlace
        }
        let (entries, _) = try await archive.all(limit: nil) { page in
            query.page = page
            guard case .dueDifferences(let list) = try await archive.ask(.listDueDifferences(query)) else {
                throw Failure.badAnswer
            }
            return (list.entries, list.total, list.nextPage)
        }
        return entries.filter { entry in
            (clause.map { entry.clause == $0 } ?? true) && (determination.map { entry.sequence == $0 } ?? true)
        }
    }

    /// Refuses lines of several families, or several lines of one.
    private func checkOne(_ entries: [Entry]) throws {
        let families = Set(entries.map(\.household)).count
        guard families == 1 else {
            throw Failure(
                6108,
                UserText(
                    zh: "有 \(families) 户的编号以 \(household) 开头", en: "\(families) households begin with \(household)"),
                advice: UserText(zh: "请多写几位", en: "type more characters"), exit: .usage)
        }
        let lines = Set(entries.map { "\($0.sequence) \($0.clause)" }).count
        guard lines == 1 else {
            throw Failure(
                6207,
                UserText(
                    zh: "有 \(lines) 条，请用 --determination、--clause 指明",
                    en: "\(lines) lines: say which with --determination, --clause"),
                advice: Self.seeList, exit: .problemsFound)
        }
    }

    /// Why there is nothing to decide: the months are another place's, or no such line waits.
    private func nothing(
        _ archive: Line, _ desk: Desk, in span: ClosedRange<CivilMonth>?
    ) async throws -> Failure {
        let elsewhere = try await found(archive, desk, in: span, everyPlace: true)
        guard elsewhere.isEmpty else {
            let places = Set(elsewhere.map(\.division)).sorted().joined(separator: "、")
            return Failure(
                6208,
                UserText(
                    zh: "这一条的月份属于 \(places)，不在本密钥的辖区",
                    en: "the line's months belong to \(places), outside this key's divisions"),
                advice: UserText(
                    zh: "由当地的密钥用 carectl pay decide 决定", en: "keys of that place decide: carectl pay decide"),
                exit: .problemsFound)
        }
        let ahead = kind == .arrears && span == nil ? try await found(archive, desk, kind: Self.awaiting) : []
        guard ahead.isEmpty else { return Self.noNeed(ahead) }
        for open in [RulesArrears.Kind.needsFact, .failed, .awaitingDecision] {
            let waiting = try await found(archive, desk, kind: open.rawValue).filter { $0.direction == kind.rawValue }
            guard waiting.isEmpty else { return undecided(waiting.count, open) }
        }
        // An id that nobody has is said as everywhere else.
        if HouseholdID(household) == nil { _ = try await archive.household(household, on: desk.today) }
        return Failure(
            6207, UserText(zh: "没有待决定的这一条", en: "no such line waits"), advice: Self.seeList,
            exit: .problemsFound)
    }

    /// What became less, or was owed, only because it is not known is neither over-paid nor owed yet.
    private func undecided(_ lines: Int, _ open: RulesArrears.Kind) -> Failure {
        let what =
            kind == .recovery ? UserText(zh: "多发", en: "over-paid") : UserText(zh: "应补", en: "owed")
        let (why, advice) =
            switch open {
            case .failed:
                (
                    UserText(zh: "待查：规则出错", en: "are to be examined: the rule fails, and"),
                    UserText(zh: "改正规则后重新认定", en: "correct the rule; then it is determined anew")
                )
            case .awaitingDecision:
                (
                    UserText(zh: "待决定：待遇的金额由人决定，还没有决定", en: "wait for a decision about the right:"),
                    UserText(
                        zh: "先决定待遇（decide_award，批准多少或不予批准），重新认定以后再看",
                        en: "decide about the right first (decide_award: grant or refuse); then it is determined anew")
                )
            case .arrears, .recovery, .awaitingBatch, .needsFact:
                (
                    UserText(zh: "待补：缺事实或参数", en: "wait for a fact or parameter:"),
                    UserText(
                        zh: "用 carectl household why 看缺什么，补上后重新认定",
                        en: "carectl household why says what is missing; when it is stated, it is determined anew")
                )
            }
        return Failure(
            6134,
            UserText(
                zh: "\(lines) 条\(why.zh)，还不知道是否\(what.zh)",
                en: "\(lines) lines \(why.en) nobody knows whether anything is \(what.en)"), advice: advice,
            exit: .problemsFound)
    }

    /// What a regular batch pays is decided only where somebody means it.
    private static func noNeed(_ entries: [Entry]) -> Failure {
        let first = CivilMonth(wireIndex: entries.map(\.firstMonth).min() ?? 0)
        let last = CivilMonth(wireIndex: entries.map(\.lastMonth).max() ?? 0)
        return Failure(
            1484,
            UserText(
                zh: "\(first)…\(last) 还没有正常批次走过，或暂缓期未满，随正常批次发，不必决定",
                en:
                    "no regular batch has gone past \(first)…\(last), or a hold keeps them back: regular batches pay them, and there is nothing to decide"
            ),
            advice: UserText(
                zh: "正常批次说这些月份待决定的，用 --months \(first)..\(last) 写明",
                en: "where a regular batch says that they wait for a decision: --months \(first)..\(last)"),
            exit: .problemsFound)
    }

    private static let awaiting = RulesArrears.Kind.awaitingBatch.rawValue

    private static let seeList = UserText(zh: "用 carectl rules arrears 查看", en: "see: carectl rules arrears")
}
