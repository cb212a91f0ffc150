import RuleEngine

/// Looks whether every name of a condition is a field of events, also inside lists, before types are checked.
///
/// The checker of the rule language alone would take a misspelt `data.clauze` for a key that may be missing.
struct EventNames {
    static let unknownField = "event.unknown_field"
    static let rulesOnly = "event.rules_only"

    /// Variables of macros around the place that is looked at; nil where their parts are not known.
    private typealias Bound = [String: EventShape?]

    /// Names of types, which the language knows as values.
    private static let types: Set<String> = [
        "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type",
    ]

    /// What the packs know and events do not.
    private static let ruleWords: Set<String> = [
        "household", "members", "family", "incidents", "subject", "self", "readings", "village", "unit", "city", "loan",
    ]

    /// - Throws: `ExpressionIssue` at the first name that is no field.
    static func check(_ tree: Syntax) throws(ExpressionIssue) { try check(tree, [:]) }

    private static func check(_ tree: Syntax, _ bound: Bound) throws(ExpressionIssue) {
        switch tree.kind {
        case .literal: return
        case .identifier(let name): try root(name, tree, bound)
        case .select(let operand, let field), .has(let operand, let field):
            try part(field, of: operand, tree, bound)
        case .call(_, let arguments), .list(let arguments):
            for argument in arguments { try check(argument, bound) }
        case .method(let target, _, let arguments):
            if case .identifier("care") = target.kind {} else { try check(target, bound) }
            for argument in arguments { try check(argument, bound) }
        case .map(let entries):
            for (key, value) in entries {
                try check(key, bound)
                try check(value, bound)
            }
        case .conditional(let condition, let yes, let no):
            try check(condition, bound)
            try check(yes, bound)
            try check(no, bound)
        case .comprehension(_, let range, let variable, let predicate, let transform):
            try check(range, bound)
            var inside = bound
            inside.updateValue(element(of: shape(of: range, bound)), forKey: variable)
            if let predicate { try check(predicate, inside) }
            if let transform { try check(transform, inside) }
        case .atDay(let day, let body):
            try check(day, bound)
            try check(body, bound)
        }
    }

    /// A name that stands alone, or before the first dot.
    private static func root(_ name: String, _ tree: Syntax, _ bound: Bound) throws(ExpressionIssue) {
        if bound.keys.contains(name) || types.contains(name) || EventFields.byName[name] != nil { return }
        if name == EventFields.meta || name == EventFields.data { return }
        if ruleWords.contains(name) {
            throw ExpressionIssue(
                rulesOnly, at: tree.offset,
                problem: Wording("\(name) 是政策包里的名字，事件没有", "\(name) is a name of the packs, events have none"),
                advice: Wording("事件的字段见 carectl log fields", "see carectl log fields for what events have"))
        }
        throw unknown(name, tree)
    }

    /// `operand.field`, asked for or asked about.
    private static func part(
        _ field: String, of operand: Syntax, _ tree: Syntax, _ bound: Bound
    ) throws(ExpressionIssue) {
        if let path = path(of: operand).map({ $0 + [field] }), !bound.keys.contains(path[0]) {
            let name = path.joined(separator: ".")
            if EventFields.byName[name] != nil { return }
            if path.count == 2, path[0] == EventFields.meta || path[0] == EventFields.data { throw unknown(name, tree) }
        }
        try check(operand, bound)
        guard case .object(let parts)? = shape(of: operand, bound), parts[field] == nil else { return }
        throw ExpressionIssue(
            unknownField, at: start(of: tree), problem: Wording("没有字段 \(field)", "there is no field \(field) here"),
            advice: Wording(
                "这里可用：\(parts.keys.sorted().joined(separator: "、"))",
                "here are: \(parts.keys.sorted().joined(separator: ", "))"))
    }

    private static func unknown(_ name: String, _ tree: Syntax) -> ExpressionIssue {
        let near = nearest(to: name).joined(separator: ", ")
        return ExpressionIssue(
            unknownField, at: start(of: tree), problem: Wording("没有字段 \(name)", "there is no field \(name)"),
            advice: near.isEmpty
                ? Wording("全部字段见 carectl log fields", "carectl log fields lists all of them")
                : Wording(
                    "是否指 \(near)？全部字段见 carectl log fields", "perhaps \(near); carectl log fields lists all of them"))
    }

    /// Where a name begins: a dot's own place is behind what stands before it.
    private static func start(of tree: Syntax) -> Int {
        switch tree.kind {
        case .select(let operand, _), .has(let operand, _): start(of: operand)
        default: tree.offset
        }
    }

    private static func path(of tree: Syntax) -> [String]? {
        switch tree.kind {
        case .identifier(let name): [name]
        case .select(let operand, let field): path(of: operand).map { $0 + [field] }
        default: nil
        }
    }

    /// What is known of the value of a part of the expression; nil when nothing is.
    private static func shape(of tree: Syntax, _ bound: Bound) -> EventShape? {
        switch tree.kind {
        case .identifier(let name):
            if let known = bound[name] { return known }
            return EventFields.byName[name]?.shape
        case .select(let operand, let field):
            if let path = path(of: tree), !bound.keys.contains(path[0]),
                let found = EventFields.byName[path.joined(separator: ".")]
            {
                return found.shape
            }
            if case .object(let parts)? = shape(of: operand, bound) { return parts[field] }
            return nil
        case .call("[]", let arguments): return element(of: shape(of: arguments[0], bound))
        case .comprehension(.filter, let range, _, _, _): return shape(of: range, bound)
        default: return nil
        }
    }

    private static func element(of shape: EventShape?) -> EventShape? {
        if case .list(let element)? = shape { element } else { nil }
    }

    /// At most three fields whose names are close: two letters changed, added or left out, or the same last part.
    private static func nearest(to name: String) -> [String] {
        let last = name.split(separator: ".").last.map(String.init) ?? name
        let candidates = EventFields.all.compactMap { field -> (distance: Int, name: String)? in
            let distance = min(distance(name, field.name), distance(last, field.key))
            return distance <= min(2, last.count / 3) ? (distance, field.name) : nil
        }
        return candidates.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
    }

    /// Letters to change, add or leave out to get from one text to the other.
    private static func distance(_ one: String, _ two: String) -> Int {
        let (left, right) = (Array(one.utf8), Array(two.utf8))
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, other) in right.enumerated() {
                let next = min(row[place] + 1, row[place + 1] + 1, diagonal + (letter == other ? 0 : 1))
                diagonal = row[place + 1]
                row[place + 1] = next
            }
        }
        return row[right.count]
    }
}
