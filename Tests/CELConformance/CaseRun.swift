import CareDomain
import RuleEngine

/// Checks and evaluates one case with the engine.
enum CaseRun {
    /// What is wrong with the engine's answer, or nil when the case passes.
    static func failure(of test: ConformanceCase) -> String? {
        let (scope, variables) = environment(of: test)
        let expression: CheckedExpression
        do throws(ExpressionIssue) {
            expression = try Checker.check(test.expression, in: scope)
        } catch {
            return "refused: \(error.problem.english) (\(error.code), byte \(error.offset))"
        }
        switch test.expectation {
        case .value(let expected, let type):
            if let type, let problem = mismatch(expression.type, type) { return problem }
            if test.checksOnly { return nil }
            return mismatch(expression.value(variables: variables), expected)
        case .error:
            let value = expression.value(variables: variables)
            if case .error = value { return nil }
            return "an error was expected, not \(value)"
        case .unknown:
            let value = expression.value(variables: variables)
            if case .unknown = value { return nil }
            return "unknown was expected, not \(value)"
        }
    }

    private static func mismatch(_ value: Value, _ expected: TextMessage?) -> String? {
        let wanted: Value
        if let expected {
            guard let value = ExpectedValue.value(expected) else { return "cannot read the expected value" }
            wanted = value
        } else {
            wanted = .bool(true)
        }
        return ExpectedValue.matches(value, wanted) ? nil : "\(wanted) was expected, not \(value)"
    }

    private static func mismatch(_ type: ExpressionType, _ expected: TextMessage) -> String? {
        guard let wanted = ExpectedValue.type(expected) else { return "cannot read the expected type" }
        return type.description == wanted.description ? nil : "type \(wanted) was expected, not \(type)"
    }

    /// What the expression may refer to. With the checker only declared names count, as anything else is refused there;
    /// without it, whatever is bound. A name that is declared and not bound is an error when it is read.
    private static func environment(of test: ConformanceCase) -> (CheckScope, [Value]) {
        var bound: [String: Value] = [:]
        for binding in test.message.messages("bindings") {
            guard let name = binding.string("key"), let value = binding.message("value") else { continue }
            bound[name] = boundValue(value)
        }
        var names: [(name: String, type: ExpressionType)] = []
        for declaration in test.message.messages("type_env") {
            let type = declaration.message("ident")?.message("type").flatMap(ExpectedValue.type)
            if let name = declaration.string("name") { names.append((name, type ?? .dyn)) }
        }
        if test.disablesCheck {
            names += bound.keys.filter { name in !names.contains { $0.name == name } }.sorted().map { ($0, .dyn) }
        }
        var scope = CheckScope(variables: names)
        scope.container = test.container
        scope.checksTypes = !test.disablesCheck
        return (scope, names.map { bound[$0.name] ?? .error(.undeclaredReference) })
    }

    /// A `cel.expr.ExprValue`: a value, an error, or unknown.
    private static func boundValue(_ message: TextMessage) -> Value {
        if let value = message.message("value").flatMap(ExpectedValue.value) { return value }
        if message.has("unknown") {
            return .unknown(UnknownSet(.parameter(ParameterID(unchecked: "test.binding"), keys: [])))
        }
        return .error(.invalidArgument)
    }
}
