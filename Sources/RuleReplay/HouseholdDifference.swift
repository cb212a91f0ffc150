import CareDomain
import RuleEngine

/// What a candidate version would change for one household.
package struct HouseholdDifference: Sendable {
    package let household: HouseholdID
    /// Where it belongs at the end of the days that count.
    package let division: DivisionCode?
    /// By clause, then by beneficiary. Never empty.
    package let rights: [RightDifference]

    /// Back-pay of all rights.
    package var arrears: Fen { rights.map(\.arrears).reduce(.zero, +) }
    /// Over-payment of all rights, as a positive sum.
    package var overpayment: Fen { rights.map(\.overpayment).reduce(.zero, +) }
}

/// What it would change for one clause and one beneficiary.
package struct RightDifference: Sendable {
    /// Which way it goes.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// No right on any of the days before, one after.
        case gained
        case lost
        /// Another sum, other days, another payer or another open question.
        case changed

        /// The word for people.
        package var wording: Wording {
            switch self {
            case .gained: Wording("新增", "gained")
            case .lost: Wording("失去", "lost")
            case .changed: Wording("变动", "changed")
            }
        }
    }

    /// A month (or the month in which a quarter, year or one-off falls due) whose sum differs.
    package struct Month: Hashable, Sendable {
        package let month: CivilMonth
        package let before: Fen
        package let after: Fen
        /// Positive = more.
        package var difference: Fen { after - before }
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
    /// In order.
    package let months: [Month]
    /// Months up to this one are arrears or over-payment.
    package let present: CivilMonth
    /// What each payer would pay more, by code; without those whose sum stays.
    package let payers: [(payer: Code, difference: Fen)]
    /// What in the pack brings it about; empty when only other versions' days differ.
    package internal(set) var causes: [PackDifference.Change]
    /// Of a family that belonged to several places within the days that count: what differs of its time in each.
    package internal(set) var parts: [Part] = []
    /// Whether the candidate's rule ends in an error on some day while that in force does on none.
    package internal(set) var fails = false

    /// What differs of one place's time.
    package struct Part: Sendable {
        package let division: DivisionCode?
        package let right: RightDifference
    }

    /// The right once for each place that it belonged to: what is told of it anywhere.
    /// - Parameter division: where the household belongs at the end of the days that count.
    package func byPlace(_ division: DivisionCode?) -> [Part] {
        parts.isEmpty ? [Part(division: division, right: self)] : parts
    }

    /// 应补: months up to the present that become more.
    package var arrears: Fen {
        months.filter { $0.month <= present && $0.difference > .zero }.map(\.difference).reduce(.zero, +)
    }

    /// 多发, as a positive sum: months up to the present that become less. For a person to decide, never taken back by itself.
    package var overpayment: Fen {
        -months.filter { $0.month <= present && $0.difference < .zero }.map(\.difference).reduce(.zero, +)
    }

    /// What the months after the present would cost more (or, negative, less).
    package var future: Fen { months.filter { $0.month > present }.map(\.difference).reduce(.zero, +) }
}
