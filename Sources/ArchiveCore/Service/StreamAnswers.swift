import CareWire
import EventLog

/// Reads of one stream in the form of the contract.
package enum StreamAnswers {
    /// The answer to `ReadStream`, cut to about `maximumBytes` of records but with at least one event.
    package static func wire(
        _ slice: StreamSlice, of stream: StreamName, maximumBytes: Int
    ) -> Care_V1_ReadStreamReply {
        let limit = maximumBytes == 0 ? 1 << 20 : maximumBytes
        var bytes = 0
        return .with {
            for event in slice.events {
                bytes += event.record.count
                if bytes > limit, !$0.events.isEmpty { break }
                $0.events.append(Care_V1_RecordedEvent(event))
            }
            if let head = slice.head { $0.head = wire(head, of: stream) }
            if let fence = slice.fence {
                $0.fenced = .with {
                    $0.stream = fence.stream.text
                    $0.reason = fence.reason
                    $0.fencedAt = fence.since.microseconds
                }
            }
            $0.damagedSequences = slice.damages.compactMap { $0.sequence?.rawValue }
        }
    }

    /// The end of a stream; sequence 0 when it does not exist.
    package static func wire(_ head: StreamHead?, of stream: StreamName) -> Care_V1_StreamHead {
        .with {
            $0.stream = stream.text
            guard let head else { return }
            $0.sequence = head.sequence.rawValue
            $0.hash = .init(head.hash.bytes)
        }
    }
}
