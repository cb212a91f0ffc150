import CareDomain

extension PackLint {
    /// Facts that only some departments may see (`shown_to`): whoever answers for a clause sees what the clause looks at, what
    /// everybody's lists rest on is everybody's, and only what is stated as a fact can be kept from anybody.
    func sight() -> [Finding] {
        let restricted = pack.vocabulary.facts.filter { $0.shownTo != nil }
        return restricted.flatMap { unstated($0) + blind($0) + nobody($0) } + types(restricted)
    }

    /// Facts that stand in events of their own, which say more than the fact.
    private func unstated(_ fact: FactDefinition) -> [Finding] {
        guard FactVocabulary.isRecordedByEvents(fact) else { return [] }
        return [
            Finding(
                code: "lint.shown_to_not_stated", about: fact.id.rawValue,
                problem: Wording(
                    "这个事实由专门的事件登记，不是事实陈述，遮不住", "this fact stands in events of its own and cannot be withheld"),
                advice: Wording("去掉 shown_to", "leave shown_to out"), path: ["facts", fact.id.rawValue, "shown_to"],
                isMistake: true)
        ]
    }

    /// Clauses whose department may not see what they look at.
    private func blind(_ fact: FactDefinition) -> [Finding] {
        let seeing = fact.shownTo ?? []
        let blind = pack.rules.filter { rule in
            guard let department = rule.department, !seeing.contains(department) else { return false }
            return pack.reads(rule.clause).facts.contains { pack.vocabulary.facts[$0].id == fact.id }
        }
        return blind.map { rule in
            let department = rule.department?.rawValue ?? ""
            return Finding(
                code: "lint.owner_cannot_see", about: fact.id.rawValue,
                problem: Wording(
                    "\(rule.clause) 要看这个事实，主管部门 \(department) 却看不到",
                    "\(rule.clause) looks at this fact, but its department \(department) may not see it"),
                advice: Wording("把 \(department) 加进 shown_to", "add \(department) to shown_to"),
                path: ["facts", fact.id.rawValue, "shown_to"], isMistake: true)
        }
    }

    /// An empty list: nobody could look at what is recorded.
    private func nobody(_ fact: FactDefinition) -> [Finding] {
        guard fact.shownTo?.isEmpty ?? false else { return [] }
        return [
            Finding(
                code: "lint.shown_to_nobody", about: fact.id.rawValue,
                problem: Wording("没有部门看得到", "no department may see it"),
                advice: Wording("写明部门，或去掉 shown_to", "name departments, or leave shown_to out"),
                path: ["facts", fact.id.rawValue, "shown_to"], isMistake: true)
        ]
    }

    /// Types of families are in everybody's lists and counts.
    private func types(_ restricted: [FactDefinition]) -> [Finding] {
        let kept = Set(restricted.map(\.id))
        return pack.familyTypes.flatMap { type -> [Finding] in
            pack.reads(of: type).compactMap { fact -> Finding? in
                guard kept.contains(fact) else { return nil }
                return Finding(
                    code: "lint.type_reads_restricted", about: fact.rawValue,
                    problem: Wording(
                        "家庭类别 \(type.code) 要看这个事实，而类别人人可查",
                        "the family type \(type.code) looks at this fact, and types are everybody's"),
                    advice: Wording("去掉 shown_to，或改类别", "leave shown_to out, or change the type"),
                    path: ["facts", fact.rawValue, "shown_to"], isMistake: true)
            }
        }
    }
}
