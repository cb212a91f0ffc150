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
        /// The months that one sum of the right pays, or that are counted together: the month, or its quarter, year or school year; of what
        /// is given once all months, for another file may have given it in any.
        package let unit: ClosedRange<CivilMonth>
        /// Due in the months that are counted together by what is determined now.
        package let due: Fen
        /// What batches of this file ordered for these months.
        package let ordered: Fen
        /// What is due and not ordered; zero where another file pays the month.
        package let open: Fen
    }

    /// Months in a row in which the same is due of a right, and the same was ordered.
    package struct Run: Hashable, Sendable {
        package let clause: ClauseID
        package internal(set) var person: PersonID
        package let first: CivilMonth
        package internal(set) var last: CivilMonth
        package let due: Fen
        package let ordered: Fen
    }

    package private(set) var lefts: [Left] = []
    /// What stood as arrears until it became unknown, as if it was due still.
    package private(set) var cancelledWhileOpen: [Left] = []
    package private(set) var runs: [Run] = []

    private static let allMonths = CivilMonth(year: 1900, month: 1)...CivilMonth(year: 2999, month: 12)
    /// For how many months after the last one that the file speaks of a right without an end is told to other files.
    private static let ahead: Int32 = 240

    /// - Parameter also: Persons who are in other files although no move of this one says so: they left one family and joined another.
    package init(_ household: Household, _ rules: PaymentRules, also: Set<PersonID> = []) {
        for made in household.determinations.map(\.made) {
            guard case .person(let person) = made.subject, household.isShared(person) || also.contains(person) else {
                continue
            }
            let standing = household.dueStandings.first { $0.clause == made.clause && $0.subject == made.subject }
            let lefts = standing?.months ?? []
            let open = standing?.cancelledWhileOpen.months ?? []
            let lines = household.payments.orders.flatMap(\.standing).filter {
                $0.clause == made.clause && $0.subject == made.subject
            }
            let told =
                (lefts + open).map(\.month) + lines.map(\.last)
                + made.intervals.map { CivilMonth(containing: $0.period.start) }
            guard let last = told.max() else { continue }
            var dues: [CivilMonth: Fen] = [:]
            for due in rules.dues(made, last + Self.ahead) { dues[due.month, default: .zero] += due.amount }
            var ordered: [CivilMonth: Fen] = [:]
            for line in lines {
                for offset in 0..<Int32(line.months) { ordered[line.first + offset, default: .zero] += line.monthly }
            }
            self.lefts += looked(at: lefts, made, person, household, dues, ordered)
            var asOwed = dues
            for left in open { asOwed[left.month, default: .zero] += left.amount }
            cancelledWhileOpen += looked(at: open, made, person, household, asOwed, ordered)
            for month in Set(dues.keys).union(ordered.keys).sorted() {
                append(
                    Run(
                        clause: made.clause, person: person, first: month, last: month, due: dues[month] ?? .zero,
                        ordered: ordered[month] ?? .zero))
            }
        }
    }

    private func looked(
        at lefts: [DueStanding.MonthLeft], _ made: DeterminationMade, _ person: PersonID, _ household: Household,
        _ dues: [CivilMonth: Fen], _ ordered: [CivilMonth: Fen]
    ) -> [Left] {
        let stays = household.stays(of: person)
        let together = household.together(made, dues.keys)
        func sum(_ sums: [CivilMonth: Fen], _ months: [CivilMonth]) -> Fen {
            months.reduce(.zero) { $0 + (sums[$1] ?? .zero) }
        }
        return lefts.enumerated().map { place, left in
            let span = together.span(of: left.month)
            let paid = made.monthsPaid(with: left.month)
            let own = span.isOfSeveral ? span : (paid.first ?? left.month)...(paid.last ?? left.month)
            let unit = made.isOneSum ? Self.allMonths : own
            let earlier = lefts[..<place].filter { span.contains($0.month) && $0.kind == left.kind }
            let (due, given) = (sum(dues, span.months), sum(ordered, span.months))
            return Left(
                clause: made.clause, person: person,
                left: DueStanding.MonthLeft(
                    month: left.month, kind: left.kind, cause: left.cause, amount: left.amount,
                    before: earlier.reduce(.zero) { $0 + $1.amount }),
                unit: unit, due: due, ordered: given,
                open: stays.leave(left.month, of: made) ? .zero : due - given)
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

extension Household {
    /// What this file says of the money of a person whom another file knows under an id of its own, told under that one.
    package func sharedDues(_ rules: PaymentRules, of person: PersonID, _ people: PeopleElsewhere) -> SharedDues {
        let ids = people.ids(of: person, in: id)
        return SharedDues(self, rules, also: Set(ids)).telling(ids, as: person)
    }
}

extension SharedDues {
    /// The same with some persons of whom another file has one, under the id there.
    fileprivate func telling(_ ids: [PersonID], as person: PersonID) -> SharedDues {
        var told = self
        for index in told.runs.indices where ids.contains(told.runs[index].person) { told.runs[index].person = person }
        return told
    }
}

extension SharedDues.Left {
    /// What of it stands beside the other files of the person; never negative.
    /// - Parameter others: What those files say of the money of their persons.
    package func stands(beside others: [SharedDues]) -> Fen {
        var (ordered, due) = (Fen.zero, Fen.zero)
        for other in others {
            var own = Fen.zero
            for run in other.runs where run.clause == clause && run.person == person {
                let months = (max(run.first, unit.lowerBound), min(run.last, unit.upperBound))
                guard months.0 <= months.1 else { continue }
                ordered += run.ordered * Int64(months.1 - months.0 + 1)
                own += run.due * Int64(months.1 - months.0 + 1)
            }
            due = max(due, own)
        }
        let most =
            switch left.kind {
            case .arrears: open - ordered
            case .recovery: min(self.ordered, self.ordered + ordered - max(self.due, due))
            }
        return max(.zero, min(left.amount, most - left.before))
    }
}
