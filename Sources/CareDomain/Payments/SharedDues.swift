/// What a household's file says of the money of persons who are in other files, too: after a split or merge a month of
/// theirs is due in one file and may have been paid by another.
///
/// A function of one household. What stands in a month is known once the others' are looked at, by the rule by which the
/// batches pay: a month that another file paid is not owed here, and what is due there keeps what was paid here.
package struct SharedDues: Hashable, Sendable {
    /// What one determination left in a month, before other files are looked at.
    package struct Left: Hashable, Sendable {
        package let clause: ClauseID
        package let person: PersonID
        package let left: DueStanding.MonthLeft
        /// The months that one sum of the right pays: the month, or its quarter, year or school year.
        package let unit: ClosedRange<CivilMonth>
        /// Due in the month by what is determined now.
        package let due: Fen
        /// What batches of this file ordered for the month.
        package let ordered: Fen
        /// What is due and not ordered; zero where another file pays the month.
        package let open: Fen
    }

    /// Months in a row in which the same is due of a right, and the same was ordered.
    package struct Run: Hashable, Sendable {
        package let clause: ClauseID
        package let person: PersonID
        package let first: CivilMonth
        package internal(set) var last: CivilMonth
        package let due: Fen
        package let ordered: Fen
    }

    package private(set) var lefts: [Left] = []
    package private(set) var runs: [Run] = []

    /// For how many months after the last one that the file speaks of a right without an end is told to other files.
    private static let ahead: Int32 = 240

    package init(_ household: Household, _ rules: PaymentRules) {
        for made in household.determinations.map(\.made) {
            guard case .person(let person) = made.subject, household.isShared(person) else { continue }
            let standing = household.dueStandings.first { $0.clause == made.clause && $0.subject == made.subject }
            let lefts = standing?.months ?? []
            let lines = household.payments.orders.flatMap(\.standing).filter {
                $0.clause == made.clause && $0.subject == made.subject
            }
            let told =
                lefts.map(\.month) + lines.map(\.last) + made.intervals.map { CivilMonth(containing: $0.period.start) }
            guard let last = told.max() else { continue }
            var dues: [CivilMonth: Fen] = [:]
            for due in rules.dues(made, last + Self.ahead) { dues[due.month, default: .zero] += due.amount }
            var ordered: [CivilMonth: Fen] = [:]
            for line in lines {
                for offset in 0..<Int32(line.months) { ordered[line.first + offset, default: .zero] += line.monthly }
            }
            let stays = household.stays(of: person)
            for left in lefts {
                let (due, paid) = (dues[left.month] ?? .zero, ordered[left.month] ?? .zero)
                let unit = made.monthsPaid(with: left.month)
                self.lefts.append(
                    Left(
                        clause: made.clause, person: person, left: left,
                        unit: (unit.first ?? left.month)...(unit.last ?? left.month), due: due, ordered: paid,
                        open: stays.leave(left.month, of: made) ? .zero : due - paid))
            }
            for month in Set(dues.keys).union(ordered.keys).sorted() {
                append(
                    Run(
                        clause: made.clause, person: person, first: month, last: month, due: dues[month] ?? .zero,
                        ordered: ordered[month] ?? .zero))
            }
        }
    }

    private mutating func append(_ run: Run) {
        if let last = runs.last, last.clause == run.clause, last.person == run.person, last.due == run.due,
            last.ordered == run.ordered, last.last + 1 == run.first
        {
            runs[runs.count - 1].last = run.last
        } else {
            runs.append(run)
        }
    }
}

extension SharedDues.Left {
    /// What of it stands beside the other files of the person; never negative.
    /// - Parameter others: What those files say of the money of their persons.
    package func stands(beside others: [SharedDues]) -> Fen {
        var (ordered, due) = (Fen.zero, Fen.zero)
        for run in others.lazy.flatMap(\.runs) where run.clause == clause && run.person == person {
            let months = (max(run.first, unit.lowerBound), min(run.last, unit.upperBound))
            guard months.0 <= months.1 else { continue }
            ordered += Fen(run.ordered.amount * Int64(months.1 - months.0 + 1))
            due = max(due, run.due)
        }
        let most =
            switch left.kind {
            case .arrears: open - ordered
            case .recovery: min(self.ordered, self.ordered + ordered - max(self.due, due))
            }
        return max(.zero, min(left.amount, most - left.before))
    }
}
