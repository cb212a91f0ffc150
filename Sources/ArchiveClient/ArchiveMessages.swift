import CareDomain
import CareWire
import EventLog
import SwiftProtobuf

/// What our services say to care-archive as messages, and how they read its answers.
///
/// A record of a newer program that cannot be read here makes the whole answer fail: deciding on half a history would
/// be worse than not deciding.
package enum ArchiveMessages {
    // MARK: Saying

    /// Name of a household's stream.
    package static func stream(of household: HouseholdID) -> String { "household-\(household)" }
    /// Name of a person's stream.
    package static func stream(of token: PersonToken) -> String { "person-\(token)" }
    /// Name of a pack's stream.
    package static func stream(of pack: PackID) -> String { "pack-\(pack)" }
    /// Name of a payment batch's stream.
    package static func stream(of batch: BatchID) -> String { "batch-\(batch)" }
    /// Name of a unit's stream.
    package static func stream(of unit: DivisionCode) -> String { "unit-\(unit.rawValue)" }

    /// The append to a household's stream.
    /// - Throws: `WireError` when an event breaks a limit; the command is then refused.
    package static func message(_ append: HouseholdAppend) throws(WireError) -> Care_V1_AppendRequest {
        var events: [EncodedEvent] = []
        for event in append.events { events.append(try EventCodec.encode(event, context: append.context)) }
        return request(
            stream(of: append.household), expected: append.expected, id: append.id, digest: append.contentDigest,
            events: events)
    }

    /// The append to a person's stream. Its digest is its id: the id is derived from all that it says.
    package static func message(_ append: PersonAppend) throws(WireError) -> Care_V1_AppendRequest {
        let event = try EventCodec.encode(
            .person(append.event), occurredOn: append.occurredOn, context: append.context)
        return request(
            stream(of: append.token), expected: append.expected, id: append.id, digest: append.id.value,
            events: [event])
    }

    /// The append to a pack's stream.
    package static func message(_ append: PackAppend) throws(WireError) -> Care_V1_AppendRequest {
        let event = try EventCodec.encode(.pack(append.event), occurredOn: append.occurredOn, context: append.context)
        return request(
            stream(of: append.pack), expected: append.expected, id: append.id, digest: append.contentDigest,
            events: [event])
    }

    /// The body that carries the append to a household's stream.
    /// - Throws: `WireError` when an event breaks a limit; the command is then refused.
    package static func body(_ append: HouseholdAppend) throws(WireError) -> [UInt8] {
        var bytes: [UInt8] = []
        var memo = MetadataMemo()
        try write(append, to: &bytes, memo: &memo)
        return bytes
    }

    /// Adds the append to a household's stream to a batch, in the bytes that `batch(message(append))` would give.
    /// - Parameter submission: The submission whose command it decides; 0 = not said.
    /// - Throws: `WireError` when an event breaks a limit; then nothing was added.
    package static func write(
        _ append: HouseholdAppend, submission: UInt64 = 0, to batch: inout [UInt8], memo: inout MetadataMemo
    ) throws(WireError) {
        var events: [NewEvent] = []
        events.reserveCapacity(append.events.count)
        for event in append.events {
            events.append(NewEvent(try EventCodec.encode(event, context: append.context, memo: &memo)))
        }
        AppendWire.write(
            stream: stream(of: append.household), expected: append.expected, id: AppendID(append.id.value),
            digest: ContentDigest(append.contentDigest), events: events, submission: submission, to: &batch)
    }

    /// Adds appends to persons' streams to a batch, in the bytes that `batch` of their messages would give.
    /// - Throws: `WireError` when an event breaks a limit; the first ones may have been added.
    package static func write(_ appends: [PersonAppend], to batch: inout [UInt8]) throws(WireError) {
        for append in appends {
            let event = try EventCodec.encode(
                .person(append.event), occurredOn: append.occurredOn, context: append.context)
            AppendWire.write(
                stream: stream(of: append.token), expected: append.expected, id: AppendID(append.id.value),
                digest: ContentDigest(append.id.value), events: [NewEvent(event)], to: &batch)
        }
    }

    static func request(
        _ stream: String, expected: UInt64, id: CommandID, digest: Identifier128, events: [EncodedEvent]
    ) -> Care_V1_AppendRequest {
        .with {
            $0.stream = stream
            $0.expectedSequence = expected
            $0.appendID = .init(id.value.bytes)
            $0.contentDigest = .init(digest.bytes)
            $0.events = events.map { event in
                .with {
                    $0.kind = Care_V1_EventKind(rawValue: Int(event.kind)) ?? .unspecified
                    $0.version = event.version
                    $0.occurredOn = event.occurredOn
                    if let learnedOn = event.learnedOn { $0.learnedOn = learnedOn }
                    $0.metadata = .init(event.metadata)
                    $0.payload = .init(event.payload)
                }
            }
        }
    }

    /// The body of a read of one stream.
    package static func read(_ stream: DecidingStream, after: UInt64) -> [UInt8] {
        bytes(
            Care_V1_ReadStream.with {
                $0.stream = stream.name
                $0.afterSequence = after
                $0.maxEvents = 4096
                $0.maxBytes = 4 << 20
            })
    }

    /// The body of a question for the end of a pack's stream.
    package static func head(of pack: PackID) -> [UInt8] {
        bytes(Care_V1_ReadStreamHead.with { $0.stream = stream(of: pack) })
    }

    /// The body of a read of all person and pack streams, and of what the deployment rests on.
    package static func shared(after cursor: [UInt8]) -> [UInt8] {
        bytes(
            Care_V1_ReadAll.with {
                $0.cursor = .init(cursor)
                $0.maxEvents = 4096
                $0.categories = ["person", "pack", "deployment"]
            })
    }

    /// The body that carries one append.
    package static func batch(_ append: Care_V1_AppendRequest) -> [UInt8] { batch([append]) }

    /// The body that carries several appends, each of which stands or falls by itself.
    package static func batch(_ appends: [Care_V1_AppendRequest]) -> [UInt8] {
        bytes(Care_V1_AppendBatch.with { $0.appends = appends })
    }

    private static func bytes(_ message: some SwiftProtobuf.Message) -> [UInt8] {
        // Encoding fails only for required fields of proto2, which there are none of.
        (try? message.serializedBytes()) ?? []
    }

    // MARK: Hearing

    /// The one answer of a batch of one.
    package static func single(_ body: [UInt8]) throws -> Care_V1_AppendReply {
        let reply = try Care_V1_AppendBatchReply(serializedBytes: body)
        guard let only = reply.replies.first, reply.replies.count == 1 else { throw WireError(.missing, "replies") }
        return only
    }

    /// The stream that was read has damaged events, or is fenced because of some; a retry does not help.
    package struct StreamDamaged: Error, Hashable {
        /// What is wrong, for the operator; no personal data.
        package let reason: String
    }

    /// The events of a stream as read. A damaged one makes the whole read fail: nobody decides on half a history.
    package static func streamEvents<Event>(
        _ body: [UInt8], _ read: (Care_V1_RecordedEvent) throws -> Event
    ) throws -> (events: [Event], isWhole: Bool) {
        try streamEvents(try Care_V1_ReadStreamReply(serializedBytes: body), read)
    }

    /// The same of an answer that was read.
    package static func streamEvents<Event>(
        _ reply: Care_V1_ReadStreamReply, _ read: (Care_V1_RecordedEvent) throws -> Event
    ) throws -> (events: [Event], isWhole: Bool) {
        guard reply.damagedSequences.isEmpty, !reply.hasFenced else {
            let places = reply.damagedSequences.map { "#\($0)" }.joined(separator: " ")
            throw StreamDamaged(reason: reply.hasFenced ? reply.fenced.reason : places)
        }
        let last = try reply.events.last.map(sequence)
        return (try reply.events.map(read), last == nil || last == reply.head.sequence)
    }

    /// The answer to an append, its later events read with `read`.
    package static func answer<Event>(
        _ reply: Care_V1_AppendReply, read: (Care_V1_RecordedEvent) throws -> Event
    ) -> AppendAnswer<Event> {
        switch reply.outcome {
        case .appended(let receipt): return .appended(place(receipt))
        case .alreadyAppended(let receipt): return .repeated(place(receipt))
        case .wrongExpected(let wrong):
            do { return .conflict(later: try wrong.laterEvents.map(read)) } catch { return .failed(.unreadable) }
        case .idReused: return .idReused
        case .fenced(let fenced): return .failed(.fenced(fenced.reason))
        case .refused(let refusal):
            return .failed(
                FlowFailure(
                    code: refusal.code, chinese: refusal.textZh, english: refusal.textEn, isRetriable: false))
        case nil: return .failed(.unreadable)
        }
    }

    private static func place(_ receipt: Care_V1_AppendReceipt) -> AppendPlace {
        AppendPlace(
            first: receipt.firstSequence, last: receipt.lastSequence,
            recordedAt: Moment(microseconds: receipt.recordedAt), cursor: Array(receipt.cursor))
    }

    /// Reads an event of a household's stream.
    package static func household(_ event: Care_V1_RecordedEvent) throws -> ReadHouseholdEvent {
        try household(record: Array(event.record))
    }

    /// Reads the record of an event of a household's stream.
    package static func household(record: [UInt8]) throws -> ReadHouseholdEvent {
        let fields = try RecordCoder.decode(record)
        let known = try EventCodec.decode(
            kind: fields.event.kind, version: fields.event.version, occurredOn: fields.event.occurredOn.rawValue,
            learnedOn: fields.event.learnedOn?.rawValue, metadata: fields.event.metadata, payload: fields.event.payload,
            sequence: fields.sequence.rawValue, recordedAt: fields.recordedAt.microseconds,
            appendID: Identifier128(fields.appendID))
        return ReadHouseholdEvent(known: known, contentDigest: Identifier128(fields.contentDigest))
    }

    /// Reads an event of a person's stream.
    package static func person(_ event: Care_V1_RecordedEvent) throws -> ReadPersonEvent {
        let fields = try RecordCoder.decode(Array(event.record))
        guard
            case .person(let person) = try EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { throw WireError(.unknownKind, "kind") }
        return ReadPersonEvent(
            sequence: fields.sequence.rawValue, recordedAt: Moment(microseconds: fields.recordedAt.microseconds),
            event: person)
    }

    /// The sequence of an event, all that matters of a pack's stream when appending to it.
    package static func sequence(_ event: Care_V1_RecordedEvent) throws -> UInt64 {
        try RecordCoder.decode(Array(event.record)).sequence.rawValue
    }

    /// Reads news of the streams of `shared`. Events of newer programs are left out.
    package static func news(_ reply: Care_V1_ReadAllReply) -> SharedNews {
        var persons: [SharedNews.PersonNews] = []
        var packs: [SharedNews.PackNews] = []
        var keys: [SharedNews.KeyNews] = []
        var leftOut = 0
        for event in reply.events {
            guard let fields = try? RecordCoder.decode(Array(event.record)),
                let care = try? EventCodec.decodeAny(
                    kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
            else {
                leftOut += 1
                continue
            }
            let recordedAt = Moment(microseconds: fields.recordedAt.microseconds)
            let place = SharedNews.Place(position: event.position, hash: Array(event.hash))
            switch care {
            case .person(let person):
                guard let token = PersonToken(fields.stream.key) else { continue }
                let read = ReadPersonEvent(sequence: fields.sequence.rawValue, recordedAt: recordedAt, event: person)
                persons.append(SharedNews.PersonNews(token: token, event: read, place: place))
            case .pack(let pack):
                guard let id = PackID(fields.stream.key) else { continue }
                packs.append(
                    SharedNews.PackNews(
                        pack: id, occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
                        recordedAt: recordedAt, event: pack, place: place,
                        by: EventCodec.actor(metadata: fields.event.metadata.span.bytes)))
            case .deployment(.tokenKeyAdopted(let adopted)):
                keys.append(SharedNews.KeyNews(adopted: adopted, place: place))
            case .household, .access, .batch, .unit, .lending, .duty: continue
            }
        }
        var news = SharedNews(
            persons: persons, packs: packs, keys: keys, cursor: Array(reply.cursor), isAtHead: reply.atHead,
            leftOut: leftOut)
        news.takesNoAppends = reply.takesNoAppends
        return news
    }
}

/// A stream that intake decides by.
package struct DecidingStream: Hashable, Sendable {
    package let name: String
    package init(_ household: HouseholdID) { name = ArchiveMessages.stream(of: household) }
    package init(_ token: PersonToken) { name = ArchiveMessages.stream(of: token) }
    package init(_ batch: BatchID) { name = ArchiveMessages.stream(of: batch) }
    package init(unit: DivisionCode) { name = ArchiveMessages.stream(of: unit) }
    init(named name: String) { self.name = name }
}

extension Identifier128 {
    /// The same sixteen bytes as the log has them.
    package init(_ id: some SixteenBytes) { self.init(high: id.high, low: id.low) }
}

extension SixteenBytes {
    /// The same sixteen bytes as the domain has them.
    fileprivate init(_ id: Identifier128) { self.init(high: id.high, low: id.low) }
}

extension NewEvent {
    /// The event as the log takes it in.
    fileprivate init(_ event: EncodedEvent) {
        self.init(
            kind: event.kind, version: event.version, occurredOn: DayNumber(event.occurredOn),
            learnedOn: event.learnedOn.map(DayNumber.init), metadata: event.metadata, payload: event.payload)
    }
}

extension FlowFailure {
    /// The log holds events that this version cannot read.
    package static let unreadable = FlowFailure(
        code: "CARE-2007", chinese: "该户记录由更新版本写入，请升级程序",
        english: "the log holds events of a newer version; update the program",
        isRetriable: false)
}
