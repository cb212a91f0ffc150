import CareDomain

@testable import RuleEngine

/// Evaluates expressions over plain variables, without any household.
enum Expressions {
    static let scope = CheckScope(
        variables: [("x", .dyn), ("unknown_fact", .bool), ("unknown_number", .int), ("list_value", .list(.int))])

    static let missing = UnknownSet(.fact(FactID(unchecked: "person.birth_date"), .household))
    static let other = UnknownSet(.fact(FactID(unchecked: "household.area"), .household))

    /// The value of an expression, or the code of what is wrong with it.
    static func value(_ source: String, x: Value = .int(7)) -> Value {
        do throws(ExpressionIssue) {
            let expression = try Checker.check(source, in: scope)
            var interpreter = Interpreter(
                view: FactView(FactBase(), vocabulary: FactVocabulary([])), program: Program())
            interpreter.start(day: 16_000)
            return interpreter.evaluate(
                expression, subject: 0, variables: [x, .unknown(missing), .unknown(other), .list([.int(1), .int(2)])])
        } catch {
            return .string("refused: \(error.code)@\(error.offset)")
        }
    }
}
