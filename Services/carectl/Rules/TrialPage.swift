import CareDomain
import CareProjections
import OfficeFiles
import RuleEngine

/// The answers of a trial as a JSON document with stable keys.
struct TrialPage {
    /// The day asked about.
    let day: CivilDay
    /// Days whose answers and sums due are listed too.
    let stretch: DayPeriod?
    /// Clauses that no facts answer, and the duties of those that they do.
    let declared: DeclaredPage
    /// What of the facts file should be looked at.
    let warnings: [PackIssue]
    /// What of it a service would refuse, and was left out.
    let refused: [PackIssue]

    /// - Parameter clause: only what belongs to this clause; nil = everything.
    func json(_ answers: [Trial.Answer], _ adjustments: [Trial.Adjustment], clause: ClauseID?) -> JSON {
        .object([
            ("on", .day(day)), ("from", .day(stretch?.start)), ("to", .day(stretch?.end.map { $0 - 1 })),
            ("answers", .array(answers.map(json))), ("adjustments", .array(adjustments.map(Self.adjustment))),
            ("declared", .array(declared.json(clause))), ("warnings", .array(warnings.map(RulesLint.json))),
            ("refused", .array(refused.map(RulesLint.json))),
        ])
    }

    private func json(_ answer: Trial.Answer) -> JSON {
        let rule = answer.rule
        let piece = answer.piece
        var fields: [(String, JSON)] = [
            ("subject", .string(answer.entry)), ("who", .string(answer.subject)),
            ("clause", .string(rule.clause.rawValue)), ("title", .wording(rule.title)),
            ("kind", .string(rule.kind.rawValue)), ("unit", .string(rule.unit.description)),
            ("cadence", .string(rule.unit.cadence.rawValue)), ("payment", .string(rule.payment.rawValue)),
            ("department", .optional(rule.department?.rawValue)),
            ("amount_type", .string((rule.amount?.type ?? AmountType.none).rawValue)),
            ("measure_unit", .optional(rule.measure?.unit)),
        ]
        // Where the sum fell due earlier in the year, those who paid it then.
        let earlier = answer.explanation?.month?.earlier.flatMap { $0.amount == piece.amount ? $0.payers : nil }
        fields += outcome(piece, answer, earlier ?? piece.payers)
        fields += [("due", due(answer.determination?.due(in: CivilMonth(containing: day))))]
        fields += [("month", answer.explanation?.month.map(Self.month) ?? .null)]
        fields += [("duty", declared.duty(rule.duty, begun: answer.explanation?.confirmedOn))]
        fields += [("left_out", answer.leftOut.map(Self.leftOut) ?? .null)]
        fields += reasons(answer)
        fields += [
            (
                "pack",
                .object([
                    ("id", .string(piece.pack.id.rawValue)), ("version", .day(piece.pack.version)),
                    ("hash", .string(Hexadecimal.text(piece.pack.hash))),
                ])
            )
        ]
        if let stretch {
            let pieces = answer.outcome.pieces.filter { $0.period.intersection(stretch) != nil }
            let dues = TrialStretch(days: stretch).dues(answer.determination)
            fields += [
                ("pieces", .array(pieces.map { .object(outcome($0, answer, $0.payers)) })),
                ("dues", .array(dues.map(due))),
            ]
        }
        return .object(fields)
    }

    private func outcome(
        _ piece: OutcomePiece, _ answer: Trial.Answer, _ payers: [PayerShare]
    ) -> [(String, JSON)] {
        [
            ("status", .string(piece.status.rawValue)), ("right_holds", .bool(piece.rightHolds)),
            ("since", .day(piece.period.start)), ("until", .day(piece.period.end)),
            ("amount_fen", .fen(piece.amount)), ("standard_fen", .fen(piece.standard)),
            ("hours", .optional(piece.hours.map { DecimalText.text($0) })),
            ("hourly_rate_fen", .fen(piece.hourlyRate)),
            ("measure", .optional(piece.measure.map { DecimalText.text($0) })),
            ("payers", Self.payers(piece.amount, payers)),
            ("paid_to", piece.amount == nil ? .null : answer.rule.payee.map { .wording($0.title) } ?? .null),
            ("missing", .array(piece.missing.map { .string(answer.code(of: $0)) })),
            ("missing_for_payer", .array(piece.missingForPayer.map { .string(answer.code(of: $0)) })),
            ("decided", .bool(piece.decision != nil)), ("decision_left_out", .bool(piece.refusedAward != nil)),
            ("error", .optional(piece.failure?.rawValue)),
        ]
    }

    private static func leftOut(_ left: Trial.LeftOut) -> JSON {
        .object([
            ("sum_fen", .fen(left.sum)), ("standard_fen", .fen(left.standard)),
            ("amount_type", .string(left.type.rawValue)), ("code", .string(left.code)),
            ("clause", .string(left.clause.rawValue)),
            ("decision", .optional(left.place?.path)), ("line", left.place.map { .int(Int64($0.line)) } ?? .null),
            ("column", left.place.map { .int(Int64($0.column)) } ?? .null), ("words", .wording(left.wording)),
        ])
    }

    private func reasons(_ answer: Trial.Answer) -> [(String, JSON)] {
        let rule = answer.rule
        let explained = answer.explanation?.unmet ?? []
        let unmet = answer.piece.unmet.enumerated().map { index, unmet -> JSON in
            let detail = explained.indices.contains(index) ? explained[index] : nil
            return .object([
                ("id", .string(unmet.code(in: rule))), ("zh", .optional((detail?.later ?? detail?.title)?.chinese)),
                ("en", .optional((detail?.later ?? detail?.title)?.english)), ("met_on", .day(detail?.metOn)),
                ("clause", .optional(unmet.barringClause?.rawValue)),
                ("behind", .array((detail?.behind ?? []).map(Self.condition))),
            ])
        }
        return [
            ("unmet", .array(answer.inForce.map { [Self.notInForce($0)] } ?? unmet)),
            ("nearest", answer.explanation?.nearest.map(Self.condition) ?? .null),
            ("right_begins", .day(answer.explanation?.rightBegins)),
            ("failures", .array((answer.explanation?.failures ?? []).map(Self.failure))),
            ("missing_words", .array((answer.explanation?.missing ?? []).map { .wording($0.wording) })),
            (
                "warnings",
                .array(
                    answer.piece.warnings.map {
                        .object([
                            ("id", .string(rule.warnings[$0].id.rawValue)),
                            ("zh", .string(rule.warnings[$0].title.chinese)),
                            ("en", .string(rule.warnings[$0].title.english)),
                        ])
                    })
            ),
            ("steps", .array((answer.explanation?.steps ?? []).map { .wording($0) })),
            (
                "readings",
                .array(
                    (answer.explanation?.readings ?? []).map { line in
                        .object([
                            ("id", .string(line.reading.rawValue)), ("question", .string(line.question)),
                            ("choice", .wording(line.choice)), ("default", .bool(line.isDefault)),
                        ])
                    })
            ),
        ]
    }

    /// The month of the day: the days with the right, and the whole in words.
    private static func month(_ month: MonthSum) -> JSON {
        .object([
            ("month", .string(month.month.description)),
            (
                "right",
                .array(
                    month.days.map { days in
                        .object([("from", .day(days.start)), ("to", .day(days.end.map { $0 - 1 }))])
                    })
            ),
            ("words", .wording(month.wording)),
        ])
    }

    /// What stands in the place of conditions on a day on which the clause is not in force.
    private static func notInForce(_ days: DayPeriod) -> JSON {
        let words = inForce(days)
        return .object([
            ("id", .string("not_in_force")), ("zh", .string(words.chinese)), ("en", .string(words.english)),
            ("met_on", .null), ("clause", .null), ("behind", .array([])),
        ])
    }

    /// When a clause is in force, in words.
    static func inForce(_ days: DayPeriod) -> Wording {
        guard let last = days.end.map({ $0 - 1 }) else {
            return Wording("本条自 \(days.start) 起施行", "the clause is in force from \(days.start)")
        }
        return Wording(
            "本条自 \(days.start) 至 \(last) 施行", "the clause is in force from \(days.start) to \(last)")
    }

    /// What could not be worked out, and why.
    static func failure(_ failure: Explanation.Failure) -> JSON {
        .object([
            ("part", .wording(failure.part)), ("why", .wording(failure.why)), ("file", .string(failure.file)),
            ("clause", .string(failure.clause.rawValue)), ("words", .wording(failure.wording)),
        ])
    }

    private static func condition(_ condition: Explanation.MissingCondition) -> JSON {
        .object([
            ("zh", .string((condition.later ?? condition.title).chinese)),
            ("en", .string((condition.later ?? condition.title).english)), ("met_on", .day(condition.metOn)),
        ])
    }

    // MARK: Sums due

    private func due(_ due: Due?) -> JSON {
        guard let due else { return .null }
        return .object([
            ("month", .string(due.month.description)), ("first_day", .day(due.firstDay)),
            ("status", .string(due.status.rawValue)), ("amount_fen", .fen(due.amount)),
            ("hours", .optional(due.hours.map { DecimalText.text($0) })),
            ("payers", Self.payers(due.amount, due.payers)),
        ])
    }

    /// Each payer with its share and its part of the sum.
    private static func payers(_ amount: Fen?, _ shares: [PayerShare]) -> JSON {
        let parts = amount.map { PayerSplit.split($0, shares) } ?? []
        return .array(
            shares.enumerated().map { index, share in
                .object([
                    ("payer", .string(share.payer.rawValue)), ("parts", .int(share.parts)),
                    ("amount_fen", .fen(parts.indices.contains(index) ? parts[index].amount : nil)),
                ])
            })
    }

    // MARK: Indexation

    /// A calculation sheet with what it proposes.
    static func adjustment(_ adjustment: Trial.Adjustment) -> JSON {
        .object([
            ("clause", .string(adjustment.indexation.clause.rawValue)),
            ("title", .wording(adjustment.indexation.title)), ("series", .string(adjustment.series)),
            (
                "sheet",
                .array(
                    adjustment.lines.map { line in
                        .object([
                            ("year", .int(Int64(line.level.year))),
                            ("level", Self.published(line.level)), ("growth_of_year", Self.growth(line.level)),
                            ("base_year", .int(Int64(line.base.year))),
                            ("base_level", Self.published(line.base)),
                            ("growth_percent", .string(DecimalText.text(tenThousandths: line.growthTenThousandths))),
                            ("triggers", .bool(line.isTrigger)),
                        ])
                    })
            ),
            ("proposals", .array(adjustment.proposals.map(Self.proposal))),
            (
                "revisions",
                .array(
                    adjustment.revisions.map { revision in
                        .object([
                            ("year", .int(Int64(revision.now.year))),
                            ("approved_upon", Self.published(revision.approvedUpon)),
                            ("approved_upon_growth", Self.growth(revision.approvedUpon)),
                            ("now", Self.published(revision.now)), ("now_growth", Self.growth(revision.now)),
                        ])
                    })
            ),
        ])
    }

    /// A figure that was published; null where only growth was.
    private static func published(_ level: Indexation.Level) -> JSON {
        level.origin == .published ? .string(DecimalText.text(level.value)) : .null
    }

    /// The year's growth in percent, where only that was published.
    private static func growth(_ level: Indexation.Level) -> JSON {
        if case .growth(let thousandths) = level.origin { return .string(DecimalText.text(thousandths)) }
        return .null
    }

    private static func proposal(_ proposal: Indexation.Proposal) -> JSON {
        .object([
            ("trigger_year", .int(Int64(proposal.level.year))), ("base_year", .int(Int64(proposal.base.year))),
            ("valid_from", .day(proposal.validFrom)), ("state", .string(proposal.state.rawValue)),
            (
                "changes",
                .array(
                    proposal.changes.map { change in
                        .object([
                            ("standard", .string(change.standard.rawValue)),
                            ("clause", .string(change.clause.rawValue)), ("before_fen", .fen(change.before)),
                            ("after_fen", .fen(change.after)), ("state", .string(change.state.rawValue)),
                            ("approved_fen", .fen(change.approved)),
                        ])
                    })
            ),
        ])
    }
}

extension Unmet {
    /// Stable code: the condition's id, or the word for what else stands in the way.
    func code(in rule: Rule) -> String {
        switch self {
        case .who: "who"
        case .condition(let index): rule.conditions[index].id.rawValue
        case .notYetConfirmed: "not_yet_confirmed"
        case .alreadyGranted: "already_granted"
        case .barred(_, let isSoft, _): isSoft ? "excluded_soft" : "excluded"
        case .refused: "refused"
        }
    }

    /// The clause by which a grant bars the right.
    var barringClause: ClauseID? {
        if case .barred(let clause, _, _) = self { clause } else { nil }
    }
}

extension JSON {
    /// A sum in fen, or null.
    static func fen(_ fen: Fen?) -> JSON { fen.map { .int($0.amount) } ?? .null }
}
