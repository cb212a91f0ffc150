import CareDomain

/// When a household has to be looked at again.
package enum NoticeDue: Hashable, Sendable {
    /// Something is open: as soon as possible, also after a restart.
    case now
    case on(CivilDay)
    /// No day by itself brings anything; a changed policy may.
    case idle
}

/// On which day each household has to be looked at again, so that a new day folds only those it concerns.
///
/// About 40 bytes per household. A household without an entry (closed, merged) needs an event to come back.
struct DueIndex {
    private(set) var entries: [HouseholdID: NoticeDue] = [:]
    /// Households by day. An entry here counts only while `entries` agrees; others are left behind by changes.
    private var days: [CivilDay: [HouseholdID]] = [:]
    private var listed = 0

    var count: Int { entries.count }

    /// Says when a household is due; nil = it is closed.
    mutating func set(_ household: HouseholdID, _ entry: NoticeDue?) {
        guard entries[household] != entry else { return }
        entries[household] = entry
        guard case .on(let day) = entry else { return }
        days[day, default: []].append(household)
        listed += 1
        if listed > 2 * entries.count + 1024 { rebuild() }
    }

    /// Takes the households due on or before `today` with the days on which they were, by day and id; they are then due now.
    mutating func take(through today: CivilDay) -> [(household: HouseholdID, day: CivilDay)] {
        var taken: [(household: HouseholdID, day: CivilDay)] = []
        for day in days.keys.filter({ $0 <= today }).sorted() {
            let listedHere = days.removeValue(forKey: day) ?? []
            listed -= listedHere.count
            for household in Set(listedHere).sorted() where entries[household] == .on(day) {
                entries[household] = .now
                taken.append((household, day))
            }
        }
        return taken
    }

    private mutating func rebuild() {
        days = [:]
        listed = 0
        for (household, entry) in entries {
            guard case .on(let day) = entry else { continue }
            days[day, default: []].append(household)
            listed += 1
        }
    }
}
