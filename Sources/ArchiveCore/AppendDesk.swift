import CareDomain
import CareWire
import EventLog
import SwiftProtobuf

/// Turns appends as they come over the bus into requests for the log, and the log's outcomes into answers.
///
/// Checks what the log cannot know: whether this key may append these events to this stream.
package enum AppendDesk {
    /// Most events in one append.
    package static let maximumEvents = 1024

    /// Reads one append.
    /// - Returns: The request, or the refusal to answer with; sending the same again gives the same.
    package static func request(
        from wire: Care_V1_AppendRequest, rights: AppendRights
    ) -> Result<AppendRequest, AppendRefusal> {
        guard let stream = try? StreamName(wire.stream) else { return .failure(.malformed("stream")) }
        guard let appendID = AppendID(bytes: wire.appendID) else { return .failure(.malformed("append_id")) }
        guard let digest = ContentDigest(bytes: wire.contentDigest) else {
            return .failure(.malformed("content_digest"))
        }
        guard (1...maximumEvents).contains(wire.events.count) else { return .failure(.malformed("events")) }
        var events: [NewEvent] = []
        events.reserveCapacity(wire.events.count)
        for event in wire.events {
            let kind = UInt32(truncatingIfNeeded: event.kind.rawValue)
            events.append(
                NewEvent(
                    kind: kind, version: event.version, occurredOn: DayNumber(event.occurredOn),
                    learnedOn: event.hasLearnedOn ? DayNumber(event.learnedOn) : nil, metadata: Array(event.metadata),
                    payload: Array(event.payload)))
        }
        let expected: ExpectedSequence =
            !wire.hasExpectedSequence
            ? .any : wire.expectedSequence == 0 ? .noStream : .exactly(SequenceNumber(wire.expectedSequence))
        let request = AppendRequest(
            stream: stream, expected: expected, appendID: appendID, contentDigest: digest, events: events,
            submission: wire.submission)
        if let refusal = refusal(of: request, rights: rights) { return .failure(refusal) }
        return .success(request)
    }

    /// Reads the appends of a batch.
    /// - Returns: For each its request or its refusal; nil when the body cannot be read.
    package static func requests(
        from body: [UInt8], rights: AppendRights
    ) -> [Result<AppendRequest, AppendRefusal>]? {
        if let requests = AppendWire.appends(body) {
            return requests.map { request in
                refusal(of: request, rights: rights).map { .failure($0) } ?? .success(request)
            }
        }
        guard let batch = try? Care_V1_AppendBatch(serializedBytes: body) else { return nil }
        return batch.appends.map { self.request(from: $0, rights: rights) }
    }

    /// Why a request may not be appended; nil when it may.
    private static func refusal(of request: AppendRequest, rights: AppendRights) -> AppendRefusal? {
        guard (1...maximumEvents).contains(request.events.count) else { return .malformed("events") }
        for event in request.events {
            guard rights.allows(kind: event.kind, in: request.stream) else { return .notAllowed(kind: event.kind) }
            guard event.version > 0 else { return .malformed("events.version") }
            if let refusal = refusal(of: event, tokenKey: rights.tokenKey) { return refusal }
        }
        return nil
    }

    /// Two services of one house with different keys for tokens are found out before the log rests on either.
    private static func refusal(of event: NewEvent, tokenKey: TokenKeyFingerprint?) -> AppendRefusal? {
        guard let tokenKey, event.kind == UInt32(EventKind.tokenKeyAdopted.rawValue) else { return nil }
        guard
            case .deployment(.tokenKeyAdopted(let adopted))? = try? EventCodec.decodeAny(
                kind: event.kind, version: event.version, payload: event.payload)
        else { return .malformed("events.payload") }
        return adopted.fingerprint == tokenKey ? nil : .otherTokenKey
    }

    /// Adds the answer to one append to the bytes of a batch's answer.
    package static func write(_ outcome: AppendOutcome, of request: AppendRequest, to bytes: inout [UInt8]) {
        switch outcome {
        case .appended(let receipt): AppendWire.write(receipt, isRepeated: false, to: &bytes)
        case .repeated(let receipt): AppendWire.write(receipt, isRepeated: true, to: &bytes)
        case .wrongExpectedSequence, .appendIDReused, .streamFenced, .invalid:
            write(reply(to: outcome, of: request), to: &bytes)
        }
    }

    /// Adds an answer to the bytes of a batch's answer.
    package static func write(_ reply: Care_V1_AppendReply, to bytes: inout [UInt8]) {
        // Encoding fails only for required fields of proto2, which there are none of.
        AppendWire.write(encodedReply: (try? reply.serializedBytes()) ?? [], to: &bytes)
    }

    /// The answer to one append.
    package static func reply(to outcome: AppendOutcome, of request: AppendRequest) -> Care_V1_AppendReply {
        var reply = Care_V1_AppendReply()
        switch outcome {
        case .appended(let receipt):
            reply.appended = wire(receipt)
        case .repeated(let receipt):
            reply.alreadyAppended = wire(receipt)
        case .wrongExpectedSequence(let current, let eventsAfter):
            reply.wrongExpected = .with {
                $0.currentSequence = current.rawValue
                $0.laterEvents = eventsAfter.map(Care_V1_RecordedEvent.init)
            }
        case .appendIDReused:
            reply.idReused = .with { $0.appendID = .init(request.appendID.bytes) }
        case .streamFenced(let fence):
            reply.fenced = .with {
                $0.stream = fence.stream.text
                $0.reason = fence.reason
                $0.fencedAt = fence.since.microseconds
            }
        case .invalid(.noEvents):
            reply.refused = AppendRefusal.malformed("events").wire
        case .invalid(.eventTooLarge(let bytes)):
            reply.refused = AppendRefusal.tooLarge(bytes: bytes).wire
        }
        return reply
    }

    private static func wire(_ receipt: AppendReceipt) -> Care_V1_AppendReceipt {
        .with {
            $0.stream = receipt.stream.text
            $0.firstSequence = receipt.firstSequence.rawValue
            $0.lastSequence = receipt.lastSequence.rawValue
            $0.cursor = .init(Cursor(shard: receipt.shard, position: receipt.lastPosition).bytes)
            $0.recordedAt = receipt.recordedAt.microseconds
            $0.hash = .init(receipt.hash.bytes)
        }
    }
}

extension Care_V1_RecordedEvent {
    /// The form in which readers receive an event.
    package init(_ event: StoredEvent) {
        self.init()
        position = event.position.rawValue
        record = .init(event.record)
        hash = .init(event.hash.bytes)
    }
}

/// Why an append is not even tried.
package enum AppendRefusal: Error, Hashable, Sendable {
    case malformed(String)
    case notAllowed(kind: UInt32)
    case tooLarge(bytes: Int)
    case otherTokenKey
    /// The command was refused, and its sender told so, before this attempt at it came.
    case refusedBefore

    /// The answer in the form of the contract.
    package var wire: Care_V1_Refusal {
        .with {
            switch self {
            case .malformed(let field):
                $0.code = "CARE-3001"
                $0.field = field
                $0.textZh = "追加请求不完整（\(field)）"
                $0.textEn = "the append is not complete (\(field))"
            case .notAllowed(let kind):
                $0.code = "CARE-3002"
                $0.field = "events.kind"
                $0.textZh = "此密钥无权追加 \(kind) 类事件"
                $0.textEn = "this key may not append events of kind \(kind)"
            case .tooLarge(let bytes):
                $0.code = "CARE-3003"
                $0.field = "events"
                $0.textZh = "单个事件过大（\(bytes) 字节）"
                $0.textEn = "an event is too large (\(bytes) bytes)"
            case .otherTokenKey:
                $0.code = "CARE-6348"
                $0.field = "events.fingerprint"
                $0.textZh = "受理服务的 token.key 与档案服务的不是同一把，两处须用同一个文件"
                $0.textEn = "intake's token.key is not care-archive's; both need the same file"
            case .refusedBefore:
                $0.code = "CARE-6528"
                $0.textZh =
                    "这条命令先前已被拒绝并已告知发送者，这是它迟到的一次发送，没有办理；仍要办理的，请重新提交。"
                    + "重新提交后仍是这个答复，多半是本机时钟往回拨过：核对时钟，或等十分钟再提交"
                $0.textEn =
                    "the command was refused before and its sender told so; this attempt came late and is not carried "
                    + "out; to have it done, submit it again. If the answer stays the same, the clock of this machine was "
                    + "probably set back: check it, or submit again after ten minutes"
            }
        }
    }
}
