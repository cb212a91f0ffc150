/// Checks what a command proposes, event by event, each against the state that the ones before it left.
struct Proposal {
    private(set) var household: Household
    let command: HouseholdCommand
    let context: DecisionContext
    private(set) var events: [ProposedEvent] = []
    private(set) var warnings: [Refusal] = []
    /// Items of the plan whose ground was withdrawn, see `HouseholdHistory.itemsWithoutGround`.
    var groundless: Set<EventReference> = []
    /// Deaths that are told after the people are: by a registration, or by what came after an event that is corrected.
    var deathsTold: [PersonID: CivilDay] = [:]
    /// The last proposed event, not folded yet: nothing looks at the state after the last one, and folding copies.
    private var unfolded: KnownEvent?

    init(household: Household, command: HouseholdCommand, context: DecisionContext) {
        self.household = household
        self.command = command
        self.context = context
    }

    /// Earliest day anything in these files can have happened.
    static let earliest = CivilDay(year: 1900, month: 1, day: 1)!

    mutating func carryOut(_ action: HouseholdAction) throws(Refusal) {
        switch action {
        case .registerHousehold(let register):
            try carryOut(register)
        case .recordVisit(let record):
            try propose(.visitRecorded(record.visit), field: "visit")
            for (index, need) in record.needs.enumerated() {
                try propose(.needRaised(need), field: "needs[\(index)]")
            }
        case .splitHousehold(let split):
            try check(split)
            let separated = HouseholdSplit(other: context.newHousehold, side: .remaining, persons: split.persons)
            try propose(.split(separated), field: "split")
        case .mergeHousehold(let merge):
            guard merge.into != household.id else { throw Refusal(.nothingToDo, field: "into") }
            try propose(.merged(HouseholdMerged(other: merge.into, side: .absorbed)), field: "into")
        case .withdraw:
            throw Refusal(.correctionTarget, field: "correction")
        case .application(let event):
            try check(command.occurredOn, field: "occurred_on")
            try checkCareDay(command.occurredOn, field: nil)
            let missed = dayMissed(by: event)
            add(.application(try decided(event)), on: command.occurredOn, learnedOn: command.learnedOn)
            if let missed { warn(.stepLate, field: "occurred_on", detail: missed) }
            if let missing = missingPapers(after: event) { warn(.papersMissing, field: "papers", detail: missing) }
        case .decideDue(let decided):
            let own = try aboutOwnMonths(decided)
            try propose(.dueDecided(own), field: nil)
        default:
            guard let event = action.singleEvent else { throw Refusal(.nothingToDo) }
            if case .planItemDone(let done) = event { try checkClaim(done) }
            try propose(event, field: nil)
            if case .personDetailsChanged(let changed) = event {
                try checkSamePerson(changed)
                try checkRoleOfTheDead(changed)
            }
            if case .personJoined(let joined) = event { try checkNotBack(joined) }
            if event.tellsBirthOrRole {
                try checkChildren(of: settled, besides: childrenTooOld(in: household)) { _ in event.fieldOfBirth }
            }
            if let item = followUp(event) {
                add(.planItemOpened(item), on: command.occurredOn, learnedOn: command.learnedOn)
            }
        }
    }

    private mutating func carryOut(_ register: RegisterHousehold) throws(Refusal) {
        guard !register.members.isEmpty else { throw Refusal(.noMembers, field: "members") }
        deathsTold = register.facts.deaths
        try propose(.registered(register.household), field: "household")
        for (index, member) in register.members.enumerated() {
            try propose(.personJoined(member), field: "members[\(index)]")
        }
        let adopted = register.facts.compactMap { fact in
            if case .childAdopted(let adopted) = fact.event { adopted.child } else { nil }
        }
        try checkChildren(of: settled, adopted: Set(adopted)) { child in
            register.members.firstIndex { $0.person == child }.map { "members[\($0)].birth_date" }
        }
        for (index, fact) in register.facts.enumerated() {
            try propose(fact.event, on: fact.occurredOn, learnedOn: fact.learnedOn, field: "facts[\(index)]")
        }
    }

    /// Somebody goes and somebody stays; the new file is one that could be registered.
    private func check(_ split: SplitHousehold) throws(Refusal) {
        for person in split.persons {
            let member = try requireMember(person, field: "persons")
            guard member.leftOn == nil else { throw Refusal(.personNotPresent, field: "persons") }
        }
        let staying = household.members.contains {
            $0.leftOn == nil && $0.diedOn == nil && !split.persons.contains($0.id)
        }
        guard !split.persons.isEmpty, staying else { throw Refusal(.nothingToDo, field: "persons") }
        try check(split.household.division, on: command.occurredOn, field: "household.division")
    }

    /// A code must have been in use on the day.
    func check(_ division: DivisionCode, on day: CivilDay, field: String?) throws(Refusal) {
        guard context.divisions.standing(of: division, on: day) != .unknown else {
            let usage = context.divisions.usage(of: division, on: day)
            throw Refusal(
                .unknownDivision, field: field, detail: division.rawValue, words: usage.chinese, english: usage.english)
        }
    }

    mutating func warn(
        _ reason: Refusal.Reason, field: String? = nil, detail: String? = nil, words: String? = nil,
        english: String? = nil
    ) {
        warnings.append(Refusal(reason, field: field, detail: detail, words: words, english: english))
    }

    /// The household with the last proposed event as well.
    private var settled: Household {
        guard let unfolded else { return household }
        var settled = household
        settled.evolve(unfolded)
        return settled
    }

    private mutating func propose(
        _ event: HouseholdEvent, on day: CivilDay? = nil, learnedOn: CivilDay? = nil, field: String?
    ) throws(Refusal) {
        if let unfolded { household.evolve(unfolded) }
        let day = day ?? command.occurredOn
        let event = completing(event.asRecorded, on: day, field: field)
        try check(day, field: join(field, "occurred_on"))
        try check(event, on: day, field: field)
        try checkLearned(event, on: day, learnedOn ?? command.learnedOn)
        add(event, on: day, learnedOn: learnedOn ?? command.learnedOn)
    }

    private mutating func add(_ event: HouseholdEvent, on day: CivilDay, learnedOn: CivilDay?) {
        let proposed = ProposedEvent(occurredOn: day, learnedOn: learnedOn, event: event)
        events.append(proposed)
        // The scratch state needs a reference per event; those after the last known one are as good as final.
        let reference = EventReference(sequence: UInt64.max / 2 + UInt64(events.count))
        unfolded = KnownEvent(
            reference: reference, recordedAt: Moment(microseconds: 0), command: command.id, proposed: proposed)
    }

    /// A day that may be stated: not before 1900, not after today.
    func check(_ day: CivilDay, field: String?) throws(Refusal) {
        guard day >= Self.earliest else { throw Refusal(.dayTooEarly, field: field, detail: day.description) }
        guard day <= context.today else { throw Refusal.future(day, today: context.today, field: field) }
    }

    func join(_ field: String?, _ part: String) -> String { field.map { "\($0).\(part)" } ?? part }

    @discardableResult
    func requireMember(_ id: PersonID, field: String?) throws(Refusal) -> Member {
        guard let member = household.member(id) else { throw Refusal(.personUnknown, field: field) }
        return member
    }
}

extension Sequence<ProposedEvent> {
    /// Who died by these events, and when.
    var deaths: [PersonID: CivilDay] {
        reduce(into: [:]) { deaths, proposed in
            if case .personDied(let died) = proposed.event { deaths[died.person] = proposed.occurredOn }
        }
    }
}
