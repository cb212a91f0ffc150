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
            entries: entries, parameters: parameters(fields["parameters"], reader),
            choices: reader.choices(fields["readings"]))
    }

    /// The parameters set in the file. Of two that overlap the one that was learned later holds; where nothing says which
    /// that is, neither is taken.
    private static func parameters(_ value: YAMLValue?, _ reader: FactsReader) -> [ParameterValue] {
        var found: [ParameterValue] = []
        for item in reader.document.items(value) {
            guard let one = reader.parameter(item) else { continue }
            let isTwice = found.contains { other in
                other.parameter == one.parameter && other.keys == one.keys && other.period.start == one.period.start
                    && other.recordedAt == one.recordedAt && other.learnedOn == one.learnedOn
                    && other.value != one.value
            }
            if isTwice {
                reader.document.note(
                    item, "scenario.parameter_twice",
                    Wording(
                        "\(one.parameter) 自 \(one.period.start) 起写了两个不同的值",
                        "\(one.parameter) has two different values from \(one.period.start)"),
                    Wording("只留一个，或写明 recorded", "keep one, or say when each was recorded"))
            }
            found.append(one)
        }
        return found
    }
}
