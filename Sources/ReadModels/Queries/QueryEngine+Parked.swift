import CareDomain
import CareWire

extension QueryEngine {
    /// Events that consumers cannot process, with their counts: for whoever operates the deployment, of the divisions of
    /// the key.
    func parkedEvents(_ query: Care_V1_ListParkedEventsQuery) throws -> Care_V1_ParkedEventList {
        let consumer: Code? = try code(query.consumer, "consumer")
        let isConfined = !principal.divisions.contains(.everywhere)
        guard consumer != nil || isConfined else { return surroundings.parkedEvents }
        var list = Care_V1_ParkedEventList()
        for entry in surroundings.parkedEvents.entries {
            if let consumer, entry.consumer != consumer.rawValue { continue }
            if isConfined {
                guard let household = HouseholdID(bytes: entry.event.household), try mayOpen(household) else {
                    continue
                }
            }
            list.entries.append(entry)
        }
        list.total = UInt64(list.entries.count { !$0.event.isSkipped })
        return list
    }
}
