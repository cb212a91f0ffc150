/// What somebody asks to be done about a unit.
package struct UnitCommand: Hashable, Sendable {
    /// Chosen by the client; sending it again is the same command.
    package var id: CommandID
    package var unit: DivisionCode
    /// The day it was done.
    package var occurredOn: CivilDay
    package var action: UnitAction

    package init(id: CommandID, unit: DivisionCode, occurredOn: CivilDay, action: UnitAction) {
        self.id = id
        self.unit = unit
        self.occurredOn = occurredOn
        self.action = action
    }
}

/// What a unit command asks for.
package enum UnitAction: Hashable, Sendable {
    case setGuidance(GuidanceSet)
    case setBudget(UnitSum)
    case setAdvance(UnitSum)
    case score(UnitScored)
    /// Grant a project to a household.
    case give(GrantOrder)
    /// Take a grant back.
    case release(GrantEnd)
    /// Let a place go whose grant was never finished.
    case expire(GrantEnd)
    /// Settle a year; the reason why an earlier settlement is replaced.
    case compute(year: Int, reason: Code?)
}

extension UnitAction {
    /// The activity year it is about; nil when the place says so.
    package var year: Int? {
        switch self {
        case .setGuidance(let set): set.year
        case .setBudget(let sum), .setAdvance(let sum): sum.year
        case .score(let scored): scored.year
        case .give(let order): order.year
        case .compute(let year, _): year
        case .release, .expire: nil
        }
    }
}
