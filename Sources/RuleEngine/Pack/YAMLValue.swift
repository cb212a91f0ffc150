import Yams

/// A YAML document as plain data with places, read without anchors, aliases or tags.
struct YAMLValue {
    /// What stands here.
    enum Kind {
        case scalar(String)
        case mapping([(key: YAMLValue, value: YAMLValue)])
        case sequence([YAMLValue])
    }

    let kind: Kind
    /// From 1.
    let line: Int
    /// From 1.
    let column: Int
    /// Whether a tag (`!x`) stands before it.
    var isTagged = false

    static let tagProblem = Wording("不允许 YAML 标签（!…）", "YAML tags (!…) are not allowed")
    static let tagAdvice = Wording("以 ! 开头的文字和表达式加上引号", "put texts and expressions that begin with ! in quotes")

    /// Bounds on a document.
    private static let maximumBytes = 1_048_576
    private static let maximumNesting = 32
    /// Longest line, in bytes.
    fileprivate static let maximumLine = 20_000

    /// The text of a scalar.
    var text: String? {
        if case .scalar(let text) = kind { text } else { nil }
    }

    /// Reads one document.
    /// - Parameter boundsLines: Whether a line has a longest length, as in what people write; a program writes JSON on one line.
    /// - Throws: `PackRefused` with one issue; retrying does not help.
    static func read(
        _ bytes: [UInt8], file: String, boundsLines: Bool = true
    ) throws(PackRefused) -> (root: YAMLValue, source: String) {
        func refuse(_ line: Int, _ column: Int, _ code: String, _ problem: Wording, _ advice: Wording) -> PackRefused {
            PackRefused(issues: [
                PackIssue(file: file, line: line, column: column, code: code, problem: problem, advice: advice)
            ])
        }
        guard bytes.count <= maximumBytes else {
            throw refuse(
                1, 1, "yaml.too_large", Wording("文件超过 1 MiB", "the file is larger than 1 MiB"),
                Wording("拆分文件", "split it"))
        }
        guard let source = String(validating: bytes, as: UTF8.self) else {
            throw refuse(
                1, 1, "yaml.encoding", Wording("文件不是有效的 UTF-8", "the file is not valid UTF-8"),
                Wording("另存为 UTF-8", "save it as UTF-8"))
        }
        if let place = forbiddenPlace(in: bytes, boundsLines) {
            throw refuse(place.line, place.column, place.what.code, place.what.problem, place.what.advice)
        }
        do {
            guard let node = try root(of: source) else {
                throw refuse(
                    1, 1, "yaml.empty", Wording("文件是空的", "the file is empty"), Wording("写入内容", "put something in"))
            }
            return (try convert(node, depth: 0), source)
        } catch let error as PackRefused {
            throw error
        } catch let error as YamlError {
            let (line, column, text) = describe(error)
            throw refuse(
                line, column, "yaml.syntax", Wording("YAML 语法错误：\(text)", "YAML syntax: \(text)"),
                Wording("检查缩进、引号和冒号", "check indentation, quotes and colons"))
        } catch {
            throw refuse(
                1, 1, "yaml.nesting", Wording("嵌套过深", "nested too deeply"),
                Wording("减少层级", "use fewer levels"))
        }
    }

    private struct TooDeep: Error {}

    /// The document, without finding out which of its plain texts look like numbers, days or switches: packs take each as the
    /// text it is, and matching them costs more than all else. Only keys that are one text and another thing, `1` and `"1"`,
    /// are told apart by it; where keys seem to stand twice it is done.
    private static func root(of source: String) throws -> Node? {
        do {
            return try Yams.Parser(yaml: source, resolver: .basic, encoding: .utf8).singleRoot()
        } catch YamlError.duplicatedKeysInMapping {
            return try Yams.Parser(yaml: source, encoding: .utf8).singleRoot()
        }
    }

    private static func convert(_ node: Node, depth: Int) throws -> YAMLValue {
        guard depth <= maximumNesting else { throw TooDeep() }
        let line = node.mark?.line ?? 1
        let column = node.mark?.column ?? 1
        let isTagged = !node.tag.description.isEmpty && !node.tag.description.hasPrefix("tag:yaml.org,2002:")
        switch node {
        case .scalar(let scalar):
            return YAMLValue(kind: .scalar(scalar.string), line: line, column: column, isTagged: isTagged)
        case .sequence(let sequence):
            return YAMLValue(
                kind: .sequence(try sequence.map { try convert($0, depth: depth + 1) }), line: line, column: column,
                isTagged: isTagged)
        case .mapping(let mapping):
            let entries = try mapping.map {
                (key: try convert($0.key, depth: depth + 1), value: try convert($0.value, depth: depth + 1))
            }
            return YAMLValue(kind: .mapping(entries), line: line, column: column, isTagged: isTagged)
        case .alias: throw TooDeep()
        }
    }

    /// The values of the document before which a tag stands, in their order.
    var tagged: [YAMLValue] {
        let inside: [YAMLValue] =
            switch kind {
            case .scalar: []
            case .sequence(let items): items.flatMap(\.tagged)
            case .mapping(let entries): entries.flatMap { $0.key.tagged + $0.value.tagged }
            }
        return isTagged ? [self] + inside : inside
    }

    private static func describe(_ error: YamlError) -> (line: Int, column: Int, text: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (mark.line, mark.column, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            (
                context.mark.line, context.mark.column,
                "键重复 duplicate key: " + duplicates.map { "\($0)" }.joined(separator: ", ")
            )
        case .reader(let problem, _, _, _): (1, 1, problem)
        default: (1, 1, "unreadable")
        }
    }

    /// First place of an anchor or alias, or of nesting that libyaml would follow too deep. Looks at the bytes before
    /// the parser does, because expanding aliases is what makes a small file huge.
    private static func forbiddenPlace(
        in bytes: [UInt8], _ boundsLines: Bool
    ) -> (line: Int, column: Int, what: Forbidden)? {
        var line = 1
        var lineStart = 0
        var flow = 0
        var previous: UInt8 = 10
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 10:
                line += 1
                lineStart = index + 1
                previous = 10
            case UInt8(ascii: "["), UInt8(ascii: "{"): flow += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): flow = max(0, flow - 1)
            case UInt8(ascii: "&"), UInt8(ascii: "*"):
                let next = index + 1 < bytes.count ? bytes[index + 1] : 32
                let opens = [10, 58, 45, 44, 91, 123, 63].contains(previous)
                if opens, Lexer.isLetter(next) || Lexer.isDigit(next) { return (line, index - lineStart + 1, .anchor) }
            default: break
            }
            if flow > 2 * maximumNesting { return (line, index - lineStart + 1, .nesting) }
            if boundsLines, index - lineStart > maximumLine { return (line, index - lineStart + 1, .longLine) }
            if byte != 32 && byte != 13 && byte != 9 { previous = byte }
        }
        return nil
    }
}

/// What a pack file must not have, and is told before it is read.
private enum Forbidden {
    case anchor, nesting, longLine

    var code: String { self == .longLine ? "yaml.line_too_long" : "yaml.not_allowed" }

    var problem: Wording {
        switch self {
        case .anchor: Wording("不允许锚点和别名", "anchors and aliases are not allowed")
        case .nesting: Wording("括号嵌套过深", "brackets are nested too deeply")
        case .longLine:
            Wording(
                "这一行超过 \(YAMLValue.maximumLine) 字节", "the line is longer than \(YAMLValue.maximumLine) bytes")
        }
    }

    var advice: Wording {
        switch self {
        case .anchor:
            Wording("把内容直接写出来；文字中的 & 或 * 请加引号", "write the content out; quote & and * in texts")
        case .nesting: Wording("减少层次，或分行缩进来写", "use fewer levels, or write them indented on lines of their own")
        case .longLine:
            Wording("分成几行（>-）；表达式太长的拆成几个 definitions", "break it (>-); split a long expression into definitions")
        }
    }
}
