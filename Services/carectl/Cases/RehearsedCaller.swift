import CareDomain
import CareWire

/// As whom intake will decide the lines of a file: what the list of keys says of the one that speaks.
struct RehearsedCaller {
    /// Account of the person.
    var actor: Code
    var roles: Set<Code>
    var department: DepartmentID
    var divisions: [DivisionCode]
}

extension RehearsedCaller {
    /// Nil where the service does not say it.
    init?(_ status: Care_V1_ProjectionStatus) {
        guard let actor = Code(status.actor), let department = DepartmentID(status.department) else { return nil }
        self.init(
            actor: actor, roles: Set(status.roles.compactMap { Code($0) }), department: department,
            divisions: status.divisions.compactMap { DivisionCode($0) })
    }
}
