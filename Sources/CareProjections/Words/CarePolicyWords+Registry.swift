import CareDomain
import RuleEngine

extension CarePolicyWords {
    /// The words of the published packs; of one code the latest version's words count.
    ///
    /// - Parameters:
    ///   - registry: Published versions.
    ///   - choices: Readings that the deployment chose; all others stand as the pack has them.
    ///   - divisions: What divisions are called, where the caller knows.
    package init(
        _ registry: PackRegistry, choices: ReadingChoices = [:], divisions: [DivisionCode: String] = [:]
    ) {
        self.init(slots: [], divisions: divisions)
        for version in registry.versions { take(version, choices) }
        packVersions = registry.versions
            .map { PackVersion(pack: $0.pack.id, effectiveFrom: $0.effectiveFrom, hash: $0.pack.hash) }
            .sorted()
    }

    private mutating func take(_ version: PublishedPack, _ choices: ReadingChoices) {
        let pack = version.pack
        for rule in pack.rules { clauseTitles[rule.clause] = rule.title.chinese }
        for duty in pack.duties.duties where clauseTitles[duty.clause] == nil {
            clauseTitles[duty.clause] = duty.title.chinese
        }
        for fact in pack.vocabulary.facts {
            factTitles[fact.id] = fact.title.chinese
            for (code, label) in fact.labels where codes[code] == nil { codes[code] = label.chinese }
        }
        let duties = pack.duties
        if !duties.pairingKinds.isEmpty {
            let isDistinct = duties.pairingNeedsDistinctPersons
            slots = duties.pairingKinds.map {
                Slot(
                    kind: $0.kind, chinese: $0.title.chinese, english: $0.title.english,
                    takesOwnPerson: $0.isPersonal && isDistinct)
            }
            // The duty began with the first version that knew the slots.
            inForceFrom = min(inForceFrom ?? version.effectiveFrom, version.effectiveFrom)
            registrationWithin = pack.registrationWithin(choices)
        }
        for label in duties.needKinds { needKinds[label.code] = label.title.chinese }
        for label in duties.visitKinds { visitKinds[label.code] = label.title.chinese }
        for holiday in duties.holidays { codes[holiday.code] = holiday.title.chinese }
        for label in (duties.guardian?.relations ?? []) + (duties.guardian?.scopes ?? []) {
            codes[label.code] = label.title.chinese
        }
    }
}

extension RulePack {
    /// Where a family must be registered; nil when the deployment asks for no registration.
    /// - Source: CZ-Q4
    fileprivate func registrationWithin(_ choices: ReadingChoices) -> DivisionCode? {
        let id = Code(unchecked: "registration_required")
        guard let index = reading(id.rawValue) else { return nil }
        let choice = choices[id] ?? readings[index].standard
        return choice == .bool(false) ? nil : territory
    }
}
