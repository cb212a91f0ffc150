/// The text of `--help`: every setting with its flag, variable, key, default and meaning.
enum HelpText {
    static func render(
        service: String, summary: UserText, settings: [any AnySetting], language: Language
    ) -> String {
        let isChinese = language == .chinese
        var lines = [
            "\(service) \(BuildInfo.version)  \(summary[language])",
            "",
            isChinese
                ? "用法：\(service) [选项]    先后次序：选项、环境变量、配置文件、默认值"
                : "Usage: \(service) [options]    Order: option, variable, configuration file, default",
            "",
            "  --config FILE  (GUANHUAI_CONFIG)",
            isChinese
                ? "      YAML 配置文件；\(service): 之下的项只对本服务有效"
                : "      YAML configuration file; what stands under \(service): is for this service only",
            "  --lang zh-Hans|en  (CARE_LANG)",
            isChinese ? "      提示语言" : "      language of messages",
        ]
        for setting in settings.sorted(by: { $0.key < $1.key }) {
            let value = setting.isSwitch ? "" : " " + setting.expectation.en.uppercasedIfSingleWord
            let flag =
                setting.isSecret ? (isChinese ? "（仅配置文件或环境变量）" : "(file or variable only)") : setting.flag + value
            lines.append("  \(flag)  (\(setting.variable), \(setting.key))")
            let fallback: String
            if let text = setting.defaultText {
                fallback = text.isEmpty ? "" : (isChinese ? "；默认 \(text)" : "; default \(text)")
            } else {
                fallback = isChinese ? "；必须设置" : "; must be set"
            }
            lines.append("      \(setting.help[language])\(setting.isSecret ? "" : fallback)")
        }
        lines.append("  --version, --help")
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    /// `text` as `TEXT`; longer descriptions stay as they are, in angle brackets.
    fileprivate var uppercasedIfSingleWord: String {
        contains(" ") && !contains("|") ? "<\(self)>" : contains("|") ? filter { $0 != " " } : uppercased()
    }
}
