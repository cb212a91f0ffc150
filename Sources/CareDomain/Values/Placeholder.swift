/// 无, 不详, 同上 or a stroke: what people write where there is nothing to write.
///
/// Nobody and no unit is called so. In other places some of them answer: 无 is a kind of employer.
package enum Placeholder {
    /// Whether a text says that there is nothing, that it is not known, or that it is as before.
    package static func isAny(_ text: String) -> Bool {
        let word = word(text)
        return none.contains(word) || unknown.contains(word) || ditto.contains(word) || strokes(word)
    }

    /// 无, 没有: there is none.
    package static func isNone(_ text: String) -> Bool { none.contains(word(text)) }

    /// 不详, 不知道: it is not known.
    package static func isUnknown(_ text: String) -> Bool { unknown.contains(word(text)) }

    /// A stroke: there is none, or it is not known.
    package static func isStroke(_ text: String) -> Bool { strokes(word(text)) }

    /// 同上, 〃: as in the cell above.
    package static func isDitto(_ text: String) -> Bool { ditto.contains(word(text)) }

    private static func word(_ text: String) -> String { text.lowercased().filter { !$0.isWhitespace } }

    private static func strokes(_ word: String) -> Bool {
        !word.isEmpty && word.allSatisfy { "-—–―─－/／\\＼|｜.．。·…、,，*＊?？~～_＿○".contains($0) }
    }

    private static let none: Set<String> = ["无", "没有", "暂无", "none"]
    private static let unknown: Set<String> = [
        "不详", "不明", "未知", "不清楚", "不知道", "未填", "未登记", "待定", "待补", "n/a", "na", "null", "unknown",
    ]
    private static let ditto: Set<String> = ["同上", "同左", "同前", "〃", "″", "\"", "”"]
}
