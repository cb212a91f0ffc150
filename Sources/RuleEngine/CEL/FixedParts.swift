import CareDomain

/// What of an expression can be told without any facts: the parts that fail whenever they are worked out.
///
/// A part rests on constants alone, and its value is what the interpreter gives for it; or a constant among what it is given makes
/// it fail whatever the rest is. Told is the innermost part, also where `&&`, `||` or `?:` may keep its error from being seen: it
/// gives nothing wherever it is reached.
struct FixedParts {
    /// A part that fails whenever it is worked out.
    struct Failing {
        let node: Int
        let error: EvaluationError
        /// What it is given, as far as that is fixed.
        let given: [Value?]
    }

    private let expression: CheckedExpression
    /// By node; nil = it rests on facts, parameters, switches or the day, or fails.
    private var values: [Value?] = []
    /// By node, whether a part of it or the whole fails.
    private(set) var isFailing: [Bool] = []
    /// Innermost parts, in the order of the nodes.
    private(set) var failing: [Failing] = []

    init(_ expression: CheckedExpression) {
        self.expression = expression
        var interpreter = Interpreter(view: FactView(FactBase(), vocabulary: FactVocabulary([])), program: Program())
        interpreter.start(day: 0)
        let rests = Self.restsOnConstants(expression)
        for (index, node) in expression.nodes.enumerated() {
            let value = rests[index] ? interpreter.part(index, of: expression, subject: 0) : nil
            var error = fails(whatever: node.operation)
            // Too many steps are a matter of the list's length, which the checker has counted.
            if case .error(let own)? = value, own != .stepLimit { error = own }
            let isInside = node.operation.operands.contains { isFailing[$0] }
            if let error, !isInside {
                failing.append(Failing(node: index, error: error, given: node.operation.operands.map { values[$0] }))
            }
            values.append(value.flatMap { $0.isKnown ? $0 : nil })
            isFailing.append(isInside || error != nil)
        }
    }

    /// The value of a node that rests on constants alone; nil for any other, and where it fails.
    func value(_ node: Int) -> Value? { values[node] }

    /// By node, whether it rests on nothing but constants and the variables of its own macros.
    private static func restsOnConstants(_ expression: CheckedExpression) -> [Bool] {
        var isConstant: [Bool] = []
        var free: [Set<Int>] = []
        for node in expression.nodes {
            let operands = node.operation.operands
            var own = operands.reduce(into: Set<Int>()) { $0.formUnion(free[$1]) }
            var isPure = operands.allSatisfy { isConstant[$0] }
            switch node.operation {
            case .constant, .select, .hasKey, .and, .or, .not, .conditional, .call, .list, .map, .atDay: break
            case .local(let slot): own = [slot]
            case .comprehension(_, let range, let slot, let predicate, let transform):
                let inside = [predicate, transform].compactMap { $0 }.reduce(into: Set<Int>()) {
                    $0.formUnion(free[$1])
                }
                own = free[range].union(inside.subtracting([slot]))
            default: isPure = false
            }
            isConstant.append(isPure)
            free.append(own)
        }
        return zip(isConstant, free).map { $0 && $1.isEmpty }
    }

    // MARK: A constant that makes a part fail

    private func fails(whatever operation: Operation) -> EvaluationError? {
        switch operation {
        case .call(.index, let operands): return index(operands[0], operands[1])
        case .call(let builtin, let operands): return builtin.fails(given: operands.map { values[$0] })
        case .select(let base, let field): return lookup(.string(field), in: base)
        case .map(let keys, _):
            let known = keys.compactMap { values[$0] }
            for (place, key) in known.enumerated() {
                switch key {
                case .bool, .int, .uint, .string: break
                default: return .invalidArgument
                }
                if known[..<place].contains(where: { $0.celEquals(key) }) { return .repeatedKey }
            }
            return nil
        case .periodStart(let part, let offset?):
            guard case .int(let count)? = values[offset], part.leavesTheYears(count) else { return nil }
            return .overflow
        default: return nil
        }
    }

    private func index(_ range: Int, _ key: Int) -> EvaluationError? {
        guard let place = values[key] else { return nil }
        guard case .list = expression.nodes[range].type else { return lookup(place, in: range) }
        var count = Int64.max
        if case .list(let items) = expression.nodes[range].operation { count = Int64(items.count) }
        switch place {
        case .int(let number): return number < 0 || number >= count ? .indexOutOfRange : nil
        case .uint(let number): return number >= count.magnitude ? .indexOutOfRange : nil
        default: return nil
        }
    }

    /// A key that a map which is written out does not have.
    private func lookup(_ key: Value, in map: Int) -> EvaluationError? {
        guard case .map(let keys, _) = expression.nodes[map].operation else { return nil }
        let known = keys.compactMap { values[$0] }
        return known.count == keys.count && !known.contains { $0.celEquals(key) } ? .noSuchKey : nil
    }
}

extension CheckedExpression {
    /// The value of a node that rests on constants alone, without macros; nil for any other, and where it fails.
    func fixed(_ node: Int) -> Value? {
        let value: Value
        switch nodes[node].operation {
        case .constant(let constant): value = constant
        case .call(let builtin, let operands):
            guard let given = fixed(operands) else { return nil }
            var steps = 0
            value = builtin.apply(given, steps: &steps)
        case .list(let items):
            guard let list = fixed(items) else { return nil }
            value = .list(list)
        default: return nil
        }
        return value.isKnown ? value : nil
    }

    /// Byte at which the text of a node begins, as far as its parts tell: of `a / b` that of `a`, of `care.date(x)` that of `care`.
    func begin(of node: Int) -> Int {
        let own = nodes[node]
        let first = own.operation.operands.reduce(own.offset) { min($0, begin(of: $1)) }
        let word = Array("care".utf8)
        let before = source.utf8.prefix(own.offset).suffix(word.count)
        let isOurs = source.utf8.dropFirst(own.offset).first == 46 && before.elementsEqual(word)
        return isOurs ? min(first, own.offset - word.count) : first
    }

    private func fixed(_ list: [Int]) -> [Value]? {
        var values: [Value] = []
        for node in list {
            guard let value = fixed(node) else { return nil }
            values.append(value)
        }
        return values
    }
}

extension Operation {
    /// The nodes directly below, in the order of the text.
    var operands: [Int] {
        switch self {
        case .constant, .local, .household, .subject, .members, .family, .incidents, .reading, .calendar: []
        case .fact(let base, _), .hasFact(let base, _), .onRecord(let base, _), .derived(let base, _),
            .select(let base, _), .hasKey(let base, _), .not(let base), .reached(let base):
            [base]
        case .parameter(_, let keys), .hasParameter(_, let keys): keys
        case .and(let left, let right), .or(let left, let right): [left, right]
        case .conditional(let test, let yes, let no): [test, yes, no]
        case .call(_, let arguments): arguments
        case .list(let items): items
        case .map(let keys, let values): keys + values
        case .comprehension(_, let range, _, let predicate, let transform):
            [range] + [predicate, transform].compactMap { $0 }
        case .elapsed(_, _, let date, let bound): [date, bound]
        case .periodStart(_, let offset): [offset].compactMap { $0 }
        case .atDay(let day, let body): [day, body]
        }
    }
}

extension Builtin {
    /// The error that a constant among the arguments makes of every call, whatever the others are; nil = none.
    /// - Parameter given: nil = not fixed.
    fileprivate func fails(given: [Value?]) -> EvaluationError? {
        func tried(_ arguments: Value...) -> EvaluationError? {
            var steps = 0
            if case .error(let error) = apply(arguments, steps: &steps) { return error }
            return nil
        }
        switch self {
        case .withinDivision:
            // A place lies within itself; only what is no place fails.
            return given.lazy.compactMap { $0 }.compactMap { tried($0, $0) }.first
        case .addDays, .addMonths, .birthday:
            let day = Value.day(CivilMonth(year: 2000, month: 1).firstDay)
            return given.last.flatMap { $0 }.flatMap { tried(day, $0) }
        case .divide, .modulo, .percent, .share:
            switch given.last.flatMap({ $0 }) {
            case .int(let divisor)? where self == .share: return tried(.money(.zero), .int(0), .int(divisor))
            case .int(let divisor)?: return tried(.int(0), .int(divisor))
            case .uint(let divisor)?: return tried(.uint(0), .uint(divisor))
            case .decimal(let divisor)?: return tried(.decimal(0), .decimal(divisor))
            case .money(let divisor)?: return tried(.money(.zero), .money(divisor))
            default: return nil
            }
        default: return nil
        }
    }
}

extension PeriodPart {
    /// Whether so many units away no day of the years 1 to 9999 is left, whatever the day is.
    fileprivate func leavesTheYears(_ offset: Int64) -> Bool {
        let edge = offset > 0 ? CivilMonth(year: 1, month: 1) : CivilMonth(year: 9999, month: 12)
        return offset != 0 && firstDay(with: edge, offset: offset) == nil
    }
}
