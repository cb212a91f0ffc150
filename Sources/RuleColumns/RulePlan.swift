import CareDomain
import RuleEngine

/// One rule of one pack version as columns: does the right hold, and what does it give.
package struct RulePlan: Hashable, Sendable {
    /// Whom it is about.
    package let kind: EntityKind
    /// Circle and conditions together.
    package let holds: PlanOperand
    package let amount: PlanOperand?
    package let hours: PlanOperand?
    package let hourlyRate: PlanOperand?
    package let measure: PlanOperand?
    /// Place in `ColumnPlan.shares`, or -1 for none.
    package let payer: PlanOperand
    /// Whether a person decides the sum.
    package let needsDecision: Bool

    package var frame: Frame { kind == .household ? .household : .one(kind) }

    /// The columns in the order of `OutcomeReader`.
    var operands: [PlanOperand?] { [holds, amount, hours, hourlyRate, measure, payer] }
}

/// Compiles rules of several versions into one plan.
package struct PlanWriter {
    package private(set) var plan: ColumnPlan

    package init(codes: CodeTable) { plan = ColumnPlan(codes: codes) }

    /// The household rules of a pack version, in the order of the file.
    /// - Throws: what in the pack has no form over columns.
    package mutating func write(
        _ pack: RulePack, choices: ReadingChoices, parameters: [ParameterValue]
    ) throws(NotColumnar) -> [(rule: Rule, plan: RulePlan)] {
        let readings = pack.positions(choices)
        if let place = pack.reading("rights_from"), readings[place] == .code(Code(unchecked: "confirmed")) {
            throw NotColumnar(what: "readings.rights_from == 'confirmed'")
        }
        var compiler = PlanCompiler(pack, readings: readings, parameters: parameters, plan: plan)
        var result: [(rule: Rule, plan: RulePlan)] = []
        for rule in pack.rules where rule.unit.beneficiary.root == .household {
            result.append((rule, try compiler.rule(rule)))
        }
        plan = compiler.plan
        return result
    }
}

extension PlanCompiler {
    fileprivate mutating func rule(_ rule: Rule) throws(NotColumnar) -> RulePlan {
        let kind = rule.unit.beneficiary
        let hasVariable = kind == .person || kind == .incident
        let scope = Scope(variables: hasVariable ? [kind] : [], subject: .entity(hasVariable ? 0 : nil))
        var holds = plan.constant(.bool(true))
        for condition in [rule.who].compactMap({ $0 }) + rule.conditions {
            holds = try connect(holds, try compile(condition.expression, about: kind), scope, isAnd: true)
        }
        func optional(_ expression: CheckedExpression?) throws(NotColumnar) -> PlanOperand? {
            guard let expression else { return nil }
            return try compile(expression, about: kind)
        }
        return RulePlan(
            kind: kind, holds: holds, amount: try amount(rule.amount, kind, scope),
            hours: try optional(rule.amount?.hours),
            hourlyRate: try optional(rule.amount?.hourlyRate), measure: try optional(rule.measure?.expression),
            payer: try payer(rule, kind, scope), needsDecision: rule.amount?.type.needsDecision ?? false)
    }

    private mutating func amount(
        _ amount: AmountRule?, _ kind: EntityKind, _ scope: Scope
    ) throws(NotColumnar) -> PlanOperand? {
        guard let amount, let money = amount.money else { return nil }
        let sum = try compile(money, about: kind)
        guard let when = amount.when else { return sum }
        let test = try compile(when, about: kind)
        let nothing = plan.constant(.null)
        return try add([test, sum, nothing], scope) { .conditional($0[0], $0[1], $0[2]) }
    }

    /// The first case that holds.
    private mutating func payer(_ rule: Rule, _ kind: EntityKind, _ scope: Scope) throws(NotColumnar) -> PlanOperand {
        var result = plan.constant(Cell(.value, -1))
        for payer in rule.payers.reversed() {
            let place = try shares(payer, kind, scope)
            guard let condition = payer.condition else {
                result = place
                continue
            }
            let test = try compile(condition, about: kind)
            if let cell = plan.constant(test), cell.tag == .value {
                if cell.isTrue { result = place }
            } else {
                result = try add([test, place, result], scope) { .conditional($0[0], $0[1], $0[2]) }
            }
        }
        return result
    }

    private mutating func shares(
        _ payer: PayerCase, _ kind: EntityKind, _ scope: Scope
    ) throws(NotColumnar) -> PlanOperand {
        guard !payer.computed.isEmpty else {
            return plan.constant(Cell(.value, Int64(plan.payers(payer.shares))))
        }
        var parts: [PlanOperand] = []
        for part in payer.computed { parts.append(try compile(part.expression, about: kind)) }
        return try add(parts, scope) { .shares($0, payer.computed.map(\.payer)) }
    }
}
