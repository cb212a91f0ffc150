/// 已故 beside a name: lists note a death there, which the record takes as a death with its day and never as part of a name.
///
/// Taken as a name, the dead would be on record as living, with the rights of the living.
package enum DeathInName {
    /// Whether a name says that its bearer died: 李某（已故）, 李某(去世), 李某 已故, 【亡】李某.
    package static func isTold(_ name: String) -> Bool {
        let text = String(name.filter { !$0.isWhitespace })
        return words.contains { text.contains($0) }
            || bracketed(text).contains { content in signs.contains { content.contains($0) } }
    }

    /// What stands in brackets of any kind; one that is not closed goes to the end.
    private static func bracketed(_ text: String) -> [String] {
        var found: [String] = []
        var current: String?
        for letter in text {
            if opening.contains(letter) {
                current = ""
            } else if closing.contains(letter) {
                if let content = current { found.append(content) }
                current = nil
            } else {
                current?.append(letter)
            }
        }
        return found + [current].compactMap { $0 }
    }

    private static let words = [
        "已故", "去世", "过世", "逝世", "离世", "病逝", "身故", "病故", "亡故", "已亡", "死亡", "已死", "已殁", "已逝",
    ]
    /// Beside a name in brackets a single sign says it, too; in a name it may be one of its signs.
    private static let signs: [Character] = ["故", "亡", "殁", "死", "逝"]
    private static let opening: Set<Character> = ["(", "（", "[", "［", "【", "〔", "{", "｛", "<", "＜", "《", "〈"]
    private static let closing: Set<Character> = [")", "）", "]", "］", "】", "〕", "}", "｝", ">", "＞", "》", "〉"]
}
