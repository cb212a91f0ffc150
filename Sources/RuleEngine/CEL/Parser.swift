/// Reads the CEL grammar into `Syntax`, expanding the macros.
///
/// Left out on purpose: message construction (`Type{field: value}`) and optional syntax (`.?`, `[?]`).
package struct Parser {
    private let tokens: [Token]
    private var index = 0
    private var nesting = 0
    private var nodes = 0
    private var macros = 0

    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]
    private static let precedence: [String: Int] = [
        "||": 1, "&&": 2, "<": 3, "<=": 3, ">": 3, ">=": 3, "==": 3, "!=": 3, "in": 3, "+": 4, "-": 4, "*": 5, "/": 5,
        "%": 5,
    ]

    /// Parses one whole expression.
    /// - Throws: `ExpressionIssue` with the place and what to do; retrying does not help.
    package static func parse(_ source: String) throws(ExpressionIssue) -> Syntax {
        var parser = Parser(tokens: try Lexer.tokens(of: source))
        let tree = try parser.expression()
        guard parser.current.kind == .end else {
            throw parser.unexpected("表达式到此应当结束", "the expression should end here")
        }
        return tree
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    private var current: Token { tokens[index] }

    private func isAt(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }

    private mutating func take(_ symbol: String) -> Bool {
        guard isAt(symbol) else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(ExpressionIssue) {
        guard take(symbol) else { throw unexpected("这里应有 \(symbol)", "expected \(symbol) here") }
    }

    private func unexpected(_ chinese: String, _ english: String) -> ExpressionIssue {
        ExpressionIssue(
            "expression.syntax", at: current.offset, problem: Wording(chinese, english),
            advice: Wording("检查括号、运算符和引号", "check brackets, operators and quotes"))
    }

    private mutating func make(_ kind: Syntax.Kind, at offset: Int) throws(ExpressionIssue) -> Syntax {
        nodes += 1
        let node = Syntax(kind, offset: offset)
        if nodes > ExpressionLimits.nodes || node.depth > ExpressionLimits.depth { throw Self.tooLarge(offset) }
        return node
    }

    static func tooLarge(_ offset: Int) -> ExpressionIssue {
        ExpressionIssue(
            "expression.too_large", at: offset,
            problem: Wording(
                "表达式太大（至多 \(ExpressionLimits.nodes) 个节点、\(ExpressionLimits.depth) 层）",
                "the expression is too large (at most \(ExpressionLimits.nodes) nodes, \(ExpressionLimits.depth) levels)"
            ),
            advice: Wording("拆成几个 definitions", "split it into several definitions"))
    }

    private mutating func expression() throws(ExpressionIssue) -> Syntax {
        nesting += 1
        defer { nesting -= 1 }
        if nesting > ExpressionLimits.depth { throw Self.tooLarge(current.offset) }
        let condition = try binary(minimum: 1)
        let offset = current.offset
        guard take("?") else { return condition }
        let yes = try binary(minimum: 1)
        try expect(":")
        let no = try expression()
        return try make(.conditional(condition, yes, no), at: offset)
    }

    private mutating func binary(minimum: Int) throws(ExpressionIssue) -> Syntax {
        var left = try unary()
        while case .symbol(let symbol) = current.kind, let level = Self.precedence[symbol], level >= minimum {
            let offset = current.offset
            index += 1
            let right = try binary(minimum: level + 1)
            left = try make(.call(symbol, [left, right]), at: offset)
        }
        return left
    }

    private mutating func unary() throws(ExpressionIssue) -> Syntax {
        let offset = current.offset
        var operators: [(symbol: String, offset: Int)] = []
        while isAt("!") || isAt("-") {
            if isAt("-"), case .int(let magnitude) = tokens[index + 1].kind, magnitude <= 1 << 63 {
                break
            }
            if isAt("-"), case .double = tokens[index + 1].kind { break }
            operators.append((isAt("!") ? "!" : "-_", current.offset))
            index += 1
            if operators.count > ExpressionLimits.depth { throw Self.tooLarge(offset) }
        }
        var node = try member()
        for (symbol, offset) in operators.reversed() { node = try make(.call(symbol, [node]), at: offset) }
        return node
    }

    private mutating func member() throws(ExpressionIssue) -> Syntax {
        var node = try primary()
        while true {
            let offset = current.offset
            if take(".") {
                node = try selection(of: node, at: offset)
            } else if take("[") {
                let key = try expression()
                try expect("]")
                node = try make(.call("[]", [node, key]), at: offset)
            } else {
                return node
            }
        }
    }

    private mutating func selection(of node: Syntax, at offset: Int) throws(ExpressionIssue) -> Syntax {
        if case .quoted(let field) = current.kind {
            index += 1
            return try make(.select(node, field), at: offset)
        }
        let name = try nameAfterDot()
        guard take("(") else { return try make(.select(node, name), at: offset) }
        let isMacro = Syntax.Macro(rawValue: name) != nil
        if isMacro { macros += 1 }
        defer { if isMacro { macros -= 1 } }
        if macros > ExpressionLimits.nestedMacros { throw Self.tooLarge(offset) }
        let arguments = try arguments()
        if let macro = try macro(name, on: node, arguments, at: offset) { return macro }
        return try make(.method(node, name, arguments), at: offset)
    }

    private mutating func nameAfterDot() throws(ExpressionIssue) -> String {
        guard case .identifier(let name) = current.kind else {
            throw unexpected("点号后应有名字", "expected a name after the dot")
        }
        index += 1
        return name
    }

    /// Arguments up to and including the closing bracket.
    private mutating func arguments(closing: String = ")") throws(ExpressionIssue) -> [Syntax] {
        var list: [Syntax] = []
        while !isAt(closing) {
            list.append(try expression())
            guard take(",") else { break }
            if isAt(closing), closing == ")" { throw unexpected("逗号后应有参数", "expected an argument after the comma") }
        }
        try expect(closing)
        return list
    }

    private mutating func macro(
        _ name: String, on target: Syntax, _ arguments: [Syntax], at offset: Int
    ) throws(ExpressionIssue) -> Syntax? {
        if case .identifier("care") = target.kind, name == "at", arguments.count == 2 {
            return try make(.atDay(arguments[0], arguments[1]), at: offset)
        }
        guard let macro = Syntax.Macro(rawValue: name) else { return nil }
        guard arguments.count == 2 || (macro == .map && arguments.count == 3) else { return nil }
        guard case .identifier(let variable) = arguments[0].kind, !variable.hasPrefix(".") else {
            throw ExpressionIssue(
                "expression.macro", at: arguments[0].offset,
                problem: Wording("\(name) 的第一个参数应为变量名", "the first argument of \(name) must be a variable name"),
                advice: Wording("写成 list.\(name)(m, 条件)", "write list.\(name)(m, condition)"))
        }
        let last = arguments[arguments.count - 1]
        let kind: Syntax.Kind =
            switch macro {
            case .map:
                .comprehension(
                    .map, range: target, variable: variable, predicate: arguments.count == 3 ? arguments[1] : nil,
                    transform: last)
            default: .comprehension(macro, range: target, variable: variable, predicate: last, transform: nil)
            }
        return try make(kind, at: offset)
    }

    private mutating func primary() throws(ExpressionIssue) -> Syntax {
        let token = current
        index += 1
        switch token.kind {
        case .identifier(let name): return try identifier(name, at: token.offset)
        case .int(let value):
            guard let int = Int64(exactly: value) else {
                throw ExpressionIssue(
                    "expression.lexical", at: token.offset, problem: Wording("整数超出范围", "integer out of range"),
                    advice: Wording("写较小的数", "write a smaller number"))
            }
            return try make(.literal(.int(int)), at: token.offset)
        case .uint(let value): return try make(.literal(.uint(value)), at: token.offset)
        case .double(let value): return try make(.literal(.double(value)), at: token.offset)
        case .string(let value): return try make(.literal(.string(value)), at: token.offset)
        case .bytes(let value): return try make(.literal(.bytes(value)), at: token.offset)
        case .symbol("true"): return try make(.literal(.bool(true)), at: token.offset)
        case .symbol("false"): return try make(.literal(.bool(false)), at: token.offset)
        case .symbol("null"): return try make(.literal(.null), at: token.offset)
        case .symbol("."): return try rootName(at: token.offset)
        case .symbol("-"): return try negativeNumber(at: token.offset)
        case .symbol("("):
            let inner = try expression()
            try expect(")")
            return inner
        case .symbol("["): return try make(.list(try arguments(closing: "]")), at: token.offset)
        case .symbol("{"): return try mapLiteral(at: token.offset)
        default:
            index -= 1
            throw unexpected("这里应有一个值", "expected a value here")
        }
    }

    private mutating func negativeNumber(at offset: Int) throws(ExpressionIssue) -> Syntax {
        let token = current
        index += 1
        switch token.kind {
        case .int(let magnitude) where magnitude <= 1 << 63:
            return try make(.literal(.int(Int64(truncatingIfNeeded: 0 &- magnitude))), at: offset)
        case .double(let value): return try make(.literal(.double(-value)), at: offset)
        default:
            index -= 1
            throw unexpected("减号后应有数字", "expected a number after the minus sign")
        }
    }

    private mutating func mapLiteral(at offset: Int) throws(ExpressionIssue) -> Syntax {
        var entries: [(Syntax, Syntax)] = []
        while !isAt("}") {
            let key = try expression()
            try expect(":")
            entries.append((key, try expression()))
            guard take(",") else { break }
        }
        try expect("}")
        return try make(.map(entries), at: offset)
    }

    /// `.name` and `.function(…)`: never a variable of a macro around, nor a macro.
    private mutating func rootName(at offset: Int) throws(ExpressionIssue) -> Syntax {
        let name = try nameAfterDot()
        try refuseReserved(name, at: offset)
        guard take("(") else { return try make(.identifier(".\(name)"), at: offset) }
        return try make(.call(name, try arguments()), at: offset)
    }

    private func refuseReserved(_ name: String, at offset: Int) throws(ExpressionIssue) {
        guard Self.reserved.contains(name) else { return }
        throw ExpressionIssue(
            "expression.reserved", at: offset, problem: Wording("\(name) 是保留字", "\(name) is a reserved word"),
            advice: Wording("换一个名字", "use another name"))
    }

    private mutating func identifier(_ name: String, at offset: Int) throws(ExpressionIssue) -> Syntax {
        try refuseReserved(name, at: offset)
        if isAt("{") { throw unexpected("不支持构造消息", "message construction is not supported") }
        guard take("(") else { return try make(.identifier(name), at: offset) }
        let arguments = try arguments()
        guard name == "has" else { return try make(.call(name, arguments), at: offset) }
        guard arguments.count == 1, case .select(let operand, let field) = arguments[0].kind else {
            throw ExpressionIssue(
                "expression.macro", at: offset,
                problem: Wording("has() 的参数应为 对象.字段", "the argument of has() must be object.field"),
                advice: Wording("写成 has(household.adoption_on)", "write has(household.adoption_on)"))
        }
        return try make(.has(operand, field), at: offset)
    }
}
