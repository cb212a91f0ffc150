import CareDomain

extension FactBase {
    /// Earliest day a statement is taken back to; before it nothing is asked.
    package static let beginning = CivilDay(year: 1900, month: 1, day: 1)!

    /// The facts in the events of a household's stream, with both their times.
    ///
    /// A corrected event counts until the correction was recorded, the correcting one from then on; a withdrawn one until
    /// it was withdrawn. So one base answers *as known at* any moment.
    ///
    /// Of the first form only the day it was filed is known. Where no earlier word is on record, the members it names
    /// belong since ever (or since birth), and the first place of registration stands for the time before. A family
    /// lives where it is registered until it is told where it lives.
    ///
    /// - Parameter events: by sequence, from the first.
    package init(events: [KnownEvent]) {
        self.init()
        var facts = HistoryFacts(events)
        statements = facts.statements()
        awards = facts.awards
        arrivals = facts.arrivals
    }

    /// From which other files persons came, by the events of a household's stream.
    package static func arrivals(in events: [KnownEvent]) -> [FileArrival] {
        guard events.contains(where: { $0.event.arrivalSource != nil }) else { return [] }
        return HistoryFacts(events).arrivals
    }
}

/// Turns events into statements.
private struct HistoryFacts {
    private let events: [KnownEvent]
    /// For each event that is not (or no longer) effective: the correction that took its place.
    private var successors: [EventReference: KnownEvent] = [:]
    /// For each correcting event: the first event of the chain it corrects.
    private var root: [EventReference: EventReference] = [:]
    private let founding: CommandID?
    private var result: [FactStatement] = []
    private(set) var awards: [Award] = []

    init(_ events: [KnownEvent]) {
        self.events = events
        // A file that begins with a split has no time before: its members' earlier days are in the other file.
        let isSeparated = events.contains {
            if case .split(let split) = $0.event { split.side == .separated } else { false }
        }
        founding = isSeparated ? nil : events.first?.command
        var latest: [EventReference: EventReference] = [:]
        for event in events {
            guard let correction = event.proposed.correction else { continue }
            let original = root[correction.corrects] ?? correction.corrects
            root[event.reference] = original
            successors[latest[original] ?? original] = event
            latest[original] = event.reference
        }
    }

    mutating func statements() -> [FactStatement] {
        let onlyChildren = onlyChildren
        for event in events {
            switch event.event {
            case .registered(let registered):
                state(
                    "household.division", .household, .reference(registered.division.rawValue), event,
                    from: FactBase.beginning)
                register(registered.area, event, from: FactBase.beginning)
            case .moved(let moved): move(moved, event)
            case .personJoined(let joined): join(joined, event)
            case .personLeft(let left): end(left.person, event)
            case .personDetailsChanged(let changed): change(changed, event)
            case .personDied(let died):
                state("person.death_date", .person(died.person), .day(event.occurredOn), event)
            case .childBorn(let born):
                // The birth of the only child itself is no rebirth, whenever it was filed; that of another child is.
                if !(born.child.map(onlyChildren.contains) ?? false) {
                    state("household.rebirth_on", .household, .day(event.occurredOn), event)
                }
            case .childAdopted(let adopted): adopt(adopted, event)
            case .disabilityAssessed(let assessed): assess(assessed, event)
            case .factStated(let stated):
                add(
                    stated.fact, stated.subject, stated.value, event, from: event.occurredOn,
                    until: stated.until, kindOfSource: stated.source)
            case .incidentReported(let incident): report(incident, event)
            case .guardianNamed(let named):
                state("person.guardian_named_on", .person(named.person), .day(event.occurredOn), event)
            case .guardianConsented(let consented):
                state("person.guardian_consented_on", .person(consented.person), .day(event.occurredOn), event)
            case .guardianNotarised(let notarised):
                state("person.guardian_notarised_on", .person(notarised.person), .day(event.occurredOn), event)
            case .guardianEnded(let ended):
                for fact in ["person.guardian_consented_on", "person.guardian_notarised_on"] {
                    state(fact, .person(ended.person), nil, event)
                }
            case .awardDecided(let decided): decide(decided, event)
            case .closed: leaveAll(event)
            case .merged(let merged): if merged.side == .absorbed { leaveAll(event) }
            case .split(let split): if split.side == .remaining { split.persons.forEach { end($0, event) } }
            case .registeredInError: forgetAll(event)
            default: break
            }
        }
        return result
    }

    /// Whom the file calls the only child.
    private var onlyChildren: Set<PersonID> {
        var roles: [PersonID: MemberRole] = [:]
        for event in events where successors[event.reference] == nil {
            switch event.event {
            case .personJoined(let joined): roles[joined.person] = joined.role
            case .personDetailsChanged(let changed): roles[changed.person] = changed.role ?? roles[changed.person]
            default: break
            }
        }
        return Set(roles.filter { $0.value == .onlyChild }.keys)
    }

    /// The command that said first what an event says: a correction puts words right, not when and with what they were filed.
    private func origin(_ event: KnownEvent) -> CommandID {
        guard let first = root[event.reference] else { return event.command }
        return events.first { $0.reference == first }?.command ?? event.command
    }

    /// Moves of persons into this file.
    var arrivals: [FileArrival] {
        events.compactMap { event in
            guard let source = event.event.arrivalSource else { return nil }
            let successor = successors[event.reference]
            return FileArrival(
                source: source, day: event.occurredOn, recordedAt: event.recordedAt,
                learnedOn: event.proposed.learnedOn, supersededAt: successor?.recordedAt,
                supersededLearnedOn: successor?.proposed.learnedOn)
        }
    }

    // MARK: Kinds of events

    private mutating func move(_ moved: HouseholdMoved, _ event: KnownEvent) {
        let code = FactValue.reference(moved.division.rawValue)
        switch moved.kind {
        case .registration:
            state("household.division", .household, code, event)
            register(moved.area, event, from: event.occurredOn)
        case .residence:
            state("household.residence_division", .household, code, event)
            if let area = moved.area {
                state("household.area", .household, .code(Code(unchecked: area.rawValue)), event)
            }
        }
    }

    /// Urban or rural at the place of registration; it stands in for the residence.
    private mutating func register(_ area: Area?, _ event: KnownEvent, from day: CivilDay) {
        guard let area else { return }
        let value = FactValue.code(Code(unchecked: area.rawValue))
        state("household.registration_area", .household, value, event, from: day)
        state("household.area", .household, value, event, from: day)
        result[result.count - 1].standsIn = true
    }

    private mutating func join(_ joined: PersonJoined, _ event: KnownEvent) {
        let subject = RuleSubject.person(joined.person)
        let isFounder = origin(event) == founding
        let start = isFounder ? joined.birthDate ?? FactBase.beginning : event.occurredOn
        state(
            "person.role", subject, .code(Code(unchecked: joined.role.rawValue)), event,
            from: min(start, event.occurredOn))
        if let day = joined.birthDate { state("person.birth_date", subject, .day(day), event) }
        if let sex = joined.sex { state("person.sex", subject, .code(Code(unchecked: sex.rawValue)), event) }
    }

    private mutating func change(_ changed: PersonDetailsChanged, _ event: KnownEvent) {
        let subject = RuleSubject.person(changed.person)
        if let role = changed.role { state("person.role", subject, .code(Code(unchecked: role.rawValue)), event) }
        if let day = changed.birthDate { state("person.birth_date", subject, .day(day), event) }
        if let sex = changed.sex { state("person.sex", subject, .code(Code(unchecked: sex.rawValue)), event) }
    }

    private mutating func adopt(_ adopted: ChildAdopted, _ event: KnownEvent) {
        state("household.adoption_on", .household, .day(event.occurredOn), event)
        if let applied = adopted.appliedOn {
            state("household.adoption_applied_on", .household, .day(applied), event, from: applied)
        }
        guard let child = adopted.child else { return }
        state("person.adopted_on", .person(child), .day(event.occurredOn), event)
        if let isOrphan = adopted.isOrphan { state("person.is_orphan", .person(child), .bool(isOrphan), event) }
    }

    private mutating func assess(_ assessed: DisabilityAssessed, _ event: KnownEvent) {
        let subject = RuleSubject.person(assessed.person)
        // The last valid day printed on the certificate still counts.
        let until = assessed.validThrough.map { $0 + 1 }
        let day = event.occurredOn
        add(
            FactID(unchecked: "person.disability_grade"), subject, .int(Int64(assessed.grade)), event, from: day,
            until: until)
        add(
            FactID(unchecked: "person.disability_certified_on"), subject, .day(day), event, from: day, until: until)
        if let kind = assessed.kind {
            add(FactID(unchecked: "person.disability_kind"), subject, .code(kind), event, from: day, until: until)
        }
    }

    private mutating func report(_ incident: IncidentReported, _ event: KnownEvent) {
        let subject = RuleSubject.incident(root[event.reference] ?? event.reference)
        state("incident.kind", subject, .code(incident.kind), event)
        state("incident.date", subject, .day(event.occurredOn), event)
        if incident.victims.contains(where: { $0.outcome.rawValue == "death" }) {
            state("incident.death", subject, .bool(true), event)
        }
        if let grade = incident.victims.compactMap(\.grade).min() {
            state("incident.disability_grade", subject, .int(Int64(grade)), event)
        }
    }

    private mutating func decide(_ decided: AwardDecided, _ event: KnownEvent) {
        let successor = successors[event.reference]
        awards.append(
            Award(
                clause: decided.clause, subject: decided.subject, outcome: decided.outcome, period: decided.period,
                recordedAt: event.recordedAt, learnedOn: event.proposed.learnedOn, source: event.reference,
                original: root[event.reference], supersededAt: successor?.recordedAt,
                supersededLearnedOn: successor?.proposed.learnedOn, decidedBy: event.actor,
                secondApprover: decided.secondApprover, unit: decided.place?.unit))
    }

    private mutating func end(_ person: PersonID, _ event: KnownEvent) {
        state("person.role", .person(person), nil, event)
    }

    /// The household is no longer kept: nobody belongs to it from this day; who they were to one another stays.
    private mutating func leaveAll(_ event: KnownEvent) {
        state("household.closed_on", .household, .day(event.occurredOn), event)
        let persons = events.compactMap { if case .personJoined(let joined) = $0.event { joined.person } else { nil } }
        for person in Set(persons).sorted() { end(person, event) }
    }

    /// The household should never have been registered: from then on nothing in its stream counts.
    private mutating func forgetAll(_ event: KnownEvent) {
        result = result.map { statement in
            var statement = statement
            if statement.supersededAt.map({ $0 > event.recordedAt }) ?? true {
                statement.supersededAt = event.recordedAt
                statement.supersededLearnedOn = event.proposed.learnedOn
            }
            return statement
        }
    }

    // MARK: Statements

    private mutating func state(
        _ fact: String, _ subject: RuleSubject, _ value: FactValue?, _ event: KnownEvent, from day: CivilDay? = nil
    ) {
        add(FactID(unchecked: fact), subject, value, event, from: day ?? event.occurredOn, until: nil)
    }

    private mutating func add(
        _ fact: FactID, _ subject: RuleSubject, _ value: FactValue?, _ event: KnownEvent, from day: CivilDay,
        until: CivilDay?, kindOfSource: Code? = nil
    ) {
        let successor = successors[event.reference]
        var statement = FactStatement(
            fact: fact, subject: subject, value: value, period: DayPeriod(start: day, end: until),
            recordedAt: event.recordedAt, learnedOn: event.proposed.learnedOn, source: event.reference,
            supersededAt: successor?.recordedAt, supersededLearnedOn: successor?.proposed.learnedOn,
            kindOfSource: kindOfSource, department: event.department)
        if let root = root[event.reference], let first = events.first(where: { $0.reference == root }) {
            statement.first = ToldOrder(recordedAt: first.recordedAt, source: first.reference)
        }
        result.append(statement)
    }
}
