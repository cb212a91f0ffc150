import CareWire
import EventLog
import MessageBus
import SwiftProtobuf

/// Commands that an intake is about to refuse for good.
extension ArchiveService {
    /// Remembers that a command is refused, from now on, and asks the log with this turn's appends whether another attempt
    /// at it was recorded before.
    mutating func refuse(
        _ request: IncomingRequest, _ now: BusMoment, _ actions: inout [ServiceAction<ArchiveWork>]
    ) {
        guard let wire = try? Care_V1_RefuseCommand(serializedBytes: request.body),
            let append = AppendID(bytes: wire.appendID), let digest = ContentDigest(bytes: wire.contentDigest),
            wire.submission > 0
        else {
            actions.append(.reply(request.token, .problem(.malformed)))
            return
        }
        var pending = PendingRefusal(token: request.token)
        if !wire.stream.isEmpty {
            guard let stream = try? StreamName(wire.stream) else {
                actions.append(.reply(request.token, .problem(.malformed)))
                return
            }
            pending.index = requests.count
            requests.append(.asking(for: append, in: stream, digest))
        }
        refused.refuse(append, wire.submission, now: now.monotonic)
        refusals.append(pending)
    }

    /// Answers the refusals of a turn whose requests the log has answered.
    func answerRefusals(_ outcomes: [AppendOutcome], _ actions: inout [ServiceAction<ArchiveWork>]) {
        for refusal in refusals {
            let reply = Care_V1_RefuseCommandReply.with { reply in
                if let index = refusal.index { reply.recorded = outcomes[index].receipt != nil }
            }
            actions.append(.reply(refusal.token, .ok((try? reply.serializedBytes()) ?? [])))
        }
    }
}

extension ExpectedSequence {
    /// A sequence that no stream comes to: the log says whether it knows the append, and takes nothing.
    static let unheardOf = ExpectedSequence.exactly(SequenceNumber(UInt64.max))
}

extension AppendRequest {
    /// Asks whether a stream holds an append; nothing is ever written.
    fileprivate static func asking(
        for append: AppendID, in stream: StreamName, _ digest: ContentDigest
    ) -> AppendRequest {
        AppendRequest(
            stream: stream, expected: .unheardOf, appendID: append, contentDigest: digest,
            events: [NewEvent(kind: 0, version: 0, occurredOn: DayNumber(0), metadata: [], payload: [])])
    }
}
