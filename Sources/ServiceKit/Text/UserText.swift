/// A text for people, in both languages. There is no text in one language only, and no look-up by key that could miss.
package struct UserText: Hashable, Sendable {
    /// Simplified Chinese.
    package let zh: String
    /// English.
    package let en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    /// The text in one language.
    package subscript(language: Language) -> String {
        switch language {
        case .chinese: zh
        case .english: en
        }
    }

    /// Both texts behind each other, without anything between.
    package static func + (left: UserText, right: UserText) -> UserText {
        UserText(zh: left.zh + right.zh, en: left.en + right.en)
    }

    /// The same words in both languages: names, paths, numbers.
    package static func plain(_ text: String) -> UserText { UserText(zh: text, en: text) }
}
