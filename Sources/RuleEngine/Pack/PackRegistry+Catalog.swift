import CareDomain

extension PackRegistry {
    /// The words and codes of all published versions together, against which commands are checked. Of one code the
    /// latest version's words count.
    package var policyCatalog: PolicyCatalog { policyCatalog(parameters: []) }

    /// The same, with what parameters set later say of applications.
    package func policyCatalog(parameters: [ParameterValue]) -> PolicyCatalog {
        var catalog = PolicyCatalog()
        for version in versions {
            let pack = version.pack
            catalog.places.removeAll { $0.pack == pack.id }
            catalog.places.append(pack.place)
            for fact in pack.vocabulary.facts where fact.id != FactVocabulary.familyRole {
                if let definition = fact.catalogEntry { catalog.facts[fact.id] = definition }
            }
            let values = pack.parameters.flatMap(\.values) + parameters
            for rule in pack.rules where rule.unit.beneficiary.root == .household {
                var entry = rule.catalogEntry
                entry.payee = rule.institution(values)
                entry.pack = pack.id
                // 原则上: who overrides a soft bar is not alone.
                if pack.interactions.contains(where: { $0.isSoft && $0.among.contains(rule.clause) }) {
                    entry.secondApproval.insert(.exception)
                }
                catalog.clauses[rule.clause] = entry
            }
            let duties = pack.duties
            for kind in duties.pairingKinds {
                let slot = PolicyCatalog.PairingSlot(
                    kind: kind.kind, title: kind.title.chinese, asks: duties.pairingAsks)
                if let known = catalog.pairingSlots.firstIndex(where: { $0.kind == slot.kind }) {
                    catalog.pairingSlots[known] = slot
                } else {
                    catalog.pairingSlots.append(slot)
                }
            }
            catalog.needKinds.merge(duties.needKinds.map(\.word))
            catalog.visitKinds.merge(duties.visitKinds.map(\.word))
            catalog.sources.merge(pack.sources.map(\.word))
            catalog.holidays.merge(
                duties.holidays.map { PolicyCatalog.Word(code: $0.code, title: $0.title.chinese) })
            for var workflow in pack.workflows.map({ $0.workflow(values) }) {
                workflow.pack = pack.id
                catalog.workflows.removeAll { $0.code == workflow.code && $0.pack == pack.id }
                catalog.workflows.append(workflow)
            }
            if let terms = pack.guidanceTerms(values) { catalog.guidance.append(terms) }
            catalog.exclusions.removeAll { old in pack.interactions.contains { $0.clause == old.clause } }
            catalog.exclusions += pack.exclusions
            for form in duties.visitForms { catalog.visitForms[form.code] = form.fields.map(\.word) }
        }
        catalog.sight = FactRestrictions(self)
        catalog.accidentInsurance = accidentInsurance
        return catalog
    }

    /// The insurance of the pack that has the clause, from its first version with it to the end of the last.
    /// - Source: CZ-2.3
    private var accidentInsurance: AccidentInsurance? {
        for id in packs {
            let periods = periods(of: id).compactMap { version, period in
                version.pack.rules.first { $0.clause == AccidentInsurance.clause }.map { ($0, version.pack, period) }
            }
            guard let first = periods.first, let last = periods.last, let department = last.0.department else {
                continue
            }
            return AccidentInsurance(
                department: department, territory: last.1.territory,
                inForce: DayPeriod(start: first.2.start, end: last.2.end))
        }
        return nil
    }
}

extension LabelledCode {
    fileprivate var word: PolicyCatalog.Word { PolicyCatalog.Word(code: code, title: title.chinese) }
}

extension GuardianRules {
    /// The terms as commands are checked against them.
    var catalogEntry: PolicyCatalog.Guardians {
        PolicyCatalog.Guardians(
            namers: namedBy.map { PolicyCatalog.Word(code: Code(unchecked: $0.rawValue), title: Self.title($0)) },
            relations: relations.map(\.word), scopes: scopes.map(\.word))
    }

    private static func title(_ body: DepartmentID) -> String {
        switch body.rawValue {
        case "org.community": "村（居）"
        case "org.employer": "所在单位"
        default: ""
        }
    }
}

extension [PolicyCatalog.Word] {
    /// Adds the words, each in the place of an earlier one with the same code.
    fileprivate mutating func merge(_ words: [PolicyCatalog.Word]) {
        for word in words {
            if let index = firstIndex(where: { $0.code == word.code }) { self[index] = word } else { append(word) }
        }
    }
}

extension Rule {
    /// The clause as decisions about it are checked against it.
    fileprivate var catalogEntry: PolicyCatalog.Clause {
        let subject: PolicyCatalog.Clause.Subject =
            switch unit.beneficiary {
            case .household, .village, .unit, .city, .loan: .household
            case .person: .person
            case .incident: .incident
            }
        return PolicyCatalog.Clause(
            clause: clause, title: title.chinese, subject: subject, amountType: amount?.type ?? .none,
            secondApproval: secondApproval, department: department, handOut: handOut)
    }

    /// How often it gives goods to a household; nil for everything else.
    package var handOut: HandOutRhythm? {
        guard kind == .inkindGoods, unit.beneficiary == .household else { return nil }
        return switch unit.cadence {
        case .month: .month
        case .quarter: .quarter
        case .year: .year
        case .once, .none: .once
        case .schoolYear: nil
        }
    }
}

extension FactDefinition {
    /// The definition as commands are checked against it; nil for facts about incidents, which have their own event, and for those of other logs.
    fileprivate var catalogEntry: PolicyCatalog.FactDefinition? {
        let subject: PolicyCatalog.FactDefinition.Subject
        switch self.subject {
        case .household: subject = .household
        case .person: subject = .person
        case .incident, .village, .unit, .city, .loan: return nil
        }
        var codes: [Code] = []
        let form: PolicyCatalog.FactDefinition.Form
        switch type {
        case .bool: form = .bool
        case .int: form = .int
        case .decimal: form = .decimal
        case .code(let all):
            form = .code
            codes = all
        case .date: form = .day
        case .money: form = .money
        case .reference, .division: form = .reference
        }
        return PolicyCatalog.FactDefinition(
            fact: id, title: title.chinese, form: form, subject: subject, codes: codes)
    }
}
