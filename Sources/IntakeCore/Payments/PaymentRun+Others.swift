import ArchiveClient
import CareDomain

/// Other files of a family's people: those that a move names, and those that the people's own streams name, because they left one
/// family and joined the other.
extension PaymentRun {
    /// Asks for the next stream of one of some persons; nil once all are read.
    mutating func readPeople(_ persons: [PersonID], _ history: HouseholdHistory) -> [PaymentNeed]? {
        guard let asked = open[history.id]?.sought.next(of: persons, in: history) else { return nil }
        open[history.id]?.readingPerson = asked
        return [.readPerson(asked.token, of: history.id)]
    }

    /// Goes on with a person's stream.
    mutating func personRead(_ household: HouseholdID, _ events: [ReadPersonEvent]) -> [PaymentNeed] {
        guard let entry = open[household], let asked = entry.readingPerson else { return [] }
        open[household]?.readingPerson = nil
        open[household]?.sought.add(events, of: asked, in: entry.history)
        return handle(household, entry.history)
    }

    /// Asks for the next file with which the family exchanged persons, or that had one of them; nil once all are read.
    mutating func readOthers(_ history: HouseholdHistory) -> [PaymentNeed]? {
        guard let entry = open[history.id],
            let next = history.filesWanted(beside: entry.others, entry.sought.candidates(of: history.id)).first
        else { return nil }
        open[history.id]?.reading = HouseholdHistory(id: next)
        return [.readOther(next, of: history.id, after: 0)]
    }
}
