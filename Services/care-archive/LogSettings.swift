import EventLog
import ServiceKit

/// How new events are hashed, as an operator names it.
enum LogHashing: String, CaseIterable, SettingValue {
    case sha256
    case sm3

    var algorithm: HashAlgorithm {
        switch self {
        case .sha256: .sha256
        case .sm3: .sm3
        }
    }
}

/// What care-archive can be told about the log.
enum LogSettings {
    static let hashing = Setting(
        "log.hash", default: LogHashing.sha256,
        help: UserText(
            zh: "新事件用哪种杂凑算法成链（已有的不变，可以混用）", en: "how new events are hashed; those there keep theirs")
    ) {
        $0.algorithm.isAvailable
            ? nil : UserText(zh: "本机的 OpenSSL 不提供 SM3", en: "the OpenSSL of this machine offers no SM3")
    }

    static let all: [any AnySetting] = [hashing]
}
