import CareDomain
import CareWire
import EventLog

extension QueryEngine {
    /// Households of which events are damaged, as far as the caller may see them: nothing may be worked out from them.
    func fenced() throws -> Care_V1_FencedHouseholds {
        var reply = Care_V1_FencedHouseholds()
        let seesEverywhere = principal.divisions.contains(.everywhere)
        for fence in try reader.fences() where fence.stream.category == .household {
            guard let id = HouseholdID(fence.stream.key) else { continue }
            // What is left of it mostly tells where it belongs; where it does not, only those who see all are told.
            guard try seesEverywhere || mayOpen(id) else { continue }
            reply.entries.append(
                .with {
                    $0.household = id.wireData
                    $0.since = fence.since.microseconds
                    $0.reason = fence.reason
                })
        }
        reply.unplaced = surroundings.unplaced
        return reply
    }

    private func mayOpen(_ id: HouseholdID) throws -> Bool {
        do {
            _ = try household(id.description, sealed: .skip)
            return true
        } catch is QueryRefusal {
            return false
        }
    }
}
