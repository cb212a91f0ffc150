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
        let refused = RefusedAppend(append, submission: wire.submission)
        var pending = PendingRefusal(token: request.token, refused: refused)
        if !wire.stream.isEmpty {
            guard let stream = try? StreamName(wire.stream) else {
                actions.append(.reply(request.token, .problem(.malformed)))
                return
            }
            pending.index = requests.count
            requests.append(.asking(for: append, in: stream, digest))
        }
        refusedNow[append] = max(refusedNow[append] ?? 0, wire.submission)
        refusals.append(pending)
    }

    /// Whether an append decides a command that was refused, before or in this turn, on behalf of an attempt from before.
    func isRefused(_ append: AppendRequest, _ now: MonotonicTime) -> Bool {
        if refused.forbids(append, now: now) { return true }
        guard append.submission > 0, let submission = refusedNow[append.appendID] else { return false }
        return append.submission <= submission
    }

    /// Answers the refusals of a turn whose requests the log has answered. They are on disk before anybody is told: a
    /// care-archive that is started anew would else carry out what its sender was told is refused.
    mutating func answerRefusals(
        _ outcomes: [AppendOutcome], _ now: BusMoment, _ actions: inout [ServiceAction<ArchiveWork>]
    ) {
        guard !refusals.isEmpty else { return }
        do throws(EventLogError) {
            try refusalStore?.keep(refusals.map(\.refused))
        } catch {
            return refusalsNotKept(error, now, &actions)
        }
        if refusalTrouble.ended() { actions.append(.log(BusLogEntry(.info, "refusals are kept again"))) }
        for refusal in refusals {
            refused.refuse(refusal.refused.id, refusal.refused.submission, now: now.monotonic)
            let reply = Care_V1_RefuseCommandReply.with { reply in
                if let index = refusal.index { reply.recorded = outcomes[index].receipt != nil }
            }
            actions.append(.reply(refusal.token, .ok((try? reply.serializedBytes()) ?? [])))
        }
    }

    /// Nothing is refused for good: whoever asked comes again, and is decided about anew.
    private mutating func refusalsNotKept(
        _ error: EventLogError, _ now: BusMoment, _ actions: inout [ServiceAction<ArchiveWork>]
    ) {
        let reply = BusReply(
            status: .unavailable, code: "CARE-6530", textZH: "磁盘出了问题，拒绝一时记不下来，请通知管理员后用同一编号重试",
            textEN:
                "the disk is in trouble and a refusal cannot be kept; tell the administrator and retry with the same "
                + "id",
            retryAfterMilliseconds: 1000)
        for refusal in refusals { actions.append(.reply(refusal.token, reply)) }
        guard let times = refusalTrouble.came(now: now.monotonic) else { return }
        actions.append(
            .log(
                BusLogEntry(
                    .error, "a refusal cannot be kept, nothing is refused for good until it can",
                    ["code": "\(error.code)", "reason": error.message, "times": "\(times)"])))
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
