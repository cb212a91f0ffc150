import CareDomain

extension Array where Element == OutcomePiece {
    /// Puts people's decisions in the place of what the conditions alone say: of those that cover a day the last one
    /// counts, and a hold keeps back what is left, but for a sum that people still have to decide. What is given once is settled by ``settledOnce(topUp:by:_:types:)``.
    /// - Parameters:
    ///   - awards: Those of the clause and the subject, in the order in which they were taken.
    ///   - type: How binding the clause's figure is.
    ///   - types: The same by the version that judged a piece, where that says another thing.
    func decided(
        by awards: [Award], _ type: AmountType, types: [PackReference: AmountType] = [:]
    ) -> [OutcomePiece] {
        var result: [OutcomePiece] = []
        for piece in self {
            guard piece.rightHolds else {
                result.join(piece)
                continue
            }
            for part in piece.cut(at: awards) {
                let taken = part.taking(awards, types[part.pack] ?? type)
                // Nothing is paid of a sum that nobody has decided: a hold keeps nothing of it back, and it goes on waiting for a
                // decision instead of falling due when the hold ends.
                for held in taken.status == .proposed ? [taken] : taken.heldBack(by: awards) { result.join(held) }
            }
        }
        return result
    }
}

extension OutcomePiece {
    /// What the last decision that touches the days makes of them, holds apart.
    func taking(_ awards: [Award], _ type: AmountType) -> OutcomePiece {
        guard let award = awards.last(where: { !$0.isHold && $0.touches(period) }) else { return self }
        var taken = self
        taken.take(award, type)
        return taken
    }

    /// What the last hold that touches the days leaves of a right.
    func heldBack(by awards: [Award]) -> [OutcomePiece] {
        guard rightHolds, let hold = awards.last(where: { $0.isHold && $0.touches(period) }) else { return [self] }
        return held(by: hold)
    }

    /// The piece cut at the borders of awards.
    func cut(at awards: [Award]) -> [OutcomePiece] {
        let borders = Set(awards.flatMap { [$0.period.start, $0.period.end].compactMap { $0 } })
            .filter { $0 > period.start && period.contains($0) }.sorted()
        var parts: [OutcomePiece] = []
        var start = period.start
        for end in borders.map(Optional.some) + [period.end] {
            var part = self
            part.period = DayPeriod(start: start, end: end)
            parts.append(part)
            start = end ?? start
        }
        return parts
    }

    /// Takes a decision where the clause allows it, or leaves the sum to people and allowed it when it was decided; notes it
    /// otherwise.
    ///
    /// A figure that is raised or lowered later, by a version, a parameter or a fact, takes no grant away and makes nothing that was
    /// paid by it too much: the grant stands until it ends, and asks to be decided anew (``hasOutgrown(_:)``).
    /// - Source: policies, Amount types: below a floor = refused, an exact sum must be met
    fileprivate mutating func take(_ award: Award, _ type: AmountType) {
        // An exception that made this piece what it is has nothing to add.
        guard decision != award.source else { return }
        switch award.outcome {
        case .granted(let sum): grant(sum, by: award, type)
        case .excepted(let sum): if let sum { grant(sum, by: award, type) }
        case .refused: refuse(by: award)
        case .held, .revoked: break
        }
    }

    /// Whether a decision counts for these days: a sum that the clause does not allow is left out.
    func allows(_ award: Award, _ type: AmountType) -> Bool {
        guard let sum = award.outcome.amount else { return true }
        return award.wasTaken && type.needsDecision || type.allows(sum, standard: standard ?? amount)
    }

    private mutating func grant(_ sum: Fen, by award: Award, _ type: AmountType) {
        guard allows(award, type) else {
            refusedAward = award.source
            return
        }
        standard = standard ?? amount
        amount = sum
        decide(by: award)
        status = .entitled
        missing = []
    }

    mutating func refuse(by award: Award) {
        var refused = OutcomePiece(period: period, status: .notEntitled, pack: pack)
        refused.unmet = [.refused(award.source)]
        refused.facts = facts
        refused.decide(by: award)
        self = refused
    }

    /// Given although the conditions do not say so.
    package mutating func except(by award: Award) {
        rightHolds = true
        if let sum = award.outcome.amount {
            standard = amount
            amount = sum
            missing = []
        }
        if missing.isEmpty, failure == nil { status = .entitled }
        decide(by: award)
    }

    /// What the hold leaves: nothing due on its days. Of a one-off, whose piece may begin before the hold, all days up
    /// to its end are held.
    fileprivate func held(by hold: Award) -> [OutcomePiece] {
        var held = self
        held.status = .held
        held.decide(by: hold)
        guard let end = hold.period.end, period.contains(end), end > period.start else { return [held] }
        held.period = DayPeriod(start: period.start, end: end)
        var rest = self
        rest.period = DayPeriod(start: end, end: period.end)
        return [held, rest]
    }

    private mutating func decide(by award: Award) {
        decision = award.source
        facts = facts.united(with: [award.source])
    }

    /// Whether a person's sum stands that the clause would not allow today.
    /// - Parameter type: how binding the clause's figure is.
    package func hasOutgrown(_ type: AmountType) -> Bool {
        rightHolds && decision != nil && type.isOutgrown(amount, by: standard)
    }
}

extension Determination.Interval {
    /// As ``OutcomePiece/hasOutgrown(_:)``.
    package func hasOutgrown(_ type: AmountType) -> Bool {
        rightHolds && decision != nil && type.isOutgrown(amount, by: standard)
    }
}

extension AmountType {
    /// Whether a sum that people decided does not meet the clause's present figure.
    fileprivate func isOutgrown(_ sum: Fen?, by standard: Fen?) -> Bool {
        guard needsDecision, let sum, let standard else { return false }
        return !allows(sum, standard: standard)
    }
}

extension Award {
    var isHold: Bool { outcome == .held }
    func touches(_ days: DayPeriod) -> Bool { period.intersection(days) != nil }
}

extension Evaluator {
    /// The exception in force on the day, when no later decision stands over it.
    /// - Parameter decisions: about one right, in the order in which they were taken.
    package static func exception(in decisions: [Award], on day: Int32) -> Award? {
        exceptionAndChange(in: decisions, on: day).0
    }

    /// The same, and the first later day on which that may change.
    static func exceptionAndChange(in decisions: [Award], on day: Int32) -> (Award?, change: Int32) {
        let today = CivilDay(dayNumber: day)
        let last = decisions.last { $0.outcome != .held && $0.period.contains(today) }
        let borders = decisions.flatMap { [$0.period.start, $0.period.end].compactMap(\.?.dayNumber) }
        let change = borders.filter { $0 > day }.min() ?? Int32.max
        if case .excepted? = last?.outcome { return (last, change) }
        return (nil, change)
    }
}
