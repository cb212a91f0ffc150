import CareDomain
import CareProjections

extension IntakeCore {
    /// What a department may see of families, for the commands whose remarks name events that stand in the file: closing one
    /// tells which claims are open, and an accident may be kept from whoever closes it. Nil for all others: it would be worked
    /// out for nothing.
    func sight(of principal: Principal, for command: HouseholdCommand, today: CivilDay) -> FactSight? {
        guard case .closeHousehold = command.action else { return nil }
        return FactSight(FactRestrictions(rules.registry), department: principal.department, today: today)
    }
}
