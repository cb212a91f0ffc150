import CareDomain

/// How the time since a day is counted in a comparison.
package enum ElapsedUnit: String, Hashable, Sendable { case years, months, days }

/// A part of the calendar that changes by itself.
package enum CalendarPart: String, Hashable, Sendable {
    case month, quarter, year

    /// What must end for the number to change.
    package var unit: CalendarUnit {
        switch self {
        case .month: .month
        case .quarter: .quarter
        case .year: .year
        }
    }

    /// The number of a month: 1–12, of its quarter in the year: 1–4, or of its year.
    package func number(of month: CivilMonth) -> Int64 {
        switch self {
        case .month: Int64(month.month)
        case .quarter: Int64((month - CalendarUnit.year.first(with: month)) / CalendarUnit.quarter.length) + 1
        case .year: Int64(month.year)
        }
    }
}

/// A stretch of the calendar whose first day can be asked for. A school year begins on 1 September.
package enum PeriodPart: String, Hashable, Sendable {
    case month = "start_of_month"
    case quarter = "start_of_quarter"
    case year = "start_of_year"
    case schoolYear = "start_of_school_year"

    package var unit: CalendarUnit {
        switch self {
        case .month: .month
        case .quarter: .quarter
        case .year: .year
        case .schoolYear: .schoolYear
        }
    }

    /// First day of the unit so many units away from the one with the month; nil outside the years 1 to 9999.
    package func firstDay(with month: CivilMonth, offset: Int64) -> CivilDay? {
        // In months there are not even 120,000 of them.
        guard (-120_000...120_000).contains(offset) else { return nil }
        let first = unit.first(unit.number(of: month) + Int32(offset))
        return CivilDay(year: first.year, month: first.month, day: 1)
    }
}

/// An ordering or equality sign.
package enum Relation: String, Hashable, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="

    /// The sign when both sides change places.
    var mirrored: Relation {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .notEqual: self
        }
    }
}

/// One resolved step of a checked expression. Operands are indexes of earlier nodes.
package enum Operation: Sendable {
    case constant(Value)
    /// A variable bound by the caller or by a macro.
    case local(Int)
    case household
    /// The person, household or incident the rule is asked for; `self` in a definition.
    case subject
    /// Persons who belong to the household on the day.
    case members
    /// Persons who belong or belonged to it: a child who died or left stays family.
    case family
    case incidents
    case fact(entity: Int, fact: Int)
    case hasFact(entity: Int, fact: Int)
    /// Whether the fact has a value on the day; never unknown.
    case onRecord(entity: Int, fact: Int)
    case derived(entity: Int, definition: Int)
    case reading(Int)
    case parameter(Int, keys: [Int])
    case select(Int, String)
    case hasKey(Int, String)
    case and(Int, Int)
    case or(Int, Int)
    case not(Int)
    case conditional(Int, Int, Int)
    case call(Builtin, [Int])
    case list([Int])
    case map(keys: [Int], values: [Int])
    case comprehension(Syntax.Macro, range: Int, slot: Int, predicate: Int?, transform: Int?)
    /// Full years, months or days since `date`, compared with `bound`: breaks on the day the answer turns.
    case elapsed(ElapsedUnit, Relation, date: Int, bound: Int)
    /// Whether the day is `date` or later: breaks on that day.
    case reached(Int)
    /// First day of the month, quarter, year or school year that lies so many of them away from the day's own: breaks
    /// when that ends.
    case periodStart(PeriodPart, offset: Int?)
    /// Whether the parameter has a value on the day.
    case hasParameter(Int, keys: [Int])
    /// Breaks at the end of each month, quarter or year.
    case calendar(CalendarPart)
    /// The body as it stood on another day; its answer never changes, so only `day` itself brings breaks.
    case atDay(day: Int, body: Int)

    /// The value, where this is a constant that is known.
    var constant: Value? {
        if case .constant(let value) = self, value.isKnown { value } else { nil }
    }
}

/// An expression whose names, types and overloads are resolved.
///
/// The nodes lie in one array, operands before users, without references between objects. `Interpreter` walks it for one
/// household; a block compiler can turn the same array, from first to last, into one operator per node over columns of
/// many households, because every node names its operands, its type, and (for the day) its breakpoints.
package struct CheckedExpression: Sendable {
    /// One node.
    package struct Node: Sendable {
        package let operation: Operation
        package let type: ExpressionType
        /// Byte offset in `source`.
        package let offset: Int
    }

    /// Operands before users.
    package let nodes: [Node]
    /// The node whose value is the expression's.
    package let root: Int
    /// The text.
    package let source: String
    /// How many local slots an evaluation needs.
    package let slots: Int
    /// Readings the expression refers to, by index, sorted.
    package let readings: [Int]
    /// What one evaluation takes; worked out for packs.
    package var cost = ExpressionCost()

    /// Type of the value.
    package var type: ExpressionType { nodes[root].type }
}
