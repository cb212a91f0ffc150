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

    /// 由上级定: whether the division above the unit does it, and never the unit about itself.
    /// - Source: 温卫发〔2021〕42号, 二、五（三）、附件3 (WZ-2.1, WZ-5.3c, WZ-A3.5)
    package var isFromAbove: Bool {
        switch self {
        case .setGuidance, .setBudget, .setAdvance, .score, .compute: true
        case .give, .release, .expire: false
        }
    }
}

extension DivisionCode {
    /// Whether one of the divisions lies above this one: holds it and is another.
    package func isBelow(_ divisions: [DivisionCode]) -> Bool {
        divisions.contains { isWithin($0) && !$0.isWithin(self) }
    }

    /// Refuses what only the division above may do to somebody who acts for this one or for another.
    /// - Throws: `unitAbove`; a retry helps with a key of the division above only.
    package func checkAbove(_ divisions: [DivisionCode]?, field: String, clause: ClauseID?) throws(Refusal) {
        guard let divisions, !isBelow(divisions) else { return }
        throw Refusal(.unitAbove, field: field, detail: rawValue, clause: clause)
    }
}
