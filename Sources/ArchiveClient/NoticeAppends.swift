import CareDomain
import CareWire

extension ArchiveMessages {
    /// The append of notices, and of what became of them, to the stream that they are about.
    /// - Parameter expected: Sequence of its last event; 0 = there is none yet.
    /// - Throws: `WireError` when an event breaks a limit.
    package static func notices(
        _ stream: String, expected: UInt64, id: CommandID, events: [(on: CivilDay, event: CareEvent)],
        context: EventContext
    ) throws(WireError) -> Care_V1_AppendRequest {
        var encoded: [EncodedEvent] = []
        for (day, event) in events {
            encoded.append(try EventCodec.encode(event, occurredOn: day, context: context))
        }
        return request(stream, expected: expected, id: id, digest: id.value, events: encoded)
    }
}
