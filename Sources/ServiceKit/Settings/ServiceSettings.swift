import Configuration

/// Everything a service was told, checked: flag before environment before the file's own section before the file's
/// common part before default.
package struct ServiceSettings: Sendable {
    /// One setting as it came out.
    package struct Entry: Sendable {
        /// Dotted key.
        package let key: String
        /// The value as text, `***` for a secret.
        package let shown: String
        /// The layer it came from.
        package let source: SettingSource
        fileprivate let value: any Sendable
    }

    /// All declared settings, ordered by key.
    package let entries: [Entry]
    private let values: [String: any Sendable]

    /// The value of a setting that was declared when these settings were loaded.
    package subscript<Value>(_ setting: Setting<Value>) -> Value {
        guard let value = values[setting.key] as? Value else {
            preconditionFailure("ServiceSettings[]: \(setting.key) was not declared with this type")
        }
        return value
    }

    /// Settings that differ from their defaults, as `key=value (source)`, for the start-up line.
    package func summary(in language: Language) -> String {
        entries.filter { $0.source != .defaultValue }
            .map { "\($0.key)=\($0.shown) (\($0.source.text[language]))" }
            .joined(separator: " ")
    }

    /// Reads all layers and checks every declared setting.
    /// - Parameters:
    ///   - declared: what the service can be told; keys must differ.
    ///   - service: name of its own section in the file.
    ///   - sections: names of other services' sections in a shared file.
    ///   - flags: values by flag.
    ///   - environment: the process's variables.
    ///   - path: the YAML file, or nil.
    /// - Throws: `SettingsError`; a retry does not help.
    static func load(
        declared: [any AnySetting],
        service: String,
        sections: Set<String>,
        flags: [String: String],
        environment: [String: String],
        path: String?
    ) async throws(SettingsError) -> ServiceSettings {
        var file: SettingsFile?
        if let path {
            file = try SettingsFile(path: path)
            try file?.check(declared: declared, service: service, sections: sections, path: path)
        }
        let layers = try await Self.layers(declared, service, flags, environment, path)
        var entries: [Entry] = []
        for setting in declared.sorted(by: { $0.key < $1.key }) {
            entries.append(try entry(setting, service: service, layers: layers, file: file, path: path))
        }
        return ServiceSettings(entries)
    }

    private init(_ entries: [Entry]) {
        self.entries = entries
        values = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.value) })
    }

    private enum Layer { case flags, environment, ownSection, common }

    private static func layers(
        _ declared: [any AnySetting],
        _ service: String,
        _ flags: [String: String],
        _ environment: [String: String],
        _ path: String?
    ) async throws(SettingsError) -> [(Layer, any ConfigProvider)] {
        var flagValues: [AbsoluteConfigKey: ConfigValue] = [:]
        for setting in declared {
            guard let text = flags[setting.flag] else { continue }
            let content = setting.isList ? ConfigContent.stringArray([String].parse(text) ?? []) : .string(text)
            flagValues[AbsoluteConfigKey(setting.components)] = ConfigValue(content, isSecret: false)
        }
        var layers: [(Layer, any ConfigProvider)] = [
            (.flags, InMemoryProvider(name: "flags", values: flagValues)),
            (
                .environment,
                EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "guanhuai")
            ),
        ]
        if let path {
            // The path goes in by a reader of its own, because the other initializer takes a type of another package.
            let place = InMemoryProvider(values: ["filePath": ConfigValue(.string(path), isSecret: false)])
            do {
                let file = try await FileProvider<YAMLSnapshot>(config: ConfigReader(provider: place))
                layers.append((.ownSection, file.prefixKeys(with: ConfigKey([service]))))
                layers.append((.common, file))
            } catch {
                throw .malformedFile(path: path, line: nil)
            }
        }
        return layers
    }

    private static func entry(
        _ setting: any AnySetting,
        service: String,
        layers: [(Layer, any ConfigProvider)],
        file: SettingsFile?,
        path: String?
    ) throws(SettingsError) -> Entry {
        let key = AbsoluteConfigKey(setting.components)
        for (layer, provider) in layers {
            let source: SettingSource =
                switch layer {
                case .flags: .flag(setting.flag)
                case .environment: .environment(setting.variable)
                case .ownSection: .file(path: path ?? "", line: file?.lines["\(service).\(setting.key)"])
                case .common: .file(path: path ?? "", line: file?.lines[setting.key])
                }
            let content: ConfigContent?
            do {
                content = try provider.value(forKey: key, type: setting.isList ? .stringArray : .string).value?.content
            } catch {
                throw .wrongShape(key: setting.key, source: source, expected: setting.expectation)
            }
            let text: String
            switch content {
            case .string(let value): text = value
            case .stringArray(let values): text = values.joined(separator: ",")
            default: continue
            }
            switch setting.read(text) {
            case .value(let value, let shown):
                return Entry(key: setting.key, shown: setting.isSecret ? "***" : shown, source: source, value: value)
            case .wrong(let expected):
                throw .wrongValue(key: setting.key, source: source, expected: expected)
            }
        }
        guard let value = setting.anyDefault else {
            throw .missing(key: setting.key, flag: setting.flag, variable: setting.variable)
        }
        let shown = setting.isSecret ? "***" : setting.defaultText ?? ""
        return Entry(key: setting.key, shown: shown, source: .defaultValue, value: value)
    }
}
