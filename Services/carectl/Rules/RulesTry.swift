import ArgumentParser
import CareDomain
import Foundation
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl rules try`
struct RulesTry: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "try", abstract: "Try a pack on families written down in a file, without any service.",
        discussion: """
            The file (YAML or JSON) holds facts with the day on which they were true and the day on which they were learned,
            parameters, positions of switches, and decisions of people; carectl rules facts PACK lists what may be stated.
            The format is described in FactsFile.md of RuleEngine's documentation. What a service would refuse to set or to decide
            is told with the code of that refusal, and left out. Prints every clause's answer on --on, and with
            --from and --to the answers and the sums due over those days.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var source: PackSource

    @Option(help: "The pack: an id, a version (chenzhou-2014@2014-07-16), a folder or a file.")
    var pack: String

    @Option(help: "The facts file; - for standard input.")
    var facts: String

    @Option(help: "Day asked about; default: --to, otherwise today.")
    var on: String?

    @Option(
        help: "Answer as the log knew it at this moment or at the end of this day; default: everything in the file.")
    var knownAt: String?

    @Option(help: "Answer as the sources knew it on this day.")
    var learnedBy: String?

    @Option(help: "First day of the stretch for which answers and sums due are listed.")
    var from: String?

    @Option(help: "Last day of that stretch.")
    var to: String?

    @Option(help: "Only this clause, for everybody, also those outside its circle.")
    var clause: String?

    @Flag(help: "One JSON document.")
    var json = false

    func validate() throws {
        if knownAt != nil, learnedBy != nil {
            throw ValidationError(
                UserText(
                    zh: "--known-at 与 --learned-by 只能写一个", en: "give --known-at or --learned-by, not both"))
        }
        if (from == nil) != (to == nil) {
            throw ValidationError(UserText(zh: "--from 与 --to 要一起写", en: "--from and --to belong together"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let packs = try source.read(pack)
        guard let newest = packs.max(by: { $0.validFrom < $1.validFrom }) else { return }
        let bytes = facts == "-" ? FileHandle.standardInput.readDataToEndOfFile() : try read(facts)
        let file = try FactsFile.load(bytes: Array(bytes), name: facts, pack: newest)
        let stretch = try stretch(desk)
        let day =
            try on.map { try desk.day($0, option: "--on") } ?? stretch.flatMap { $0.end.map { $0 - 1 } } ?? desk.today
        let trial = Trial(versions: packs, file: file, knownAt: try known(desk))
        let wanted = try wanted(newest)
        let answers = trial.answers(on: day, clause: wanted)
        let adjustments = trial.adjustments(on: day).filter { wanted == nil || $0.indexation.clause == wanted }
        let refused = trial.refused(in: answers)
        if json {
            let declared = DeclaredPage(pack: newest, choices: file.choices, day: day)
            let page = TrialPage(
                day: day, stretch: stretch, declared: declared, warnings: trial.warnings, refused: refused)
            desk.print(page.json(answers, adjustments, clause: wanted).text(indented: true))
        } else {
            show(answers, adjustments, on: day, desk)
            if let stretch { TrialStretch(days: stretch).show(answers, desk) }
            for warning in trial.warnings {
                desk.mention(UserText(zh: warning.description, en: warning.english))
            }
            for issue in refused {
                desk.mention(
                    UserText(
                        zh: "不予接受，未采用：\(issue.description)", en: "refused and left out: \(issue.english)"))
            }
            if wanted != nil { tellSums(answers, desk) }
            if let wanted, answers.isEmpty, adjustments.isEmpty {
                tellDeclared(wanted, newest, file.choices, on: day, desk)
            }
        }
    }

    private func read(_ path: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(6182, UserText(zh: "读不了 \(path)", en: "cannot read \(path)"), exit: .usage)
        }
        return data
    }

    private func stretch(_ desk: Desk) throws -> DayPeriod? {
        guard let from, let to else { return nil }
        let period = DayPeriod(
            start: try desk.day(from, option: "--from"), end: try desk.day(to, option: "--to") + 1)
        guard !period.isEmpty else {
            throw Failure(6183, UserText(zh: "--to 早于 --from", en: "--to lies before --from"), exit: .usage)
        }
        return period
    }

    /// The clause asked for, as the pack writes it.
    private func wanted(_ pack: RulePack) throws -> ClauseID? {
        guard let clause else { return nil }
        if let found = pack.rules.map(\.clause).first(where: { $0.rawValue.lowercased() == clause.lowercased() }) {
            return found
        }
        let other =
            (pack.declarations.map(\.clause) + pack.interactions.map(\.clause) + pack.capabilities.map(\.clause)
            + pack.indexations.map(\.clause)).first { $0.rawValue.lowercased() == clause.lowercased() }
        if let other { return other }
        throw Failure(
            6188, UserText(zh: "\(pack.id) 没有条款 \(clause)", en: "\(pack.id) has no clause \(clause)"),
            advice: UserText(zh: "如 \(pack.rules[0].clause)", en: "such as \(pack.rules[0].clause)"), exit: .usage)
    }

    private func known(_ desk: Desk) throws -> KnownAt {
        if let knownAt { return try desk.knownAt(knownAt, basis: "recorded") }
        if let learnedBy { return .learned(try desk.day(learnedBy, option: "--learned-by")) }
        return .latest
    }

    private func show(
        _ answers: [Trial.Answer], _ adjustments: [Trial.Adjustment], on day: CivilDay, _ desk: Desk
    ) {
        let isChinese = desk.language == .chinese
        let titles =
            isChinese
            ? ["户", "对象", "条款", "结论", "金额", "说明"] : ["subject", "who", "clause", "answer", "sum", "why"]
        var table = TextTable(
            titles.enumerated().map { .init($1, $0 == 4 ? .right : .left, mayShrink: $0 == 5) })
        for answer in answers {
            table.append([
                answer.entry, answer.subject, "\(answer.rule.clause) \(desk.text(answer.rule.title))",
                desk.text(answer.piece.status.wording), answer.sum(of: answer.piece), reason(answer, desk),
            ])
        }
        desk.show(table)
        for adjustment in adjustments {
            desk.print("")
            desk.print("\(adjustment.indexation.clause) \(desk.text(adjustment.indexation.title)) \(adjustment.series)")
            for line in AdjustmentText.lines(adjustment, isChinese: isChinese) { desk.print("  " + line) }
        }
        desk.mention(UserText(zh: "截至 \(day)，共 \(answers.count) 条", en: "\(answers.count) answers on \(day)"))
    }

    /// Of a clause asked for by name: the month's sum, and how each sum comes about.
    private func tellSums(_ answers: [Trial.Answer], _ desk: Desk) {
        for answer in answers {
            guard let explanation = answer.explanation else { continue }
            let month = explanation.month.map { [$0.wording] } ?? []
            let left = answer.leftOut.map { [$0.wording] } ?? []
            let failures = explanation.failures.map(\.wording)
            let lines = left + month + explanation.steps + failures + explanation.warnings
            guard !lines.isEmpty else { continue }
            desk.print("")
            desk.print("\(answer.entry) \(answer.subject) \(answer.rule.clause)")
            for line in lines { desk.print("  " + desk.text(line)) }
        }
    }

    /// In words, a clause that no facts answer.
    private func tellDeclared(
        _ clause: ClauseID, _ pack: RulePack, _ choices: ReadingChoices, on day: CivilDay, _ desk: Desk
    ) {
        let isChinese = desk.language == .chinese
        for declaration in pack.declarations where declaration.clause.whole == clause.whole {
            let due = pack.due(declaration, choices)
            let owner = DutyWords.office(declaration.owner.rawValue, desk)
            desk.print("\(declaration.clause) \(desk.text(declaration.title)) · \(owner)")
            for deadline in pack.deadlines(of: due, year: day.year) {
                desk.print((isChinese ? "  期限：" : "  due: ") + "\(deadline.warnFrom) … \(deadline.lastDay)")
            }
            desk.print((isChinese ? "  依据：" : "  evidence: ") + desk.text(declaration.evidence))
        }
        for interaction in pack.interactions where interaction.clause == clause {
            desk.print("\(clause) \(desk.text(interaction.title)) · \(interaction.isSoft ? "soft" : "hard")")
            desk.print("  " + interaction.among.map(\.rawValue).joined(separator: " "))
        }
        for capability in pack.capabilities where capability.clause == clause {
            desk.print("\(clause) \(desk.text(capability.title))")
            desk.print("  " + desk.text(capability.note))
        }
    }

    private func reason(_ answer: Trial.Answer, _ desk: Desk) -> String {
        if let days = answer.inForce { return desk.text(TrialPage.inForce(days)) }
        if let left = answer.leftOut { return desk.text(left.wording) }
        if let missing = answer.explanation?.missing, !missing.isEmpty {
            return missing.map { desk.text($0.wording) }.joined(separator: "; ")
        }
        if let failures = answer.explanation?.failures, !failures.isEmpty {
            return failures.map { desk.text($0.wording) }.joined(separator: "; ")
        }
        guard !answer.piece.rightHolds, let nearest = answer.explanation?.nearest else {
            return answer.explanation?.warnings.map { desk.text($0) }.joined(separator: "; ") ?? ""
        }
        // A condition by itself reads as if it were met; a day on which it will be does not.
        if let later = nearest.later { return desk.text(later) }
        return (answer.explanation?.unmet ?? [nearest]).map { desk.text($0.reason) }.joined(separator: "; ")
    }
}
