/// Why a service cannot start with what it was told: names the flag, variable or file line, and what to do.
/// Retrying does not help. No value is repeated, since a value may be a secret typed in the wrong place.
package enum SettingsError: UserFacingError, Hashable {
    case unknownFlag(String, service: String)
    case flagWithoutValue(String)
    case flagTwice(String)
    case strayArgument(service: String)
    case secretAsFlag(String)
    case unreadableFile(path: String)
    case malformedFile(path: String, line: Int?)
    case unknownKey(key: String, path: String, line: Int)
    case wrongShape(key: String, source: SettingSource, expected: UserText)
    case wrongValue(key: String, source: SettingSource, expected: UserText)
    case missing(key: String, flag: String, variable: String)

    package var exitCode: ExitCode { .usage }

    package var message: UserMessage {
        switch self {
        case .unknownFlag(let flag, let service):
            UserMessage(
                6001, UserText(zh: "没有 \(flag) 这个选项", en: "there is no option \(flag)"),
                advice: UserText(zh: "用 \(service) --help 查看全部选项", en: "see \(service) --help"))
        case .flagWithoutValue(let flag):
            UserMessage(6002, UserText(zh: "选项 \(flag) 后面缺少值", en: "option \(flag) needs a value"))
        case .flagTwice(let flag):
            UserMessage(6003, UserText(zh: "选项 \(flag) 写了两次", en: "option \(flag) is given twice"))
        case .strayArgument(let service):
            UserMessage(
                6004, UserText(zh: "\(service) 只接受选项，不接受其他参数", en: "\(service) takes options only"),
                advice: UserText(zh: "用 \(service) --help 查看全部选项", en: "see \(service) --help"))
        case .secretAsFlag(let flag):
            UserMessage(
                6005, UserText(zh: "\(flag) 是机密，不能写在命令行", en: "\(flag) is a secret and must not be a flag"),
                advice: UserText(zh: "请写进配置文件", en: "put it into the configuration file"))
        case .unreadableFile(let path):
            UserMessage(
                6006, UserText(zh: "读不到配置文件 \(path)", en: "cannot read the configuration file \(path)"),
                advice: UserText(zh: "请检查路径和权限", en: "check the path and its permissions"))
        case .malformedFile, .unknownKey, .wrongShape, .wrongValue, .missing:
            contentMessage
        }
    }

    private var contentMessage: UserMessage {
        switch self {
        case .malformedFile(let path, let line):
            UserMessage(
                6007,
                UserText(
                    zh: "配置文件 \(path)" + (line.map { " 第 \($0) 行" } ?? "") + " 不是正确的 YAML",
                    en: "the configuration file \(path)" + (line.map { ", line \($0)," } ?? "") + " is not valid YAML"),
                advice: UserText(zh: "请检查缩进、冒号和重复的键", en: "check indentation, colons and repeated keys"))
        case .unknownKey(let key, let path, let line):
            UserMessage(
                6008,
                UserText(zh: "\(path) 第 \(line) 行：没有 \(key) 这一项", en: "\(path), line \(line): unknown key \(key)"),
                advice: UserText(zh: "请改正拼写或删去", en: "correct or remove it"))
        case .wrongShape(let key, let source, let expected):
            UserMessage(
                6009, source.text + UserText(zh: "：\(key) 的写法不对", en: ": \(key) is not written as it must be"),
                advice: UserText(zh: "应为", en: "expected: ") + expected)
        case .wrongValue(let key, let source, let expected):
            UserMessage(
                6010, source.text + UserText(zh: "：\(key) 的值不对", en: ": \(key) has a wrong value"),
                advice: UserText(zh: "应为", en: "expected: ") + expected)
        case .missing(let key, let flag, let variable):
            UserMessage(
                6011, UserText(zh: "没有设置 \(key)", en: "\(key) is not set"),
                advice: UserText(
                    zh: "请用 \(flag)、环境变量 \(variable) 或配置文件设置",
                    en: "set it by \(flag), \(variable) or the configuration file"))
        default:
            preconditionFailure("SettingsError.contentMessage: called for an error about flags")
        }
    }
}

/// Which layer a value came from.
package enum SettingSource: Hashable, Sendable {
    case flag(String)
    case environment(String)
    case file(path: String, line: Int?)
    case defaultValue

    /// For messages and the start-up line.
    package var text: UserText {
        switch self {
        case .flag(let name): .plain(name)
        case .environment(let name): UserText(zh: "环境变量 \(name)", en: "variable \(name)")
        case .file(let path, let line):
            UserText(
                zh: path + (line.map { " 第 \($0) 行" } ?? ""), en: path + (line.map { ", line \($0)" } ?? ""))
        case .defaultValue: UserText(zh: "默认值", en: "default")
        }
    }
}
