import CareDomain

/// A family that a payment command is looking at.
struct OpenHousehold {
    var history: HouseholdHistory
    var attempts = 0
    /// The other file that is being read.
    var reading: HouseholdHistory?
    /// The files with which it exchanged persons, those read so far.
    var others: [HouseholdID: HouseholdHistory] = [:]
}

extension [HouseholdID] {
    /// The same families in the same order, each where it stands first.
    var eachOnce: [HouseholdID] {
        var seen: Set<HouseholdID> = []
        return filter { seen.insert($0).inserted }
    }
}
