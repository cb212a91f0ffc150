import CareDomain

/// What pages of a family show of its people on several days: from one day to the next shows what an event between them said
/// of a person, where its sealed part stays closed.
package struct RecordPages: Sendable {
    private let byDay: [CivilDay: [PersonID: PersonalDetails]]

    package init(_ byDay: [CivilDay: [PersonID: PersonalDetails]] = [:]) {
        self.byDay = byDay.mapValues { people in people.mapValues(ComparedPeople.closed) }
    }

    /// The days whose pages have to be seen: of each change of somebody's details its own and the one before.
    package static func days(of history: HouseholdHistory) -> [CivilDay] {
        let days = changes(in: history).flatMap { [$0.day - 1, $0.day] }
        return Set(days).sorted()
    }

    /// What was said of a person when the family took them in; nil where no page tells.
    func atJoining(_ person: PersonID, in history: HouseholdHistory) -> PersonalDetails? {
        let first = Self.changes(in: history).filter { $0.person == person }.map(\.day).min()
        return first.flatMap { byDay[$0 - 1]?[person] }
    }

    /// What a change said of a person: what the page of its day shows otherwise than the one before; nil where no page tells.
    /// An ID number is shown the same on all days; the token stands for it in the open part.
    func said(by change: PersonDetailsChanged, on day: CivilDay) -> PersonalDetails? {
        guard let after = byDay[day]?[change.person], let before = byDay[day - 1]?[change.person] else { return nil }
        var said = PersonalDetails()
        for path in [\PersonalDetails.name, \.phone, \.address] where after[keyPath: path] != before[keyPath: path] {
            said[keyPath: path] = after[keyPath: path]
        }
        if change.token != nil { said.idNumber = after.idNumber }
        return said
    }

    private static func changes(in history: HouseholdHistory) -> [(person: PersonID, day: CivilDay)] {
        HouseholdHistory.effective(history.events).compactMap { event in
            guard case .personDetailsChanged(let changed) = event.event,
                changed.sealed.contains(where: { $0.subject == changed.person && $0.details == nil })
            else { return nil }
            return (changed.person, event.occurredOn)
        }
    }
}
