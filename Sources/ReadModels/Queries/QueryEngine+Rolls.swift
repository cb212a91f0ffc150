import CareDomain
import CareProjections
import CareWire

extension QueryEngine {
    /// Families of which one answer reads the files, about a millisecond each, while other questions wait.
    private static let mostFiles = 5000

    /// A line is shown to whoever may act in the division in which the household belonged on the list's day, as the
    /// record knew it then; its name only to whoever may open the file today.
    func rightsRoll(_ query: Care_V1_RightsRollQuery) throws -> Care_V1_RightsRoll {
        guard let clause = ClauseID(query.clause) else { throw QueryRefusal.field("clause") }
        let present = RightsRoll.Cut(
            day: try day(query.day, "day"), knownAt: Moment(microseconds: query.knownAt))
        var before: RightsRoll.Cut?
        if query.hasBeforeDay {
            let earlier = RightsRoll.Cut(
                day: try day(query.beforeDay, "before_day"),
                knownAt: query.hasBeforeKnownAt
                    ? Moment(microseconds: query.beforeKnownAt) : present.knownAt)
            guard earlier.day < present.day else { throw QueryRefusal.field("before_day") }
            guard earlier.knownAt <= present.knownAt else { throw QueryRefusal.field("before_known_at") }
            before = earlier
        }
        let wanted = try scope(present.day, query.division).division
        let households = try lists.everIn(wanted, allowed: principal.divisions, limit: Self.mostFiles + 1)
        guard households.count <= Self.mostFiles else { throw QueryRefusal.tooManyHouseholds(most: Self.mostFiles) }

        let goods = words.goodsDuties.first { $0.clause == clause }?.rhythm
        var wire = Care_V1_RightsRoll()
        var found: [(household: HouseholdID, line: RightsRoll.Line, showsName: Bool)] = []
        for id in households {
            guard let loaded = try LoadedHousehold(id, from: reader, sealed: .open), loaded.fence == nil,
                loaded.unread.isEmpty
            else {
                wire.incompleteHouseholdCount += 1
                continue
            }
            let roll = RightsRoll(loaded.history, clause: clause, present: present, before: before, goods: goods) {
                division in
                principal.mayAct(in: division) && (wanted.map { division.isWithin($0) } ?? true)
            }
            let showsName = loaded.history.household.division(on: today).map { principal.mayAct(in: $0) } ?? false
            found += roll.lines.map { (id, $0, showsName) }
        }
        wire.lines = found.sorted { left, right in
            (left.line.division, left.household, left.line.determination)
                < (right.line.division, right.household, right.line.determination)
        }.map { Care_V1_RightsRoll.Line($0.line, of: $0.household, showsName: $0.showsName) }
        return wire
    }
}
