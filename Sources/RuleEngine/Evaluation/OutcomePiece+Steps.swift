import CareDomain

extension OutcomePiece {
    /// Notes what the answer or the sum waits for.
    mutating func wait(for unknown: UnknownSet) {
        missing = unknown.items
        status = unknown.items.allSatisfy(\.isParameter) ? .needsParameter : .needsFact
    }

    /// Under `rights_from = confirmed`: the part before the last fact was learned gives no right.
    func confirmed(on knownOn: CivilDay?) -> [OutcomePiece] {
        guard rightHolds, let knownOn, knownOn > period.start else { return [self] }
        var before = OutcomePiece(period: period, status: .notEntitled, pack: pack)
        before.unmet = [.notYetConfirmed(knownOn)]
        before.facts = facts
        guard period.contains(knownOn) else { return [before] }
        before.period = DayPeriod(start: period.start, end: knownOn)
        var after = self
        after.period = DayPeriod(start: knownOn, end: period.end)
        return [before, after]
    }
}

extension Value {
    /// The value as the figure of a target or threshold, in thousandths of its unit (money: of a yuan); nil when it is no
    /// number, or too large.
    var measured: Int64? {
        let (number, factor): (Int64, Int64)
        switch self {
        case .decimal(let thousandths): (number, factor) = (thousandths, 1)
        case .int(let whole): (number, factor) = (whole, 1000)
        case .money(let fen): (number, factor) = (fen.amount, 10)
        default: return nil
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
