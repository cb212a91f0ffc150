import CareDomain

/// 假设批准: proposals of one household taken as granted, as far as its rules would let all of them be.
///
/// Of clauses that bar one another in a year (一户一年一项) one is taken: that of the greatest sum, of equal ones the first;
/// what was granted in truth, or is taken for the year before, bars as a real grant does. The others stay proposals.
struct AssumedAwards {
    /// A grant, real or taken.
    private struct Taken {
        let clause: ClauseID
        let subject: RuleSubject
        let year: Int
    }

    private let evaluator: Evaluator
    /// Last year in which anything is taken.
    private let lastYear: Int

    init(_ evaluator: Evaluator, through last: CivilDay) {
        self.evaluator = evaluator
        lastYear = last.year
    }

    func taking(_ determinations: [Determination]) -> [Determination] {
        var result = determinations
        for index in result.indices where interactions(of: result[index]).isEmpty {
            result[index].takeProposals(topUp: topsUp(result[index]))
        }
        let bound = result.indices.filter { index in
            !interactions(of: result[index]).isEmpty && result[index].intervals.contains { $0.status == .proposed }
        }
        guard let first = bound.compactMap({ firstProposed(result[$0])?.year }).min(), first <= lastYear else {
            return result
        }
        var taken = result.filter { !interactions(of: $0).isEmpty }.flatMap(granted)
        for year in first...lastYear {
            let days = DayPeriod(
                start: CivilMonth(year: year, month: 1).firstDay, end: CivilMonth(year: year + 1, month: 1).firstDay)
            let open = bound.filter { sum(result[$0], days) != nil }
            for index in open.sorted(by: { goesFirst(result[$0], result[$1], days) }) {
                let one = result[index]
                guard !taken.contains(where: { bars($0, one, year) }) else { continue }
                taken.append(Taken(clause: one.clause, subject: one.subject, year: year))
                result[index].take(days)
            }
        }
        return result
    }

    private func pack(of determination: Determination) -> RulePack? { evaluator.pack(determination.pack) }

    private func interactions(of determination: Determination) -> [Interaction] {
        pack(of: determination)?.interactions.filter { $0.among.contains(determination.clause) } ?? []
    }

    private func topsUp(_ determination: Determination) -> Bool {
        guard let pack = pack(of: determination), let reading = pack.rule(determination.clause)?.topUp else {
            return false
        }
        return pack.positions(evaluator.choices)[reading] == .bool(true)
    }

    private func firstProposed(_ determination: Determination) -> CivilDay? {
        determination.intervals.first { $0.status == .proposed }?.period.start
    }

    /// What people granted, by the year in which it begins.
    private func granted(_ determination: Determination) -> [Taken] {
        determination.intervals.filter { $0.status == .entitled && $0.decision != nil }.map {
            Taken(clause: determination.clause, subject: determination.subject, year: $0.period.start.year)
        }
    }

    /// The sum that would be granted within the days; nil = nothing is proposed in them.
    private func sum(_ determination: Determination, _ days: DayPeriod) -> Fen? {
        determination.intervals.first { $0.status == .proposed && $0.period.intersection(days) != nil }
            .map { $0.amount ?? .zero }
    }

    private func goesFirst(_ one: Determination, _ other: Determination, _ days: DayPeriod) -> Bool {
        let sums = (sum(one, days) ?? .zero, sum(other, days) ?? .zero)
        return sums.0 != sums.1 ? sums.0 > sums.1 : (one.clause, one.subject) < (other.clause, other.subject)
    }

    private func bars(_ grant: Taken, _ one: Determination, _ year: Int) -> Bool {
        guard let pack = pack(of: one) else { return false }
        let readings = pack.positions(evaluator.choices)
        func isOn(_ when: Interaction.Case) -> Bool { readings[when.reading] == when.choice }
        return interactions(of: one).contains { interaction in
            guard interaction.among.contains(grant.clause) else { return false }
            switch interaction.kind {
            case .onePerYear:
                guard grant.year == year, grant.clause != one.clause || grant.subject != one.subject else {
                    return false
                }
                guard let pass = interaction.letsPass, isOn(pass.when), grant.subject != one.subject else {
                    return true
                }
                return !(pass.clauses.contains(grant.clause) && pass.clauses.contains(one.clause))
            case .priorYear:
                guard grant.year == year - 1 else { return false }
                return !(interaction.onlySameClause.map(isOn) ?? false)
                    || interaction.isSame(grant.clause, one.clause)
            }
        }
    }
}

/// What is taken as granted of the proposals of a right that is given once, days in a row by days in a row: the first of them,
/// and of later ones, where sums are topped up, what goes beyond it.
package struct AssumedOnce {
    private let topUp: Bool
    private var end: CivilDay?
    /// Whether an earlier stretch of days was taken, and its sums with those before it.
    private var isTaken = false
    private var taken = Fen.zero
    private var isTakenNow = false
    private var takenNow = Fen.zero
    /// What the present stretch has still to take off.
    private var over = Fen.zero

    package init(topUp: Bool) { self.topUp = topUp }

    /// Takes the next days with the right in.
    /// - Parameter amount: what is proposed for them.
    /// - Returns: the sum taken, nil inside where none is known; nil = nothing is taken, for it was given before.
    package mutating func take(_ days: DayPeriod, isProposed: Bool, _ amount: Fen?) -> Fen?? {
        if end != days.start {
            isTaken = isTaken || isTakenNow
            taken += takenNow
            (isTakenNow, takenNow, over) = (false, .zero, taken)
        }
        end = days.end
        guard isProposed, isTaken else {
            if isProposed {
                isTakenNow = true
                takenNow += amount ?? .zero
            }
            return .some(amount)
        }
        guard topUp, let amount, amount > over else {
            over = over - min(over, amount ?? .zero)
            return nil
        }
        let left = amount - over
        (isTakenNow, takenNow, over) = (true, takenNow + left, .zero)
        return .some(left)
    }
}

extension Determination {
    /// Takes all proposals as granted, of what is given once no more than one grant.
    /// - Parameter topUp: whether a higher sum later gives the difference.
    package mutating func takeProposals(topUp: Bool) {
        var once = AssumedOnce(topUp: topUp)
        for place in intervals.indices where intervals[place].holdsHere {
            let isProposed = intervals[place].status == .proposed
            if cadence == .once {
                let sum = once.take(intervals[place].period, isProposed: isProposed, intervals[place].amount)
                guard let sum else {
                    intervals[place] = Interval(
                        period: intervals[place].period, status: .notEntitled, rightHolds: false)
                    continue
                }
                intervals[place].amount = sum
            }
            if isProposed { intervals[place].status = .entitled }
        }
    }

    /// Takes what is proposed within the days as granted.
    fileprivate mutating func take(_ days: DayPeriod) {
        intervals = intervals.flatMap { interval -> [Interval] in
            guard interval.status == .proposed, let inside = interval.period.intersection(days) else {
                return [interval]
            }
            func part(_ period: DayPeriod, _ status: OutcomeStatus) -> Interval {
                var part = interval
                part.period = period
                part.status = status
                return part
            }
            var parts: [Interval] = []
            if interval.period.start < inside.start {
                parts.append(part(DayPeriod(start: interval.period.start, end: inside.start), .proposed))
            }
            parts.append(part(inside, .entitled))
            if let end = inside.end, interval.period.end.map({ end < $0 }) ?? true {
                parts.append(part(DayPeriod(start: end, end: interval.period.end), .proposed))
            }
            return parts
        }
    }
}

extension Evaluator {
    /// Proposals that wait for a person's decision taken as granted: a hypothesis, and to be marked so. Where clauses bar
    /// one another only what could be granted together is taken.
    /// - Parameters:
    ///   - determinations: all of one household.
    ///   - last: nothing is taken in the years after this day's.
    package func assumingAwards(_ determinations: [Determination], through last: CivilDay) -> [Determination] {
        AssumedAwards(self, through: last).taking(determinations)
    }

    /// Whether what is taken as granted of one clause depends on what is taken of others.
    package func bindsAwards(of pack: PackID) -> Bool {
        registry.versions.contains { $0.pack.id == pack && !$0.pack.interactions.isEmpty }
    }
}
