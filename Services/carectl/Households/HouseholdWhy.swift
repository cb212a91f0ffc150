import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl household why`
struct HouseholdWhy: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explain what each clause gives a household on a day, and the reason of every no.",
        discussion: """
            The rules of that day answer, so a past month is explained by what was in force then. Whoever had a right on some
            day of the month, or to whom something is due in it, is explained too, with the days of the month and its sum.
            A family that has moved away is explained by its present place, or a level above, also in months of other places.
            --all is a table: every clause of the documents in force for the family's place, one line for each beneficiary, with
            the answer and, of every no, what is not met (未满足) or stands in the way. Name the clause for the whole explanation.
            Of a member who died by an accident on record, and whose death is not recorded, it says so first: all is worked out as
            if they lived.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var id: String

    @Argument(help: "A clause, such as CZ-2.1; otherwise every clause that gives, proposes or waits for something.")
    var clause: String?

    @Option(name: [.customLong("on"), .customLong("as-of")], help: "The day asked about; otherwise today.")
    var on: String?

    @Option(help: "As known at this moment (2014-07-16T09:30:00+08:00) or at the end of this day.")
    var knownAt: String?

    @Option(help: "What --known-at is measured by: recorded or learned.")
    var basis = "recorded"

    @Flag(help: "A table of every clause of the family's place, also of those that give nothing.")
    var all = false

    @Flag(help: "With --all: one JSON document.")
    var json = false

    @Flag(help: "With --all: a CSV file that spreadsheet programs open.")
    var csv = false

    func validate() throws {
        guard all ? clause == nil : !(json || csv) else {
            throw ValidationError(
                UserText(
                    zh: "--all 列出全部条款，不能再写条款号；--json、--csv 只和 --all 一起用",
                    en: "--all lists every clause and takes none; --json and --csv go with --all"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let known = try desk.knownAt(knownAt, basis: basis)
        let wanted = try clause.map { text in
            guard let clause = ClauseID(text.asClause) else {
                throw Failure(6132, UserText(zh: "\(text) 不是条款号", en: "\(text) is no clause"), exit: .usage)
            }
            return clause
        }
        let archive = try await desk.line(to: .careArchive)
        let household = try await archive.household(id, on: day)
        let family = try await family(household, on: day, archive)
        var facts = FactBase(events: family.events.filter(\.event.bearsOnRules))
        guard !facts.statements.isEmpty else {
            throw Failure(
                6107, UserText(zh: "没有编号为 \(id) 的户", en: "there is no household \(id)"),
                advice: UserText(zh: "用 carectl household find 查找", en: "look for it: carectl household find"),
                exit: .problemsFound)
        }
        let rules = try await archive.publishedRules()
        let evaluator = Evaluator(registry: rules.registry, parameters: rules.parameters)
        let withheld = try await takeFilesLeft(into: &facts, of: household, family.withheld, evaluator, archive, desk)
        let kept = KeptClauses(rules.registry, withheld: withheld)
        let deaths = try await UnrecordedDeaths(
            of: household, family.events, on: day, knownAt: try knownAt.map { try desk.moment($0) },
            basis: try desk.basis(basis), archive)
        if all { return try table(evaluator, facts, day, known, kept, deaths, rules.registry, desk) }
        for note in deaths.notes { desk.print(note[desk.language]) }
        let explanations = explain(evaluator, facts, day, known, wanted).filter { kept[$0.clause] == nil }
        let onPage = KeptClauses.onPage(family.events)
        for clause in kept.named(wanted, on: day, in: facts.division(on: day)) {
            desk.print(kept.line(clause, isOnPage: onPage.contains(clause), desk))
        }
        if let wanted, kept[wanted] != nil { return }
        for (index, explanation) in explanations.enumerated() {
            if index > 0 { desk.print("") }
            let lines = desk.language == .chinese ? explanation.chineseLines : explanation.englishLines
            for line in lines { desk.print(line) }
        }
        if !explanations.isEmpty {
            let page = try await archive.page(
                of: household.description, on: day, knownAt: try knownAt.map { try desk.moment($0) },
                basis: try desk.basis(basis))
            for note in OtherFilesMonths(page, of: Set(explanations.map(\.clause))).notes {
                desk.print(note[desk.language])
            }
        }
        if explanations.isEmpty {
            guard let wanted else {
                desk.say(
                    Self.nothingKnown(on: day, known, facts.division(on: day), rules.registry)
                        ?? UserText(zh: "\(day) 没有可说明的条款", en: "nothing to explain on \(day)"))
                return desk.status = .problemsFound
            }
            throw nothing(of: wanted, on: day, known, facts.division(on: day), rules.registry)
        }
    }

    /// The family's events, as far as this key may see them.
    /// - Throws: `Failure`; of a family that was this key's on the day and has moved since, who can answer: its file is no longer
    ///   this key's, facts of that time included (Decision 0018, and 0023 for why not even those).
    private func family(
        _ household: HouseholdID, on day: CivilDay, _ archive: Line
    ) async throws -> (events: [KnownEvent], withheld: [FactID: String]) {
        do {
            return try await LogFacts.family(household, archive)
        } catch let failure as Failure {
            guard failure.code == Refusal(.householdNotFound).code else { throw failure }
            let query = Care_V1_FindHouseholdsQuery.with {
                $0.asOf = day.dayNumber
                $0.householdPrefix = household.description
                $0.page.size = 1
            }
            guard case .households(let list) = try await archive.ask(.findHouseholds(query)),
                let entry = list.households.first
            else { throw failure }
            throw Self.movedAway(on: day, entry.division)
        }
    }

    private static func movedAway(on day: CivilDay, _ division: String) -> Failure {
        Failure(
            6337,
            UserText(
                zh: "\(day) 该户属 \(division)，后来迁走了：档案归今天的所在地，那时的事实也不再向这里说明",
                en:
                    "on \(day) the family belonged to \(division) and has moved since: its file is its present place's, and facts of that time are not told here any more"
            ),
            advice: UserText(
                zh: "请家庭今天的所在地（或管两地的上级）用同一条命令说明那个月；本地月份的应补、多发用 carectl rules arrears 看，由本地决定",
                en:
                    "ask its present place, or a level above both, which explains that month by the same command; arrears and over-payments of your own months are in carectl rules arrears, and yours to decide"
            ), exit: .notPermitted)
    }

    /// Puts the files beside the facts from which persons came, where a right may go on from there or was had there.
    /// - Returns: the facts kept from this key in any of them.
    private func takeFilesLeft(
        into facts: inout FactBase, of household: HouseholdID, _ withheld: [FactID: String], _ evaluator: Evaluator,
        _ archive: Line, _ desk: Desk
    ) async throws -> [FactID: String] {
        guard evaluator.looksIntoFilesLeft(), !facts.arrivals.isEmpty else { return withheld }
        let files = try await LogFacts.filesLeft(by: facts, of: household, archive)
        let sources = Set(facts.arrivals.map(\.source)).subtracting([household])
        LogFacts.mention(unseen: sources.filter { files[$0] == nil }.sorted(), desk)
        facts.others = files.mapValues { FactBase(events: $0.events.filter(\.event.bearsOnRules)) }
        return files.values.reduce(into: withheld) { $0.merge($1.withheld) { own, _ in own } }
    }

    /// Why nothing can be said of a clause: no document has it, none that does was known by then, is in force on the day or for
    /// the place, or nobody of the family is meant.
    private func nothing(
        of clause: ClauseID, on day: CivilDay, _ known: KnownAt, _ division: DivisionCode?, _ registry: PackRegistry
    ) -> Failure {
        let periods = registry.packs.flatMap { registry.periods(of: $0, knownAt: known) }.filter {
            $0.version.pack.rule(clause) != nil
        }
        guard let first = periods.first else {
            let later = registry.unknown(at: known, on: day) { $0.pack.rule(clause) != nil }
            if let later { return Self.notYetKnown(clause, known, later) }
            return Failure(
                7248,
                UserText(zh: "没有条款 \(clause)：已发布的政策包里没有这一条", en: "there is no clause \(clause) in the published packs"),
                advice: UserText(
                    zh: "用 carectl household why 户 --all 列出该户所在地的条款",
                    en: "carectl household why ID --all lists the clauses of the family's place"), exit: .problemsFound)
        }
        let pack = first.version.pack.id
        guard let inForce = periods.first(where: { $0.period.contains(day) }) else {
            let later = registry.inForce(on: day).first { $0.pack.rule(clause) != nil && !$0.isKnown(at: known) }
            if let later { return Self.notYetKnown(clause, known, later) }
            let days = periods.map {
                "\($0.version.pack.id) \($0.period.start)–\($0.period.end.map { "\($0 - 1)" } ?? "")"
            }
            let told = days.joined(separator: "、")
            return Failure(
                7249,
                UserText(
                    zh: "\(day) 时 \(clause) 没有施行：\(told)", en: "\(clause) was not in force on \(day): \(told)"),
                advice: UserText(zh: "用 --on 问施行期内的一天", en: "ask about a day within it with --on"), exit: .problemsFound
            )
        }
        if let place = inForce.version.pack.territory, let division, !division.isWithin(place) {
            return Failure(
                7250,
                UserText(
                    zh: "\(clause) 是 \(pack)（\(place)）的条款，\(day) 该户属 \(division)",
                    en: "\(clause) is of \(pack) (\(place)); on \(day) the family belonged to \(division)"),
                advice: UserText(
                    zh: "用 carectl household why 户 --all 列出该户所在地的条款",
                    en: "carectl household why ID --all lists the clauses of the family's place"), exit: .problemsFound)
        }
        return Failure(
            7251,
            UserText(
                zh: "\(day) 该户没有 \(clause) 所说的对象", en: "on \(day) nobody of the family is meant by \(clause)"),
            advice: UserText(
                zh: "用 carectl household show 核对成员和事实", en: "check members and facts: carectl household show"),
            exit: .problemsFound)
    }

    private func explain(
        _ evaluator: Evaluator, _ facts: FactBase, _ day: CivilDay, _ known: KnownAt, _ wanted: ClauseID?
    ) -> [Explanation] {
        // The whole month: somebody who died in it is outside every circle afterwards, and the month is due all the same.
        let month = CivilMonth(containing: day)
        let days = DayPeriod(start: month.firstDay, end: month.lastDay + 1)
        let outcomes = evaluator.evaluate(facts, knownAt: known, over: days)
        let asked = outcomes.filter { outcome in
            guard wanted == nil else { return outcome.clause == wanted }
            return outcome.pieces.contains {
                $0.status != .notEntitled && ($0.rightHolds || $0.period.contains(day))
            }
        }
        return asked.compactMap {
            evaluator.explain($0.clause, subject: $0.subject, on: day, facts, knownAt: known)
        }
    }
}

extension HouseholdWhy {
    /// Every clause of the family's place with its answer.
    private func table(
        _ evaluator: Evaluator, _ facts: FactBase, _ day: CivilDay, _ known: KnownAt, _ kept: KeptClauses,
        _ deaths: UnrecordedDeaths, _ registry: PackRegistry, _ desk: Desk
    ) throws {
        let answers =
            facts.division(on: day).map { evaluator.overview(of: facts, in: $0, on: day, knownAt: known) } ?? []
        guard !answers.isEmpty else {
            desk.say(
                Self.nothingKnown(on: day, known, facts.division(on: day), registry)
                    ?? UserText(
                        zh: "\(day) 该户所在地没有生效的政策文件", en: "no document is in force for the family's place on \(day)"))
            desk.status = .problemsFound
            return
        }
        if json {
            let document = JSON.object([
                ("on", .string(day.description)), ("unrecorded_deaths", deaths.json),
                ("clauses", .array(answers.map { $0.json(kept) })),
            ])
            return desk.print(document.text(indented: true))
        }
        for note in deaths.notes { desk.say(note) }
        func said(_ wording: Wording?) -> String {
            wording.map { desk.language == .chinese ? $0.chinese : $0.english } ?? "-"
        }
        let titles: [TextTable.Column] = [
            .init("条款"), .init("名称", mayShrink: true), .init("对象"), .init("结论"), .init("金额", .right), .init("周期"),
            .init("缘由", mayShrink: true),
        ]
        let rows = answers.map { answer in
            if let reason = kept.reason(answer.clause) {
                return [answer.clause.rawValue, said(answer.title), "-", "遮", "-", "-", said(reason)]
            }
            return [
                answer.clause.rawValue, said(answer.title), said(answer.who), said(answer.status.wording),
                answer.amount.map { "\($0)" } ?? "-", answer.amount == nil ? "-" : said(answer.cadence.wording),
                said(answer.reason),
            ]
        }
        desk.show(titles, rows, csv: csv)
    }
}

extension ClauseAnswer {
    /// The answer; of a clause whose facts are kept from this key only that it is.
    fileprivate func json(_ kept: KeptClauses) -> JSON {
        func both(_ wording: Wording?) -> JSON {
            wording.map { .object([("zh", .string($0.chinese)), ("en", .string($0.english))]) } ?? .null
        }
        if let reason = kept.reason(clause) {
            return .object([
                ("clause", .string(clause.rawValue)), ("title", both(title)), ("who", .null),
                ("status", .string("withheld")), ("amount_fen", .null), ("reason", both(reason)),
            ])
        }
        return .object([
            ("clause", .string(clause.rawValue)), ("title", both(title)), ("who", both(who)),
            ("status", .string(status.rawValue)), ("amount_fen", amount.map { .int($0.amount) } ?? .null),
            ("reason", both(reason)),
        ])
    }
}

extension Desk {
    /// What counts as known, as typed.
    /// - Throws: `Failure` for what is no moment, and for an unknown basis.
    func knownAt(_ text: String?, basis: String) throws -> KnownAt {
        let basis = try self.basis(basis)
        guard let text else { return .latest }
        let moment = try moment(text)
        return basis == .learned ? .learned(moment.day) : .recorded(moment)
    }

    /// A moment as typed, or the end of a day.
    func moment(_ text: String) throws -> Moment {
        guard let moment = Moment(parsing: text) else {
            throw Failure(
                6130,
                UserText(
                    zh: "--known-at 应是时刻，如 2014-07-16T09:30:00+08:00，或日期",
                    en: "--known-at must be a moment such as 2014-07-16T09:30:00+08:00, or a day"), exit: .usage)
        }
        return moment
    }

    /// What --known-at is measured by.
    func basis(_ text: String) throws -> CareArchive.Basis {
        guard let basis = CareArchive.Basis(rawValue: text) else {
            throw Failure(
                6131, UserText(zh: "--basis 应是 recorded 或 learned", en: "--basis must be recorded or learned"),
                exit: .usage)
        }
        return basis
    }
}
