import CareDomain

/// What people write that nobody could mean, and that would count for nothing without a word.
extension FactsReader {
    /// An entry is about one subject; persons and incidents are a household's.
    func checkSubject(_ fields: DocumentReader.Fields, _ roots: [EntityKind]) {
        for other in roots.dropFirst() {
            guard let place = fields[other.rawValue] else { continue }
            document.note(
                place, "scenario.two_subjects",
                Wording(
                    "一份里写了 \(roots[0].rawValue) 又写 \(other.rawValue)，只能有一个",
                    "the entry is about a \(roots[0].rawValue) and a \(other.rawValue), it can be one"),
                Wording("分成两份写", "write two entries"))
        }
        guard let root = roots.first, root != .household else { return }
        for part in ["persons", "incidents"] {
            guard let place = fields[part], !document.entries(place).isEmpty else { continue }
            document.note(
                place, "scenario.two_subjects",
                Wording(
                    "\(part) 只属于户，不属于 \(root.rawValue)", "\(part) belong to a household, not to a \(root.rawValue)"),
                Wording("另写一户，或去掉", "write them in a household, or leave them out"))
        }
    }

    /// Two values of one fact from the same day, learned together: nothing says which of them holds.
    func checkTwice(_ items: [(item: YAMLValue, statement: FactStatement)]) {
        for (index, later) in items.enumerated() {
            let (place, own) = later
            let earlier = items[..<index].first { _, other in
                other.period.start == own.period.start && other.recordedAt == own.recordedAt
                    && other.learnedOn == own.learnedOn && other.supersededAt == nil && own.supersededAt == nil
                    && other.value != own.value
            }
            guard earlier != nil else { continue }
            document.note(
                place, "scenario.fact_twice",
                Wording(
                    "\(own.fact) 自 \(own.period.start) 起写了两个不同的值",
                    "\(own.fact) has two different values from \(own.period.start)"),
                Wording("只留一个，或写明 recorded", "keep one, or say when each was recorded"))
        }
    }

    /// Nothing is told of a person before their birth.
    func checkBirth(_ fields: [String: YAMLValue], _ birth: CivilDay) {
        func note(_ place: YAMLValue, _ day: CivilDay, _ field: String) {
            document.note(
                place, "scenario.before_birth",
                Wording("\(field) 的 \(day) 早于出生日期 \(birth)", "\(day) of \(field) is before the birth on \(birth)"),
                Wording("改正两个日期", "correct the two days"))
        }
        for (field, value) in fields.sorted(by: { $0.key < $1.key }) {
            guard let definition = pack.vocabulary[FactID(unchecked: "person.\(field)")], !definition.isTimeless,
                field != "death_date"
            else { continue }
            let items: [YAMLValue] = if case .sequence(let all) = value.kind { all } else { [value] }
            for item in items {
                guard case .mapping(let parts) = item.kind else {
                    if definition.type == .date, let day = item.text.flatMap({ CivilDay(parsing: $0) }), day < birth {
                        note(item, day, field)
                    }
                    continue
                }
                for (key, content) in parts {
                    let isDay = key.text == "from" || key.text == "value" && definition.type == .date
                    guard isDay, let day = content.text.flatMap({ CivilDay(parsing: $0) }), day < birth else {
                        continue
                    }
                    note(content, day, field)
                }
            }
        }
    }

    /// A grant says how much; what gives nothing names no sum.
    func checkAmount(_ fields: DocumentReader.Fields, _ item: YAMLValue) {
        let word = fields["decision"]?.text ?? "granted"
        switch (word, fields["amount"]) {
        case ("granted", nil):
            document.note(
                item, "scenario.award_amount", Wording("批准没有写金额", "a grant without a sum"),
                Wording("写上 amount（元）", "write amount, in yuan"))
        case ("refused", let amount?), ("held", let amount?):
            document.note(
                amount, "scenario.award_amount", Wording("\(word) 不带金额", "\(word) goes without a sum"),
                Wording("去掉 amount，或改 decision", "leave amount out, or write another decision"))
        default: break
        }
    }

    /// The unit that granted is one in whose table the clause has a column.
    func checkUnit(_ value: YAMLValue, _ division: DivisionCode, _ clause: ClauseID) {
        guard let rule = pack.rule(clause), pack.guidance?.shares(of: division, rule) == nil else { return }
        let units = pack.guidance?.units.map(\.division.rawValue) ?? []
        document.note(
            value, "scenario.award_unit",
            Wording("\(clause) 不经单位 \(division) 给予", "\(clause) is not given by the unit \(division)"),
            units.isEmpty
                ? Wording("去掉 unit", "leave unit out")
                : Wording("可用：\(units.joined(separator: "、"))", "there are: \(units.joined(separator: ", "))"))
    }

    /// Somebody who never belongs to the household: what is written of them counts only where the family they came from is
    /// asked.
    func warnOfOutsiders(_ read: Read, _ persons: YAMLValue?) {
        for (name, place) in document.entries(persons) {
            guard let text = name.text, let subject = read.names[text],
                !read.facts.statements.contains(where: {
                    $0.fact == FactVocabulary.role && $0.subject == subject && $0.value != nil
                })
            else { continue }
            document.warn(
                place, "facts.outsider",
                Wording(
                    "\(text) 不属本户（role 为空），所写的事实不起作用",
                    "\(text) does not belong to the household (role is empty), what is written of them counts for nothing"
                ),
                Wording("属于本户的写上 role", "write the role of somebody who belongs"))
        }
    }
}
