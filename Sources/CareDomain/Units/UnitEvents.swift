/// What happens in a `unit-<division>` stream. Codes, numbers and household ids only.
package enum UnitEvent: Hashable, Sendable {
    /// 下达指导数.
    case guidanceSet(GuidanceSet)
    /// 市级当年预算限额.
    case budgetSet(UnitSum)
    /// 预拨.
    case advanceSet(UnitSum)
    /// 评分.
    case scored(UnitScored)
    /// 结算, frozen with all it was computed from.
    case settled(Settlement)
    /// 占名额: held for a grant until confirmed or released.
    case placeReserved(PlaceReserved)
    /// 确认名额: the household's file holds the grant.
    case placeConfirmed(PlaceConfirmed)
    /// 释放名额.
    case placeReleased(PlaceReleased)
}

/// Guidance numbers of a year by project.
package struct GuidanceSet: Hashable, Sendable {
    package struct Number: Hashable, Sendable {
        package var clause: ClauseID
        package var places: Int

        package init(clause: ClauseID, places: Int) {
            self.clause = clause
            self.places = places
        }
    }

    package var year: Int
    /// In order of clauses, each once.
    package var numbers: [Number]
    /// Why a number set before is replaced.
    package var reason: Code?
    /// The document or file.
    package var source: String?

    package init(year: Int, numbers: [Number], reason: Code? = nil, source: String? = nil) {
        self.year = year
        self.numbers = numbers.sorted { $0.clause < $1.clause }
        self.reason = reason
        self.source = source
    }
}

/// A sum of a year.
package struct UnitSum: Hashable, Sendable {
    package var year: Int
    package var amount: Fen
    /// Why the sum set before is replaced.
    package var reason: Code?
    package var source: String?

    package init(year: Int, amount: Fen, reason: Code? = nil, source: String? = nil) {
        self.year = year
        self.amount = amount
        self.reason = reason
        self.source = source
    }
}

/// Points of one part of the evaluation, or the contextual adjustment.
package struct UnitScored: Hashable, Sendable {
    package var year: Int
    /// The clause of the part, or of the adjustment.
    package var clause: ClauseID
    package var points: Points
    /// Reference to the evidence.
    package var evidence: String?
    /// Why it is adjusted or replaced.
    package var reason: Code?

    package init(year: Int, clause: ClauseID, points: Points, evidence: String? = nil, reason: Code? = nil) {
        self.year = year
        self.clause = clause
        self.points = points
        self.evidence = evidence
        self.reason = reason
    }
}

/// A place held for a grant.
package struct PlaceReserved: Hashable, Sendable {
    package var grant: GrantID
    package var year: Int
    package var clause: ClauseID
    package var household: HouseholdID
    package var amount: Fen
    /// Whether it lies beyond the guidance number.
    package var isBeyond: Bool
    package var reason: Code?

    package init(
        grant: GrantID, year: Int, clause: ClauseID, household: HouseholdID, amount: Fen, isBeyond: Bool, reason: Code?
    ) {
        self.grant = grant
        self.year = year
        self.clause = clause
        self.household = household
        self.amount = amount
        self.isBeyond = isBeyond
        self.reason = reason
    }
}

/// A place whose grant stands in the household's file.
package struct PlaceConfirmed: Hashable, Sendable {
    package var grant: GrantID
    /// The decision in the household's stream.
    package var award: EventReference
    /// As decided there.
    package var amount: Fen

    package init(grant: GrantID, award: EventReference, amount: Fen) {
        self.grant = grant
        self.award = award
        self.amount = amount
    }
}

/// A place that is free again.
package struct PlaceReleased: Hashable, Sendable {
    /// What freed it.
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        /// The household's file refused the grant.
        case refused
        /// The grant was taken back.
        case released
        /// The grant was never finished.
        case expired

        /// 未获批 …
        package var chinese: String {
            switch self {
            case .refused: "未获批"
            case .released: "已取消"
            case .expired: "占位到期"
            }
        }
    }

    package var grant: GrantID
    package var cause: Cause
    package var reason: Code

    package init(grant: GrantID, cause: Cause, reason: Code) {
        self.grant = grant
        self.cause = cause
        self.reason = reason
    }

    /// The reason of a place let go because the household's file refused the grant.
    package static func reason(of refusal: Refusal) -> Code { Code(unchecked: "care-\(refusal.reason.rawValue)") }

    /// The refusal a reason stands for; nil for a reason that somebody gave.
    package static func refusal(in reason: String) -> Refusal? {
        guard reason.hasPrefix("care-") else { return nil }
        return Int(reason.dropFirst(5)).flatMap { Refusal.Reason(rawValue: $0) }.map { Refusal($0) }
    }
}

/// A unit's event as the log holds it.
package struct KnownUnitEvent: Hashable, Sendable {
    package var reference: EventReference
    package var recordedAt: Moment
    package var occurredOn: CivilDay
    package var command: CommandID
    /// Account of the person who acted.
    package var actor: Code?
    package var event: UnitEvent

    package init(
        reference: EventReference, recordedAt: Moment, occurredOn: CivilDay, command: CommandID, actor: Code? = nil,
        event: UnitEvent
    ) {
        self.reference = reference
        self.recordedAt = recordedAt
        self.occurredOn = occurredOn
        self.command = command
        self.actor = actor
        self.event = event
    }
}
