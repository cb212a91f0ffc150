import CareDomain
import CareProjections
import OfficeFiles
import RuleEngine
import RuleReplay

/// A replay's findings as JSON and CSV.
enum ReplayText {
    /// - Parameter names: Who the beneficiaries are; without them they go by their ids alone.
    static func json(_ difference: HouseholdDifference, _ names: BeneficiaryNames? = nil) -> JSON {
        .object([
            ("household", .string(difference.household.description)),
            ("division", .optional(difference.division?.rawValue)), ("arrears_fen", .fen(difference.arrears)),
            ("overpayment_fen", .fen(difference.overpayment)), ("undecided_fen", .fen(difference.undecided)),
            ("awaiting_decision_fen", .fen(difference.awaitingDecision)),
            (
                "rights",
                .array(rows(difference).map { json($0, names?.who($0.right.subject, in: difference.household)) })
            ),
        ])
    }

    /// What every output tells of a household: a row for each right, of a family that moved one for its time in each place.
    static func rows(_ difference: HouseholdDifference) -> [RightDifference.Part] {
        difference.rights.flatMap { $0.byPlace(difference.division) }
    }

    private static func json(_ row: RightDifference.Part, _ name: String?) -> JSON {
        let right = row.right
        return .object([
            ("division", .optional(row.division?.rawValue)),
            ("clause", .string(right.clause.rawValue)), ("who", .string(who(right.subject))),
            ("who_zh", .optional(name)),
            ("change", .string(right.kind.rawValue)), ("department", .optional(right.department?.rawValue)),
            ("cadence", .string(right.cadence.rawValue)), ("status_before", .string(right.statusBefore.rawValue)),
            ("status_after", .string(right.statusAfter.rawValue)), ("standing_before_fen", .fen(right.standingBefore)),
            ("standing_after_fen", .fen(right.standingAfter)), ("failed", .bool(right.fails)),
            ("arrears_fen", .fen(right.arrears)),
            ("overpayment_fen", .fen(right.overpayment)), ("undecided_fen", .fen(right.undecided)),
            ("awaiting_decision_fen", .fen(right.awaitingDecision)),
            ("later_fen", .fen(right.future)),
            (
                "months",
                .array(
                    right.months.map { month in
                        .object([
                            ("month", .string(month.month.description)), ("before_fen", .fen(month.before)),
                            ("after_fen", .fen(month.after)), ("open", .optional(month.open?.rawValue)),
                        ])
                    })
            ),
            (
                "payers",
                .array(
                    right.payers.map { payer, sum in
                        .object([("payer", .string(payer.rawValue)), ("difference_fen", .fen(sum))])
                    })
            ),
            ("left_out", .array(right.leftOut.map { .string($0.rawValue) })),
            ("causes_told_apart", .bool(!right.hasTooManyCauses)),
            (
                "causes",
                .array(
                    right.causes.map { change in
                        .object([
                            ("part", .string(change.part.rawValue)), ("id", .string(change.id)),
                            ("field", .string(change.field)), ("before", .optional(change.before)),
                            ("after", .optional(change.after)),
                        ])
                    })
            ),
        ])
    }

    /// The last line of many: the totals, and the clauses that are in none of them, because nothing is told of them.
    static func last(_ totals: ReplayTotals, _ withheld: ClausesWithheld?) -> JSON {
        guard case .object(let fields) = json(totals) else { return json(totals) }
        return .object(fields + [("withheld", withheld?.json ?? .array([]))])
    }

    static func json(_ totals: ReplayTotals) -> JSON {
        func table(_ lines: [(String, ReplayTotals.Line)]) -> JSON {
            .object(lines.sorted { $0.0 < $1.0 }.map { ($0.0, json($0.1)) })
        }
        return .object([
            ("households", .int(Int64(totals.households))), ("affected", .int(Int64(totals.affected))),
            ("affected_in_money", .int(Int64(totals.affectedInMoney))),
            ("failed", .int(Int64(totals.failed))),
            ("all", json(totals.all)), ("by_clause", table(totals.byClause.map { ($0.key.rawValue, $0.value) })),
            ("by_division", table(totals.byDivision.map { ($0.key, $0.value) })),
            ("by_department", table(totals.byDepartment.map { ($0.key, $0.value) })),
            (
                "by_payer_fen",
                .object(
                    totals.byPayer.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                        ($0.key.rawValue, .fen($0.value))
                    })
            ),
        ])
    }

    private static func json(_ line: ReplayTotals.Line) -> JSON {
        .object([
            ("gained", .int(Int64(line.gained))), ("lost", .int(Int64(line.lost))),
            ("changed", .int(Int64(line.changed))), ("needs_fact", .int(Int64(line.needsFact))),
            ("failed", .int(Int64(line.failed))), ("awaiting_decision", .int(Int64(line.awaitsDecision))),
            ("right_only", .int(Int64(line.rightOnly))),
            ("arrears_fen", .fen(line.arrears)),
            ("overpayment_fen", .fen(line.overpayment)), ("undecided_fen", .fen(line.undecided)),
            ("awaiting_decision_fen", .fen(line.awaiting)),
            ("later_fen", .fen(line.future)),
        ])
    }

    static let csvHeading = csvLine([
        "household", "division", "clause", "who", "change", "department", "status_before", "status_after",
        "standing_before", "standing_after", "arrears", "overpayment", "undecided", "awaiting_decision", "later",
        "cause",
    ])

    private static func csvLine(_ cells: [String]) -> String {
        cells.map(CSVWriter.encoded).joined(separator: ",") + "\r"
    }

    static func csv(_ difference: HouseholdDifference) -> [String] {
        rows(difference).map { csv(difference.household, $0.division, $0.right) }
    }

    private static func csv(_ household: HouseholdID, _ division: DivisionCode?, _ right: RightDifference) -> String {
        csvLine([
            household.description, division?.rawValue ?? "", right.clause.rawValue,
            who(right.subject), right.kind.rawValue, right.department?.rawValue ?? "", right.statusBefore.rawValue,
            right.statusAfter.rawValue, right.standingBefore?.description ?? "",
            right.standingAfter?.description ?? "", right.arrears.description, right.overpayment.description,
            right.undecided.description, right.awaitingDecision.description, right.future.description, cause(right),
        ])
    }

    /// 户, or a person or incident by its id.
    static func who(_ subject: RuleSubject) -> String {
        if case .household = subject { "户" } else { subject.description }
    }

    /// Which way a right goes, in a table; where it comes with no other sum, that is said.
    static func word(_ right: RightDifference) -> Wording {
        let wording = right.kind.wording
        if right.onlyMoves {
            let (left, reached) = (months(right) { $0 < .zero }, months(right) { $0 > .zero })
            let way = left.isEmpty || reached.isEmpty ? "" : "：\(left) → \(reached)"
            let english = way.isEmpty ? "" : ": \(left) -> \(reached)"
            return Wording(wording.chinese + "（只换月份\(way)）", wording.english + " (month only\(english))")
        }
        guard !right.hasSums else { return wording }
        return Wording(wording.chinese + "（无金额）", wording.english + " (no sum)")
    }

    /// The months of a right that differ one way.
    private static func months(_ right: RightDifference, _ way: (Fen) -> Bool) -> String {
        right.months.filter { way($0.difference) }.map(\.month.description).joined(separator: " ")
    }

    /// A sum in a table; a dash where the right comes with none.
    static func sum(_ sum: Fen, _ right: RightDifference) -> String { right.hasSums ? sum.description : "-" }

    /// What in the pack brings it about, on one line; in Chinese in words, otherwise by the names of the file.
    static func cause(_ right: RightDifference, inWords: Bool = false) -> String {
        guard !right.hasTooManyCauses else {
            return inWords
                ? "可能有关的改动 \(right.causes.count) 处，未逐项分辨（全文见 rules diff）"
                : "\(right.causes.count) changes can bear on it, not told apart (rules diff has them)"
        }
        let leftOut = right.leftOut.map(\.rawValue).joined(separator: inWords ? "、" : ", ")
        let unseen = inWords ? "档案不归此密钥看，未计 \(leftOut)" : "left out, of a file that is not this key's: \(leftOut)"
        let causes = right.causes.map { change in
            guard inWords else {
                let field = change.field.isEmpty ? "" : " \(change.field)"
                return "\(change.id)\(field): \(change.before ?? "-") → \(change.after ?? "-")"
            }
            if let named = named(change) { return named }
            let (before, after) = (words(change.before, change.field), words(change.after, change.field))
            return "\(change.id) \(title(of: change))：\(before) → \(after)"
        }
        return ((leftOut.isEmpty ? [] : [unseen]) + causes).joined(separator: inWords ? "；" : "; ")
    }

    /// A changed condition or definition by its title, with what was put in place of what: nobody reads an expression in a
    /// table, `rules diff` has it whole.
    private static func named(_ change: PackDifference.Change) -> String? {
        guard let title = change.title?.chinese, change.part == .rule || change.part == .definition,
            let before = change.before, let after = change.after
        else { return nil }
        let word = change.field.hasPrefix("warnings") ? "提示" : change.field == "who" ? "对象" : "条件"
        let name = "\(change.id) \(change.part == .definition ? "推导事实" : word)“\(title)”："
        let pairs = change.replacements
        if !pairs.isEmpty { return name + pairs.map { "\($0.before) → \($0.after)" }.joined(separator: "，") }
        guard before.count + after.count > 80 else { return name + "\(before) → \(after)" }
        return name + "算式改写（全文见 rules diff）"
    }

    private static func title(of change: PackDifference.Change) -> String {
        let titles = [
            "title": "名称", "words": "条文", "kind": "种类", "unit": "单位", "department": "部门", "who": "对象",
            "conditions": "条件",
            "warnings": "提示", "amount": "金额", "hours": "时数", "hourly_rate": "每小时", "measure": "指标", "payers": "承担",
            "value": "标准", "default": "口径", "choices": "选项", "expr": "算式", "type": "类型", "valid_to": "止期",
            "territory": "适用地", "month_rule": "月份口径", "second_approver": "复核", "least": "下限", "most": "上限",
        ]
        let word = change.field.prefix { $0 != "." && $0 != " " && $0 != "[" }
        guard let title = titles[String(word)] else {
            return change.field.isEmpty ? change.part.wording.chinese : change.field
        }
        return title + change.field.dropFirst(word.count)
    }

    private static func words(_ text: String?, _ field: String) -> String {
        guard let text else { return "无" }
        guard field.hasPrefix("amount") else { return text }
        let kinds = [
            "exact ": "", "floor ": "不低于 ", "ceiling ": "不超过 ", "in_principle ": "原则上 ", "formula ": "",
            "parameter ": "",
        ]
        let kind = kinds.first { text.hasPrefix($0.key) }
        let rest = kind.map { $0.value + text.dropFirst($0.key.count) } ?? text
        return rest.hasSuffix(" yuan")
            ? rest.dropLast(5) + " 元" : rest.hasSuffix(" fen") ? rest.dropLast(4) + " 分" : rest
    }
}
