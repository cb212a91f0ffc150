import CareDomain

/// Reads scenario files: families, facts with their two times, expectations.
final class ScenarioReader {
    private let document: DocumentReader
    private let facts: FactsReader

    init(_ document: DocumentReader, _ pack: RulePack) {
        self.document = document
        facts = FactsReader(document, pack)
    }

    func scenarios(_ root: YAMLValue) -> [Scenario] {
        guard let fields = document.fields(root, required: ["pack", "scenarios"], optional: ["families"]) else {
            return []
        }
        if fields["pack"]?.text != facts.pack.id.rawValue {
            document.note(
                fields["pack"]!, "scenario.pack",
                Wording("不是规则包 \(facts.pack.id) 的场景", "not a scenario of pack \(facts.pack.id)"),
                Wording("改正 pack", "correct pack"))
        }
        var families: [String: FactsReader.Family] = [:]
        for (key, value) in document.entries(fields["families"]) {
            guard let name = document.text(key),
                let content = document.fields(value, required: [], optional: FactsReader.familyKeys)
            else { continue }
            families[name] = facts.merged(FactsReader.Family(), content)
        }
        var seen: Set<String> = []
        return document.items(fields["scenarios"]).compactMap { item in
            guard let scenario = scenario(item, families) else { return nil }
            if !seen.insert(scenario.id).inserted {
                document.note(
                    item, "scenario.repeated", Wording("\(scenario.id) 重复", "\(scenario.id) stands twice"),
                    Wording("换一个名字", "use another name"))
            }
            return scenario
        }
    }

    private func scenario(_ item: YAMLValue, _ families: [String: FactsReader.Family]) -> Scenario? {
        guard
            let fields = document.fields(
                item, required: ["id", "zh", "kind", "clause", "expect"],
                optional: FactsReader.familyKeys + [
                    "family", "readings", "parameters", "awards", "known_at", "learned_by",
                ]),
            let id = document.text(fields["id"]), let sentence = document.text(fields["zh"]),
            let kind = document.choice(fields["kind"], Scenario.Kind.self), let clause = facts.clause(fields["clause"])
        else { return nil }
        var base = FactsReader.Family()
        if let name = document.text(fields["family"]) {
            if let family = families[name] {
                base = family
            } else {
                document.note(
                    fields["family"]!, "scenario.family", Wording("没有家庭 \(name)", "there is no family \(name)"),
                    Wording("在 families 中写出", "write it under families"))
            }
        }
        var read = facts.read(facts.merged(base, fields))
        read.facts.awards = document.items(fields["awards"]).flatMap { facts.awards($0, read.names, clause) }
        return Scenario(
            id: id, sentence: sentence, kind: kind, clause: clause, facts: read.facts, knownAt: knownAt(fields),
            choices: facts.choices(fields["readings"]),
            parameters: document.items(fields["parameters"]).compactMap(facts.parameter),
            expectations: document.items(fields["expect"]).compactMap { expectation($0, read.names, clause) })
    }

    private func knownAt(_ fields: DocumentReader.Fields) -> KnownAt {
        if let day = document.day(fields["known_at"]) { return .recorded(FactsReader.endOfDay(day)) }
        if let day = document.day(fields["learned_by"]) { return .learned(day) }
        return .latest
    }

    private func expectation(
        _ item: YAMLValue, _ names: [String: RuleSubject], _ clause: ClauseID
    ) -> Scenario.Expectation? {
        guard
            let fields = document.fields(
                item, required: [],
                optional: [
                    "on", "month", "subject", "clause", "status", "amount", "due", "hours", "payers", "paid",
                    "missing", "unmet", "met_on", "begins", "measure",
                ]), let subject = facts.subject(fields["subject"], names)
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
            clause: facts.clause(fields["clause"]) ?? clause, subject: subject, day: day, month: month,
            status: document.text(fields["status"]), amount: facts.yuan(fields["amount"]),
            due: facts.yuan(fields["due"]),
            hours: document.parsed(fields["hours"], Wording("小时数", "hours")) { DecimalText.thousandths($0) },
            payers: fields["payers"].map { document.items($0).compactMap(document.code) },
            paid: fields["paid"].map(paid),
            missing: fields["missing"].map { document.items($0).compactMap(\.text) },
            unmet: fields["unmet"].map { document.items($0).compactMap(\.text) }, metOn: document.day(fields["met_on"]),
            begins: document.day(fields["begins"]),
            measure: document.parsed(fields["measure"], Wording("数", "a number")) { DecimalText.thousandths($0) },
            line: item.line)
    }

    /// `{city: 10000, province: 30000}` in yuan.
    private func paid(_ value: YAMLValue) -> [Code: Fen] {
        var parts: [Code: Fen] = [:]
        for (key, sum) in document.entries(value) {
            if let payer = document.code(key), let fen = facts.yuan(sum) { parts[payer] = fen }
        }
        return parts
    }
}
