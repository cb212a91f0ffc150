/// A stretch of days on which a household was a special-hardship family (特殊困难家庭), with the event it rests on.
/// - Source: CZ-1.1 特殊困难家庭定义
package struct HardshipPeriod: Hashable, Sendable {
    /// Why the family has the status.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The only child died.
        case bereaved
        /// The only child is certified disabled at grades 1 to 3.
        case disabledChild = "disabled_child"

        /// 失独 or 伤残, as offices say.
        package var chinese: String {
            switch self {
            case .bereaved: "失独"
            case .disabledChild: "伤残"
            }
        }
    }

    package let kind: Kind
    /// Days with the status.
    package let period: DayPeriod
    /// First day of the cause itself, which may lie before `period.start` when the family moved in later.
    package let since: CivilDay
    /// The death or the assessment on which it rests.
    package let restsOn: EventReference
}

extension Household {
    /// When the household was a special-hardship family, ascending, without overlap.
    ///
    /// The only child died, or holds an assessment of grade 1, 2 or 3 (grade 4 is out), and no further child was born
    /// or adopted up to that day (CZ-Q1: neither of the two; the day of birth or adoption is the first day without the
    /// status, CZ-Q2); nor is there an adopted child whose day of adoption nobody stated, from when the record calls the child
    /// so (`UndatedAdoption`). The file must be open; wherever the family lives, the facts alone say whether it is 失独 or 伤残. What a
    /// place owes it is that place's document to say (`owedPairings`). Facts count from the day they happened, whenever
    /// they were learned; of a child who came from another household's file from the day of coming, because the days
    /// before count there.
    /// - Source: CZ-1.1 特殊困难家庭定义
    package func hardshipPeriods() -> [HardshipPeriod] {
        let end = hardshipEnd
        if end == CivilDay.distantPast { return [] }
        var periods: [HardshipPeriod] = []
        for child in members {
            let arrived = DayPeriod(start: child.cameFromFile ? child.joinedOn : .distantPast)
            for here in child.days(as: .onlyChild).compactMap(arrived.intersection) { add(child, here, to: &periods) }
        }
        periods += statedDeaths
        periods.sort { ($0.period.start, $0.restsOn) < ($1.period.start, $1.restsOn) }
        let open = DayPeriod(start: .distantPast, end: end)
        return Self.withoutOverlap(periods).compactMap { period in
            period.period.intersection(open).map(period.with)
        }
    }

    /// Adds what a child gives the family on the days on which it is called the only child.
    private func add(_ child: Member, _ here: DayPeriod, to periods: inout [HardshipPeriod]) {
        for assessed in child.disabilities where (1...3).contains(assessed.grade) {
            let death = child.diedOn.map { DayPeriod(start: .distantPast, end: $0) }
            let alive = death.map { assessed.period.intersection($0) } ?? assessed.period
            guard let alive = alive?.intersection(here) else { continue }
            periods.append(
                HardshipPeriod(
                    kind: .disabledChild, period: alive, since: assessed.period.start, restsOn: assessed.reference))
        }
        if let diedOn = child.diedOn, let diedBy = child.diedBy,
            let period = DayPeriod(start: diedOn).intersection(here)
        {
            periods.append(HardshipPeriod(kind: .bereaved, period: period, since: diedOn, restsOn: diedBy))
        }
    }

    /// Deaths of the only child that a list stated without naming the child (`household.only_child_status` = dead).
    private var statedDeaths: [HardshipPeriod] {
        let stated = facts.filter { $0.stated.fact == .onlyChildStatus }
        return stated.compactMap { fact in
            guard fact.stated.value == .code(Code(unchecked: "dead")) else { return nil }
            // It holds until it is stated anew.
            let next = stated.filter { ($0.from, $0.reference) > (fact.from, fact.reference) }.map(\.from).min()
            let end = [next, fact.stated.until].compactMap { $0 }.min()
            let period = DayPeriod(start: fact.from, end: end)
            return period.isEmpty
                ? nil : HardshipPeriod(kind: .bereaved, period: period, since: fact.from, restsOn: fact.reference)
        }
    }

    /// First day on which no cause gives the status any more; `distantPast` when the file never counted.
    private var hardshipEnd: CivilDay? {
        var ends: [CivilDay] = []
        let onlyChildren = Set(members.lazy.filter { $0.role == .onlyChild }.map(\.id))
        // The birth of the only child itself, where somebody recorded it, is no further birth.
        for birth in births where !(birth.payload.child.map(onlyChildren.contains) ?? false) { ends.append(birth.day) }
        for adoption in adoptions where !(adoption.payload.child.map(onlyChildren.contains) ?? false) {
            ends.append(adoption.day)
        }
        // Of an adoption without a day nobody knows that it was later.
        for adoption in undatedAdoptions { ends.append(adoption.from) }
        switch status {
        case .absent, .registeredInError: return .distantPast
        case .closed(let day, _), .absorbed(_, let day): ends.append(day)
        case .active: break
        }
        return ends.min()
    }

    /// One cause for every day: death before disability, and of several of a kind the one that began first.
    private static func withoutOverlap(_ causes: [HardshipPeriod]) -> [HardshipPeriod] {
        if causes.count < 2 { return causes }
        let bounds = Set(causes.flatMap { [$0.period.start, $0.period.end].compactMap { $0 } }).sorted()
        var result: [HardshipPeriod] = []
        for (index, day) in bounds.enumerated() {
            let holding = causes.filter { $0.period.contains(day) }
            guard let cause = holding.first(where: { $0.kind == .bereaved }) ?? holding.first else { continue }
            let next: CivilDay? = index + 1 < bounds.count ? bounds[index + 1] : nil
            if let last = result.last, last.restsOn == cause.restsOn, last.period.end == day {
                result[result.count - 1] = last.with(DayPeriod(start: last.period.start, end: next))
            } else {
                result.append(cause.with(DayPeriod(start: day, end: next)))
            }
        }
        return result
    }
}

extension FactID {
    /// 独生子女状况, the one stated fact on which the status itself may rest.
    package static let onlyChildStatus = FactID(unchecked: onlyChildStatusName.description)
    /// Its name. A constant, because a rebuild compares it with the name of every fact stated.
    package static let onlyChildStatusName: StaticString = "household.only_child_status"
}

extension [HardshipPeriod] {
    /// The unbroken days of one kind of status around `period`, with what they begin with: a certificate renewed, or a grade
    /// that changed within one to three, begins no new status. Pages and lists both say this.
    package func unbroken(_ period: HardshipPeriod) -> HardshipPeriod {
        let same = filter { $0.kind == period.kind }
        var first = period
        for earlier in same.reversed() where earlier.period.end == first.period.start { first = earlier }
        var end = period.period.end
        for later in same where later.period.start == end { end = later.period.end }
        return first.with(DayPeriod(start: first.period.start, end: end))
    }
}

extension HardshipPeriod {
    fileprivate func with(_ period: DayPeriod) -> HardshipPeriod {
        HardshipPeriod(kind: kind, period: period, since: since, restsOn: restsOn)
    }
}
