/// Another file of a person, as far as it bears on a batch.
struct OtherFile {
    /// As known at the batch's closing.
    let known: Household
    /// What it ordered, see `paymentsTaken`.
    let payments: HouseholdPayments
    /// All that is known of it.
    let history: HouseholdHistory

    init(_ history: HouseholdHistory, _ kind: BatchKind, closedAt: Moment) {
        self.history = history
        known = history.household(knownAt: closedAt)
        payments = history.paymentsTaken(from: kind, closedAt)
    }

    /// Whether the person is still in it: it was not told yet that the person went on elsewhere.
    func holds(_ person: PersonID) -> Bool {
        known.status == .active
            && known.members.contains { $0.id == person && $0.leftOn == nil && $0.diedOn == nil }
    }
}

/// Days in a row on which a person is in a household's file.
struct Stay {
    let from: CivilDay
    let until: CivilDay?
    /// Came from another household's file (并户, 分户).
    let cameFromFile: Bool
    /// Went on in another household's file.
    let wentToFile: Bool
}

extension [Stay] {
    /// Whether a month of the person's right is paid by another file, as the times in this one have it.
    ///
    /// The rights of whoever came with the file begin before its day, and no other file had the person then: those months are this
    /// one's, whatever becomes of the person later. Of somebody who came from another file they are that one's.
    func leave(_ month: CivilMonth, of made: DeterminationMade) -> Bool {
        guard contains(where: { $0.cameFromFile || $0.wentToFile }) else { return false }
        let first = self.min { $0.from < $1.from }.flatMap { $0.cameFromFile ? nil : $0.from }
        return !contains { stay in
            let hasBegun = stay.from <= month.lastDay || stay.from == first
            let isThere = hasBegun && (stay.until.map { $0 > month.firstDay } ?? true)
            return isThere && !(stay.cameFromFile && Self.isPaidByFileLeft(month, made, on: stay.from))
        }
    }

    /// Whether a month of somebody who came on a day is paid by the file that was left: those before, and that of the day
    /// unless its first day, or that of its quarter or year, is the day of the move, for then nothing of it lies there.
    private static func isPaidByFileLeft(_ month: CivilMonth, _ made: DeterminationMade, on day: CivilDay) -> Bool {
        guard month <= CivilMonth(containing: day) else { return false }
        return (made.monthsPaid(with: month).first ?? month).firstDay < day
    }
}

extension Household {
    /// The times of a person in this file as it stands, also those that ended in another file.
    func stays(of person: PersonID) -> [Stay] {
        var absorbedOn: CivilDay?
        if case .absorbed(_, let on) = status { absorbedOn = on }
        let times = members.filter { $0.id == person }
        return times.indices.map { place in
            let departures = times[place...].filter(\.wentToFile).compactMap(\.leftOn) + [absorbedOn].compactMap { $0 }
            let ends = departures + [times[place].leftOn].compactMap { $0 }
            return Stay(
                from: times[place].joinedOn, until: ends.min(), cameFromFile: times[place].cameFromFile,
                wentToFile: !departures.isEmpty)
        }
    }

    /// Whether another file knows the person, too, because of a merge or a split.
    package func isShared(_ person: PersonID) -> Bool {
        if case .absorbed = status { return members.contains { $0.id == person } }
        return members.contains { $0.id == person && ($0.cameFromFile || $0.wentToFile) }
    }
}

extension HouseholdHistory {
    /// The other files that have to be read before a batch orders for this one, and are not at hand: those with which it
    /// exchanged persons, and those with which they did. A move after the batch's closing counts too: what the other file
    /// ordered since leaves less here.
    /// - Parameter people: Files that know its people although no move leads there; they are read alike.
    package func filesWanted(
        beside held: [HouseholdID: HouseholdHistory], _ people: PeopleElsewhere = PeopleElsewhere()
    ) -> [HouseholdID] {
        var seen: Set<HouseholdID> = [id]
        var queue = linkedFiles + people.files
        var wanted: [HouseholdID] = []
        while let next = queue.popLast() {
            guard seen.insert(next).inserted else { continue }
            if let file = held[next] { queue += file.linkedFiles } else { wanted.append(next) }
        }
        return wanted.sorted()
    }

    private var linkedFiles: [HouseholdID] {
        events.compactMap { known in
            switch known.event {
            case .merged(let merged): merged.other
            case .split(let split): split.other
            default: nil
            }
        }
    }

    /// The times of a person in a household that was folded from events of this stream.
    ///
    /// Also a departure that was recorded after those events ends a time: the file that the person went to knows what was
    /// ordered here before it, and nothing that is ordered here after it. One that is told later of an earlier day ends
    /// the times before, too.
    func stays(of person: PersonID, in known: Household) -> [Stay] {
        let departures = events.filter { $0.event.tellsDeparture(of: person) }
        return known.members.filter { $0.id == person }.map { member in
            let later = departures.filter { $0.reference > member.joinedBy }
            let ends = later.map(\.occurredOn) + [member.leftOn].compactMap { $0 }
            return Stay(
                from: member.joinedOn, until: ends.min(), cameFromFile: member.cameFromFile, wentToFile: !later.isEmpty)
        }
    }
}

extension HouseholdEvent {
    /// Whether it says that the person went on in another file; whoever goes on with the whole household does.
    fileprivate func tellsDeparture(of person: PersonID) -> Bool {
        switch self {
        case .split(let split): split.side == .remaining && split.persons.contains(person)
        case .merged(let merged): merged.side == .absorbed
        default: false
        }
    }
}
