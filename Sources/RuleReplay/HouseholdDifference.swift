import CareDomain
import RuleEngine

/// What a candidate version would change for one household.
package struct HouseholdDifference: Sendable {
    package let household: HouseholdID
    /// Where it belongs at the end of the days that count.
    package let division: DivisionCode?
    /// By clause, then by beneficiary. Never empty.
    package let rights: [RightDifference]

    package init(household: HouseholdID, division: DivisionCode?, rights: [RightDifference]) {
        self.household = household
        self.division = division
        self.rights = rights
    }

    /// Whether the sum of some month differs.
    package var hasSums: Bool { rights.contains(where: \.hasSums) }
    /// Back-pay of all rights.
    package var arrears: Fen { rights.map(\.arrears).reduce(.zero, +) }
    /// Over-payment of all rights, as a positive sum.
    package var overpayment: Fen { rights.map(\.overpayment).reduce(.zero, +) }
    /// What is neither, because it is not known, of all rights.
    package var undecided: Fen { rights.map(\.undecided).reduce(.zero, +) }
    /// What is neither, because people decide the sum and nobody has, of all rights.
    package var awaitingDecision: Fen { rights.map(\.awaitingDecision).reduce(.zero, +) }
}

/// What it would change for one clause and one beneficiary.
package struct RightDifference: Sendable {
    /// Which way it goes.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// No right on any of the days before, one after.
        case gained
        /// A right before, no right after.
        case lost
        /// In some month another sum, another answer, another payer or another department.
        case changed
        /// 待补: a right before; after, a fact or parameter is missing that decides about it.
        case needsFact = "needs_fact"
        /// 待查: a right before; after, the rule ends in an error.
        case failed
        /// 待决定: a sum before; after, the right holds on and people decide its sum.
        case awaitsDecision = "awaiting_decision"

        /// The word for people.
        package var wording: Wording {
            switch self {
            case .gained: Wording("新增", "gained")
            case .lost: Wording("失去", "lost")
            case .changed: Wording("变动", "changed")
            case .needsFact: Wording("待补", "needs a fact")
            case .failed: Wording("待查", "rule failed")
            case .awaitsDecision: Wording("待决定", "to be decided")
            }
        }
    }

    /// A month (or the month in which a quarter, year or one-off falls due) whose sum differs.
    package struct Month: Hashable, Sendable {
        package let month: CivilMonth
        /// What is known to be due.
        package let before: Fen
        package let after: Fen
        /// Why one of the two is not known, so that nobody can tell the difference; nil = both are.
        package let open: Open?
        /// Positive = more; nothing where it is not known.
        package var difference: Fen { open == nil ? after - before : .zero }

        package init(month: CivilMonth, before: Fen, after: Fen, open: Open? = nil) {
            self.month = month
            self.before = before
            self.after = after
            self.open = open
        }
    }

    package let clause: ClauseID
    package let subject: RuleSubject
    package let kind: Kind
    package let department: DepartmentID?
    package let cadence: Cadence
    /// How it stands on the last day compared.
    package let statusBefore: OutcomeStatus
    package let statusAfter: OutcomeStatus
    /// Sum per cadence on the last day compared; nil = none, or not known.
    package let standingBefore: Fen?
    package let standingAfter: Fen?
    /// In order. Where what is given once differs in one of the months compared, all months in which it does are among them.
    package let months: [Month]
    /// Months up to this one are arrears or over-payment.
    package let present: CivilMonth
    /// 应补: what the months up to the present come to more. Of months that one of the sides pays together, a quarter, say, it is
    /// what all of them do; so it is of all months of what is given once.
    package let arrears: Fen
    /// 多发, as a positive sum: what they come to less, and the rest of their quarter or year does not make good. For a person to
    /// decide, never taken back by itself.
    package let overpayment: Fen
    /// What the months after the present would cost more (or, negative, less), as far as it is not paid already.
    package let future: Fen
    /// What each payer would pay more, by code; without those whose sum stays.
    package let payers: [(payer: Code, difference: Fen)]
    /// What in the pack brings it about; empty when only other versions' days differ.
    package var causes: [PackDifference.Change]
    /// Of a family that belonged to several places within the days that count: what differs of its time in each.
    package var parts: [Part] = []
    /// Whether the candidate's rule ends in an error on some day while that in force does on none.
    package var fails = false
    /// Facts on which the candidate's rule rests and that are left out because the file is not whoever asks' (`ReplayQuery`); then
    /// it is not known what depends on them.
    package var leftOut: [FactID] = []

    package init(
        clause: ClauseID, subject: RuleSubject, kind: Kind, department: DepartmentID?, cadence: Cadence,
        statusBefore: OutcomeStatus, statusAfter: OutcomeStatus, standingBefore: Fen?, standingAfter: Fen?,
        months: [Month], sums: (arrears: Fen, overpayment: Fen, future: Fen), present: CivilMonth,
        payers: [(payer: Code, difference: Fen)], causes: [PackDifference.Change]
    ) {
        (arrears, overpayment, future) = sums
        self.clause = clause
        self.subject = subject
        self.kind = kind
        self.department = department
        self.cadence = cadence
        self.statusBefore = statusBefore
        self.statusAfter = statusAfter
        self.standingBefore = standingBefore
        self.standingAfter = standingAfter
        self.months = months
        self.present = present
        self.payers = payers
        self.causes = causes
    }

    /// What differs of one place's time.
    package struct Part: Sendable {
        package let division: DivisionCode?
        package let right: RightDifference

        package init(division: DivisionCode?, right: RightDifference) {
            self.division = division
            self.right = right
        }
    }

    /// The right once for each place that it belonged to: what is told of it anywhere.
    /// - Parameter division: where the household belongs at the end of the days that count.
    package func byPlace(_ division: DivisionCode?) -> [Part] {
        parts.isEmpty ? [Part(division: division, right: self)] : parts
    }

    /// Whether the sum of some month differs, as far as known; otherwise only the right itself does, what it waits for, or who
    /// answers for it, and no money is won or lost by it.
    package var hasSums: Bool { !months.isEmpty }

    /// Whether what is given once falls due in another month, and nothing is owed or over-paid by it.
    package var onlyMoves: Bool {
        cadence == .once && hasSums && months.allSatisfy { $0.open == nil } && arrears == .zero && overpayment == .zero
            && future == .zero
    }

    /// 待定: what the months up to the present come to whose difference is not known: neither owed nor over-paid before the fact
    /// is stated or the rule corrected.
    package var undecided: Fen { open { $0 != .awaitsDecision } }

    /// 待决定: what those come to of which people decide the sum, and nobody has: neither owed nor over-paid before somebody does.
    package var awaitingDecision: Fen { open { $0 == .awaitsDecision } }

    private func open(_ isMeant: (Open) -> Bool) -> Fen {
        months.filter { $0.month <= present && $0.open.map(isMeant) ?? false }.reduce(.zero) { sum, month in
            sum + (month.before > month.after ? month.before - month.after : month.after - month.before)
        }
    }
}
