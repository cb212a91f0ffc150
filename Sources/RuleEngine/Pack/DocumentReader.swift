import CareDomain

/// Takes a YAML document apart, field by field, and collects everything wrong with it.
///
/// Every reading method notes an issue and returns nil for what cannot be used; the caller goes on, so that one run
/// finds as much as possible. `finish` decides in the end.
final class DocumentReader {
    let file: String
    let source: String
    private(set) var issues: [PackIssue] = []
    /// What can be used and should be looked at.
    private(set) var warnings: [PackIssue] = []
    private lazy var lines = SourceLines(source)

    init(file: String, source: String) {
        self.file = file
        self.source = source
    }

    /// Issues in the order of their places. What only follows from another is told in one line after them, and so is one name
    /// that is missing in many places.
    var sortedIssues: [PackIssue] {
        let sorted = issues.sorted { ($0.line, $0.column, $0.code) < ($1.line, $1.column, $1.code) }
        let followers = sorted.filter { $0.code == ExpressionIssue.follows }
        let causes = sorted.filter { $0.code != ExpressionIssue.follows }
        guard let first = followers.first else { return Self.folded(causes) }
        guard !causes.isEmpty, followers.count > 1 else { return causes + Self.folded(followers) }
        let rest = PackIssue(
            file: file, line: first.line, column: first.column, code: first.code,
            problem: Wording(
                "\(first.problem.chinese)，另有 \(followers.count - 1) 处用到没有读成的推导事实",
                "\(first.problem.english), nor could those used in \(followers.count - 1) other places"),
            advice: Wording("先改正上面所说的，再查一次", "correct what is said above first, and check again"))
        return Self.folded(causes) + [rest]
    }

    /// Of a name that nothing declares and many places use the first, and how many more there are.
    private static func folded(_ issues: [PackIssue]) -> [PackIssue] {
        var counts: [Wording: Int] = [:]
        for issue in issues where issue.code == "expression.unknown_fact" { counts[issue.problem, default: 0] += 1 }
        var told: [Wording: Int] = [:]
        return issues.compactMap { issue in
            guard issue.code == "expression.unknown_fact", let count = counts[issue.problem], count > 3 else {
                return issue
            }
            told[issue.problem, default: 0] += 1
            guard told[issue.problem] == 1 else { return nil }
            return PackIssue(
                file: issue.file, line: issue.line, column: issue.column, code: issue.code,
                problem: Wording(
                    "\(issue.problem.chinese)，另有 \(count - 1) 处用到",
                    "\(issue.problem.english), which \(count - 1) more places use"),
                advice: issue.advice)
        }
    }

    func note(_ value: YAMLValue, _ code: String, _ problem: Wording, _ advice: Wording) {
        issues.append(
            PackIssue(
                file: file, line: value.line, column: value.column, code: code, problem: problem, advice: advice))
    }

    /// Notes something that does not stop the reading.
    func warn(_ value: YAMLValue, _ code: String, _ problem: Wording, _ advice: Wording) {
        warnings.append(
            PackIssue(
                file: file, line: value.line, column: value.column, code: code, problem: problem, advice: advice))
    }

    /// One mapping with its fields by name.
    struct Fields {
        let place: YAMLValue
        let values: [String: YAMLValue]

        subscript(name: String) -> YAMLValue? { values[name] }
    }

    /// The fields of a mapping; unknown and missing ones are noted.
    func fields(_ value: YAMLValue, required: [String], optional: [String] = []) -> Fields? {
        guard case .mapping(let entries) = value.kind else {
            note(
                value, "yaml.expected_mapping", Wording("这里应是键值对", "expected keys and values here"),
                Wording(
                    "可用的键：\((required + optional).joined(separator: "、"))",
                    "use the keys \((required + optional).joined(separator: ", "))"))
            return nil
        }
        var values: [String: YAMLValue] = [:]
        for (key, content) in entries {
            guard let name = key.text, required.contains(name) || optional.contains(name) else {
                note(
                    key, "pack.unknown_key", Wording("不认识的键 \(key.text ?? "?")", "unknown key \(key.text ?? "?")"),
                    Wording(
                        "可用的键：\((required + optional).joined(separator: "、"))",
                        "use one of \((required + optional).joined(separator: ", "))"))
                continue
            }
            values[name] = content
        }
        let missing = required.filter { values[$0] == nil }
        for name in missing {
            note(
                value, "pack.missing_key", Wording("缺少键 \(name)", "the key \(name) is missing"),
                Wording("补上 \(name)", "add \(name)"))
        }
        return missing.isEmpty ? Fields(place: value, values: values) : nil
    }

    /// The items of a list; nothing for an absent one.
    func items(_ value: YAMLValue?) -> [YAMLValue] {
        guard let value else { return [] }
        if case .sequence(let items) = value.kind { return items }
        note(
            value, "yaml.expected_list", Wording("这里应是列表", "expected a list here"),
            Wording("每项以 - 开头", "begin each item with -"))
        return []
    }

    /// The entries of a mapping whose keys are free.
    func entries(_ value: YAMLValue?) -> [(key: YAMLValue, value: YAMLValue)] {
        guard let value else { return [] }
        if case .mapping(let entries) = value.kind { return entries }
        note(
            value, "yaml.expected_mapping", Wording("这里应是键值对", "expected keys and values here"),
            Wording("写成 键: 值", "write key: value"))
        return []
    }

    /// A text that is not empty.
    func text(_ value: YAMLValue?) -> String? {
        guard let value else { return nil }
        if let text = value.text, !text.isEmpty { return text }
        note(
            value, "yaml.expected_text", Wording("这里应是文字", "expected a text here"),
            Wording("以 ! 开头的表达式要加引号", "put expressions that begin with ! in quotes"))
        return nil
    }

    /// A text that `make` understands.
    func parsed<T>(_ value: YAMLValue?, _ what: Wording, _ make: (String) -> T?) -> T? {
        guard let value, let text = text(value) else { return nil }
        if let result = make(text) { return result }
        note(
            value, "pack.bad_value", Wording("\(text) 不是\(what.chinese)", "\(text) is not \(what.english)"),
            Wording("改成\(what.chinese)", "write \(what.english)"))
        return nil
    }

    func day(_ value: YAMLValue?) -> CivilDay? {
        parsed(value, Wording("日期（如 2014-07-16）", "a day such as 2014-07-16")) { CivilDay(parsing: $0) }
    }

    func int(_ value: YAMLValue?, _ range: ClosedRange<Int64> = .min ... .max) -> Int64? {
        parsed(value, FactType.int(range).values) { text in
            Int64(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func bool(_ value: YAMLValue?, else standard: Bool) -> Bool {
        parsed(value, Wording(" true 或 false", "true or false")) { Bool($0) } ?? standard
    }

    func code(_ value: YAMLValue?) -> Code? {
        parsed(value, Wording("代码（小写字母、数字、_ - .）", "a code of lower-case letters, digits, _ - .")) { Code($0) }
    }

    func department(_ value: YAMLValue?) -> DepartmentID? {
        parsed(value, Wording("部门代码", "a department code")) { DepartmentID($0) }
    }

    /// One of the cases of an enumeration.
    func choice<T: RawRepresentable & CaseIterable>(_ value: YAMLValue?, _ type: T.Type) -> T?
    where T.RawValue == String {
        let all = T.allCases.map(\.rawValue)
        return parsed(value, Wording("下列之一：\(all.joined(separator: "、"))", "one of \(all.joined(separator: ", "))")) {
            T(rawValue: $0)
        }
    }

    /// `zh` and `en` of a mapping.
    func wording(_ fields: Fields, _ chinese: String = "zh", _ english: String = "en") -> Wording? {
        guard let chinese = text(fields[chinese]), let english = text(fields[english]) else { return nil }
        return Wording(chinese, english)
    }

    /// Notes an expression's issue at its own line and column in the file.
    func note(_ issue: ExpressionIssue, in value: YAMLValue) {
        let (line, column) = lines.place(of: issue.offset, in: value)
        issues.append(
            PackIssue(
                file: file, line: line, column: column, code: issue.code, problem: issue.problem, advice: issue.advice))
    }
}
