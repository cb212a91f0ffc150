extension HouseholdAction {
    /// - Throws: `noName`; a retry helps without the name, unit or contact, or with one. `deathInName`; a retry helps with the name
    ///   alone.
    func checkNames() throws(Refusal) {
        if let field = fieldOfNoName() { throw Refusal(.noName, field: field) }
        if let field = fieldOfDeathInName() { throw Refusal(.deathInName, field: field) }
    }

    /// Where the name of a member says that they died; nil where none does.
    private func fieldOfDeathInName() -> String? {
        func isTold(_ sealed: [SealedPart]) -> Bool {
            sealed.contains { $0.details?.name.map(DeathInName.isTold) ?? false }
        }
        switch self {
        case .registerHousehold(let register):
            return register.members.firstIndex { isTold($0.sealed) }.map { "members[\($0)].name" }
        case .addPerson(let joined): return isTold(joined.sealed) ? "name" : nil
        case .changePersonDetails(let changed): return isTold(changed.sealed) ? "name" : nil
        default: return nil
        }
    }

    /// Where the command names somebody by what is no name, such as 无 or a stroke; nil where it does not.
    ///
    /// A helper called 无 would fill a slot that nobody fills. Only what the command itself says counts: what was written down
    /// earlier, by an earlier version, stays until it is put right.
    private func fieldOfNoName() -> String? {
        func isNoName(_ sealed: [SealedPart]) -> Bool {
            sealed.contains { $0.details?.name.map(Placeholder.isAny) ?? false }
        }
        switch self {
        case .registerHousehold(let register):
            if let index = register.members.firstIndex(where: { isNoName($0.sealed) }) {
                return "members[\(index)].name"
            }
            let index = register.facts.firstIndex { fact in
                switch fact.event {
                case .pairingAssigned(let assigned): assigned.helper.placeholder(assigned.sealed, field: "") != nil
                case .pairingHandedOver(let handed): handed.to.placeholder(handed.sealed, field: "") != nil
                case .guardianNamed(let named): isNoName(named.sealed)
                case .visitRecorded(let visit): isNoName(visit.sealed)
                default: false
                }
            }
            return index.map { "facts[\($0)].name" }
        case .addPerson(let joined): return isNoName(joined.sealed) ? "name" : nil
        case .changePersonDetails(let changed): return isNoName(changed.sealed) ? "name" : nil
        case .nameGuardian(let named): return isNoName(named.sealed) ? "guardian.name" : nil
        case .assignHelper(let assigned): return assigned.helper.placeholder(assigned.sealed, field: "helper")
        case .handOverPairing(let handed): return handed.to.placeholder(handed.sealed, field: "to")
        case .recordVisit(let record): return isNoName(record.visit.sealed) ? "visitor.name" : nil
        default: return nil
        }
    }
}

extension Helper {
    /// The part of the helper that is no name, unit or contact; nil where all are, or are left out.
    fileprivate func placeholder(_ sealed: [SealedPart], field: String) -> String? {
        let details = sealed.compactMap(\.details)
        if details.contains(where: { $0.name.map(Placeholder.isAny) ?? false }) { return "\(field).name" }
        if unit.map(Placeholder.isAny) ?? false { return "\(field).unit" }
        return details.contains { $0.phone.map(Placeholder.isAny) ?? false } ? "\(field).phone" : nil
    }
}
