import CareDomain

@testable import RuleEngine

/// Evaluates expressions over plain variables, without any household.
enum Expressions {
    /// A variable with its declared type and its value.
    struct Variable {
        let name: String
        let type: ExpressionType
        let value: Value

        init(_ name: String, _ type: ExpressionType, _ value: Value) {
            self.name = name
            self.type = type
            self.value = value
        }
    }

    static let missing = UnknownSet(.fact(FactID(unchecked: "person.birth_date"), .household))
    static let other = UnknownSet(.fact(FactID(unchecked: "household.area"), .household))

    static let variables = [
        Variable("x", .dyn, .int(7)), Variable("unknown_fact", .bool, .unknown(missing)),
        Variable("unknown_number", .int, .unknown(other)),
        Variable("list_value", .list(.int), .list([.int(1), .int(2)])),
    ]

    static let scope = scope(variables)

    static func scope(_ variables: [Variable], container: String = "", checksTypes: Bool = true) -> CheckScope {
        var scope = CheckScope(variables: variables.map { ($0.name, $0.type) })
        scope.container = container
        scope.checksTypes = checksTypes
        return scope
    }

    /// The value of an expression, or the code of what is wrong with it.
    static func value(
        _ source: String, _ variables: [Variable] = variables, container: String = "", checksTypes: Bool = true
    ) -> Value {
        do throws(ExpressionIssue) {
            let scope = scope(variables, container: container, checksTypes: checksTypes)
            return try Checker.check(source, in: scope).value(variables: variables.map(\.value))
        } catch {
            return .string("refused: \(error.code)@\(error.offset)")
        }
    }

    /// The type the checker finds, or the code of what is wrong.
    static func type(_ source: String) -> String {
        do throws(ExpressionIssue) {
            return try Checker.check(source, in: scope).type.description
        } catch {
            return "refused: \(error.code)@\(error.offset)"
        }
    }
}
