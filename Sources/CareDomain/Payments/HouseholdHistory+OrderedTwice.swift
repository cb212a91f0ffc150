/// What another file ordered for the person of a line before it was.
package struct OrderedBefore: Hashable, Sendable {
    /// The months of the line, in order.
    package var months: [CivilMonth] = []
    /// The files that ordered them.
    package var files: Set<HouseholdID> = []
}

/// 一个月只发一次: months that two files ordered for one person, because it was not known then that the person is one: a number that
/// was told later, or orders of one moment.
extension HouseholdHistory {
    /// The months of a line that another file ordered for the same person before this one did, or that the bank paid there, and with
    /// which both gave more than is due in either.
    ///
    /// Of two lines the one that was ordered first goes to the bank, and the other waits until either is reversed; whoever asks gets
    /// the same answer, for orders do not change. Nothing speaks against money that is taken back.
    /// - Parameters:
    ///   - line: A line that this file ordered.
    ///   - order: Its order.
    ///   - others: The other files that know the person.
    ///   - people: Under which ids they do.
    ///   - rules: What the published packs say of money.
    package func orderedBefore(
        _ line: OrderedLine, by order: EventReference, in others: [HouseholdHistory], _ people: PeopleElsewhere,
        rules: PaymentRules
    ) -> OrderedBefore {
        var found = OrderedBefore()
        guard case .person(let person) = line.subject, line.amount > .zero, !others.isEmpty,
            let orderedAt = events.first(where: { $0.reference == order })?.recordedAt
        else { return found }
        let people = people.agreeing(with: household, others)
        let made = determination(line.clause, line.subject)
        let isOnce = made.map { $0.rhythm == .once && !$0.amountType.needsDecision } ?? false
        for month in (line.first...line.last).months {
            let months = isOnce ? nil : made?.monthsPaid(with: month) ?? [month]
            let own = Right(clause: line.clause, subject: line.subject, months: months, last: line.last)
            let (ordered, due) = (ordered(own), due(own, rules))
            let files = others.filter { other in
                people.ids(of: person, in: other.id).contains { id in
                    let right = Right(clause: line.clause, subject: .person(id), months: months, last: line.last)
                    return ordered + other.ordered(right) > max(due, other.due(right, rules))
                        && other.hasOrdered(right, before: (orderedAt, self.id))
                }
            }
            guard !files.isEmpty else { continue }
            found.months.append(month)
            found.files.formUnion(files.map(\.id))
        }
        return found
    }

    /// Months of somebody's right.
    private struct Right {
        let clause: ClauseID
        let subject: FactSubject
        /// nil = all: it is given once.
        let months: [CivilMonth]?
        /// The last that somebody asks about.
        let last: CivilMonth
    }

    private func determination(_ clause: ClauseID, _ subject: FactSubject) -> DeterminationMade? {
        household.determinations.first { $0.made.clause == clause && $0.made.subject == subject }?.made
    }

    /// What stands ordered, less what is taken back.
    private func ordered(_ right: Right) -> Fen {
        let payments = household.payments
        guard let months = right.months else { return payments.ordered(right.clause, right.subject) }
        return months.reduce(.zero) { $0 + payments.ordered(right.clause, right.subject, $1) }
    }

    private func due(_ right: Right, _ rules: PaymentRules) -> Fen {
        guard let made = determination(right.clause, right.subject) else { return .zero }
        return rules.dues(made, made.horizon(of: right.last))
            .filter { due in right.months.map { $0.contains(due.month) } ?? true }
            .reduce(.zero) { $0 + $1.amount }
    }

    /// Whether this file ordered some of the months before a moment, or the bank paid them, and not all of it was taken back since.
    private func hasOrdered(_ right: Right, before: (Moment, HouseholdID)) -> Bool {
        guard ordered(right) > .zero else { return false }
        let moments = Dictionary(events.map { ($0.reference, $0.recordedAt) }, uniquingKeysWith: { first, _ in first })
        return household.payments.orders.contains { order in
            guard order.ordered.kind != .recovery else { return false }
            let isEarlier = moments[order.reference].map { ($0, id) < before } ?? false
            return order.ordered.lines.indices.contains { place in
                let line = order.ordered.lines[place]
                guard line.clause == right.clause, line.subject == right.subject, order.stands(place),
                    right.months.map({ $0.contains(where: line.covers) }) ?? true
                else { return false }
                return isEarlier || order.outcomes[place]?.outcome == .paid
            }
        }
    }
}
