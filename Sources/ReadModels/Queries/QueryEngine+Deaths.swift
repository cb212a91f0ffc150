import CareDomain
import CareProjections
import CareWire
import RuleEngine

/// 去世尚未登记: of whom an accident alone says that they died.
extension QueryEngine {
    /// Families of which one answer reads the files, about a millisecond each, while other questions wait.
    private static let mostUntold = 5000

    /// The rows say in which files there is such a death; who it is, and whether the caller may be told of the accident, is read
    /// from the log, as for the archive page.
    func unrecordedDeaths(_ query: Care_V1_UnrecordedDeathsQuery) throws -> Care_V1_UnrecordedDeathList {
        let scope = try scope(today, query.division)
        var wanted = Care_V1_Page()
        wanted.size = query.size
        wanted.after = query.after
        let page = try self.page(wanted)
        let files = try lists.untoldDeaths(scope, limit: Self.mostUntold + 1)
        guard files.count <= Self.mostUntold else { throw QueryRefusal.tooManyHouseholds(most: Self.mostUntold) }

        var list = Care_V1_UnrecordedDeathList()
        var found: [(household: HouseholdID, entry: Care_V1_UnrecordedDeathList.Entry)] = []
        for file in files {
            guard let loaded = try LoadedHousehold(file.household, from: reader, sealed: .open) else { continue }
            guard loaded.fence == nil, loaded.unread.isEmpty else {
                // Of a file that is looked at for an accident alone only those are told from whom none is kept.
                if !loaded.unread.isEmpty || !sight.mayHide(.incident) { list.incompleteHouseholdCount += 1 }
                continue
            }
            let household = loaded.history.household
            guard mayOpen(household) else { continue }
            let kept = sight.withheld(of: loaded.history).kept(of: loaded.history)
            let deaths = household.unrecordedDeaths.filter { !kept.contains($0.incident) }
            guard !deaths.isEmpty else { continue }
            list.personCount += UInt64(deaths.count)
            let entry = Care_V1_UnrecordedDeathList.Entry.with {
                $0.household = file.household.wireData
                $0.division = file.division.rawValue
                $0.deaths = deaths.map { Care_V1_UnrecordedDeath($0, of: household, on: today, showsName: true) }
            }
            found.append((file.household, entry))
        }
        let part = page.part(of: found) { $0.household }
        list.households = part.entries.map(\.entry)
        list.total = UInt64(part.total)
        list.nextPage = part.next?.text ?? ""
        list.accidentsWithheld = hidesAccidents(in: scope.division.map { [$0] } ?? principal.divisions)
        return list
    }

    /// Writes into the lines of a batch that wait to be sent of whom an accident alone says that they died. Only files are read
    /// of which the rows say so: few.
    func tellUnrecordedDeaths(of batch: PaymentBatch, in page: inout Care_V1_PaymentBatchPage) throws {
        let waiting = Dictionary(grouping: batch.lines.filter(\.isToBeSent), by: \.ordered.household)
        guard !waiting.isEmpty else { return }
        let seesReceiver = !sight.hides(.accountReference, in: batch.scope?.division)
        for file in try lists.untoldDeaths().sorted() {
            guard let lines = waiting[file], let loaded = try LoadedHousehold(file, from: reader, sealed: .skip),
                mayOpen(loaded.history.household)
            else { continue }
            let kept = sight.withheld(of: loaded.history).kept(of: loaded.history)
            for line in lines where page.lines.indices.contains(line.number - 1) {
                // What goes to an institution goes to nobody's account in the family.
                let isOwn = words.payees[line.ordered.line.clause] == nil
                let death = loaded.history.unrecordedDeath(
                    behind: line.ordered.line, on: today, keeping: kept, seesReceiver: seesReceiver && isOwn)
                guard let death else { continue }
                page.lines[line.number - 1].unrecordedDeath = Care_V1_UnrecordedDeath(
                    death, of: loaded.history.household, on: today, showsName: false)
            }
        }
    }

    /// Whether the caller may open the file today.
    private func mayOpen(_ household: Household) -> Bool {
        household.division(on: today).map { principal.mayAct(in: $0) } ?? false
    }

    /// Whether a pack of one of these places keeps accidents from the caller's department.
    private func hidesAccidents(in places: [DivisionCode]) -> Bool {
        words.restrictions.hiddenByPack(from: principal.department, on: today).contains { pack, facts in
            guard facts.contains(where: { OwnRecord($0) == .incident }) else { return false }
            guard let territory = words.territories[pack] else { return true }
            return places.contains { $0.isWithin(territory) || territory.isWithin($0) }
        }
    }
}
