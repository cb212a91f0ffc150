import CareDomain

/// 事实文件: families (or villages, units, cities, loans) as somebody writes them down to try a pack on, in YAML or JSON,
/// with parameters, positions of switches and decisions of people. Nothing of it comes from a log.
package struct FactsFile: Sendable {
    /// One family or other subject of the file.
    package struct Entry: Sendable {
        /// Name in the file.
        package let name: String
        package internal(set) var facts: FactBase
        /// Names of its persons and incidents.
        package let names: [String: RuleSubject]
        /// Where its decisions stand in the file, by the event each stands for.
        package let places: [EventReference: DecisionPlace]

        /// The name of a subject; `household` (or what the entry is about) for the whole.
        package func name(of subject: RuleSubject) -> String {
            names.first { $0.value == subject }?.key ?? facts.root.rawValue
        }
    }

    /// Where a decision stands in the file.
    package struct DecisionPlace: Hashable, Sendable {
        /// `subjects.f.awards[0]`
        package let path: String
        /// From 1.
        package let line: Int
        /// From 1.
        package let column: Int
    }

    /// The file as its reader calls it.
    package let name: String
    package let entries: [Entry]
    /// What should be looked at; it is computed nevertheless.
    package let warnings: [PackIssue]
    /// Values that the document does not allow, under the code with which intake refuses to set them. They are left out, as if
    /// nobody had set them.
    package let refused: [PackIssue]
    package let parameters: [ParameterValue]
    package let choices: ReadingChoices

    /// Reads a facts file against the vocabulary of a pack.
    /// - Throws: `PackRefused` with every issue, by line and column; retrying does not help.
    package static func load(bytes: [UInt8], name: String, pack: RulePack) throws(PackRefused) -> FactsFile {
        let (root, source) = try YAMLValue.read(bytes, file: name, boundsLines: false)
        let document = DocumentReader(file: name, source: source)
        for value in root.tagged {
            document.note(value, "yaml.not_allowed", YAMLValue.tagProblem, YAMLValue.tagAdvice)
        }
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
        var origins: [(entry: Int, item: YAMLValue)] = []
        var unread: Set<FactID> = []
        for (key, value) in document.entries(fields["subjects"]) {
            guard let name = document.text(key),
                let content = document.fields(
                    value, required: [], optional: FactsReader.familyKeys + ["awards", "came_from"])
            else { continue }
            let family = reader.withRoles(reader.merged(FactsReader.Family(), content), content["persons"])
            var read = reader.read(family)
            reader.warnOfOutsiders(read, content["persons"])
            reader.warnOfUnread(content, &unread)
            var places: [EventReference: DecisionPlace] = [:]
            for (index, item) in document.items(content["awards"]).enumerated() {
                let awards = reader.awards(item, read.names, nil)
                guard let award = awards.first else { continue }
                read.facts.awards += awards
                places[award.source] = DecisionPlace(
                    path: "subjects.\(name).awards[\(index)]", line: item.line, column: item.column)
            }
            origins += document.items(content["came_from"]).map { (entries.count, $0) }
            entries.append(Entry(name: name, facts: read.facts, names: read.names, places: places))
        }
        // What is taken over is what stands in the file that was left, not what that one took over itself.
        let written = entries
        for (place, item) in origins { entries[place].takeOver(from: item, among: written, reader) }
        let (parameters, refused) = parameters(fields["parameters"], reader)
        let choices = reader.choices(fields["readings"])
        return FactsFile(
            name: document.file, entries: entries, warnings: document.warnings, refused: refused,
            parameters: parameters, choices: choices)
    }

    /// The parameters set in the file. Of two that overlap the one that was learned later holds; where nothing says which
    /// that is, neither is taken. What the document does not allow is not set at all.
    private static func parameters(
        _ value: YAMLValue?, _ reader: FactsReader
    ) -> (set: [ParameterValue], refused: [PackIssue]) {
        var found: [ParameterValue] = []
        var refused: [PackIssue] = []
        for item in reader.document.items(value) {
            guard let one = reader.parameter(item) else { continue }
            if let issue = reader.refused(one, at: item) {
                refused.append(issue)
                continue
            }
            let same = found.filter { other in
                other.parameter == one.parameter && other.keys == one.keys && other.recordedAt == one.recordedAt
                    && other.learnedOn == one.learnedOn && other.value != one.value
            }
            // What names its last day says that nothing else holds until then; an open end only waits for the next value.
            if let other = same.first(where: { $0.period.start != one.period.start && $0.contradicts(one) }) {
                reader.document.note(
                    item, "scenario.parameter_overlap",
                    Wording(
                        "\(one.parameter) 自 \(one.period.start) 起的值与自 \(other.period.start) 起的值有效期重叠",
                        "the values of \(one.parameter) from \(one.period.start) and from \(other.period.start) overlap"
                    ),
                    Wording(
                        "改正 until（它是不再适用的第一天），或写明 recorded",
                        "correct until (the first day without the value), or say when each was recorded"))
            }
            if same.contains(where: { $0.period.start == one.period.start }) {
                reader.document.note(
                    item, "scenario.parameter_twice",
                    Wording(
                        "\(one.parameter) 自 \(one.period.start) 起写了两个不同的值",
                        "\(one.parameter) has two different values from \(one.period.start)"),
                    Wording("只留一个，或写明 recorded", "keep one, or say when each was recorded"))
            }
            found.append(one)
        }
        return (found, refused)
    }
}

extension ParameterValue {
    /// Whether two values hold on one day although the earlier one names the day on which it ends.
    fileprivate func contradicts(_ other: ParameterValue) -> Bool {
        let (earlier, later) = period.start < other.period.start ? (self, other) : (other, self)
        return earlier.period.end.map { $0 > later.period.start } ?? false
    }
}
