import CareDomain
import CareProjections

/// A household in a list.
package struct HouseholdEntry: Hashable, Sendable {
    package var household: HouseholdID
    package var division: DivisionCode
    package var status: HardshipPeriod.Kind?
    package var statusSince: CivilDay?
    package var state: CareArchive.FileState
    /// On the day.
    package var archiveNumber: String?
    package var memberCount: Int
    package var filledSlots: Int
    package var lastSequence: UInt64
}

/// Counts of special-hardship families and their helpers on a day.
/// - Source: CZ-2.14a 四个结对
package struct CoverageRow: Hashable, Sendable {
    /// Empty for the total.
    package var division: String
    package var households: Int
    /// Families whose slot is filled, by kind in the pack's order.
    package var filled: [Int]
    /// Families whose slot is held by somebody of whom details are lacking (资料不全), by kind; not among the filled.
    package var incomplete: [Int]
    /// Families with all slots filled.
    package var covered: Int
    /// Families with no slot empty and some not filled; not among the covered.
    package var coveredIncompletely: Int

    init(division: String, households: Int = 0, kinds: Int, covered: Int = 0, coveredIncompletely: Int = 0) {
        self.division = division
        self.households = households
        filled = Array(repeating: 0, count: kinds)
        incomplete = filled
        self.covered = covered
        self.coveredIncompletely = coveredIncompletely
    }

    mutating func add(_ other: CoverageRow) {
        households += other.households
        covered += other.covered
        coveredIncompletely += other.coveredIncompletely
        for index in other.filled.indices {
            filled[index] += other.filled[index]
            incomplete[index] += other.incomplete[index]
        }
    }
}

/// A family that lacks helpers, or details of them, on a day.
package struct GapEntry: Hashable, Sendable {
    package var household: HouseholdID
    package var division: DivisionCode
    package var status: HardshipPeriod.Kind
    package var gaps: [Gap]

    /// A slot that is not filled, with the first day on which it was not.
    package struct Gap: Hashable, Sendable {
        package var kind: PairingKind
        package var since: CivilDay
        /// What is not on record of whoever is there; empty = nobody is.
        package var lacking: HelperDetails = []

        /// 资料不全: whether somebody holds it by name. Otherwise it is empty.
        package var isIncomplete: Bool { !lacking.isEmpty && !lacking.contains(.name) }
    }
}

/// A need in a list.
package struct NeedEntry: Hashable, Sendable {
    package var household: HouseholdID
    package var division: DivisionCode
    package var sequence: UInt64
    package var kind: Code
    package var items: Int
    package var raisedOn: CivilDay
    package var state: CareArchive.NeedLine.State
    package var answeredOn: CivilDay?
    package var closedOn: CivilDay?
}

/// An entitlement in a list.
package struct EntitlementEntry: Hashable, Sendable {
    package var household: HouseholdID
    package var division: DivisionCode
    package var sequence: UInt64
    package var clause: String
    package var person: PersonID?
    package var status: DeterminationMade.Status
    package var from: CivilDay
    package var until: CivilDay?
    package var amount: Fen?
    package var hoursThousandths: Int64?
    package var cadence: Code
    package var department: DepartmentID?
}

/// Arrears or a recovery in a list.
package struct DueDifferenceEntry: Hashable, Sendable {
    package var household: HouseholdID
    /// Where its months belong: the place that pays them.
    package var division: DivisionCode
    package var sequence: UInt64
    package var kind: HouseholdRows.Difference.Kind
    package var clause: String
    package var person: PersonID?
    package var incident: UInt64?
    package var first: CivilMonth
    package var last: CivilMonth
    package var months: Int
    /// Never negative.
    package var sum: Fen
    package var since: CivilDay
    package var rulesChange: RulesChange?
    /// The fact behind it; nil where a change of the rules is.
    package var fact: UInt64?
    package var department: DepartmentID?
    package var pack: PackID
    /// Which way it went before it became unknown; of what is known the same as `kind`.
    package var direction: DueStanding.Kind
    /// What is missing to know it, by the codes of the determination; empty where it is known or the rule failed.
    package var missing: [String]
    /// Of arrears: another file, in which the person was before, gives the right on some of these days, too. Months that it owes are
    /// that one's to pay, and no batch pays them here.
    package var isDueInOtherFile: Bool
}

/// A notice in a list.
package struct NoticeEntry: Hashable, Sendable {
    package var household: HouseholdID
    package var division: DivisionCode
    package var sequence: UInt64
    package var kind: Code
    package var person: PersonID?
    package var raisedOn: CivilDay
    package var dueOn: CivilDay?
    package var department: DepartmentID?
    package var isDelivered: Bool
    package var parkedChannels: [String]
    /// Whether it tells of a gap that ended without a helper: none is due any more.
    package var isUnfilled: Bool
}
