/// 先在的一户: whose a month is that two files owe to one person, who left the one family and joined the other.
///
/// A sum is due by the month, so the month of the change is due in both. It is paid by the file in which the person was earlier of
/// those in which something of it is due: what a file does not owe, it does not pay, and the other one does. That follows from the
/// days that both files tell and from what both are known to owe, so that both come to the same whichever is asked first.
extension Household {
    /// A person's time in a file, beside that in another one.
    private struct Turn: Comparable {
        /// Not on a day of the months: the right was determined before the file was told that they left, or for days before they came.
        let isAbsent: Bool
        let from: CivilDay
        let until: CivilDay
        let file: HouseholdID

        static func < (left: Turn, right: Turn) -> Bool {
            if left.isAbsent != right.isAbsent { return right.isAbsent }
            return (left.from, left.until, left.file) < (right.from, right.until, right.file)
        }
    }

    /// Whether a month of a right here is due in another file, too, in which the person was before. Files between which a move led
    /// have their days, and no month is due in both.
    /// - Parameters:
    ///   - last: Sums of later months count only where they are paid ahead.
    ///   - people: Under which ids other files know the person.
    package func isDueBefore(
        _ month: CivilMonth, _ made: DeterminationMade, in other: Household, through last: CivilMonth,
        _ rules: PaymentRules, _ people: PeopleElsewhere
    ) -> Bool {
        guard case .person(let person) = made.subject, people.knows(person) else { return false }
        let months = made.monthsPaid(with: month)
        // What is given once is due in whichever months both have it: the file in which they were before gives it.
        let compared = made.isOneSum ? nil : months
        let ids = people.ids(of: person, in: other.id)
            .filter { $0 != person || !(isShared(person) || other.isShared(person)) }
        guard let own = turn(of: [person], compared), let turn = other.turn(of: ids, compared), turn < own else {
            return false
        }
        return other.isDue(made, months, to: ids, through: last, rules)
    }

    /// Whether this file owes something of a right of another one for some of these months; of one that is given once, for any.
    private func isDue(
        _ made: DeterminationMade, _ months: [CivilMonth], to ids: [PersonID], through last: CivilMonth,
        _ rules: PaymentRules
    ) -> Bool {
        if case .registeredInError = status { return false }
        return determinations.map(\.made).contains { other in
            guard other.clause == made.clause, ids.contains(where: { other.subject == .person($0) }) else {
                return false
            }
            return rules.dues(other, other.horizon(of: last)).contains {
                $0.amount > .zero && (made.isOneSum || months.contains($0.month))
            }
        }
    }

    /// The person's first time in this file that has a day in some months, else the first of all; nil = they never were in it.
    /// - Parameter months: nil = all.
    private func turn(of ids: [PersonID], _ months: [CivilMonth]?) -> Turn? {
        func isAbsent(from: CivilDay, until: CivilDay) -> Bool {
            guard let first = months?.first, let last = months?.last else { return false }
            return from > last.lastDay || until <= first.firstDay
        }
        var closedOn: CivilDay?
        if case .closed(let on, _) = status { closedOn = on }
        return ids.flatMap { stays(of: $0) }.map { stay in
            let until = [stay.until, closedOn].compactMap { $0 }.min() ?? .distantFuture
            return Turn(
                isAbsent: isAbsent(from: stay.from, until: until), from: stay.from, until: until, file: id)
        }.min()
    }
}

extension BatchDues {
    /// Whether the month is due in another file, too, in which the person was before, as both were known at the batch's closing.
    func isDueBefore(_ month: CivilMonth, _ made: DeterminationMade) -> Bool {
        others.contains {
            known.isDueBefore(month, made, in: $0.known, through: scope.period.last, rules, people)
        }
    }
}

/// Months of a person's right that other files have to do with, each in order.
package struct MonthsOfOthers: Hashable, Sendable {
    /// Paid by another file, in which the person was before, or which has paid them: no batch pays them here.
    package var paidThere: [CivilMonth] = []
    /// Ordered here and there, together for more than is due in either.
    package var orderedTwice: [CivilMonth] = []
}

extension HouseholdHistory {
    /// What other files have to do with the months of a right through one.
    /// - Parameters:
    ///   - made: The right as determined here.
    ///   - last: Later months are not told.
    ///   - moment: What the log knew by then counts.
    ///   - others: The other files that know the person.
    ///   - people: Under which ids they do.
    package func monthsOfOthers(
        _ made: DeterminationMade, through last: CivilMonth, knownAt moment: Moment, rules: PaymentRules,
        others: [HouseholdHistory], people: PeopleElsewhere
    ) -> MonthsOfOthers {
        guard case .person(let person) = made.subject, people.knows(person), !others.isEmpty,
            let division = household.residences.last?.division, let period = PaymentPeriod(first: last, last: last)
        else { return MonthsOfOthers() }
        let scope = BatchScope(division: division, period: period, clauses: [made.clause], number: 1)
        return BatchDues(self, scope, closedAt: moment, rules, others, people).monthsOfOthers(made)
    }
}

extension BatchDues {
    fileprivate func monthsOfOthers(_ made: DeterminationMade) -> MonthsOfOthers {
        var found = MonthsOfOthers()
        for due in rules.dues(made, scope.period.last) where due.amount > .zero {
            let (here, there) = (
                present.ordered(made.clause, made.subject, due.month), orderedElsewhere(made, due.month)
            )
            if here > .zero {
                let isMore = there > .zero && here + there > max(due.amount, dueElsewhere(made, due.month))
                if isMore { found.orderedTwice.append(due.month) }
            } else if there > .zero || isDueBefore(due.month, made) {
                found.paidThere.append(due.month)
            }
        }
        return found
    }
}
