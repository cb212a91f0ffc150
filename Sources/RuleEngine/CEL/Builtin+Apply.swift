import CareDomain

extension Builtin {
    /// Calls the function. Unknown arguments make the result unknown (all causes together), errors come after that.
    /// - Parameter steps: grows by what the call costs beyond its own step. Long texts, and lists that are looked through
    ///   or copied, count by their size: otherwise a list doubled forty times by `map` would take all memory.
    package func apply(_ arguments: [Value], steps: inout Int) -> Value {
        var unknown: UnknownSet?
        var failure: EvaluationError?
        for argument in arguments {
            switch argument {
            case .unknown(let set): unknown = unknown.map { $0.union(set) } ?? set
            case .error(let error): failure = failure ?? error
            case .string(let text): steps += text.utf8.count / 16
            case .bytes(let bytes): steps += bytes.count / 16
            case .list, .map: if looksThrough { steps += argument.weight(limit: ExpressionLimits.steps) }
            default: break
            }
        }
        if let unknown { return .unknown(unknown) }
        if let failure { return .error(failure) }
        if case .contains = self, case .string(let text) = arguments[0], case .string(let part) = arguments[1] {
            steps += text.utf8.count * part.utf8.count / 64
        }
        if steps > ExpressionLimits.steps { return .error(.stepLimit) }
        return arguments.count == 1 ? unary(arguments[0]) : nary(arguments)
    }

    /// Whether the elements of a list or map are looked at.
    var looksThrough: Bool {
        switch self {
        case .add, .equal, .notEqual, .isIn: true
        default: false
        }
    }

    private func unary(_ value: Value) -> Value {
        switch self {
        case .negate: Self.negated(value)
        case .size: Self.size(value)
        case .int, .uint, .double, .string, .bytes, .bool: converted(value)
        case .type: .type(value.typeName)
        case .dyn: value
        case .date:
            if case .string(let text) = value, let day = CivilDay(parsing: text) {
                .day(day)
            } else {
                .error(.invalidArgument)
            }
        case .decimal: Self.decimal(value)
        case .floor, .thousandths: wholeNumber(value)
        case .yuan: Self.money(value, factor: 100)
        case .fen: Self.money(value, factor: 1)
        case .yearOf: if case .day(let day) = value { .int(Int64(day.year)) } else { .error(.noSuchOverload) }
        default: .error(.noSuchOverload)
        }
    }

    private func nary(_ values: [Value]) -> Value {
        guard values.count == 2 else { return self == .share ? Self.share(values) : .error(.noSuchOverload) }
        let (left, right) = (values[0], values[1])
        switch self {
        case .equal: return .bool(left.celEquals(right))
        case .notEqual: return .bool(!left.celEquals(right))
        case .less: return Self.compared(left, right) { $0 < 0 }
        case .lessOrEqual: return Self.compared(left, right) { $0 <= 0 }
        case .greater: return Self.compared(left, right) { $0 > 0 }
        case .greaterOrEqual: return Self.compared(left, right) { $0 >= 0 }
        case .isIn: return Self.contained(left, in: right)
        case .index: return Self.indexed(left, by: right)
        case .add, .subtract, .multiply, .divide, .modulo: return arithmetic(left, right)
        case .contains, .startsWith, .endsWith: return searched(left, right)
        case .least, .greatest:
            guard let order = left.celCompare(right) else { return .error(.noSuchOverload) }
            return (order <= 0) == (self == .least) ? left : right
        case .percent: return Self.percent(left, right)
        default: return dayFunction(left, right)
        }
    }

    /// `floor(20.5)` = 20, `thousandths(20.5)` = 20500.
    private func wholeNumber(_ value: Value) -> Value {
        guard case .decimal(let number) = value else { return .error(.noSuchOverload) }
        guard self == .floor else { return .int(number) }
        return .int(number / 1000 - (number % 1000 < 0 ? 1 : 0))
    }

    /// `part` of `whole` in percent, computed exactly and rounded once to three decimals, half up (of a negative part half away
    /// from zero); `whole` must be above zero. For telling and comparing: a sum is never computed from it, see `share`.
    private static func percent(_ part: Value, _ whole: Value) -> Value {
        let numbers: (Int64, Int64)
        switch (part, whole) {
        case (.int(let one), .int(let two)), (.decimal(let one), .decimal(let two)): numbers = (one, two)
        case (.money(let one), .money(let two)): numbers = (one.amount, two.amount)
        default: return .error(.noSuchOverload)
        }
        guard case .money(let result) = rounded(numbers.0, 100_000, numbers.1) else {
            return rounded(numbers.0, 100_000, numbers.1)
        }
        return .decimal(result.amount)
    }

    private static func compared(_ left: Value, _ right: Value, _ test: (Int) -> Bool) -> Value {
        guard let order = left.celCompare(right) else {
            // NaN is unordered: every comparison is false. Anything else is a type that cannot be ordered.
            if left.isNumber, right.isNumber { return .bool(false) }
            return .error(.noSuchOverload)
        }
        return .bool(test(order))
    }

    private static func contained(_ value: Value, in range: Value) -> Value {
        switch range {
        case .list(let list): .bool(list.contains { $0.celEquals(value) })
        case .map(let entries): .bool(Value.lookup(value, in: entries) != nil)
        default: .error(.noSuchOverload)
        }
    }

    private static func indexed(_ range: Value, by key: Value) -> Value {
        switch (range, key) {
        case (.list(let list), .int(let index)):
            return list.indices.contains(Int(clamping: index)) ? list[Int(index)] : .error(.indexOutOfRange)
        case (.list(let list), .uint(let index)):
            return list.indices.contains(Int(clamping: index)) ? list[Int(index)] : .error(.indexOutOfRange)
        case (.list(let list), .double(let number)):
            guard let index = Int(exactly: number) else { return .error(.invalidArgument) }
            return list.indices.contains(index) ? list[index] : .error(.indexOutOfRange)
        case (.map(let entries), _): return Value.lookup(key, in: entries) ?? .error(.noSuchKey)
        default: return .error(.noSuchOverload)
        }
    }

    private static func size(_ value: Value) -> Value {
        switch value {
        case .string(let text): .int(Int64(text.unicodeScalars.count))
        case .bytes(let bytes): .int(Int64(bytes.count))
        case .list(let list): .int(Int64(list.count))
        case .map(let entries): .int(Int64(entries.count))
        default: .error(.noSuchOverload)
        }
    }

    private func searched(_ left: Value, _ right: Value) -> Value {
        guard case .string(let text) = left, case .string(let part) = right else { return .error(.noSuchOverload) }
        guard part.utf8.count <= text.utf8.count else { return .bool(false) }
        switch self {
        case .startsWith: return .bool(text.utf8.starts(with: part.utf8))
        case .endsWith: return .bool(text.utf8.suffix(part.utf8.count).elementsEqual(part.utf8))
        default:
            let (whole, wanted) = (Array(text.utf8), Array(part.utf8))
            return .bool((0...whole.count - wanted.count).contains { whole[$0...].starts(with: wanted) })
        }
    }
}

// MARK: - Arithmetic

extension Builtin {
    private func arithmetic(_ left: Value, _ right: Value) -> Value {
        switch (left, right) {
        case (.int(let one), .int(let two)): return whole(one, two).value(Value.int)
        case (.uint(let one), .uint(let two)): return whole(one, two).value(Value.uint)
        case (.double(let one), .double(let two)): return floating(one, two)
        case (.money(let one), .money(let two)) where self == .add || self == .subtract:
            return whole(one.amount, two.amount).value { .money(Fen($0)) }
        case (.decimal(let one), .decimal(let two)) where self == .add || self == .subtract:
            return whole(one, two).value(Value.decimal)
        case (.string(let one), .string(let two)) where self == .add: return .string(one + two)
        case (.bytes(let one), .bytes(let two)) where self == .add: return .bytes(one + two)
        case (.list(let one), .list(let two)) where self == .add: return .list(one + two)
        case (.money(let money), .int(let count)), (.int(let count), .money(let money)):
            return self == .multiply ? whole(money.amount, count).value { .money(Fen($0)) } : .error(.noSuchOverload)
        case (.decimal(let number), .int(let count)), (.int(let count), .decimal(let number)):
            return self == .multiply ? whole(number, count).value(Value.decimal) : .error(.noSuchOverload)
        case (.money(let money), .decimal(let number)), (.decimal(let number), .money(let money)):
            return self == .multiply ? Self.rounded(money.amount, number, 1000) : .error(.noSuchOverload)
        default: return .error(.noSuchOverload)
        }
    }

    private func whole<I: FixedWidthInteger>(_ one: I, _ two: I) -> Result<I, EvaluationError> {
        let result: (partialValue: I, overflow: Bool)
        switch self {
        case .add: result = one.addingReportingOverflow(two)
        case .subtract: result = one.subtractingReportingOverflow(two)
        case .multiply: result = one.multipliedReportingOverflow(by: two)
        case .divide:
            if two == 0 { return .failure(.divideByZero) }
            result = one.dividedReportingOverflow(by: two)
        default:
            if two == 0 { return .failure(.modulusByZero) }
            result = one.remainderReportingOverflow(dividingBy: two)
        }
        return result.overflow ? .failure(.overflow) : .success(result.partialValue)
    }

    private func floating(_ one: Double, _ two: Double) -> Value {
        switch self {
        case .add: .double(one + two)
        case .subtract: .double(one - two)
        case .multiply: .double(one * two)
        case .divide: .double(one / two)
        default: .error(.noSuchOverload)
        }
    }

    /// `amount × numerator ÷ denominator` in fen, computed exactly and rounded once, half away from zero.
    private static func rounded(_ amount: Int64, _ numerator: Int64, _ denominator: Int64) -> Value {
        guard denominator > 0 else { return .error(denominator == 0 ? .divideByZero : .invalidArgument) }
        let product = amount.multipliedFullWidth(by: numerator)
        let negative = product.high < 0
        let magnitude = amount.magnitude.multipliedFullWidth(by: numerator.magnitude)
        guard magnitude.high < denominator.magnitude else { return .error(.overflow) }
        let (quotient, remainder) = denominator.magnitude.dividingFullWidth(magnitude)
        let up = remainder >= denominator.magnitude - remainder ? UInt64(1) : 0
        guard let result = Int64(exactly: quotient &+ up), quotient < UInt64.max else { return .error(.overflow) }
        return .money(Fen(negative ? -result : result))
    }

    /// Money times a fraction, computed exactly and rounded once to the fen, half up (of a negative sum half away from zero). Two
    /// shares need not add up to the whole: where a sum is divided, the second part is the sum less the first.
    private static func share(_ values: [Value]) -> Value {
        guard values.count == 3, case .money(let money) = values[0], case .int(let part) = values[1],
            case .int(let whole) = values[2]
        else { return .error(.noSuchOverload) }
        return rounded(money.amount, part, whole)
    }

    private static func negated(_ value: Value) -> Value {
        switch value {
        case .int(let number): number == .min ? .error(.overflow) : .int(-number)
        case .double(let number): .double(-number)
        case .money(let fen): fen.amount == .min ? .error(.overflow) : .money(-fen)
        case .decimal(let number): number == .min ? .error(.overflow) : .decimal(-number)
        default: .error(.noSuchOverload)
        }
    }

    private static func money(_ value: Value, factor: Int64) -> Value {
        guard case .int(let number) = value else { return .error(.noSuchOverload) }
        let (amount, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? .error(.overflow) : .money(Fen(amount))
    }

    private static func decimal(_ value: Value) -> Value {
        switch value {
        case .string(let text): DecimalText.thousandths(text).map(Value.decimal) ?? .error(.invalidArgument)
        case .int(let number):
            number.multipliedReportingOverflow(by: 1000).overflow ? .error(.overflow) : .decimal(number * 1000)
        default: .error(.noSuchOverload)
        }
    }

    private func dayFunction(_ left: Value, _ right: Value) -> Value {
        switch (self, left, right) {
        case (.addDays, .day(let day), .int(let count)):
            return Self.shifted(count, limit: 4_000_000) { day + Int32($0) }
        case (.addMonths, .day(let day), .int(let count)):
            return Self.shifted(count, limit: 100_000) { day.adding(months: $0) }
        case (.birthday, .day(let day), .int(let count)):
            return Self.shifted(count, limit: 5_000) { day.birthday(years: $0) }
        case (.daysBetween, .day(let one), .day(let two)): return .int(Int64(two.dayNumber) - Int64(one.dayNumber))
        case (.withinDivision, .string(let inner), .string(let outer)):
            guard let one = DivisionCode(inner), let two = DivisionCode(outer) else { return .error(.invalidArgument) }
            return .bool(one.isWithin(two))
        default: return .error(.noSuchOverload)
        }
    }

    private static func shifted(_ count: Int64, limit: Int64, _ move: (Int) -> CivilDay) -> Value {
        abs(count.clamped(to: -limit - 1...limit + 1)) <= limit ? .day(move(Int(count))) : .error(.overflow)
    }
}

extension Comparable {
    /// The nearest value within the range.
    func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}

extension Result where Failure == EvaluationError {
    /// The value, or the error as a value.
    fileprivate func value(_ make: (Success) -> Value) -> Value {
        switch self {
        case .success(let value): make(value)
        case .failure(let error): .error(error)
        }
    }
}
