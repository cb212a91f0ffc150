import CareDomain

extension NotifierMachine {
    /// How far back days are gone through. A clock that is a year wrong is a matter for people.
    static let longestArrears: Int32 = 366

    /// Days from this one on are still to be judged for a household.
    mutating func owe(_ household: HouseholdID, from day: CivilDay) {
        owed[household] = min(owed[household] ?? day, day)
    }

    /// What the next start must know: days owed, also those of households that are being looked at.
    var owedDays: [HouseholdID: CivilDay] {
        var days = owed
        for (household, entry) in active {
            if let day = entry.day { days[household] = min(days[household] ?? day, day) }
        }
        return days
    }

    /// The day on which a household is to be judged next.
    ///
    /// Days only go forward: what was judged on a day, by a clock that was ahead, is not judged again on an earlier one,
    /// or what that day brought would be taken back and brought again.
    mutating func judgedDay(of household: Household, id: HouseholdID, today: CivilDay) -> CivilDay {
        let newest = household.notices.map(\.raisedOn).max()
        let last = max(today, newest ?? today)
        var open = active[id]?.day
        if let first = owed.removeValue(forKey: id) { open = min(open ?? first, first) }
        active[id]?.day = open
        let first = max(open ?? last, newest ?? last - Self.longestArrears, last - Self.longestArrears)
        return min(first, last)
    }

    /// Goes on to the next day on which something may have fallen due, at most to the last one to be judged.
    /// - Returns: false when `day` was the last one.
    mutating func passes(_ day: CivilDay, of household: Household, id: HouseholdID, today: CivilDay) -> Bool {
        let last = max(today, household.notices.map(\.raisedOn).max() ?? today)
        guard day < last else {
            active[id]?.day = nil
            return false
        }
        let next = min(due(household, after: day) ?? last, last)
        active[id]?.day = next
        return true
    }

    /// The first day after `day` that may bring something; nil when none does.
    func due(_ household: Household, after day: CivilDay) -> CivilDay? {
        guard case .active = household.status else { return nil }
        guard let policy = policies?.policy(for: household, on: day) else {
            // A move recorded in advance may bring it under a policy.
            return household.residences.map(\.from).filter { $0 > day }.min()
        }
        return NotifierRules.nextDueDay(for: household, after: day, policy: policy)
    }
}
