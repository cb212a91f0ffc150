/// The operators and functions that work on values alone.
package enum Builtin: String, Hashable, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
    case negate = "-_"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case index = "[]"
    case size, contains, startsWith, endsWith, int, uint, double, string, bytes, bool, type, dyn
    case date = "care.date"
    case decimal = "care.decimal"
    case yuan = "care.yuan"
    case fen = "care.fen"
    case share = "care.share"
    case floor = "care.floor"
    case thousandths = "care.thousandths"
    case percent = "care.percent"
    case least = "care.least"
    case greatest = "care.greatest"
    case addDays = "care.add_days"
    case addMonths = "care.add_months"
    case birthday = "care.birthday"
    case daysBetween = "care.days_between"
    case yearOf = "care.year_of"
    case withinDivision = "care.within_division"

    /// One way to call a function: types of the arguments, type of the result.
    struct Signature {
        let arguments: [ExpressionType]
        let result: ExpressionType
    }

    /// The ways to call this, in order of trial. Empty for the generic ones (`==`, `!=`, `in`, `[]`), which the checker
    /// knows by itself.
    var signatures: [Signature] {
        switch self {
        case .add:
            Self.same([.int, .uint, .double, .string, .bytes, .list(.dyn), .money, .decimal])
        case .subtract: Self.same([.int, .uint, .double, .money, .decimal])
        case .multiply:
            Self.same([.int, .uint, .double]) + [
                Signature(arguments: [.money, .int], result: .money),
                Signature(arguments: [.int, .money], result: .money),
                Signature(arguments: [.money, .decimal], result: .money),
                Signature(arguments: [.decimal, .money], result: .money),
                Signature(arguments: [.decimal, .int], result: .decimal),
                Signature(arguments: [.int, .decimal], result: .decimal),
            ]
        case .divide: Self.same([.int, .uint, .double])
        case .modulo: Self.same([.int, .uint])
        case .negate: [.int, .double, .money, .decimal].map { Signature(arguments: [$0], result: $0) }
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            [.int, .uint, .double, .string, .bytes, .bool, .date, .money, .decimal].map {
                Signature(arguments: [$0, $0], result: .bool)
            }
        case .equal, .notEqual, .isIn, .index: []
        case .size:
            [.string, .bytes, .list(.dyn), .map(.dyn, .dyn)].map { Signature(arguments: [$0], result: .int) }
        case .contains, .startsWith, .endsWith: [Signature(arguments: [.string, .string], result: .bool)]
        case .int: Self.conversions([.int, .uint, .double, .string], to: .int)
        case .uint: Self.conversions([.int, .uint, .double, .string], to: .uint)
        case .double: Self.conversions([.int, .uint, .double, .string], to: .double)
        case .string: Self.conversions([.bool, .int, .uint, .double, .string, .bytes], to: .string)
        case .bytes: Self.conversions([.bytes, .string], to: .bytes)
        case .bool: Self.conversions([.bool, .string], to: .bool)
        case .type: [Signature(arguments: [.dyn], result: .type)]
        case .dyn: [Signature(arguments: [.dyn], result: .dyn)]
        default: careSignatures
        }
    }

    /// Ours: days, money, decimals, divisions.
    private var careSignatures: [Signature] {
        switch self {
        case .date: [Signature(arguments: [.string], result: .date)]
        case .decimal: [.string, .int].map { Signature(arguments: [$0], result: .decimal) }
        case .yuan, .fen: [Signature(arguments: [.int], result: .money)]
        case .floor, .thousandths: [Signature(arguments: [.decimal], result: .int)]
        case .percent:
            [.int, .money, .decimal].map { Signature(arguments: [$0, $0], result: .decimal) }
        case .share: [Signature(arguments: [.money, .int, .int], result: .money)]
        case .least, .greatest: Self.same([.int, .money, .date, .decimal])
        case .addDays, .addMonths, .birthday: [Signature(arguments: [.date, .int], result: .date)]
        case .daysBetween: [Signature(arguments: [.date, .date], result: .int)]
        case .yearOf: [Signature(arguments: [.date], result: .int)]
        case .withinDivision: [Signature(arguments: [.string, .string], result: .bool)]
        default: []
        }
    }

    /// Whether the function is called as `text.contains(part)`.
    var isMethod: Bool { self == .contains || self == .startsWith || self == .endsWith }

    private static func same(_ types: [ExpressionType]) -> [Signature] {
        types.map { Signature(arguments: [$0, $0], result: $0) }
    }

    private static func conversions(_ types: [ExpressionType], to result: ExpressionType) -> [Signature] {
        types.map { Signature(arguments: [$0], result: result) }
    }
}
