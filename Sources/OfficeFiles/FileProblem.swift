/// What is wrong with an office file, where, and what to do about it, in the user's words.
///
/// Reading the same bytes again gives the same problem: a retry never helps, the file has to be changed.
/// The texts name places and kinds only; they never repeat a cell's content, which may be a name or an ID number.
package struct FileProblem: Error, Hashable, Sendable {
    /// What is wrong.
    package let kind: Kind
    /// Physical line in the file, from 1; nil when the whole file is meant.
    package let line: Int?
    /// Row as a spreadsheet program numbers it (a quoted line break does not start a new row), from 1.
    package let row: Int?
    /// Cell in the row, from 1.
    package let column: Int?
    /// A number that belongs to the kind: a limit, or how many cells were expected.
    package let expected: Int?
    /// How many there were, when the kind is about a count.
    package let found: Int?
    /// A word that belongs to the kind and is no personal data, for example a heading.
    package let subject: String?

    package init(
        _ kind: Kind,
        line: Int? = nil,
        row: Int? = nil,
        column: Int? = nil,
        expected: Int? = nil,
        found: Int? = nil,
        subject: String? = nil
    ) {
        self.kind = kind
        self.line = line
        self.row = row
        self.column = column
        self.expected = expected
        self.found = found
        self.subject = subject
    }

    /// The kinds of problem. The raw value is the stable number in `CARE-nnnn`.
    package enum Kind: Int, CaseIterable, Sendable {
        case empty = 7001
        case tooLarge = 7002
        case workbookXLSX = 7003
        case workbookXLS = 7004
        case utf16 = 7005
        case binary = 7006
        case unknownEncoding = 7007
        case brokenUTF8 = 7008
        case unclosedQuote = 7011
        case textAfterQuote = 7012
        case quoteInPlainCell = 7013
        case raggedRow = 7014
        case tooManyColumns = 7015
        case tooManyRows = 7016
        case cellTooLong = 7017
        case emptyHeading = 7018
        case repeatedHeading = 7019
        case fullWidthCommas = 7020
        case lineTooLong = 7031
        case halfWrittenLine = 7032
    }

    /// Stable code, for example `CARE-7003`.
    package var code: String { "CARE-\(kind.rawValue)" }

    /// Where and what, in Chinese, without the code.
    package var chinese: String { chinesePlace + chineseWhat }

    /// Where and what, in English, without the code.
    package var english: String { englishPlace + englishWhat }

    /// Spreadsheet letters of a column: 1 is A, 27 is AA.
    /// - Parameter column: from 1; anything lower gives an empty text.
    package static func columnLetters(_ column: Int) -> String {
        var rest = column
        var letters = ""
        while rest > 0 {
            let digit = (rest - 1) % 26
            letters = String(UnicodeScalar(UInt8(65 + digit))) + letters
            rest = (rest - 1) / 26
        }
        return letters
    }
}

extension FileProblem: CustomStringConvertible {
    package var description: String { "\(code) \(chinese)" }
}
