import CareDomain

extension PolicyCatalog {
    /// With what paying needs to know, whichever packs are published: no right depends on it.
    /// - Source: policies, Facts: person.account_ref, needed to pay, never for the right; 代缴、代办 goes to the institution's account (CZ-2.7d)
    var withPaymentFacts: PolicyCatalog {
        var catalog = self
        for (account, title) in [
            (FactID.accountReference, "收款账户编号"), (.institutionAccountReference, "机构收款账户编号"),
        ] {
            catalog.facts[account] =
                catalog.facts[account]
                ?? FactDefinition(fact: account, title: title, form: .reference, subject: .person)
        }
        return catalog
    }
}
