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
            func roll(_ others: [HouseholdHistory]) -> RightsRoll {
                RightsRoll(
                    loaded.history, clause: clause, present: present, before: before, goods: goods, others: others
                ) { division in
                    principal.mayAct(in: division) && (wanted.map { division.isWithin($0) } ?? true)
                }
            }
            var lines = roll([]).lines
            if goods != nil, !loaded.history.household.mergers.isEmpty, lines.contains(where: \.lacksGoods) {
                guard let others = try filesTakenIn(by: loaded.history) else {
                    wire.incompleteHouseholdCount += 1
                    continue
                }
                lines = roll(others).lines
            }
            let showsName = loaded.history.household.division(on: today).map { principal.mayAct(in: $0) } ?? false
            found += lines.map { (id, $0, showsName) }
        }
        wire.lines = found.sorted { left, right in
            (left.line.division, left.household, left.line.determination)
                < (right.line.division, right.household, right.line.determination)
        }.map { Care_V1_RightsRoll.Line($0.line, of: $0.household, showsName: $0.showsName) }
        return wire
    }

    /// The files that a family's took in by merges, and those that they took in; nil when one of them cannot be read whole.
    private func filesTakenIn(by history: HouseholdHistory) throws -> [HouseholdHistory]? {
        var files: [HouseholdID: HouseholdHistory] = [history.id: history]
        var queue = history.household.mergers.map(\.file)
        while let next = queue.popLast() {
            guard files[next] == nil else { continue }
            guard let loaded = try LoadedHousehold(next, from: reader, sealed: .skip), loaded.fence == nil,
                loaded.unread.isEmpty
            else { return nil }
            files[next] = loaded.history
            queue += loaded.history.household.mergers.map(\.file)
        }
        files[history.id] = nil
        return Array(files.values)
    }
}

extension RightsRoll.Line {
    /// A family that is on the list and got no goods in its own file.
    fileprivate var lacksGoods: Bool { change.isListed && subject == .household && handOut == nil }
}
