/// One payer's share of a sum as a ratio of integers: 1 of 1, or 2 and 8.
package struct PayerShare: Hashable, Sendable {
    /// city, district, province, employer, finance, insurer, fund, donation.
    package let payer: Code
    /// Parts of the whole, at least 1; the whole is the sum of all parts.
    package let parts: Int64

    package init(payer: Code, parts: Int64) {
        self.payer = payer
        self.parts = parts
    }
}
