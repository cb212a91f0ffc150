import Logging
import ServiceLifecycle

/// What one of our services is, as far as starting and stopping goes.
package struct ServiceDefinition: Sendable {
    /// The executable's name and the name of its section in a shared configuration file.
    package let name: String
    /// One line for `--help`.
    package let summary: UserText
    /// Everything it can be told besides what every service can (`CommonSettings`).
    package let settings: [any AnySetting]
    /// Parts that must be ready before `/readyz` says so.
    package let parts: [String]
    /// Builds the long-running parts. They are started in order and stopped in reverse order.
    package let build: @Sendable (ServiceContext) async throws -> [any Service]

    package init(
        name: String,
        summary: UserText,
        settings: [any AnySetting],
        parts: [String],
        build: @escaping @Sendable (ServiceContext) async throws -> [any Service]
    ) {
        self.name = name
        self.summary = summary
        self.settings = settings
        self.parts = parts
        self.build = build
    }
}

/// What a service is built with.
package struct ServiceContext: Sendable {
    /// The service's name.
    package let name: String
    /// Everything it was told, checked.
    package let settings: ServiceSettings
    /// Redacting, structured.
    package let logger: Logger
    /// Shown at `/metrics`.
    package let metrics: MetricsRegistry
    /// Shown at `/readyz`; the service marks its parts.
    package let readiness: Readiness
    /// The language of the operator.
    package let language: Language
}

/// What every service can be told.
package enum CommonSettings {
    package static let opsHost = Setting(
        "ops.host", default: "127.0.0.1",
        help: UserText(zh: "健康检查与指标的本机地址", en: "loopback address for health checks and metrics"))
    package static let opsPort = Setting(
        "ops.port", default: 0,
        help: UserText(zh: "健康检查与指标的端口，0 表示任选空闲端口", en: "port for health checks and metrics, 0 for any free one")
    ) { (0...65_535).contains($0) ? nil : UserText(zh: "0 到 65535", en: "0 to 65535") }
    package static let logLevel = Setting(
        "log.level", default: LogLevel.info, help: UserText(zh: "日志级别", en: "least serious level that is logged"))
    package static let logFormat = Setting(
        "log.format", default: LogFormat.text, help: UserText(zh: "日志格式", en: "format of log lines"))
    package static let stopTimeout = Setting(
        "stop.timeout", default: Duration.seconds(10),
        help: UserText(zh: "停止时最多等待多久", en: "longest time a stop may take")
    ) { $0 >= .seconds(1) ? nil : UserText(zh: "至少 1s", en: "at least 1s") }
    package static let stopWithInput = Setting(
        "stop.withInput", default: false,
        help: UserText(zh: "标准输入关闭时停止，供启动它的程序用管道看护", en: "stop when standard input closes, as whoever started it ends"))

    /// All of them.
    package static let all: [any AnySetting] = [opsHost, opsPort, logLevel, logFormat, stopTimeout, stopWithInput]

    /// Sections that other services may have in a shared file.
    package static let sections: Set<String> = [
        "intake", "eligibility", "care-archive", "notifier", "carectl", "console",
    ]
}

/// Levels of swift-log as a setting.
package enum LogLevel: String, CaseIterable, SettingValue {
    case trace, debug, info, notice, warning, error, critical

    /// The same level in swift-log's words.
    package var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
