import ArchiveClient
import CareDomain

/// Other files of a family's people: those that a move names, and those that the people's own streams name, because they left one
/// family and joined the other.
extension PaymentRun {
    /// Asks for the next stream of one of some persons; nil once all are read.
    mutating func readPeople(_ persons: [PersonID], _ history: HouseholdHistory) -> [PaymentNeed]? {
        guard let read = open[history.id]?.personsRead,
            let (token, person) = history.trailWanted(of: persons, besides: read)
        else { return nil }
        open[history.id]?.readingPerson = PersonAsked(token: token, person: person)
        return [.readPerson(token, of: history.id)]
    }

    /// Goes on with a person's stream.
    mutating func personRead(_ household: HouseholdID, _ events: [ReadPersonEvent]) -> [PaymentNeed] {
        guard let entry = open[household], let asked = entry.readingPerson else { return [] }
        open[household]?.readingPerson = nil
        open[household]?.personsRead.insert(asked.token)
        open[household]?.people.add(PersonTrail(events.map(\.event)), of: asked.person, in: household)
        return handle(household, entry.history)
    }

    /// Asks for the next file with which the family exchanged persons, or that had one of them; nil once all are read.
    mutating func readOthers(_ history: HouseholdHistory) -> [PaymentNeed]? {
        guard let entry = open[history.id],
            let next = history.filesWanted(beside: entry.others, entry.people).first
        else { return nil }
        open[history.id]?.reading = HouseholdHistory(id: next)
        return [.readOther(next, of: history.id, after: 0)]
    }
}
