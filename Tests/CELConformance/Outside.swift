/// Why a case is outside the subset that `Expressions.md` states.
///
/// Decided by what the case needs, read from its text, never by what the engine makes of it. The first reason that holds
/// counts.
enum Outside: String, CaseIterable {
    case extensionLibrary = "extension library"
    case twoVariableMacros = "two-variable macros"
    case optionalValues = "optional values"
    case macrosOff = "macros switched off"
    case messages = "messages and enums"
    case timestamps = "timestamp and duration"
    case matches = "matches"
    case declaredFunctions = "declared functions"

    /// The reason for this case, or nil when it is inside.
    static func reason(for test: ConformanceCase) -> Outside? {
        let words = ExpressionWords(test.expression)
        return allCases.first { $0.holds(for: test, words) }
    }

    private func holds(for test: ConformanceCase, _ words: ExpressionWords) -> Bool {
        switch self {
        // CEL keeps what is optional in files of their own.
        case .extensionLibrary: test.file.hasSuffix("_ext")
        case .twoVariableMacros: test.file == "macros2"
        case .optionalValues:
            test.file == "optionals" || words.contains("optional", ".") || words.contains(".", "?")
                || words.contains("[", "?")
        case .macrosOff: test.disablesMacros
        case .messages: needsMessages(test, words)
        case .timestamps:
            ["timestamp", "duration"].contains { words.contains($0, "(") }
                || test.message.mentions(["well_known"])
        case .matches: words.contains("matches", "(")
        case .declaredFunctions: test.message.messages("type_env").contains { $0.message("function") != nil }
        }
    }

    /// Messages are made, named, bound or expected, or the container is a package of them.
    private func needsMessages(_ test: ConformanceCase, _ words: ExpressionWords) -> Bool {
        words.makesMessage || words.contains("google", ".", "protobuf") || words.contains("cel", ".", "expr")
            || test.container.hasPrefix("cel.expr.")
            || test.message.mentions(["object_value", "enum_value", "message_type", "wrapper"])
    }
}
