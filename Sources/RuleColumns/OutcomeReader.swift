import CareDomain
import RuleEngine

/// What a rule says of one entity from a day on, in numbers.
package struct OutcomeStep: Hashable, Sendable {
    /// What an absent sum or measure is written as.
    package static let none = Int64.min

    package var day: Int32
    package var status: OutcomeStatus
    package var rightHolds: Bool
    /// Fen per cadence, or `none`.
    package var amount = none
    /// Thousandths per month, or `none`.
    package var hours = none
    /// Fen per hour, or `none`.
    package var hourlyRate = none
    /// Place in `ColumnPlan.shares`; -1 = nobody.
    package var payer: Int32 = -1
    /// Payloads of what the answer, or the payer, waits for; `none` = nothing.
    package var missing = none
    package var missingForPayer = none
    /// Place in `EvaluationError`'s order; -1 = none.
    package var failure: Int32 = -1
    /// Place of the pack version that says so, for the reader's caller.
    package var version: Int32 = 0

    package init(day: Int32, status: OutcomeStatus, rightHolds: Bool) {
        self.day = day
        self.status = status
        self.rightHolds = rightHolds
    }

    /// Whether both say the same in the same numbers, whatever their days.
    @inline(__always)
    package func isSame(as other: OutcomeStep) -> Bool {
        status == other.status && rightHolds == other.rightHolds && amount == other.amount && hours == other.hours
            && hourlyRate == other.hourlyRate && payer == other.payer && missing == other.missing
            && missingForPayer == other.missingForPayer && failure == other.failure
    }
}

/// Reads a rule's columns together, row by row.
package final class OutcomeReader {
    private let holds: Operand
    /// Sum, hours, hourly rate, measure; null where the rule has none.
    private let amount: Operand
    private let hours: Operand
    private let hourlyRate: Operand
    private let measure: Operand
    private let payer: Operand
    private let needsDecision: Bool

    private static let negativeSum = Int32(
        EvaluationError.allCases.firstIndex(of: .negativeSum) ?? EvaluationError.allCases.count)

    /// - Parameter scope: whose rows are asked for.
    package init(_ rule: RulePlan, _ run: inout BlockRun, in scope: RunScope) {
        let frame = rule.frame
        holds = run.operand(rule.holds, in: frame, scope)
        let nothing = Operand(StepColumn(constant: .null))
        amount = rule.amount.map { run.operand($0, in: frame, scope) } ?? nothing
        hours = rule.hours.map { run.operand($0, in: frame, scope) } ?? nothing
        hourlyRate = rule.hourlyRate.map { run.operand($0, in: frame, scope) } ?? nothing
        measure = rule.measure.map { run.operand($0, in: frame, scope) } ?? nothing
        payer = run.operand(rule.payer, in: frame, scope)
        needsDecision = rule.needsDecision
    }

    /// A reader of what the rule gives, whoever it applies to: for reading as granted.
    init(granting rule: RulePlan, _ run: inout BlockRun) {
        let (frame, scope) = (rule.frame, run.all)
        let nothing = Operand(StepColumn(constant: .null))
        holds = nothing
        amount = rule.amount.map { run.operand($0, in: frame, scope) } ?? nothing
        hours = rule.hours.map { run.operand($0, in: frame, scope) } ?? nothing
        hourlyRate = rule.hourlyRate.map { run.operand($0, in: frame, scope) } ?? nothing
        measure = rule.measure.map { run.operand($0, in: frame, scope) } ?? nothing
        payer = run.operand(rule.payer, in: frame, scope)
        needsDecision = rule.needsDecision
    }

    /// Whether what is given is the same for all rows.
    var isAlike: Bool { [amount, hours, hourlyRate, measure, payer].allSatisfy(\.column.isBroadcast) }

    /// Adds the row's steps within the days.
    /// - Parameter granted: answer as if the right held on every day, for an exception.
    package func read(
        _ row: Int, _ days: Range<Int32>, _ missing: inout MissingTable, granted: Bool = false,
        into steps: inout [OutcomeStep]
    ) {
        var holding = holds.cursor(row)
        var cursors = GrantCursors(
            amount: amount.cursor(row), hours: hours.cursor(row), hourlyRate: hourlyRate.cursor(row),
            measure: measure.cursor(row), payer: payer.cursor(row))
        let first = steps.count
        var day = StepColumn.beginning
        while day < days.upperBound {
            let isTrue = granted || holding.cell.isTrue
            var next = granted ? Int32.max : holding.next
            if isTrue {
                cursors.catchUp(to: day)
                next = min(next, cursors.next)
            }
            if next > days.lowerBound {
                var step = isTrue ? grant(cursors, &missing) : refuse(holding.cell, missing)
                step.day = max(day, days.lowerBound)
                if steps.count == first || !steps[steps.count - 1].isSame(as: step) { steps.append(step) }
            }
            day = next
            holding.catchUp(to: day)
        }
        withExtendedLifetime(self) {}
    }

    /// Where the columns of what is granted stand.
    private struct GrantCursors {
        var amount: StepCursor
        var hours: StepCursor
        var hourlyRate: StepCursor
        var measure: StepCursor
        var payer: StepCursor

        @inline(__always)
        var next: Int32 { min(min(amount.next, hours.next), min(hourlyRate.next, measure.next), payer.next) }

        @inline(__always)
        mutating func catchUp(to day: Int32) {
            amount.catchUp(to: day)
            hours.catchUp(to: day)
            hourlyRate.catchUp(to: day)
            measure.catchUp(to: day)
            payer.catchUp(to: day)
        }
    }

    private func refuse(_ cell: Cell, _ missing: MissingTable) -> OutcomeStep {
        switch cell.tag {
        case .value: return OutcomeStep(day: 0, status: .notEntitled, rightHolds: false)
        case .unknown:
            var step = OutcomeStep(day: 0, status: missing.waiting(cell.payload), rightHolds: false)
            step.missing = cell.payload
            return step
        case .null, .error:
            var step = OutcomeStep(day: 0, status: .failed, rightHolds: false)
            step.failure = Int32(cell.tag == .null ? BlockRun.noOverload.payload : cell.payload)
            return step
        }
    }

    private func grant(_ cursors: GrantCursors, _ missing: inout MissingTable) -> OutcomeStep {
        var step = OutcomeStep(day: 0, status: needsDecision ? .proposed : .entitled, rightHolds: true)
        step.amount = take(cursors.amount.cell, &step, &missing)
        if step.amount < 0, step.amount != OutcomeStep.none {
            step.amount = OutcomeStep.none
            step.failure = Self.negativeSum
        }
        // Nobody has to decide on a sum where there is none.
        if cursors.amount.cell.tag == .null { step.status = .entitled }
        step.hours = take(cursors.hours.cell, &step, &missing)
        step.hourlyRate = take(cursors.hourlyRate.cell, &step, &missing)
        _ = take(cursors.measure.cell, &step, &missing)
        let payer = cursors.payer.cell
        switch payer.tag {
        case .value: step.payer = Int32(payer.payload)
        case .unknown: step.missingForPayer = payer.payload
        case .null, .error: step.failure = Int32(BlockRun.noOverload.payload)
        }
        if step.missing != OutcomeStep.none {
            step.status = missing.waiting(step.missing)
        } else if step.failure >= 0 {
            step.status = .failed
        }
        return step
    }

    /// The number of a cell, or `none`, noting what it waits for.
    @inline(__always)
    private func take(_ cell: Cell, _ step: inout OutcomeStep, _ missing: inout MissingTable) -> Int64 {
        switch cell.tag {
        case .value: return cell.payload
        case .null: return OutcomeStep.none
        case .unknown:
            step.missing = step.missing == OutcomeStep.none ? cell.payload : missing.union(step.missing, cell.payload)
            return OutcomeStep.none
        case .error:
            step.failure = Int32(cell.payload)
            return OutcomeStep.none
        }
    }
}

extension MissingTable {
    /// How an answer stands that waits for this.
    func waiting(_ payload: Int64) -> OutcomeStatus {
        causes(payload).allSatisfy(Self.isParameter) ? .needsParameter : .needsFact
    }

    private static func isParameter(_ cause: Int64) -> Bool { cause >> 62 == 1 }
}

extension BlockRun {
    /// Notes the rows of the block on which a rule holds on some day or waits for something.
    package mutating func mark(_ rule: RulePlan, _ open: inout [Bool]) {
        let holds = operand(rule.holds, in: rule.frame, all)
        for row in open.indices where !open[row] && !holds.isAlways(.bool(false), row) { open[row] = true }
    }
}
