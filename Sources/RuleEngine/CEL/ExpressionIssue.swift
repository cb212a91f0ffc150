/// Why an expression cannot be used: where, what is wrong, and what to do about it.
package struct ExpressionIssue: Error, Hashable, Sendable {
    /// Stable code, `expression.syntax`.
    package let code: String
    /// Byte offset in the expression's UTF-8 text, from 0.
    package let offset: Int
    /// What is wrong.
    package let problem: Wording
    /// What to do.
    package let advice: Wording

    package init(_ code: String, at offset: Int, problem: Wording, advice: Wording) {
        self.code = code
        self.offset = offset
        self.problem = problem
        self.advice = advice
    }

    /// Code of what only follows from another issue.
    static let follows = "expression.follows"

    /// Line and column (both from 1, counted in characters) of the issue within the expression's own text.
    package func position(in source: String) -> (line: Int, column: Int) {
        let prefix = source.utf8.prefix(offset)
        let text = String(decoding: prefix, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.count, (lines.last?.count ?? 0) + 1)
    }
}

/// Bounds on an expression, so that no pack can exhaust stack, memory or time of the one who loads it.
package enum ExpressionLimits {
    /// Longest expression text in bytes.
    package static let sourceBytes = 16_384
    /// Most syntax nodes of one expression.
    package static let nodes = 2_000
    /// Deepest syntax tree; also the deepest nesting of brackets.
    package static let depth = 96
    /// Deepest nesting of `all`, `exists`, `map`, `filter`: each level multiplies the work by the list's length.
    package static let nestedMacros = 3
    /// Most steps of one evaluation; an expression that needs more ends in an error instead of a long wait.
    package static let steps = 200_000
    /// People, or incidents, of the largest household that is reckoned with when the steps of an expression are counted
    /// beforehand.
    package static let household = 32
}
