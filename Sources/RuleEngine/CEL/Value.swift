import CareDomain

/// Why an expression gave no value. The code is CEL's word for it.
package enum EvaluationError: String, Error, Hashable, Sendable, CaseIterable {
    case noSuchOverload = "no_such_overload"
    case noSuchKey = "no_such_key"
    case noSuchField = "no_such_field"
    case divideByZero = "divide_by_zero"
    case modulusByZero = "modulus_by_zero"
    case overflow
    case indexOutOfRange = "index_out_of_range"
    case invalidArgument = "invalid_argument"
    case repeatedKey = "repeated_key"
    /// More steps than `ExpressionLimits.steps`.
    case stepLimit = "step_limit"
    /// A name that means nothing, in an expression whose types were not checked.
    case undeclaredReference = "undeclared_reference"
    /// A function that is not there, in an expression whose types were not checked.
    case unboundFunction = "unbound_function"
    /// A sum that a clause gives came out below zero.
    case negativeSum = "negative_sum"
}

extension EvaluationError {
    /// The error in words.
    package var wording: Wording {
        switch self {
        case .noSuchOverload: Wording("类型不符", "the types do not fit (\(rawValue))")
        case .noSuchKey, .noSuchField: Wording("没有这一项", "there is no such entry (\(rawValue))")
        case .divideByZero, .modulusByZero: Wording("除数是零", "a divisor is zero (\(rawValue))")
        case .overflow: Wording("数字太大", "a number is too large (\(rawValue))")
        case .indexOutOfRange: Wording("序号超出范围", "a place is out of range (\(rawValue))")
        case .invalidArgument: Wording("参数不对", "an argument is wrong (\(rawValue))")
        case .repeatedKey: Wording("同一项出现两次", "an entry stands twice (\(rawValue))")
        case .stepLimit: Wording("计算步数超限", "too many steps (\(rawValue))")
        case .undeclaredReference: Wording("名称没有定义", "a name means nothing (\(rawValue))")
        case .unboundFunction: Wording("没有这个函数", "there is no such function (\(rawValue))")
        case .negativeSum: Wording("金额小于零", "the sum is below zero (\(rawValue))")
        }
    }
}

/// A value of the expression language: CEL's own, ours (day, money, decimal, entity), and the two that are no value.
package enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([Value])
    case map([MapEntry])
    /// The name of a type, as `type()` gives it.
    case type(String)
    /// Whole thousandths, as in `FactValue.decimal`.
    case decimal(Int64)
    case day(CivilDay)
    case money(Fen)
    /// Index of an entity in the facts of the household.
    case entity(Int)
    /// Not known: these facts or parameters are missing.
    case unknown(UnknownSet)
    case error(EvaluationError)

    /// One entry of a map.
    package struct MapEntry: Hashable, Sendable {
        package let key: Value
        package let value: Value

        package init(key: Value, value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// Whether this is neither unknown nor an error.
    package var isKnown: Bool {
        switch self {
        case .unknown, .error: false
        default: true
        }
    }

    /// CEL's name of the value's type.
    package var typeName: String {
        switch self {
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .map: "map"
        case .type: "type"
        case .decimal: "care.decimal"
        case .day: "care.date"
        case .money: "care.money"
        case .entity: "care.entity"
        case .unknown: "unknown"
        case .error: "error"
        }
    }
}

// MARK: - Equality and order as CEL defines them

extension Value {
    /// CEL equality: numbers compare across int, uint and double; different types are unequal, not an error.
    func celEquals(_ other: Value) -> Bool {
        switch (self, other) {
        case (.double(let one), .double(let two)): return one == two
        case (.string(let one), .string(let two)): return Self.same(one, two)
        case (.list(let one), .list(let two)):
            return one.count == two.count && zip(one, two).allSatisfy { $0.celEquals($1) }
        case (.map(let one), .map(let two)):
            return one.count == two.count
                && one.allSatisfy { entry in Self.lookup(entry.key, in: two)?.celEquals(entry.value) ?? false }
        case (.int, .uint), (.int, .double), (.uint, .int), (.uint, .double), (.double, .int), (.double, .uint):
            return celCompare(other) == 0
        default: return self == other
        }
    }

    /// Whether two texts consist of the same code points. Swift's own `==` also takes two spellings of one text (é as
    /// one character or as two) for the same.
    private static func same(_ one: String, _ two: String) -> Bool {
        guard one.utf8.count == two.utf8.count else { return false }
        let answer = one.utf8.withContiguousStorageIfAvailable { left in
            two.utf8.withContiguousStorageIfAvailable { right in
                // By index: `elementsEqual` costs thirty instructions a byte, and codes are compared all day.
                left.indices.allSatisfy { left[$0] == right[$0] }
            }
        }
        return (answer ?? nil) ?? one.utf8.elementsEqual(two.utf8)
    }

    /// Whether this is an int, uint or double.
    var isNumber: Bool {
        switch self {
        case .int, .uint, .double: true
        default: false
        }
    }

    /// Steps it takes to look at all of the value, at least; counting stops beyond `limit`.
    func weight(limit: Int) -> Int {
        var total = 0
        switch self {
        case .string(let text): total = text.utf8.count / 16
        case .bytes(let bytes): total = bytes.count / 16
        case .list(let items):
            total = items.count
            for item in items {
                if total > limit { break }
                total += item.weight(limit: limit - total)
            }
        case .map(let entries):
            // Each key is looked for among the others.
            total = entries.count * (1 + entries.count / 16)
            for entry in entries {
                if total > limit { break }
                total += entry.value.weight(limit: limit - total)
            }
        default: break
        }
        return total
    }

    /// The value stored under a key, numbers comparing across types.
    static func lookup(_ key: Value, in map: [MapEntry]) -> Value? {
        map.first { $0.key.celEquals(key) }?.value
    }

    /// -1, 0 or 1, or nil when the two cannot be ordered (other types, not a number).
    func celCompare(_ other: Value) -> Int? {
        switch (self, other) {
        case (.bool(let one), .bool(let two)): Self.order(one ? 1 : 0, two ? 1 : 0)
        case (.int(let one), .int(let two)): Self.order(one, two)
        case (.uint(let one), .uint(let two)): Self.order(one, two)
        case (.double(let one), .double(let two)): one.isNaN || two.isNaN ? nil : Self.order(one, two)
        case (.int(let one), .uint(let two)): one < 0 ? -1 : Self.order(UInt64(one), two)
        case (.uint(let one), .int(let two)): two < 0 ? 1 : Self.order(one, UInt64(two))
        case (.int(let one), .double(let two)): Self.order(one, two)
        case (.double(let one), .int(let two)): Self.order(two, one).map { -$0 }
        case (.uint(let one), .double(let two)): Self.order(one, two)
        case (.double(let one), .uint(let two)): Self.order(two, one).map { -$0 }
        // UTF-8 keeps the order of the code points.
        case (.string(let one), .string(let two)): Self.order(one.utf8, two.utf8)
        case (.bytes(let one), .bytes(let two)): Self.order(one, two)
        case (.decimal(let one), .decimal(let two)): Self.order(one, two)
        case (.day(let one), .day(let two)): Self.order(one, two)
        case (.money(let one), .money(let two)): Self.order(one, two)
        default: nil
        }
    }

    private static func order<T: Comparable>(_ one: T, _ two: T) -> Int { one < two ? -1 : one > two ? 1 : 0 }

    private static func order<Bytes: Sequence<UInt8>>(_ one: Bytes, _ two: Bytes) -> Int {
        one.lexicographicallyPrecedes(two) ? -1 : two.lexicographicallyPrecedes(one) ? 1 : 0
    }

    /// Compares an integer with a double. The integer counts as the double nearest to it, which is what CEL's public
    /// cases ask for: 9223372036854775807 is not less than 9223372036854775808.0.
    private static func order<I: FixedWidthInteger>(_ one: I, _ two: Double) -> Int? {
        two.isNaN ? nil : order(Double(one), two)
    }
}

// MARK: - Facts

extension Value {
    /// The value of a stated fact.
    package init(_ value: FactValue) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .decimal(let thousandths): self = .decimal(thousandths)
        case .code(let code): self = .string(code.rawValue)
        case .day(let day): self = .day(day)
        case .money(let fen): self = .money(fen)
        case .reference(let text): self = .string(text)
        }
    }
}
