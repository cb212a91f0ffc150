/// What should stand in a cell, in both languages. What has to be typed, words and headings alike, is Chinese in either.
package struct CellHint: Hashable, Sendable, ExpressibleByStringLiteral {
    package let chinese: String
    package let english: String

    package init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }

    /// The same in both languages.
    package init(stringLiteral text: String) { self.init(text, text) }
    /// The same in both languages.
    package init(same text: String) { self.init(text, text) }

    static let day = CellHint("日期，如 2014-07-16", "a day such as 2014-07-16")
    static let householdID = CellHint("26 位户编号", "a household id of 26 characters")
    static let division = CellHint("6、9 或 12 位区划代码", "a division code of 6, 9 or 12 digits")
}
