import CareDomain

/// 解释口径: how ambiguous words of the document are read, a switch with our default.
package struct Reading: Hashable, Sendable {
    /// Name in expressions, `readings.couple_condition`.
    package let id: Code
    /// Number of the ambiguity in the catalogue, `CZ-Q16`; several readings may share one.
    package let question: String
    /// Allowed codes; nil = true or false.
    package let choices: [Code]?
    /// Our default.
    package let standard: FactValue
    /// What it decides.
    package let title: Wording
    /// What each choice means; for a bool the codes are `true` and `false`.
    package let meanings: [Code: Wording]

    package init(
        id: Code, question: String, choices: [Code]?, standard: FactValue, title: Wording,
        meanings: [Code: Wording] = [:]
    ) {
        self.id = id
        self.question = question
        self.choices = choices
        self.standard = standard
        self.title = title
        self.meanings = meanings
    }

    var type: ExpressionType { choices.map { .code($0.map(\.rawValue)) } ?? .bool }

    /// Whether the value is one the switch has.
    package func accepts(_ value: FactValue) -> Bool {
        switch (choices, value) {
        case (nil, .bool): true
        case (let choices?, .code(let code)): choices.contains(code)
        default: false
        }
    }
}
