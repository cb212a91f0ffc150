import CareDomain
import CareProjections

extension IntakeCore {
    /// What a department may see of families, for the commands whose remarks name events that stand in the file: closing one
    /// tells which claims are open, taking a death back that an accident tells it, too, and accidents may be kept from whoever
    /// speaks. Nil for all others: it would be worked out for nothing.
    func sight(of principal: Principal, for command: HouseholdCommand, today: CivilDay) -> FactSight? {
        switch command.action {
        case .closeHousehold: break
        case .withdraw, .recordDeath: if command.correction == nil { return nil }
        default: return nil
        }
        return FactSight(FactRestrictions(rules.registry), department: principal.department, today: today)
    }
}
