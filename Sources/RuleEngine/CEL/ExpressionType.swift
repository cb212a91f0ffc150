/// Static type of an expression.
package indirect enum ExpressionType: Hashable, Sendable {
    /// Anything; checked when evaluated.
    case dyn
    /// Nothing known yet: the elements of `[]`. Stands inside lists and maps alone and gives way to any other type.
    case open
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case type
    case list(ExpressionType)
    case map(ExpressionType, ExpressionType)
    /// Number with three decimals, exact.
    case decimal
    /// Civil day.
    case date
    /// Whole fen.
    case money
    case entity(EntityKind)
    /// A code of a fact's or reading's enumeration; passes as a string.
    case code([String])
    /// A certified state or event that may not be there; use `has()` first.
    case optional(ExpressionType)

    /// Whether a value of this type can stand where `expected` is asked for.
    func fits(_ expected: ExpressionType) -> Bool {
        switch (self, expected) {
        case (.dyn, _), (_, .dyn), (.open, _), (_, .open): true
        case (.code, .string), (.code, .code), (.string, .code): true
        case (.list(let one), .list(let two)): one.fits(two)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            key.fits(otherKey) && value.fits(otherValue)
        default: self == expected
        }
    }

    /// The type without `optional`.
    package var unwrapped: ExpressionType {
        if case .optional(let type) = self { type } else { self }
    }

    /// The type of an element taken out of a list or map of this type.
    var element: ExpressionType { self == .open ? .dyn : self }

    /// Whether no one type covers both, although the type of each is known.
    func isUnlike(_ other: ExpressionType) -> Bool {
        self != .dyn && other != .dyn && joined(other) == .dyn
    }

    /// The type that covers both: the same, or `dyn`.
    func joined(_ other: ExpressionType) -> ExpressionType {
        if self == other { return self }
        switch (self, other) {
        case (.open, _): return other
        case (_, .open): return self
        case (.code, .string), (.string, .code), (.code, .code): return .string
        case (.list(let one), .list(let two)): return .list(one.joined(two))
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            return .map(key.joined(otherKey), value.joined(otherValue))
        default: return .dyn
        }
    }
}

extension ExpressionType: CustomStringConvertible {
    /// The type as written in messages.
    package var description: String {
        switch self {
        case .dyn, .open: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .type: "type"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .decimal: "decimal"
        case .date: "date"
        case .money: "money"
        case .entity(let kind): kind.rawValue
        case .code: "code"
        case .optional(let type): "\(type) (may be absent)"
        }
    }
}
