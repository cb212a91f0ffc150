import CareDomain
import Crypto

/// Builds a pack from its YAML document.
final class PackReader {
    let document: DocumentReader
    var scope: CheckScope = {
        var scope = CheckScope()
        scope.isStrict = true
        return scope
    }()
    var definitions: [Definition] = []

    init(_ document: DocumentReader) { self.document = document }

    func pack(_ root: YAMLValue, bytes: [UInt8]) -> RulePack? {
        guard
            let fields = document.fields(
                root, required: ["pack", "valid_from", "zh", "en", "document", "facts", "rules"],
                optional: [
                    "valid_to", "interactions", "indexations", "declarations", "capabilities", "left_out", "territory",
                    "parameters", "readings", "definitions", "family_types", "pairing", "guardian",
                    "visits", "holidays", "notices", "applications", "guidance", "functions", "lending", "precedence",
                    "stated_by", "figures",
                ]),
            let id = document.parsed(fields["pack"], Wording("规则包代码", "a pack code"), { PackID($0) }),
            let validFrom = document.day(fields["valid_from"]), let title = document.wording(fields),
            let paper = document.fields(fields["document"]!, required: ["number", "issuer", "dated"]),
            let number = document.text(paper["number"]), let issuer = document.text(paper["issuer"]),
            let dated = document.day(paper["dated"])
        else { return nil }
        let validTo = document.day(fields["valid_to"])
        checkPeriod(validFrom, validTo, fields["valid_to"])
        let precedence = precedence(fields["precedence"])
        scope.vocabulary = FactVocabulary(
            unique(document.items(fields["facts"]).compactMap { fact($0, precedence) }, \.id.rawValue))
        checkVocabulary(fields["facts"]!)
        scope.parameters = unique(document.items(fields["parameters"]).compactMap(parameter), \.id.rawValue)
        scope.readings = unique(document.items(fields["readings"]).compactMap(reading), \.id.rawValue)
        let ruleItems = document.items(fields["rules"])
        readDefinitions(document.items(fields["definitions"]), rules: ruleItems)
        let rules = unique(ruleItems.compactMap(rule), \.clause.rawValue)
        let definitions = self.definitions.map { definition in
            Definition(
                id: definition.id, title: definition.title, expression: definition.expression,
                rule: rules.firstIndex { $0.defines == definition.id })
        }
        let interactions = unique(
            document.items(fields["interactions"]).compactMap { interaction($0, rules) }, \.clause.rawValue)
        let indexations = unique(document.items(fields["indexations"]).compactMap(indexation), \.clause.rawValue)
        let declarations = unique(document.items(fields["declarations"]).compactMap(declaration), \.clause.rawValue)
        let capabilities = unique(
            document.items(fields["capabilities"]).compactMap { capability($0, isLeftOut: false) }
                + document.items(fields["left_out"]).compactMap { capability($0, isLeftOut: true) }, \.clause.rawValue)
        let statedBy = owners(fields["stated_by"])
        return RulePack(
            id: id, validFrom: validFrom, validTo: validTo, title: title,
            documentNumber: number, issuer: issuer, dated: dated,
            hash: Array(SHA256.hash(data: bytes)), bytes: bytes,
            territory: document.parsed(fields["territory"], Wording("区划代码", "a division code")) { DivisionCode($0) },
            vocabulary: scope.vocabulary, parameters: scope.parameters, readings: scope.readings,
            definitions: definitions, rules: rules, interactions: interactions, indexations: indexations,
            declarations: declarations, capabilities: capabilities, familyTypes: familyTypes(fields["family_types"]),
            duties: dutyCatalog(fields, rules),
            workflows: unique(
                document.items(fields["applications"]).compactMap { workflow($0, rules.filter(\.concernsHousehold)) },
                \.workflow.code.rawValue),
            guidance: fields["guidance"].flatMap { guidance($0, rules, declarations) },
            functions: fields["functions"].map { offices($0) } ?? [:],
            owners: statedBy.acts, factOwners: statedBy.facts, precedence: precedence,
            figures: figures(fields["figures"]), lending: fields["lending"].flatMap { lending($0, rules) })
    }

    /// The items without repetition; a repeated one is noted.
    private func unique<T>(_ items: [(YAMLValue, T)], _ name: (T) -> String) -> [T] {
        var seen: Set<String> = []
        var result: [T] = []
        for (place, item) in items {
            if seen.insert(name(item)).inserted {
                result.append(item)
            } else {
                document.note(
                    place, "pack.repeated", Wording("\(name(item)) 重复", "\(name(item)) stands twice"),
                    Wording("删去一处", "remove one"))
            }
        }
        return result
    }

    // MARK: Facts

    private func fact(_ item: YAMLValue, _ precedence: FactPrecedence) -> (YAMLValue, FactDefinition)? {
        guard
            let fields = document.fields(
                item, required: ["id", "type", "nature", "zh", "en"],
                optional: ["values", "range", "unit", "timeless", "shown_to", "precedence"]),
            let id = document.parsed(fields["id"], Wording("事实代码", "a fact code"), { FactID($0) }),
            let subject = document.parsed(
                fields["id"],
                Wording(
                    "以 household. person. incident. village. unit. city. loan. 开头的代码",
                    "a code beginning household. person. incident. village. unit. city. or loan."),
                { EntityKind(rawValue: String($0.prefix { $0 != "." })) }),
            let nature = document.choice(fields["nature"], FactNature.self), let title = document.wording(fields)
        else { return nil }
        var labels: [Code: Wording] = [:]
        var codes: [Code] = []
        for (key, value) in document.entries(fields["values"]) {
            guard let code = document.code(key), let names = document.fields(value, required: ["zh", "en"]),
                let label = document.wording(names)
            else { continue }
            codes.append(code)
            labels[code] = label
        }
        guard let type = factType(fields, codes) else { return nil }
        let definition = FactDefinition(
            id: id, subject: subject, type: type, nature: nature,
            isTimeless: document.bool(fields["timeless"], else: false), title: title, unit: fields["unit"]?.text,
            labels: labels, shownTo: fields["shown_to"].map { document.items($0).compactMap(knownDepartment) },
            precedence: fields["precedence"].map { self.precedence($0) } ?? precedence)
        return (item, definition)
    }

    private func factType(_ fields: DocumentReader.Fields, _ codes: [Code]) -> FactType? {
        let bounds = document.items(fields["range"]).compactMap { document.int($0) }
        return document.parsed(
            fields["type"],
            Wording(
                "类型 bool, int, decimal, enum, date, money, ref, division（enum 须有 values）",
                "a type: bool, int, decimal, enum, date, money, ref, division (enum needs values)")
        ) { name in
            switch name {
            case "bool": .bool
            case "int":
                bounds.count == 2 && bounds[0] <= bounds[1] ? .int(bounds[0]...bounds[1]) : .int(.min ... .max)
            case "decimal": .decimal
            case "enum": codes.isEmpty ? nil : .code(codes)
            case "date": .date
            case "money": .money
            case "ref": .reference
            case "division": .division
            default: nil
            }
        }
    }

    private func checkVocabulary(_ place: YAMLValue) {
        if let birth = scope.vocabulary[FactVocabulary.birthDate], birth.type == .date, birth.nature == .plain,
            let role = scope.vocabulary[FactVocabulary.role], case .code = role.type, role.nature == .certified
        {
            return
        }
        document.note(
            place, "pack.core_facts",
            Wording(
                "词汇表须有 person.birth_date（date, plain）和 person.role（enum, certified）",
                "the vocabulary needs person.birth_date (date, plain) and person.role (enum, certified)"),
            Wording("补上或改正这两项", "add or correct the two"))
    }

    // MARK: Parameters and readings

    private func parameter(_ item: YAMLValue) -> (YAMLValue, ParameterDefinition)? {
        guard
            let fields = document.fields(
                item, required: ["id", "type", "zh", "en"],
                optional: ["unit", "per", "keys", "values", "choices", "least", "most"]),
            let id = document.parsed(fields["id"], Wording("参数代码", "a parameter code"), { ParameterID($0) }),
            let title = document.wording(fields),
            let type = factType(fields, document.items(fields["choices"]).compactMap(document.code))
        else { return nil }
        let unit = fields["unit"]?.text
        if type == .money, unit != "fen", unit != "yuan" {
            document.note(
                fields["unit"] ?? item, "pack.unit",
                Wording("金额参数须注明单位 fen 或 yuan", "a money parameter needs the unit fen or yuan"),
                Wording("加上 unit: yuan 或 unit: fen", "add unit: yuan or unit: fen"))
        } else if type != .money, unit == "fen" || unit == "yuan" {
            document.note(
                fields["unit"]!, "pack.unit", Wording("单位是钱，类型却是 \(type.name)", "a money unit on type \(type.name)"),
                Wording("改为 type: money", "make it type: money"))
        }
        let keys = document.items(fields["keys"]).compactMap { document.code($0)?.rawValue }
        let values = document.items(fields["values"]).compactMap { value(of: id, type, unit, keys, $0) }
        for (index, one) in values.enumerated() {
            for other in values[..<index]
            where other.1.keys == one.1.keys && other.1.period.intersection(one.1.period) != nil {
                document.note(
                    one.0, "pack.overlap",
                    Wording("\(id) 的这个值与前面的值有效期重叠", "this value of \(id) overlaps an earlier one"),
                    Wording("改正 from 或加上 to", "correct from, or add to"))
            }
        }
        let definition = ParameterDefinition(
            id: id, type: type, unit: unit, per: self.unit(fields["per"]), keys: keys, title: title,
            values: values.map(\.1), bounds: bounds(fields, id, type, unit, keys))
        for (place, value) in values {
            for issue in definition.boundIssues(keys: value.keys, value: value.value) {
                document.note(place, "pack.bound", issue.what, issue.advice)
            }
        }
        return (item, definition)
    }

    private func value(
        of id: ParameterID, _ type: FactType, _ unit: String?, _ keys: [String], _ item: YAMLValue
    ) -> (YAMLValue, ParameterValue)? {
        guard
            let fields = document.fields(item, required: ["from", "value"], optional: ["to", "keys"]),
            let from = document.day(fields["from"]),
            let value = document.parsed(
                fields["value"], type.values(unit: unit),
                { FactValueText.parse($0, as: type, unit: unit) })
        else { return nil }
        if case .money(let fen) = value, fen < .zero {
            document.note(
                fields["value"] ?? item, "pack.amount", Wording("\(id) 的这个值小于零", "this value of \(id) is below zero"),
                Wording("写成零或正数", "write zero or more"))
        }
        let codes = document.items(fields["keys"]).compactMap { document.code($0)?.rawValue }
        if codes.count != keys.count {
            document.note(
                item, "pack.parameter_keys",
                Wording("\(id) 需要 \(keys.count) 个键", "\(id) takes \(keys.count) keys"),
                Wording("按 keys 的声明给出", "give them as declared under keys"))
        }
        // The last valid day is written; the period ends the day after.
        let end = fields["to"].flatMap { document.day($0) }.map { $0 + 1 }
        if let end, end <= from {
            document.note(
                fields["to"] ?? item, "pack.period",
                Wording("\(id) 的这个值在开始之前就结束", "this value of \(id) ends before it begins"),
                Wording("改正 from 或 to", "correct from or to"))
        }
        return (
            item,
            ParameterValue(parameter: id, keys: codes, value: value, period: DayPeriod(start: from, end: end))
        )
    }

    private func reading(_ item: YAMLValue) -> (YAMLValue, Reading)? {
        guard
            let fields = document.fields(
                item, required: ["id", "question", "default", "zh", "en"], optional: ["choices", "meanings"]),
            let id = document.code(fields["id"]), let question = document.text(fields["question"]),
            let title = document.wording(fields)
        else { return nil }
        let choices = fields["choices"].map { document.items($0).compactMap(document.code) }
        guard
            let standard = document.parsed(
                fields["default"],
                Wording(
                    "口径 \(id) 的选项（\((choices.map(FactType.code) ?? .bool).values.chinese)）",
                    "a choice of \(id) (\((choices.map(FactType.code) ?? .bool).values.english))"),
                { FactValueText.parse($0, as: choices.map(FactType.code) ?? .bool, unit: nil) })
        else { return nil }
        var meanings: [Code: Wording] = [:]
        for (key, value) in document.entries(fields["meanings"]) {
            guard let code = document.code(key), let names = document.fields(value, required: ["zh", "en"]) else {
                continue
            }
            meanings[code] = document.wording(names)
        }
        let reading = Reading(
            id: id, question: question, choices: choices, standard: standard, title: title, meanings: meanings)
        return (item, reading)
    }

    /// A unit such as `person·month`.
    func unit(_ value: YAMLValue?) -> RuleUnit? {
        document.parsed(value, Wording("单位，如 person·month", "a unit such as person·month")) { RuleUnit($0) }
    }
}
