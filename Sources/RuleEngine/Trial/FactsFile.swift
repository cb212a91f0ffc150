import CareDomain

/// 事实文件: families (or villages, units, cities, loans) as somebody writes them down to try a pack on, in YAML or JSON,
/// with parameters, positions of switches and decisions of people. Nothing of it comes from a log.
package struct FactsFile: Sendable {
    /// One family or other subject of the file.
    package struct Entry: Sendable {
        /// Name in the file.
        package let name: String
        package let facts: FactBase
        /// Names of its persons and incidents.
        package let names: [String: RuleSubject]

        /// The name of a subject; `household` (or what the entry is about) for the whole.
        package func name(of subject: RuleSubject) -> String {
            names.first { $0.value == subject }?.key ?? facts.root.rawValue
        }
    }

    package let entries: [Entry]
    package let parameters: [ParameterValue]
    package let choices: ReadingChoices

    /// Reads a facts file against the vocabulary of a pack.
    /// - Throws: `PackRefused` with every issue, by line and column; retrying does not help.
    package static func load(bytes: [UInt8], name: String, pack: RulePack) throws(PackRefused) -> FactsFile {
        let (root, source) = try YAMLValue.read(bytes, file: name)
        let document = DocumentReader(file: name, source: source)
        let file = read(root, FactsReader(document, pack))
        guard let file, document.issues.isEmpty else { throw PackRefused(issues: document.sortedIssues) }
        return file
    }

    private static func read(_ root: YAMLValue, _ reader: FactsReader) -> FactsFile? {
        let document = reader.document
        guard
            let fields = document.fields(root, required: ["subjects"], optional: ["pack", "parameters", "readings"])
        else { return nil }
        if let pack = document.text(fields["pack"]), pack != reader.pack.id.rawValue {
            document.note(
                fields["pack"]!, "scenario.pack",
                Wording(
                    "文件是为 \(pack) 写的，这里试算 \(reader.pack.id)", "the file is for \(pack), tried is \(reader.pack.id)"),
                Wording("换用 --pack \(pack)", "use --pack \(pack)"))
        }
        var entries: [Entry] = []
        for (key, value) in document.entries(fields["subjects"]) {
            guard let name = document.text(key),
                let content = document.fields(value, required: [], optional: FactsReader.familyKeys + ["awards"])
            else { continue }
            let family = reader.withRoles(reader.merged(FactsReader.Family(), content), content["persons"])
            var read = reader.read(family)
            read.facts.awards = document.items(content["awards"]).compactMap { reader.award($0, read.names, nil) }
            entries.append(Entry(name: name, facts: read.facts, names: read.names))
        }
        return FactsFile(
            entries: entries, parameters: document.items(fields["parameters"]).compactMap(reader.parameter),
            choices: reader.choices(fields["readings"]))
    }
}
