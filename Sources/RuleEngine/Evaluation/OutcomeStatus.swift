import CareDomain

/// How a stretch of days stands.
package enum OutcomeStatus: String, Hashable, Sendable {
    /// The right holds and needs no further decision of amount.
    case entitled
    /// The right holds; a person decides the amount (floor, 原则上).
    case proposed
    /// The right holds; a person's decision keeps the sum back.
    case held
    case notEntitled = "not_entitled"
    /// Facts are unknown.
    case needsFact = "needs_fact"
    /// A parameter has no value.
    case needsParameter = "needs_parameter"
    /// An expression ended in an error: a fault of the pack, never of the family.
    case failed

    /// The status as events store it.
    package var stored: DeterminationMade.Status {
        switch self {
        case .entitled: .entitled
        case .proposed: .proposed
        case .held: .held
        case .notEntitled: .notEntitled
        case .needsFact: .needsFact
        case .needsParameter: .needsParameter
        case .failed: .failed
        }
    }

    /// Reads `stored`.
    package init(_ stored: DeterminationMade.Status) {
        switch stored {
        case .entitled: self = .entitled
        case .proposed: self = .proposed
        case .held: self = .held
        case .notEntitled: self = .notEntitled
        case .needsFact: self = .needsFact
        case .needsParameter: self = .needsParameter
        case .failed: self = .failed
        }
    }

    /// The word for people.
    package var wording: Wording {
        switch self {
        case .entitled: Wording("享受", "entitled")
        case .proposed: Wording("拟享受，待人工决定金额", "proposed, a person decides the amount")
        case .held: Wording("暂缓发放", "held back by a decision")
        case .notEntitled: Wording("不享受", "not entitled")
        case .needsFact: Wording("缺事实，无法判断", "facts are missing")
        case .needsParameter: Wording("缺参数", "a parameter is missing")
        case .failed: Wording("规则出错", "the rule failed")
        }
    }
}

/// One reason why a right does not hold.
package enum Unmet: Hashable, Sendable {
    /// Outside the circle of the clause.
    case who
    /// The rule's condition at this place.
    case condition(Int)
    /// The facts were learned only later, and the reading `rights_from` says confirmed.
    case notYetConfirmed(CivilDay)
    /// A one-off that was already granted.
    case alreadyGranted
    /// A grant of the household bars it: the clause that says so, whether an exception may override it, the grant; nil = one that stands
    /// in the file from before a split or merge.
    case barred(by: ClauseID, isSoft: Bool, grant: EventReference?)
    /// A person turned it down in this event.
    case refused(EventReference)
}

/// One stretch of days with the same answer.
package struct OutcomePiece: Hashable, Sendable {
    package var period: DayPeriod
    package var status: OutcomeStatus
    /// Whether the right itself holds, also where the sum still waits for a fact or a parameter.
    package var rightHolds = false
    /// Sum per cadence.
    package var amount: Fen?
    /// The clause's own figure, where a person decided another sum.
    package var standard: Fen?
    /// Hours per month, in thousandths.
    package var hours: Int64?
    /// Subsidy per delivered hour.
    package var hourlyRate: Fen?
    /// The figure of a target or threshold, in thousandths of its unit.
    package var measure: Int64?
    package var payers: [PayerShare] = []
    /// What the answer, or the sum, waits for.
    package var missing: [Missing] = []
    /// What the payer waits for; right and sum stand without it.
    package var missingForPayer: [Missing] = []
    /// What answer, sum and payer wait for, each told once.
    package var allMissing: [Missing] { missing.and(missingForPayer) }
    package var unmet: [Unmet] = []
    /// Places of the rule's warnings that apply.
    package var warnings: [Int] = []
    /// The decision of a person that made the answer what it is.
    package var decision: EventReference?
    /// A decision that was left out because the clause does not allow its amount.
    package var refusedAward: EventReference?
    package var failure: EvaluationError?
    /// Events the answer rests on, sorted.
    package var facts: [EventReference] = []
    /// The pack version that answered.
    package var pack: PackReference

    package init(period: DayPeriod, status: OutcomeStatus, pack: PackReference) {
        self.period = period
        self.status = status
        self.pack = pack
    }

    /// Whether the other piece says the same, apart from days and facts.
    func saysTheSame(as other: OutcomePiece) -> Bool {
        var copy = other
        copy.period = period
        copy.facts = facts
        return self == copy
    }
}

extension [Missing] {
    /// These, and those of the others that are none of them.
    package func and(_ others: [Missing]) -> [Missing] { self + others.filter { !contains($0) } }
}

/// The answer of one rule for one subject over a stretch of days, without gap or overlap.
package struct RuleOutcome: Hashable, Sendable {
    package let pack: PackID
    package let clause: ClauseID
    package let subject: RuleSubject
    /// In order of days.
    package let pieces: [OutcomePiece]

    package init(pack: PackID, clause: ClauseID, subject: RuleSubject, pieces: [OutcomePiece]) {
        self.pack = pack
        self.clause = clause
        self.subject = subject
        self.pieces = pieces
    }

    /// The answer on a day; nil outside the days evaluated.
    package func piece(on day: CivilDay) -> OutcomePiece? { pieces.first { $0.period.contains(day) } }
}

extension Array where Element == OutcomePiece {
    /// Adds a piece, joining it with the last one when that ends where it begins and says the same.
    package mutating func join(_ piece: OutcomePiece) {
        guard var last, last.period.end == piece.period.start, last.saysTheSame(as: piece) else {
            append(piece)
            return
        }
        last.period = DayPeriod(start: last.period.start, end: piece.period.end)
        last.facts = last.facts.united(with: piece.facts)
        self[count - 1] = last
    }
}

extension Array where Element == EventReference {
    /// In order, each once.
    func sortedOnce() -> [EventReference] {
        guard count > 1 else { return self }
        let sorted = self.sorted()
        var result: [EventReference] = []
        result.reserveCapacity(sorted.count)
        for reference in sorted where result.last != reference { result.append(reference) }
        return result
    }

    /// Both, in order, each once.
    func united(with other: [EventReference]) -> [EventReference] {
        if other.isEmpty || self == other { return self }
        return isEmpty ? other : (self + other).sortedOnce()
    }
}
