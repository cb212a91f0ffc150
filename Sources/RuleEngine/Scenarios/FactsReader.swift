import CareDomain

/// Reads families (or villages, units, cities, loans) as people write them: facts with their two times, decisions,
/// parameters, positions of switches. Shared by scenarios and facts files.
final class FactsReader {
    let document: DocumentReader
    let pack: RulePack
    private var sequence: UInt64 = 0

    /// One family as written: facts by name, persons and incidents by name.
    struct Family {
        /// What it is about; `household` unless another root is written.
        var root: EntityKind = .household
        var own: [String: YAMLValue] = [:]
        var persons: [String: [String: YAMLValue]] = [:]
        var incidents: [String: [String: YAMLValue]] = [:]
    }

    /// A family as facts, with the subjects its names stand for.
    struct Read {
        var facts: FactBase
        let names: [String: RuleSubject]
    }

    /// The keys a family may have.
    static let familyKeys = ["household", "village", "unit", "city", "loan", "persons", "incidents"]

    /// Facts without a day hold since always and are known since always.
    static let always = CivilDay(year: 1900, month: 1, day: 1)!

    init(_ document: DocumentReader, _ pack: RulePack) {
        self.document = document
        self.pack = pack
    }

    /// The family with what `fields` writes in place of its own.
    func merged(_ family: Family, _ fields: DocumentReader.Fields) -> Family {
        var family = family
        let roots = EntityKind.allCases.filter { $0.root == $0 && fields[$0.rawValue] != nil }
        checkSubject(fields, roots)
        for kind in roots {
            family.root = kind
            for (key, value) in document.entries(fields[kind.rawValue]) { family.own[key.text ?? ""] = value }
        }
        for (name, person) in document.entries(fields["persons"]) {
            family.persons[name.text ?? "", default: [:]] = family.persons[name.text ?? ""] ?? [:]
            for (key, value) in document.entries(person) {
                family.persons[name.text ?? "", default: [:]][key.text ?? ""] = value
            }
        }
        for (name, incident) in document.entries(fields["incidents"]) {
            for (key, value) in document.entries(incident) {
                family.incidents[name.text ?? "", default: [:]][key.text ?? ""] = value
            }
        }
        return family
    }

    /// The family with a role for each person: somebody without one belongs to no household, and would silently count for
    /// nothing. Where no role is written, a name that is one (`wife`) says it; any other name is an issue.
    func withRoles(_ family: Family, _ persons: YAMLValue?) -> Family {
        guard case .code(let roles)? = pack.vocabulary[FactVocabulary.role]?.type else { return family }
        var family = family
        for (name, place) in document.entries(persons) where family.persons[name.text ?? ""]?["role"] == nil {
            if let text = name.text, roles.contains(where: { $0.rawValue == text }) {
                family.persons[text]?["role"] = name
            } else {
                let list = roles.map(\.rawValue)
                document.note(
                    place, "scenario.no_role",
                    Wording(
                        "\(name.text ?? "") 没有家庭身份，不算家庭成员",
                        "\(name.text ?? "") has no role and belongs to no household"),
                    Wording(
                        "写 role，如 \(list.joined(separator: "、"))；确实不属本户的写 role: []",
                        "write role, such as \(list.joined(separator: ", ")); role: [] for somebody who does not belong"
                    ))
            }
        }
        return family
    }

    /// The family's facts. Persons and incidents get ids by the order of their names, so that the same file always gives
    /// the same facts.
    func read(_ family: Family) -> Read {
        sequence = 0
        var names: [String: RuleSubject] = [:]
        for (index, name) in family.persons.keys.sorted().enumerated() {
            names[name] = .person(PersonID(Identifier128(high: 0, low: UInt64(index + 1))))
        }
        for (index, name) in family.incidents.keys.sorted().enumerated() {
            names[name] = .incident(EventReference(sequence: 1_000_000 + UInt64(index)))
        }
        var facts = FactBase(root: family.root)
        func add(_ fields: [String: YAMLValue], _ subject: RuleSubject, _ kind: EntityKind) {
            for (field, value) in fields.sorted(by: { $0.key < $1.key }) {
                facts.statements += statements("\(kind.rawValue).\(field)", subject, value)
            }
        }
        add(family.own, .household, family.root)
        for (name, fields) in family.persons.sorted(by: { $0.key < $1.key }) {
            add(fields, names[name]!, .person)
            checkLife(facts.statements, names[name]!, fields)
        }
        for (name, fields) in family.incidents.sorted(by: { $0.key < $1.key }) { add(fields, names[name]!, .incident) }
        facts.statements = Self.begun(facts.statements)
        return Read(facts: facts, names: names)
    }

    /// Nobody dies before being born, and nothing is told of anybody before that.
    private func checkLife(_ statements: [FactStatement], _ person: RuleSubject, _ fields: [String: YAMLValue]) {
        func days(_ fact: FactID) -> [CivilDay] {
            statements.filter { $0.subject == person && $0.fact == fact }.compactMap {
                if case .day(let day)? = $0.value { day } else { nil }
            }
        }
        guard let birth = days(Self.birthDate).last else { return }
        checkBirth(fields, birth)
        guard let place = fields["death_date"], let death = days(Self.deathDate).last, death < birth else { return }
        document.note(
            place, "scenario.order",
            Wording("死亡日期 \(death) 早于出生日期 \(birth)", "died on \(death), before being born on \(birth)"),
            Wording("改正两个日期", "correct the two days"))
    }

    private static let birthDate = FactID(unchecked: "person.birth_date")
    private static let deathDate = FactID(unchecked: "person.death_date")

    // MARK: Facts

    /// The statements of one fact: a bare value, or a list of `{value, from, until, learned, recorded, superseded}`.
    private func statements(_ name: String, _ subject: RuleSubject, _ value: YAMLValue) -> [FactStatement] {
        guard let fact = FactID(name), let definition = pack.vocabulary[fact] else {
            let near = pack.vocabulary.near(name).map(\.rawValue)
            document.note(
                value, "scenario.unknown_fact", Wording("词汇表中没有 \(name)", "the vocabulary has no \(name)"),
                near.isEmpty
                    ? Wording(
                        "检查拼写；carectl rules facts \(pack.id) 列出全部事实",
                        "check the spelling; carectl rules facts \(pack.id) lists them all")
                    : Wording(
                        "是不是 \(near.joined(separator: "、"))？carectl rules facts \(pack.id) 列出全部事实",
                        "\(near.joined(separator: " or ")), perhaps? carectl rules facts \(pack.id) lists them all"))
            return []
        }
        if case .sequence(let items) = value.kind {
            let read = items.compactMap { item in dated(definition, subject, item).map { (item: item, statement: $0) } }
            checkTwice(read)
            return read.map(\.statement)
        }
        if case .mapping = value.kind { return [dated(definition, subject, value)].compactMap { $0 } }
        guard let content = content(value, definition) else { return [] }
        return [statement(definition, subject, content, DayPeriod(start: Self.always), Self.always)]
    }

    private func content(_ value: YAMLValue?, _ definition: FactDefinition) -> FactValue? {
        let found = document.parsed(
            value,
            Wording(
                "\(definition.id) 的值（\(definition.type.values.chinese)）",
                "a value of \(definition.id) (\(definition.type.values.english))"),
            { text in
                let value = FactValueText.parse(text, as: definition.type, unit: "yuan")
                return value.flatMap { definition.accepts($0) ? $0 : nil }
            })
        return found
    }

    private func dated(_ definition: FactDefinition, _ subject: RuleSubject, _ item: YAMLValue) -> FactStatement? {
        guard
            let fields = document.fields(
                item, required: [], optional: ["from", "value", "until", "learned", "recorded", "superseded"])
        else { return nil }
        let from = document.day(fields["from"]) ?? Self.always
        let value = fields["value"] == nil ? nil : content(fields["value"], definition)
        let learned = document.day(fields["learned"])
        checkOrder(fields, "from", "until")
        checkOrder(fields, fields["recorded"] != nil ? "recorded" : "learned", "superseded")
        var statement = statement(
            definition, subject, value, DayPeriod(start: from, end: document.day(fields["until"])),
            document.day(fields["recorded"]) ?? learned ?? from)
        statement.learnedOn = learned
        statement.supersededAt = document.day(fields["superseded"]).map { Self.startOfDay($0) }
        return statement
    }

    /// A stretch of days that ends before it begins holds never, and would count for nothing without a word.
    private func checkOrder(_ fields: DocumentReader.Fields, _ first: String, _ second: String) {
        guard let start = document.day(fields[first]), let place = fields[second], let end = document.day(place),
            end <= start
        else { return }
        document.note(
            place, "scenario.order",
            Wording("\(second) \(end) 不晚于 \(first) \(start)", "\(second) \(end) is not later than \(first) \(start)"),
            Wording("改正两个日期", "correct the two days"))
    }

    private func statement(
        _ definition: FactDefinition, _ subject: RuleSubject, _ value: FactValue?, _ period: DayPeriod,
        _ recorded: CivilDay
    ) -> FactStatement {
        FactStatement(
            fact: definition.id, subject: subject, value: value, period: period, recordedAt: Self.startOfDay(recorded),
            source: nextEvent())
    }

    private func nextEvent() -> EventReference {
        sequence += 1
        return EventReference(sequence: sequence)
    }

    /// The last microsecond of a civil day in Asia/Shanghai.
    static func endOfDay(_ day: CivilDay) -> Moment {
        Moment(microseconds: (Int64(day.dayNumber) + 1) * 86_400_000_000 - 8 * 3_600_000_000 - 1)
    }

    /// The first microsecond of a civil day in Asia/Shanghai.
    static func startOfDay(_ day: CivilDay) -> Moment { Moment(microseconds: endOfDay(day - 1).microseconds + 1) }

    // MARK: Names, switches, parameters

    /// A clause that is a rule of the pack.
    func clause(_ value: YAMLValue?) -> ClauseID? {
        document.parsed(value, Wording("本规则包的条款", "a clause of this pack")) { text in
            ClauseID(text).flatMap { pack.rule($0) == nil ? nil : $0 }
        }
    }

    /// A person or incident by name; the household (or other root) when nothing stands there.
    func subject(_ value: YAMLValue?, _ names: [String: RuleSubject]) -> RuleSubject? {
        guard let value else { return .household }
        return document.parsed(value, Wording("household 或所写的人、事件", "household, or a person or incident written here"))
        {
            EntityKind(rawValue: $0).map { $0.root == $0 } == true ? .household : names[$0]
        }
    }

    func choices(_ value: YAMLValue?) -> ReadingChoices {
        var choices: ReadingChoices = [:]
        for (key, value) in document.entries(value) {
            guard let reading = pack.readings.first(where: { $0.id.rawValue == key.text }) else {
                document.note(
                    key, "scenario.reading", Wording("没有这个口径", "there is no such reading"),
                    Wording("检查拼写", "check the spelling"))
                continue
            }
            let type = reading.choices.map(FactType.code) ?? .bool
            if let reach = pack.reach(of: reading) {
                document.warn(
                    key, "facts.reading_reach",
                    Wording(
                        "口径 \(reading.id) 不管全部条款：\(reach.chinese)",
                        "\(reading.id) is not for all clauses: \(reach.english)"),
                    Wording("这些条款另设所说的口径", "for those set the reading named"))
            }
            choices[reading.id] = document.parsed(
                value,
                Wording(
                    "口径 \(reading.id) 的选项（\(type.values.chinese)）",
                    "a choice of \(reading.id) (\(type.values.english))")
            ) { FactValueText.parse($0, as: type, unit: nil) }
        }
        return choices
    }

    /// The parameter of a name, or an issue that tells those of like names.
    private func known(_ name: YAMLValue?) -> ParameterDefinition? {
        guard let name, let text = name.text else { return nil }
        if let found = pack.parameters.first(where: { $0.id.rawValue == text }) { return found }
        let ids = pack.parameters.map(\.id.rawValue)
        let tail = text.split(separator: ".").last.map(String.init) ?? text
        let near = ids.filter { $0.contains(tail) || text.contains($0) }
        let list = (near.isEmpty ? ids : near).sorted()
        document.note(
            name, "scenario.unknown_parameter",
            Wording("\(pack.id) 没有参数 \(text)", "\(pack.id) has no parameter \(text)"),
            Wording("可用：\(list.joined(separator: "、"))", "there are: \(list.joined(separator: ", "))"))
        return nil
    }

    /// A unit written beside a value is the parameter's own.
    private func checkUnit(_ value: YAMLValue?, _ definition: ParameterDefinition) {
        guard let value, value.text != definition.unit else { return }
        let own = definition.unit
        document.note(
            value, "scenario.unit",
            Wording(
                "\(definition.id) 的单位是 \(own ?? "无")，不是 \(value.text ?? "?")",
                "the unit of \(definition.id) is \(own ?? "none"), not \(value.text ?? "?")"),
            own.map { Wording("换算成 \($0) 再写，或去掉 unit", "write it in \($0), or leave unit out") }
                ?? Wording("去掉 unit", "leave unit out"))
    }

    func parameter(_ item: YAMLValue) -> ParameterValue? {
        guard
            let fields = document.fields(
                item, required: ["id", "from", "value"], optional: ["keys", "until", "recorded", "learned", "unit"]),
            let definition = known(fields["id"]),
            let from = document.day(fields["from"]),
            let value = document.parsed(
                fields["value"],
                Wording(
                    "参数 \(definition.id) 的值（\(definition.type.values.chinese)\(definition.unit.map { "，单位 \($0)" } ?? "")）",
                    "a value of \(definition.id) (\(definition.type.values.english)\(definition.unit.map { ", unit \($0)" } ?? ""))"
                ),
                { FactValueText.parse($0, as: definition.type, unit: definition.unit) })
        else { return nil }
        checkOrder(fields, "from", "until")
        checkUnit(fields["unit"], definition)
        let keys = document.items(fields["keys"]).compactMap(\.text)
        for issue in pack.issues(of: definition, keys: keys, value: value) {
            let isNegative = if case .money(let fen) = value { fen < .zero } else { false }
            document.note(
                issue.part == .keys ? fields["keys"] ?? item : fields["value"] ?? item,
                issue.part == .keys ? "pack.parameter_keys" : isNegative ? "scenario.negative" : "scenario.range",
                issue.what, issue.advice)
        }
        let days = DayPeriod(start: from, end: document.day(fields["until"]))
        if let issue = pack.yearIssue(definition, days) {
            document.note(fields["from"] ?? item, "scenario.index_year", issue.what, issue.advice)
        }
        return ParameterValue(
            parameter: definition.id, keys: keys, value: value, period: days,
            recordedAt: document.day(fields["recorded"]).map { Self.startOfDay($0) },
            learnedOn: document.day(fields["learned"]))
    }

    /// Why a service would refuse to set a value that can be meant: the document does not allow it. nil = it would set it.
    func refused(_ value: ParameterValue, at item: YAMLValue) -> PackIssue? {
        let definition = pack.parameters.first { $0.id == value.parameter }
        guard let issue = definition?.boundIssues(keys: value.keys, value: value.value).first else { return nil }
        let place = document.entries(item).first { $0.key.text == "value" }?.value ?? item
        return PackIssue(
            file: document.file, line: place.line, column: place.column, code: issue.refusal.code,
            problem: issue.what, advice: issue.advice)
    }

    // MARK: Decisions

    /// A decision of a person: `{clause, subject, decision, amount, from, until, recorded, revoked}`; without a word for it, the
    /// amount is granted.
    /// - Parameter clause: the clause of a scenario, which its decisions need not name; nil = they do.
    /// - Returns: the decision, and where it was taken back that, too; empty = it was refused.
    func awards(_ item: YAMLValue, _ names: [String: RuleSubject], _ clause: ClauseID?) -> [Award] {
        let keys = ["subject", "until", "amount", "decision", "recorded", "revoked", "reason", "unit"]
        guard
            let fields = document.fields(
                item, required: clause == nil ? ["from", "clause"] : ["from"],
                optional: clause == nil ? keys : ["clause"] + keys),
            let clause = fields["clause"] == nil ? clause : self.clause(fields["clause"]),
            let subject = subject(fields["subject"], names), let from = document.day(fields["from"])
        else { return [] }
        checkAmount(fields, item)
        guard let outcome = outcome(fields) else { return [] }
        checkOrder(fields, "from", "until")
        let unit = fields["unit"].flatMap { unit in
            document.parsed(unit, Wording("区划代码", "a division code"), { DivisionCode($0) })
        }
        if let unit, let place = fields["unit"] { checkUnit(place, unit, clause) }
        var award = Award(
            clause: clause, subject: subject, outcome: outcome,
            period: DayPeriod(start: from, end: document.day(fields["until"])),
            recordedAt: Self.startOfDay(document.day(fields["recorded"]) ?? from), source: nextEvent(),
            unit: unit)
        award.wasTaken = false
        return [award] + [revocation(of: award, fields["revoked"])].compactMap { $0 }
    }

    /// 撤销: the day from which a decision no longer holds, one of its own. It was taken back on that day, or when it was
    /// recorded, where that is later.
    private func revocation(of award: Award, _ value: YAMLValue?) -> Award? {
        guard let value, let day = document.day(value) else { return nil }
        guard award.period.contains(day) else {
            document.note(
                value, "scenario.revoked",
                Wording(
                    "\(day) 不是这项决定的日子，不能从这天起撤销",
                    "the decision does not hold on \(day), so it is not taken back from then"),
                Wording("写 from 当天或以后、until 以前的日子", "write a day from `from` on and before `until`"))
            return nil
        }
        return Award(
            clause: award.clause, subject: award.subject, outcome: .revoked(award.source),
            period: DayPeriod(start: day), recordedAt: max(award.recordedAt, Self.startOfDay(day)), source: nextEvent())
    }

    private func outcome(_ fields: DocumentReader.Fields) -> AwardDecided.Outcome? {
        guard let word = fields["decision"] else { return yuan(fields["amount"]).map { .granted($0) } }
        switch document.choice(word, Decision.self) {
        case .granted: return yuan(fields["amount"]).map { .granted($0) }
        case .refused: return .refused
        case .held: return .held
        case .excepted: return .excepted(fields["amount"].flatMap { yuan($0) })
        case nil: return nil
        }
    }

    /// A sum written in yuan.
    func yuan(_ value: YAMLValue?) -> Fen? {
        let parsed = document.parsed(value, Wording("以元为单位、至多两位小数的金额", "a sum in yuan with at most two decimals")) {
            FactValueText.parse($0, as: .money, unit: "yuan")
        }
        guard let value, case .money(let fen) = parsed else { return nil }
        if fen < .zero {
            document.note(
                value, "scenario.negative", Wording("金额不能小于 0", "a sum is never below 0"),
                Wording("改成 0 或以上", "write 0 or more"))
        }
        return fen
    }

    /// Words for a decision.
    private enum Decision: String, CaseIterable {
        case granted, refused, held, excepted
    }
}
