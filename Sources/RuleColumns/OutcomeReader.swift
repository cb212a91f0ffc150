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
package struct OutcomeReader {
    private let holds: Operand
    private let sums: [Operand?]
    private let payer: Operand
    private let needsDecision: Bool
    package let rows: Int

    package init(_ rule: RulePlan, _ run: inout BlockRun) {
        let frame = rule.frame
        rows = run.count(frame)
        holds = run.operand(rule.holds, in: frame)
        sums = [rule.amount, rule.hours, rule.hourlyRate, rule.measure].map { operand in
            operand.map { run.operand($0, in: frame) }
        }
        payer = run.operand(rule.payer, in: frame)
        needsDecision = rule.needsDecision
    }

    /// Whether the right holds on no day and nothing is missing for it.
    @inline(__always)
    package func isNever(_ row: Int) -> Bool {
        let steps = holds.steps(of: row)
        return steps.count == 1 && holds.column.cell(steps.lowerBound).isFalse
    }

    /// Adds the row's steps within the days.
    /// - Parameter granted: answer as if the right held on every day, for an exception.
    package func read(
        _ row: Int, _ days: Range<Int32>, _ missing: inout MissingTable, granted: Bool = false,
        into steps: inout [OutcomeStep]
    ) {
        var holding = StepCursor(holds, row: row)
        var cursors = sums.map { $0.map { StepCursor($0, row: row) } }
        var paying = StepCursor(payer, row: row)
        let first = steps.count
        var day = StepColumn.beginning
        while day < days.upperBound {
            let isTrue = granted || holding.cell.isTrue
            var next = granted ? Int32.max : holding.next
            if isTrue {
                next = min(next, paying.next)
                for cursor in cursors { if let cursor { next = min(next, cursor.next) } }
            }
            if next > days.lowerBound {
                var step = isTrue ? grant(cursors, paying.cell, &missing) : refuse(holding.cell, missing)
                step.day = max(day, days.lowerBound)
                if steps.count == first || !steps[steps.count - 1].isSame(as: step) { steps.append(step) }
            }
            day = next
            holding.catchUp(to: day)
            paying.catchUp(to: day)
            for index in cursors.indices { cursors[index]?.catchUp(to: day) }
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

    private func grant(_ cursors: [StepCursor?], _ payer: Cell, _ missing: inout MissingTable) -> OutcomeStep {
        var step = OutcomeStep(day: 0, status: needsDecision ? .proposed : .entitled, rightHolds: true)
        for (index, cursor) in cursors.enumerated() {
            guard let cell = cursor?.cell else { continue }
            switch cell.tag {
            case .value where index == 0: step.amount = cell.payload
            case .value where index == 1: step.hours = cell.payload
            case .value where index == 2: step.hourlyRate = cell.payload
            case .value, .null: break
            case .unknown:
                step.missing =
                    step.missing == OutcomeStep.none ? cell.payload : missing.union(step.missing, cell.payload)
            case .error: step.failure = Int32(cell.payload)
            }
        }
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
}

extension StepCursor {
    /// Moves to the step in force on the day.
    @inline(__always)
    mutating func catchUp(to day: Int32) {
        while next <= day, day != .max || next != .max { advance(to: day) }
    }
}

extension MissingTable {
    /// How an answer stands that waits for this.
    func waiting(_ payload: Int64) -> OutcomeStatus {
        causes(payload).allSatisfy(Self.isParameter) ? .needsParameter : .needsFact
    }

    private static func isParameter(_ cause: Int64) -> Bool { cause >> 62 == 1 }
}
