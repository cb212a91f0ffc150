import CareDomain
import CareProjections
import CareWire
import EventLog
import RuleEngine
import RuleReplay

/// What rules make of families whose whole record the asker does not read: those that moved away, of their time in the asker's
/// places, and those of the asker's into whose files persons came from others. Told are months, sums and answers, no facts.
extension QueryEngine {
    /// Families looked at for one answer.
    private static let mostReplayed = 64

    func replay(_ query: Care_V1_ReplayQuery) throws -> Care_V1_ReplayList {
        guard let rules = surroundings.rules else { throw QueryRefusal.field("pack") }
        guard let pack = try? RulePack.load(bytes: Array(query.pack), name: "candidate.yaml") else {
            throw QueryRefusal.field("pack")
        }
        guard let transition = TransitionClause(rawValue: query.transition) else {
            throw QueryRefusal.field("transition")
        }
        let (first, last) = (try day(query.firstDay, "first_day"), try day(query.lastDay, "last_day"))
        guard first <= last else { throw QueryRefusal.field("last_day") }
        let scope = try scope(of: query.families)
        let replay = RuleReplay(
            current: rules, candidate: pack, effectiveFrom: try day(query.effectiveFrom, "effective_from"),
            period: DayPeriod(start: first, end: last + 1), today: try day(query.asOf, "as_of"), transition: transition,
            assumesAwards: query.assumesAwards, scope: scope)
        let district = DistrictReplay(replay, oneByOne: true)
        // A candidate is written by whoever asks: about files that are not the asker's it is told nothing that the rules of the
        // place do not rest on anyway, so that nobody reads such a file by asking what would be paid for a fact.
        let newFacts = replay.newFacts(in: principal.divisions)
        let found = try others(
            query.families, scope, withFilesLeft: district.looksIntoFilesLeft, without: newFacts)
        var withheldClauses = KnownClauses(rules.registry.versions.map(\.pack).filter { $0.id == pack.id } + [pack])
        var list = Care_V1_ReplayList()
        for (one, withheld) in zip(
            district.compareOneByOne(found.families.map { ($0.id, $0.facts) }), found.families.map(\.withheld))
        where one.isWanted {
            let one = one.without(withheldClauses.lookingAt(withheld))
            let isOthers = try !newFacts.isEmpty && !mayOpen(one.household)
            list.households.append(
                try .with {
                    $0.household = one.household.wireData
                    $0.division = one.division?.rawValue ?? ""
                    $0.rights =
                        try one.difference?.rights.map { right in
                            var wire = try right.wire()
                            let rests = isOthers ? pack.factsRead(by: right.clause) : []
                            wire.leftOutFacts = rests.intersection(newFacts).map(\.rawValue).sorted()
                            for place in wire.parts.indices { wire.parts[place].right.leftOutFacts = wire.leftOutFacts }
                            return wire
                        } ?? []
                })
        }
        list.omittedHouseholds = found.leftOut.map(\.wireData)
        list.next = found.next
        return list
    }

    func forecast(_ query: Care_V1_ForecastQuery) throws -> Care_V1_ForecastList {
        guard let rules = surroundings.rules else { throw QueryRefusal.field("first_month") }
        guard (1...600).contains(query.monthCount) else { throw QueryRefusal.field("month_count") }
        let first = CivilMonth(wireIndex: query.firstMonth)
        _ = try day(first.firstDay.dayNumber, "first_month")
        let scope = try scope(of: query.families)
        var forecast = Forecast(
            rules, from: first, months: Int(query.monthCount), assumesAwards: query.assumesAwards, scope: scope)
        let found = try others(query.families, scope, withFilesLeft: rules.looksIntoFilesLeft())
        var withheldClauses = KnownClauses(rules.registry.versions.map(\.pack))
        for (id, facts, withheld) in found.families {
            forecast.add(id, facts, without: withheldClauses.lookingAt(withheld))
        }
        var list = Care_V1_ForecastList()
        list.turns = try forecast.turns.map { try $0.wire() }
        list.failures = try forecast.failed.map { try $0.wire() }
        list.budgets = forecast.budget.sorted { $0.key < $1.key }.map { key, sum in
            .with {
                $0.month = key.month.wireIndex
                $0.division = key.division
                $0.payer = key.payer
                $0.dueFen = sum.amount
            }
        }
        list.householdCount = UInt32(clamping: forecast.households)
        list.omittedHouseholds = found.leftOut.map(\.wireData)
        list.next = found.next
        return list
    }

    private func scope(of families: Care_V1_OtherFamilies) throws -> ReplayScope {
        let digits = families.division.utf8
        guard digits.isEmpty || ((2...12).contains(digits.count) && digits.allSatisfy { (48...57).contains($0) }) else {
            throw QueryRefusal.field("division")
        }
        let scope = ReplayScope(asked: digits.isEmpty ? nil : families.division, allowed: principal.divisions)
        // What asks for nothing but other places is refused, not answered as if nobody lived there.
        guard digits.isEmpty || !scope.isNowhere else { throw QueryRefusal.notYourDivision }
        return scope
    }

    /// The families asked for with what rules read of them, and of the files that were left; facts kept from the asker's
    /// department are not among it, and are named: of clauses that look at them nothing is told.
    /// - Parameter untold: further facts that are left out of files that the asker may not open.
    private func others(
        _ wire: Care_V1_OtherFamilies, _ scope: ReplayScope, withFilesLeft: Bool, without untold: Set<FactID> = []
    ) throws -> (
        families: [(id: HouseholdID, facts: FactBase, withheld: Set<FactID>)], leftOut: [HouseholdID], next: String
    ) {
        var wanted: [HouseholdID] = []
        var next = ""
        if wire.households.isEmpty {
            let after = wire.after.isEmpty ? nil : HouseholdID(wire.after)
            guard wire.after.isEmpty || after != nil else { throw QueryRefusal.field("after") }
            let own = ReplayScope(asked: nil, allowed: principal.divisions)
            if let asked = scope.prefixes, let allowed = own.prefixes {
                wanted = try lists.elsewhere(
                    asked, allowed: allowed, on: today, after: after, limit: Self.mostReplayed)
                if wanted.count == Self.mostReplayed { next = wanted.last?.description ?? "" }
            }
        } else {
            guard wire.households.count <= Self.mostReplayed else { throw QueryRefusal.field("households") }
            wanted = try wire.households.compactMap { HouseholdID(bytes: $0) }.filter { try mayOpen($0) }
        }
        var families: [(id: HouseholdID, facts: FactBase, withheld: Set<FactID>)] = []
        var leftOut: [HouseholdID] = []
        for id in wanted {
            guard let loaded = try LoadedHousehold(id, from: reader, sealed: .skip) else { continue }
            guard loaded.fence == nil, loaded.unread.isEmpty else {
                leftOut.append(id)
                continue
            }
            let told = self.told(of: loaded.history)
            var withheld = told.withheld
            var facts = FactBase(events: told.events)
            if try !untold.isEmpty && !mayOpen(id) { facts.untold = untold }
            for source in withFilesLeft ? Set(facts.arrivals.map(\.source)).subtracting([id]).sorted() : [] {
                // A damaged file waits for the operator, and what it says counts for none.
                guard let file = try LoadedHousehold(source, from: reader, sealed: .skip), file.fence == nil,
                    file.unread.isEmpty
                else { continue }
                let own = self.told(of: file.history)
                withheld.formUnion(own.withheld)
                var left = FactBase(events: own.events)
                if try !untold.isEmpty && !mayOpen(source) { left.untold = untold }
                facts.others[source] = left
            }
            families.append((id, facts, withheld))
        }
        return (families, leftOut, next)
    }

    /// The events that bear on rules, without those that tell what is kept from the asker's department, and what that is.
    private func told(of history: HouseholdHistory) -> (events: [KnownEvent], withheld: Set<FactID>) {
        let withheld = sight.withheld(of: history)
        let events = history.events.filter {
            $0.event.bearsOnRules && !withheld.sequences.contains($0.reference.sequence)
        }
        return (events, withheld.facts)
    }
}

/// Clauses that look at facts, found out once for the families of which the same is kept back.
private struct KnownClauses {
    private let packs: [RulePack]
    private var known: [Set<FactID>: Set<ClauseID>] = [:]

    init(_ packs: [RulePack]) { self.packs = packs }

    mutating func lookingAt(_ facts: Set<FactID>) -> Set<ClauseID> {
        if let clauses = known[facts] { return clauses }
        let clauses = packs.clauses(lookingAt: facts)
        known[facts] = clauses
        return clauses
    }
}

extension RightDifference {
    fileprivate func wire() throws -> Care_V1_ReplayList.Right {
        var wire = Care_V1_ReplayList.Right()
        wire.clause = clause.rawValue
        wire.subject = try subject.wire()
        wire.kind = kind.rawValue
        wire.department = department?.rawValue ?? ""
        wire.cadence = cadence.rawValue
        wire.statusBefore = statusBefore.rawValue
        wire.statusAfter = statusAfter.rawValue
        if let standingBefore { wire.standingBeforeFen = standingBefore.amount }
        if let standingAfter { wire.standingAfterFen = standingAfter.amount }
        wire.fails = fails
        wire.arrearsFen = UInt64(clamping: arrears.amount)
        wire.overpaymentFen = UInt64(clamping: overpayment.amount)
        wire.laterFen = future.amount
        wire.months = months.map { month in
            .with {
                $0.month = month.month.wireIndex
                $0.beforeFen = month.before.amount
                $0.afterFen = month.after.amount
                $0.open = month.open?.rawValue ?? ""
            }
        }
        wire.payers = payers.map { payer, difference in
            .with {
                $0.payer = payer.rawValue
                $0.differenceFen = difference.amount
            }
        }
        wire.causes = causes.map { change in
            .with {
                $0.part = change.part.rawValue
                $0.id = change.id
                $0.field = change.field
                if let before = change.before { $0.before = before }
                if let after = change.after { $0.after = after }
                $0.titleZh = change.title?.chinese ?? ""
                $0.titleEn = change.title?.english ?? ""
            }
        }
        wire.parts = try parts.map { part in
            try .with {
                $0.division = part.division?.rawValue ?? ""
                $0.right = try part.right.wire()
            }
        }
        return wire
    }
}

extension Forecast.Turn {
    fileprivate func wire() throws -> Care_V1_ForecastList.Turn {
        var wire = Care_V1_ForecastList.Turn()
        wire.household = household.wireData
        wire.division = division?.rawValue ?? ""
        wire.clause = clause.rawValue
        wire.subject = try subject.wire()
        wire.day = day.dayNumber
        wire.begins = begins
        if let amount { wire.amountFen = amount.amount }
        return wire
    }
}

extension Forecast.Failed {
    fileprivate func wire() throws -> Care_V1_ForecastList.Failed {
        var wire = Care_V1_ForecastList.Failed()
        wire.household = household.wireData
        wire.division = division?.rawValue ?? ""
        wire.clause = clause.rawValue
        wire.subject = try subject.wire()
        wire.firstMonth = first.wireIndex
        wire.lastMonth = last.wireIndex
        return wire
    }
}
