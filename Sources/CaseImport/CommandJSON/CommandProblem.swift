/// What is wrong with one line of commands: which line, which key, what was expected, and what to do.
///
/// Reading the same line again gives the same problem; a retry never helps. The texts never repeat a value, which may
/// be a name or an ID number.
package struct CommandProblem: Error, Hashable, Sendable {
    /// The kinds of problem. The raw value is the stable number in `CARE-nnnn`.
    package enum Kind: Int, CaseIterable, Sendable {
        case notJSON = 7101
        case tooDeep = 7102
        case numberForm = 7103
        case notObject = 7104
        case missingKey = 7105
        case unknownKey = 7106
        case repeatedKey = 7107
        case wrongValue = 7108
        case unknownCommand = 7109
        case unknownLabel = 7110
        case repeatedLabel = 7111
        case emptyPerson = 7112
        case notHere = 7113
        case unresolvedEvent = 7114
    }

    package let kind: Kind
    /// Line in the file, from 1; nil when the text did not come from a file.
    package var line: Int?
    /// Byte in the line, from 1, where the text stops being JSON.
    package let byte: Int?
    /// Way to the key, `members[1].birth_date`; empty for the line as a whole.
    package private(set) var path: String
    /// What should stand there.
    package let expected: ExpectedForm?

    init(_ kind: Kind, path: String = "", byte: Int? = nil, expected: ExpectedForm? = nil) {
        self.kind = kind
        self.path = path
        self.byte = byte
        self.expected = expected
    }

    /// The same problem seen from the object that holds the key.
    func within(_ key: String) -> CommandProblem {
        var problem = self
        if path.isEmpty {
            problem.path = key
        } else {
            problem.path = path.hasPrefix("[") ? key + path : "\(key).\(path)"
        }
        return problem
    }

    /// Stable code, for example `CARE-7105`.
    package var code: String { "CARE-\(kind.rawValue)" }

    /// Where and what, in Chinese, without the code.
    package var chinese: String {
        var place = line.map { "文件第 \($0) 行" } ?? ""
        if let byte { place += "第 \(byte) 字节" }
        if !path.isEmpty { place += " \(path)" }
        let what =
            switch kind {
            case .notJSON: "不是完整的 JSON。请检查引号、逗号和括号，并把一条命令写在一行里"
            case .tooDeep: "嵌套超过 \(JSONParser.depthLimit) 层"
            case .numberForm: "只接受整数（金额以分为单位）"
            case .notObject: "每一行应是一个 JSON 对象 {…}"
            case .missingKey: "缺少这一项"
            case .unknownKey: "没有这一项，请检查拼写"
            case .repeatedKey: "这一项写了两次"
            case .wrongValue: "取值不对"
            case .unknownCommand: "没有这种命令"
            case .unknownLabel: "前面没有定义过这个标签"
            case .repeatedLabel: "这个标签已经用过，请换一个"
            case .emptyPerson: "写了人员但没有任何内容"
            case .notHere: "这种命令不能写在这里"
            case .unresolvedEvent: "所指的记录找不到：它的命令没有被接受"
            }
        return (place.isEmpty ? "" : place + "：") + what + (expected.map { "，应为\($0.chinese)" } ?? "")
    }

    /// Where and what, in English, without the code.
    package var english: String {
        var parts: [String] = []
        if let line { parts.append("line \(line)") }
        if let byte { parts.append("byte \(byte)") }
        if !path.isEmpty { parts.append(path) }
        let what =
            switch kind {
            case .notJSON: "not complete JSON; check quotes, commas and brackets, and write one command on one line"
            case .tooDeep: "nested deeper than \(JSONParser.depthLimit) levels"
            case .numberForm: "only whole numbers (money in fen)"
            case .notObject: "each line is one JSON object {…}"
            case .missingKey: "the key is missing"
            case .unknownKey: "no such key; check the spelling"
            case .repeatedKey: "the key stands twice"
            case .wrongValue: "wrong value"
            case .unknownCommand: "no such command"
            case .unknownLabel: "no earlier line defines this label"
            case .repeatedLabel: "the label is taken; choose another"
            case .emptyPerson: "a person without any content"
            case .notHere: "this command cannot stand here"
            case .unresolvedEvent: "the event cannot be found: its command was not accepted"
            }
        let place = parts.joined(separator: ", ")
        return (place.isEmpty ? "" : place + ": ") + what + (expected.map { "; expected \($0.english)" } ?? "")
    }
}

extension CommandProblem: CustomStringConvertible {
    package var description: String { "\(code) \(chinese)" }
}

/// What should stand at a key, in words.
package struct ExpectedForm: Hashable, Sendable {
    package let chinese: String
    package let english: String

    init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }

    static let text = ExpectedForm("不为空的文字", "text that is not empty")
    static let flag = ExpectedForm(" true 或 false", "true or false")
    static let number = ExpectedForm("整数", "a whole number")
    static let count = ExpectedForm("不小于 0 的整数", "a whole number, 0 or more")
    static let identifier = ExpectedForm("26 位编号", "an id of 26 characters")
    static let day = ExpectedForm("日期，如 2014-07-16", "a day like 2014-07-16")
    static let code = ExpectedForm("小写字母、数字、_、-、. 组成的代码", "a code of a-z, 0-9, _, -, .")
    static let division = ExpectedForm("6、9 或 12 位区划代码", "a division code of 6, 9 or 12 digits")
    static let clause = ExpectedForm("条款号，如 CZ-2.1", "a clause like CZ-2.1")
    static let list = ExpectedForm("列表 […]", "a list […]")
    static let object = ExpectedForm("对象 {…}", "an object {…}")
    static let person = ExpectedForm("26 位编号或人员对象 {…}", "an id of 26 characters or a person {…}")
    static let household = ExpectedForm("26 位编号或 {\"ref\": …}", "an id of 26 characters or {\"ref\": …}")
    static let event = ExpectedForm(
        "事件序号，或 {\"ref\"/\"command\": …, \"place\": …}", "a sequence, or {\"ref\"/\"command\": …, \"place\": …}")
    static let factValue = ExpectedForm(
        " true/false、整数，或 {\"code\"/\"day\"/\"fen\"/\"decimal\"/\"reference\": …}",
        "true/false, a whole number, or {\"code\"/\"day\"/\"fen\"/\"decimal\"/\"reference\": …}")
    static let oneEnd = ExpectedForm(
        " through（最后一天）和 until（不再成立的第一天）只写一个", "through (the last day) or until (the first day without it), not both")
    static let label = ExpectedForm("1 至 64 字节的标签", "a label of 1 to 64 bytes")

    static func oneOf(_ words: [String]) -> ExpectedForm {
        let list = words.joined(separator: "、")
        return ExpectedForm(" \(list) 之一", "one of \(words.joined(separator: ", "))")
    }
}
