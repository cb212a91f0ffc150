import CareDomain
import RuleEngine

/// What a department may see of the facts of families on the day on which it asks: the one measure for pages, lists,
/// exports, events, streams and files.
///
/// A statement is kept from the department when a pack keeps its fact from it in any place to which the family belonged on
/// the first day of the statement, on the day on which it was recorded, or today. So whoever was told something under one
/// place's rule is not betrayed by a move, and a place that restricts a fact does so for what came from elsewhere, too.
/// The day asked about (`as_of`) changes nothing: nobody chooses a day on which more may be seen.
package struct FactSight: Sendable {
    package let department: DepartmentID
    /// The day on which it asks.
    package let today: CivilDay
    private let restrictions: FactRestrictions
    /// Facts that are kept from the department in some place.
    package let somewhere: Set<FactID>
    /// Records of their own, such as accidents and loans, of which that is true.
    private let records: Set<OwnRecord>

    package init(_ restrictions: FactRestrictions, department: DepartmentID, today: CivilDay) {
        self.restrictions = restrictions
        self.department = department
        self.today = today
        somewhere = restrictions.mayHide(from: department)
        records = Set(somewhere.compactMap { OwnRecord($0) })
    }

    /// Facts that are kept from it of a family that belongs to these places today, whether or not anything is stated.
    package func hidden(in places: FamilyPlaces) -> Set<FactID> {
        somewhere.isEmpty ? [] : restrictions.hidden(from: department, in: places.on(today), on: today)
    }

    /// Whether it may not see an event: the statement of a fact, or one of its own kind that tells facts.
    package func hides(_ event: KnownEvent, of places: FamilyPlaces) -> Bool {
        let told = facts(toldBy: event.event)
        guard !told.isEmpty else { return false }
        let days = [event.occurredOn, event.recordedAt.day, today]
        return days.contains { day in
            !restrictions.hidden(from: department, in: places.on(day), on: today).isDisjoint(with: told)
        }
    }

    /// Whether a record of its own may be kept from it in some place, so that a closer look is needed.
    package func mayHide(_ record: OwnRecord) -> Bool { records.contains(record) }

    /// Whether it may not see the records of a kind in any of some places; without any the packs of all places count.
    package func hides(_ record: OwnRecord, in divisions: Set<DivisionCode>) -> Bool {
        guard records.contains(record) else { return false }
        return restrictions.hidden(from: department, in: divisions, on: today).contains { OwnRecord($0) == record }
    }

    /// Of the facts that may be kept from it those that an event tells.
    private func facts(toldBy event: HouseholdEvent) -> Set<FactID> {
        if case .factStated(let stated) = event { return somewhere.contains(stated.fact) ? [stated.fact] : [] }
        guard let record = event.ownRecord, records.contains(record) else { return [] }
        return somewhere.filter { OwnRecord($0) == record }
    }

    /// Whether it may not see a fact of families of a division.
    package func hides(_ fact: FactID, in division: DivisionCode?) -> Bool {
        guard somewhere.contains(fact) else { return false }
        let places: Set<DivisionCode> = division.map { [$0] } ?? []
        return restrictions.hidden(from: department, in: places, on: today).contains(fact)
    }

    /// The facts of a history that are kept from it.
    package func withheld(of history: HouseholdHistory) -> WithheldFacts {
        guard !somewhere.isEmpty else { return WithheldFacts() }
        let places = history.household.places
        var found = WithheldFacts(facts: hidden(in: places))
        for event in history.events {
            guard hides(event, of: places) else { continue }
            found.facts.formUnion(facts(toldBy: event.event))
            found.sequences.insert(event.reference.sequence)
        }
        return found
    }
}

/// What of a family is kept from whoever asks.
package struct WithheldFacts: Hashable, Sendable {
    /// Facts of which nothing is told, whether or not anything is stated: that one is stated is not told either.
    package var facts: Set<FactID> = []
    /// Events that tell one of them.
    package var sequences: Set<UInt64> = []

    package init(facts: Set<FactID> = [], sequences: Set<UInt64> = []) {
        self.facts = facts
        self.sequences = sequences
    }

    /// Events of which nothing may be told: those kept back, and those that they put right.
    package func kept(of history: HouseholdHistory) -> Set<EventReference> {
        if sequences.isEmpty { return [] }
        var references: Set<EventReference> = []
        // From the last to the first: a correction of a correction names an event before itself.
        for event in history.events.reversed() {
            let reference = event.reference
            guard sequences.contains(reference.sequence) || references.contains(reference) else { continue }
            references.insert(reference)
            if let corrects = event.proposed.correction?.corrects { references.insert(corrects) }
        }
        return references
    }
}
