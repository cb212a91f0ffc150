import CareDomain
import RuleEngine

extension CarePolicyWords {
    /// The words of everything published. Of one code the latest version's word counts.
    /// - Parameter choices: Readings that the deployment chose; all others stand as the pack has them.
    package init(rules: PublishedRules, choices: ReadingChoices = [:]) {
        self.init()
        for version in rules.registry.versions {
            let pack = version.pack
            take(pack)
            territories[pack.id] = pack.territory
            takeVisitDuty(of: version, choices)
            takeGoodsDuties(of: version, choices)
            precedences.append(
                PlacedPrecedence(
                    territory: pack.territory, inForce: version.days,
                    facts: Dictionary(uniqueKeysWithValues: pack.vocabulary.facts.map { ($0.id, $0.precedence) })))
            packVersions.append(
                PackVersion(pack: pack.id, effectiveFrom: version.effectiveFrom, hash: pack.hash))
        }
        restrictions = FactRestrictions(rules.registry)
        takePairingDuties(rules.registry, choices)
        packVersions.sort()
        let catalog = rules.registry.policyCatalog(parameters: rules.parameters)
        workflows = catalog.workflows
        guidance = catalog.guidance
        accidentInsurance = catalog.accidentInsurance
        payees = catalog.clauses.compactMapValues(\.payee)
        for division in DivisionTable.standard.latest { divisions[division.code] = division.name }
    }

    /// Of a pack the slots of the latest version with slots count. The duty runs from the first such version to the end of
    /// the last: a version that asks for no helpers ends it.
    private mutating func takePairingDuties(_ registry: PackRegistry, _ choices: ReadingChoices) {
        for id in registry.packs {
            let periods = registry.periods(of: id).filter { !$0.version.pack.duties.pairingKinds.isEmpty }
            guard let first = periods.first, let last = periods.last,
                let clause = last.version.pack.duties.pairingClause
            else { continue }
            let pack = last.version.pack
            let slots = pack.duties.pairingKinds.map { kind in
                Slot(
                    kind: kind.kind, chinese: kind.title.chinese, english: kind.title.english,
                    takesOwnPerson: kind.isPersonal && pack.duties.pairingNeedsDistinctPersons,
                    asks: pack.duties.pairingAsks)
            }
            pairingDuties.append(
                PairingDuty(
                    clause: clause, inForce: DayPeriod(start: first.period.start, end: last.period.end),
                    territory: pack.registrationWithin(choices), slots: slots))
        }
    }

    /// Of a clause the days of the latest version count.
    private mutating func takeVisitDuty(of version: PublishedPack, _ choices: ReadingChoices) {
        let pack = version.pack
        takeHolidayVisits(of: version)
        guard let clause = pack.duties.visitingClause, let duty = pack.duties.duty(of: clause) else { return }
        let due = duty.dueRule(in: pack, choices)
        add(VisitDuty(clause: clause, due: due, inForce: version.days, territory: pack.territory))
    }

    /// Of a clause the latest version counts.
    private mutating func takeGoodsDuties(of version: PublishedPack, _ choices: ReadingChoices) {
        for rule in version.pack.rules {
            guard let rhythm = rule.handOut else { continue }
            goodsDuties.removeAll { $0.clause == rule.clause }
            goodsDuties.append(
                GoodsDuty(
                    clause: rule.clause, rhythm: rhythm, due: rule.duty?.dueRule(in: version.pack, choices),
                    territory: version.pack.territory))
        }
    }

    /// The clause of holiday visits, with the feasts that the pack names.
    /// - Source: CZ-2.14b
    private mutating func takeHolidayVisits(of version: PublishedPack) {
        let duties = version.pack.duties
        let duty = duties.duties.first { if case .holiday = $0.due { true } else { false } }
        guard let duty, !duties.holidays.isEmpty else { return }
        add(
            VisitDuty(
                clause: duty.clause, due: duty.due, inForce: version.days, territory: version.pack.territory,
                holidays: duties.holidays.map(\.code)))
    }

    private mutating func add(_ duty: VisitDuty) {
        var duty = duty
        if let earlier = visitDuties.first(where: { $0.clause == duty.clause })?.inForce.start {
            duty.inForce = DayPeriod(start: min(earlier, duty.inForce.start), end: duty.inForce.end)
        }
        visitDuties.removeAll { $0.clause == duty.clause }
        visitDuties.append(duty)
    }

    private mutating func take(_ pack: RulePack) {
        for duty in pack.duties.duties { clauseTitles[duty.clause] = duty.title.chinese }
        for rule in pack.rules { clauseTitles[rule.clause] = rule.title.chinese }
        for interaction in pack.interactions { clauseTitles[interaction.clause] = interaction.title.chinese }
        for indexation in pack.indexations { clauseTitles[indexation.clause] = indexation.title.chinese }
        for declaration in pack.declarations { clauseTitles[declaration.clause] = declaration.title.chinese }
        for capability in pack.capabilities { clauseTitles[capability.clause] = capability.title.chinese }
        for fact in pack.vocabulary.facts {
            factTitles[fact.id] = fact.title.chinese
            factLabels[fact.id] = fact.labels.mapValues(\.chinese)
        }
        for parameter in pack.parameters { parameterTitles[parameter.id.rawValue] = parameter.title.chinese }
        for form in pack.duties.visitForms {
            let known = forms[form.code]
            if known.map({ form.title.chinese.count < $0.count }) ?? true { forms[form.code] = form.title.chinese }
            if let territory = pack.territory {
                placedForms.append(PlacedForm(code: form.code, territory: territory, title: form.title.chinese))
            }
        }
        for need in pack.duties.needKinds { needKinds[need.code] = need.title.chinese }
        for visit in pack.duties.visitKinds { visitKinds[visit.code] = visit.title.chinese }
        for holiday in pack.duties.holidays { codes[holiday.code] = holiday.title.chinese }
        for label in (pack.duties.guardian?.relations ?? []) + (pack.duties.guardian?.scopes ?? []) {
            codes[label.code] = label.title.chinese
        }
    }
}

extension PublishedPack {
    /// Days from its first to its own last.
    fileprivate var days: DayPeriod { DayPeriod(start: effectiveFrom, end: effectiveTo) }
}

extension Duty {
    /// When it is due by the choices of the deployment.
    fileprivate func dueRule(in pack: RulePack, _ choices: ReadingChoices) -> DueRule {
        guard let dueByReading else { return due }
        let reading = pack.readings[dueByReading.reading]
        guard case .code(let choice) = choices[reading.id] ?? reading.standard else { return due }
        return dueByReading.rules[choice] ?? due
    }
}

extension RulePack {
    /// Where a family must be registered to be the pack's; nil when the deployment asks for no registration.
    /// - Source: CZ-Q4
    fileprivate func registrationWithin(_ choices: ReadingChoices) -> DivisionCode? {
        let id = Code(unchecked: "registration_required")
        guard let index = reading(id.rawValue) else { return territory }
        let choice = choices[id] ?? readings[index].standard
        return choice == .bool(false) ? nil : territory
    }
}
