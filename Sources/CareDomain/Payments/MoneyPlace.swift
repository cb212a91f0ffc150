/// Where a family's money belongs: each month of a right to one place, which decides about it and pays it, wherever the
/// family is registered today.
extension Household {
    /// The place to which a month of a right belongs: where the family is registered at the month's end, or on the last day of
    /// the right when it ends within the month, because a move out of the pack's territory ends it. What a unit granted
    /// belongs to that unit. A month without the right, of which only what was paid is left, is never another territory's:
    /// the last place inside paid it.
    /// - Parameters:
    ///   - made: The latest determination of the right.
    ///   - territory: Where its pack applies; nil = anywhere.
    /// - Source: policies, Interactions 8; WZ-4.1, WZ-4.2
    package func place(
        of month: CivilMonth, _ made: DeterminationMade, within territory: DivisionCode?
    ) -> DivisionCode? {
        if let unit = grantingUnit(of: made.clause, made.subject, in: month) { return unit }
        let last = month.lastDay
        let end = made.intervals.last { $0.rightHolds && $0.period.start <= last }?.period.end
        if let end, end > month.firstDay, end <= last { return division(on: end - 1) }
        let there = division(on: last)
        guard let territory, end.map({ $0 <= last }) ?? made.isWithoutRight(in: month),
            !(there?.isWithin(territory) ?? true)
        else { return there }
        return division(before: last, within: territory) ?? there
    }

    /// The same for what stands of a right.
    package func place(
        of standing: DueStanding, within territory: DivisionCode?
    ) -> (CivilMonth) -> DivisionCode? {
        let made = determinations.first {
            $0.made.clause == standing.clause && $0.made.subject == standing.subject
        }?.made
        return { month in
            guard let made else { return self.division(on: month.lastDay) }
            return self.place(of: month, made, within: territory)
        }
    }

    /// Where the family was registered last, by a day, within a territory.
    private func division(before day: CivilDay, within territory: DivisionCode) -> DivisionCode? {
        residences.filter { $0.from <= day && $0.division.isWithin(territory) }.compactMap { division(on: $0.from) }
            .last { $0.isWithin(territory) }
    }

    /// Whether months of the family's money may belong to divisions in which somebody acts: it was registered in one of
    /// them, or a unit there granted it something.
    package func mayHaveMoney(where mayAct: (DivisionCode) -> Bool) -> Bool {
        residences.contains { mayAct($0.division) } || awards.compactMap(\.decided.place?.unit).contains(where: mayAct)
    }
}

extension DeterminationMade {
    /// Whether it never gives the right by the end of a month.
    fileprivate func isWithoutRight(in month: CivilMonth) -> Bool {
        !intervals.contains { $0.rightHolds && $0.period.start <= month.lastDay }
    }
}

extension PolicyCatalog {
    /// Where a pack applies; nil = anywhere, or not known.
    package func territory(of pack: PackID) -> DivisionCode? { places.first { $0.pack == pack }?.territory }
}

extension PaymentRules {
    /// The same rules, which know where the packs apply and who is paid in place of the persons.
    package func applying(where policy: PolicyCatalog) -> PaymentRules {
        var rules = self
        rules.territory = { policy.territory(of: $0) }
        let payees = policy.clauses.compactMapValues(\.payee)
        rules.payees = { payees[$0] }
        return rules
    }
}

extension DecisionContext {
    /// Whether the caller acts for the division; where nobody is behind the command nothing is asked.
    func mayAct(in division: DivisionCode) -> Bool {
        department == nil || actsFor.contains { division.isWithin($0) }
    }
}
