extension Proposal {
    /// An incident names whom it struck, each once, alive on its day; and it is on record once, whoever reports it.
    ///
    /// Reports of several bodies of one event (same household, kind, day and victim) are one incident and one relief. Nobody
    /// dies twice, so a second incident of which the same person died is the same one with another day or kind.
    /// - Source: CZ-2.2, reading CZ-Q8
    mutating func check(_ incident: IncidentReported, on day: CivilDay, field: String?) throws(Refusal) {
        try check(incident.kind, among: RecordWords.incidentKinds, field: join(field, "kind"))
        guard !incident.victims.isEmpty else { throw Refusal(.personUnknown, field: join(field, "victims")) }
        var named: Set<PersonID> = []
        for victim in incident.victims {
            let member = try requireMember(victim.person, field: join(field, "victims"))
            guard named.insert(victim.person).inserted else {
                throw Refusal(.nothingToDo, field: join(field, "victims"))
            }
            // Who died of it died on that day or later.
            guard member.diedOn.map({ $0 >= day }) ?? true else {
                throw Refusal(.alreadyDead, field: join(field, "victims"))
            }
            try check(victim.outcome, among: RecordWords.incidentOutcomes, field: join(field, "victims"))
            guard victim.grade.map({ (1...4).contains($0) }) ?? true else {
                throw Refusal(.gradeOutOfRange, field: join(field, "victims"), detail: victim.grade.map { "\($0)" })
            }
            try requireBirth(of: member, by: day, field: join(field, "occurred_on"))
        }
        try checkOnce(incident, on: day, field: field)
        // Paper files bring what happened before them along; told afterwards, an early day is most often a slip.
        if case .registerHousehold = command.action { return }
        if let opened = household.registeredOn, day < opened {
            warn(.incidentBeforeFile, field: join(field, "occurred_on"), detail: opened.description)
        }
    }

    /// Nothing is decided about an incident, or asked for because of it, before it happened.
    func requireIncident(_ incident: EventReference, by day: CivilDay, field: String?) throws(Refusal) {
        guard let found = household.incidents.first(where: { $0.reference == incident }), day < found.day else {
            return
        }
        throw Refusal(
            .dayOrder, field: join(field, "occurred_on"), detail: day.description,
            words: "\(day)，早于突发事件之日 \(found.day)", english: "\(day), before the incident of \(found.day)")
    }

    private mutating func checkOnce(_ incident: IncidentReported, on day: CivilDay, field: String?) throws(Refusal) {
        func victims(_ incident: IncidentReported, dead: Bool = false) -> Set<PersonID> {
            Set(incident.victims.filter { !dead || $0.outcome.rawValue == "death" }.map(\.person))
        }
        for other in household.incidents {
            let isShared = !victims(other.payload).isDisjoint(with: victims(incident))
            let isSame = isShared && other.day == day && other.payload.kind == incident.kind
            let diedTwice = !victims(other.payload, dead: true).isDisjoint(with: victims(incident, dead: true))
            // Which one it is says too much to those from whom accidents are kept.
            let isKept = context.kept.contains(other.reference)
            if isSame || diedTwice {
                throw Refusal(
                    .incidentReported, field: join(field, "victims"),
                    detail: isKept ? nil : "#\(other.reference.sequence)", clause: ClauseID("CZ-2.2"))
            }
            if isShared, other.day == day, !isKept {
                warn(.incidentAlike, field: join(field, "kind"), detail: "#\(other.reference.sequence)")
            }
        }
        for absorbed in try absorbedFiles(nil) {
            let same = absorbed.file.incidents.first { other in
                let isSame = other.day == day && other.payload.kind == incident.kind
                let diedTwice = !victims(other.payload, dead: true).isDisjoint(with: victims(incident, dead: true))
                return diedTwice || isSame && !victims(other.payload).isDisjoint(with: victims(incident))
            }
            guard let same else { continue }
            throw Refusal(
                .incidentReported, field: join(field, "victims"),
                detail: "\(absorbed.file.id) #\(same.reference.sequence)", clause: ClauseID("CZ-2.2"))
        }
    }
}
