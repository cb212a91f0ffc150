import CareDomain
import CareProjections
import EventLog

extension Check {
    /// What was acknowledged about grants stands where it was said to; what the units count is what the families' files
    /// hold; no number is exceeded, and no family has two projects of the year.
    func granted() throws {
        guard let reader = try log?.makeReader() else { return }
        defer { reader.close() }
        var books = UnitBooks()
        try books.catchUp(reader)
        for (id, command) in world.granter.commands {
            guard case .recorded(let first, let last, _)? = world.errands.entry(id)?.answer else { continue }
            stands(command, first, last)
        }
        for unit in books.units.values.sorted(by: { $0.division < $1.division }) { counts(unit) }
        for (id, history) in histories.sorted(by: { $0.key < $1.key }) {
            let standing = history.household.awards.filter { $0.decided.place != nil && $0.stands }
            if standing.count > 1 { world.fail("household \(id) has \(standing.count) projects of one year") }
            for award in standing {
                guard let place = award.decided.place else { continue }
                let state = books.units[place.unit]?.places[place.grant]?.state
                if state == .reserved, case .refused? = world.errands.entry(place.grant.command)?.answer { continue }
                if state != .confirmed(award.reference) {
                    world.fail(
                        "grant \(place.grant) stands in household \(id), its place is \(String(describing: state))")
                }
            }
        }
    }

    /// An acknowledged command is where it was said to be: a grant in the family's file, all else in the unit's stream.
    private func stands(_ command: UnitCommand, _ first: UInt64, _ last: UInt64) {
        var category = StreamCategory.unit
        var key = command.unit.rawValue
        var id = command.id
        if case .give(let order) = command.action {
            category = .household
            key = "\(order.household)"
            id = CommandID.derived(command.id, "grant")
        }
        let append = AppendID(high: id.value.high, low: id.value.low)
        let found = events.filter { $0.stream.category == category && $0.stream.key == key && $0.appendID == append }
            .map(\.sequence.rawValue)
        if found != Array(first...last) {
            world.fail("\(command.action) \(command.id) was acknowledged at \(first)...\(last), stands at \(found)")
        }
    }

    private func counts(_ unit: UnitStanding) {
        for clause in Granter.projects {
            let taken = unit.taken(clause, in: Granter.year).count
            let places = unit.year(Granter.year).numbers[clause] ?? 0
            if taken > places {
                world.fail("unit \(unit.division): \(taken) of \(places) places of \(clause) are taken")
            }
        }
        for (grant, place) in unit.places.sorted(by: { $0.key < $1.key }) {
            let award = histories[place.reserved.household]?.award(of: grant)
            let stands = award?.stands ?? false
            switch place.state {
            case .reserved:
                // Of two attempts the one was refused and told so, the other cut short later: `expire` settles the place.
                guard case .refused? = world.errands.entry(grant.command)?.answer else {
                    world.fail("place \(grant) of \(unit.division) was never settled")
                    continue
                }
            case .confirmed(let reference):
                if !stands || award?.reference != reference {
                    world.fail("place \(grant) is confirmed without its grant")
                }
            case .released(let cause, _):
                if stands { world.fail("place \(grant) is free (\(cause)) and its grant stands") }
            }
        }
    }
}
