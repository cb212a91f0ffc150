import CareDomain

/// One fact somebody stated, on both axes of time: when it was true, and when it was learned (and unlearned).
///
/// Value on a day: the statement with the latest first day not after it; when two begin on the same day, the one of the
/// source that goes first in the pack's `precedence`, of one level the one told later, where a correction keeps the place of
/// what it puts right. When that statement has ended,
/// nothing is on record (an earlier one does not come back). Within days that a statement speaks of by name, one of a
/// source that goes after it does not count (`FactPrecedence`).
package struct FactStatement: Hashable, Sendable {
    package var fact: FactID
    package var subject: RuleSubject
    /// nil ends what was stated before.
    package var value: FactValue?
    /// Days on which it was true. Facts of nature `event` whose value is a day hold from that day, whatever stands here.
    package var period: DayPeriod
    /// When the log learned it.
    package var recordedAt: Moment
    /// When the source learned it, where it declared that.
    package var learnedOn: CivilDay?
    /// The event that stated it.
    package var source: EventReference
    /// When a correction or withdrawal took this statement out; nil = it stands.
    package var supersededAt: Moment?
    /// When the correction's source learned of the mistake, where it declared that.
    package var supersededLearnedOn: CivilDay?
    /// Kind of source (`certificate`), where one was named.
    package var kindOfSource: Code?
    /// Department that stated it, where the record says so.
    package var department: DepartmentID?
    /// Of a correction the event that told it first, and when the log learned that; nil = the statement itself did.
    package var first: ToldOrder?
    /// Its place among what was told: of two words for one day, of sources of one level, the later counts. What was put right
    /// keeps the place it had, as everywhere in the file (`HouseholdHistory.effective`).
    package var told: ToldOrder { first ?? ToldOrder(recordedAt: recordedAt, source: source) }
    /// Whether it is the registration's word on where the family lives, which counts until that is told by itself.
    package var standsIn = false

    package init(
        fact: FactID, subject: RuleSubject, value: FactValue?, period: DayPeriod, recordedAt: Moment,
        learnedOn: CivilDay? = nil, source: EventReference, supersededAt: Moment? = nil,
        supersededLearnedOn: CivilDay? = nil, kindOfSource: Code? = nil, department: DepartmentID? = nil
    ) {
        self.fact = fact
        self.subject = subject
        self.value = value
        self.period = period
        self.recordedAt = recordedAt
        self.learnedOn = learnedOn
        self.source = source
        self.supersededAt = supersededAt
        self.supersededLearnedOn = supersededLearnedOn
        self.kindOfSource = kindOfSource
        self.department = department
    }
}

/// When something was told, against other words of the same stream.
package struct ToldOrder: Hashable, Sendable, Comparable {
    /// When the log learned it.
    package var recordedAt: Moment
    /// The event that told it.
    package var source: EventReference

    package init(recordedAt: Moment, source: EventReference) {
        self.recordedAt = recordedAt
        self.source = source
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.recordedAt, left.source) < (right.recordedAt, right.source)
    }
}

/// The moment or day up to which knowledge counts.
package enum KnownAt: Hashable, Sendable {
    /// Everything in hand.
    case latest
    /// What the log had recorded at this moment, that moment included.
    case recorded(Moment)
    /// What the sources had learned by this day, that day included; statements without a declared day count from the
    /// day they were recorded.
    case learned(CivilDay)

    /// Whether something recorded or learned then was known.
    package func knows(recordedAt: Moment, learnedOn: CivilDay?) -> Bool {
        switch self {
        case .latest: true
        case .recorded(let moment): recordedAt <= moment
        case .learned(let day): (learnedOn ?? recordedAt.day) <= day
        }
    }

    /// Whether the statement was known and not yet taken out.
    package func knows(_ statement: FactStatement) -> Bool {
        guard knows(recordedAt: statement.recordedAt, learnedOn: statement.learnedOn) else { return false }
        guard let superseded = statement.supersededAt else { return true }
        return !knows(recordedAt: superseded, learnedOn: statement.supersededLearnedOn)
    }
}

/// Everything known about one household, or about one village, unit, city or loan, that rules may read.
package struct FactBase: Hashable, Sendable {
    /// What the facts are about: `household`, or another kind that is its own root.
    package var root: EntityKind
    /// In any order; a person exists by being the subject of a statement, usually `person.role`.
    package var statements: [FactStatement]
    /// Decisions of people, in any order.
    package var awards: [Award]
    /// From which other files persons came, in any order.
    package var arrivals: [FileArrival]
    /// The facts of those files, as far as they are known: rights that ran there go on here, and what was had there is not
    /// given once more (`CarriedRights`).
    package var others: [HouseholdID: FactBase]
    /// Facts that are kept from whoever asks: whatever is on record of them, they are unknown, also where nothing on record would
    /// mean that a state does not hold. Their statements are not read.
    package var untold: Set<FactID> = []

    package init(
        root: EntityKind = .household, statements: [FactStatement] = [], awards: [Award] = [],
        arrivals: [FileArrival] = [], others: [HouseholdID: FactBase] = [:]
    ) {
        self.root = root
        self.statements = statements
        self.awards = awards
        self.arrivals = arrivals
        self.others = others
    }

    /// What was known and not taken out, as it counts: where the residence was told by itself, the registration has no
    /// say in it from the first day on of which that was told (`Household.area(on:)`).
    package func statements(knownAt: KnownAt) -> [FactStatement] {
        let known = statements.filter { knownAt.knows($0) && !untold.contains($0.fact) }
        guard known.contains(where: \.standsIn) else { return known }
        let own = known.lazy.filter { !$0.standsIn && Self.residence.contains($0.fact.rawValue) }.map(\.period.start)
            .min()
        guard let own else { return known }
        return known.filter { !$0.standsIn || $0.period.start < own }
    }

    /// Facts that tell where the family lives.
    private static let residence: Set<String> = ["household.residence_division", "household.area"]
}
