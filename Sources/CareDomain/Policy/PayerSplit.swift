/// Splits sums among payers so that the parts always add up to the whole.
package enum PayerSplit {
    /// Each payer's part in the order of the shares: whole fen rounded towards zero, the rest goes to the first payer.
    /// - Source: policies/README, Units: shares
    package static func split(_ amount: Fen, _ shares: [PayerShare]) -> [(payer: Code, amount: Fen)] {
        let total = shares.reduce(Int64(0)) { $0 + $1.parts }
        guard total > 0 else { return [] }
        var parts = shares.map { share -> Int64 in
            let product = amount.amount.magnitude.multipliedFullWidth(by: UInt64(share.parts))
            let quotient = UInt64(total).dividingFullWidth(product).quotient
            return amount.amount < 0 ? -Int64(quotient) : Int64(quotient)
        }
        parts[0] += amount.amount - parts.reduce(0, +)
        return zip(shares, parts).map { ($0.payer, Fen($1)) }
    }
}

extension Array where Element == PayerShare {
    /// The same shares without those of zero, divided by what divides them all.
    package var inLowestTerms: [PayerShare] {
        let paying = filter { $0.parts > 0 }
        var divisor: Int64 = 0
        for share in paying {
            var (high, low) = (divisor, share.parts)
            while low != 0 { (high, low) = (low, high % low) }
            divisor = high
        }
        guard divisor > 1 else { return paying }
        return paying.map { PayerShare(payer: $0.payer, parts: $0.parts / divisor) }
    }
}
