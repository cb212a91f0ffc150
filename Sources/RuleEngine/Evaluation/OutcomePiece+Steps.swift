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

    /// Takes an award where the clause allows its amount; notes it otherwise.
    /// - Source: policies/README, Amount types: below a floor = refused, an exact sum must be met
    mutating func take(_ award: Award, _ type: AmountType) {
        guard AwardCheck.allows(award.amount, type: type, standard: amount) else {
            refusedAward = award.source
            return
        }
        amount = award.amount
        self.award = award.source
        status = .entitled
        missing = []
    }
}

extension Array where Element == OutcomePiece {
    /// A one-off is fixed on its first day: what follows without a break belongs to it, what comes later is no second
    /// right. With `topUp`, a higher sum later gives the difference.
    func grantedOnce(topUp: Bool) -> [OutcomePiece] {
        var result: [OutcomePiece] = []
        var granted: OutcomePiece?
        for var piece in self {
            guard piece.rightHolds else {
                result.join(piece)
                continue
            }
            guard let first = granted else {
                granted = piece
                result.append(piece)
                continue
            }
            if topUp, let amount = piece.amount, let before = first.amount, amount > before {
                granted?.amount = amount
                piece.amount = amount - before
                result.append(piece)
            } else if let last = result.last, last.rightHolds, last.period.end == piece.period.start {
                result[result.count - 1].period = DayPeriod(start: last.period.start, end: piece.period.end)
            } else {
                var later = OutcomePiece(period: piece.period, status: .notEntitled, pack: piece.pack)
                later.unmet = [.alreadyGranted]
                later.facts = Set(first.facts).union(piece.facts).sorted()
                result.join(later)
            }
        }
        return result
    }
}

/// Whether a person may award an amount under a clause.
package enum AwardCheck {
    /// - Parameters:
    ///   - amount: what is to be awarded.
    ///   - type: how binding the clause's figure is.
    ///   - standard: the clause's figure; nil while it waits for a parameter or fact.
    package static func allows(_ amount: Fen, type: AmountType, standard: Fen?) -> Bool {
        guard amount >= .zero else { return false }
        switch (type, standard) {
        case (.none, _): return false
        case (.floor, let floor?): return amount >= floor
        case (.exact, let standard?), (.formula, let standard?), (.parameter, let standard?): return amount == standard
        case (.inPrinciple, _), (_, nil): return true
        }
    }

    /// The refusal of an award that is not allowed; nil when it is.
    package static func refusal(_ amount: Fen, rule: Rule, standard: Fen?) -> (code: String, wording: Wording)? {
        guard let type = rule.amount?.type, !allows(amount, type: type, standard: standard) else { return nil }
        let figure = standard.map { "\($0)" } ?? "—"
        if type == .floor {
            return (
                "award.below_floor",
                Wording(
                    "\(rule.clause) 规定不低于 \(figure) 元，\(amount) 元不予接受",
                    "\(rule.clause) sets at least \(figure) yuan; \(amount) yuan is refused")
            )
        }
        return (
            "award.not_the_standard",
            Wording(
                "\(rule.clause) 规定为 \(figure) 元，\(amount) 元不予接受",
                "\(rule.clause) sets \(figure) yuan; \(amount) yuan is refused")
        )
    }
}
