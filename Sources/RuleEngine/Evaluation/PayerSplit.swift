import CareDomain

/// 购买服务时长: what is paid for the hours really delivered in a month.
/// - Source: CZ-2.7b
package struct HourSettlement: Hashable, Sendable {
    /// Hours subsidised, in thousandths: those delivered, the month's allowance at most.
    package let subsidised: Int64
    /// Hours beyond the allowance, in thousandths.
    package let unsubsidised: Int64
    /// What is paid, rounded half up to the fen.
    package let amount: Fen

    /// Settles a month.
    /// - Parameters:
    ///   - delivered: hours delivered, in thousandths, not negative.
    ///   - allowance: hours of the month, in thousandths.
    ///   - hourlyRate: subsidy per hour.
    package init(delivered: Int64, allowance: Int64, hourlyRate: Fen) {
        subsidised = min(max(0, delivered), allowance)
        unsubsidised = max(0, delivered - allowance)
        amount = Fen((subsidised * hourlyRate.amount + 500) / 1000)
    }
}
