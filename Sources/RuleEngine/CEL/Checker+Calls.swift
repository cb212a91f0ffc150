import CareDomain

extension Checker {
    mutating func call(
        _ name: String, _ arguments: [Syntax], _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        if let relation = Relation(rawValue: name),
            let node = try elapsed(relation, arguments, tree, guards)
        {
            return node
        }
        guard let builtin = Builtin(rawValue: name), !builtin.isMethod, !name.hasPrefix("care.") else {
            return try refuse(unknownFunction(name, tree), .unboundFunction, tree)
        }
        switch builtin {
        case .equal, .notEqual, .isIn: return try equality(builtin, arguments, tree, guards)
        case .index: return try index(arguments, tree, guards)
        default: return try apply(builtin, try values(arguments, guards), tree)
        }
    }

    mutating func method(
        _ target: Syntax, _ name: String, _ arguments: [Syntax], _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        if case .identifier("care") = target.kind, !locals.contains(where: { $0.name == "care" }) {
            return try care(name, arguments, tree, guards)
        }
        guard let builtin = Builtin(rawValue: name), builtin.isMethod || builtin == .size else {
            return try refuse(unknownFunction(name, tree), .unboundFunction, tree)
        }
        return try apply(builtin, try values([target] + arguments, guards), tree)
    }

    private func unknownFunction(_ name: String, _ tree: Syntax) -> ExpressionIssue {
        issue(
            "expression.unknown_function", tree, "没有函数 \(name)", "there is no function \(name)",
            advice: Wording("检查拼写；自有函数写在 care. 之下", "check the spelling; our own functions stand under care."))
    }

    private mutating func apply(
        _ builtin: Builtin, _ arguments: [Int], _ tree: Syntax
    ) throws(ExpressionIssue) -> Int {
        let types = arguments.map { nodes[$0].type }
        let fitting = builtin.signatures.filter { signature in
            signature.arguments.count == types.count && zip(types, signature.arguments).allSatisfy { $0.fits($1) }
        }
        guard let first = fitting.first else {
            let listed = types.map(\.description).joined(separator: ", ")
            let mismatch = issue(
                "expression.type", tree, "\(builtin.rawValue) 不能用于 (\(listed))",
                "\(builtin.rawValue) does not take (\(listed))",
                advice: types.contains(.money)
                    ? Wording(
                        "金额只能与金额相加减、与整数或小数相乘；数字先写成 care.yuan(…)",
                        "sums add to sums and multiply with int or decimal; turn numbers into care.yuan(…)")
                    : Wording("检查类型", "check the types"))
            return try refuse(mismatch, .noSuchOverload, tree)
        }
        if scope.isStrict, builtin == .divide || builtin == .modulo, arguments.count == 2,
            let divisor = nodes[arguments[1]].operation.constant, divisor == .int(0) || divisor == .uint(0)
        {
            throw issue(
                "expression.divide_by_zero", tree, "除数是零", "the divisor is zero",
                advice: Wording("改正除数", "correct the divisor"))
        }
        let joinsLists: ExpressionType? =
            if builtin == .add, case .list = types[0] { types[0].joined(types[1]) } else { nil }
        let isOpen = types.contains(.dyn) && Set(fitting.map(\.result)).count > 1
        return add(.call(builtin, arguments), joinsLists ?? (isOpen ? .dyn : first.result), tree)
    }

    private mutating func index(
        _ arguments: [Syntax], _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        let operands = try values(arguments, guards)
        let (range, key) = (nodes[operands[0]].type, nodes[operands[1]].type)
        switch range {
        case .list(let element) where key.fits(.int) || key == .uint:
            return add(.call(.index, operands), element.element, tree)
        case .map(let expected, let value) where key.fits(expected):
            return add(.call(.index, operands), value.element, tree)
        case .dyn: return add(.call(.index, operands), .dyn, tree)
        default: throw mismatch("[]", tree, range, key)
        }
    }

    /// `==`, `!=` and `in` take optional values: what is not there equals nothing.
    private mutating func equality(
        _ builtin: Builtin, _ arguments: [Syntax], _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        let left = try node(arguments[0], guards)
        let right = builtin == .isIn ? try value(arguments[1], guards) : try node(arguments[1], guards)
        let (leftType, rightType) = (nodes[left].type, nodes[right].type)
        let compared: ExpressionType
        if builtin == .isIn {
            switch rightType {
            case .list(let element): compared = element
            case .map(let key, _): compared = key
            case .dyn: compared = .dyn
            default: throw mismatch("in", tree, leftType, rightType)
            }
        } else {
            compared = rightType.unwrapped
        }
        guard leftType.unwrapped.fits(compared) || leftType == .null || compared == .null else {
            throw mismatch(builtin.rawValue, tree, leftType, rightType)
        }
        try checkCodes(leftType.unwrapped, arguments[1])
        if builtin != .isIn { try checkCodes(compared, arguments[0]) }
        return add(.call(builtin, [left, right]), .bool, tree)
    }

    /// Refuses literals that are no code of the enumeration on the other side.
    private func checkCodes(_ type: ExpressionType, _ other: Syntax) throws(ExpressionIssue) {
        guard case .code(let codes) = type else { return }
        switch other.kind {
        case .literal(.string(let text)) where !codes.contains(text):
            throw issue(
                "expression.unknown_code", other, "没有代码 \(text)", "there is no code \(text)",
                advice: Wording("用下列之一：\(codes.joined(separator: "、"))", "use one of \(codes.joined(separator: ", "))"))
        case .list(let elements):
            for element in elements { try checkCodes(type, element) }
        default: return
        }
    }
}

// MARK: - Our own functions

extension Checker {
    private static let elapsedUnits: [String: ElapsedUnit] = [
        "age": .years, "years_since": .years, "months_since": .months, "days_since": .days,
    ]

    private mutating func care(
        _ name: String, _ arguments: [Syntax], _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        switch name {
        case "parameter":
            let (index, keys) = try parameter(arguments, tree, guards)
            return add(.parameter(index, keys: keys), scope.parameters[index].type.expressionType, tree)
        case "has_parameter":
            let (index, keys) = try parameter(arguments, tree, guards)
            return add(.hasParameter(index, keys: keys), .bool, tree)
        case "on_record": return try onRecord(arguments, tree, guards)
        case "on_or_after", "before":
            let operands = try values(arguments, guards)
            guard operands.count == 1, nodes[operands[0]].type.fits(.date) else {
                throw issue(
                    "expression.type", tree, "care.\(name) 需要一个日期", "care.\(name) takes one date",
                    advice: Wording(
                        "写成 care.\(name)(care.date('2014-07-16'))", "write care.\(name)(care.date('2014-07-16'))"))
            }
            let reached = add(.reached(operands[0]), .bool, tree)
            return name == "before" ? add(.not(reached), .bool, tree) : reached
        case "month_of_year" where arguments.isEmpty: return add(.calendar(.month), .int, tree)
        case "quarter_of_year" where arguments.isEmpty: return add(.calendar(.quarter), .int, tree)
        case "year" where arguments.isEmpty: return add(.calendar(.year), .int, tree)
        case _ where PeriodPart(rawValue: name) != nil:
            return try periodStart(PeriodPart(rawValue: name)!, arguments, tree, guards)
        case _ where Self.elapsedUnits[name] != nil:
            throw issue(
                "expression.day_needs_comparison", tree, "care.\(name) 只能直接与数比较",
                "care.\(name) may only be compared with a number",
                advice: Wording(
                    "写成 care.\(name)(…) >= 49，这样引擎才知道哪一天会变",
                    "write care.\(name)(…) >= 49, so that the day it turns is known"))
        default:
            guard let builtin = Builtin(rawValue: "care.\(name)") else {
                return try refuse(unknownFunction("care.\(name)", tree), .unboundFunction, tree)
            }
            return try apply(builtin, try values(arguments, guards), tree)
        }
    }

    /// `care.start_of_year(-1)`: the first day of this, an earlier or a later period.
    private mutating func periodStart(
        _ part: PeriodPart, _ arguments: [Syntax], _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        let offset = try values(arguments, guards)
        guard offset.count <= 1, offset.allSatisfy({ nodes[$0].type.fits(.int) }) else {
            throw issue(
                "expression.type", tree, "care.\(part.rawValue) 至多需要一个整数",
                "care.\(part.rawValue) takes at most one whole number",
                advice: Wording("写成 care.\(part.rawValue)(-1)", "write care.\(part.rawValue)(-1)"))
        }
        return add(.periodStart(part, offset: offset.first), .date, tree)
    }

    /// `care.on_record(household.division)`: whether a value is known at all, for falling back on another fact.
    private mutating func onRecord(
        _ arguments: [Syntax], _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        guard arguments.count == 1, case .select(let operand, let field) = arguments[0].kind,
            case .hasFact(let entity, let fact) = nodes[try has(operand, field, tree, guards)].operation
        else {
            throw issue(
                "expression.type", tree, "care.on_record 需要一个事实", "care.on_record takes one fact",
                advice: Wording("写成 care.on_record(household.division)", "write care.on_record(household.division)"))
        }
        return add(.onRecord(entity: entity, fact: fact), .bool, tree)
    }

    /// A comparison one side of which is `care.age(…)` or another elapsed time; nil when neither is.
    private mutating func elapsed(
        _ relation: Relation, _ arguments: [Syntax], _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int? {
        guard arguments.count == 2 else { return nil }
        let sides = arguments.map(Self.elapsedCall)
        guard let call = sides[0] ?? sides[1] else { return nil }
        let isLeft = sides[0] != nil
        guard call.arguments.count == 1 else {
            throw issue(
                "expression.type", tree, "care.\(call.name) 需要一个参数", "care.\(call.name) takes one argument",
                advice: Wording("给出人或日期", "give a person or a date"))
        }
        let date =
            call.name == "age"
            ? try birthDate(of: call.arguments[0], guards) : try value(call.arguments[0], guards)
        guard nodes[date].type.fits(.date) else { throw mismatch("care.\(call.name)", tree, nodes[date].type) }
        let other = arguments[isLeft ? 1 : 0]
        let bound = try value(other, guards)
        guard nodes[bound].type.fits(.int) else { throw mismatch(relation.rawValue, other, .int, nodes[bound].type) }
        let sign = isLeft ? relation : relation.mirrored
        return add(.elapsed(call.unit, sign, date: date, bound: bound), .bool, tree)
    }

    private static func elapsedCall(_ tree: Syntax) -> (name: String, unit: ElapsedUnit, arguments: [Syntax])? {
        guard case .method(let target, let name, let arguments) = tree.kind,
            case .identifier("care") = target.kind, let unit = elapsedUnits[name]
        else { return nil }
        return (name, unit, arguments)
    }

    private mutating func birthDate(of person: Syntax, _ guards: Guards) throws(ExpressionIssue) -> Int {
        let base = try value(person, guards)
        guard nodes[base].type.fits(.entity(.person)),
            let fact = scope.vocabulary.index(of: FactVocabulary.birthDate)
        else {
            throw issue(
                "expression.type", person, "care.age 需要一个人", "care.age takes a person",
                advice: Wording("日期请用 care.years_since", "for a date use care.years_since"))
        }
        return add(.fact(entity: base, fact: fact), scope.vocabulary.facts[fact].readType.unwrapped, person)
    }
}
