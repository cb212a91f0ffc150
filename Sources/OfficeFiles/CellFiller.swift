/// What stands in a cell in the place of what the cell is for.
package enum CellFiller {
    /// Whether a cell holds a formula that was saved in the place of its result, or what a spreadsheet shows where there is
    /// none: =A2, #REF!, ####. No honest text does.
    package static func isFormula(_ cell: String) -> Bool {
        let text = CellText.plain(cell)
        if text.hasPrefix("=") { return true }
        return errors.contains(text.uppercased()) || text.count > 2 && text.allSatisfy { $0 == "#" }
    }

    /// Whether a cell says that there is nothing, that it is not known, or that it is as above. Only for cells that are to hold
    /// a name, a number, a label or a day; 无 answers some other questions.
    package static func isPlaceholder(_ cell: String) -> Bool {
        let word = word(cell)
        return none.contains(word) || unknown.contains(word) || ditto.contains(word) || strokes(word)
    }

    /// 无, 没有: there is none.
    package static func isNone(_ cell: String) -> Bool { none.contains(word(cell)) }

    /// 不详, 不知道: it is not known.
    package static func isUnknown(_ cell: String) -> Bool { unknown.contains(word(cell)) }

    /// A stroke: there is none, or it is not known.
    package static func isStroke(_ cell: String) -> Bool { strokes(word(cell)) }

    /// 同上, 〃: as in the cell above.
    package static func isDitto(_ cell: String) -> Bool { ditto.contains(word(cell)) }

    private static func word(_ cell: String) -> String {
        CellText.plain(cell).lowercased().filter { !$0.isWhitespace }
    }

    private static func strokes(_ word: String) -> Bool {
        !word.isEmpty && word.allSatisfy { "-—–―─/\\|.。·…、,*?~_○".contains($0) }
    }

    private static let errors: Set<String> = [
        "#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    ]
    private static let none: Set<String> = ["无", "没有", "暂无", "none"]
    private static let unknown: Set<String> = [
        "不详", "不明", "未知", "不清楚", "不知道", "未填", "未登记", "待定", "待补", "n/a", "na", "null", "unknown",
    ]
    private static let ditto: Set<String> = ["同上", "同左", "同前", "〃", "″", "\"", "”"]
}
