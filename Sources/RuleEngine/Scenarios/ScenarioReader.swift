import CareDomain

/// Reads scenario files: families, facts with their two times, expectations.
final class ScenarioReader {
    private let document: DocumentReader
    private let pack: RulePack
    private var sequence: UInt64 = 0

    /// A family as written: facts by fact id, persons by name.
    private struct Family {
        var household: [String: YAMLValue] = [:]
        var persons: [String: [String: YAMLValue]] = [:]
    }

    /// Facts without a day hold since always and are known since always.
    private static let always = CivilDay(year: 1900, month: 1, day: 1)!

    init(_ document: DocumentReader, _ pack: RulePack) {
        self.document = document
        self.pack = pack
    }

    func scenarios(_ root: YAMLValue) -> [Scenario] {
        guard let fields = document.fields(root, required: ["pack", "scenarios"], optional: ["families"]) else {
            return []
        }
        if fields["pack"]?.text != pack.id.rawValue {
            document.note(
                fields["pack"]!, "scenario.pack", Wording("不是规则包 \(pack.id) 的场景", "not a scenario of pack \(pack.id)"),
                Wording("改正 pack", "correct pack"))
        }
        var families: [String: Family] = [:]
        for (key, value) in document.entries(fields["families"]) {
            guard let name = document.text(key),
                let content = document.fields(value, required: [], optional: ["household", "persons"])
            else { continue }
            families[name] = merged(Family(), content)
        }
        return document.items(fields["scenarios"]).compactMap { scenario($0, families) }
    }

    private func merged(_ family: Family, _ fields: DocumentReader.Fields) -> Family {
        var family = family
        for (key, value) in document.entries(fields["household"]) { family.household[key.text ?? ""] = value }
        for (name, person) in document.entries(fields["persons"]) {
            for (key, value) in document.entries(person) {
                family.persons[name.text ?? "", default: [:]][key.text ?? ""] = value
            }
        }
        return family
    }

    private func scenario(_ item: YAMLValue, _ families: [String: Family]) -> Scenario? {
        guard
            let fields = document.fields(
                item, required: ["id", "zh", "kind", "clause", "expect"],
                optional: [
                    "family", "household", "persons", "readings", "parameters", "awards", "known_at", "learned_by",
                ]),
            let id = document.text(fields["id"]), let sentence = document.text(fields["zh"]),
            let kind = document.choice(fields["kind"], Scenario.Kind.self), let clause = clause(fields["clause"])
        else { return nil }
        var base = Family()
        if let name = document.text(fields["family"]) {
            if let family = families[name] {
                base = family
            } else {
                document.note(
                    fields["family"]!, "scenario.family", Wording("没有家庭 \(name)", "there is no family \(name)"),
                    Wording("在 families 中写出", "write it under families"))
            }
        }
        let family = merged(base, fields)
        let people = persons(family)
        sequence = 0
        var facts = FactBase()
        for (field, value) in family.household.sorted(by: { $0.key < $1.key }) {
            facts.statements += statements("household.\(field)", .household, value)
        }
        for (name, values) in family.persons.sorted(by: { $0.key < $1.key }) {
            for (field, value) in values.sorted(by: { $0.key < $1.key }) {
                facts.statements += statements("person.\(field)", people[name]!, value)
            }
        }
        facts.awards = document.items(fields["awards"]).compactMap { award($0, people, clause) }
        return Scenario(
            id: id, sentence: sentence, kind: kind, clause: clause, facts: facts, knownAt: knownAt(fields),
            choices: choices(fields["readings"]),
            parameters: document.items(fields["parameters"]).compactMap(parameter),
            expectations: document.items(fields["expect"]).compactMap { expectation($0, people, clause) })
    }

    /// Persons get ids by the order of their names, so that the same file always gives the same facts.
    private func persons(_ family: Family) -> [String: RuleSubject] {
        let names = family.persons.keys.sorted()
        return Dictionary(
            uniqueKeysWithValues: names.enumerated().map { index, name in
                (name, .person(PersonID(Identifier128(high: 0, low: UInt64(index + 1)))))
            })
    }

    private func clause(_ value: YAMLValue?) -> ClauseID? {
        document.parsed(value, Wording("本规则包的条款", "a clause of this pack")) { text in
            ClauseID(text).flatMap { pack.rule($0) == nil ? nil : $0 }
        }
    }

    private func knownAt(_ fields: DocumentReader.Fields) -> KnownAt {
        if let day = document.day(fields["known_at"]) { return .recorded(Self.endOfDay(day)) }
        if let day = document.day(fields["learned_by"]) { return .learned(day) }
        return .latest
    }

    /// The last microsecond of a civil day in Asia/Shanghai.
    private static func endOfDay(_ day: CivilDay) -> Moment {
        Moment(microseconds: (Int64(day.dayNumber) + 1) * 86_400_000_000 - 8 * 3_600_000_000 - 1)
    }

    private static func startOfDay(_ day: CivilDay) -> Moment {
        Moment(microseconds: endOfDay(day - 1).microseconds + 1)
    }

    /// The statements of one fact: a bare value, or a list of `{value, from, until, learned, recorded, superseded}`.
    private func statements(_ name: String, _ subject: RuleSubject, _ value: YAMLValue) -> [FactStatement] {
        guard let fact = FactID(name), let definition = pack.vocabulary[fact] else {
            document.note(
                value, "scenario.unknown_fact", Wording("词汇表中没有 \(name)", "the vocabulary has no \(name)"),
                Wording("检查拼写", "check the spelling"))
            return []
        }
        if case .sequence(let items) = value.kind {
            return items.compactMap { dated(definition, subject, $0) }
        }
        guard let content = content(value, definition) else { return [] }
        return [statement(definition, subject, content, DayPeriod(start: Self.always), Self.always)]
    }

    private func content(_ value: YAMLValue?, _ definition: FactDefinition) -> FactValue? {
        document.parsed(value, Wording("\(definition.id) 的值", "a value of \(definition.id)")) {
            FactValueText.parse($0, as: definition.type, unit: "yuan")
        }
    }

    private func dated(_ definition: FactDefinition, _ subject: RuleSubject, _ item: YAMLValue) -> FactStatement? {
        guard
            let fields = document.fields(
                item, required: ["from"], optional: ["value", "until", "learned", "recorded", "superseded"]),
            let from = document.day(fields["from"])
        else { return nil }
        let value = fields["value"] == nil ? nil : content(fields["value"], definition)
        let learned = document.day(fields["learned"])
        var statement = statement(
            definition, subject, value, DayPeriod(start: from, end: document.day(fields["until"])),
            document.day(fields["recorded"]) ?? learned ?? from)
        statement.learnedOn = learned
        statement.supersededAt = document.day(fields["superseded"]).map { Self.startOfDay($0) }
        return statement
    }

    private func statement(
        _ definition: FactDefinition, _ subject: RuleSubject, _ value: FactValue?, _ period: DayPeriod,
        _ recorded: CivilDay
    ) -> FactStatement {
        sequence += 1
        return FactStatement(
            fact: definition.id, subject: subject, value: value, period: period, recordedAt: Self.startOfDay(recorded),
            source: EventReference(sequence: sequence))
    }

    private func choices(_ value: YAMLValue?) -> ReadingChoices {
        var choices: ReadingChoices = [:]
        for (key, value) in document.entries(value) {
            guard let reading = pack.readings.first(where: { $0.id.rawValue == key.text }) else {
                document.note(
                    key, "scenario.reading", Wording("没有这个口径", "there is no such reading"),
                    Wording("检查拼写", "check the spelling"))
                continue
            }
            choices[reading.id] = document.parsed(value, Wording("这个口径的选项", "a choice of the reading")) {
                FactValueText.parse($0, as: reading.choices.map(FactType.code) ?? .bool, unit: nil)
            }
        }
        return choices
    }

    private func parameter(_ item: YAMLValue) -> ParameterValue? {
        guard
            let fields = document.fields(item, required: ["id", "from", "value"], optional: ["keys", "until"]),
            let definition = document.parsed(
                fields["id"], Wording("本规则包的参数", "a parameter of this pack"),
                { name in pack.parameters.first { $0.id.rawValue == name } }),
            let from = document.day(fields["from"]),
            let value = document.parsed(
                fields["value"], Wording("参数的值", "a value of the parameter"),
                { FactValueText.parse($0, as: definition.type, unit: definition.unit) })
        else { return nil }
        return ParameterValue(
            parameter: definition.id, keys: document.items(fields["keys"]).compactMap(\.text), value: value,
            period: DayPeriod(start: from, end: document.day(fields["until"])))
    }

    private func subject(_ value: YAMLValue?, _ people: [String: RuleSubject]) -> RuleSubject? {
        guard let value else { return .household }
        return document.parsed(value, Wording("household 或场景中的人", "household or a person of the scenario")) {
            $0 == "household" ? .household : people[$0]
        }
    }

    private func award(_ item: YAMLValue, _ people: [String: RuleSubject], _ clause: ClauseID) -> Award? {
        guard
            let fields = document.fields(
                item, required: ["from"], optional: ["subject", "until", "amount", "decision"]),
            let subject = subject(fields["subject"], people), let from = document.day(fields["from"]),
            let outcome = outcome(fields)
        else { return nil }
        sequence += 1
        return Award(
            clause: clause, subject: subject, outcome: outcome,
            period: DayPeriod(start: from, end: document.day(fields["until"])), recordedAt: Self.startOfDay(from),
            source: EventReference(sequence: sequence))
    }

    /// What was decided; without a word for it, the amount is granted.
    private func outcome(_ fields: DocumentReader.Fields) -> AwardDecided.Outcome? {
        guard let word = fields["decision"] else { return yuan(fields["amount"]).map { .granted($0) } }
        switch document.choice(word, ScenarioDecision.self) {
        case .granted: return yuan(fields["amount"]).map { .granted($0) }
        case .refused: return .refused
        case .held: return .held
        case .excepted: return .excepted(fields["amount"].flatMap { yuan($0) })
        case nil: return nil
        }
    }

    private func yuan(_ value: YAMLValue?) -> Fen? {
        let parsed = document.parsed(value, Wording("以元为单位的金额", "a sum in yuan")) {
            FactValueText.parse($0, as: .money, unit: "yuan")
        }
        guard case .money(let fen) = parsed else { return nil }
        return fen
    }

    private func expectation(
        _ item: YAMLValue, _ people: [String: RuleSubject], _ clause: ClauseID
    ) -> Scenario.Expectation? {
        guard
            let fields = document.fields(
                item, required: [],
                optional: [
                    "on", "month", "subject", "clause", "status", "amount", "due", "hours", "payers", "missing",
                    "unmet",
                    "met_on", "begins",
                ]), let subject = subject(fields["subject"], people)
        else { return nil }
        let month = document.parsed(fields["month"], Wording("月份（如 2014-09）", "a month such as 2014-09")) {
            CivilDay(parsing: $0 + "-01").map(CivilMonth.init(containing:))
        }
        guard let day = document.day(fields["on"]) ?? month?.firstDay else {
            document.note(
                item, "scenario.day", Wording("缺少 on 或 month", "on or month is missing"),
                Wording("写上日期或月份", "write a day or a month"))
            return nil
        }
        return Scenario.Expectation(
            clause: self.clause(fields["clause"]) ?? clause, subject: subject, day: day, month: month,
            status: document.text(fields["status"]), amount: yuan(fields["amount"]), due: yuan(fields["due"]),
            hours: document.parsed(fields["hours"], Wording("小时数", "hours")) { DecimalText.thousandths($0) },
            payers: fields["payers"].map { document.items($0).compactMap(document.code) },
            missing: fields["missing"].map { document.items($0).compactMap(\.text) },
            unmet: fields["unmet"].map { document.items($0).compactMap(\.text) }, metOn: document.day(fields["met_on"]),
            begins: document.day(fields["begins"]), line: item.line)
    }
}

/// Words for a decision in a scenario.
private enum ScenarioDecision: String, CaseIterable {
    case granted, refused, held, excepted
}
