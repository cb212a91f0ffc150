import CareDomain
import CareWire
import EventLog

extension QueryEngine {
    /// Households of which events are damaged: nothing may be worked out from them. Where a damaged file belongs cannot be
    /// told for sure, so everybody who may ask learns its id, and nothing else of files that are not his.
    func fenced() throws -> Care_V1_FencedHouseholds {
        var reply = Care_V1_FencedHouseholds()
        let seesEverywhere = principal.divisions.contains(.everywhere)
        for fence in try reader.fences() where fence.stream.category == .household {
            guard let id = HouseholdID(fence.stream.key) else { continue }
            let isTold = try seesEverywhere || mayOpen(id)
            reply.entries.append(
                .with {
                    $0.household = id.wireData
                    $0.since = fence.since.microseconds
                    if isTold { $0.reason = fence.reason }
                })
        }
        reply.unplacedPositions = surroundings.unplaced
        return reply
    }

    /// Whether the principal may open the household; what belongs nowhere that can be told is open to those who see all.
    package func mayOpen(_ id: HouseholdID) throws -> Bool {
        if principal.divisions.contains(.everywhere) { return true }
        do {
            _ = try household(id.description, sealed: .skip)
            return true
        } catch is QueryRefusal {
            return false
        }
    }
}
