/// What a unit's decisions may know beside the command and the stream.
package struct UnitContext: Sendable {
    /// The civil day on which intake decides.
    package var today: CivilDay
    package var policy: PolicyCatalog
    /// Department of whoever sends the command; nil where nobody is behind it.
    package var department: DepartmentID?
    /// The divisions for which that person acts; nil where nobody is behind it.
    package var actsFor: [DivisionCode]?
    /// Account of that person.
    package var actor: Code?

    package init(
        today: CivilDay, policy: PolicyCatalog, department: DepartmentID? = nil, actsFor: [DivisionCode]? = nil,
        actor: Code? = nil
    ) {
        self.actor = actor
        self.department = department
        self.actsFor = actsFor
        self.today = today
        self.policy = policy
    }
}

extension UnitStanding.Place {
    /// Why a grant cannot end on a day: before it was given, or a day to come; nil = it can.
    package func refusal(ofEndOn day: CivilDay, today: CivilDay) -> Refusal? {
        guard day <= today else { return Refusal.future(day, today: today, field: "occurred_on") }
        guard day >= reservedOn else {
            return Refusal(
                .dayOrder, field: "occurred_on", detail: "\(day) < \(reservedOn)",
                words: "\(day) 早于资助的 \(reservedOn)", english: "\(day) is before the grant of \(reservedOn)")
        }
        return nil
    }
}

extension UnitStanding {
    /// Decides one command that the unit's stream answers alone. Pure; a command that was carried out before never reaches
    /// this. Grants and their ends are decided step by step (`reserve`, `confirm`, `free`).
    /// - Throws: The refusal.
    package func decide(_ command: UnitCommand, in context: UnitContext) throws(Refusal) -> [UnitEvent] {
        guard command.occurredOn <= context.today else {
            throw Refusal.future(command.occurredOn, today: context.today, field: "occurred_on")
        }
        if let function = command.action.function {
            try context.policy.checkOffice(function, of: context.department, in: division)
        }
        let (terms, unit) = try terms(for: command.action.year, context.policy)
        if command.action.isFromAbove {
            try division.checkAbove(context.actsFor, field: "division", clause: terms.clause)
        }
        try checkSeparation(command.action, in: command.action.year, by: context.actor)
        switch command.action {
        case .setGuidance(let set):
            try check(set, terms)
            return [.guidanceSet(set)]
        case .setBudget(let sum):
            try check(sum, replacing: year(sum.year).budget)
            try Self.checkAgree(sum.amount, terms.budget(of: division, in: sum.year), "budget")
            return [.budgetSet(sum)]
        case .setAdvance(let sum):
            guard unit.shares.city > 0 || sum.amount == .zero else {
                throw Refusal(.advanceOfSelfFunded, field: "amount_fen", detail: unit.title, clause: ClauseID("WZ-4.3"))
            }
            try check(sum, replacing: year(sum.year).advance)
            try Self.checkAgree(sum.amount, terms.advance(of: division, in: sum.year), "advance")
            return [.advanceSet(sum)]
        case .score(let scored):
            try check(scored, terms)
            return [.scored(scored)]
        case .compute(let year, let reason):
            return [.settled(try settle(year, reason, terms, unit))]
        case .give, .release, .expire: throw Refusal(.nothingToDo)
        }
    }

    /// The terms of a year and the unit's row in them.
    package func terms(
        for year: Int?, _ policy: PolicyCatalog
    ) throws(Refusal) -> (terms: GuidanceTerms, unit: GuidanceTerms.Unit) {
        guard let year, let terms = policy.guidance(in: year), let unit = terms.unit(division) else {
            throw Refusal(.unknownUnit, field: "division", detail: "\(division) \(year.map { "\($0)" } ?? "")")
        }
        return (terms, unit)
    }

    // MARK: Numbers, sums, points

    private func check(_ set: GuidanceSet, _ terms: GuidanceTerms) throws(Refusal) {
        let before = year(set.year).numbers
        for number in set.numbers where terms.project(number.clause) == nil {
            throw Refusal(.unknownProject, field: "numbers", detail: number.clause.rawValue, clause: terms.clause)
        }
        let changed = set.numbers.filter { before[$0.clause] != $0.places }
        guard !changed.isEmpty else { throw Refusal(.nothingToDo, field: "numbers") }
        if set.reason == nil, let replaced = changed.first(where: { before[$0.clause] != nil }) {
            throw Refusal(
                .replacementReason, field: "reason",
                detail: "\(replaced.clause) \(before[replaced.clause] ?? 0) → \(replaced.places)", clause: terms.clause)
        }
    }

    private func check(_ sum: UnitSum, replacing before: Fen?) throws(Refusal) {
        guard sum.amount >= .zero else { throw Refusal(.negativeSum, field: "amount_fen", detail: "\(sum.amount)") }
        guard let before else { return }
        guard before != sum.amount else { throw Refusal(.nothingToDo, field: "amount_fen") }
        guard sum.reason != nil else {
            throw Refusal(.replacementReason, field: "reason", detail: "\(before) → \(sum.amount)")
        }
    }

    /// What is set for the unit and what a parameter says of it are one figure: nobody could tell which of two counts.
    private static func checkAgree(_ own: Fen?, _ parameter: Fen?, _ name: String) throws(Refusal) {
        guard let own, let parameter, own != parameter else { return }
        throw Refusal(
            .sumSetTwice, field: "amount_fen", detail: "settle \(name) = \(own); set-parameter = \(parameter)")
    }

    private func check(_ scored: UnitScored, _ terms: GuidanceTerms) throws(Refusal) {
        let before = year(scored.year).scores[scored.clause]?.scored
        let isAdjustment = scored.clause == terms.adjustment.clause
        guard isAdjustment || terms.parts.contains(where: { $0.clause == scored.clause }) else {
            throw Refusal(
                .unknownPart, field: "clause",
                detail: (terms.parts + [terms.adjustment]).map { "\($0.clause) \($0.title)" }.joined(separator: "、"))
        }
        let part = terms.parts.first { $0.clause == scored.clause } ?? terms.adjustment
        let least = isAdjustment ? terms.leastAdjustment ?? Points(thousandths: -part.most.thousandths) : Points(0)
        guard scored.points >= least, scored.points <= part.most else {
            throw Refusal(
                .pointsOutOfRange, field: "points", detail: "\(least)…\(part.most)", clause: scored.clause)
        }
        if !isAdjustment, scored.evidence == nil {
            throw Refusal(.evidenceMissing, field: "evidence", detail: part.title, clause: scored.clause)
        }
        if let before, before.points == scored.points, before.evidence == scored.evidence {
            throw Refusal(.nothingToDo, field: "points")
        }
        if scored.reason == nil, isAdjustment || before != nil {
            throw Refusal(
                .replacementReason, field: "reason", detail: before.map { "\($0.points) → \(scored.points)" },
                clause: scored.clause)
        }
    }

    // MARK: Settling

    private func settle(
        _ year: Int, _ reason: Code?, _ terms: GuidanceTerms, _ unit: GuidanceTerms.Unit
    ) throws(Refusal) -> Settlement {
        let known = self.year(year)
        let missing = terms.parts.filter { known.scores[$0.clause] == nil }
        guard missing.isEmpty else {
            throw Refusal(
                .scoreMissing, field: "year",
                detail: missing.map { "\($0.clause) \($0.title)" }.joined(separator: "、"))
        }
        let taken = order.compactMap { places[$0] }.filter { $0.isTaken && $0.reserved.year == year }
        if let open = taken.first(where: { $0.state == .reserved }) {
            throw Refusal(.placesOpen, field: "year", detail: open.reserved.grant.description)
        }
        let projects = terms.projects.map { project in
            let grants = taken.filter { $0.reserved.clause == project.clause }
            return Settlement.ProjectCost(
                clause: project.clause, grants: grants.count, amount: grants.reduce(.zero) { $0 + $1.amount })
        }
        let cost = projects.reduce(Fen.zero) { $0 + $1.amount }
        let score = score(known, terms)
        let last = known.settlements.last?.settlement
        let (setBudget, setAdvance) = (terms.budget(of: division, in: year), terms.advance(of: division, in: year))
        try Self.checkAgree(known.budget, setBudget, "budget")
        try Self.checkAgree(known.advance, setAdvance, "advance")
        let budget = known.budget ?? setBudget
        var settlement = Settlement(
            year: year, version: (last?.version ?? 0) + 1, reason: reason, pack: terms.pack,
            packHash: terms.packHash, shares: unit.shares, fullFrom: terms.reduction.fullFrom, score: score,
            projects: projects, budget: budget, advance: known.advance ?? setAdvance ?? .zero,
            carriedIn: self.year(year - 1).settlements.last?.settlement.carriedOut ?? .zero,
            result: .init(cost: cost, score: score, shares: unit.shares, terms: terms.reduction, budget: budget),
            alternatives: Settlement.Result.all(
                cost: cost, score: score, shares: unit.shares, fullFrom: terms.reduction.fullFrom,
                budget: budget))
        guard let last else {
            settlement.reason = nil
            return settlement
        }
        var same = settlement
        (same.version, same.reason) = (last.version, last.reason)
        guard same != last else { throw Refusal(.nothingToDo, field: "year", detail: "\(year)") }
        guard reason != nil else {
            throw Refusal(.replacementReason, field: "reason", detail: "\(year) #\(last.version)")
        }
        return settlement
    }

    /// 评估得分: all parts and the adjustment, not below nothing and not above the most.
    private func score(_ known: Year, _ terms: GuidanceTerms) -> Points {
        let clauses = terms.parts.map(\.clause) + [terms.adjustment.clause]
        let sum = clauses.reduce(Points(0)) { $0 + (known.scores[$1]?.scored.points ?? Points(0)) }
        return min(max(sum, Points(0)), terms.parts.reduce(Points(0)) { $0 + $1.most })
    }

    // MARK: Places

    /// The place that a grant takes; beyond the guidance number only with a reason, or not at all where it is a cap.
    /// - Source: WZ-A1
    package func reserve(
        _ order: GrantOrder, _ grant: GrantID, amount: Fen, on day: CivilDay, in context: UnitContext
    ) throws(Refusal) -> UnitEvent {
        guard day <= context.today else {
            throw Refusal.future(day, today: context.today, field: "occurred_on")
        }
        let (terms, _) = try terms(for: order.year, context.policy)
        try checkSeparation(.give(order), in: order.year, by: context.actor)
        guard let places = year(order.year).numbers[order.clause] else {
            throw Refusal(
                .noGuidance, field: "clause", detail: "\(order.year) \(division) \(order.clause)", clause: terms.clause)
        }
        let taken = taken(order.clause, in: order.year).count
        let isBeyond = taken >= places
        if isBeyond, terms.isCap || order.reason == nil {
            throw Refusal(
                terms.isCap ? .placesExhausted : .beyondGuidance, field: "reason",
                detail: "\(order.clause) \(taken)/\(places)", clause: terms.clause)
        }
        return .placeReserved(
            PlaceReserved(
                grant: grant, year: order.year, clause: order.clause, household: order.household, amount: amount,
                isBeyond: isBeyond, reason: order.reason))
    }
}
