import ArgumentParser
import CareDomain
import CareProjections
import Foundation
import OfficeFiles
import RuleEngine
import RuleReplay
import ServiceKit

/// `carectl rules replay`
struct RulesReplay: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract:
            "Run every family's real history under a candidate beside the rules in force, and show what would differ.",
        discussion: """
            Writes nothing. Families, decisions of people and parameters come from the log, as this key may see them.
            A month belongs to one place: a key is told those of its own divisions, also of families that have moved
            away since, and no others. Months up to today that would become more are arrears, those that would become
            less over-payment; both wait for a person. Both are of sums due, not of sums paid: after adoption only what
            was paid is over-paid (rules arrears). What cannot be told because a fact or parameter is missing (待补
            needs_fact), the rule fails (待查 failed) or the candidate leaves the sum to people and nobody has decided
            (待决定 awaiting_decision) is neither. What is given once is one sum: where only its month
            moves (只换月份 month only), also beyond the days compared, neither is owed nor over-paid, and the months
            before and after are told. A right of which no month's sum differs (无金额 no sum) is counted as what it is,
            and apart from the families of which sums differ. What a unit granted is told of the unit. Causes are
            those of the version that judged the family in these months; beyond 16 changes that can bear on a right
            they are not told apart. Of clauses that look at facts kept from this key's department (遮 withheld)
            nothing is told, and no count or sum has them.
            Exit status 1 when something would differ, 0 when nothing would. A table names who it is by role and
            masked name; csv and ndjson, which are written as they are found, by the person's id.
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case table, json, ndjson, csv }

    @OptionGroup var common: CommonOptions
    @OptionGroup var source: PackSource

    @Option(help: "The candidate: a file, or PACK@DATE of this program or of --packs.")
    var pack: String

    @Option(help: "First day on which the candidate would be in force, and first day compared.")
    var from: String

    @Option(help: "Last day compared; otherwise the end of this month.")
    var to: String?

    @Option(help: "To whom the candidate would apply: all, retroactive or new_cases.")
    var transition = TransitionClause.all

    @Option(help: "Only what belongs to this division, 2 to 12 digits; of a family that moved its time there.")
    var division: String?

    @Flag(help: "Take proposals that wait for a decision as granted, before and after: a hypothesis, marked as such.")
    var assumeAwards = false

    @Flag(help: "Read the log itself, not the standing columns; the answers are the same.")
    var fromLog = false

    @Option(help: "table, json, ndjson (a household a line) or csv (a right a line).")
    var output = Output.table

    @Option(help: "In a table, list at most this many households; 0 = all.")
    var limit = 20

    func perform(_ desk: Desk) async throws {
        let candidate = try source.one(pack).pack
        let first = try desk.day(from, option: "--from")
        let last = try to.map { try desk.day($0, option: "--to") } ?? CivilMonth(containing: desk.today).lastDay
        guard last >= first else {
            throw Failure(6183, UserText(zh: "--to 早于 --from", en: "--to lies before --from"), exit: .usage)
        }
        let archive = try await desk.line(to: .careArchive)
        let rules = try await archive.publishedRules()
        let divisions = try await archive.divisions()
        let replay = RuleReplay(
            current: Evaluator(registry: rules.registry, parameters: rules.parameters), candidate: candidate,
            effectiveFrom: first, period: DayPeriod(start: first, end: last + 1), today: desk.today,
            transition: transition, assumesAwards: assumeAwards,
            scope: try ReplayScope(asked: division, of: divisions.own, desk))
        let withheld = ClausesWithheld(
            try await archive.withheld(),
            in: rules.registry.versions.map(\.pack).filter { $0.id == candidate.id } + [candidate])
        withheld.mention(desk)
        if !transition.allows(first, enacted: candidate.dated) {
            desk.mention(
                UserText(
                    zh: "\(first) 早于制定日 \(candidate.dated)：采用时须写明 --transition retroactive",
                    en:
                        "\(first) lies before \(candidate.dated), when it was enacted: adopting needs --transition retroactive"
                ))
        }
        if !divisions.all { desk.mentionUntold(replay.newFacts(in: divisions.own), in: candidate) }
        var report = ReplayReport(
            replay: replay, division: division, transition: transition, limit: limit == 0 ? .max : limit, output: output
        )
        report.withheld = withheld
        let families = FamilyReplay(
            replay: replay, archive: archive, rules: rules, readsLog: fromLog,
            elsewhere: divisions.all ? nil : FamiliesElsewhere(archive: archive, division: division), withheld: withheld
        )
        let leftOut = try await families.run(desk) { found in
            for line in report.take(found) { desk.print(line) }
        }
        report.leftOut = leftOut
        report.names = try await BeneficiaryNames.of(report.beneficiaries, archive, desk)
        report.failures = try await report.failing.told(replay, archive)
        report.finish(candidate, desk)
        if report.totals.affected > 0 { desk.status = .problemsFound }
    }
}

extension Desk {
    /// Says which facts a candidate is not told of families that have moved away: nobody reads a file that is not his by what
    /// a rule of his own would pay for it.
    fileprivate func mentionUntold(_ facts: Set<FactID>, in candidate: RulePack) {
        guard !facts.isEmpty else { return }
        let names = facts.sorted { $0.rawValue < $1.rawValue }.map { fact in
            candidate.vocabulary.index(of: fact).map { candidate.vocabulary.facts[$0].title.chinese } ?? fact.rawValue
        }
        mention(
            UserText(
                zh: "候选版本要看本地现行规则不看的事实（\(names.joined(separator: "、"))）：已迁走的家庭按未知计，由今天的所在地或上级重放才知道",
                en:
                    "the candidate looks at facts that no rule in force here does (\(names.joined(separator: ", "))): of families that have moved away they count as unknown; their present place or a level above can tell"
            ))
    }

    /// Says that nobody lives where was asked.
    func mentionNobody(in division: String) {
        say(
            UserText(
                zh: "没有一户属于区划 \(division)，请核对区划代码",
                en: "no household belongs to division \(division); check the code"))
    }
}

/// Puts a replay's findings into the form asked for.
struct ReplayReport {
    let replay: RuleReplay
    /// That was asked for.
    let division: String?
    let transition: TransitionClause
    let limit: Int
    let output: RulesReplay.Output
    private(set) var totals = ReplayTotals()
    /// Families that are damaged and not looked at.
    var leftOut: FencedFamilies?
    /// Clauses of which nothing is told.
    var withheld: ClausesWithheld?
    /// Who the beneficiaries of those shown are.
    var names = BeneficiaryNames()
    /// Clauses whose rule fails, and why.
    private(set) var failing = FailingRules()
    var failures: [FailingRules.Told] = []
    private var shown: [HouseholdDifference] = []
    private var hasHeading = false

    init(
        replay: RuleReplay, division: String?, transition: TransitionClause, limit: Int, output: RulesReplay.Output
    ) {
        self.replay = replay
        self.division = division
        self.transition = transition
        self.limit = limit
        self.output = output
    }

    /// Takes a household in.
    /// - Returns: lines to print at once.
    mutating func take(_ found: DistrictReplay.Found) -> [String] {
        guard found.isWanted else { return [] }
        totals.add(found.difference)
        guard let difference = found.difference else { return [] }
        failing.add(difference)
        switch output {
        case .ndjson: return [ReplayText.json(difference).text()]
        case .csv:
            let heading = hasHeading ? [] : [ReplayText.csvHeading]
            hasHeading = true
            return heading + ReplayText.csv(difference)
        case .table, .json:
            if shown.count < limit || output == .json { shown.append(difference) }
            return []
        }
    }

    /// Those of the families that a table or one document shows.
    var beneficiaries: [(household: HouseholdID, person: PersonID?)] {
        shown.flatMap { difference in difference.rights.map { (difference.household, $0.subject.person) } }
    }

    func finish(_ candidate: RulePack, _ desk: Desk) {
        switch output {
        case .ndjson: desk.say(ReplayText.last(totals, withheld).text())
        case .csv: break
        case .json:
            desk.print(
                JSON.object([
                    ("candidate", .string("\(candidate.id)@\(candidate.validFrom)")),
                    ("hash", .string(Hexadecimal.text(candidate.hash))), ("transition", .string(transition.rawValue)),
                    ("from", .day(replay.period.start)),
                    ("to", .day(replay.period.end.map { $0 - 1 })), ("present", .string(replay.present.description)),
                    ("assumes_awards", .bool(replay.assumesAwards)),
                    ("left_out", .array((leftOut?.ids ?? []).map(\.description).sorted().map(JSON.string))),
                    ("households", .array(shown.map { ReplayText.json($0, names) })),
                    ("failures", .array(failures.map(\.json))),
                    ("withheld", withheld?.json ?? .array([])),
                    ("totals", ReplayText.json(totals)),
                ]).text(indented: true))
        case .table: tables(desk)
        }
        leftOut?.mention(desk)
        if replay.assumesAwards {
            desk.mention(
                UserText(zh: "待决定的金额按已批准假设计算", en: "proposals are taken as granted: a hypothesis"))
        }
        if totals.households == 0, let division {
            desk.mentionNobody(in: division)
        }
        sumsOpen(desk)
        if totals.failed > 0 {
            desk.say(
                UserText(
                    zh: "\(totals.failed) 项原来算得出，按候选版本规则出错；改好之前不能采用",
                    en:
                        "\(totals.failed) rights that were answered end in an error of the candidate's rules; correct it before it is adopted"
                ))
            for told in failures {
                let words = told.words
                desk.say(
                    UserText(
                        zh: "\(told.clause)（如户 \(told.household)，自 \(told.day)）\(words.zh)",
                        en: "\(told.clause) (such as household \(told.household), from \(told.day)): \(words.en)"))
            }
        }
        desk.mention(
            UserText(
                zh:
                    "共 \(totals.households) 户，受影响 \(totals.affected) 户：金额有变 \(totals.affectedInMoney) 户，只是资格等有变、不涉及金额 \(totals.affected - totals.affectedInMoney) 户；未写入任何内容",
                en:
                    "\(totals.households) households, \(totals.affected) affected: sums of \(totals.affectedInMoney), of \(totals.affected - totals.affectedInMoney) only the right itself; nothing was written"
            ))
    }

    /// What the sums are of, and what is in none of them.
    private func sumsOpen(_ desk: Desk) {
        if totals.all.overpayment > .zero {
            desk.mention(
                UserText(
                    zh: "应补、多发按应发数算，不看实际发没发过；采用后，发过的才列多发（rules arrears）",
                    en:
                        "arrears and over-payment are of sums due, not of sums paid: after adoption only what was paid is over-paid (rules arrears)"
                ))
        }
        if totals.all.undecided > .zero {
            desk.say(
                UserText(
                    zh: "\(totals.all.undecided) 元待定：缺事实、参数或规则出错，不算应补也不算多发；补齐或改正后再看",
                    en:
                        "\(totals.all.undecided) yuan are open: a fact or parameter is missing or the rule fails; neither arrears nor over-payment before that is settled"
                ))
        }
        if totals.all.awaiting > .zero {
            desk.say(
                UserText(
                    zh: "\(totals.all.awaiting) 元待决定：候选版本把金额交给人定，还没有决定，不算应补也不算多发；采用后逐项决定",
                    en:
                        "\(totals.all.awaiting) yuan are to be decided: the candidate leaves the sum to people, and nobody has decided; neither arrears nor over-payment before that"
                ))
        }
    }

    private func tables(_ desk: Desk) {
        guard totals.affected > 0 else { return }
        // A candidate that leaves no sum to people has no column for it.
        let awaits = totals.all.awaitsAnything
        var columns: [TextTable.Column] = [
            .init("户 household"), .init("区划 division"), .init("条款 clause"), .init("对象 who"), .init("变化 change"),
            .init("原 before", .right),
            .init("现 after", .right), .init("应补 arrears", .right), .init("多发 over-paid", .right),
            .init("待定 open", .right),
        ]
        if awaits { columns.append(.init("待决定 to decide", .right)) }
        columns.append(.init("缘由 cause", mayShrink: true))
        var list = TextTable(columns)
        for difference in shown {
            for row in ReplayText.rows(difference) {
                let right = row.right
                var cells = [
                    difference.household.description, row.division?.rawValue ?? "", right.clause.rawValue,
                    names.who(right.subject, in: difference.household),
                    desk.text(ReplayText.word(right)), right.standingBefore?.description ?? "-",
                    right.standingAfter?.description ?? "-", ReplayText.sum(right.arrears, right),
                    ReplayText.sum(right.overpayment, right), ReplayText.sum(right.undecided, right),
                ]
                if awaits { cells.append(ReplayText.sum(right.awaitingDecision, right)) }
                list.append(cells + [ReplayText.cause(right, inWords: desk.language == .chinese)])
            }
        }
        desk.show(list)
        if totals.affected > shown.count {
            desk.print("… \(totals.affected - shown.count)")
        }
        let withheld = withheld?.clauses.map(\.clause.rawValue) ?? []
        totals("条款 clause", totals.byClause.map { ($0.key.rawValue, $0.value) }, desk, withheld: withheld)
        totals("区县 county", totals.byCounty.map { ($0.key.isEmpty ? "?" : $0.key, $0.value) }, desk)
        let isChinese = desk.language == .chinese
        let departments = totals.byDepartment.map { code, line in
            (code.isEmpty ? "?" : isChinese ? KnownOffices.name(of: DepartmentID(unchecked: code)) : code, line)
        }
        totals("部门 department", departments, desk)
        var payers = TextTable([.init("承担 payer"), .init("增减 difference", .right)])
        for (payer, sum) in totals.byPayer.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            payers.append([isChinese ? KnownOffices.name(ofPayer: payer) : payer.rawValue, sum.description])
        }
        if payers.count > 0 {
            desk.print("")
            desk.show(payers)
        }
    }

    /// - Parameter withheld: of what nothing is told.
    private func totals(
        _ title: String, _ lines: [(String, ReplayTotals.Line)], _ desk: Desk, withheld: [String] = []
    ) {
        let awaits = totals.all.awaitsAnything
        let titles =
            ["新增 gained", "失去 lost", "变动 changed", "待补 needs fact", "待查 failed"]
            + (awaits ? ["待决定 to decide"] : [])
            + ["其中无金额 no sum", "应补 arrears", "多发 over-paid", "待定 open"]
            + (awaits ? ["待决定金额 sum to decide"] : []) + ["以后 later"]
        var table = TextTable([.init(title)] + titles.map { .init($0, .right) })
        for (name, line) in lines.sorted(by: { $0.0 < $1.0 }) {
            let counts = [line.gained, line.lost, line.changed, line.needsFact, line.failed]
            let sums = [line.arrears, line.overpayment, line.undecided] + (awaits ? [line.awaiting] : [])
            table.append(
                [name] + (counts + (awaits ? [line.awaitsDecision] : []) + [line.rightOnly]).map { "\($0)" }
                    + (sums + [line.future]).map(\.description))
        }
        for name in withheld {
            let word = desk.text(Wording("遮", "withheld"))
            table.append(["\(name) \(word)"] + Array(repeating: "-", count: titles.count))
        }
        desk.print("")
        desk.show(table)
    }
}
