/// Takes the command line of a service apart into declared flags, strictly: a misspelt flag must not be ignored by a
/// service that then runs with a default for months.
struct FlagReader {
    /// Values by flag, for example `--bus-endpoint`.
    private(set) var values: [String: String] = [:]
    /// True when `--help` or `-h` stands anywhere.
    private(set) var wantsHelp = false
    /// True when `--version` stands anywhere.
    private(set) var wantsVersion = false

    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - declared: what may be set.
    ///   - extra: flags with a value that are no settings (`--config`, `--lang`).
    init(
        _ arguments: [String], declared: [any AnySetting], extra: [String], service: String
    ) throws(SettingsError) {
        var byFlag: [String: any AnySetting] = [:]
        for setting in declared { byFlag[setting.flag] = setting }
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            index += 1
            if argument == "--help" || argument == "-h" { wantsHelp = true; continue }
            if argument == "--version" { wantsVersion = true; continue }
            guard argument.hasPrefix("--") else { throw .strayArgument(service: service) }
            let name = String(argument.prefix { $0 != "=" })
            guard byFlag[name] != nil || extra.contains(name) else { throw .unknownFlag(name, service: service) }
            if byFlag[name]?.isSecret == true { throw .secretAsFlag(name) }
            guard values[name] == nil else { throw .flagTwice(name) }
            if name.count < argument.count {
                values[name] = String(argument.dropFirst(name.count + 1))
            } else if index < arguments.count, !arguments[index].hasPrefix("--") {
                values[name] = arguments[index]
                index += 1
            } else if byFlag[name]?.isSwitch == true {
                values[name] = "true"
            } else {
                throw .flagWithoutValue(name)
            }
        }
    }
}
