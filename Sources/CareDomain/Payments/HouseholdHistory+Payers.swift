extension HouseholdHistory {
    /// Whether a batch leaves out a sum of this household because no payer of it is known: the employer's kind is not on
    /// record, say. The right stands; the sum is paid by a later batch once the facts, or the pack, name who bears it.
    ///
    /// - Parameters:
    ///   - scope: What the batch pays.
    ///   - closedAt: When the log learned of its closing.
    ///   - rules: What the published packs say of money.
    /// - Source: CZ-2.2, reading CZ-Q9: right and amount stand, the payer is open
    package func leavesOutSums(of scope: BatchScope, closedAt: Moment, rules: PaymentRules) -> Bool {
        // Nearly all families have no such sum, and need not be folded for that.
        let mayLeaveOut = events.contains { event in
            if case .determinationMade(let made) = event.event { made.hasSumWithoutPayer } else { false }
        }
        guard mayLeaveOut else { return false }
        let known = household(knownAt: closedAt)
        return known.determinations.map(\.made).contains { made in
            guard scope.includes(made.clause) else { return false }
            let granted = known.payments.grants.contains { grant in
                grant.decided.clause == made.clause && grant.decided.subject == made.subject
                    && grant.decided.kind == (scope.kind == .recovery ? .recovery : .arrears)
            }
            guard scope.kind == .regular || granted else { return false }
            return rules.withoutPayer(made, scope.period.last).contains { month in
                (scope.kind != .regular || scope.period.contains(month))
                    && known.place(of: month, made, within: rules.territory(made.pack))?.isWithin(scope.division)
                        ?? false
            }
        }
    }
}

extension HouseholdHistory {
    /// Whether a batch leaves out a sum of this household, or a part of it, because an employer or insurer pays it to the
    /// family: an item of the family's plan follows it up instead.
    /// - Parameters: as for `leavesOutSums`.
    /// - Source: policies, payer = employer or insurer: payer notice and follow-up instead of payment (CZ-2.2)
    package func leavesSumsToOthers(of scope: BatchScope, closedAt: Moment, rules: PaymentRules) -> Bool {
        guard scope.kind != .recovery else { return false }
        let mayLeave = events.contains { event in
            if case .determinationMade(let made) = event.event { made.isBorneByOthers } else { false }
        }
        guard mayLeave else { return false }
        let known = household(knownAt: closedAt)
        return known.determinations.map(\.made).contains { made in
            guard scope.includes(made.clause) else { return false }
            let isGranted = known.payments.grants.contains { grant in
                grant.decided.kind == .arrears && grant.decided.clause == made.clause
                    && grant.decided.subject == made.subject
            }
            guard scope.kind == .regular || isGranted else { return false }
            return rules.byOthers(made, scope.period.last).contains { month in
                (scope.kind != .regular || scope.period.contains(month))
                    && known.place(of: month, made, within: rules.territory(made.pack))?.isWithin(scope.division)
                        ?? false
            }
        }
    }
}

extension DeterminationMade {
    /// Whether an employer or insurer bears some of it.
    package var isBorneByOthers: Bool {
        intervals.contains { interval in
            interval.rightHolds && interval.payers.contains { !PayerPart.isPaidByUs($0.payer) }
        }
    }

    /// Whether somebody is due a sum that nobody is known to bear.
    fileprivate var hasSumWithoutPayer: Bool {
        intervals.contains { $0.status == .entitled && $0.payers.isEmpty && ($0.amount ?? .zero) > .zero }
    }
}

extension HouseholdHistory {
    /// Whether a batch leaves out months of this household that are due in its period and had not begun on a day.
    /// - Parameters: as for `leavesOutSums`.
    package func leavesOutMonthsToCome(
        of scope: BatchScope, on day: CivilDay, closedAt: Moment, rules: PaymentRules
    ) -> Bool {
        let begun = scope.begun(by: day).period.last
        guard begun < scope.period.last else { return false }
        let known = household(knownAt: closedAt)
        return known.determinations.map(\.made).contains { made in
            scope.includes(made.clause)
                && rules.dues(made, scope.period.last).contains { due in
                    due.month > begun
                        && known.place(of: due.month, made, within: rules.territory(made.pack))?
                            .isWithin(scope.division) ?? false
                }
        }
    }
}
