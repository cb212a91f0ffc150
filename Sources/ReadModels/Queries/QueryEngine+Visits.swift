import CareDomain
import CareProjections
import CareWire

extension QueryEngine {
    /// Families of which one answer reads the forms: each is a stream of its own, about a millisecond of reading and
    /// folding, while other questions wait.
    private static let mostVisited = 5000

    /// The rows say which families are in the scope and were visited; what their forms say is read from the log. A
    /// household outside the caller's divisions is never opened.
    func needsSummary(_ query: Care_V1_NeedsSummaryQuery) throws -> Care_V1_NeedsSummary {
        let last = try day(query.asOf, "as_of")
        let first = try day(query.from, "from")
        guard first <= last else { throw QueryRefusal.field("from") }
        let depth = query.depth == 0 ? 12 : Int(query.depth)
        guard [6, 9, 12].contains(depth) else { throw QueryRefusal.field("depth") }
        let traced = NeedsSummary.Column(rawValue: query.trace)
        guard query.trace.isEmpty || traced != nil else { throw QueryRefusal.field("trace") }

        let scope = try scope(last, query.division)
        var summary = NeedsSummary(days: first...last)
        for unit in try lists.files(scope, depth: depth) { summary.add(unit: unit.unit, households: unit.households) }
        var forms: [(household: HouseholdID, line: Care_V1_NeedsSummary.Form)] = []
        for entry in try visited(scope, from: first) {
            let unit = String(entry.division.rawValue.prefix(depth))
            guard let found = try self.forms(of: entry.household, summary.days, sealed: traced == nil ? .skip : .open)
            else {
                summary.addIncomplete(unit: unit)
                continue
            }
            summary.add(found.forms, unit: unit)
            guard let traced, let form = found.forms.latest else { continue }
            let isOpenToday = found.household.division(on: today).map { principal.mayAct(in: $0) } ?? false
            if let line = Care_V1_NeedsSummary.Form(
                form, behind: traced, of: entry.household, in: entry.division, showsName: isOpenToday)
            {
                forms.append((entry.household, line))
            }
        }
        for entry in try visited(scope.with(.closed), from: first) {
            let found = try self.forms(of: entry.household, summary.days, sealed: .skip)
            if found?.forms.latest != nil { summary.addClosed(unit: String(entry.division.rawValue.prefix(depth))) }
        }
        var wire = summary.wire
        wire.forms = forms.sorted { left, right in
            (left.line.division, left.line.day, left.household) < (right.line.division, right.line.day, right.household)
        }.map(\.line)
        return wire
    }

    private func visited(_ scope: ListScope, from first: CivilDay) throws -> [ReadModelLists.VisitedEntry] {
        let found = try lists.visited(scope, from: first, limit: Self.mostVisited + 1)
        guard found.count <= Self.mostVisited else { throw QueryRefusal.tooManyHouseholds(most: Self.mostVisited) }
        return found
    }

    /// Nil when the record cannot be read whole, so that what is left of it would make a wrong count.
    private func forms(
        of id: HouseholdID, _ days: ClosedRange<CivilDay>, sealed: SealedReading
    ) throws -> (forms: FamilyForms, household: Household)? {
        guard let loaded = try LoadedHousehold(id, from: reader, sealed: sealed), loaded.fence == nil,
            loaded.unread.isEmpty
        else { return nil }
        return (FamilyForms(loaded.history, days: days), loaded.history.household)
    }
}
