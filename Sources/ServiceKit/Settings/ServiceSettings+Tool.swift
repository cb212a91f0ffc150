extension ServiceSettings {
    /// Settings of a tool that reads the services' file: environment before file before default. What stands in the file
    /// for the services alone is passed over.
    /// - Parameters:
    ///   - tool: name of the tool's own section in the file.
    ///   - declared: what the tool can be told; keys must differ.
    ///   - environment: the process's variables.
    ///   - path: the YAML file, or nil.
    /// - Throws: `SettingsError`; a retry does not help.
    package static func ofTool(
        _ tool: String, declared: [any AnySetting], environment: [String: String], path: String?
    ) async throws(SettingsError) -> ServiceSettings {
        let sections = path.map { (try? SettingsFile(path: $0))?.lines.keys.map { $0 } ?? [] } ?? []
        let others = Set(sections.map { String($0.prefix { $0 != "." }) })
        return try await load(
            declared: declared, service: tool, sections: others, flags: [:], environment: environment, path: path)
    }
}
