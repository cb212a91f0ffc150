import CareDomain

/// What a disability certificate tells, as the archive states an assessment.
enum CertifiedFacts {
    /// The day from which it counts.
    static let day = FactID(unchecked: "person.disability_certified_on")
    /// What counts from that day.
    static let all = Set(["person.disability_grade", "person.disability_kind"].map { FactID(unchecked: $0) })
}

/// A grade counts from the day of its certificate, a stage of schooling without days from the day the studies begin, where the
/// file names that.
///
/// In the archive an assessment states grade, kind and day of the certificate together, from that day, and a stage is stated from
/// a day. Somebody who writes either without its days, and the day beside it, means the same.
/// - Source: CZ-1.1 (special-hardship from the day of certification), CZ-2.10d (the award is for who was admitted)
extension FactsReader {
    private static let stage = FactID(unchecked: "person.school_stage")
    private static let studyFrom = FactID(unchecked: "person.study_from")

    /// The statements with those that a named day bears out cut to begin on that day. A stretch in which no such day lies, and one
    /// that begins with it, stay as they are written; so does a stage that is written with its own first day: whoever is
    /// admitted before the studies begin has it from then.
    static func begun(_ statements: [FactStatement]) -> [FactStatement] {
        let days = statements.filter {
            ($0.fact == CertifiedFacts.day || $0.fact == studyFrom) && $0.value != nil && $0.supersededAt == nil
        }
        guard !days.isEmpty else { return statements }
        return statements.flatMap { statement -> [FactStatement] in
            guard statement.value != nil, let fact = dayFact(of: statement) else { return [statement] }
            let end = end(of: statement, among: statements)
            let found = days.compactMap { named -> (day: CivilDay, told: FactStatement)? in
                guard named.fact == fact, named.subject == statement.subject, case .day(let day)? = named.value,
                    day >= statement.period.start, end.map({ day < $0 }) ?? true
                else { return nil }
                return (day, named)
            }
            guard let first = found.min(by: { $0.day < $1.day }), first.day > statement.period.start else {
                return [statement]
            }
            return cut(statement, to: first.day, told: first.told)
        }
    }

    /// The fact that names the day from which a statement counts; nil = its own days stand.
    private static func dayFact(of statement: FactStatement) -> FactID? {
        if CertifiedFacts.all.contains(statement.fact) { return CertifiedFacts.day }
        return statement.fact == stage && statement.period.start == always ? studyFrom : nil
    }

    /// The last day after all: its own, or the first of the next word of the same fact.
    private static func end(of statement: FactStatement, among statements: [FactStatement]) -> CivilDay? {
        let next = statements.lazy.filter {
            $0.fact == statement.fact && $0.subject == statement.subject && $0.period.start > statement.period.start
        }.map(\.period.start).min()
        return [statement.period.end, next].compactMap { $0 }.min()
    }

    /// Until the day was told the statement counted as it was written.
    private static func cut(_ statement: FactStatement, to day: CivilDay, told: FactStatement) -> [FactStatement] {
        var later = statement
        later.period = DayPeriod(start: day, end: statement.period.end)
        guard told.recordedAt > statement.recordedAt else { return [later] }
        var earlier = statement
        earlier.supersededAt = [statement.supersededAt, told.recordedAt].compactMap { $0 }.min()
        earlier.supersededLearnedOn = told.learnedOn
        later.recordedAt = told.recordedAt
        later.learnedOn = told.learnedOn
        return [earlier, later]
    }

    /// Facts of the file that no rule of the pack reads: they change no answer, which whoever writes them does not expect. Told
    /// once each, where it stands first.
    func warnOfUnread(_ content: DocumentReader.Fields, _ told: inout Set<FactID>) {
        let unread = Set(pack.unreadFacts.map(\.id))
        func look(_ fields: YAMLValue?, _ kind: EntityKind) {
            guard case .mapping(let entries)? = fields?.kind else { return }
            for (key, _) in entries {
                guard let id = key.text.map({ FactID(unchecked: "\(kind.rawValue).\($0)") }), unread.contains(id),
                    told.insert(id).inserted
                else { continue }
                let title = pack.vocabulary[id]?.title
                document.warn(
                    key, "facts.unread",
                    Wording(
                        "\(id)（\(title?.chinese ?? "")）没有规则读取，对结论不起作用",
                        "no rule reads \(id) (\(title?.english ?? "")), it changes no answer"),
                    Wording(
                        "只供登记的可以保留；carectl rules facts \(pack.id) --clause 条款 列出各条所看的事实",
                        "it may stay as a record; carectl rules facts \(pack.id) --clause CLAUSE lists what a clause looks at"
                    ))
            }
        }
        for kind in EntityKind.allCases where kind.root == kind { look(content[kind.rawValue], kind) }
        for (part, kind) in [("persons", EntityKind.person), ("incidents", .incident)] {
            guard case .mapping(let entries)? = content[part]?.kind else { continue }
            for (_, fields) in entries { look(fields, kind) }
        }
    }
}
