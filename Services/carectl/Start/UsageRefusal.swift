import ArgumentParser
import ServiceKit

/// A command line that cannot be carried out as typed: what the argument parser says, in the person's words and with a
/// code, how the command is used, and where its help is.
struct UsageRefusal {
    /// Code and sentence.
    let failure: Failure
    /// How the command is used, as the parser writes it; empty when it does not say.
    let usage: String
    /// The command whose `--help` tells everything.
    let command: String

    /// Between the two languages of a sentence that went through the parser.
    fileprivate static let divider: Character = "\u{1F}"

    /// - Parameters:
    ///   - message: the parser's own sentence, English, or one of `ValidationError(_: UserText)`.
    ///   - fullText: the same with "Usage: …" and "See …" behind it.
    init(message: String, fullText: String) {
        failure = Self.failure(message)
        let lines = fullText.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex { $0.hasPrefix("Usage: ") }
        let end = lines.firstIndex { $0.hasPrefix("  See '") } ?? lines.endIndex
        usage = start.map { String(lines[$0..<max(end, $0)].joined(separator: "\n").dropFirst("Usage: ".count)) } ?? ""
        // "  See 'carectl log tail --help' for more information."
        command =
            end < lines.endIndex
            ? lines[end].split(separator: "'").dropFirst().first.map(String.init) ?? "carectl --help" : "carectl --help"
    }

    /// What is shown on standard error.
    func text(in language: Language) -> String {
        var text = failure.line(in: language)
        if !usage.isEmpty {
            text += "\n" + UserText(zh: "用法：", en: "Usage: ")[language] + usage
        }
        return text + "\n" + UserText(zh: "全部说明：\(command)", en: "See \(command) for more")[language]
    }

    private static func failure(_ message: String) -> Failure {
        let parts = message.split(separator: divider, maxSplits: 1)
        if parts.count == 2 {
            return Failure(6308, UserText(zh: String(parts[0]), en: String(parts[1])), exit: .usage)
        }
        for pattern in UsagePattern.all {
            guard let words = pattern.words(in: message) else { continue }
            return Failure(pattern.code, UserText(zh: pattern.chinese(words), en: message), exit: .usage)
        }
        return Failure(6309, UserText(zh: "命令行读不懂：\(message)", en: message), exit: .usage)
    }
}

extension ValidationError {
    /// Why options that are each in order do not go together.
    init(_ text: UserText) { self.init("\(text.zh)\(UsageRefusal.divider)\(text.en)") }
}

/// A sentence of the argument parser, by the fixed words in it, and the same in Chinese.
private struct UsagePattern {
    let code: Int
    /// What stands before, between and behind the words that differ; the last may be missing.
    let fixed: [String]
    let chinese: @Sendable ([String]) -> String

    /// The words that differ; nil when the sentence is another one.
    func words(in message: String) -> [String]? {
        guard let first = fixed.first, message.hasPrefix(first) else { return nil }
        var rest = message.dropFirst(first.count)
        var words: [String] = []
        for next in fixed.dropFirst() {
            if next.isEmpty {
                words.append(String(rest))
                rest = ""
                continue
            }
            guard let place = rest.firstRange(of: next) else { return nil }
            words.append(String(rest[..<place.lowerBound]))
            rest = rest[place.upperBound...]
        }
        return words
    }

    /// Whether something typed looks like an option to the parser and is a figure.
    private static var hasFigureBelowZero: Bool {
        CommandLine.arguments.contains { $0.first == "-" && $0.dropFirst().first?.isNumber ?? false }
    }

    static let all = [
        UsagePattern(code: 6300, fixed: ["Unknown option '", "'. Did you mean '", "'?"]) {
            "没有选项 \($0[0])；是否想写 \($0[1])？"
        },
        UsagePattern(code: 6300, fixed: ["Unknown option '", "'"]) { "没有选项 \($0[0])" },
        UsagePattern(code: 6301, fixed: ["Missing value for '", "'"]) { "选项后面缺少值：\($0[0])" },
        UsagePattern(code: 6302, fixed: ["The option '", "' does not take any value, but '", "' was specified."]) {
            "选项 \($0[0]) 不带值，却写了 \($0[1])"
        },
        UsagePattern(code: 6303, fixed: ["Unexpected argument '", "'"]) { "多出的参数，或没有这个子命令：\($0[0])" },
        UsagePattern(code: 6303, fixed: ["", " unexpected arguments: ", ""]) { "多出 \($0[0]) 个参数：\($0[1])" },
        UsagePattern(code: 6304, fixed: ["Missing expected argument '", "'"]) {
            "缺少参数 \($0[0])" + (hasFigureBelowZero ? "；以 - 开头的值写在最后，前面加 --，如 -- -1" : "")
        },
        UsagePattern(code: 6304, fixed: ["Missing one of: ", ""]) { "缺少其中之一：\($0[0])" },
        UsagePattern(code: 6305, fixed: ["The value '", "' is invalid for '", "'. Please provide one of ", ""]) {
            "\($0[1]) 不能是 \($0[0])，可用：\($0[2])"
        },
        UsagePattern(code: 6305, fixed: ["The value '", "' is invalid for '", "'"]) { "\($0[1]) 不能是 \($0[0])" },
        UsagePattern(
            code: 6306, fixed: ["Value to be set with ", " had already been set with ", ""]
        ) { "\($0[0]) 与前面的 \($0[1]) 只能写一个" },
        UsagePattern(code: 6307, fixed: ["Missing required subcommand."]) { _ in "缺少子命令" },
    ]
}
