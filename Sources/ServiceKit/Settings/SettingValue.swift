/// A type that a setting can have.
package protocol SettingValue: Sendable {
    /// The value that a text stands for, or nil.
    static func parse(_ text: String) -> Self?
    /// What a text must look like, for error messages and help.
    static var expectation: UserText { get }
    /// The text that `parse` turns back into this value.
    var settingText: String { get }
    /// True when a YAML list or a comma-separated text is meant.
    static var isList: Bool { get }
    /// True when the flag may stand alone and then means yes.
    static var isSwitch: Bool { get }
}

extension SettingValue {
    package static var isList: Bool { false }
    package static var isSwitch: Bool { false }
}

extension String: SettingValue {
    package static func parse(_ text: String) -> String? { text }
    package static var expectation: UserText { UserText(zh: "文字", en: "text") }
    package var settingText: String { self }
}

extension Int: SettingValue {
    package static func parse(_ text: String) -> Int? { Int(text) }
    package static var expectation: UserText { UserText(zh: "整数", en: "a whole number") }
    package var settingText: String { String(self) }
}

extension Bool: SettingValue {
    package static func parse(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default: nil
        }
    }

    package static var expectation: UserText { UserText(zh: "true 或 false", en: "true or false") }
    package var settingText: String { self ? "true" : "false" }
    package static var isSwitch: Bool { true }
}

extension Duration: SettingValue {
    private static let units: [(suffix: String, unit: Duration)] = [
        ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3_600)),
        ("d", .seconds(86_400)),
    ]

    /// `250ms`, `10s`, `5m`, `2h`, `1d`; whole, not negative, at most a hundred years. A bare number is refused,
    /// because nobody can tell its unit.
    package static func parse(_ text: String) -> Duration? {
        for (suffix, unit) in units where text.hasSuffix(suffix) {
            let digits = text.dropLast(suffix.count)
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(digits)
            else { continue }
            guard count <= 3_155_760_000_000 else { return nil }
            let value = unit * Double(count)
            return value <= .seconds(3_155_760_000) ? value : nil
        }
        return nil
    }

    package static var expectation: UserText {
        UserText(zh: "时长，如 250ms、10s、5m、2h、1d", en: "a duration such as 250ms, 10s, 5m, 2h, 1d")
    }

    package var settingText: String {
        let milliseconds = Int64(self / .milliseconds(1))
        for (suffix, unit) in Self.units.reversed() {
            let size = Int64(unit / .milliseconds(1))
            if milliseconds >= size, milliseconds % size == 0 { return "\(milliseconds / size)\(suffix)" }
        }
        return "\(milliseconds)ms"
    }
}

extension Array: SettingValue where Element == String {
    package static func parse(_ text: String) -> [String]? {
        text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    package static var expectation: UserText { UserText(zh: "逗号隔开的列表", en: "a comma-separated list") }
    package var settingText: String { joined(separator: ",") }
    package static var isList: Bool { true }
}

extension Optional: SettingValue where Wrapped: SettingValue {
    package static func parse(_ text: String) -> Wrapped?? { Wrapped.parse(text).map(Optional.some) }
    package static var expectation: UserText { Wrapped.expectation }
    package var settingText: String { map(\.settingText) ?? "" }
    package static var isList: Bool { Wrapped.isList }
    package static var isSwitch: Bool { Wrapped.isSwitch }
}

extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    package static func parse(_ text: String) -> Self? { Self(rawValue: text) }
    package static var expectation: UserText {
        let values = allCases.map(\.rawValue).joined(separator: " | ")
        return UserText(zh: values, en: values)
    }
    package var settingText: String { rawValue }
}
