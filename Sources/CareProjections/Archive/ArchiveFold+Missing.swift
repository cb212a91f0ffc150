import CareDomain
import RuleEngine

extension ArchiveFold {
    /// What an answer waits for, in words: whose fact is to be asked for, or which parameter has no value.
    /// - Parameter code: As it stands in the determination, `person.employer_kind@person:…`, `parameter:…[urban]`.
    func missingText(_ code: String) -> String {
        guard let missing = Missing(code: code) else { return code }
        switch missing {
        case .fact(let fact, let whose):
            return "请补\(subject(whose).text)的\(words.title(fact))"
        case .parameter(let parameter, let keys):
            let title = words.parameterTitles[parameter.rawValue] ?? parameter.rawValue
            let which =
                keys.isEmpty ? "" : "（\(keys.map { words.chinese(Code(unchecked: $0)) }.joined(separator: "、"))）"
            return "参数“\(title)”\(which)尚未设定"
        }
    }
}
