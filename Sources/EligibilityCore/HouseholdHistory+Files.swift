import CareDomain
import RuleEngine

extension HouseholdHistory {
    /// The files from which persons came into this one on the first day of a month, as far as that stands.
    var sources: [HouseholdID] {
        FactBase.arrivals(in: events).filter { $0.supersededAt == nil }.map(\.source)
    }

    /// The files in which persons of this one went on from the first day of a month.
    var departures: [HouseholdID] {
        HouseholdHistory.effective(events).compactMap { known -> HouseholdID? in
            guard known.occurredOn == known.occurredOn.startOfMonth else { return nil }
            return switch known.event {
            case .merged(let merged) where merged.side == .absorbed: merged.other
            case .split(let split) where split.side == .remaining: split.other
            default: nil
            }
        }
    }
}
