import CareDomain
import RuleEngine

extension ArchiveFold {
    /// 遮
    static let withheldText = "涉及本部门不可见的事实（遮）"

    /// The codes of what an answer waits for; that it waits for something that is kept from the reader stands for all of it.
    func missingCode(_ code: String) -> String {
        guard case .fact(let fact, _)? = Missing(code: code), withheld.facts.contains(fact) else { return code }
        return "withheld"
    }

    /// Whether a clause looks at a fact that is kept from the reader: then its reasons are, too, for they name what they found.
    func looksAtWithheld(_ made: DeterminationMade) -> Bool {
        guard !withheld.facts.isEmpty, let evaluator else { return false }
        let packs = evaluator.registry.versions.map(\.pack).filter { $0.id == made.pack }
        return packs.contains { pack in
            pack.reads(made.clause).facts.contains { withheld.facts.contains(pack.vocabulary.facts[$0].id) }
        }
    }

    /// What an answer waits for, in words: whose fact is to be asked for, or which parameter has no value.
    /// - Parameter code: As it stands in the determination, `person.employer_kind@person:…`, `parameter:…[urban]`.
    func missingText(_ code: String) -> String {
        guard let missing = Missing(code: code) else { return code }
        switch missing {
        case .fact(let fact, _) where withheld.facts.contains(fact): return Self.withheldText
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

extension CarePolicyWords {
    /// What an answer waits for, without saying whose: a fact or a parameter by its code, and what it is called.
    /// - Parameters:
    ///   - code: as a determination has it.
    ///   - isKept: Whether a fact is kept from the reader; then only that is said.
    package func missing(_ code: String, isKept: (FactID) -> Bool) -> CareArchive.Label {
        switch Missing(code: code) {
        case .fact(let fact, _)? where isKept(fact): .init("withheld", ArchiveFold.withheldText)
        case .fact(let fact, _)?: .init(fact.rawValue, title(fact))
        case .parameter(let parameter, _)?:
            .init(code, "参数“\(parameterTitles[parameter.rawValue] ?? parameter.rawValue)”")
        case nil: .init(code, code)
        }
    }
}
