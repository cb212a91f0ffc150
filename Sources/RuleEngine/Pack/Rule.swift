import CareDomain

/// What a clause gives or demands.
/// - Source: policies/README, Kinds
package enum RuleKind: String, Hashable, Sendable, CaseIterable {
    case cashEntitlement = "cash_entitlement"
    case inkindHours = "inkind_hours"
    case inkindGoods = "inkind_goods"
    case serviceFree = "service_free"
    case priorityFlag = "priority_flag"
    case insurancePremium = "insurance_premium"
    case feeWaiver = "fee_waiver"
    case reimbursement
    case projectFund = "project_fund"
    case loan
    case adminDuty = "admin_duty"
    case recordDuty = "record_duty"
    case fundingRule = "funding_rule"
    case indexation
    case interaction
    case definition
    case quota
    case evaluation
    case target
}

/// One named part of who is entitled, so that an answer can say which part is missing.
package struct Condition: Sendable {
    package let id: Code
    /// The condition as met: 妻子年满49周岁.
    package let title: Wording
    /// How it reads when only time is missing, with `{day}` for the day: 妻子 {day} 年满 49 周岁.
    package let later: Wording?
    /// How it reads where it does not hold, for conditions that deny something: 已参加其他医疗保险; nil = the title tells.
    package let unmet: Wording?
    package let expression: CheckedExpression
    /// The derived fact this condition asks for first, as index of the pack's definitions.
    package let definition: Int?
}

/// What a clause gives: sum and hours as expressions.
package struct AmountRule: Sendable {
    package let type: AmountType
    /// Sum per cadence; nil when the clause gives no money.
    package let money: CheckedExpression?
    /// The sum is computed only while this holds (a cost is on record); while it does not, the right stands without a sum.
    /// nil = always.
    package let when: CheckedExpression?
    /// Hours per month, for service hours.
    package let hours: CheckedExpression?
    /// Subsidy per delivered hour, for service hours.
    package let hourlyRate: CheckedExpression?
    /// The month fact that holds the hours delivered.
    package let deliveredFact: FactID?
}

/// A figure that falls due to nobody: a rate, a number of points, an area, a sum that is only told.
package struct MeasureRule: Sendable {
    /// Decimal, whole number, or money (told in yuan).
    package let expression: CheckedExpression
    /// What it is counted in: `%`, `m²`, `户`, `元`.
    package let unit: String
    /// Whether the figure is told also where a condition fails or is unknown, so that a report shows the value that failed.
    package let isAlways: Bool
    /// What the figure has to come to, in thousandths of the unit; nil = the conditions alone say whether the aim is reached.
    package let least: Int64?
}

/// Who pays, when its condition holds; the first that does.
package struct PayerCase: Sendable {
    /// nil = always.
    package let condition: CheckedExpression?
    /// Fixed parts; empty where they are computed.
    package let shares: [PayerShare]
    /// Parts that depend on facts, parameters or readings; empty where they are fixed.
    package let computed: [ComputedShare]
}

/// One payer whose part is computed: all of a case are sums of money, or all are whole numbers.
package struct ComputedShare: Sendable {
    package let payer: Code
    /// Not negative; a payer whose part is zero pays nothing and is left out.
    package let expression: CheckedExpression
}

/// Where a rule takes its month rule from.
package enum MonthRuleSource: Hashable, Sendable {
    case fixed(MonthRule)
    /// The position of a reading decides.
    case reading(Int, [Code: MonthRule])
}

/// When a sum that is due by the month is handed over.
package enum PaymentRhythm: String, Hashable, Sendable, CaseIterable {
    case deployment
    case termStart = "term_start"
    case monthly
    case quarterEnd = "quarter_end"
    case yearly
}

/// One clause of a pack as a rule.
package struct Rule: Sendable {
    package let clause: ClauseID
    package let title: Wording
    /// The words of the document.
    package let words: String
    package let kind: RuleKind
    package let unit: RuleUnit
    package let department: DepartmentID?
    /// Who is in the circle at all (the couple, the only child). nil = every entity of the unit.
    package let who: Condition?
    /// All must hold.
    package let conditions: [Condition]
    package let amount: AmountRule?
    /// The figure of a target or threshold.
    package let measure: MeasureRule?
    package let payers: [PayerCase]
    /// 代缴、代办: who gets the money in place of the person; nil = the person.
    package let payee: RulePayee?
    package let monthRule: MonthRuleSource
    package let payment: PaymentRhythm
    /// For `once`: whether a higher sum later is topped up, decided by a bool reading. nil = never.
    package let topUp: Int?
    /// The derived fact that says whether all conditions hold.
    package let defines: FactID?
    /// Things to tell the clerk that do not touch the right.
    package let warnings: [Condition]
    /// Which decisions about it need a second person.
    package let secondApproval: SecondApproval
    /// Task that follows from the clause.
    package let duty: Duty?
    /// Readings that any part of the rule refers to, directly or through derived facts, sorted.
    package let readings: [Int]

    /// Every expression of the rule, for asking what it refers to.
    package var allExpressions: [CheckedExpression] { expressions }

    /// All expressions of the rule.
    var expressions: [CheckedExpression] {
        ([who].compactMap { $0 } + conditions + warnings).map(\.expression)
            + [amount?.when, amount?.money, amount?.hours, amount?.hourlyRate, measure?.expression].compactMap { $0 }
            + payers.compactMap(\.condition) + payers.flatMap(\.computed).map(\.expression)
    }
}
