/// One thing wrong with a pack, where it stands and what to do.
package struct PackIssue: Hashable, Sendable, CustomStringConvertible {
    /// File name as given to the loader.
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1, counted in characters.
    package let column: Int
    /// Stable code.
    package let code: String
    package let problem: Wording
    package let advice: Wording

    /// `2014-07-16.yaml:12:5: 问题。办法 [code]`
    package var description: String {
        "\(file):\(line):\(column): \(problem.chinese)。\(advice.chinese) [\(code)]"
    }

    /// The same in English.
    package var english: String { "\(file):\(line):\(column): \(problem.english). \(advice.english) [\(code)]" }
}

/// A pack is refused whole when anything in it is wrong; all issues found are listed, by line and column.
package struct PackRefused: Error, Sendable, CustomStringConvertible {
    package let issues: [PackIssue]

    package init(issues: [PackIssue]) { self.issues = issues }

    package var description: String { issues.map(\.description).joined(separator: "\n") }
}
