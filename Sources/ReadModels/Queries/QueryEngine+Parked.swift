import CareDomain
import CareWire

extension QueryEngine {
    /// Events that consumers cannot process, with their counts: for whoever operates the deployment.
    func parkedEvents(_ query: Care_V1_ListParkedEventsQuery) throws -> Care_V1_ParkedEventList {
        let consumer: Code? = try code(query.consumer, "consumer")
        guard let consumer else { return surroundings.parkedEvents }
        return .with {
            $0.entries = surroundings.parkedEvents.entries.filter { $0.consumer == consumer.rawValue }
            $0.total = UInt64($0.entries.count { !$0.event.isSkipped })
        }
    }
}
