/// Why a row of an office table was not accepted, in both languages, with its stable code first.
package struct RowReason: Hashable, Sendable {
    package let chinese: String
    package let english: String

    package init(chinese: String, english: String) {
        self.chinese = chinese
        self.english = english
    }

    /// - Parameter isElsewhere: the problem stands in another row, which has to be named.
    init(_ problem: CellProblem, isElsewhere: Bool) {
        chinese = problem.code + " " + (isElsewhere ? problem.chinese : problem.file?.chinese ?? problem.chineseReason)
        english = problem.code + " " + (isElsewhere ? problem.english : problem.file?.english ?? problem.englishReason)
    }
}
