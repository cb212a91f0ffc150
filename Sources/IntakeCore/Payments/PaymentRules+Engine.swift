import CareDomain
import RuleEngine

extension PaymentRules {
    /// What the determinations in the log make due, by the rules' own counting of months.
    package static let published = PaymentRules(
        dues: { made, last in
            Determination(made).dues(through: last).compactMap { due in
                guard due.status == .entitled, let amount = due.amount else { return nil }
                let ours = PayerSplit.split(amount, due.payers).filter { PayerPart.isPaidByUs($0.payer) }
                let sum = ours.reduce(Fen.zero) { $0 + $1.amount }
                guard sum > .zero else { return nil }
                return SumDue(
                    month: due.month, amount: sum, shares: due.payers.filter { PayerPart.isPaidByUs($0.payer) })
            }
        },
        split: { amount, shares in
            PayerSplit.split(amount, shares).map { PayerPart(payer: $0.payer, amount: $0.amount) }
        },
        withoutPayer: { made, last in
            Determination(made).dues(through: last).compactMap { due in
                let isOwed = due.status == .entitled && due.amount ?? .zero > .zero
                return isOwed && due.payers.isEmpty ? due.month : nil
            }
        },
        byOthers: { made, last in
            Determination(made).dues(through: last).compactMap { due in
                let isOwed = due.status == .entitled && due.amount ?? .zero > .zero
                return isOwed && due.payers.contains { !PayerPart.isPaidByUs($0.payer) } ? due.month : nil
            }
        })
}

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
