import CareDomain

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
    /// Rows by their numbers, the first few.
    static func rows(_ rows: [Int]) -> CellHint {
        let shown = rows.prefix(5).map { "\($0)" }.joined(separator: "、")
        return CellHint(same: rows.count > 5 ? shown + "……" : shown)
    }

    /// A day as a spreadsheet counts it, which begins in 1900 or in 1904.
    static let daySerial = CellHint(
        "日期，如 2014-07-16；这是表格软件的日期序号，请把这一列设为“年-月-日”的日期格式再另存",
        "a day such as 2014-07-16; this is the number by which a spreadsheet counts it: give the column the form of a date "
            + "(year-month-day) and save again")
    static let openEnd = CellHint(
        "日期，如 2014-07-16；没有期限的请留空", "a day such as 2014-07-16; leave it blank where there is no last day")
    static let householdID = CellHint("26 位户编号", "a household id of 26 characters")
    static let division = CellHint("6、9 或 12 位区划代码", "a division code of 6, 9 or 12 digits")

    /// What is wrong with an ID number, without a digit of it.
    static func idNumber(_ problem: ResidentIDNumber.Problem) -> CellHint {
        switch problem {
        case .oldForm: CellHint("是 15 位的旧号码，请填 18 位的号码", "an old number of 15 digits; fill in the one of 18")
        case .length(let count): CellHint("应为 18 位，这里是 \(count) 位", "18 characters are needed, here are \(count)")
        case .character(let place):
            place == 18
                ? CellHint("末位只能是数字或 X", "the last character is a digit or X")
                : CellHint("第 \(place) 位不是数字", "character \(place) is no digit")
        case .birthDate: CellHint("第 7 至 14 位的出生日期没有这一天", "characters 7 to 14 are no day of birth")
        case .checkDigit: CellHint("与末位校验码不符", "the check character does not fit")
        }
    }
}
