import CareDomain

extension PolicyCatalog {
    /// With what paying needs to know, whichever packs are published: no right depends on it.
    /// - Source: policies, Facts: person.account_ref, needed to pay, never for the right
    var withPaymentFacts: PolicyCatalog {
        var catalog = self
        let account = FactID.accountReference
        catalog.facts[account] =
            catalog.facts[account]
            ?? FactDefinition(fact: account, title: "收款账户编号", form: .reference, subject: .person)
        return catalog
    }
}
