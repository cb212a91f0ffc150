import CareDomain
import RuleEngine

extension HouseholdHistory {
    /// The files from which persons came into this one, as far as that stands.
    var sources: [HouseholdID] {
        FactBase.arrivals(in: events).filter { $0.supersededAt == nil }.map(\.source)
    }

    /// The files in which persons of this one went on.
    var departures: [HouseholdID] {
        HouseholdHistory.effective(events).compactMap { known -> HouseholdID? in
            switch known.event {
            case .merged(let merged) where merged.side == .absorbed: merged.other
            case .split(let split) where split.side == .remaining: split.other
            default: nil
            }
        }
    }
}
