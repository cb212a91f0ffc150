/// One thing an operator can set, declared once: its key, type, default, help and check.
///
/// The key `bus.endpoint` is the flag `--bus-endpoint`, the variable `GUANHUAI_BUS_ENDPOINT` and, in the YAML file,
/// `endpoint` under `bus` (or under the service's own name, which goes before the common part).
package struct Setting<Value: SettingValue>: Sendable {
    /// Components joined by dots, each in lower camel case.
    package let key: String
    /// Used when no layer sets it; nil when it must be set.
    package let defaultValue: Value?
    /// What it does, for `--help`.
    package let help: UserText
    /// True for what must never be shown: it cannot be given as a flag, since flags show in the process list.
    package let isSecret: Bool
    private let check: @Sendable (Value) -> UserText?

    /// - Parameters:
    ///   - key: components joined by dots, each in lower camel case.
    ///   - defaultValue: nil when the operator must set it.
    ///   - help: what it does.
    ///   - isSecret: true for passwords and tokens.
    ///   - check: nil when a value is fine, otherwise what is expected instead.
    package init(
        _ key: String,
        default defaultValue: Value? = nil,
        help: UserText,
        isSecret: Bool = false,
        check: @escaping @Sendable (Value) -> UserText? = { _ in nil }
    ) {
        self.key = key
        self.defaultValue = defaultValue
        self.help = help
        self.isSecret = isSecret
        self.check = check
    }
}

/// A setting whose type is not looked at: what a service lists as everything it can be told.
package protocol AnySetting: Sendable {
    var key: String { get }
    var help: UserText { get }
    var isSecret: Bool { get }
    /// A list in YAML or separated by commas.
    var isList: Bool { get }
    /// A flag that may stand alone.
    var isSwitch: Bool { get }
    /// The default as text; nil when the setting must be set.
    var defaultText: String? { get }
    /// What a value must look like.
    var expectation: UserText { get }
    /// The default; nil when the setting must be set.
    var anyDefault: (any Sendable)? { get }
    /// The value a text stands for, or what was expected.
    func read(_ text: String) -> SettingReading
}

/// What came of reading a setting's text.
package enum SettingReading: Sendable {
    case value(any Sendable, shown: String)
    case wrong(expected: UserText)
}

extension Setting: AnySetting {
    package var isList: Bool { Value.isList }
    package var isSwitch: Bool { Value.isSwitch }
    package var defaultText: String? { defaultValue?.settingText }
    package var expectation: UserText { Value.expectation }
    package var anyDefault: (any Sendable)? { defaultValue }

    package func read(_ text: String) -> SettingReading {
        guard let value = Value.parse(text) else { return .wrong(expected: Value.expectation) }
        if let expected = check(value) { return .wrong(expected: expected) }
        return .value(value, shown: value.settingText)
    }
}

extension AnySetting {
    package var components: [String] { key.split(separator: ".").map(String.init) }

    /// `--bus-endpoint`.
    package var flag: String { "--" + components.map { Self.split($0, by: "-") }.joined(separator: "-") }

    /// `GUANHUAI_BUS_ENDPOINT`.
    package var variable: String {
        "GUANHUAI_" + components.map { Self.split($0, by: "_").uppercased() }.joined(separator: "_")
    }

    /// `maxBatch` with the separator at each capital: `max-batch`.
    private static func split(_ component: String, by separator: String) -> String {
        component.reduce(into: "") { result, character in
            if character.isUppercase { result += separator }
            result += character.lowercased()
        }
    }
}
