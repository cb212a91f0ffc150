import CareDomain

extension PaymentRules {
    /// What the determinations in the log make due, by the rules' own counting of months.
    package static let published = PaymentRules(
        dues: { made, last in
            Determination(made).dues(through: last).compactMap { due in
                guard let falls = due.fallsIn, falls <= last, let amount = due.amount else { return nil }
                let ours = PayerSplit.split(amount, due.payers).filter { PayerPart.isPaidByUs($0.payer) }
                let sum = ours.reduce(Fen.zero) { $0 + $1.amount }
                guard sum > .zero else { return nil }
                return SumDue(
                    month: due.month, amount: sum, shares: due.payers.filter { PayerPart.isPaidByUs($0.payer) },
                    fallsIn: falls)
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
