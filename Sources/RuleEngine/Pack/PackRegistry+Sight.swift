import CareDomain

extension FactRestrictions {
    /// Who sees what by everything published.
    package init(_ registry: PackRegistry) {
        self.init()
        for version in registry.versions { add(Version(version), of: version.pack.id) }
    }
}

extension FactRestrictions.Version {
    /// Who sees what by a published version.
    fileprivate init(_ version: PublishedPack) {
        let facts = version.pack.vocabulary.facts
        let restricted = facts.compactMap { fact in fact.shownTo.map { (fact.id, Set($0)) } }
        self.init(
            territory: version.pack.territory,
            inForce: DayPeriod(start: version.effectiveFrom, end: version.effectiveTo), facts: Set(facts.map(\.id)),
            shownTo: Dictionary(uniqueKeysWithValues: restricted))
    }
}
