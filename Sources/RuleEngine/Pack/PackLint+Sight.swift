import CareDomain

extension PackLint {
    /// Facts that only some departments may see (`shown_to`): whoever answers for a clause sees what the clause looks at, what
    /// everybody's lists rest on is everybody's, the file itself is kept from nobody, and a record of its own is kept whole.
    func sight() -> [Finding] {
        let restricted = pack.vocabulary.facts.filter { $0.shownTo != nil }
        return restricted.flatMap { unkept($0) + blind($0) + nobody($0) } + apart(restricted) + types(restricted)
            + staters()
    }

    /// Departments that are to state a fact and may not see it: the door would refuse them.
    private func staters() -> [Finding] {
        pack.factOwners.sorted { $0.key < $1.key }.flatMap { fact, owners in
            guard let seeing = pack.vocabulary[fact]?.shownTo else { return [Finding]() }
            return owners.filter { !seeing.contains($0) }.map { department in
                Finding(
                    code: "lint.stated_by_unseen", about: fact.rawValue,
                    problem: Wording(
                        "\(department) 看不到这个事实（shown_to），却由它登记",
                        "\(department) is to state this fact and may not see it (shown_to)"),
                    advice: Wording("加进 shown_to，或从 stated_by 去掉", "add it to shown_to, or leave it out of stated_by"),
                    path: ["stated_by", fact.rawValue], isMistake: true)
            }
        }
    }

    /// Facts of the file itself, and figures that are about no family.
    private func unkept(_ fact: FactDefinition) -> [Finding] {
        guard let record = OwnRecord(fact.id), !record.canBeKept else { return [] }
        let isFile = record == .file
        return [
            Finding(
                code: "lint.shown_to_not_stated", about: fact.id.rawValue,
                problem: Wording(
                    isFile ? "这个事实是档案本身（成员、户籍、居住地、销档），看得到这一户的都要知道，遮不住" : "这个事实不是某一户的，遮不住",
                    isFile
                        ? "this fact is the file itself, which whoever sees the family has to know, and cannot be withheld"
                        : "this fact is about no family and cannot be withheld"),
                advice: Wording("去掉 shown_to", "leave shown_to out"), path: ["facts", fact.id.rawValue, "shown_to"],
                isMistake: true)
        ]
    }

    /// Facts that one record tells together but that are shown to different departments.
    private func apart(_ restricted: [FactDefinition]) -> [Finding] {
        var first: [OwnRecord: FactDefinition] = [:]
        return restricted.compactMap { fact -> Finding? in
            guard let record = OwnRecord(fact.id), record.canBeKept else { return nil }
            guard let other = first[record] else {
                first[record] = fact
                return nil
            }
            guard Set(other.shownTo ?? []) != Set(fact.shownTo ?? []) else { return nil }
            return Finding(
                code: "lint.shown_to_apart", about: fact.id.rawValue,
                problem: Wording(
                    "它和 \(other.id) 由同一个事件登记，要遮一起遮，shown_to 却不同",
                    "one event tells it together with \(other.id), so both are withheld or neither, yet shown_to differs"
                ),
                advice: Wording("只在其中一个写 shown_to，或写成一样", "write shown_to at one of them, or the same at both"),
                path: ["facts", fact.id.rawValue, "shown_to"], isMistake: true)
        }
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
