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
        let sealed: SealedReading = traced == nil ? .skip : .open
        let absorbed = try absorbed(first...last, sealed: sealed)
        var forms: [(household: HouseholdID, line: Care_V1_NeedsSummary.Form)] = []
        for entry in try visited(scope, from: first, also: Array(absorbed.keys)) {
            let unit = String(entry.division.rawValue.prefix(depth))
            guard let file = try whole(entry.household, sealed: sealed) else {
                summary.addIncomplete(unit: unit)
                continue
            }
            let found = FamilyForms(file, with: absorbed[file.id] ?? [], days: summary.days)
            summary.add(found, unit: unit)
            guard let traced, let form = found.latest else { continue }
            let isOpenToday = file.household.division(on: today).map { principal.mayAct(in: $0) } ?? false
            if let line = Care_V1_NeedsSummary.Form(
                form, behind: traced, in: entry.division, showsName: isOpenToday)
            {
                forms.append((entry.household, line))
            }
        }
        for entry in try visited(scope.with(.closed), from: first, also: Array(absorbed.keys)) {
            // What went on as part of another file counts there.
            guard let file = try whole(entry.household, sealed: .skip), !file.household.isAbsorbed else { continue }
            guard FamilyForms(file, with: absorbed[file.id] ?? [], days: summary.days).latest != nil else { continue }
            summary.addClosed(unit: String(entry.division.rawValue.prefix(depth)))
        }
        var wire = summary.wire
        wire.forms = forms.sorted { left, right in
            (left.line.division, left.line.day, left.household) < (right.line.division, right.line.day, right.household)
        }.map(\.line)
        return wire
    }

    /// The files with visits that went on as part of another by the last day, by the file in which they are now; wherever they were
    /// kept, for their forms are the family's.
    private func absorbed(
        _ days: ClosedRange<CivilDay>, sealed: SealedReading
    ) throws -> [HouseholdID: [HouseholdHistory]] {
        let everywhere = ListScope(asOf: days.upperBound, allowed: [.everywhere]).with(.absorbed)
        var found: [HouseholdID: [HouseholdHistory]] = [:]
        for entry in try visited(everywhere, from: days.lowerBound) {
            guard let file = try whole(entry.household, sealed: sealed) else { continue }
            var (home, seen) = (file, Set([file.id]))
            while case .absorbed(let into, let day) = home.household.status, day <= days.upperBound,
                seen.insert(into).inserted, let next = try LoadedHousehold(into, from: reader, sealed: .skip)
            {
                home = next.history
            }
            if home.id != file.id { found[home.id, default: []].append(file) }
        }
        return found
    }

    private func visited(
        _ scope: ListScope, from first: CivilDay, also: [HouseholdID] = []
    ) throws -> [ReadModelLists.VisitedEntry] {
        let found = try lists.visited(scope, from: first, also: also, limit: Self.mostVisited + 1)
        guard found.count <= Self.mostVisited else { throw QueryRefusal.tooManyHouseholds(most: Self.mostVisited) }
        return found
    }

    /// Nil when the record cannot be read whole, so that what is left of it would make a wrong count.
    private func whole(_ id: HouseholdID, sealed: SealedReading) throws -> HouseholdHistory? {
        guard let loaded = try LoadedHousehold(id, from: reader, sealed: sealed), loaded.fence == nil,
            loaded.unread.isEmpty
        else { return nil }
        return loaded.history
    }
}

extension Household {
    /// Whether it went on as part of another file.
    fileprivate var isAbsorbed: Bool { if case .absorbed = status { true } else { false } }
}
