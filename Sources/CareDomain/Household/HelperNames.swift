/// Who is known by name for what was done for a family: helpers of all slots, also those named in events that were put
/// right since, visitors, and those who brought goods. Helpers give their real names (实名制); members and guardians are not
/// among them.
package struct HelperNames: Hashable, Sendable {
    private var helpers: [PersonID: String] = [:]
    private var visitors: [PersonID: String] = [:]
    private var members: Set<PersonID> = []
    private var guardians: Set<PersonID> = []

    /// Gathers the names from events; of one person the latest counts.
    package init(_ events: some Sequence<KnownEvent>) {
        for event in events {
            switch event.event {
            case .pairingAssigned(let assigned):
                take(assigned.sealed.details(of: assigned.helper.id)?.name, of: assigned.helper.id, in: \.helpers)
            case .pairingHandedOver(let handover):
                take(handover.sealed.details(of: handover.to.id)?.name, of: handover.to.id, in: \.helpers)
            case .visitRecorded(let visit):
                guard let visitor = visit.visitor else { continue }
                take(visit.sealed.details(of: visitor)?.name, of: visitor, in: \.visitors)
            case .goodsHandedOut(let handed):
                guard let bringer = handed.handedBy else { continue }
                take(handed.sealed.details(of: bringer)?.name, of: bringer, in: \.visitors)
            case .personJoined(let joined):
                members.insert(joined.person)
            case .guardianNamed(let named):
                guardians.insert(named.guardian)
            default: break
            }
        }
    }

    private mutating func take(
        _ name: String?, of person: PersonID, in names: WritableKeyPath<HelperNames, [PersonID: String]>
    ) {
        if let name { self[keyPath: names][person] = name }
    }

    /// The name of somebody who holds or held a slot; nil for others.
    package func helper(_ person: PersonID) -> String? { helpers[person] }

    /// The name of a helper, or of somebody who visited; nil for members and guardians, whose names are not for everybody.
    package func visitor(_ person: PersonID) -> String? {
        helpers[person] ?? (members.contains(person) || guardians.contains(person) ? nil : visitors[person])
    }

    /// The name of a helper who is no member of the family: it may go out in a notice.
    package func outsideFamily(_ person: PersonID) -> String? { members.contains(person) ? nil : helpers[person] }
}
