import ArchiveClient
import CareDomain
import CareWire

/// Which other files know some people of one family, as far as the people's streams were read: those of their ID numbers, and those
/// of their likenesses (Decisions 0053 and 0056).
///
/// A number tells that two files have one person. A likeness tells it only where the claim went from the one file to the other, and
/// both have the person under it; nobody of whom somebody said that it is a namesake is known by it.
struct PeopleSought: Sendable {
    private let key: TokenKey?
    /// The streams that were read.
    private var read: Set<PersonToken> = []
    private var numbered = PeopleElsewhere()
    private var alike: [Alike] = []

    private struct Alike: Sendable {
        let asked: PersonAsked
        let trail: PersonTrail
    }

    /// - Parameter key: Makes likenesses; nil = none are looked for.
    init(key: TokenKey?) { self.key = key }

    /// The next stream to read of those that may tell of some people of the family; nil once all are read.
    func next(of persons: [PersonID], in history: HouseholdHistory) -> PersonAsked? {
        if let (token, person) = history.trailWanted(of: persons, besides: read) {
            return PersonAsked(token: token, person: person)
        }
        for person in persons {
            if let token = likenesses(of: person, in: history.household).subtracting(read).min() {
                return PersonAsked(token: token, person: person)
            }
        }
        return nil
    }

    /// Takes a stream in.
    mutating func add(_ events: [ReadPersonEvent], of asked: PersonAsked, in history: HouseholdHistory) {
        read.insert(asked.token)
        let trail = PersonTrail(events.map(\.event))
        let isNumber = history.household.members.contains { $0.id == asked.person && $0.token == asked.token }
        if isNumber {
            numbered.add(trail, of: asked.person, in: history.id)
        } else if trail.stops.contains(where: { $0.household == history.id && $0.person == asked.person }) {
            // Where the family never had the claim, nothing says that whoever has it is its person.
            alike.append(Alike(asked: asked, trail: trail))
        }
    }

    /// The files that may have them, to be read before it is known which do.
    func candidates(of household: HouseholdID) -> PeopleElsewhere {
        var all = numbered
        for entry in alike { all.add(entry.trail, of: entry.asked.person, in: household) }
        return all
    }

    /// Under which ids other files know them.
    /// - Parameter others: The files that were read.
    func people(of household: HouseholdID, beside others: some Collection<HouseholdHistory>) -> PeopleElsewhere {
        var all = numbered
        for entry in alike {
            let same = entry.trail.keeping { stop in
                guard let file = others.first(where: { $0.id == stop.household }) else { return false }
                return likenesses(of: stop.person, in: file.household).contains(entry.asked.token)
            }
            all.add(same, of: entry.asked.person, in: household)
        }
        return all
    }

    /// The likenesses under which somebody stands or stood in a file; a name that was put right is none.
    private func likenesses(of person: PersonID, in household: Household) -> Set<PersonToken> {
        let times = household.members.filter { $0.id == person }
        guard let key, !times.contains(where: { $0.isNamesake || $0.isAlsoElsewhere }) else { return [] }
        var found: Set<PersonToken> = []
        for time in times {
            guard let birth = time.birthDate else { continue }
            for name in time.names { found.insert(key.likeness(name: name, birthDate: birth)) }
        }
        return found
    }
}
