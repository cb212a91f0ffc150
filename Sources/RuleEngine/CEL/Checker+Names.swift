import CareDomain

extension Checker {
    /// A variable or one of the words of the rule language.
    mutating func identifier(_ name: String, _ tree: Syntax) throws(ExpressionIssue) -> Int {
        if let slot = variable([name]) { return add(.local(slot), locals[slot].type, tree) }
        let name = name.hasPrefix(".") ? String(name.dropFirst()) : name
        switch name {
        case "household", "village", "unit", "city", "loan":
            guard let kind = EntityKind(rawValue: name), scope.vocabulary.count > 0, isRoot(kind) else { break }
            return add(.household, .entity(kind), tree)
        case "members" where scope.vocabulary.count > 0 && isRoot(.household):
            return add(.members, .list(.entity(.person)), tree)
        case "family" where scope.vocabulary.count > 0 && isRoot(.household):
            return add(.family, .list(.entity(.person)), tree)
        case "incidents" where scope.vocabulary.count > 0 && isRoot(.household):
            return add(.incidents, .list(.entity(.incident)), tree)
        case "subject", "self":
            if let subject = scope.subject { return add(.subject, .entity(subject), tree) }
        case "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type":
            return add(.constant(.type(name)), .type, tree)
        default: break
        }
        let unknown = issue(
            "expression.unknown_name", tree, "没有名为 \(name) 的变量", "there is no variable \(name)",
            advice: Wording(
                "可用：household, members, family, subject, readings.…, care.…",
                "use household, members, family, subject, readings.…, care.…"))
        return try refuse(unknown, .undeclaredReference, tree)
    }

    /// Slot of the variable that a path of names means: a macro's variable first, then the scope's, qualified by the
    /// container, by each part of it, and by nothing.
    private func variable(_ path: [String]) -> Int? {
        let isRoot = path[0].hasPrefix(".")
        if !isRoot, let slot = locals[scope.variables.count...].lastIndex(where: { $0.name == path[0] }) {
            return path.count == 1 ? slot : nil
        }
        var container = isRoot ? [] : scope.container.split(separator: ".").map(String.init)
        let joined = path.joined(separator: ".")
        let name = isRoot ? String(joined.dropFirst()) : joined
        while true {
            let qualified = (container + [name]).joined(separator: ".")
            if let slot = scope.variables.lastIndex(where: { $0.name == qualified }) { return slot }
            if container.popLast() == nil { return nil }
        }
    }

    /// Whether the log the expression is asked of is about this kind; without a subject it is a household's.
    private func isRoot(_ kind: EntityKind) -> Bool { (scope.subject ?? .household).root == kind }

    mutating func select(
        _ operand: Syntax, _ field: String, _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        if case .identifier("readings") = operand.kind, !locals.contains(where: { $0.name == "readings" }) {
            return try reading(field, tree)
        }
        // The longest name that is a variable counts: `a.b.c` before the field `c` of `a.b`.
        if let path = tree.path, let slot = variable(path) { return add(.local(slot), locals[slot].type, tree) }
        let base = try value(operand, guards)
        switch nodes[base].type {
        case .entity(let kind):
            if let (index, derived) = derived(kind, field) {
                return add(.derived(entity: base, definition: index), derived.type, tree)
            }
            let index = try fact(kind, field, tree)
            let definition = scope.vocabulary.facts[index]
            let type = guards.covers(operand, field) ? definition.type.expressionType : definition.readType
            return add(.fact(entity: base, fact: index), type, tree)
        case .map(let key, let value) where key.fits(.string): return add(.select(base, field), value.element, tree)
        case .dyn: return add(.select(base, field), .dyn, tree)
        default:
            throw issue(
                "expression.no_field", tree, "\(nodes[base].type) 没有字段 \(field)",
                "\(nodes[base].type) has no field \(field)",
                advice: Wording("检查点号前的部分", "check what stands before the dot"))
        }
    }

    mutating func has(
        _ operand: Syntax, _ field: String, _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        let base = try value(operand, guards)
        switch nodes[base].type {
        case .entity(let kind):
            if derived(kind, field) != nil {
                throw issue(
                    "expression.has_derived", tree, "推导事实总是有值", "a derived fact always has a value",
                    advice: Wording("去掉 has()", "leave has() out"))
            }
            return add(.hasFact(entity: base, fact: try fact(kind, field, tree)), .bool, tree)
        case .map(let key, _) where key.fits(.string): return add(.hasKey(base, field), .bool, tree)
        case .dyn: return add(.hasKey(base, field), .bool, tree)
        default: throw mismatch("has()", tree, nodes[base].type)
        }
    }

    private func derived(_ kind: EntityKind, _ field: String) -> (Int, CheckScope.Derived)? {
        let id = FactID(unchecked: "\(kind.rawValue).\(field)")
        return scope.derived.enumerated().first { $1.id == id }.map { ($0, $1) }
    }

    private func fact(_ kind: EntityKind, _ field: String, _ tree: Syntax) throws(ExpressionIssue) -> Int {
        let id = FactID(unchecked: "\(kind.rawValue).\(field)")
        if let index = scope.vocabulary.index(of: id) { return index }
        guard !scope.declared.contains(id) else {
            throw issue(
                ExpressionIssue.follows, tree, "推导事实 \(id) 没有读成", "the derived fact \(id) could not be read",
                advice: Wording("先改正它的定义", "correct its definition first"))
        }
        throw issue(
            "expression.unknown_fact", tree, "词汇表中没有事实 \(id)", "the vocabulary has no fact \(id)",
            advice: Wording("检查拼写，或在 facts 中声明", "check the spelling, or declare it under facts"))
    }

    private mutating func reading(_ name: String, _ tree: Syntax) throws(ExpressionIssue) -> Int {
        guard let index = scope.readings.firstIndex(where: { $0.id.rawValue == name }) else {
            throw issue(
                "expression.unknown_reading", tree, "没有名为 \(name) 的口径", "there is no reading \(name)",
                advice: Wording("检查拼写，或在 readings 中声明", "check the spelling, or declare it under readings"))
        }
        usedReadings.insert(index)
        return add(.reading(index), scope.readings[index].type, tree)
    }

    /// `'id', key, …`: a parameter, and the nodes of the keys its value is looked up by.
    mutating func parameter(
        _ arguments: [Syntax], _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> (index: Int, keys: [Int]) {
        guard let first = arguments.first, case .literal(.string(let name)) = first.kind else {
            throw issue(
                "expression.parameter_name", tree, "care.parameter 的第一个参数应为参数名字符串",
                "the first argument of care.parameter must be the parameter's name as a string",
                advice: Wording("写成 care.parameter('cz.orphan_standard')", "write care.parameter('cz.orphan_standard')")
            )
        }
        guard let index = scope.parameters.firstIndex(where: { $0.id.rawValue == name }) else {
            throw issue(
                "expression.unknown_parameter", first, "没有名为 \(name) 的参数", "there is no parameter \(name)",
                advice: Wording("检查拼写，或在 parameters 中声明", "check the spelling, or declare it under parameters"))
        }
        let definition = scope.parameters[index]
        let keys = try values(Array(arguments.dropFirst()), guards)
        guard keys.count == definition.keys.count, keys.allSatisfy({ nodes[$0].type.fits(.string) }) else {
            throw issue(
                "expression.parameter_keys", tree, "参数 \(name) 需要 \(definition.keys.count) 个键",
                "parameter \(name) takes \(definition.keys.count) keys (\(definition.keys.joined(separator: ", ")))",
                advice: Wording("按声明给出各键", "give the keys as declared"))
        }
        return (index, keys)
    }
}
