import CareDomain
import RuleEngine

extension CarePolicyWords {
    /// The words of everything published. Of one code the latest version's word counts.
    package init(rules: PublishedRules) {
        self.init(slots: [])
        for version in rules.registry.versions {
            let pack = version.pack
            take(pack)
            packVersions.append(
                PackVersion(pack: pack.id, effectiveFrom: version.effectiveFrom, hash: pack.hash))
            guard !pack.duties.pairingKinds.isEmpty else { continue }
            inForceFrom = inForceFrom.map { min($0, version.effectiveFrom) } ?? version.effectiveFrom
            registrationWithin = pack.territory
            slots = pack.duties.pairingKinds.map { kind in
                Slot(
                    kind: kind.kind, chinese: kind.title.chinese, english: kind.title.english,
                    takesOwnPerson: kind.isPersonal && pack.duties.pairingNeedsDistinctPersons)
            }
        }
        packVersions.sort()
    }

    private mutating func take(_ pack: RulePack) {
        for rule in pack.rules { clauseTitles[rule.clause] = rule.title.chinese }
        for duty in pack.duties.duties { clauseTitles[duty.clause] = duty.title.chinese }
        for fact in pack.vocabulary.facts {
            factTitles[fact.id] = fact.title.chinese
            for (code, label) in fact.labels { codes[code] = label.chinese }
        }
        for need in pack.duties.needKinds { needKinds[need.code] = need.title.chinese }
        for visit in pack.duties.visitKinds { visitKinds[visit.code] = visit.title.chinese }
        for holiday in pack.duties.holidays { codes[holiday.code] = holiday.title.chinese }
        for division in DivisionTable.standard.latest { divisions[division.code] = division.name }
    }
}
