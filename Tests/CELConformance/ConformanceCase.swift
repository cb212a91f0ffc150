/// One case of a file: an expression, what it may refer to, and what should come of it.
struct ConformanceCase {
    /// Name of the file without its ending.
    let file: String
    let section: String
    let name: String
    let expression: String
    /// The case as it stands in the file.
    let message: TextMessage

    /// Cases of a file in its order.
    /// - Throws: `TextProtoError` when the file cannot be read as text of protobuf.
    static func read(_ bytes: [UInt8], file: String) throws(TextProtoError) -> [ConformanceCase] {
        var cases: [ConformanceCase] = []
        for section in try TextProtoParser.parse(bytes).messages("section") {
            for test in section.messages("test") {
                cases.append(
                    ConformanceCase(
                        file: file, section: section.string("name") ?? "", name: test.string("name") ?? "",
                        expression: test.string("expr") ?? "", message: test))
            }
        }
        return cases
    }

    /// `file/section/name`
    var path: String { "\(file)/\(section)/\(name)" }
    /// The name space in which names are looked for first.
    var container: String { message.string("container") ?? "" }
    /// Whether the expression is to be evaluated without having been checked.
    var disablesCheck: Bool { message.isTrue("disable_check") }
    var disablesMacros: Bool { message.isTrue("disable_macros") }
    /// Whether only the type is asked for.
    var checksOnly: Bool { message.isTrue("check_only") }

    /// What should come of it.
    var expectation: Expectation {
        if let typed = message.message("typed_result") {
            return .value(typed.message("result"), type: typed.message("deduced_type"))
        }
        if let value = message.message("value") { return .value(value, type: nil) }
        if message.has("eval_error") || message.has("any_eval_errors") { return .error }
        if message.has("unknown") || message.has("any_unknowns") { return .unknown }
        return .value(nil, type: nil)
    }

    enum Expectation {
        /// A value (nil: true, or nothing where only the type counts) and the type the checker should find.
        case value(TextMessage?, type: TextMessage?)
        /// Any error of the evaluation; messages are each implementation's own.
        case error
        case unknown
    }
}
