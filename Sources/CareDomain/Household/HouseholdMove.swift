/// 并户、分户: persons go on from one household's stream to another's.
///
/// The receiving stream decides: once it holds the arrival, the move has happened and the other stream is told. Both
/// sides are computed here; the order of the steps and what a crash between them means is the process's (`MoveFlow`).
package enum HouseholdMove {
    /// What an arrival in a stream tells of the other side.
    package struct Arrival: Hashable, Sendable {
        /// Whose stream the persons left.
        package var source: HouseholdID
        /// Those who moved. A dead only child that a split leaves in both files is not among them.
        package var persons: [PersonID]
        package var isMerge: Bool
        package var occurredOn: CivilDay

        package init(source: HouseholdID, persons: [PersonID], isMerge: Bool, occurredOn: CivilDay) {
            self.source = source
            self.persons = persons
            self.isMerge = isMerge
            self.occurredOn = occurredOn
        }

        /// Reads the arrival out of the events that one command left in the receiving stream; nil when it was no move.
        package init?(_ events: [KnownEvent]) {
            for event in events {
                switch event.event {
                case .merged(let merged) where merged.side == .absorbing:
                    let joined = events.compactMap {
                        if case .personJoined(let joined) = $0.event { joined.person } else { nil }
                    }
                    self.init(source: merged.other, persons: joined, isMerge: true, occurredOn: event.occurredOn)
                    return
                case .split(let split) where split.side == .separated:
                    self.init(
                        source: split.other, persons: split.persons, isMerge: false, occurredOn: event.occurredOn)
                    return
                default: continue
                }
            }
            return nil
        }
    }
}

extension HouseholdHistory {
    /// 并户: what the absorbing household's stream says when this household goes on as part of it.
    ///
    /// All who have not left come along, the dead among them: what the family is entitled to rests on them.
    /// - Throws: `roleTaken` when both have, say, a living wife; one of the roles has to be put right first. `dayOrder` where
    ///   the other file was not open yet on the day.
    package func merging(into target: Household, on day: CivilDay, learnedOn: CivilDay?) throws(Refusal)
        -> [ProposedEvent]
    {
        if let opened = target.registeredOn, day < opened {
            throw Refusal(
                .dayOrder, field: "occurred_on", detail: day.description,
                words: "\(day)，早于并入的那一户建档之日 \(opened)",
                english: "\(day), before the file that takes it in was opened on \(opened)")
        }
        // Whom the other file has already, a dead only child after a split, does not come a second time.
        let there = Set(target.members.filter { $0.leftOn == nil }.map(\.id))
        let moving = household.members.filter { $0.leftOn == nil && !there.contains($0.id) }
        for member in moving where member.diedOn == nil && member.role.isHeldByOne {
            let isTaken = target.members.contains {
                $0.role == member.role && $0.leftOn == nil && $0.diedOn == nil && $0.id != member.id
            }
            if isTaken { throw Self.bothHave(member.role) }
        }
        let arrived = ProposedEvent(
            occurredOn: day, learnedOn: learnedOn, event: .merged(HouseholdMerged(other: id, side: .absorbing)))
        return [arrived] + restated(moving, on: day, learnedOn: learnedOn, claiming: Set(moving.map(\.id)))
    }

    /// Why two files with a living wife each, say, are not made one, and what to do.
    private static func bothHave(_ role: MemberRole) -> Refusal {
        let name = role.rawValue.split(separator: "_").joined(separator: " ")
        return Refusal(
            .roleTaken, field: "into", detail: role.chinese,
            words: "两户各有一位在世的\(role.chinese)：两对夫妻各立一户，不合并；确是一家的，先在其中一户登记离户、"
                + "去世（carectl case death）或更正身份，或先分户（split_household），"
                + "只并该并的人；是同一人登了两次的，重复的那一户登记误登（mark_registered_in_error）",
            english: "both files have a living \(name): two couples keep a file each. If they are one family, first "
                + "record in one file that the person left or died (carectl case death), put the role right, or split "
                + "the file (split_household) and merge only those who belong; if one person was entered twice, mark "
                + "the file that repeats them as registered in error (mark_registered_in_error)")
    }

    /// 分户: the first events of the new household's stream.
    ///
    /// A dead only child belongs to both files afterwards, because both parents' status rests on that death.
    package func separating(_ split: SplitHousehold, on day: CivilDay, learnedOn: CivilDay?) -> [ProposedEvent] {
        let moving = household.members.filter { $0.leftOn == nil && split.persons.contains($0.id) }
        let mourned = household.members.filter {
            $0.leftOn == nil && $0.role == .onlyChild && $0.diedOn != nil && !split.persons.contains($0.id)
        }
        let registered = ProposedEvent(
            occurredOn: day, learnedOn: learnedOn, event: .registered(split.household))
        let separated = ProposedEvent(
            occurredOn: day, learnedOn: learnedOn,
            event: .split(HouseholdSplit(other: id, side: .separated, persons: split.persons)))
        return [registered, separated]
            + restated(moving + mourned, on: day, learnedOn: learnedOn, claiming: Set(moving.map(\.id)))
    }

    /// What this stream is told once the other one holds the arrival; nil when there is nothing left to tell.
    ///
    /// Somebody who joined in between stays: the household then goes on without those who left.
    package func departure(to other: HouseholdID, of arrival: HouseholdMove.Arrival) -> HouseholdEvent? {
        guard household.status == .active else { return nil }
        let present = Set(household.members.filter { $0.leftOn == nil }.map(\.id))
        // The dead are no household of their own: those who did not come along stand in the other file already.
        let staying = household.members.filter {
            $0.leftOn == nil && $0.diedOn == nil && !arrival.persons.contains($0.id)
        }
        if arrival.isMerge, staying.isEmpty {
            return .merged(HouseholdMerged(other: other, side: .absorbed))
        }
        let leaving = arrival.persons.filter(present.contains)
        guard !leaving.isEmpty else { return nil }
        return .split(HouseholdSplit(other: other, side: .remaining, persons: leaving))
    }

    /// Members as they are known now, and the facts about each with the days on which they were true.
    private func restated(
        _ members: [Member], on day: CivilDay, learnedOn: CivilDay?, claiming: Set<PersonID>
    ) -> [ProposedEvent] {
        let joined = members.map { member in
            let sealed = member.details.map { [SealedPart(subject: member.id, details: $0)] } ?? []
            return ProposedEvent(
                occurredOn: day, learnedOn: learnedOn,
                event: .personJoined(
                    PersonJoined(
                        person: member.id, role: member.role, sex: member.sex, birthDate: member.birthDate,
                        token: claiming.contains(member.id) ? member.token : nil,
                        namesake: member.isNamesake ? true : nil, sealed: sealed)))
        }
        let moving = Set(members.map(\.id))
        let facts = HouseholdHistory.effective(events).compactMap { known -> ProposedEvent? in
            guard let event = known.event.restated(for: moving) else { return nil }
            return ProposedEvent(
                occurredOn: known.occurredOn, learnedOn: known.proposed.learnedOn ?? learnedOn, event: event)
        }
        return joined + facts
    }
}

extension HouseholdEvent {
    /// What this event says of the persons alone, for the household they go to; nil when it is about something else.
    fileprivate func restated(for persons: Set<PersonID>) -> HouseholdEvent? {
        switch self {
        case .personDied(let died): persons.contains(died.person) ? self : nil
        case .disabilityAssessed(let assessed): persons.contains(assessed.person) ? self : nil
        case .factStated(let stated):
            if case .person(let person) = stated.subject { persons.contains(person) ? self : nil } else { nil }
        case .childAdopted(let adopted): adopted.child.map(persons.contains) ?? false ? self : nil
        // Told as a birth in the family, not as the filing of its only child.
        case .childBorn(let born): born.child.map(persons.contains) ?? false ? .childBorn(ChildBorn()) : nil
        default: nil
        }
    }
}

extension HouseholdEvent {
    /// Of whom an event speaks that a move tells to the other file; nil for other events.
    var toldPerson: PersonID? {
        switch self {
        case .personJoined(let joined): joined.person
        case .personDetailsChanged(let changed): changed.person
        case .personDied(let died): died.person
        case .disabilityAssessed(let assessed): assessed.person
        case .childAdopted(let adopted): adopted.child
        case .childBorn(let born): born.child
        case .factStated(let stated): if case .person(let person) = stated.subject { person } else { nil }
        default: nil
        }
    }
}

extension MemberRole {
    /// Whether a household has one living person in this role.
    package var isHeldByOne: Bool {
        switch self {
        case .adoptedChild, .other: false
        default: true
        }
    }
}
