import CareDomain
import RuleEngine

extension BlockRun {
    /// As the comparison of a time that has passed: true or false from the day on which it turns.
    mutating func elapsed(
        _ unit: ElapsedUnit, _ relation: Relation, _ date: Operand, _ bound: Operand, _ shift: Int32, _ rows: Int
    ) -> StepColumn {
        var missing = missing
        self.missing = MissingTable()
        let result = StepColumn.spanned(date, bound, rows: rows) { from, to, date, bound, builder in
            guard date.tag == .value, bound.tag == .value else {
                builder.add(from, date.isKnown && bound.isKnown ? Self.noOverload : Self.joined(date, bound, &missing))
                return
            }
            let start = CivilDay(dayNumber: Int32(truncatingIfNeeded: date.payload))
            let number = min(max(bound.payload, -2), 5_000_000)
            func day(_ count: Int64) -> Int32 { Self.threshold(count, unit, start, shift) }
            switch relation {
            case .greaterOrEqual: Self.turn(from, to, on: day(number), to: true, &builder)
            case .greater: Self.turn(from, to, on: day(number + 1), to: true, &builder)
            case .less: Self.turn(from, to, on: day(number), to: false, &builder)
            case .lessOrEqual: Self.turn(from, to, on: day(number + 1), to: false, &builder)
            case .equal, .notEqual:
                let inside = relation == .equal
                let (lower, upper) = (day(number), day(number + 1))
                builder.add(from, .bool((lower <= from && from < upper) == inside))
                if lower > from, lower < to { builder.add(lower, .bool(inside)) }
                if upper > from, upper < to { builder.add(upper, .bool(!inside)) }
            }
        }
        self.missing = missing
        return result
    }

    /// First day on which so many full units have passed; `Int32.min` = always, `Int32.max` = never.
    private static func threshold(_ count: Int64, _ unit: ElapsedUnit, _ date: CivilDay, _ shift: Int32) -> Int32 {
        if count < 0 { return .min }
        switch unit {
        case .years: return (date.birthday(years: Int(count)) + shift).dayNumber
        case .months: return date.adding(months: Int(count)).dayNumber
        case .days: return (date + Int32(count)).dayNumber
        }
    }

    /// `value` from the day on, its opposite before, within the span.
    @inline(__always)
    private static func turn(
        _ from: Int32, _ to: Int32, on day: Int32, to value: Bool, _ builder: inout StepColumnBuilder
    ) {
        if day <= from {
            builder.add(from, .bool(value))
        } else {
            builder.add(from, .bool(!value))
            if day < to { builder.add(day, .bool(value)) }
        }
    }

    mutating func reached(_ date: Operand, _ rows: Int) -> StepColumn {
        StepColumn.spanned(date, Operand(StepColumn(constant: .null)), rows: rows) { from, to, date, _, builder in
            switch date.tag {
            case .value:
                Self.turn(from, to, on: Int32(truncatingIfNeeded: date.payload), to: true, &builder)
            case .null: builder.add(from, Self.noOverload)
            case .unknown, .error: builder.add(from, date)
            }
        }
    }

    /// One row for all: the part of the calendar on each of the run's days.
    func calendar(_ part: CalendarPart) -> StepColumn {
        months { month in Cell(.value, part.number(of: month)) }
    }

    func periodStart(_ part: PeriodPart, _ offset: Int64) -> StepColumn {
        let overflow = Cell(.error, Int64(EvaluationError.allCases.firstIndex(of: .overflow) ?? 0))
        return months { month in
            part.firstDay(with: month, offset: offset).map { Cell(.value, Int64($0.dayNumber)) } ?? overflow
        }
    }

    private func months(_ value: (CivilMonth) -> Cell) -> StepColumn {
        var builder = StepColumnBuilder(rows: 1)
        var month = CivilMonth(containing: CivilDay(dayNumber: days.lowerBound))
        builder.add(StepColumn.beginning, value(month))
        while true {
            month = month + 1
            let day = month.firstDay.dayNumber
            guard day < days.upperBound else { break }
            builder.add(day, value(month))
        }
        builder.endRow()
        return builder.finish(isBroadcast: true)
    }

    /// The body's value on the day that the other column names.
    func at(_ day: Operand, _ body: Operand, _ rows: Int) -> StepColumn {
        let isBroadcast = day.column.isBroadcast && body.column.isBroadcast
        let count = isBroadcast ? 1 : rows
        var builder = StepColumnBuilder(rows: count)
        for row in 0..<count {
            for place in day.steps(of: row) {
                let cell = day.column.cell(place)
                let answer: Cell
                switch cell.tag {
                case .value:
                    let steps = body.steps(of: row)
                    var other = steps.upperBound - 1
                    let wanted = Int32(truncatingIfNeeded: cell.payload)
                    while other > steps.lowerBound, body.column.day(other) > wanted { other -= 1 }
                    answer = body.column.cell(other)
                case .null: answer = Self.noOverload
                case .unknown, .error: answer = cell
                }
                builder.add(day.column.day(place), answer)
            }
            builder.endRow()
        }
        return builder.finish(isBroadcast: isBroadcast)
    }
}
