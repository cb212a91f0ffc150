/// The language in which people are spoken to. Chinese comes first; English exists for every text.
package enum Language: String, CaseIterable, Sendable {
    case chinese = "zh-Hans"
    case english = "en"

    /// The language of `zh`, `zh-CN`, `zh_CN.UTF-8`, `en`, `en_US.UTF-8` and the like; nil for anything else.
    package init?(tag: String) {
        let first = tag.lowercased().prefix { $0.isLetter }
        switch first {
        case "zh": self = .chinese
        case "en": self = .english
        default: return nil
        }
    }

    /// The language a process should speak.
    ///
    /// Order: the flag, `CARE_LANG`, `GUANHUAI_LANG`, `LC_ALL`, `LANG`; the first that names a language we speak wins,
    /// and Chinese when none does (`C`, `POSIX` and unset say nothing about the person). Foundation's own look-up
    /// ignores `LANG` on Linux, so it is read here.
    /// - Parameters:
    ///   - flag: what stood after `--lang`, or nil.
    ///   - environment: the process's variables.
    package static func choose(flag: String? = nil, environment: [String: String]) -> Language {
        let tags = [flag] + ["CARE_LANG", "GUANHUAI_LANG", "LC_ALL", "LANG"].map { environment[$0] }
        return tags.lazy.compactMap { $0.flatMap(Language.init(tag:)) }.first ?? .chinese
    }
}
