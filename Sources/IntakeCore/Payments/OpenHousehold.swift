import CareDomain

/// A family that a payment command is looking at.
struct OpenHousehold {
    var history: HouseholdHistory
    var attempts = 0
    /// The other file that is being read.
    var reading: HouseholdHistory?
    /// The files with which it exchanged persons, those read so far.
    var others: [HouseholdID: HouseholdHistory] = [:]
    /// The stream of one of its people that is being read.
    var readingPerson: PersonAsked?
    /// What the streams of its people tell of other files.
    var sought: PeopleSought
    /// Which of the other files know its people.
    var people: PeopleElsewhere { sought.people(of: history.id, beside: others.values) }
}

/// A stream that tells which files had a person of a family.
struct PersonAsked: Hashable {
    let token: PersonToken
    let person: PersonID
}

extension [HouseholdID] {
    /// The same families in the same order, each where it stands first.
    var eachOnce: [HouseholdID] {
        var seen: Set<HouseholdID> = []
        return filter { seen.insert($0).inserted }
    }
}
